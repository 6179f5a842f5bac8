"""What is rendered again after an edit: exactly what can differ, and `ssg why` says so."""

import os
import shutil
import sqlite3
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from ssg.build import Choices
from ssg.build.why import ask
from ssg.cache import AnswerChanged, New, SourceChanged, VersionChanged
from ssg.config import Overrides, load_config
from ssg.errors import ConfigError
from ssg.model import Inputs
from ssg.render import sentence
from ssg.render.projections import Projections
from tests.site_test import NOW, THEMES, SiteTest

BASE = "<title>{{ site.title }}</title>{% include 'nav.html' %}{% block main %}{% endblock %}"
PAGE = (
    '{% extends "base.html" %}{% block main %}{{ page.title }}{{ page.content }}'
    "{% if page.next %}{{ page.next.title }}{% endif %}{% endblock %}"
)
SECTION = '{% extends "base.html" %}{% block main %}{% for p in page.pages %}{{ p.title }}{% endfor %}{% endblock %}'
HEAD = '[site]\ntitle = "T"\nbase_url = "https://example.org/"\n'

MENU = HEAD + '[menus]\nmain = [{ name = "M1", url = "/x/" }]\n'


@pytest.fixture
def blog(site: SiteTest) -> SiteTest:
    """A home page, a section of three posts read a, b, c, a guide of one page, and one tag."""
    site.write("site.toml", HEAD)
    site.write("templates/base.html", BASE).write(
        "templates/nav.html", "{% for s in site.sections %}{{ s.title }}{% endfor %}"
    )
    site.write("templates/page.html", PAGE).write("templates/section.html", SECTION).write("templates/404.html", BASE)
    for number, name in enumerate("abc", 1):
        site.write(f"content/posts/{name}.md", f"---\ntitle: Post {name}\nweight: {number}\n---\n\nText {name}.\n")
    site.write("content/guide/g.md", "---\ntitle: Guide\ntags: [x]\n---\n\nSee [a](../posts/a.md).\n")
    return site.built()


def rendered(site: SiteTest) -> set[str]:
    return site.built().rendered()


def test_nothing_changed(blog: SiteTest) -> None:
    assert rendered(blog) == set()
    assert blog.last is not None
    assert blog.last.tally.misses == 0


def test_a_body_is_one_page(blog: SiteTest) -> None:
    blog.write("content/posts/b.md", "---\ntitle: Post b\nweight: 2\n---\n\nOther text.\n")
    assert rendered(blog) == {"/posts/b/"}
    assert blog.last is not None
    assert blog.last.reasons == {"/posts/b/": SourceChanged()}
    assert blog.report is not None
    assert blog.report.written == 1


def test_a_title_is_the_page_and_those_that_show_it(blog: SiteTest) -> None:
    blog.write("content/posts/b.md", "---\ntitle: New\nweight: 2\n---\n\nText b.\n")
    assert rendered(blog) == {"/posts/b/", "/posts/a/", "/posts/"}
    assert blog.last is not None
    assert blog.last.reasons["/posts/a/"] == AnswerChanged(("next", "en", "content/posts/a.md"))


def test_a_template_is_the_pages_that_need_it(blog: SiteTest) -> None:
    blog.write("templates/section.html", SECTION + "!")
    lists = {"/", "/posts/", "/guide/"}
    assert rendered(blog) == lists
    blog.write("templates/page.html", PAGE + "!")
    assert rendered(blog) == {"/posts/a/", "/posts/b/", "/posts/c/", "/guide/g/"}
    blog.write("templates/nav.html", "nav")
    assert rendered(blog) >= lists | {"/posts/a/", "/404.html"}
    blog.write("templates/other.html", "unused")
    assert rendered(blog) == set()


def test_a_new_page_is_itself_and_where_it_is_seen(blog: SiteTest) -> None:
    blog.write("content/posts/d.md", "---\ntitle: Post d\nweight: 4\n---\n")
    assert rendered(blog) == {"/posts/d/", "/posts/c/", "/posts/", "/sitemap.xml"}
    assert blog.last is not None
    assert blog.last.reasons["/posts/d/"] == New()
    blog.remove("content/posts/d.md")
    assert rendered(blog) == {"/posts/c/", "/posts/", "/sitemap.xml"}


def test_a_url_is_where_links_lead_to_it(blog: SiteTest) -> None:
    blog.write("content/posts/a.md", "---\ntitle: Post a\nweight: 1\nslug: other\n---\n\nText a.\n")
    assert rendered(blog) == {"/posts/other/", "/guide/g/", "/posts/", "/sitemap.xml"}
    assert 'href="/posts/other/"' in blog.text("guide/g/index.html")


def test_a_title_of_the_site_is_every_page_and_a_version_is_said(blog: SiteTest) -> None:
    everything = {"/", "/posts/", "/guide/", "/posts/a/", "/posts/b/", "/posts/c/", "/guide/g/", "/404.html"}
    blog.write("site.toml", HEAD.replace('"T"', '"U"'))
    assert everything <= rendered(blog)
    assert "/robots.txt" not in blog.rendered()
    blog.write("site.toml", HEAD.replace("example.org", "example.com"))
    assert everything | {"/robots.txt"} <= rendered(blog)
    assert blog.last is not None
    assert set(map(str, blog.last.reasons.values())) == {str(VersionChanged())}


@pytest.mark.parametrize(
    ("asked", "edit"),
    [
        ("{{ data('people').ann }}", lambda site: site.write("data/people.toml", 'ann = "2"\n')),
        ("{{ asset_url('x.css') }}", lambda site: site),
        ("{{ image('l.svg') }}", lambda site: site.write("assets/l.svg", '<svg width="9" height="9"/>')),
        ("{{ t('back') }}", lambda site: site.write("i18n/en.toml", 'back = "2"\n')),
        ("{% for m in menu('main') %}{{ m.name }}{% endfor %}", lambda site: site.write("site.toml", MENU.replace("M1", "M2"))),
        ("{{ site.terms('tags') | length }}", lambda site: site.write("content/z.md", "---\ntags: [y]\n---\n")),
        ("{{ site.section('guide').pages[0].words }}", lambda site: site.write("content/guide/g.md", "---\ntitle: Guide\ntags: [x]\n---\n\nSee [a](../posts/a.md) now.\n")),
        ("{{ site.section('guide').pages[0].summary }}", lambda site: site.write("content/guide/g.md", "---\ntitle: Guide\ntags: [x]\n---\n\nOther [a](../posts/a.md).\n")),
        ("{{ site.section('guide').pages[0].extra }}", lambda site: site.write("content/guide/g.md", "---\ntitle: Guide\ntags: [x]\nmore: 1\n---\n\nSee [a](../posts/a.md).\n")),
    ],
)  # fmt: skip
def test_what_a_page_asks_is_what_it_depends_on(
    blog: SiteTest, asked: str, edit: Callable[[SiteTest], SiteTest]
) -> None:
    """A page that asks is rendered again, and its neighbour that does not ask is not."""
    blog.write("data/people.toml", 'ann = "1"\n').write("assets/l.svg", '<svg width="3" height="3"/>').write(
        "assets/x.css", "p{}"
    )
    blog.write("i18n/en.toml", 'back = "1"\n').write("site.toml", MENU)
    blog.write(
        "templates/page.html",
        PAGE.replace("{{ page.content }}", "{{ page.content }}{% if page.title == 'Post b' %}" + asked + "{% endif %}"),
    )
    blog.built()
    before = blog.text("posts/b/index.html")
    edit(blog)
    again = rendered(blog)
    assert ("/posts/b/" in again) == (blog.text("posts/b/index.html") != before)
    assert "/posts/c/" not in again


def test_a_cached_fragment_counts_for_every_page_that_shows_it(blog: SiteTest) -> None:
    blog.write(
        "templates/base.html",
        BASE.replace("{% include 'nav.html' %}", "{% cache 1 %}{% include 'nav.html' %}{% endcache %}"),
    )
    blog.write("templates/nav.html", "{% for p in site.section('guide').pages %}{{ p.title }}{% endfor %}").built()
    blog.write("content/guide/g.md", "---\ntitle: Other\ntags: [x]\n---\n")
    assert {"/posts/a/", "/posts/b/", "/posts/c/", "/", "/404.html"} <= rendered(blog)
    assert "Other" in blog.text("posts/c/index.html")


def test_the_clock_and_the_environment(blog: SiteTest) -> None:
    blog.write("templates/page.html", "{{ today() }}{{ env('SSG_X', 'none') }}").built()
    assert blog.text("posts/a/index.html") == "2026-11-20none"
    assert blog.built(now=NOW + timedelta(hours=2)).rendered() == set()
    assert "/posts/a/" in blog.built(now=NOW + timedelta(days=1)).rendered()
    assert blog.text("posts/a/index.html") == "2026-11-21none"
    blog.build(now=NOW + timedelta(days=1), environment={"SSG_X": "1"})
    assert blog.text("posts/a/index.html") == "2026-11-211"
    blog.write("templates/page.html", "{{ now().isoformat() }}").built()
    assert "/posts/a/" in blog.built(now=NOW + timedelta(seconds=1)).rendered()
    blog.write("templates/page.html", "{{ env('HOME') }}").build()
    assert 'env("HOME") is not for templates; name it SSG_' in blog.said()


def test_a_page_appears_when_its_time_comes(blog: SiteTest) -> None:
    blog.write("content/posts/late.md", "---\ntitle: Late\ndate: 2026-11-22\nweight: 9\n---\n").built()
    assert blog.built(now=NOW + timedelta(days=1)).rendered() == set()
    assert "/posts/late/" in blog.built(now=NOW + timedelta(days=2)).rendered()
    blog.built(now=NOW)
    assert not (blog.public / "posts/late/index.html").exists()


def test_unchanged_files_keep_their_times(blog: SiteTest) -> None:
    times = {path: (blog.public / path).stat().st_mtime_ns for path in blog.tree()}
    blog.write("templates/page.html", PAGE + "{# nothing that shows #}").built()
    assert "/posts/a/" in blog.rendered()
    assert {path: (blog.public / path).stat().st_mtime_ns for path in blog.tree()} == times


def test_the_output_comes_back_from_the_store(blog: SiteTest) -> None:
    before = blog.tree()
    shutil.rmtree(blog.public)
    assert rendered(blog) == set()
    assert blog.tree() == before


@pytest.mark.parametrize("kind", ["blob", "parse", "render"])
def test_a_damaged_store_is_a_warning_and_never_a_wrong_page(blog: SiteTest, kind: str) -> None:
    before = blog.tree()
    with sqlite3.connect(blog.root / ".ssg/store.sqlite") as database:
        database.execute("UPDATE kept SET value = x'00' WHERE key LIKE ?", (f"{kind}:%",))
    database.close()
    shutil.rmtree(blog.public)
    blog.write("content/guide/g.md", "---\ntitle: Guide\ntags: [x]\n---\n\nSee [a](../posts/a.md).\n")
    blog.built(Choices(strict=True))
    assert blog.tree() == before
    assert ".ssg: warning: the store of earlier builds was damaged in " in blog.said()
    assert blog.built().said() == ""


def test_a_moved_site_renders_nothing_again(blog: SiteTest, tmp_path: Path) -> None:
    before = blog.tree()
    moved = tmp_path / "moved"
    os.rename(blog.root, moved)  # noqa: PTH104 - as a person does it
    other = SiteTest(moved)
    assert rendered(other) == set()
    assert other.tree() == before


def why(site: SiteTest, url: str) -> tuple[str, str, tuple[str, ...]]:
    config = load_config(site.root, Overrides())
    known = ask(Inputs(str(site.root), (str(THEMES),), NOW), config, Choices(), url)
    return known.last, known.now, known.asked


@pytest.mark.parametrize("name", ["/posts/a/", "posts/a", "https://example.org/posts/a/", "content/posts/a.md"])
def test_why_takes_urls_and_sources(blog: SiteTest, name: str) -> None:
    last, now, asked = why(blog, name)
    assert last == "rendered, because it was not built before"
    assert now == "would not be rendered again"
    assert "the site's title" in asked
    assert "the page after content/posts/a.md" in asked
    assert "the template page.html, and those that it needs" in asked


def test_why_says_what_changed(blog: SiteTest) -> None:
    blog.write("content/posts/b.md", "---\ntitle: New\nweight: 2\n---\n\nText b.\n")
    assert why(blog, "/posts/a/")[1] == "would be rendered, because the page after content/posts/a.md changed"
    assert why(blog, "/posts/b/")[1] == "would be rendered, because its source changed"
    assert why(blog, "/posts/c/")[1] == "would not be rendered again"
    blog.built()
    assert why(blog, "/posts/a/")[0] == "rendered, because the page after content/posts/a.md changed"
    assert why(blog, "/posts/c/")[0] == "not rendered again: nothing that it is made from had changed"


def test_why_of_a_page_that_is_not_there(blog: SiteTest) -> None:
    with pytest.raises(ConfigError, match=r'is no page of the site; did you mean "/posts/a/"'):
        why(blog, "/post/a/")


def test_every_kind_of_question_has_words() -> None:
    kinds = {name for name in vars(Projections) if not name.startswith("_") and name != "site_"}
    for kind in kinds:
        takes = Projections.__dict__[kind].__code__.co_argcount - 1
        assert sentence((kind, *("x" * takes)))


def test_verify_finds_nothing_where_all_is_well(blog: SiteTest) -> None:
    blog.write("content/posts/b.md", "---\ntitle: New\nweight: 2\n---\n")
    assert blog.built(Choices(verify=True)).rendered() == {"/posts/b/", "/posts/a/", "/posts/"}


def test_verify_tells_a_page_that_is_not_that_of_a_clean_build(blog: SiteTest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mistake of ssg's, made here: the pages of a section never seem to change."""
    monkeypatch.setattr(Projections, "section_pages", lambda *_: [])
    monkeypatch.setattr(Projections, "listed", lambda *_: [])
    blog.write("templates/section.html", SECTION + " ").built()
    before = blog.tree()
    blog.write("content/posts/c.md", "---\ntitle: Changed\nweight: 3\n---\n\nText c.\n").build(Choices(verify=True))
    assert blog.said().startswith("posts/index.html: differs from that of a clean build: line 1, ")
    assert "in place of" in blog.said()
    assert blog.tree() == before
