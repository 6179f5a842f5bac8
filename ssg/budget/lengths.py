"""The attribute `sizes` and the lengths in conditions → CSS px (WHATWG HTML, section 4.8.4.2.2; CSS Values 4)."""

import math
from collections.abc import Sequence

import tinycss2
from tinycss2.ast import Node

from ssg.budget.values import Profile

_EM = 16.0
"""The font size of the root, in px: sizes and media queries know no other."""

_UNITS = {
    "px": 1.0, "in": 96.0, "cm": 96 / 2.54, "mm": 9.6 / 2.54, "q": 2.4 / 2.54, "pt": 4 / 3, "pc": 16.0,
    "em": _EM, "rem": _EM, "ex": _EM / 2, "ch": _EM / 2, "rex": _EM / 2, "rch": _EM / 2, "ic": _EM, "ric": _EM,
    "lh": 1.15 * _EM, "rlh": 1.15 * _EM, "cap": _EM * 0.7, "rcap": _EM * 0.7,
}  # fmt: skip


class _NoLengthError(Exception):
    """A value that is no length, or that depends on a layout."""


def length(nodes: Sequence[Node], profile: Profile) -> float | None:
    """Give a length in px: a dimension, 0, `calc()`, `min()`, `max()` or `clamp()`. None for all else, and below 0."""
    try:
        found, plain = _sum([node for node in nodes if node.type != "comment"], profile)
    except (_NoLengthError, ZeroDivisionError, RecursionError):
        return None
    if (plain and found != 0) or math.isnan(found) or found < 0:
        return None
    return found


def dimension(node: Node, profile: Profile) -> float | None:
    """Give the px of one dimension; None for what is none, and for percentages."""
    if node.type == "number" and node.value == 0:
        return 0.0
    if node.type != "dimension":
        return None
    unit = node.lower_unit
    for kind in ("s", "l", "d"):
        if unit[0] == kind and unit[1:] in {"vw", "vh", "vi", "vb", "vmin", "vmax"}:
            unit = unit[1:]
    sides = {
        "vw": profile.width, "vi": profile.width, "vh": profile.height, "vb": profile.height,
        "vmin": min(profile.width, profile.height), "vmax": max(profile.width, profile.height),
    }  # fmt: skip
    if unit in sides:
        return float(node.value * sides[unit] / 100)
    return float(node.value * _UNITS[unit]) if unit in _UNITS else None


def _sum(nodes: Sequence[Node], profile: Profile) -> tuple[float, bool]:
    """Give a value, and whether it is a plain number: signs between white space part terms."""
    parts: list[tuple[float, list[Node]]] = [(1.0, [])]
    for number, node in enumerate(nodes):
        spaced = 0 < number < len(nodes) - 1 and nodes[number - 1].type == nodes[number + 1].type == "whitespace"
        if node.type == "literal" and node.value in "+-" and spaced:
            parts.append((1.0 if node.value == "+" else -1.0, []))
        else:
            parts[-1][1].append(node)
    found = [(sign, *_product(part, profile)) for sign, part in parts]
    if len({plain for _, _, plain in found}) != 1:
        raise _NoLengthError
    return sum(sign * value for sign, value, _ in found), found[0][2]


def _product(nodes: Sequence[Node], profile: Profile) -> tuple[float, bool]:
    real = [node for node in nodes if node.type != "whitespace"]
    if not real or len(real) % 2 == 0:
        raise _NoLengthError
    value, plain = _factor(real[0], profile)
    for mark, node in zip(real[1::2], real[2::2], strict=True):
        other, bare = _factor(node, profile)
        if mark == "*" and (plain or bare):
            value, plain = value * other, plain and bare
        elif mark == "/" and bare:
            value /= other
        else:
            raise _NoLengthError
    return value, plain


def _factor(node: Node, profile: Profile) -> tuple[float, bool]:
    if node.type == "number":
        return float(node.value), True
    if node.type == "() block":
        return _sum(node.content, profile)
    if node.type == "function":
        arguments = [_sum(part, profile) for part in commas(node.arguments)]
        plain = {bare for _, bare in arguments}
        if len(plain) == 1:
            return _function(node.lower_name, [value for value, _ in arguments]), plain.pop()
    found = dimension(node, profile)
    if found is None:
        raise _NoLengthError
    return found, False


def _function(name: str, values: list[float]) -> float:
    if name in {"calc", "-webkit-calc"} and len(values) == 1:
        return values[0]
    if name in {"min", "max"}:
        return (min if name == "min" else max)(values)
    if name == "clamp" and len(values) == 3:  # noqa: PLR2004 - the least, the wanted, the most
        return max(values[0], min(values[1], values[2]))
    raise _NoLengthError


def commas(nodes: Sequence[Node]) -> list[list[Node]]:
    """Give the parts between the commas."""
    parts: list[list[Node]] = [[]]
    for node in nodes:
        if node == ",":
            parts.append([])
        else:
            parts[-1].append(node)
    return parts


def values(text: str) -> list[Node]:
    """Give the component values of CSS text, without comments; none where its brackets stand too deep."""
    try:
        found: list[Node] = tinycss2.parse_component_value_list(text, skip_comments=True)
    except RecursionError:
        return []
    return found
