"""The files of a release as a browser asks for them."""

import functools
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from ssg.budget.addresses import path_of
from ssg.budget.graph import Weigher
from ssg.budget.values import Fetch, File, Sizes
from ssg.build.taking import base_of, origins_of, requested
from ssg.cache import Shelf
from ssg.config import Config
from ssg.manifest import HASHED
from ssg.model import Artifact, Ref, Release

HTML_TYPE = "text/html"
"""The media type of pages."""

# A browser asks for the first unless a page names another; the second is what it gets where that is not there.
_ICON, _MISSING = "/favicon.ico", "/404.html"


class World(msgspec.Struct, frozen=True):
    """The files of a release by the URL path of a request, percent-encoded.

    `origins` are what URLs of the site begin with where they are written in full: its own address, and that of its CDN.
    """

    base_path: str
    origins: tuple[str, ...]
    files: Mapping[str, Artifact]

    @property
    def pages(self) -> Iterator[tuple[str, Artifact]]:
        """The pages with their URLs without the base path, in the order of the release."""
        base = self.base_path
        for url, one in self.files.items():
            if one.media_type == HTML_TYPE and url.startswith(f"{base}/"):
                yield url[len(base) :], one

    def mark(self, url: str) -> str:
        """Tell a file as it is sent from any other; a file that is not there has no mark."""
        found = self.files.get(url)
        return mark_of(found) if found is not None else ""


class Scales:
    """A world set up for weighing, once in each process: another process takes it from the spool."""

    def __init__(self, world: World, shelf: Shelf, ref: Ref | None = None) -> None:
        """Take the files, and where their bytes lie; `ref` is where the world itself does, as it was sent."""
        self.world = world
        self.shelf = shelf
        self._ref = ref

    def __reduce__(self) -> tuple[Any, ...]:
        if self._ref is None:
            replace = msgspec.structs.replace
            files = {
                url: replace(one, diagnostics=(), inlined=(), delivery=None) for url, one in self.world.files.items()
            }
            self._ref = self.shelf.put(msgspec.msgpack.encode(replace(self.world, files=files)))
        return _scales, (self.shelf, self._ref)

    @functools.cached_property
    def weigher(self) -> Weigher:
        """What weighs pages of this world."""
        return Weigher(functools.cache(self._find), self.world.origins)

    def _find(self, url: str) -> File | None:
        """Give the file that answers a request."""
        found = self.world.files.get(url)
        if found is None:
            return None
        return File(url, found.media_type, sizes_of(found), lambda: self.shelf.get(found.body), found.source)


@functools.lru_cache(maxsize=1)
def _scales(shelf: Shelf, ref: Ref) -> Scales:
    return Scales(msgspec.msgpack.decode(shelf.get(ref), type=World), shelf, ref)


def world_of(release: Release, config: Config) -> World:
    """Give the files of a release as browsers ask for them: those on a CDN at both addresses."""
    base, cdn = base_of(config), config.assets.cdn.rstrip("/")
    files: dict[str, Artifact] = {}
    for one in release.artifacts:
        path = requested(one.path)
        files[base + path] = one
        if cdn and path.startswith(HASHED):
            files[path] = one
    return World(base, origins_of(config), files)


def sizes_of(artifact: Artifact) -> Sizes:
    """Give the sizes of a file as it is and in its encodings."""
    sizes = {one.encoding: one.body.size for one in artifact.variants}
    return Sizes(artifact.body.size, sizes.get("gzip"), sizes.get("br"))


def mark_of(artifact: Artifact) -> str:
    """Tell a file from any other, by its bytes and their number in its encodings."""
    return f"{artifact.digest} {' '.join([f'{one.encoding}={one.body.size}' for one in artifact.variants])}"


def asked_of(table: Iterable[tuple[Fetch, ...]], world: World) -> Mapping[str, str]:
    """Give the files that decide weights: each that is fetched, or would be, says what is fetched in turn."""
    paths = {path_of(fetch.url) for fetches in table for fetch in fetches if not fetch.third_party}
    if _ICON in paths:
        paths.add(_MISSING)
    return {path: world.mark(path) for path in sorted(paths)}
