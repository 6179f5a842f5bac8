"""A stylesheet taken apart once, so that what a page needs of it can be told fast."""

import re
import sys
from collections.abc import Mapping

import msgspec

from ssg.optimize.critical.selectors import Need, Tail


class Rule(msgspec.Struct, frozen=True, array_like=True, tag="rule"):
    """A style rule as written, with all that is nested in it, and what it requires of a page."""

    text: str
    need: Need


class Group(msgspec.Struct, frozen=True, array_like=True, tag="group"):
    """A condition or a layer around rules: `@media (…)` without its braces, and what stands in them."""

    prelude: str
    nodes: tuple["Entry", ...]


class Kept(msgspec.Struct, frozen=True, array_like=True, tag="kept"):
    """A rule that every page needs: `@property`, `@page`, `@counter-style` and all that is not known here."""

    text: str


class Named(msgspec.Struct, frozen=True, array_like=True, tag="named"):
    """A font face or an animation, which is needed where its name is: the name with `font:` or `frames:` before it."""

    text: str
    name: str


Entry = Rule | Group | Kept | Named


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """A compiled stylesheet.

    `text` is the whole and `size` its bytes; `first` is what a part of it begins with: namespaces, and every layer in
    its order, within its conditions. `vocabulary` holds the tokens that rules require, `words` the same by what a
    script would write for them, `names` those of font faces and animations, `tails` the elements to which a further
    sibling matters.

    `refusal` says why the sheet must not be taken apart, `unfit` why it must not stand in a page at all; both are empty
    for nearly all sheets.
    """

    text: str
    size: int
    first: str
    nodes: tuple[Entry, ...]
    vocabulary: frozenset[str]
    words: Mapping[str, tuple[str, ...]]
    names: tuple[str, ...]
    tails: tuple[Tail, ...]
    refusal: str = ""
    unfit: str = ""
    rooted: bool = False
    """Whether it has a `@scope` whose root is the parent of the element that brings the sheet."""


ALL_FRAMES = "frames:*"
"""The name that stands for every animation: one is chosen by a custom property."""

ALL_NAMES = "*"
"""The name that stands for every font face and animation: who uses them is not known."""

_ESCAPE = re.compile(r"\\([0-9a-fA-F]{1,6})[ \t\n\f\r]?|\\([^\n])", re.DOTALL)
_SURROGATES = range(0xD800, 0xE000)
_STRING = r'"[^"]*"|\'[^\']*\''
# Declarations that may name a font or an animation; a custom property may be put into one.
_NAMING = re.compile(
    rf"(?:font|font-family|animation|animation-name|initial-value|--[^:;{{}}]*)\s*:((?:{_STRING}|[^;}}\"'])*)"
)
_CHOSEN = re.compile(rf"animation(?:-name)?\s*:(?:{_STRING}|[^;}}\"'])*var\(")
_COMMENT = re.compile(r"/\*.*?(?:\*/|$)", re.DOTALL)


def plain(text: str) -> str:
    """Give CSS text in small letters, its escapes resolved, its white space single, for looking names up in it."""
    if "\\" in text:
        text = _ESCAPE.sub(lambda found: _character(found[1]) if found[1] else found[2], text)
    return " ".join(_COMMENT.sub(" ", text).lower().split())


def _character(digits: str) -> str:
    """Give the character of an escape; what is none is U+FFFD (CSS Syntax 3, section 4.3.7)."""
    number = int(digits, 16)
    return chr(number) if 0 < number <= sys.maxunicode and number not in _SURROGATES else "\ufffd"


def mentioned(names: tuple[str, ...], text: str) -> frozenset[str]:
    """Give those of a sheet's font faces and animations that CSS text may use, also by way of a custom property."""
    if not names:
        return frozenset()
    whole = plain(text)
    values = "\n".join(_NAMING.findall(whole))
    found = {one for one in names if _occurs(one.partition(":")[2], values)}
    return frozenset(found | {ALL_FRAMES} if _CHOSEN.search(whole) else found)


def _occurs(name: str, values: str) -> bool:
    return name in values and re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", values) is not None


def wanted(name: str, used: frozenset[str]) -> bool:
    """Tell whether a font face or an animation is among what is used."""
    return name in used or ALL_NAMES in used or (ALL_FRAMES in used and name.startswith("frames:"))
