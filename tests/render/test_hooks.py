"""Hooks: the theme's templates for elements of a page, in both engines."""

import pytest

from ssg.content.markdown import ENGINES
from tests.site_test import SiteTest

IMAGE = (
    '{% if block %}<figure><img src="{{ url }}" alt="{{ alt }}"><figcaption>{{ title }}</figcaption></figure>'
    '{% else %}<img class="hooked" src="{{ url }}" alt="{{ alt }}">{% endif %}\n'
)
LINK = (
    '{% if external %}<a href="{{ url }}" rel="external" title="{{ title }}">{{ html }}</a>'
    "{% else %}{{ default }}{% endif %}\n"
)
HEADING = '<h{{ level }} id="{{ id }}"><a href="#{{ id }}" title="{{ text }}">{{ html }}</a></h{{ level }}>\n'
CODE = (
    '{% if language == "mermaid" %}<pre class="mermaid">{{ code }}</pre>'
    '{% else %}<figure data-theme="{{ options.theme }}">{{ html }}</figure>{% endif %}\n'
)
PAGE = "{{ page.content }}"


@pytest.fixture(params=ENGINES)
def hooked(request: pytest.FixtureRequest, site: SiteTest) -> SiteTest:
    toml = '[site]\ntitle = "T"\nbase_url = "https://example.org/docs/"\n[html]\nminifier = "none"\n'
    toml += "[images]\nenabled = false\n[optimize]\nimages = false\n"
    site.write("site.toml", f'{toml}[markdown]\nengine = "{request.param}"\n')
    for name, text in (("image", IMAGE), ("link", LINK), ("heading", HEADING), ("code", CODE)):
        site.write(f"templates/hooks/{name}.html", text)
    return site.write("templates/page.html", PAGE).write("content/photo.jpg", "x").write("content/b.md", "# B\n")


def test_an_image(hooked: SiteTest) -> None:
    text = hooked.write("content/a.md", '![A "b" & c](photo.jpg?x=1&y=2 "Tea & cake")\n\nIn ![i](photo.jpg) a line.\n')
    html = text.built().text("a/index.html")
    assert '<figure><img src="/docs/photo.jpg?x=1&amp;y=2" alt="A &#34;b&#34; &amp; c">' in html
    assert "<figcaption>Tea &amp; cake</figcaption></figure>" in html
    assert "<p><figure" not in html
    assert '<p>In <img class="hooked" src="/docs/photo.jpg" alt="i"> a line.</p>' in html


def test_a_link_and_an_image_in_a_link(hooked: SiteTest) -> None:
    body = (
        '[B *b*](b.md) [out <](https://x.org/?a&b "T") [here](https://example.org/z) [![i](photo.jpg)](https://x.org)\n'
    )
    html = hooked.write("content/a.md", body).built().text("a/index.html")
    assert '<a href="/docs/b/">B <em>b</em></a>' in html
    assert '<a href="https://x.org/?a&amp;b" rel="external" title="T">out &lt;</a>' in html
    assert '<a href="https://example.org/z">here</a>' in html
    assert 'rel="external" title=""><img class="hooked" src="/docs/photo.jpg" alt="i"></a>' in html


def test_a_heading_with_a_link_in_it(hooked: SiteTest) -> None:
    html = hooked.write("content/a.md", "# One\n\n## Two & [B](b.md) `x`\n").built().text("a/index.html")
    assert '<h1 id="one"><a href="#one" title="One">One</a></h1>' in html
    assert 'title="Two &amp; B x">Two &amp; <a href="/docs/b/">B</a> <code>x</code></a></h2>' in html


def test_code(hooked: SiteTest) -> None:
    body = '```mermaid\na --> b\n```\n\n```python theme="dark" hl_lines="1"\nx = 1\n```\n\n`inline`\n'
    hooked.write("templates/hooks/code.html", CODE.replace("options.theme", 'options.theme or ""'))
    html = hooked.write("content/a.md", body).built().text("a/index.html")
    assert '<pre class="mermaid">a --&gt; b\n</pre>' in html
    assert (
        '<figure data-theme="dark"><div class="highlight"><pre><code class="language-python"><span class="line hl">'
        in html
    )
    assert "data-options" not in html
    assert "<code>inline</code>" in html


def test_a_hook_sees_page_site_and_functions(hooked: SiteTest) -> None:
    hooked.write(
        "templates/hooks/link.html", "{{ page.title }}|{{ site.title }}|{{ url_for('b.md') }}|{{ attributes }}"
    )
    html = hooked.write("content/a.md", "# A\n\n[x](b.md)\n").built().text("a/index.html")
    assert "<p>A|T|/docs/b/|{}</p>" in html


def test_a_summary_has_the_elements_as_they_are(hooked: SiteTest) -> None:
    hooked.write("templates/section.html", "{% for one in site.pages() %}{{ one.summary }}{% endfor %}")
    hooked.write("content/a.md", "# A\n\nText [x](https://x.org) ![i](photo.jpg).\n")
    html = hooked.built().text("index.html")
    assert '<a href="https://x.org">x</a> <img ' in html
    assert "hooked" not in html


def test_footnotes_are_not_links_of_the_author(hooked: SiteTest) -> None:
    hooked.write("templates/hooks/link.html", "HOOK")
    html = hooked.write("content/a.md", "A[^1] [x](b.md)\n\n[^1]: note\n").built().text("a/index.html")
    assert html.count("HOOK") == 1


def test_a_hook_comes_and_goes(hooked: SiteTest) -> None:
    hooked.write("content/a.md", "[x](https://x.org)\n").built()
    assert 'rel="external"' in hooked.text("a/index.html")
    hooked.remove("templates/hooks/link.html").built()
    assert 'rel="external"' not in hooked.text("a/index.html")
    hooked.write("templates/hooks/link.html", "HOOK").built()
    assert "HOOK" in hooked.text("a/index.html")


def test_a_link_that_leads_nowhere_is_one_warning(hooked: SiteTest) -> None:
    hooked.write("content/a.md", "\n## See [x](nowhere.md)\n").built()
    assert [str(one.where) for one in hooked.diagnostics] == ["content/a.md:2"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("\n{{ nothing }}", 'templates/hooks/link.html:2: "nothing" is not defined'),
        ("{{ page.content }}", "templates/hooks/link.html:1: a hook asks for page.content, which it is a part of"),
        ("{% if %}", "templates/hooks/link.html:1: "),
    ],
)
def test_a_mistake_in_a_hook(hooked: SiteTest, text: str, said: str) -> None:
    hooked.write("templates/hooks/link.html", text).write("content/a.md", "[x](b.md)\n").build()
    assert hooked.failed is not None
    assert said in hooked.said()
    assert "(rendering content/a.md)" in hooked.said() or "{% if %}" in text
    assert len(hooked.diagnostics) == 1
