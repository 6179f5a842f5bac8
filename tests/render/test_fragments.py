"""Fragments that are rendered once."""

import pytest

from ssg.render.view import SiteView
from tests.site_test import SiteTest


@pytest.fixture
def two(site: SiteTest) -> SiteTest:
    site.write("site.toml", '[site]\nbase_url = "https://x.org"\n[html]\nminifier = "none"\n')
    return site.write("content/a.md", "# A\n").write("content/b.md", "# B\n").write("templates/home.html", "")


def test_a_fragment_is_rendered_once_for_a_key(two: SiteTest, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    real = SiteView.pages

    def counted(view: SiteView, section: str) -> object:
        calls.append(section)
        return real(view, section)

    monkeypatch.setattr(SiteView, "pages", counted)
    block = '{% cache key %}{% for p in site.pages("s") %}{{ p.title }} {% endfor %}{% endcache %}'
    two.write("content/s/x.md", "---\ntitle: <X>\n---\n").write("templates/section.html", "")
    two.write("templates/page.html", '{{ page.title }}: {% set key = "all" %}' + block).built()
    assert two.text("a/index.html") == "A: &lt;X&gt; "
    assert two.text("b/index.html") == "B: &lt;X&gt; "
    assert calls.count("s") == 1
    calls.clear()
    two.write("templates/page.html", "{% set key = page.title %}" + block).built()
    assert calls.count("s") == 3


def test_an_included_template_sees_no_page(two: SiteTest) -> None:
    two.write("templates/nav.html", "{{ site.home.url }}").write("templates/page.html", NAV).built()
    assert two.text("a/index.html") == "/"
    two.write("templates/nav.html", "\n{{ page.title }}").build()
    assert two.said().startswith('templates/nav.html:2: "page" is not defined')


NAV = '{% cache "nav" %}{% include "nav.html" %}{% endcache %}'


@pytest.mark.parametrize("body", ["{{ page.title }}", "{{ around }}", "{% for p in page.pages %}{% endfor %}"])
def test_a_fragment_that_reads_the_page_is_refused(two: SiteTest, body: str) -> None:
    two.write("templates/page.html", f"{{% set around = 1 %}}\n{{% cache 1 %}}\n{body}\n{{% endcache %}}").build()
    assert two.said().startswith("templates/page.html:3: a cached fragment reads ")


def test_names_of_its_own_are_fine(two: SiteTest) -> None:
    body = "{% set x = 1 %}{% for y in range(2) %}{{ x + y }}{{ loop.index }}{% endfor %}"
    two.write("templates/page.html", "{% cache 1 %}" + body + "{% endcache %}").built()
    assert two.text("b/index.html") == "1122"
