"""An SVG drawing → how large it says that it is."""

import re
from xml.parsers import expat  # outer files are never read, and expat bounds what entities grow to

# Lengths that are the same everywhere, in px (CSS Values and Units 4, section 6.2).
_PX = {"": 1.0, "px": 1.0, "pt": 4 / 3, "pc": 16.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0}
_LENGTH = re.compile(r"\s*\+?(\d+\.?\d*(?:e[+-]?\d+)?|\.\d+)\s*(px|pt|pc|mm|cm|in)?\s*", re.IGNORECASE)
_SEPARATOR = re.compile(r"[\s,]+")
# More of a file is not read: what comes before the document's element is short.
HEAD = 1 << 16
"""How many bytes of a file `drawn_size` needs at the most."""


class _Found(Exception):  # noqa: N818 - it ends the parse
    """The start of the document's element, with its attributes."""


def drawn_size(head: bytes) -> tuple[int, int]:
    """Give width and height in px from the first bytes of an SVG file (SVG 2, section 8.10).

    Where one is missing, it follows from the `viewBox`. A drawing that says neither has no size of its own, and gives
    0: a browser shows it as wide as there is room. So does one that cannot be read.
    """
    parser = expat.ParserCreate()
    parser.StartElementHandler = _stop
    try:
        parser.Parse(head, False)  # noqa: FBT003 - expat takes no keywords
    except _Found as found:
        attributes: dict[str, str] = found.args[0]
        width, height = _px(attributes.get("width", "")), _px(attributes.get("height", ""))
        if not (width or height):
            return 0, 0
        ratio = _ratio(attributes.get("viewBox", ""))
        width, height = width or height * ratio, height or (width / ratio if ratio else 0.0)
        return (max(1, round(width)), max(1, round(height))) if width and height else (0, 0)
    except (expat.ExpatError, LookupError, ValueError):
        pass
    return 0, 0


def _stop(name: str, attributes: dict[str, str]) -> None:
    raise _Found(attributes if name.rpartition(":")[2] == "svg" else {})


def _px(length: str) -> float:
    """Give a length in px; 0 for one that depends on where the drawing stands, and for none."""
    found = _LENGTH.fullmatch(length)
    value = float(found[1]) * _PX[(found[2] or "").lower()] if found is not None else 0.0
    return value if value < 1e6 else 0.0  # noqa: PLR2004 - nothing is so large


def _ratio(box: str) -> float:
    """Give width by height of a `viewBox`; 0 for what is none."""
    try:
        _, _, width, height = map(float, _SEPARATOR.split(box.strip()))
    except ValueError:
        return 0.0
    return width / height if 0 < width < 1e6 and 0 < height < 1e6 else 0.0  # noqa: PLR2004 - as above
