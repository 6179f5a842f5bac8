"""Declarations of fonts → the face that a browser takes, and the names and weights that rules ask for (CSS Fonts 4)."""

import re
from collections.abc import Callable, Iterable, Sequence

import tinycss2
from tinycss2.ast import Node

from ssg.budget.facts import Face
from ssg.budget.lengths import commas

# What Chromium 156 takes; `embedded-opentype` and `svg` it does not.
_FORMATS = frozenset((
    "woff2", "woff", "truetype", "opentype", "collection", "woff2-variations", "woff-variations",
    "truetype-variations", "opentype-variations",
))  # fmt: skip
_TECHS = frozenset((
    "features-opentype", "features-aat", "variations", "color-colrv0", "color-colrv1", "color-sbix", "color-cbdt",
    "palettes",
))  # fmt: skip
_RANGE = re.compile(r"u\+([0-9a-f?]{1,6})(?:-([0-9a-f]{1,6}))?", re.IGNORECASE)
_HEAVIEST = 1000  # CSS Fonts 4, section 2.5
_WORDS = {"normal": 400, "bold": 700}
_GENERIC = frozenset((
    "serif", "sans-serif", "monospace", "cursive", "fantasy", "system-ui", "ui-serif", "ui-sans-serif", "ui-monospace",
    "ui-rounded", "math", "emoji", "inherit", "initial", "unset", "revert", "revert-layer",
))  # fmt: skip
ANY = "*"
"""The weight of a rule that sets one which is not known here."""


def face(
    content: Sequence[Node], resolved: Callable[[str | None], str], media: tuple[str, ...], *, certain: bool
) -> Face | None:
    """Read what is in a `@font-face`; None where it names no family, or nothing that a browser would fetch."""
    declared = {
        one.lower_name: one
        for one in tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True)
        if one.type == "declaration"
    }
    family = next(iter(_names(declared["font-family"].value)), "") if "font-family" in declared else ""
    url = resolved(_source(declared["src"].value)) if "src" in declared else ""
    if not family or not url:
        return None
    style = tinycss2.serialize(declared["font-style"].value).lower() if "font-style" in declared else ""
    stretch = declared.get("font-stretch") or declared.get("font-width")
    return Face(
        family=family,
        url=url,
        weight=_weight(declared["font-weight"].value) if "font-weight" in declared else (400, 400),
        slanted="italic" in style or "oblique" in style,
        stretch=tinycss2.serialize(stretch.value).strip().lower() if stretch else "normal",
        ranges=_ranges(tinycss2.serialize(declared["unicode-range"].value)) if "unicode-range" in declared else (),
        media=media,
        certain=certain,
    )


def _source(nodes: Sequence[Node]) -> str | None:
    """Give the URL of the first source that Chromium takes; a `local()` counts as not installed."""
    for part in commas(nodes):
        real = [node for node in part if node.type not in {"whitespace", "comment"}]
        if not real:
            continue
        url = real[0].value if real[0].type == "url" else None
        if real[0].type == "function" and real[0].lower_name == "url":
            url = next((one.value for one in real[0].arguments if one.type == "string"), None)
        if url is None or not all(_takes(one) for one in real[1:]):
            continue
        if len(real) == 1 and re.search(r"\.eot(?:[?#]|$)", url, re.IGNORECASE):
            continue
        return str(url)
    return None


def _takes(node: Node) -> bool:
    if node.type != "function" or node.lower_name not in {"format", "tech"}:
        return False
    words = [one.value.lower() for one in node.arguments if one.type in {"string", "ident"}]
    return all(word in (_FORMATS if node.lower_name == "format" else _TECHS) for word in words)


def _weight(nodes: Sequence[Node]) -> tuple[int, int]:
    found: list[int] = []
    for node in nodes:
        if node.type == "number":
            found.append(int(node.value))
        elif node.type == "ident" and node.lower_value in _WORDS:
            found.append(_WORDS[node.lower_value])
    return (min(found), max(found)) if found else (400, 400)


def _ranges(text: str) -> tuple[tuple[int, int], ...]:
    found = []
    for first, last in _RANGE.findall(text.replace("/**/", "")):
        low = int(first.replace("?", "0"), 16)
        high = int(last, 16) if last else int(first.replace("?", "f").replace("F", "f"), 16)
        found.append((low, high))
    return tuple(found)


def _names(nodes: Sequence[Node]) -> Iterable[str]:
    """Give the names of families in a list, in small letters, words joined by one space."""
    for part in commas(nodes):
        real = [node for node in part if node.type not in {"whitespace", "comment"}]
        if real and all(node.type in {"ident", "string"} for node in real):
            yield " ".join(" ".join(node.value for node in real).lower().split())


def families(one: Node) -> Iterable[str]:
    """Give the families that a declaration may ask for; of a shorthand or custom property every end of its parts."""
    if one.lower_name in {"font-weight", "font-style"}:
        return
    for part in _parts(one.value):
        real = [node for node in part if node.type not in {"whitespace", "comment"}]
        words: list[str] = []
        for node in reversed(real):
            if node.type not in {"ident", "string"}:
                break
            words.insert(0, node.value.lower())
            name = " ".join(" ".join(words).split())
            if name not in _GENERIC:
                yield name


def first_family(one: Node) -> str:
    """Give the family that a `font-family` names first; empty where that is not sure."""
    parts = commas(one.value)
    plain = one.lower_name == "font-family" and not any(node.type == "function" for node in one.value)
    return next(iter(_names(parts[0])), "") if plain else ""


def _parts(nodes: Sequence[Node]) -> list[list[Node]]:
    """Give the parts between commas, those in the brackets of functions (`var(--x, Inter)`) too."""
    parts = commas(nodes)
    for node in nodes:
        if node.type == "function":
            parts += _parts(node.arguments)
    return parts


def weights(one: Node) -> Iterable[str]:
    """Give the weights that a declaration may ask for: numbers, `bolder`, `lighter`, or `*` for any."""
    if one.lower_name == "font-family":
        return
    for node in one.value:
        if node.type == "number" and (one.lower_name != "font" or node.value >= 1):
            yield str(int(min(max(node.value, 1), _HEAVIEST)))
        elif node.type == "ident" and node.lower_value in {"bold", "bolder", "lighter"}:
            yield {"bold": "700"}.get(node.lower_value, node.lower_value)
        elif node.type == "function" and one.lower_name in {"font-weight", "font"}:
            yield ANY
