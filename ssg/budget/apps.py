"""The files of a site that is an app → what they have a browser fetch: a service worker, a web app manifest."""

import re
from collections.abc import Iterator

import msgspec

from ssg.budget.addresses import resolve

# How a service worker of ssg's begins.
_LISTED = re.compile(r'const FILES=(\[(?:"/[^"\\\]]*",?)*\]),VERSION="')
_SIZE = re.compile(r"([0-9]{1,5})[xX]\1")
# The least side in px of the icon that Chromium fetches to see whether an app can be installed
# (components/webapps, installable_evaluator.cc).
_SIDE = 144


class _Icon(msgspec.Struct, frozen=True):
    src: str
    sizes: str = ""
    purpose: str = "any"


class _Manifest(msgspec.Struct, frozen=True):
    icons: tuple[_Icon, ...] = ()


def listed_files(worker: str) -> tuple[str, ...]:
    """Give the URL paths that a service worker of ssg's fetches ahead; others say that in no known form."""
    found = _LISTED.match(worker)
    return msgspec.json.decode(found[1], type=tuple[str, ...]) if found is not None else ()


def manifest_icons(manifest: str, url: str, origins: tuple[str, ...], *, mobile: bool) -> tuple[str, ...]:
    """Give the icons that a browser fetches with a manifest: one, and on Android perhaps a maskable one in its place.

    It is the smallest that is large enough. `url` is that of the manifest, which others are relative to.
    """
    try:
        icons = msgspec.json.decode(manifest, type=_Manifest).icons
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        return ()
    purposes = ("any", "maskable") if mobile else ("any",)
    best = (min(_offers(icons, purpose, url, origins), default=None) for purpose in purposes)
    return tuple(dict.fromkeys(one[1] for one in best if one is not None))


def _offers(icons: tuple[_Icon, ...], purpose: str, url: str, origins: tuple[str, ...]) -> Iterator[tuple[int, str]]:
    """Give the icons of a purpose that are large enough, with their sides in px; a drawing has any."""
    for one in icons:
        target = resolve(one.src, url, origins) if purpose in (one.purpose.lower().split() or ["any"]) else ""
        for size in one.sizes.lower().split() if target else ():
            found = _SIZE.fullmatch(size)
            side = _SIDE if size == "any" else int(found[1]) if found is not None else 0
            if side >= _SIDE:
                yield side, target
