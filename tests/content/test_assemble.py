"""Pages in, a site out: sections, order, terms, routes."""

from datetime import timedelta
from typing import Any

import pytest

from ssg.build import Choices
from ssg.model import Page, Site
from tests.site_test import NOW, SiteTest


def titles(site: SiteTest, template: str) -> str:
    """Build with a section template that prints something of every section; give the lines in order."""
    site.write("templates/section.html", template)
    site.built()
    return "".join(site.text(path) for path in sorted(site.tree()) if path.endswith("index.html"))


LIST = "{{ page.section }}:{% for entry in page.pages %} {{ entry.title }}{% endfor %}\n"


@pytest.mark.parametrize(
    ("heads", "sort_by", "order"),
    [
        ({"a": "weight: 2", "b": "weight: 1", "c": ""}, "", "b a c"),
        ({"a": "date: 2026-01-01", "b": "date: 2026-01-03", "c": "date: 2026-01-02"}, "", "b c a"),
        ({"b": "", "c": "date: 2026-01-03", "a": ""}, "", "a b c"),
        ({"a": "date: 2026-01-01", "b": "date: 2026-01-03", "c": ""}, "date", "b a c"),
        ({"a": "title: z", "b": "title: Y", "c": "title: x"}, "title", "x Y z"),
        ({"a": "slug: z", "b": "slug: y", "c": "slug: x"}, "permalink", "c b a"),
        ({"a": "weight: 1\ndate: 2026-01-01", "b": "weight: 2\ndate: 2026-01-02"}, "date", "b a"),
    ],
)
def test_the_order_of_a_section(site: SiteTest, heads: dict[str, str], sort_by: str, order: str) -> None:
    for name, head in heads.items():
        title = "" if "title:" in head else f"title: {name}\n"
        site.write(f"content/s/{name}.md", f"---\n{title}{head}\n---\n")
    site.write("content/s/_index.md", f"---\nsort_by: {sort_by}\n---\n" if sort_by else "")
    site.write("templates/section.html", LIST).built()
    assert site.text("s/index.html").split()[1:] == order.split()


def test_reading_order_of_a_blog_runs_from_the_oldest(site: SiteTest) -> None:
    for day in (1, 2, 3):
        site.write(f"content/posts/2026-01-0{day}-{day}.md", "x")
    template = "{{ page.previous.title if page.previous else '-' }} {{ page.next.title if page.next else '-' }}"
    site.write("templates/page.html", template).built()
    assert [site.text(f"posts/{day}/index.html").strip() for day in (1, 2, 3)] == ["- 2", "1 3", "2 -"]


def test_reading_order_of_a_guide_is_its_list_order(site: SiteTest) -> None:
    for weight, name in enumerate("cab"):
        site.write(f"content/guide/{name}.md", f"---\nweight: {weight}\n---\n# {name}\n")
    template = "{{ page.previous.title if page.previous else '-' }} {{ page.next.title if page.next else '-' }}"
    site.write("templates/page.html", template).built()
    assert [site.text(f"guide/{name}/index.html").strip() for name in "cab"] == ["- a", "c b", "a -"]


def test_sections_come_from_folders(site: SiteTest) -> None:
    site.write("content/a/b/c.md", "# C\n").write("content/a/_index.md", "---\ntitle: The A\nweight: 2\n---\n")
    site.write("content/z/index.md", "---\ntitle: The Z\nweight: 1\n---\n").write("content/z/page.md", "# P\n")
    site.write("content/bundle/index.md", "# A bundle\n").write("content/bundle/a.txt", "x")
    template = (
        "{% for s in page.sections %}{{ s.title }}={{ s.url }} {% endfor %}|"
        "{% for p in page.pages %}{{ p.title }}{% endfor %}"
    )
    site.write("templates/section.html", template).built()
    assert site.text("index.html").strip() == "The Z=/z/ The A=/a/ |A bundle"
    assert site.text("a/index.html").strip() == "B=/a/b/ |"
    assert site.text("a/b/index.html").strip() == "|C"
    assert site.text("z/index.html").strip() == "|P"
    assert site.text("bundle/a.txt") == "x"


def test_terms_differ_by_more_than_case(site: SiteTest) -> None:
    site.write("site.toml", '[html]\nminifier = "none"\n')
    site.write("content/a.md", "---\ntags: [Python, C, CI/CD]\n---\n").write(
        "content/b.md", "---\ntags: [python]\n---\n"
    )
    site.write("content/c.md", '---\ntags: [python, "C#", "..", "a-b", "a b"]\n---\n')
    site.write(
        "templates/taxonomy.html",
        "{% for t in site.terms('tags') %}{{ t.name }}={{ t.url }} {{ t.count }}\n{% endfor %}",
    )
    site.built()
    assert site.text("tags/index.html").splitlines() == [
        "..=/tags/-/ 1",
        "a b=/tags/a-b/ 1",
        "a-b=/tags/a-b-2/ 1",
        "C=/tags/c/ 1",
        "C#=/tags/c%23/ 1",
        "CI/CD=/tags/ci-cd/ 1",
        "python=/tags/python/ 3",
    ]
    assert {path for path in site.tree() if path.startswith("tags/c")} == {
        "tags/c/index.html",
        "tags/c#/index.html",
        "tags/ci-cd/index.html",
    }


def test_taxonomies_are_those_of_the_configuration(site: SiteTest) -> None:
    site.write("site.toml", '[site]\nbase_url = "https://x.org"\n[content]\ntaxonomies = ["authors"]\n')
    site.write("content/a.md", "---\ntags: [x]\nauthors: Ada\n---\n").built()
    assert "authors/ada/index.html" in site.tree()
    assert not any(path.startswith("tags/") for path in site.tree())


def test_drafts_and_later_pages_are_shown_when_asked(site: SiteTest) -> None:
    later = (NOW + timedelta(hours=1)).isoformat()
    site.write("content/a.md", "# A\n").write("content/draft.md", "---\ndraft: true\n---\n")
    site.write("content/later.md", f"---\ndate: {later}\n---\n").write("content/d/index.md", "---\ndraft: true\n---\n")
    site.write("content/d/secret.txt", "x")

    def shown() -> set[str]:
        return {path for path in site.tree() if path.endswith(("/index.html", "secret.txt"))}

    site.built()
    assert shown() == {"a/index.html"}
    site.built(Choices(drafts=True))
    assert shown() == {"a/index.html", "draft/index.html", "d/index.html", "d/secret.txt"}
    site.built(Choices(future=True))
    assert shown() == {"a/index.html", "later/index.html"}
    site.built(now=NOW + timedelta(hours=2))
    assert shown() == {"a/index.html", "later/index.html"}


def test_a_bundles_files_lie_beside_its_page(site: SiteTest) -> None:
    site.write("content/posts/2026-01-02-trip/index.md", "![a](img/a.png)\n").write("content/posts/note.txt", "n")
    site.write("content/posts/2026-01-02-trip/img/a.png", b"png").built()
    assert site.tree()["posts/trip/img/a.png"] == b"png"
    assert "posts/note.txt" in site.tree()
    assert "src=/posts/trip/img/a.png" in site.text("posts/trip/index.html")


def test_positions_in_a_site_agree(site: SiteTest) -> None:
    from ssg import content
    from ssg.config import Config
    from ssg.content.markdown import load_dialect
    from ssg.listing import discover_files

    for name in ("b", "a", "s/c", "s/_index"):
        site.write(f"content/{name}.md", f"---\ntags: [{name[0]}]\n---\n")
    config = Config()
    found = content.discover(discover_files(str(site.root), "content"), config)
    engine = load_dialect(config.markdown, "")
    parsed = [content.parse(one, content.read(one), config.content, engine) for one in found.sources]  # type: ignore[arg-type]
    pages = [one.page for one in parsed if one.page]
    made: list[Site] = [
        content.assemble(order, content.place(order, found, config, content.Visibility(NOW)), {})
        for order in (pages, pages[::-1])
    ]
    assert made[0] == made[1]
    assert [page.url for page in made[0].pages] == ["/a/", "/b/", "/s/", "/s/c/"]
    assert made[0].editions["en"].sections["s"].page == 2
    assert made[0].editions["en"].sections["s"].pages == (3,)


class Placing:
    """A page that tells nothing but what `Marks.placed` stands for."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def __getattr__(self, name: str) -> object:
        assert name not in {"summary", "extra", "words", "anchors", "has_heading"}, f"placing reads {name}"
        return getattr(self._page, name)


def test_placing_reads_only_what_the_mark_of_a_place_stands_for(site: SiteTest) -> None:
    from ssg import content
    from ssg.config import Overrides, load_config
    from ssg.content.markdown import load_dialect
    from ssg.listing import discover_files

    heads = (
        "date: 2026-01-01\ntags: [a, b]",
        "weight: 1\naliases: [/x/]",
        "outputs: [html, json]",
        "expires: 2020-01-01",
    )
    for number, head in enumerate(heads * 2):
        site.write(f"content/s{number % 2}/p{number}.md", f"---\n{head}\ncolour: red\n---\n# H\n\nText.\n")
    site.write("content/b/index.md", "# B\n").write("content/b/x.txt", "x").write(
        "content/s0/_index.md", "---\nfeeds: true\n---\n"
    )
    site.write("content/a.fr.md", "# A\n")
    site.write(
        "site.toml", '[site]\nbase_url = "https://example.org/"\n[languages.fr]\n[content]\npaginate = 1\nllms = true\n'
    )
    config = load_config(site.root, Overrides())
    found = content.discover(discover_files(str(site.root), "content"), config)
    engine = load_dialect(config.markdown, "")
    parsed = [content.parse(one, content.read(one), config.content, engine) for one in found.sources]  # type: ignore[arg-type]
    pages = [one.page for one in parsed if one.page]
    visibility = content.Visibility(NOW)
    placing: list[Any] = list(map(Placing, pages))
    assert content.place(placing, found, config, visibility) == content.place(pages, found, config, visibility)
