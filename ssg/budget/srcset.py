"""The attributes `srcset` and `sizes` → the candidate that Chromium fetches on a device."""

import functools
import math
import re

import msgspec

from ssg.budget.conditions import holds
from ssg.budget.lengths import commas, length, values
from ssg.budget.values import Profile

_WHITE = " \t\n\f\r"
_INTEGER = re.compile(r"[0-9]+")
_NUMBER = re.compile(r"-?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")


class Candidate(msgspec.Struct, frozen=True, array_like=True):
    """An image of a `srcset`: its URL as written, and a width in px or a density; both None: a density of 1."""

    url: str
    width: int | None = None
    density: float | None = None


def parse_srcset(text: str) -> tuple[Candidate, ...]:
    """Give the candidates of a `srcset` in order (WHATWG HTML, section 4.8.4.2.1); wrong ones are left out."""
    found: list[Candidate] = []
    place = 0
    while True:
        while place < len(text) and text[place] in _WHITE + ",":
            place += 1
        start = place
        while place < len(text) and text[place] not in _WHITE:
            place += 1
        url = text[start:place]
        if not url:
            return tuple(found)
        descriptors: list[str] = []
        if url.endswith(","):
            url = url.rstrip(",")
        else:
            descriptors, place = _descriptors(text, place)
        candidate = _candidate(url, descriptors)
        if candidate is not None:
            found.append(candidate)


def _descriptors(text: str, place: int) -> tuple[list[str], int]:
    """Split what stands between a URL and the comma after it; commas in brackets do not count."""
    parts: list[str] = []
    now, depth = "", 0
    while place < len(text):
        char = text[place]
        place += 1
        if depth == 0 and char == ",":
            break
        if depth == 0 and char in _WHITE:
            parts += [now] if now else []
            now = ""
            continue
        depth = 1 if char == "(" else 0 if char == ")" else depth
        now += char
    return ([*parts, now] if now else parts), place


def _candidate(url: str, descriptors: list[str]) -> Candidate | None:
    width: int | None = None
    height: int | None = None
    density: float | None = None
    for one in descriptors:
        value, unit = one[:-1], one[-1]
        if unit == "w" and width is None and density is None and _INTEGER.fullmatch(value) and int(value) > 0:
            width = int(value)
        elif unit == "h" and height is None and density is None and _INTEGER.fullmatch(value) and int(value) > 0:
            height = int(value)
        elif unit == "x" and density is width is height is None and _NUMBER.fullmatch(value) and float(value) >= 0:
            density = float(value)
        else:
            return None
    return None if height is not None and width is None else Candidate(url, width, density)


@functools.lru_cache(maxsize=2048)
def source_size(text: str, profile: Profile, *, lazy: bool = False) -> tuple[float, bool]:
    """Give how wide an image is shown, in CSS px, by its attribute `sizes`, and whether that is sure.

    What is wrong is passed over, and without anything right it is the width of the viewport. `auto` counts for lazy
    images alone; there it needs a layout, so that what follows it, or the viewport, is an upper bound.
    """
    parts = commas(values(text))
    first = [node for node in parts[0] if node.type != "whitespace"] if parts else []
    automatic = len(first) == 1 and first[0].type == "ident" and first[0].lower_value == "auto"
    if automatic and not lazy:
        return float(profile.width), True  # Chromium 156 reads no further
    sure = not automatic
    for part in parts[1:] if automatic else parts:
        nodes = [node for node in part if node.type != "whitespace"]
        if not nodes:
            continue
        found = length([nodes[-1]], profile)
        if found is None:
            continue
        if len(nodes) == 1:
            return found, sure
        last = max(at for at, node in enumerate(part) if node is nodes[-1])
        met = holds("".join(node.serialize() for node in part[:last]), profile)
        if met is not False:
            return found, sure and met is True
    return float(profile.width), sure


def choose(candidates: tuple[Candidate, ...], fallback: str, size: float, density: float) -> str:
    """Give the URL, as written, that Chromium fetches: the first that is dense enough for the device, else the densest.

    `fallback` is the `src`, which counts as a candidate of density 1 unless there is one, or any width. `size` is the
    source size in CSS px, `density` that of the device. Where two have the same density, the first counts. Which one is
    fetched is up to browsers (WHATWG HTML, section 4.8.4.3.6). Chromium 156 was asked; older ones take the candidate
    before it if that is nearer, by the geometric mean of the two, so that for them this is an upper bound. Empty where
    there is nothing to fetch.
    """
    found: list[tuple[float, str]] = []
    for one in candidates:
        if one.width is not None:
            found.append((one.width / size if size > 0 else math.inf, one.url))
        else:
            found.append((1.0 if one.density is None else one.density, one.url))
    if fallback and not any(one.width is not None for one in candidates):
        found.append((1.0, fallback))
    if not found:
        return fallback
    most = max(value for value, _ in found)
    wanted = min((value for value, _ in found if value >= density), default=most)
    return next(url for value, url in found if value == wanted)
