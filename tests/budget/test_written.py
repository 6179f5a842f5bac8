"""What is taken from the tree of a page says what a parser finds in the text that is published."""

from pathlib import Path

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ssg.budget.facts import PageFacts
from ssg.budget.page import packed, read_page
from ssg.budget.written import take_page
from ssg.errors import Location
from ssg.optimize.minify import parse, writer
from ssg.optimize.policy import STYLED, hashes
from tests.budget.proof.fixtures import names, unpack

ORIGINS = ("https://example.org",)
WRITER = writer("turbohtml", lambda: Location("site.toml"))
PAGE = "<!doctype html><html lang=en><head><meta charset=utf-8><title>a &lt; b</title>{}</head><body>{}</body></html>"
HEADS = (
    "<link rel=stylesheet href=/a.css>", "<link rel=icon href=/a.png title='<header>'>", "<script src=/a.js defer></script>",
    "<style>p{background:url(/a.png)}</style>", "<script>if (a < b) document.title = '<header>'</script>",
    "<meta name=viewport content='width=device-width'>", "<base href=/b/>", "<script>var a = '</head><header>'</script>",
    '<script type=importmap>{"imports":{"a":"/a.js"}}</script>', "<!-- <header> -->", "<script><!-- <script></script>",
    "<noscript><link rel=stylesheet href=/n.css></noscript>",
)  # fmt: skip
BODIES = (
    "<header>", "</header>", "<p style='font:x'>", "<p style='color:red'>", "</p>", "<img src=/a.png loading=lazy>", "text",
    "<picture><source srcset=/x type=image/avif><img src=/y></picture>", "<a href=/>", "</a>", "<b>", "</b>", "<ul><li>",
    "</ul>", "<table>", "<tr>", "<td background=/t.png>", "</table>", "<form>", "</form>", "<svg><use href=/u.svg#a />",
    "<image href=/i.png />", "</svg>", "<iframe src=/p/></iframe>", "<video src=/v.mp4 poster=/v.png></video>", "<div>",
    "</div>", "<button>", "</button>", "<select><option>", "</select>", "<object data=/o.svg></object>", "<input type=image>",
    "<template><img src=/t.png></template>", "<script type=module>import './x'</script>", "<link rel=stylesheet href=/l.css>",
    "<div><template shadowrootmode=open><img src=/s.png></template>", "<pre>\n\n", "</pre>", "<h1>", "<math><mi>", "</math>",
    "<textarea>\n<img src=/no.png></textarea>", "<style>p{color:red}</style>", "<!-- <img> -->", "<br>", "<section>", "\xa0",
    "</section>", "<body background=/bg.png>", "<nobr>", "<plaintext>", "<frameset>", "<dl><dt>", "<dd>", "</dl>",
)  # fmt: skip


def published(html: str) -> tuple[PageFacts | None, PageFacts]:
    """Give the facts from the tree of a page, and those from its text as it is published."""
    tree = parse(html)
    text = WRITER.write(tree, html)
    styled = STYLED in hashes(tree, text)
    taken = take_page(tree, text, "/p/", ORIGINS, styled=styled)
    facts = msgspec.structs.replace(taken[0], head=packed(taken[1])) if taken is not None else None
    return facts, read_page(text, "/p/", ORIGINS)


@given(st.lists(st.sampled_from(HEADS), max_size=4), st.lists(st.sampled_from(BODIES), max_size=12))
@settings(max_examples=300)
@example(["<link rel=icon href=/a.png title='<header>'>"], ["<header>"])
@example([], ["<form>", "<div>", "</form>", "<form>"])
def test_taken_is_read(head: list[str], body: list[str]) -> None:
    taken, read = published(PAGE.format("".join(head), "".join(body)))
    assert taken is None or taken == read


@pytest.mark.parametrize("name", names())
def test_taken_is_read_of_fixtures(name: str, tmp_path: Path) -> None:
    unpack(name, tmp_path)
    taken, read = published((tmp_path / "index.html").read_text(encoding="utf-8"))
    assert taken is None or taken == read


@pytest.mark.parametrize("head", ["", "<link rel=stylesheet href=/a.css>", "<style>p{color:red}</style>"])
@pytest.mark.parametrize("body", ["", "text", "<header>a</header>", "<p>a<p>b", "<table><tr><td>a</table>", "<a>a</a>"])
def test_common_pages_are_taken(head: str, body: str) -> None:
    taken, read = published(PAGE.format(head, body))
    assert taken == read


@pytest.mark.parametrize("part", ["<noscript>a</noscript>", "<template></template>", "<form><div></form><form>"])
def test_what_parsers_differ_in_is_read(part: str) -> None:
    assert published(PAGE.format("", part))[0] is None
