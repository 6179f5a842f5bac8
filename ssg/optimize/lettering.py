"""A compiled style sheet → the fonts that it brings, and the rules that choose between them."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import msgspec
import tinycss2
from tinycss2.ast import Node

from ssg.optimize.critical.sheet import Entry, Group, Named, Rule, Sheet

_CHOOSING = ("font", "font-family", "font-weight")
_VARIABLE = re.compile(r"var\(\s*(--[\w-]+)")
# Groups that hold for every reader in front of a screen, as far as a rule for fonts goes.
_FOR_ALL = re.compile(r"@(?:layer\b[^,]*|media\s*(?:all|screen)|supports\b.*)", re.IGNORECASE | re.DOTALL)
_BOLD = {"normal": 400, "bold": 700, "bolder": 700, "lighter": 300}
_LAST = 0x10FFFF


class Web(msgspec.Struct, frozen=True):
    """A font face with a file in WOFF2: its family in small letters, the file's URL, and what it is for.

    `weights` and `ranges` are bounds, of weights and of the characters' numbers, both included.
    """

    family: str
    url: str
    weights: tuple[int, int]
    slanted: bool
    ranges: tuple[tuple[int, int], ...]


class Choice(NamedTuple):
    """A declaration that may choose a font: for which elements, of which property, and what goes before what."""

    selector: str
    name: str
    value: str
    rank: tuple[bool, int, tuple[int, int, int]]


class Letters(msgspec.Struct, frozen=True):
    """What a style sheet says of fonts."""

    faces: tuple[Web, ...]
    choices: tuple[Choice, ...]


def read_letters(sheet: Sheet) -> Letters:
    """Give what a compiled sheet says of fonts, without what depends on the reader's window or likings."""
    faces: list[Web] = []
    found: list[Choice] = []
    for entry, layer in _entries(sheet.nodes, 0):
        if isinstance(entry, Named) and entry.name.startswith("font:"):
            faces += _faces(entry.text)
        elif isinstance(entry, Rule) and ("font" in entry.text or "--" in entry.text):
            found += _choices(entry.text, layer)
    return Letters(tuple(faces), tuple(one for one in found if one.name in _read(found)))


def _entries(nodes: Iterable[Entry], layer: int) -> Iterator[tuple[Entry, int]]:
    """Give entries with how late their layer is: rules in none come after all (CSS Cascade 5, section 6.4)."""
    for number, one in enumerate(nodes):
        if not isinstance(one, Group):
            yield one, layer or _LAST
        elif _FOR_ALL.fullmatch(one.prelude.strip()):
            yield from _entries(one.nodes, (layer or number + 1) if "layer" in one.prelude.lower() else layer)


def _faces(text: str) -> Iterator[Web]:
    """Give a font face, where a browser would fetch a WOFF2 file for it and look for no font of the reader's first."""
    [rule] = tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True)
    said = {one.lower_name: one.value for one in _declarations(rule.content)}
    source = [one for one in said.get("src", ()) if one.type not in {"whitespace", "comment"}]
    url = _url(source[0]) if source else ""
    if not url or not (url.partition("?")[0].lower().endswith(".woff2") or "woff2" in tinycss2.serialize(source[1:2])):
        return
    family = _plain(said.get("font-family", ()))
    weights = [_weight(one) for one in tinycss2.serialize(said.get("font-weight", ())).split()] or [400]
    slanted = _plain(said.get("font-style", ())) not in {"", "normal"}
    ranges = tuple(_ranges(tinycss2.serialize(said.get("unicode-range", ())))) or ((0, _LAST),)
    yield Web(family, url, (weights[0], weights[-1]), slanted, ranges)


def _url(token: Node) -> str:
    if token.type == "url":
        return str(token.value)
    if token.type == "function" and token.lower_name == "url" and token.arguments:
        return str(getattr(token.arguments[0], "value", ""))
    return ""


def _ranges(text: str) -> Iterator[tuple[int, int]]:
    """Read `unicode-range` (CSS Syntax 3, section 7): `U+0-FF`, `U+4??`, `U+2122`."""
    for one in re.findall(r"u\+([0-9a-f?]+)(?:-([0-9a-f]+))?", text, re.IGNORECASE):
        first, last = one[0].replace("?", "0"), one[1] or one[0].replace("?", "F")
        yield int(first, 16), int(last, 16)


def _choices(text: str, layer: int) -> Iterator[Choice]:
    for rule in tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True):
        if rule.type != "qualified-rule":
            continue
        selectors = [one.strip() for one in _split(tinycss2.serialize(rule.prelude))]
        for one in _declarations(rule.content):
            name = one.name if one.name.startswith("--") else one.lower_name
            if name in _CHOOSING or name.startswith("--"):
                value = tinycss2.serialize(one.value).strip()
                for selector in selectors:
                    yield Choice(selector, name, value, (one.important, layer, specificity(selector)))


def _split(text: str) -> list[str]:
    """Give the parts of a list between the commas that stand in no bracket."""
    return re.split(r",(?![^(\[]*[)\]])", text)


def _declarations(content: Iterable[Node]) -> Iterator[Node]:
    found = tinycss2.parse_blocks_contents(list(content), skip_comments=True, skip_whitespace=True)
    yield from (one for one in found if one.type == "declaration")


def _read(found: Sequence[Choice]) -> frozenset[str]:
    """Give the properties that choose fonts, and the custom ones that these read, by themselves or through others."""
    named = {one.name: set[str]() for one in found}
    for one in found:
        named[one.name].update(_VARIABLE.findall(one.value))
    wanted: set[str] = set()
    waiting = set(_CHOOSING)
    while waiting:
        wanted |= waiting
        waiting = set().union(*(named.get(name, ()) for name in waiting)) - wanted
    return frozenset(wanted)


def specificity(selector: str) -> tuple[int, int, int]:
    """Give how special a selector is (Selectors 4, section 17), as far as rules for fonts need it."""
    text = re.sub(r":where\([^)]*\)", "", selector)
    ids, classes = len(re.findall(r"#[\w-]+", text)), len(re.findall(r"\.[\w-]+|\[|(?<!:):(?!:)(?!is\b|not\b)", text))
    return ids, classes, len(re.findall(r"(?:^|[\s>+~(,])[a-z][\w-]*", text, re.IGNORECASE))


def _weight(word: str) -> int:
    return _BOLD.get(word.lower()) or (int(float(word)) if re.fullmatch(r"\d+(\.\d+)?", word) else 400)


def _plain(tokens: Iterable[Node]) -> str:
    """Give a name, in quotes or not, in small letters."""
    said = " ".join(str(getattr(one, "value", "")) for one in tokens if one.type in {"ident", "string"})
    return " ".join(said.lower().split())
