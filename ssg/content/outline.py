"""HTML of a body → what the rest of ssg needs to know of it: headings, links, summary, and the HTML itself."""

import functools
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import NamedTuple
from urllib.parse import unquote

import msgspec
import turbohtml
from turbohtml import Comment, Element, Node, Text

from ssg.content.hooks import SHORTCODE, open_hooks
from ssg.content.passes import Fault, Pass
from ssg.content.shortcodes import ELEMENT, Call
from ssg.content.slug import anchor
from ssg.model import Fragment, Heading, Hook, Link

_LEVELS = ("h1", "h2", "h3", "h4", "h5", "h6")
_HEADINGS = ",".join(_LEVELS)
_ELSEWHERE = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:|//|#|\?|$")
_ALWAYS = frozenset(("#", "#top"))
_SLOT = re.compile("\0(\\d+)\0")
_KEPT = frozenset(("code", "em", "strong", "kbd", "sub", "sup", "mark", "abbr", "math", "i", "b", "s", "del"))
_PERMALINK = "headerlink"
# Stands for U+0000 in what is parsed again: a parser replaces that one (WHATWG HTML, section 13.2.5).
_NONCHARACTER = "\ufdd0"


class Outline(msgspec.Struct, frozen=True):
    """A body taken apart.

    `opening` is the level of the heading that it begins with, or 0; `anchors` are its ids; `lost` are its links to
    anchors of its own that it does not have; `words` counts its words.
    """

    content: Fragment
    headings: tuple[Heading, ...]
    summary: Fragment
    opening: int
    anchors: tuple[str, ...]
    lost: tuple[Link, ...]
    words: int
    faults: tuple[Fault, ...] = ()


class Written(NamedTuple):
    """What others have to do with a body: passes over its tree, elements that the theme writes, shortcodes, ids."""

    passes: Sequence[Pass] = ()
    hooks: Collection[str] = ()
    calls: Sequence[Call] = ()
    heading_id: Callable[[str], str] = anchor


_PLAIN = Written()


def outline(html: str, find_line: Callable[[str], int], written: Written = _PLAIN) -> Outline:
    """Take the HTML of a body apart.

    Headings without an id get that which `heading_id` makes of their text, unique on the page. URLs that may point into
    the site become slots; `find_line` gives the line of the source that holds a URL. The summary is what stands before
    `<!--more-->`, else the first paragraph with text. Tags that an author left open are closed.

    The passes run first. Elements of the kinds that `hooks` names become slots, but not in the summary; shortcodes do
    so in both.
    """
    root = turbohtml.parse_fragment(html)
    faults = tuple(fault for one in written.passes for fault in one(root))
    headings = tuple(_headings(root, written.heading_id))
    first = next((child for child in root.children if isinstance(child, Element)), None)
    anchors = _anchors(root) if " id=" in html or headings else {}
    links: dict[str, int] = {}
    lost: dict[str, None] = {}

    def slot(url: str) -> str | None:
        trimmed = url.strip()
        if _ELSEWHERE.match(trimmed):
            if trimmed.startswith("#") and unquote(trimmed[1:]) not in anchors and trimmed not in _ALWAYS:
                lost[trimmed] = None
            return None
        return f"\0{links.setdefault(trimmed, len(links))}\0"

    root.rewrite_links(slot)
    found = tuple(Link(url, find_line(url)) for url in links)
    words = _words(root.text)
    summary = _narrowed(_summary(root), found, written.calls)
    kinds = {*written.hooks, SHORTCODE} if written.calls else written.hooks
    opened = open_hooks(root, kinds, headings, written.calls) if kinds else ()
    return Outline(
        content=Fragment(root.serialize(inner=True), found, opened),
        headings=headings,
        summary=summary,
        opening=int(first.tag[1]) if first is not None and first.tag in _LEVELS else 0,
        anchors=tuple(anchors),
        lost=tuple(Link(url, find_line(url)) for url in lost),
        words=words,
        faults=faults,
    )


def _anchors(root: Element) -> dict[str, None]:
    """Give all that a fragment of a URL can name, in order: ids, and names of `<a>` (WHATWG HTML, section 7.4.6.4)."""
    found = {element.attr("id") or "": None for element in root.select("[id]")}
    found |= {element.attr("name") or "": None for element in root.select("a[name]")}
    found.pop("", None)
    return found


def _words(text: str) -> int:
    """Count the words of a text; in scripts without spaces, two characters count as a word."""
    words = len(text.split())
    return words if text.isascii() else words + len(_unspaced().findall(text)) // 2


@functools.cache
def _unspaced() -> re.Pattern[str]:
    """Characters of scripts without spaces; 2 ms to compile, which sites in ASCII need not wait for."""
    return re.compile("[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]")


def _headings(root: Element, heading_id: Callable[[str], str]) -> Iterable[Heading]:
    """Give every heading, after an id was set on those without."""
    elements = root.select(_HEADINGS)
    if not elements:
        return
    taken = {element.attr("id") for element in root.select("[id]")}
    for element in elements:
        text = _text(element)
        name = element.attr("id")
        if not name:
            name = base = heading_id(text)
            number = 0
            while name in taken:
                number += 1
                name = f"{base}-{number}"
            taken.add(name)
            element.attrs["id"] = name
        yield Heading(int(element.tag[1]), name, text, "".join(map(_inline, element.children)).strip())


def _text(element: Element) -> str:
    if _PERMALINK not in element.html:
        return element.text.strip()
    return "".join(
        child.text for child in element.children if not (isinstance(child, Element) and child.has_class(_PERMALINK))
    ).strip()


def _inline(node: Node) -> str:
    """Give a heading's content for a table of contents: inline markup kept, links, images and ids gone."""
    if isinstance(node, Text):
        return turbohtml.escape(node.data, quote=False)
    if not isinstance(node, Element) or node.has_class(_PERMALINK):
        return ""
    if node.tag == "math":
        return node.html
    inner = "".join(map(_inline, node.children))
    return f"<{node.tag}>{inner}</{node.tag}>" if node.tag in _KEPT else inner


def _summary(root: Element) -> str:
    children = list(root.children)
    for position, child in enumerate(children):
        if isinstance(child, Comment) and child.data.strip() == "more":
            shown = (before for before in children[:position] if not _is_title(before))
            return _without_notes("".join(before.html for before in shown).strip())
    for child in children:
        if isinstance(child, Element) and child.tag == "p" and child.text.strip():
            return _without_notes(child.html)
    return ""


def _is_title(node: Node) -> bool:
    return isinstance(node, Element) and node.tag == "h1"


def _without_notes(html: str) -> str:
    """Take footnote references and ids out: their targets stay behind on the page."""
    if "footnote" not in html and " id=" not in html:
        return html
    return _ID.sub("", _NOTE.sub("", html))


# Both engines' own output, as the serialiser of turbohtml writes it.
_NOTE = re.compile(r"<sup[^>]*>\s*<a[^>]*(?:#fn|footnote)[^>]*>[^<]*</a>\s*</sup>|<sup class=\"footnote[^>]*>.*?</sup>")
_ID = re.compile(r' id="[^"]*"(?=[^<]*>)')


def _narrowed(html: str, links: tuple[Link, ...], calls: Sequence[Call]) -> Fragment:
    """Give a fragment that carries only the links its HTML uses, and its shortcodes."""
    used: dict[str, int] = {}

    def renumbered(markup: str) -> str:
        markup = markup.replace(_NONCHARACTER, "\0")
        return _SLOT.sub(lambda slot: f"\0{used.setdefault(slot[1], len(used))}\0", markup)

    hooks: tuple[Hook, ...] = ()
    if calls and ELEMENT in html:
        root = turbohtml.parse_fragment(html.replace("\0", _NONCHARACTER))
        opened = open_hooks(root, (SHORTCODE,), (), calls)
        html = root.serialize(inner=True)
        hooks = tuple(
            Hook(hook.kind, hook.values, {name: renumbered(text) for name, text in hook.html.items()})
            for hook in opened
        )
    html = renumbered(html)
    return Fragment(html, tuple(links[int(number)] for number in used), hooks)
