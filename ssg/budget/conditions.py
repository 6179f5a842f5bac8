"""Media queries, asked of a profile (Media Queries 4): they hold, they do not, or that is not known."""

import functools
import operator
from collections.abc import Iterable, Sequence

from tinycss2.ast import Node

from ssg.budget.lengths import commas, length, values
from ssg.budget.values import Profile

Truth = bool | None
"""True, false, or None: it depends on the reader's settings, or on what is not known here."""

# What Chromium answers on any device of an audit, and what it answers on none.
_HOLDS = {
    "color": True, "grid": False, "monochrome": False, "scripting": True, "update": True, "overflow-block": True,
    "overflow-inline": True, "color-index": False,
}  # fmt: skip
_VALUES = {
    "scripting": "enabled", "update": "fast", "overflow-block": "scroll", "overflow-inline": "scroll",
    "prefers-color-scheme": "light", "prefers-reduced-motion": "no-preference", "prefers-contrast": "no-preference",
    "prefers-reduced-data": "no-preference", "prefers-reduced-transparency": "no-preference", "forced-colors": "none",
    "inverted-colors": "none", "display-mode": "browser",
}  # fmt: skip
"""What a browser says whose reader has set nothing."""
_COMPARISONS = {"<": operator.lt, ">": operator.gt, "<=": operator.le, ">=": operator.ge, "=": operator.eq}


def negated(truth: Truth) -> Truth:
    """Give the contrary of a truth; what is not known stays so."""
    return None if truth is None else not truth


def all_of(truths: Iterable[Truth]) -> Truth:
    """Tell whether all hold."""
    found = list(truths)
    return False if False in found else None if None in found else True


def any_of(truths: Iterable[Truth]) -> Truth:
    """Tell whether one holds."""
    return negated(all_of(negated(one) for one in truths))


@functools.lru_cache(maxsize=2048)
def holds(media: str, profile: Profile) -> Truth:
    """Tell whether a list of media queries holds on a device; an empty one does, one that is no query does not."""
    if not media.strip():
        return True
    return any_of(
        _query([node for node in part if node.type != "whitespace"], profile) for part in commas(values(media))
    )


def _query(nodes: list[Node], profile: Profile) -> Truth:
    if not nodes or any(node.type == "error" for node in nodes):
        return False
    word = nodes[0].lower_value if nodes[0].type == "ident" else ""
    turned = word == "not" and len(nodes) > 1 and nodes[1].type == "ident"
    if word == "only" or turned:
        nodes = nodes[1:]
        word = nodes[0].lower_value if nodes and nodes[0].type == "ident" else ""
        if not word:
            return False
    if not word or word == "not":
        return _condition(nodes, profile)
    if word in {"and", "or", "layer"}:
        return False
    rest = nodes[1:]
    found: Truth = word in {"all", "screen"}
    if rest:
        if not _is(rest[0], "and"):
            return False
        found = all_of((found, _condition(rest[1:], profile)))
    return negated(found) if turned else found


def _is(node: Node, word: str) -> bool:
    return node.type == "ident" and bool(node.lower_value == word)


def _condition(nodes: Sequence[Node], profile: Profile) -> Truth:
    """Tell whether terms in brackets hold, joined by `and` or by `or`, or one after `not`."""
    if nodes and _is(nodes[0], "not"):
        return negated(_term(nodes[1], profile)) if len(nodes) == 2 else False  # noqa: PLR2004 - it and its term
    joints = {node.lower_value if node.type == "ident" else "" for node in nodes[1::2]}
    if len(nodes) % 2 == 0 or not joints <= {"and", "or"} or len(joints) > 1:
        return False
    terms = [_term(node, profile) for node in nodes[::2]]
    return any_of(terms) if joints == {"or"} else all_of(terms)


def _term(node: Node, profile: Profile) -> Truth:
    if node.type != "() block":
        return None if node.type == "function" else False
    inner = [one for one in node.content if one.type not in {"whitespace", "comment"}]
    if not inner:
        return False
    if inner[0].type == "() block" or (_is(inner[0], "not") and len(inner) > 1):
        return _condition(inner, profile)
    if inner[0].type == "ident" and len(inner) == 1:
        return _has(inner[0].lower_value, profile)
    if inner[0].type == "ident" and inner[1] == ":":
        return _feature(inner[0].lower_value, inner[2:], profile)
    return _range(inner, profile)


def _measured(name: str, profile: Profile) -> float | None:
    """Give what a feature that has a number is on a device: px, px a px, or a ratio."""
    return {
        "width": profile.width, "height": profile.height, "device-width": profile.width,
        "device-height": profile.height, "aspect-ratio": profile.width / profile.height,
        "device-aspect-ratio": profile.width / profile.height, "resolution": profile.density,
        "-webkit-device-pixel-ratio": profile.density, "color": 8, "color-index": 0, "monochrome": 0, "grid": 0,
    }.get(name)  # fmt: skip


def _has(name: str, profile: Profile) -> Truth:
    if name in _HOLDS:
        return _HOLDS[name]
    found = _measured(name, profile)
    return None if found is None else found > 0


def _feature(name: str, nodes: Sequence[Node], profile: Profile) -> Truth:
    least, most = name.startswith(("min-", "-webkit-min-")), name.startswith(("max-", "-webkit-max-"))
    if least or most:
        name = name.replace("min-" if least else "max-", "", 1)
    found, asked = _measured(name, profile), _number(name, nodes, profile)
    if found is not None:
        if asked is None:
            return False
        return found >= asked if least else found <= asked if most else found == asked
    word = nodes[0].lower_value if len(nodes) == 1 and nodes[0].type == "ident" else ""
    if name == "orientation":
        return word == ("portrait" if profile.height >= profile.width else "landscape")
    if name in _VALUES:
        return word == _VALUES[name]
    return None


def _number(name: str, nodes: Sequence[Node], profile: Profile) -> float | None:
    if name.endswith(("width", "height")):
        return length(nodes, profile)
    real = [node for node in nodes if node.type != "whitespace"]
    if name.endswith("aspect-ratio") and len(real) == 3 and real[1] == "/":  # noqa: PLR2004 - 16 / 9
        numbers = real[0].type == real[2].type == "number" and real[2].value
        return float(real[0].value / real[2].value) if numbers else None
    if len(real) != 1:
        return None
    if name != "resolution":
        return float(real[0].value) if real[0].type == "number" else None
    scales = {"dppx": 1.0, "x": 1.0, "dpi": 1 / 96, "dpcm": 2.54 / 96}
    scale = scales.get(real[0].lower_unit) if real[0].type == "dimension" else None
    return None if scale is None else real[0].value * scale


def _range(nodes: Sequence[Node], profile: Profile) -> Truth:
    """Tell whether `(400px <= width < 800px)` holds."""
    parts: list[list[Node]] = [[]]
    marks: list[str] = []
    for node in nodes:
        if node.type == "literal" and node.value in {"<", ">", "=", "<=", ">="}:
            if node.value == "=" and marks and not parts[-1]:
                marks[-1] += "="
            else:
                marks.append(node.value)
                parts.append([])
        else:
            parts[-1].append(node)
    names = [part[0].lower_value for part in parts if len(part) == 1 and part[0].type == "ident"]
    if len(names) != 1 or not 1 <= len(marks) <= 2 or not all(mark in _COMPARISONS for mark in marks):  # noqa: PLR2004
        return None
    found = _measured(names[0], profile)
    if found is None:
        return None
    numbers = [
        found if len(part) == 1 and part[0].type == "ident" else _number(names[0], part, profile) for part in parts
    ]
    compared = zip(numbers, marks, numbers[1:], strict=False)
    return all(a is not None and b is not None and _COMPARISONS[mark](a, b) for a, mark, b in compared)
