"""The rewriting of one page: its critical CSS into the head, the rest where it does not delay the first paint."""

from collections.abc import Callable, Iterable

import msgspec
from turbohtml import Document, E

from ssg.optimize.critical.compile import escaped
from ssg.optimize.critical.memo import Memo, compiled_sheet, critical_part
from ssg.optimize.critical.placement import Limits, Part, Placement, Way, placement, small
from ssg.optimize.critical.rewrite import LOADER, charset_first, follow, media_of, wait
from ssg.optimize.critical.survey import minds_a_sibling, survey
from ssg.optimize.critical.tokens import Tokens, tokens_of

# Words by which a script that makes sheets of its own can be told: it counts on them to come last.
_MAKES_SHEETS = (frozenset(("createelement", "style")), frozenset(("insertrule",)))


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
    """Give a page its critical CSS: changes the tree, and says what was done; None where it links no sheet of the site.

    Takes the document, parsed with scripting on or off; the text of a sheet by its URL as written, None for those of
    others (the same string each time, so that it is hashed once); the texts of the site's own scripts on the page; and
    words that may get onto the page unseen.
    """
    found = survey(tree, sheet)
    if not found.links:
        return None
    sheets = [compiled_sheet(one.text, memo) for one in found.links]
    if small(sheets, limits):
        parts, fixed = tuple(Part(one) for one in sheets), ""
    else:
        wanted = sheets[0].vocabulary.union(*(one.vocabulary for one in sheets[1:]))
        tokens = tokens_of(tree, scripts, safelist, memo.known, wanted)
        parts = tuple(critical_part(one, found, tokens, memo) for one in found.links)
        fixed = found.fixed or _moved_by(tree, tokens, parts)
    chosen = placement(parts, fixed, sum(len(one.text.encode()) for one in found.styles), limits)
    if chosen.way is Way.BLOCKING:
        return Applied(chosen)
    charset_first(tree)
    body = tree.find("body")  # before the tree changes, after which its elements are found anew
    texts = [escaped(part.sheet.text) if chosen.way is Way.INLINE else part.critical for part in parts]
    for one, text in zip(found.links, texts, strict=True):
        if text:
            one.element.insert_before(E("style", media_of(one.element), text))
    if chosen.way is Way.MEDIA:
        first = found.links[0].element
        (first.previous_sibling if texts[0] and first.previous_sibling else first).insert_before(E("script", LOADER))
        for one in found.links:
            wait(one.element)
    else:
        for one in found.links:
            one.element.decompose() if chosen.way is Way.INLINE else follow(body, one.element, found)
    used = tuple(text for text in texts if text)
    return Applied(chosen, used, (LOADER,) if chosen.way is Way.MEDIA else ())


def _moved_by(tree: Document, tokens: Tokens, parts: tuple[Part, ...]) -> str:
    """Give why a sheet at the end of the body would change the page; nothing where it would not."""
    if any(words <= tokens.words for words in _MAKES_SHEETS):
        return "a script may make sheets that come after it"
    if any(minds_a_sibling(tree, part.sheet.tails) for part in parts):
        return "it looks at the last elements of the body"
    return ""
