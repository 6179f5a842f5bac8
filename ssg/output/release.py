"""Everything that is published, as one value."""

from collections.abc import Iterable, Iterator, Sequence

from ssg.errors import Diagnostic, Location, arrange, error
from ssg.model import Artifact, AssetManifest, Document, Ref, Release
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
    return Artifact(path, body, digest, media_type(path), document.source, document.diagnostics)


def indexed(path: str, body: Ref, digest: str) -> Artifact:
    """Give a file of the search index, by its path below the folder of the index, as a finished file."""
    place = SEARCH_INDEX.lstrip("/") + path
    return Artifact(place, body, digest, media_type(place), SEARCH_INDEX)


def assemble(
    documents: Iterable[Artifact], manifest: AssetManifest, diagnostics: Iterable[Diagnostic], *, strict: bool
) -> Release:
    """Put a release together: finished documents, assets, and all diagnostics of the run.

    Two files at one path, or a file where another needs a folder, are errors that name both.
    """
    finished = list(documents)
    said = [*diagnostics, *(one for document in finished for one in document.diagnostics)]
    for asset in manifest.files:
        path = artifact_path(asset.url)
        finished.append(Artifact(path, Ref(asset.file, 0, asset.size), asset.digest, media_type(path), asset.source))
    finished.sort(key=lambda one: (one.path, one.source))
    said += _collisions(finished)
    pages = sum(one.path.endswith(".html") for one in finished)
    return Release(tuple(finished), arrange(said, strict=strict), pages)


def _collisions(artifacts: Sequence[Artifact]) -> Iterator[Diagnostic]:
    """Find files at one path, and files where another needs a folder; both owners are named, a source file first."""
    owners: dict[str, str] = {}
    for one in artifacts:
        first = owners.setdefault(one.path, one.source)
        if first != one.source:
            where, other = sorted((one.source, first), key=lambda source: (source.startswith("/"), source))
            other = f"the generated {other}" if other.startswith("/") else other
            url = "/" + one.path.removesuffix("index.html")
            yield error("path", f"is published at {url}, and so is {other}", Location(where), _RENAME)
    for one in artifacts:
        folder = one.path.rpartition("/")[0]
        while folder:
            if folder in owners:
                message = f"is published at /{folder}, which must be a folder for {one.source}"
                yield error("path", message, Location(owners[folder]), _RENAME)
            folder = folder.rpartition("/")[0]
