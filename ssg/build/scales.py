"""A release → what its pages weigh, as a browser sees them; rows of pages are weighed again where that may differ."""

import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from ssg.budget.addresses import path_of
from ssg.budget.facts import PageFacts
from ssg.budget.graph import Weigher
from ssg.budget.page import read_page
from ssg.budget.values import PROFILES, Fetch, File, Sizes, Weight
from ssg.build.code import everything
from ssg.build.take import Taken
from ssg.build.taking import facts_of, origins_of, requested
from ssg.cache import Shelf, by_row
from ssg.config import Config
from ssg.digests import digest
from ssg.manifest import HASHED
from ssg.model import Artifact, Ref, Release
from ssg.workers import Workers

HTML_TYPE = "text/html"
"""The media type of pages."""

# A browser asks for the first unless a page names another; the second is what it gets where that is not there.
_ICON, _MISSING = "/favicon.ico", "/404.html"


class _Body(msgspec.Struct, frozen=True, array_like=True):
    """A file as it is sent: where its bytes lie, its sizes, and what it was made from."""

    body: Ref
    media_type: str
    sizes: Sizes
    digest: str
    source: str


class World(msgspec.Struct, frozen=True):
    """The files of a release by the URL path of a request, percent-encoded.

    `origins` are what URLs of the site begin with where they are written in full: its own address, and that of its CDN.
    """

    base_path: str
    origins: tuple[str, ...]
    files: Mapping[str, _Body]

    @property
    def pages(self) -> Mapping[str, str]:
        """What pages were made from, by their URLs without the base path, in the order of the release."""
        base = self.base_path
        found = {url: one.source for url, one in self.files.items() if one.media_type == HTML_TYPE}
        return {url[len(base) :]: source for url, source in found.items() if url.startswith(f"{base}/")}


class _Page(msgspec.Struct, frozen=True, array_like=True):
    """A weight whose files stand in a table for all pages of a row: `rest` is their number there."""

    weight: Weight
    rest: int


class _Row(msgspec.Struct, frozen=True, array_like=True):
    """The weights of pages; `asked` are all files that decided them beside the pages, by URL, with their marks."""

    fetches: tuple[tuple[Fetch, ...], ...]
    pages: tuple[_Page, ...]
    asked: Mapping[str, str]


class _Work(msgspec.Struct, frozen=True, array_like=True):
    """A row to be weighed: its name in the store, and its pages with their facts, where those are known."""

    name: str
    pages: Sequence[tuple[Artifact, bytes]]


class _Scales:
    """A world set up for weighing, once in each process: another process takes it from the spool."""

    def __init__(self, world: World, shelf: Shelf, ref: Ref | None = None) -> None:
        self.world = world
        self.shelf = shelf
        self._ref = ref
        self._files: dict[str, File | None] = {}

    def __reduce__(self) -> tuple[Any, ...]:
        if self._ref is None:
            self._ref = self.shelf.put(msgspec.msgpack.encode(self.world))
        return _scales, (self.shelf, self._ref)

    @functools.cached_property
    def weigher(self) -> Weigher:
        """What weighs pages of this world."""
        return Weigher(self.find, self.world.origins)

    def find(self, url: str) -> File | None:
        """Give the file that answers a request."""
        if url not in self._files:
            found = self.world.files.get(url)
            self._files[url] = self._file(url, found) if found is not None else None
        return self._files[url]

    def _file(self, url: str, found: _Body) -> File:
        return File(url, found.media_type, found.sizes, lambda: self.shelf.get(found.body), found.source)


@functools.lru_cache(maxsize=1)
def _scales(shelf: Shelf, ref: Ref) -> _Scales:
    return _Scales(msgspec.msgpack.decode(shelf.get(ref), type=World), shelf, ref)


def weigh_release(release: Release, world: World, workers: Workers, shelf: Shelf, taken: Taken) -> tuple[Weight, ...]:
    """Weigh all pages of a release under every profile, in the order of profiles; their URLs are without the base path.

    `taken` are facts of pages as `ssg.build.taking` gives them: other pages are read.

    The weights of pages are remembered in rows, by the bytes of the pages, and of all files that their weights follow
    from: those that a browser fetches for them, and those that it would if they were there.
    """
    pages = [one for one in release.artifacts if one.media_type == HTML_TYPE]
    about = digest(msgspec.msgpack.encode((everything(), world.base_path, world.origins)))
    rows = list(by_row(pages, [one.path for one in pages]).values())
    names = [f"weights:{digest(msgspec.msgpack.encode((about, *map(_told, row))))}" for row in rows]
    known = dict(_known(names, world, shelf))
    rest = [
        _Work(name, [(one, _taken(one, taken)) for one in row])
        for name, row in zip(names, rows, strict=True)
        if name not in known
    ]
    scales = _Scales(world, shelf)
    sizes = [len(row.pages) for row in rest]
    for made in workers.map(functools.partial(_weigh_rows, scales), rest, "budget", sizes):
        shelf.store.put(made)
        known.update((name, msgspec.msgpack.decode(row, type=_Row)) for name, row in made)
    return tuple(weight for name in names for weight in _whole(known[name]))


def world_of(release: Release, config: Config) -> World:
    """Give the files of a release as browsers ask for them: those on a CDN at both addresses."""
    base, cdn, origins = config.site.base_path, config.assets.cdn.rstrip("/"), origins_of(config)
    files: dict[str, _Body] = {}
    for one in release.artifacts:
        path = requested(one.path)
        body = _Body(one.body, one.media_type, _sizes(one), one.digest, one.source)
        files[base + path] = body
        if cdn and path.startswith(HASHED):
            files[path] = body
    return World(base, origins, files)


def _sizes(artifact: Artifact) -> Sizes:
    sizes = {one.encoding: one.body.size for one in artifact.variants}
    return Sizes(artifact.body.size, sizes.get("gzip"), sizes.get("br"))


def _told(artifact: Artifact) -> tuple[object, ...]:
    return artifact.path, artifact.digest, _sizes(artifact)


def _known(names: Sequence[str], world: World, shelf: Shelf) -> Iterator[tuple[str, _Row]]:
    """Give the rows that an earlier build has weighed, where the files that decided them are the same."""
    for name, kept in shelf.store.get(names).items():
        try:
            row = msgspec.msgpack.decode(kept, type=_Row)
        except msgspec.DecodeError:  # of another form
            continue
        if all(_mark(world, url) == mark for url, mark in row.asked.items()):
            yield name, row


def _mark(world: World, url: str) -> str:
    """Tell a file as it is sent from any other; a file that is not there has no mark."""
    found = world.files.get(url)
    return f"{found.digest} {found.sizes.gzip} {found.sizes.br}" if found is not None else ""


def _taken(page: Artifact, taken: Taken) -> bytes:
    """Give the facts of a page, if it is the same still; nothing where they are not known."""
    mark, facts = taken.get(page.path, ("", b""))
    return facts if mark == page.digest else b""


def _weigh_rows(scales: _Scales, rows: Sequence[_Work]) -> list[tuple[str, bytes]]:
    return [(row.name, msgspec.msgpack.encode(_weigh_row(scales, row.pages))) for row in rows]


def _weigh_row(scales: _Scales, pages: Iterable[tuple[Artifact, bytes]]) -> _Row:
    table: dict[tuple[Fetch, ...], int] = {}
    made: list[_Page] = []
    base = scales.world.base_path
    for one, taken in pages:
        facts = facts_of(taken, scales.shelf) if taken else _read(scales, one)
        for profile in PROFILES:
            weight = scales.weigher.weigh(facts, profile)
            first, *rest = weight.fetches
            number = table.setdefault(tuple(rest), len(table))
            short = msgspec.structs.replace(weight, url=weight.url[len(base) :], fetches=(first,))
            made.append(_Page(short, number))
    return _Row(tuple(table), tuple(made), _asked(table, scales.world))


def _read(scales: _Scales, page: Artifact) -> PageFacts:
    text = scales.shelf.get(page.body).decode("utf-8-sig", "replace")
    return read_page(text, scales.world.base_path + requested(page.path), scales.world.origins)


def _asked(table: Iterable[tuple[Fetch, ...]], world: World) -> Mapping[str, str]:
    """Give the files that decide weights: each that is fetched, or would be, says what is fetched in turn."""
    paths = {path_of(fetch.url) for fetches in table for fetch in fetches if not fetch.third_party}
    if _ICON in paths:
        paths.add(_MISSING)
    return {path: _mark(world, path) for path in sorted(paths)}


def _whole(row: _Row) -> Iterator[Weight]:
    for one in row.pages:
        yield msgspec.structs.replace(one.weight, fetches=(*one.weight.fetches, *row.fetches[one.rest]))
