"""The viewport that a page names → the window in which a phone lays it out (CSS Viewport 1)."""

import functools
import re

import msgspec
from turbohtml import Document

from ssg.budget.values import PROFILES, Profile

WIDE = 980
"""The width in px that phones take for a page that names none."""

_PAIR = re.compile(r"([a-z-]+)\s*=\s*([^\s,;]+)")


def viewport(tree: Document) -> int:
    """Give the width in px that a page names in `<meta name=viewport>`; 0 for that of the device, and 980 for none.

    The last one counts. An `initial-scale` without a width is one of the device's width, if it is 1.
    """
    found = WIDE
    for one in tree.select("meta"):
        if (one.attr("name") or "").lower() == "viewport":
            found = _width(dict(_PAIR.findall((one.attr("content") or "").lower())))
    return found


def _width(named: dict[str, str]) -> int:
    width = named.get("width", "")
    if width == "device-width" or (not width and "initial-scale" in named):
        return 0
    digits = re.match(r"[0-9]{1,5}", width)
    return max(1, min(int(digits[0]), 10_000)) if digits else WIDE


def window(profile: Profile, width: int) -> Profile:
    """Give a device as it shows a page that names a width: the window keeps its shape, and the device its pixels."""
    if not profile.mobile or not width:
        return profile
    return msgspec.structs.replace(profile, width=width, height=round(profile.height * width / profile.width))


@functools.lru_cache(maxsize=16)
def windows(width: int) -> tuple[Profile, ...]:
    """Give all devices as they show a page that names a width."""
    return tuple(window(profile, width) for profile in PROFILES)
