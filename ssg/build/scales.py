"""A release → what its pages weigh, as a browser sees them; rows of pages are weighed again where that may differ."""

import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import unquote, urlsplit

import msgspec

from ssg.budget.addresses import path_of
from ssg.budget.graph import Weigher
from ssg.budget.page import read_page
from ssg.budget.values import PROFILES, Fetch, File, Kind, Phase, Sizes, Weight
from ssg.build.code import everything
from ssg.cache import Shelf, by_row
from ssg.config import Config
from ssg.digests import digest
from ssg.manifest import HASHED
from ssg.model import Artifact, Ref, Release
from ssg.urls import uri
from ssg.workers import Workers

HTML_TYPE = "text/html"
"""The media type of pages."""

_INDEX = "index.html"
# A browser asks for the first unless a page names another; the second is what it gets where that is not there.
_ICON, _MISSING = "/favicon.ico", "/404.html"
_SHOWN = frozenset((Kind.CSS, Kind.JS, Kind.FONT, Kind.IMAGE))


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


class _Shown(msgspec.Struct, frozen=True, array_like=True):
    """What pages are shown with, by URL path, and all files that decided it, with their marks."""

    paths: tuple[str, ...]
    asked: Mapping[str, str]


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


def weigh_release(release: Release, world: World, workers: Workers, shelf: Shelf) -> tuple[Weight, ...]:
    """Weigh all pages of a release under every profile, in the order of profiles; their URLs are without the base path.

    The weights of pages are remembered in rows, by the bytes of the pages, and of all files that their weights follow
    from: those that a browser fetches for them, and those that it would if they were there.
    """
    pages = [one for one in release.artifacts if one.media_type == HTML_TYPE]
    about = digest(msgspec.msgpack.encode((everything(), world.base_path, world.origins)))
    rows = list(by_row(pages, [one.path for one in pages]).values())
    names = [f"weights:{digest(msgspec.msgpack.encode((about, *map(_told, row))))}" for row in rows]
    known = dict(_known(names, world, shelf))
    rest = [(name, row) for name, row in zip(names, rows, strict=True) if name not in known]
    scales = _Scales(world, shelf)
    sizes = [len(row) for _, row in rest]
    for made in workers.map(functools.partial(_weigh_rows, scales), rest, "budget", sizes):
        shelf.store.put(made)
        known.update((name, msgspec.msgpack.decode(row, type=_Row)) for name, row in made)
    return tuple(weight for name in names for weight in _whole(known[name]))


def world_of(release: Release, config: Config) -> World:
    """Give the files of a release as browsers ask for them: those on a CDN at both addresses."""
    base, cdn = uri(unquote(config.site.base_path)), config.assets.cdn.rstrip("/")
    address = urlsplit(config.site.base_url)
    origins = tuple(filter(None, (f"{address.scheme}://{address.netloc}" if address.netloc else "", cdn)))
    files: dict[str, _Body] = {}
    for one in release.artifacts:
        path = requested(one.path)
        body = _Body(one.body, one.media_type, _sizes(one), one.digest, one.source)
        files[base + path] = body
        if cdn and path.startswith(HASHED):
            files[path] = body
    return World(base, origins, files)


def shown_with(pages: Iterable[Artifact], world: World, shelf: Shelf) -> set[str]:
    """Give the URL paths of the style sheets, scripts, fonts and images that pages of a release are shown with.

    What waits for a reader, and what is another host's, is not among them; files that are no pages bring nothing. It is
    remembered by the bytes of the pages, and of all files that decide it.
    """
    wanted = [one for one in pages if one.media_type == HTML_TYPE]
    told = everything(), world.base_path, world.origins, [(one.path, one.digest) for one in wanted]
    name = f"shown:{digest(msgspec.msgpack.encode(told))}"
    stored = shelf.store.get([name]).get(name)
    if stored is not None:
        known = msgspec.msgpack.decode(stored, type=_Shown)
        if all(_mark(world, path) == mark for path, mark in known.asked.items()):
            return set(known.paths)
    scales = _Scales(world, shelf)
    urls = [world.base_path + requested(one.path) for one in wanted]
    bodies = (shelf.get(one.body).decode("utf-8-sig", "replace") for one in wanted)
    facts = [read_page(text, url, world.origins) for text, url in zip(bodies, urls, strict=True)]
    found = [scales.weigher.weigh(one, profile).fetches for one in facts for profile in PROFILES]
    paths = {path for fetches in found for path in _shown(fetches) if path in world.files}
    # A page is its own first fetch: another one decides nothing but by what it names.
    asked = _asked((fetches[1:] for fetches in found), world)
    shelf.store.put([(name, msgspec.msgpack.encode(_Shown(tuple(sorted(paths)), asked)))])
    return paths


def _shown(fetches: Sequence[Fetch]) -> Iterator[str]:
    """Give the URL paths of what is seen of a page or runs in it; icons that an app's manifest brings do not."""
    others = {one.url for one in fetches if one.kind is Kind.OTHER}
    for one in fetches:
        wanted = not one.third_party and one.phase is not Phase.LAZY and one.kind in _SHOWN
        if wanted and one.via not in others:
            yield path_of(one.url)


def requested(path: str) -> str:
    """Give the URL path of a request, percent-encoded, for a file by its path below the output folder."""
    return uri("/" + (path.removesuffix(_INDEX) if f"/{path}".endswith(f"/{_INDEX}") else path))


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


def _weigh_rows(scales: _Scales, rows: Sequence[tuple[str, Sequence[Artifact]]]) -> list[tuple[str, bytes]]:
    return [(name, msgspec.msgpack.encode(_weigh_row(scales, pages))) for name, pages in rows]


def _weigh_row(scales: _Scales, pages: Iterable[Artifact]) -> _Row:
    table: dict[tuple[Fetch, ...], int] = {}
    made: list[_Page] = []
    base = scales.world.base_path
    for one in pages:
        url = base + requested(one.path)
        text = scales.shelf.get(one.body).decode("utf-8-sig", "replace")
        facts = read_page(text, url, scales.world.origins)
        for profile in PROFILES:
            weight = scales.weigher.weigh(facts, profile)
            first, *rest = weight.fetches
            number = table.setdefault(tuple(rest), len(table))
            short = msgspec.structs.replace(weight, url=weight.url[len(base) :], fetches=(first,))
            made.append(_Page(short, number))
    return _Row(tuple(table), tuple(made), _asked(table, scales.world))


def _asked(table: Iterable[tuple[Fetch, ...]], world: World) -> Mapping[str, str]:
    """Give the files that decide weights: each that is fetched, or would be, says what is fetched in turn."""
    paths = {path_of(fetch.url) for fetches in table for fetch in fetches if not fetch.third_party}
    if _ICON in paths:
        paths.add(_MISSING)
    return {path: _mark(world, path) for path in sorted(paths)}


def _whole(row: _Row) -> Iterator[Weight]:
    for one in row.pages:
        yield msgspec.structs.replace(one.weight, fetches=(*one.weight.fetches, *row.fetches[one.rest]))
