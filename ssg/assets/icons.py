"""One image → the icons of an app, and the manifest that names them (Web Application Manifest, W3C)."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

from ssg.assets.images import ImageProbe, probe_image
from ssg.assets.vips import encoder
from ssg.config import PwaConfig, SiteConfig
from ssg.errors import Diagnostic, Location, error
from ssg.routes import TOUCH_ICON

SMALLEST = 512
"""How many px wide and high an image must be that icons are made from."""

# A system cuts a maskable icon into any shape that holds the circle around its middle with two fifths of its side as
# radius (section 1.6.3): a square that lies in it has a side of 0.8 / √2.
_SAFE = 0.56


class Icon(NamedTuple):
    """An icon: its side in px, the part of it that the image takes, and whether the rest of it is filled."""

    side: int
    share: float = 1
    filled: bool = False


ICONS: Mapping[str, Icon] = {
    "/assets/app-icon-192.png": Icon(192),
    "/assets/app-icon-512.png": Icon(512),
    "/assets/app-icon-maskable-192.png": Icon(192, _SAFE, filled=True),
    "/assets/app-icon-maskable-512.png": Icon(512, _SAFE, filled=True),
    TOUCH_ICON: Icon(180, 0.8, filled=True),
}
"""The icons by the URL that an author would write; the small maskable one is what phones fetch with a first page."""


def make_icons(path: str, body: bytes, background: str) -> dict[str, bytes] | Diagnostic:
    """Give all icons of an image as PNG, by URL; `background` fills those that must not be seen through, `#rrggbb`.

    An image that is not square stands in the middle. Equal images give equal bytes. What is too small, damaged or no
    image gives an error.

    Raises:
        RuntimeError: this process was forked from one that has worked on pixels.
    """
    if not path.lower().endswith(".svg") and (wrong := _unfit(path, body)) is not None:
        return wrong
    vips = encoder()
    color = [int(background[place : place + 2], 16) for place in (1, 3, 5)]
    try:
        return {url: _icon(vips, body, one, color) for url, one in ICONS.items()}
    except vips.Error:
        hint = "save it again, as an SVG or a PNG"
        return error("icon", "is a damaged or incomplete image: no icons can be made from it", Location(path), hint)


def _unfit(path: str, body: bytes) -> Diagnostic | None:
    """Say why no icons can be made from an image of pixels."""
    probe = probe_image(path, body)
    hint = f"draw it as an SVG, or save it with at least {SMALLEST} px on each side"
    if isinstance(probe, ImageProbe):
        if min(probe.width, probe.height) >= SMALLEST:
            return None
        message = f"is {probe.width} by {probe.height} px, too small for the icons of an app"
        return error("icon", message, Location(path), hint)
    if probe is None:
        return error("icon", "is no image that icons can be made from", Location(path), hint)
    return error("icon", probe.message, Location(path), hint)


def _icon(vips: Any, body: bytes, icon: Icon, color: list[int]) -> bytes:
    inner = round(icon.side * icon.share)
    image = vips.Image.thumbnail_buffer(body, inner, height=inner, size="both", output_profile="srgb")
    if image.interpretation != "srgb":
        image = image.colourspace("srgb")
    image = image if image.hasalpha() else image.addalpha()
    image = image.gravity("centre", icon.side, icon.side, extend="background", background=[0, 0, 0, 0])
    if icon.filled:
        image = image.flatten(background=color)
    made: bytes = image.cast("uchar").write_to_buffer(".png", keep="none", compression=9, filter="all")
    return made


def web_manifest(site: SiteConfig, pwa: PwaConfig, addresses: Mapping[str, str]) -> bytes:
    """Give the manifest of a site as an app, in JSON; `addresses` has the published URLs of its icons.

    The id of the app, which browsers know it by, is the address of the first page: it stays over all releases.
    """
    home = f"{site.base_path}/"
    name = pwa.name or site.title or pwa.short_name
    told: dict[str, object] = {
        "name": name,
        "short_name": pwa.short_name or name,
        "description": site.description,
        "lang": site.language,
        "id": home,
        "start_url": home,
        "scope": home,
        "display": pwa.display,
        "theme_color": pwa.theme_color,
        "background_color": pwa.background_color,
        "icons": [_told(url, addresses[url]) for url in ICONS if url != TOUCH_ICON],
    }
    return msgspec.json.encode({key: value for key, value in told.items() if value})


def _told(url: str, address: str) -> dict[str, str]:
    side = ICONS[url].side
    return {
        "src": address,
        "sizes": f"{side}x{side}",
        "type": "image/png",
        "purpose": "maskable" if "-maskable-" in url else "any",
    }
