"""A release as a server sees it: which file answers a URL."""

from typing import Final

import msgspec

from ssg.digests import digest
from ssg.model import Artifact, Release
from ssg.urls import uri

_FOUND, _MISSING, _MOVED_FOR_NOW, _MOVED = 200, 404, 307, 308


class Found(msgspec.Struct, frozen=True):
    """The file that answers a URL, with the status; without a file, a status alone."""

    status: int
    artifact: Artifact | None


class Moved(msgspec.Struct, frozen=True):
    """Another URL to ask for, a path that is percent-encoded."""

    status: int
    location: str


class Published:
    """A release below a base path, by URL.

    A URL names a file of the release or nothing: nothing else can be reached, whatever its path holds.
    """

    def __init__(self, release: Release, base_path: str) -> None:
        """Index a release; `base_path` is what all URLs begin with, without a final slash."""
        self.release: Final = release
        self.base_path: Final = base_path
        self.artifacts: Final = {artifact.path: artifact for artifact in release.artifacts}
        names = "\0".join((base_path, *self.artifacts, *(artifact.digest for artifact in release.artifacts)))
        self.digest: Final = digest(names.encode())
        """Names this release: equal releases at one base path have equal digests."""

    def find(self, path: str) -> Found | Moved:
        """Say what answers the path of a URL, which is given decoded.

        `/a/` is `a/index.html`; `/a` leads there where no file has that name (308, RFC 9110, section 15.4.9). Names
        that begin with a dot are no part of the site, but for `.well-known/` (RFC 8615).
        """
        base = self.base_path
        if base and path in {"/", base}:
            return Moved(_MOVED_FOR_NOW if path == "/" else _MOVED, uri(f"{base}/"))
        if not path.startswith(f"{base}/"):
            return self._missing("")
        name = path[len(base) + 1 :]
        if _hidden(name):
            return self._missing(name)
        artifact = self.artifacts.get(f"{name}index.html" if not name or name.endswith("/") else name)
        if artifact is not None:
            return Found(_FOUND, artifact)
        if f"{name}/index.html" in self.artifacts:
            return Moved(_MOVED, uri(f"{base}/{name}/"))
        return self._missing(name)

    def url(self, path: str) -> str:
        """Give the readable URL path of a file."""
        return f"{self.base_path}/{path}"

    def _missing(self, name: str) -> Found:
        """Give the nearest `404.html`, that of `fr/` for what is below `fr/`."""
        folder = name
        while folder:
            folder = folder.rpartition("/")[0]
            page = self.artifacts.get(f"{folder}/404.html" if folder else "404.html")
            if page is not None:
                return Found(_MISSING, page)
        return Found(_MISSING, self.artifacts.get("404.html"))


def _hidden(name: str) -> bool:
    first, _, rest = name.partition("/")
    parts = rest.split("/") if first == ".well-known" else name.split("/")
    return any(part.startswith(".") for part in parts)
