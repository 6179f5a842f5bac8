"""What earlier pages taught: pages that look alike to a sheet share its critical part."""

from typing import TypeVar

import msgspec

from ssg.optimize.critical.compile import compile_sheet
from ssg.optimize.critical.placement import Part
from ssg.optimize.critical.select import select, signature
from ssg.optimize.critical.sheet import ALL_NAMES, Sheet, mentioned
from ssg.optimize.critical.survey import Linked, Survey
from ssg.optimize.critical.tokens import Tokens, Words

Key = TypeVar("Key")
Value = TypeVar("Value")

_MOST = 2_000  # entries of one memo: pages with scripts or styles of their own must not fill the memory


class Memo(msgspec.Struct):
    """What earlier pages taught, of any site: sheets by their text, words of scripts, critical parts by signature."""

    sheets: dict[str, Sheet] = {}
    words: dict[str, Words] = {}
    mentions: dict[tuple[str, str], frozenset[str]] = {}
    parts: dict[tuple[str, frozenset[str], frozenset[str]], str] = {}


def compiled_sheet(text: str, memo: Memo) -> Sheet:
    """Give a sheet taken apart, as it is remembered."""
    if text not in memo.sheets:
        bounded(memo.sheets)[text] = compile_sheet(text)
    return memo.sheets[text]


def critical_part(link: Linked, found: Survey, tokens: Tokens, memo: Memo) -> Part:
    """Give a sheet with its critical part, remembered by what the sheet sees of the page."""
    compiled = compiled_sheet(link.text, memo)
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
        part = bounded(memo.parts)[key] = select(compiled, seen, used)
    return Part(compiled, part)


def _mentions(sheet: Sheet, text: str, memo: Memo) -> frozenset[str]:
    key = sheet.text, text
    if key not in memo.mentions:
        bounded(memo.mentions)[key] = mentioned(sheet.names, text)
    return memo.mentions[key]


def bounded(memo: dict[Key, Value]) -> dict[Key, Value]:
    """Give a memo with room for one more: a full one starts again."""
    if len(memo) >= _MOST:
        memo.clear()
    return memo
