"""The parts of HTTP that decide what of a file is sent (RFC 9110)."""

import re
from collections.abc import Sequence

import msgspec

_RANGE = re.compile(r"\s*(\d*)\s*-\s*(\d*)\s*", re.ASCII)
# More digits than any file has bytes; int() of unbounded text is slow.
_DIGITS = 18


class Span(msgspec.Struct, frozen=True):
    """A run of bytes of a file: the first and, not in it, the one after the last."""

    start: int
    stop: int


class Unsatisfiable(msgspec.Struct, frozen=True):
    """A range that lies outside of the file."""


def matches(header: str, etag: str) -> bool:
    """Tell whether `If-None-Match` names an entity tag, by weak comparison (section 13.1.2)."""
    if header.strip() == "*":
        return True
    return etag in re.findall(r'"[^"]*"', header)


def span(header: str, size: int) -> Span | Unsatisfiable | None:
    """Read a `Range` header for a file of `size` bytes (section 14.2).

    None means the whole file: another unit than bytes, several ranges, or a header that is not valid; a server may
    ignore each of them.
    """
    unit, _, ranges = header.partition("=")
    found = _RANGE.fullmatch(ranges)
    if unit.strip().lower() != "bytes" or found is None:
        return None
    first, last = found[1], found[2]
    if max(len(first), len(last)) > _DIGITS or not (first or last):
        return None
    if not first:  # the last bytes
        length = min(int(last), size)
        return Span(size - length, size) if length else Unsatisfiable()
    if last and int(last) < int(first):
        return None
    if int(first) >= size:
        return Unsatisfiable()
    return Span(int(first), min(int(last) + 1, size) if last else size)


def preferred(header: str, encodings: Sequence[str]) -> str:
    """Choose among the encodings that a file has, best first, by `Accept-Encoding` (section 12.5.3).

    The quality that a browser gives decides, then the order; `identity`, which every file has, is last.
    """
    weights = _weights(header)
    rest = weights.get("*", 0.0)
    best, quality = "identity", 0.0
    for encoding in encodings:
        weight = weights.get(encoding, rest)
        if weight > quality:
            best, quality = encoding, weight
    return best if quality >= weights.get("identity", 0.0) else "identity"


def _weights(header: str) -> dict[str, float]:
    weights: dict[str, float] = {}
    for part in header.split(","):
        name, _, parameter = part.partition(";")
        key, _, value = parameter.partition("=")
        try:
            weight = float(value) if key.strip().lower() == "q" else 1.0
        except ValueError:
            weight = 0.0
        if name.strip():
            weights[name.strip().lower()] = weight
    return weights
