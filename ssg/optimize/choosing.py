"""An element and the rules that choose fonts → the font face that a browser fetches for its text."""

import re
from collections.abc import Iterable, Sequence

import tinycss2
from turbohtml import Element

from ssg.optimize.lettering import Choice, Web

_VARIABLE = re.compile(r"var\(\s*(--[\w-]+)\s*(?:,([^()]*))?\)")
_SIZES = frozenset(("xx-small", "x-small", "small", "medium", "large", "x-large", "xx-large", "smaller", "larger"))
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "th", "b", "strong"))
_UPWARD = frozenset(("inherit", "unset", "revert", "revert-layer"))
_NORMAL, _MEDIUM, _BOLD = 400, 500, 700
_DEEPEST = 10  # custom properties that read each other


class Styles:
    """What some rules say of the elements of one page."""

    def __init__(self, choices: Iterable[Choice]) -> None:
        """Take the declarations in the order in which they stand."""
        self._choices = tuple(choices)
        self._found: dict[Element, dict[str, str]] = {}

    def families(self, element: Element) -> tuple[str, ...]:
        """Give the families that an element asks for, in small letters, in their order."""
        value = self._inherited(element, "font-family")
        return tuple(" ".join(one.strip(" \"'\n").lower().split()) for one in value.split(",")) if value else ()

    def weight(self, element: Element) -> int:
        """Give the weight of an element's text, 1 to 1000; headings are bold unless a rule says more."""
        for one in (element, *_above(element)):
            value = self._own(one).get("font-weight", "").lower()
            if value and value not in _UPWARD:
                return int(value) if value.isdecimal() else _BOLD if value.startswith("bold") else _NORMAL
            if not value and one.tag in _HEADINGS:
                return _BOLD
        return _NORMAL

    def _inherited(self, element: Element, name: str) -> str:
        for one in (element, *_above(element)):
            value = self._own(one).get(name, "")
            if value and value.lower() not in _UPWARD:
                return value
        return ""

    def _own(self, element: Element) -> dict[str, str]:
        """Give what the rules set on an element itself, custom properties put in place."""
        if element not in self._found:
            best: dict[str, str] = {}
            matching = (one for one in self._choices if _matches(element, one.selector))
            for one in sorted(matching, key=lambda one: one.rank):  # of equal ranks, the last counts
                best[one.name] = one.value
                if one.name == "font":
                    best.pop("font-family", None)
                    best.pop("font-weight", None)
            self._found[element] = best
            for name in ("font", "font-family", "font-weight"):
                if name in best:
                    best[name] = self._resolved(element, best[name])
            if "font" in best:
                family, weight = _of_shorthand(best.pop("font"))
                best.setdefault("font-family", family)
                best.setdefault("font-weight", weight)
        return self._found[element]

    def _resolved(self, element: Element, value: str) -> str:
        for _ in range(_DEEPEST):
            found = _VARIABLE.search(value)
            if found is None:
                break
            put = self._inherited(element, found[1]) or (found[2] or "").strip()
            value = value[: found.start()] + put + value[found.end() :]
        return value


def _above(element: Element) -> Iterable[Element]:
    return (one for one in element.ancestors if isinstance(one, Element))


def _matches(element: Element, selector: str) -> bool:
    try:
        return bool(element.matches(selector))
    except ValueError:  # a pseudo-element, or what is newer than the parser
        return False


def _of_shorthand(value: str) -> tuple[str, str]:
    """Give family and weight of a `font` (CSS Fonts 4, section 4): the family is what follows the size."""
    tokens = [one for one in tinycss2.parse_component_value_list(value) if one.type != "whitespace"]
    weight = "normal"
    for number, one in enumerate(tokens):
        word = getattr(one, "lower_value", "")
        if one.type in {"dimension", "percentage", "function"} or word in _SIZES:
            rest = tokens[number + 1 :]
            rest = rest[2:] if rest and rest[0] == "/" else rest
            return tinycss2.serialize(rest), weight
        if word in {"bold", "bolder"} or one.type == "number":
            weight = str(one.int_value) if one.type == "number" else "bold"
    return "", ""


def choose(faces: Sequence[Web], families: Sequence[str], weight: int, text: str) -> Web | None:
    """Give the face that a browser takes for upright text; None where that may be a font of the reader's.

    Of the faces of the first family, those of the nearest weight (CSS Fonts 4, section 5.2), and of these the one with
    most of the characters of the text.
    """
    ours = [one for one in faces if families and one.family == families[0]]
    ours = [one for one in ours if not one.slanted] or ours
    if not ours:
        return None
    nearest = min((_distance(one, weight) for one in ours), default=(0, 0))
    last_first = [one for one in reversed(ours) if _distance(one, weight) == nearest]
    letters = [ord(letter) for letter in text if not letter.isspace()]
    covered = [sum(any(low <= one <= high for low, high in face.ranges) for one in letters) for face in last_first]
    return last_first[covered.index(max(covered))] if max(covered) else None


def _distance(face: Web, weight: int) -> tuple[int, int]:
    """Give how far the weight of a face is from the one that is asked for: the side that browsers look at, and by."""
    low, high = face.weights
    if low <= weight <= high:
        return 0, 0
    lighter = high < weight
    away = weight - high if lighter else low - weight
    if _NORMAL <= weight <= _MEDIUM:
        return (1 if low <= _MEDIUM and not lighter else 2 if lighter else 3), away
    return (1 if lighter == (weight < _NORMAL) else 2), away
