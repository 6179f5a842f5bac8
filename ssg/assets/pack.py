"""Which files are published, and where."""

import io
import itertools
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

import msgspec

from ssg.assets.drawn import HEAD, drawn_size
from ssg.assets.texts import PREFIX, kind_of
from ssg.assets.values import fingerprinted
from ssg.digests import digest_file
from ssg.errors import Diagnostic, Location, error
from ssg.manifest import Asset, AssetManifest
from ssg.model import File, Ref

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
        return as_it_is(planned, stamp.size, known)
    try:
        with Path(planned.file.file).open("rb") as file:
            found = known or digest_file(file)
            size = file.seek(0, os.SEEK_END)
            shown = _shown_size(path, file) if image else (0, 0)
    except OSError as reason:
        message = f"cannot be read: {(reason.strerror or str(reason)).lower()}"
        return error("unreadable", message, Location(path), "make it readable, or move it out of the site")
    return as_it_is(planned, size, found, *shown)


def pack_made(planned: Publication, body: Ref, mark: str, read: Callable[[Ref], bytes]) -> Asset:
    """Give a file that was made, which lies at `body`; `mark` is its digest. Of an image, `read` gives the bytes."""
    image = planned.file.path.lower().endswith(_IMAGES)
    shown = _shown_size(planned.file.path, io.BytesIO(read(body))) if image else (0, 0)
    asset = as_it_is(planned, body.size, mark, *shown)
    return msgspec.structs.replace(asset, file=body.file, offset=body.offset)


def as_it_is(planned: Publication, size: int, mark: str, width: int = 0, height: int = 0) -> Asset:
    """Give a file as it is; below `/assets/` its digest is part of its name, where nothing more is done to it."""
    hashed = planned.url.startswith(PREFIX)
    url = fingerprinted(planned.url, mark) if hashed and not kind_of(planned.url) else planned.url
    return Asset(
        url, planned.file.path, planned.file.file, size, mark, width, height, logical=planned.url if hashed else ""
    )


def _shown_size(path: str, file: BinaryIO) -> tuple[int, int]:
    """Give an image's width and height in px, turned as its EXIF says; 0 where the file does not tell."""
    file.seek(0)
    if path.lower().endswith(".svg"):
        return drawn_size(file.read(HEAD))
    import imagesize  # noqa: PLC0415 - for sites with images

    try:
        width, height = map(int, imagesize.get(file))
    except Exception:  # noqa: BLE001 - a damaged image is published as it is
        return 0, 0
    return (width, height) if width > 0 and height > 0 else (0, 0)


def collect(assets: Iterable[Asset], bundles: Mapping[str, str], cdn: str) -> AssetManifest:
    """Give the manifest of packed files: those below `/assets/` by the path that authors write, and all of them."""
    files = tuple(sorted(assets, key=lambda asset: (asset.url, asset.source)))
    urls = {one.logical.removeprefix(PREFIX): one.url for one in files if one.logical}
    return AssetManifest(dict(sorted(urls.items())), files, bundles, cdn)


def collisions(planned: Sequence[Publication]) -> Iterator[Diagnostic]:
    """Find files below `/assets/` that are to be published at one URL: their digests would hide that."""
    for first, second in itertools.pairwise(planned):
        if first.url == second.url and first.url.startswith(PREFIX):
            message = f"is published at {first.url}, and so is {second.file.path}"
            yield error("path", message, Location(first.file.path), "rename one of them")
