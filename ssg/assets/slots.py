"""How wide images are shown, as in the attribute `sizes` → the widths in px that files of them are worth having."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from ssg.assets.lengths import length_in_px

# Windows that pages are read in, each as its width in CSS px, and how many pixels of the screen one of them has.
_SCREENS = ((360, 2.0), (412, 1.75), (412, 2.625), (768, 2.0), (1280, 1.0), (1440, 2.0), (1920, 1.0))
# Above this width in px nobody sees more, and every file costs much.
_WIDEST = 1920
# A width is left out where the next wider one is at the most so much wider: it serves as well.
_STEP = 1.25
_CONDITION = re.compile(r"\(\s*(?:(min|max)-width\s*:|width\s*(<=|>=|<|>|=))\s*([^<>=:]+)\)", re.IGNORECASE)
_LENGTH = re.compile(r"(?:calc|min|max|clamp)?\($", re.IGNORECASE)
_COMPARED: Mapping[str, Callable[[float, float], bool]] = {
    "min": lambda width, value: width >= value,
    ">=": lambda width, value: width >= value,
    ">": lambda width, value: width > value,
    "max": lambda width, value: width <= value,
    "<=": lambda width, value: width <= value,
    "<": lambda width, value: width < value,
    "=": lambda width, value: width == value,
}


def slot_widths(slots: Iterable[str]) -> tuple[int, ...]:
    """Give the widths in px, rising, that files of an image are worth having for the places where it is shown.

    Takes the widths of the places, each as the attribute `sizes` has it (WHATWG HTML, section 4.8.4.2.1); an empty one
    is `100vw`. For each of some common screens, a file is wide enough which has its pixels; a width that a wider one
    serves as well is left out. No width is above 1,920 px.

    Raises:
        ValueError: a length is in a unit that depends on more than the width of the window, or is none.
    """
    needed = {
        min(_WIDEST, max(1, -int(-shown * density // 1)))
        for slot in slots
        for window, density in _SCREENS
        for shown in _shown(slot or "100vw", float(window))
    }
    kept: list[int] = []
    for width in sorted(needed, reverse=True):
        if not kept or width * _STEP <= kept[0]:
            kept.insert(0, width)
    return tuple(kept)


def _shown(sizes: str, window: float) -> Iterator[float]:
    """Give how wide in CSS px an image is shown in a window; more than one where a condition asks for more than that.

    A browser takes the first entry whose condition holds, and where none does, the width of the window.
    """
    entries = [one.strip() for one in _split(sizes) if one.strip().lower() != "auto"]
    if not entries:
        raise ValueError("it says no width")
    for entry in entries:
        condition, length = _parted(entry)
        shown = length_in_px(length, window)
        holds = _holds(condition, window)
        if holds is not False:
            yield shown
        if holds:
            return
    yield window


def _split(sizes: str) -> Iterator[str]:
    """Give the entries between commas that are in no parentheses."""
    depth, entry = 0, ""
    for sign in sizes:
        depth += (sign == "(") - (sign == ")")
        if sign == "," and depth == 0:
            yield entry
            entry = ""
        else:
            entry += sign
    yield entry


def _parted(entry: str) -> tuple[str, str]:
    """Tell the condition of an entry from its length, the last word or function of it."""
    if not entry.endswith(")"):
        condition, _, length = entry.rpartition(" ")
        return condition.strip(), length
    depth = 0
    for place in range(len(entry) - 1, -1, -1):
        depth += (entry[place] == ")") - (entry[place] == "(")
        if depth == 0:
            found = _LENGTH.search(entry[: place + 1])
            start = found.start() if found is not None else place
            return entry[:start].strip(), entry[start:]
    raise ValueError(f'"{entry}" has more parentheses closed than open')


def _holds(condition: str, window: float) -> bool | None:
    """Tell whether a condition holds in a window; None where it asks for more than its width."""
    if not condition:
        return True
    for part in re.split(r"\s+and\s+", condition, flags=re.IGNORECASE):
        found = _CONDITION.fullmatch(part)
        if found is None:
            return None
        if not _COMPARED[(found[1] or found[2]).lower()](window, length_in_px(found[3], window)):
            return False
    return True
