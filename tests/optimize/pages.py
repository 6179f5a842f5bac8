"""Documents to refine in tests: a site of a few assets, random pages, and what a reader has of a page."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
import turbohtml
from hypothesis import strategies as st

from ssg import optimize
from ssg.config import Config
from ssg.errors import Location
from ssg.model import Document

ASSETS = {
    "logo.png": optimize.Resource("/docs/assets/logo.1a2b.png", "logo.png", "assets/logo.png"),
    "app.css": optimize.Resource("/docs/assets/app.3c4d.css", "app.css", "assets/app.css", "sha384-css"),
    "app.js": optimize.Resource("/docs/assets/app.5e6f.js", "app.js", "assets/app.js", "sha384-app"),
    "main.js": optimize.Resource(
        "/docs/assets/main.7a8b.js", "main.js", "assets/main.js", "sha384-main", ("/docs/assets/dep.9c0d.js",)
    ),
    "dep.js": optimize.Resource("/docs/assets/dep.9c0d.js", "dep.js", "assets/dep.js", "sha384-dep"),
    "writes.js": optimize.Resource("/docs/assets/writes.js", "writes.js", "assets/writes.js"),
    "far.js": optimize.Resource("https://cdn.example/assets/far.0f.js", "far.js", "assets/far.js", "sha384-far"),
}
TEXTS = {
    "writes.js": "document.write(1)",
    "app.js": "let a",
    "main.js": "import './dep.js'",
    "dep.js": "",
    "far.js": "",
}
SITE = {"site": {"title": "T", "base_url": "https://example.org/docs/"}}


def configured(**tables: Any) -> Config:
    """Give a configuration below `/docs`, with further tables."""
    return msgspec.convert(SITE | tables, Config)


def find(written: str) -> optimize.Resource | None:
    path = written.partition("?")[0].partition("#")[0].removeprefix("https://example.org").removeprefix("/docs")
    known = {f"/assets/{name}": one for name, one in ASSETS.items()}
    known |= {one.url.removeprefix("/docs"): one for one in ASSETS.values()}
    return known.get(path)


def read(written: str) -> str | None:
    found = find(written)
    return TEXTS.get(found.path) if found is not None else None


def refined(text: str, config: Config | None = None, *, off: tuple[str, ...] = (), url: str = "/a/") -> Document:
    """Take a text through all passes."""
    config = config or configured()
    where = Location("site.toml")
    works = optimize.arrange(config, (), lambda _: where, lambda: where)
    page = optimize.Context(url, "content/a.md", config, off, find, read)
    return optimize.refine(Document(url, text, "content/a.md"), works, page)


# HTML, sections 4.3 to 4.5, 4.9 and 4.10: what begins on a line of its own, as far as the random pages have it.
_BLOCKS = {"html", "head", "body", "title", "p", "div", "ul", "li", "main", "pre", "h1", "template", "noscript"}


def words(node: turbohtml.Node) -> list[str]:
    """Give the words that a reader sees, those of different blocks apart."""
    return "".join(_shown(node)).split()


def _shown(node: turbohtml.Node) -> Iterator[str]:
    if isinstance(node, turbohtml.Text):
        yield node.data
    apart = isinstance(node, turbohtml.Element) and node.tag in _BLOCKS
    if isinstance(node, turbohtml.Element) and node.tag in {"script", "style"}:
        return
    yield "\n" if apart else ""
    for child in node.children:
        yield from _shown(child)
    yield "\n" if apart else ""


def exact(tree: turbohtml.Document) -> list[str]:
    """Give the texts in which every space counts."""
    return [one.text for one in tree.select("pre,textarea")]


def links(tree: turbohtml.Document) -> list[str]:
    """Give where links lead, and the ids that they may lead to."""
    return [one.attr("href") or "" for one in tree.select("a[href]")] + [
        one.attr("id") or "" for one in tree.select("[id]")
    ]


_WORDS = st.sampled_from(["a", " ", "b c", "  d\n", "é", "x&amp;y", "&lt;i&gt;", "\n\n", "1 < 2", "\u00a0"])
_IDS = st.sampled_from(["", ' id="one"', " id=two class='x  y'", " data-ssg-skip", ' title=" t  "', " lang=de"])
_URLS = st.sampled_from(
    [
        "/docs/assets/logo.png",
        "/assets/app.js",
        "/assets/none.js",
        "https://x.example/a.js",
        "b.html#c",
        "/assets/app.css",
    ]
)
_KINDS = st.sampled_from(
    ["", " defer", " async", " type=module", ' data-load="lazy"', " type=text/plain", " data-ssg-skip", " nomodule"]
)


@st.composite
def _script(draw: st.DrawFn) -> str:
    kind = draw(_KINDS)
    if draw(st.booleans()):
        return f'<script src="{draw(_URLS)}"{kind}></script>'
    return f"<script{kind}>{draw(st.sampled_from(['let a = 1 < 2', '', ' // x', '{}']))}</script>"


_LEAVES = st.one_of(
    _WORDS,
    _script(),
    st.builds("<img src='{}' alt=\"a  b\">".format, _URLS),
    st.builds("<link rel=stylesheet href={}>".format, _URLS),
    st.builds("<pre{}>{}{}</pre>".format, _IDS, _WORDS, _WORDS),
    st.builds("<textarea>{}{}</textarea>".format, _WORDS, _WORDS),
    st.sampled_from(
        [
            "<!-- note -->",
            "<br>",
            "<style>a { background: url(/assets/logo.png) }</style>",
            "<input disabled value=' a '>",
            "<meta charset=utf-8>",
            "<iframe src=/x></iframe>",
            '<p style="background:url(/assets/logo.png)">',
            '<script type="importmap">{"imports":{"d":"/assets/dep.js"}}</script>',
        ]
    ),
)


def _wrapped(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    tags = st.sampled_from(
        ["p", "div", "b", "i", "span", "a href=/b", "ul", "li", "main", "noscript", "template", "h1"]
    )
    return st.builds(
        lambda tag, told, parts: f"<{tag}{told}>{''.join(parts)}</{tag.split()[0]}>",
        tags,
        _IDS,
        st.lists(inner, max_size=4),
    )


FRAGMENTS = st.lists(st.recursive(_LEAVES, _wrapped, max_leaves=12), max_size=5).map("".join)
"""Pieces of HTML, not all of them well formed."""

PAGES = st.builds(
    "<!doctype html><html lang=en><head><title>T</title>{}</head><body>{}</body></html>".format,
    st.lists(
        st.one_of(_script(), st.sampled_from(["<meta charset=utf-8>", "<link rel=stylesheet href=/assets/app.css>"])),
        max_size=4,
    ).map("".join),
    FRAGMENTS,
)
"""Whole pages."""


def attributes(text: str, selector: str) -> list[Mapping[str, Any]]:
    """Give the attributes of the elements that a selector takes."""
    return [dict(one.attrs) for one in turbohtml.parse(text).select(selector)]
