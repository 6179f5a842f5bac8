"""One file in, one page out."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.config import ContentConfig, MarkdownConfig
from ssg.content.markdown import load_dialect
from ssg.content.parse import parse
from ssg.model import Page, PageBody, Parsed, Source, SourceKind

ENGINES = {name: load_dialect(MarkdownConfig(engine=name), ".") for name in ("commonmark", "markdown")}


def source(path: str, kind: SourceKind = SourceKind.PAGE) -> Source:
    folder = path.removeprefix("content/").rpartition("/")[0]
    return Source(path, path, kind, folder, path.rpartition("/")[2].removesuffix(".md"), "en")


def parsed(
    text: str | bytes,
    path: str = "content/guide/a.md",
    kind: SourceKind = SourceKind.PAGE,
    config: ContentConfig | None = None,
    engine: str = "commonmark",
) -> Parsed:
    body = text.encode() if isinstance(text, str) else text
    return parse(source(path, kind), body, config or ContentConfig(), ENGINES[engine])


def page(text: str, *rest: object, **more: object) -> Page:
    found = parsed(text, *rest, **more)  # type: ignore[arg-type]
    assert found.page is not None, found.diagnostics
    return found.page


def body(text: str, engine: str = "commonmark") -> PageBody:
    found = parsed(text, engine=engine)
    assert found.body is not None
    return found.body


@pytest.mark.parametrize(
    ("path", "kind", "head", "url"),
    [
        ("content/a.md", "page", "", "/a/"),
        ("content/guide/a.md", "page", "", "/guide/a/"),
        ("content/guide/A b.md", "page", "", "/guide/A-b/"),
        ("content/guide/über.md", "page", "", "/guide/über/"),
        ("content/guide/100%.md", "page", "", "/guide/100%/"),
        ("content/posts/2026-01-02-hello.md", "page", "", "/posts/hello/"),
        ("content/posts/2026-13-02-hello.md", "page", "", "/posts/2026-13-02-hello/"),
        ("content/posts/x/index.md", "bundle", "", "/posts/x/"),
        ("content/posts/2026-01-02-x/index.md", "bundle", "", "/posts/x/"),
        ("content/posts/a.md", "page", "slug: other one", "/posts/other-one/"),
        ("content/posts/a.md", "page", "slug: ../../up", "/posts/..-..-up/"),
        ("content/posts/a.md", "page", "slug: ..", "/posts/-/"),
        ("content/posts/_index.md", "section", "", "/posts/"),
        ("content/_index.md", "section", "", "/"),
    ],
)
def test_urls(path: str, kind: str, head: str, url: str) -> None:
    assert page(f"---\n{head}\n---\ntext\n", path, SourceKind(kind)).url == url


def test_permalinks() -> None:
    config = ContentConfig(permalinks={"posts": "/:year/:month/:day/:slug/", "posts/notes": "/:section/n/:slug/"})
    assert page("x", "content/posts/2026-01-02-a.md", SourceKind.PAGE, config).url == "/2026/01/02/a/"
    assert page("x", "content/posts/deep/2026-01-02-a.md", SourceKind.PAGE, config).url == "/2026/01/02/a/"
    assert page("x", "content/posts/notes/a.md", SourceKind.PAGE, config).url == "/posts/notes/n/a/"
    assert page("x", "content/other/a.md", SourceKind.PAGE, config).url == "/other/a/"
    undated = parsed("x", "content/posts/a.md", SourceKind.PAGE, config)
    assert [one.code for one in undated.diagnostics] == ["date"]


@pytest.mark.parametrize(
    ("text", "title", "has_heading"),
    [
        ("---\ntitle: From head\n---\n\n# From body\n", "From head", True),
        ("# From *body*\n", "From body", True),
        ("Text first.\n\n# Later\n", "Later", False),
        ("## Second level\n", "Second level", True),
        ("---\ntitle: From head\n---\n\n## Second level\n", "From head", False),
        ("## Second level\n\n# First level\n", "First level", False),
        ("Text.\n", "Some file", False),
        ("---\ntitle: 2026\n---\n", "2026", False),
        ("---\ntitle: null\n---\n", "Some file", False),
        ("# \n", "Some file", True),
    ],
)
def test_titles(text: str, title: str, *, has_heading: bool) -> None:
    found = page(text, "content/some-file.md")
    assert (found.title, found.has_heading) == (title, has_heading)


def test_dates_come_from_the_front_matter_before_the_file_name() -> None:
    path = "content/posts/2026-01-02-a.md"
    assert page("x", path).date == datetime(2026, 1, 2, tzinfo=UTC)
    assert page("---\ndate: 2025-05-05\n---\n", path).date == datetime(2025, 5, 5, tzinfo=UTC)
    assert page("x").date is None


def test_terms_and_extra() -> None:
    found = page("---\ntags: [a, B]\nauthor: me\nextra:\n  colour: red\ntaxonomies:\n  kinds: [x]\n---\n")
    assert found.terms == {"tags": ("a", "B")}
    assert found.extra == {"author": "me", "colour": "red"}
    config = ContentConfig(taxonomies=("kinds",))
    assert page("---\ntaxonomies:\n  kinds: [x]\n---\n", "content/a.md", SourceKind.PAGE, config).terms == {
        "kinds": ("x",)
    }


@pytest.mark.parametrize("engine", ENGINES)
def test_both_engines_give_ids_a_contents_and_links(engine: str) -> None:
    found = body("# One\n\n## Two & `three`\n\n## Two & `three`\n\n[a](b.md#c) ![i](i.png)\n", engine)
    levels = [(heading.level, heading.text) for heading in found.headings]
    assert levels == [(1, "One"), (2, "Two & three"), (2, "Two & three")]
    ids = [heading.id for heading in found.headings]
    assert len(set(ids)) == 3
    assert all(f'id="{name}"' in found.content.html for name in ids)
    assert [link.url for link in found.content.links] == ["b.md#c", "i.png"]
    assert [link.line for link in found.content.links] == [7, 7]


@pytest.mark.parametrize("engine", ENGINES)
def test_both_engines_give_pygments_classes(engine: str) -> None:
    html = body("```python\nx = 1 < 2\n```\n", engine).content.html
    assert '<div class="highlight"><pre><code class="language-python">' in html
    assert '<span class="mi">1</span> <span class="o">&lt;</span>' in html


@pytest.mark.parametrize("engine", ENGINES)
def test_braces_in_a_body_are_text(engine: str) -> None:
    html = body("{{ page.title }} {% raw %} `{{ x }}`\n\n```\n{{ y }}\n```\n", engine).content.html
    for written in ("{{ page.title }}", "{% raw %}", "{{ x }}", "{{ y }}"):
        assert written in html


def test_heading_ids_follow_githubs_rule() -> None:
    found = body("# Hello, World!\n\n## A  b\n\n## Ünïcode ✓\n\n## `--flag` & co.\n\n## !!!\n\n## x {#own}\n\n## own\n")
    ids = [heading.id for heading in found.headings]
    assert ids == ["hello-world", "a--b", "ünïcode-", "--flag--co", "section", "own", "own-1"]


def test_links_elsewhere_are_left_alone() -> None:
    found = body("[a](https://x.org) [b](#c) [d](mailto:e@f.g) [h](//i.j) [k](?l=m) <https://n.o> [p](q.md)\n")
    assert [link.url for link in found.content.links] == ["q.md"]
    assert 'href="https://x.org"' in found.content.html


def test_the_line_of_a_link_is_that_of_the_file() -> None:
    text = "---\ntitle: A\n---\n\nText with `b.md` in code.\n\n[a](b.md)\n\n[c]: d.md\n[c] <img src='e f.png'>\n"
    found = parsed(text).body
    assert found is not None
    assert {link.url: link.line for link in found.content.links} == {"b.md": 7, "d.md": 9, "e f.png": 10}


def test_summaries() -> None:
    assert page("# T\n\nFirst *one*.\n\nSecond.\n").summary.html == "<p>First <em>one</em>.</p>"
    assert page("One.\n\nTwo.\n\n<!--more-->\n\nThree.\n").summary.html.replace("\n", "") == "<p>One.</p><p>Two.</p>"
    assert page("# T\n\nOne.\n\n<!--more-->\n\nTwo.\n").summary.html == "<p>One.</p>"
    assert page("![i](i.png)\n\nText.\n").summary.html == "<p>Text.</p>"
    assert page("Text[^1].\n\n[^1]: Note.\n").summary.html == "<p>Text.</p>"
    assert page("## A\n").summary.html == ""
    linked = page("See [a](a.md), [b](b.md).\n\n[c](c.md)\n").summary
    assert [link.url for link in linked.links] == ["a.md", "b.md"]
    assert linked.html == '<p>See <a href="\x000\x00">a</a>, <a href="\x001\x00">b</a>.</p>'


def test_a_bom_and_crlf_are_fine_and_controls_are_replaced() -> None:
    found = parsed(b"\xef\xbb\xbf---\r\ntitle: A\r\n---\r\n\r\nText\x00\x1b[0m\r\n")
    assert found.page is not None
    assert found.body is not None
    assert found.page.title == "A"
    assert found.body.content.html.strip() == "<p>Text\ufffd\ufffd[0m</p>"


def test_open_tags_are_closed() -> None:
    assert body("<div>\n\ntext\n").content.html.count("</div>") == 1


@given(st.binary())
def test_any_bytes_parse_or_say_why(text: bytes) -> None:
    found = parsed(text)
    assert (found.page is None) == bool(found.diagnostics)


@given(st.text(), st.sampled_from(sorted(ENGINES)))
def test_slots_and_links_agree(text: str, engine: str) -> None:
    found = parsed(text.replace("---", ""), engine=engine)
    if found.body is not None:
        slots = found.body.content.html.split("\0")[1::2]
        assert all(int(slot) < len(found.body.content.links) for slot in slots)


@pytest.mark.parametrize("site", ["commonmark", "markdown"])
def test_a_page_chooses_its_engine(site: str) -> None:
    text = "!!! note\n    A [x]\n\n- [x] done\n"
    admonition = body(f"---\nmarkdown_engine: markdown\n---\n{text}", site).content.html
    assert '<div class="admonition note">' in admonition
    task = body(f"---\nmarkdown_engine: commonmark\n---\n{text}", site).content.html
    assert 'type="checkbox"' in task


def test_an_engine_that_is_not_there() -> None:
    found = parsed("---\ntitle: A\nmarkdown_engine: comonmark\n---\n")
    assert [str(one) for one in found.diagnostics] == [
        'content/guide/a.md:3: "markdown_engine" is "comonmark"; did you mean "commonmark"?'
    ]


def test_a_formula_that_is_not_valid_is_a_warning_at_its_line() -> None:
    found = parse(
        source("content/a.md"), b"# A\n\nText\n$\\foo$\n", ContentConfig(), load_dialect(MarkdownConfig(math=True), ".")
    )
    assert found.page is not None
    assert [str(one.where) for one in found.diagnostics] == ["content/a.md:4"]
    assert found.diagnostics[0].severity == "warning"
