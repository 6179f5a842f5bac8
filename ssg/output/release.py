"""Everything that is published, as one value."""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from ssg.errors import Diagnostic, Location, arrange, error
from ssg.manifest import Asset
from ssg.model import Artifact, Document, Ref, Release
from ssg.routes import SEARCH_INDEX
from ssg.urls import media_type

_RENAME = "rename one of them, or give one another slug"


def artifact_path(url: str) -> str:
    """Give the path below the output folder where a URL's bytes lie: `/a/` is `a/index.html`."""
    path = url.lstrip("/")
    return f"{path}index.html" if not path or path.endswith("/") else path


def artifact(document: Document, body: Ref, digest: str) -> Artifact:
    """Give a refined document as a finished file; its bytes lie at `body`."""
    path = artifact_path(document.url)
    told = document.source, document.diagnostics, document.inlined
    return Artifact(path, body, digest, media_type(path), *told)


def indexed(path: str, body: Ref, digest: str) -> Artifact:
    """Give a file of the search index, by its path below the folder of the index, as a finished file."""
    place = SEARCH_INDEX.lstrip("/") + path
    return Artifact(place, body, digest, media_type(place), SEARCH_INDEX)


def published(asset: Asset) -> Artifact:
    """Give an asset as a finished file."""
    path = artifact_path(asset.url)
    return Artifact(path, Ref(asset.file, asset.offset, asset.size), asset.digest, media_type(path), asset.source)


class Order(msgspec.Struct, frozen=True):
    """In which order finished files are published, by their positions, how many are pages, and where they collide."""

    order: tuple[int, ...]
    pages: int
    diagnostics: tuple[Diagnostic, ...]


def arrange_files(named: Sequence[tuple[str, str]]) -> Order:
    """Put finished files in order; takes the path of each and what it was made from.

    Two files at one path, or a file where another needs a folder, are errors that name both.
    """
    order = sorted(range(len(named)), key=named.__getitem__)
    said = tuple(_collisions([named[number] for number in order]))
    return Order(tuple(order), sum(path.endswith(".html") for path, _ in named), said)


def assemble(finished: Sequence[Artifact], order: Order, diagnostics: Iterable[Diagnostic], *, strict: bool) -> Release:
    """Put a release together: finished files in order, and all diagnostics of the run."""
    said = [*diagnostics, *order.diagnostics]
    for one in finished:
        if one.diagnostics:
            said += one.diagnostics
    return Release(tuple(map(finished.__getitem__, order.order)), arrange(said, strict=strict), order.pages)


def _collisions(named: Sequence[tuple[str, str]]) -> Iterator[Diagnostic]:
    """Find files at one path, and files where another needs a folder; both owners are named, a source file first."""
    owners: dict[str, str] = {}
    for path, source in named:
        first = owners.setdefault(path, source)
        if first != source:
            where, other = sorted((source, first), key=lambda one: (one.startswith("/"), one))
            other = f"the generated {other}" if other.startswith("/") else other
            url = "/" + path.removesuffix("index.html")
            yield error("path", f"is published at {url}, and so is {other}", Location(where), _RENAME)
    for path, source in named:
        folder = path.rpartition("/")[0]
        while folder:
            if folder in owners:
                message = f"is published at /{folder}, which must be a folder for {source}"
                yield error("path", message, Location(owners[folder]), _RENAME)
            folder = folder.rpartition("/")[0]
