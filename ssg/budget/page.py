"""The HTML of a page → all on it that decides what a browser fetches (WHATWG HTML)."""

import functools
import re
import zlib
from collections.abc import Iterable, Mapping

import msgspec
import turbohtml
from turbohtml import Document, Element

from ssg.budget.addresses import resolve
from ssg.budget.elements import Gatherer, size_of, text_of
from ssg.budget.facts import ImportMap, PageFacts
from ssg.budget.style import INERT
from ssg.budget.values import PROFILES, Sizes
from ssg.budget.viewport import viewport, windows

_TAGS = (
    "link", "script", "style", "img", "iframe", "video", "audio", "object", "embed", "input", "image", "frame",
)  # fmt: skip
# Elements of drawings; a tree does not know where those with a name that HTML has not are: a look takes 5 us.
_DRAWN = ("use", "feImage")
_ASCII = bytes(range(128))
# What a `style` attribute holds that brings an image or speaks of fonts.
_FETCHING = ("url(", "image-set(", "font")
# A character reference that may stand for more than ASCII (WHATWG HTML, section 13.5); `&` alone counts as one.
_REFERENCE = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#3[49]|#x27);)")
_ROWS = ("body", "table", "thead", "tbody", "tfoot", "tr", "td", "th")


class Shown:
    """A page that sheets are held against: its tree, and the characters that it shows."""

    def __init__(self, html: str) -> None:
        self.tree = parse(html)
        self._html = html

    @functools.cached_property
    def characters(self) -> str:
        """Those of its text that are not ASCII, each once; those of ASCII count as there."""
        body = _bytes(self._html)
        more = _bytes(self.tree.text) if _REFERENCE.search(body) else b""
        return _characters(body + more)


def read_page(html: str, url: str, origins: tuple[str, ...] = ()) -> PageFacts:
    """Read a page that is published at a URL path.

    `origins` are what URLs of the site may begin with where they are written in full (`https://example.org`).
    For each of the profiles, images are chosen. Nothing is raised, whatever the text is.
    """
    tree = parse(html, positions=True)
    return gather(tree, html, packed(html[: _head(tree, html)]), url, origins)


def gather(
    tree: Document, html: str, head: Sizes, url: str, origins: tuple[str, ...], *, styled: bool = True
) -> PageFacts:
    """Give the facts of a page whose text and tree are known, and the sizes of its head.

    `styled` is whether any of its elements may have a `style` attribute.
    """
    base, width = _base(tree, url, origins), viewport(tree)
    found = Gatherer(base, origins, PROFILES, windows(width))
    for one in _elements(tree, styled=styled):
        found.take(one)
    found.icons()
    return PageFacts(
        url=url,
        size=size_of(html),
        head=head,
        nodes=int(_number(tree.xpath("count(//*)"))),
        inline=dict(sorted(found.inline.items())),
        base=base,
        references=tuple(found.references),
        styles=";".join(found.styles),
        viewport=width,
        map=_import_map(found.maps, base, origins),
        lints=tuple(found.lints),
    )


def parse(html: str, *, positions: bool = False) -> Document:
    """Give the tree of a page as a browser with scripts has it, but for shadow roots: they stay in their templates."""
    return turbohtml.parse(html, positions=positions, scripting=True, allow_declarative_shadow_roots=False)


def packed(text: str) -> Sizes:
    """Give the sizes of a part of a page, in bytes.

    Nobody publishes it, so brotli is not tried: what gzip makes of it (level 4) is an upper bound.
    """
    body = _bytes(text)
    # A window of twice the size that the text needs is set up for nothing; what comes out is the same.
    window_bits = min(max((len(body) + 262).bit_length(), 9), 15)
    size = len(zlib.compress(body, 4, 16 + window_bits))
    return Sizes(len(body), size if size < len(body) else None)


def _number(value: object) -> float:
    return value if isinstance(value, (int, float)) else 0


def _base(tree: Document, url: str, origins: tuple[str, ...]) -> str:
    """Give the URL that others are relative to: that of the first `<base>` with a `href` (section 4.2.3)."""
    for one in tree.select("base"):
        if "href" in one.attrs:
            return resolve(text_of(one, "href"), url, origins) or url
    return url


def _elements(tree: Document, *, styled: bool) -> list[Element]:
    """Give the elements that may fetch something, in the order of the document, without those that are inert."""
    wanted = [tag for tag in _TAGS if tree.select_one(tag) is not None]
    if tree.select_one("svg") is not None:
        wanted += _DRAWN
    tags = frozenset(wanted)
    body = tree.select_one("body")
    if (body is not None and body.attr("background") is not None) or tree.select_one("table") is not None:
        wanted.append("[background]")
    # A selector with a tag takes 0.1 us, since a tree knows its elements by tag; one without 6 us on a large page.
    wanted += ["[style]"] if styled else []
    found = [one for one in tree.select(",".join(wanted)) if one.tag in tags or _sets(one)] if wanted else []
    if found and (tree.select_one("template") is not None or tree.select_one("noscript") is not None):
        found = [one for one in found if one.closest(INERT) is None]
    return found


def _sets(one: Element) -> bool:
    """Tell whether attributes that any element may have say something of files or fonts."""
    style = text_of(one, "style")
    return any(part in style for part in _FETCHING) or (one.tag in _ROWS and one.attr("background") is not None)


def _head(tree: Document, html: str) -> int:
    """Give the number of characters up to and with `</head>`, or to the first that is in the body."""
    end = len(html)
    body = tree.select_one("body")
    if body is not None:
        first = next((one for one in (body, *body) if isinstance(one, Element) and one.position), None)
        if first is not None and first.position is not None:
            end = _offset(html, first.position)
    return head_before(html, end)


def head_before(html: str, end: int) -> int:
    """Give the end of the head before the first element of the body: that of `</head>`, if there is one."""
    tag = max(html.rfind("</head", 0, end), html.rfind("</HEAD", 0, end))
    closed = html.find(">", tag) if tag >= 0 else -1
    return closed + 1 if 0 <= closed < end else end


def _offset(html: str, position: tuple[int, int]) -> int:
    """Give the place of a line, from 1, and a column, from 0."""
    place = 0
    for _ in range(position[0] - 1):
        place = html.find("\n", place) + 1
    return place + position[1]


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _characters(body: bytes) -> str:
    """Give those that are not ASCII, each once; over the bytes, as that is a matter of microseconds."""
    rest = b"" if body.isascii() else body.translate(None, _ASCII)
    return "".join(sorted(set(rest.decode("utf-8", "ignore"))))


def _import_map(texts: Iterable[str], base: str, origins: tuple[str, ...]) -> ImportMap:
    """Read import maps; of two that say something of a name the first counts (section 8.1.6.2)."""
    imports: dict[str, str] = {}
    scopes: dict[str, dict[str, str]] = {}
    for text in texts:
        try:
            value = msgspec.json.decode(text)
        except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
            continue
        if not isinstance(value, dict):
            continue
        imports = _mapped(value.get("imports"), base, origins) | imports
        named = value.get("scopes")
        for prefix, inner in sorted(named.items()) if isinstance(named, dict) else ():
            scope = resolve(str(prefix), base, origins)
            scopes[scope] = _mapped(inner, base, origins) | scopes.get(scope, {})
    return ImportMap(imports, scopes)


def _mapped(value: object, base: str, origins: tuple[str, ...]) -> dict[str, str]:
    if not isinstance(value, Mapping):
        return {}
    found: dict[str, str] = {}
    for name, target in sorted(value.items()):
        url = resolve(target, base, origins) if isinstance(target, str) else ""
        if url:
            key = str(name)
            found[resolve(key, base, origins) if key.startswith(("/", "./", "../", "http:", "https:")) else key] = url
    return found
