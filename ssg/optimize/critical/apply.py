"""The rewriting of one page: its critical CSS into the head, the rest where it does not delay the first paint."""

from collections.abc import Callable, Iterable
from typing import TypeVar

import msgspec
from turbohtml import Document, E, Element

from ssg.optimize.critical.compile import compile_sheet, escaped
from ssg.optimize.critical.placement import Limits, Part, Placement, Way, placement
from ssg.optimize.critical.select import select, signature
from ssg.optimize.critical.sheet import ALL_NAMES, Sheet, mentioned
from ssg.optimize.critical.survey import Linked, Survey, minds_a_sibling, survey
from ssg.optimize.critical.tokens import Tokens, Words, tokens_of

LOADER = (
    'document.addEventListener("load",function(e){var l=e.target,m=l.getAttribute&&l.getAttribute("data-ssg-media");'
    'm&&(l.removeAttribute("data-ssg-media"),l.media=m)},!0)'
)
"""The one script that `Way.MEDIA` needs: a sheet that has come holds for all media. It never changes, nor its hash."""

# Words by which a script that makes sheets of its own can be told: it counts on them to come last.
_MAKES_SHEETS = (frozenset(("createelement", "style")), frozenset(("insertrule",)))
_K, _V = TypeVar("_K"), TypeVar("_V")
_MOST = 10_000  # entries of one memo: pages with scripts or styles of their own must not fill the memory


class Memo(msgspec.Struct):
    """What earlier pages taught, of any site: sheets by their text, words of scripts, critical parts by signature."""

    sheets: dict[str, Sheet] = {}
    words: dict[str, Words] = {}
    mentions: dict[tuple[str, str], frozenset[str]] = {}
    parts: dict[tuple[str, frozenset[str], frozenset[str]], str] = {}


class Applied(msgspec.Struct, frozen=True):
    """What was done to a page: the choice, and the texts of its new `<style>` and `<script>` elements, for hashes."""

    placement: Placement
    styles: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()


def apply(
    tree: Document,
    sheet: Callable[[str], str | None],
    memo: Memo,
    limits: Limits = Limits(),  # noqa: B008 - frozen
    scripts: Iterable[str] = (),
    safelist: Iterable[str] = (),
) -> Applied | None:
    """Give a page its critical CSS: changes the tree, and says what was done; None where no sheet of the site is linked.

    Takes the document parsed with scripting off; the text of a sheet by its URL as written, None for those of others;
    the texts of the site's own scripts on the page; and words that may get onto the page unseen.
    """
    found = survey(tree, sheet)
    if not found.links:
        return None
    tokens = tokens_of(tree, scripts, safelist, _bounded(memo.words))
    parts = tuple(_part(one, found, tokens, memo) for one in found.links)
    fixed = found.fixed or _moved_by(tree, tokens, parts)
    chosen = placement(parts, fixed, sum(len(one.text.encode()) for one in found.styles), limits)
    if chosen.way is Way.BLOCKING:
        return Applied(chosen)
    _charset_first(tree)
    texts = [escaped(part.sheet.text) if chosen.way is Way.INLINE else part.critical for part in parts]
    for one, text in zip(found.links, texts, strict=True):
        if text:
            one.element.insert_before(E("style", _media(one.element), text))
    if chosen.way is Way.MEDIA:
        first = found.links[0].element
        (first.previous_sibling if texts[0] and first.previous_sibling else first).insert_before(E("script", LOADER))
        for one in found.links:
            _wait(one.element)
    else:
        for one in found.links:
            one.element.decompose() if chosen.way is Way.INLINE else _follow(tree, one.element, found)
    used = tuple(text for text in texts if text)
    return Applied(chosen, used, (LOADER,) if chosen.way is Way.MEDIA else ())


def _part(link: Linked, found: Survey, tokens: Tokens, memo: Memo) -> Part:
    """Give a sheet with its critical part, remembered by what the sheet sees of the page."""
    compiled = memo.sheets.get(link.text)
    if compiled is None:
        compiled = _bounded(memo.sheets)[link.text] = compile_sheet(link.text)
    if compiled.refusal:
        return Part(compiled, "")
    seen, used = signature(compiled, tokens), frozenset[str]()
    if compiled.names:
        others = (*(one.text for one in found.links if one is not link), *found.texts)
        used = used.union(*(_mentions(compiled, one, memo) for one in others))
        used = used | {ALL_NAMES} if found.foreign else used
    key = link.text, seen, used
    part = memo.parts.get(key)
    if part is None:
        part = _bounded(memo.parts)[key] = select(compiled, seen, used)
    return Part(compiled, part)


def _mentions(sheet: Sheet, text: str, memo: Memo) -> frozenset[str]:
    key = sheet.text, text
    if key not in memo.mentions:
        _bounded(memo.mentions)[key] = mentioned(sheet.names, text)
    return memo.mentions[key]


def _bounded(memo: dict[_K, _V]) -> dict[_K, _V]:
    if len(memo) >= _MOST:
        memo.clear()
    return memo


def _moved_by(tree: Document, tokens: Tokens, parts: tuple[Part, ...]) -> str:
    """Give why a sheet at the end of the body would change the page; nothing where it would not."""
    if any(words <= tokens.words for words in _MAKES_SHEETS):
        return "a script may make sheets that come after it"
    if any(minds_a_sibling(tree, part.sheet.tails) for part in parts):
        return "it looks at the last elements of the body"
    return ""


def _media(link: Element) -> dict[str, str]:
    media = link.attrs.get("media")
    return {"media": str(media)} if media else {}


def _charset_first(tree: Document) -> None:
    """Put the encoding before what is inlined: it counts in the first 1,024 bytes only (WHATWG HTML, section 4.2.5.4)."""
    head, charset = tree.select_one("head"), tree.select_one("head > meta[charset]")
    if head is not None and charset is not None and head.children and head.children[0] != charset:
        head.insert(0, charset)


def _wait(link: Element) -> None:
    """Let a link fetch its sheet without delaying the page; without scripts it is as it was."""
    link.insert_after(E("noscript", E("link", {name: _written(value) for name, value in link.attrs.items()})))
    link.attrs["data-ssg-media"] = str(link.attrs.get("media") or "all")
    link.attrs["media"] = "print"


def _follow(tree: Document, link: Element, found: Survey) -> None:
    """Put a link at the end of the body, and after it once more the styles that came after it."""
    body = tree.select_one("body")
    if body is None:
        return
    link.attrs["fetchpriority"] = "low"
    body.append(link)
    for style in found.styles:
        body.append(E("style", _media(style), style.text))


def _written(value: str | list[str] | None) -> str:
    return " ".join(value) if isinstance(value, list) else value or ""
