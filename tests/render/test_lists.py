"""Lists in parts, related pages, menus."""

import time

import pytest

from ssg import content
from ssg.config import Config, ContentConfig
from ssg.model import Fragment, Page, SourceKind
from tests.site_test import NOW, SiteTest

PART = (
    "{% for p in page.pages %}{{ p.title }} {% endfor %}|{{ page.paginator.number }}/{{ page.paginator.total }} "
    "{{ page.paginator.previous or '-' }} {{ page.paginator.next or '-' }} {{ page.paginator.last }}"
)


def paged(site: SiteTest, pages: int) -> SiteTest:
    for number in range(pages):
        site.write(f"content/posts/p{number}.md", f"---\ntitle: {number}\nweight: {number + 1}\ntags: [t]\n---\n")
    site.write("site.toml", '[site]\nbase_url = "https://example.org/x/"\n[content]\npaginate = 2\n')
    return site.write("templates/section.html", PART).write("templates/term.html", PART)


def test_a_long_list_goes_on_at_further_urls(site: SiteTest) -> None:
    paged(site, 5).write("content/_index.md", "").write("templates/home.html", "home").built()
    assert site.text("posts/index.html").strip() == "0 1 |1/3 - /x/posts/page/2/ /x/posts/page/3/"
    assert site.text("posts/page/2/index.html").strip() == "2 3 |2/3 /x/posts/ /x/posts/page/3/ /x/posts/page/3/"
    assert site.text("posts/page/3/index.html").strip() == "4 |3/3 /x/posts/page/2/ - /x/posts/page/3/"
    assert "posts/page/4/index.html" not in site.tree()
    assert site.text("tags/t/page/3/index.html").split("|")[1].startswith("3/3 /x/tags/t/page/2/ -")
    assert "https://example.org/x/posts/page/2/" in site.text("sitemap.xml")


def test_a_section_sets_its_own_size(site: SiteTest) -> None:
    paged(site, 4).write("content/posts/_index.md", "---\npaginate: 3\n---\n").write("content/a.md", "")
    site.write("templates/home.html", "{{ page.paginator }}").built()
    assert site.text("posts/page/2/index.html").startswith("3 |2/2")
    assert site.text("index.html").strip() == "None"


def test_the_default_theme_leads_through_the_parts(site: SiteTest) -> None:
    paged(site, 3).remove("templates/section.html").remove("templates/term.html").built()
    first, second = site.text("posts/index.html"), site.text("posts/page/2/index.html")
    assert 'rel=next href="/x/posts/page/2/"' in first
    assert 'rel=prev href="/x/posts/"' in second
    assert "Posts · 2" in second
    assert site.said() == ""


def test_related_pages_share_rare_terms(site: SiteTest) -> None:
    for name, tags in {"a": "x, y", "b": "x", "c": "y", "d": "x", "e": "z", "f": "x, y"}.items():
        site.write(f"content/{name}.md", f"---\ntitle: {name}\ntags: [{tags}]\n---\n")
    site.write("templates/page.html", "{% for p in page.related(3) %}{{ p.title }}{% endfor %}").built()
    assert site.text("a/index.html").strip() == "fcb"
    assert site.text("e/index.html").strip() == ""


def a_page(number: int) -> Page:
    return Page(
        source=f"content/p{number}.md", kind=SourceKind.PAGE, language="en", original=str(number),
        url=f"/p{number}/", section="", folder="",
        title=str(number), has_heading=False, description="", summary=Fragment(), date=NOW, updated=None, weight=None,
        draft=False, template="", template_line=0, sort_by="", paginate=None, feeds=(), outputs=("html",),
        outputs_line=0, expires=None, aliases=(), search=True,
        unrefined=(),
        anchors=(), words=0, terms={"tags": tuple(f"t{(number * step) % 2000}" for step in (1, 7, 13))}, extra={},
    )  # fmt: skip


def test_assembling_grows_with_the_number_of_pages_not_its_square() -> None:
    """Two sizes in one run: ten times the pages must not take much more than ten times as long."""
    found, config = content.Found((), (), ()), Config(content=ContentConfig())

    def seconds(pages: int) -> float:
        made = [a_page(number) for number in range(pages)]
        begin = time.perf_counter()
        site = content.assemble(made, content.place(made, found, config, content.Visibility(NOW)), {})
        assert len(site.editions["en"].taxonomies["tags"].terms) == min(2000, pages)
        return time.perf_counter() - begin

    seconds(2_000)
    assert seconds(20_000) < 30 * seconds(2_000)


@pytest.mark.parametrize("jobs", [1, 2])
def test_parts_are_whole_with_any_number_of_workers(site: SiteTest, jobs: int) -> None:
    paged(site, 50).write("templates/home.html", "home").built(jobs=jobs)
    assert sum(path.startswith("posts/page/") for path in site.tree()) == 24


def test_menus(site: SiteTest) -> None:
    menus = '[menus]\nmain = [{ name = "A", page = "a.md" }, { name = "Away", url = "https://x.org/" }]\nfoot = []\n'
    site.write("site.toml", f'[site]\nbase_url = "https://example.org/x/"\n{menus}').write("content/a.md", "# A\n")
    site.write(
        "templates/page.html", "{% for e in menu('main') %}{{ e.name }}={{ e.url }} {% endfor %}{{ site.menus }}"
    )
    site.built()
    assert site.text("a/index.html").strip() == "A=/x/a/ Away=https://x.org/ (&#39;main&#39;, &#39;foot&#39;)".replace(
        "&#39;", "'"
    )
    assert '<a href="/x/a/">A</a>' in site.text("index.html")


def test_a_schema_is_that_of_the_nearest_folder(site: SiteTest) -> None:
    schemas = "[content.schemas.posts]\nauthor = { required = true }\n[content.schemas]\n'posts/notes' = {}\n"
    site.write("site.toml", schemas).write("content/posts/a.md", "---\nauthor: me\n---\n").write(
        "content/posts/notes/b.md", "x"
    )
    site.built()
    assert "posts/a/index.html" in site.tree()
