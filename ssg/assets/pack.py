"""Which files are published, and where."""

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

import msgspec

from ssg.errors import Diagnostic, Location, error
from ssg.manifest import Asset, AssetManifest
from ssg.model import File, digest_file

PREFIX = "/assets/"
_IMAGES = (".avif", ".gif", ".heic", ".jpeg", ".jpg", ".png", ".svg", ".webp")


class Publication(msgspec.Struct, frozen=True):
    """A file that is to be published at a URL."""

    url: str
    file: File


def publications(
    theme: Sequence[File], site: Sequence[File], static: Sequence[File], beside: Iterable[tuple[File, str]]
) -> tuple[Publication, ...]:
    """Give every file with its URL, sorted by URL.

    Takes the assets of the theme and of the site (which take the place of the theme's of the same path), the static
    files, and the files beside pages with their URLs.
    """
    chosen = {file.name: file for file in theme} | {file.name: file for file in site}
    planned = [Publication(PREFIX + name, file) for name, file in chosen.items()]
    planned += [Publication(f"/{file.name}", file) for file in static]
    planned += [Publication(url, file) for file, url in beside]
    return tuple(sorted(planned, key=lambda one: (one.url, one.file.path)))


def pack(planned: Publication, known: str = "") -> Asset | Diagnostic:
    """Read one file for its size in bytes, its digest unless that is `known`, and an image's width and height.

    A file that cannot be read gives a diagnostic.
    """
    path, stamp = planned.file.path, planned.file.stamp
    image = path.lower().endswith(_IMAGES)
    if known and stamp is not None and not image:
        return Asset(planned.url, path, planned.file.file, stamp.size, known)
    try:
        with Path(planned.file.file).open("rb") as file:
            found = known or digest_file(file)
            size = file.seek(0, os.SEEK_END)
            shown = _shown_size(file) if image else (0, 0)
    except OSError as reason:
        message = f"cannot be read: {(reason.strerror or str(reason)).lower()}"
        return error("unreadable", message, Location(path), "make it readable, or move it out of the site")
    return Asset(planned.url, path, planned.file.file, size, found, *shown)


def _shown_size(file: BinaryIO) -> tuple[int, int]:
    """Give an image's width and height in px, turned as its EXIF says; 0 where the file does not tell."""
    import imagesize  # noqa: PLC0415 - for sites with images

    file.seek(0)
    try:
        width, height = map(int, imagesize.get(file))
    except Exception:  # noqa: BLE001 - a damaged image is published as it is
        return 0, 0
    return (width, height) if width > 0 and height > 0 else (0, 0)


def collect(assets: Iterable[Asset]) -> AssetManifest:
    """Give the manifest of packed files: logical paths of those below `/assets/`, and all of them by URL."""
    files = tuple(sorted(assets, key=lambda asset: (asset.url, asset.source)))
    urls: Mapping[str, str] = {
        asset.url.removeprefix(PREFIX): asset.url for asset in files if asset.url.startswith(PREFIX)
    }
    return AssetManifest(urls, files)
