"""What earlier pages taught: pages that look alike to a sheet share its critical part."""

import msgspec

from ssg.optimize.critical.compile import compile_sheet
from ssg.optimize.critical.known import Known, bounded
from ssg.optimize.critical.placement import Part
from ssg.optimize.critical.select import select, signature
from ssg.optimize.critical.sheet import ALL_NAMES, Sheet, mentioned
from ssg.optimize.critical.survey import Linked, Survey
from ssg.optimize.critical.tokens import Tokens

_NONE: frozenset[str] = frozenset()


class Memo(msgspec.Struct):
    """What earlier pages taught, of any site: sheets by their text, what pages had, critical parts by signature."""

    sheets: dict[str, Sheet] = {}
    known: Known = msgspec.field(default_factory=Known)
    mentions: dict[tuple[str, str], frozenset[str]] = {}
    parts: dict[tuple[str, frozenset[str], frozenset[str]], Part] = {}


def compiled_sheet(text: str, memo: Memo) -> Sheet:
    """Give a sheet taken apart, as it is remembered."""
    if text not in memo.sheets:
        bounded(memo.sheets)[text] = compile_sheet(text)
    return memo.sheets[text]


def critical_part(link: Linked, found: Survey, tokens: Tokens, memo: Memo) -> Part:
    """Give a sheet with its critical part, remembered by what the sheet sees of the page."""
    compiled = compiled_sheet(link.text, memo)
    if compiled.refusal:
        return Part(compiled)
    seen, used = signature(compiled, tokens), _NONE
    if compiled.names:
        others = (*(one.text for one in found.links if one is not link), *found.texts)
        used = used.union(*(_mentions(compiled, one, memo) for one in others))
        used = used | {ALL_NAMES} if found.foreign else used
    key = link.text, seen, used
    part = memo.parts.get(key)
    if part is None:
        text = select(compiled, seen, used)
        part = bounded(memo.parts)[key] = Part(compiled, text, len(text.encode()))
    return part


def _mentions(sheet: Sheet, text: str, memo: Memo) -> frozenset[str]:
    key = sheet.text, text
    if key not in memo.mentions:
        bounded(memo.mentions)[key] = mentioned(sheet.names, text)
    return memo.mentions[key]
