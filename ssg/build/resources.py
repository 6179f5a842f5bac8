"""What passes over HTML look up in the site: the file that a URL names, and its text; every question is recorded."""

import functools
import re
from collections.abc import Callable, Collection
from urllib.parse import unquote

from ssg import optimize, output
from ssg.cache import Shelf
from ssg.config import Config
from ssg.manifest import Asset, AssetManifest, Picture
from ssg.model import Delivery, Document, Query
from ssg.urls import media_type

_HOST = re.compile(r"https?://[^/]+")
_ASSETS = "/assets/"


class Resources:
    """The files of a site by the URLs that pages hold, set up once in each process."""

    def __init__(self, manifest: AssetManifest, config: Config, shelf: Shelf) -> None:
        self._manifest = manifest
        self._config = config
        self._shelf = shelf
        self._base_path = config.site.base_path
        host = _HOST.match(config.site.base_url)
        self._hosts = (host[0] if host else "", manifest.cdn)

    def context(
        self, document: Document, off: Collection[str], asked: set[Query], delivered: Callable[[Delivery], None]
    ) -> optimize.Context:
        """Give what the passes know of a document beside its tree; what they ask is added to `asked`.

        `delivered` takes how its style sheets are delivered.
        """

        def find(written: str) -> optimize.Resource | None:
            url = self.path(written)
            if not url:
                return None
            asked.add(("resource", url))
            asset = self._manifest.find(url)
            return self._resource(asset) if asset is not None else None

        def read(written: str) -> str | None:
            url = self.path(written)
            if not url:
                return None
            asked.add(("content", url))
            return self._text_at(url)

        def image(written: str) -> optimize.ImageSet | None:
            url = self.path(written)
            if not url:
                return None
            asked.add(("image", url))
            asset = self._manifest.find(url)
            return self._image(asset) if asset is not None else None

        return optimize.Context(document.url, document.source, self._config, off, find, read, image, delivered)

    def path(self, written: str) -> str:
        """Give the readable path, from the root of the site, of a URL that stands in a page; empty for another site's.

        `/assets/` is that of the site, below its base path, too. Query and fragment do not count.
        """
        for host in self._hosts:
            if host and written.startswith(f"{host}/"):
                written = written[len(host) :]
        if not written.startswith("/") or written.startswith("//"):
            return ""
        path = unquote(written.partition("?")[0].partition("#")[0])
        if self._base_path and path.startswith(f"{self._base_path}/"):
            return path[len(self._base_path) :]
        return path if not self._base_path or path.startswith(_ASSETS) else ""

    @functools.lru_cache(maxsize=4096)  # noqa: B019 - as long as the scene, which is one in each process
    def _resource(self, asset: Asset) -> optimize.Resource:
        imported = (self._manifest.find(url) for url in asset.imports)
        modules = tuple(self._manifest.address(one, self._base_path) for one in imported if one is not None)
        written = asset.written
        path = written.removeprefix(_ASSETS) if written.startswith(_ASSETS) else ""
        address = self._manifest.address(asset, self._base_path)
        return optimize.Resource(address, path, asset.source, asset.integrity, modules)

    @functools.lru_cache(maxsize=4096)  # noqa: B019 - as above
    def _image(self, asset: Asset) -> optimize.ImageSet:
        picture = asset.picture or Picture()
        made: dict[str, list[optimize.Candidate]] = {asset.media_type: []}
        for one in filter(None, map(self._manifest.find, picture.variants)):
            address = self._manifest.address(one, self._base_path)
            made.setdefault(one.media_type, []).append(optimize.Candidate(address, one.width))
        own = made.pop(asset.media_type)
        if picture.original and asset.width:
            own.append(optimize.Candidate(self._manifest.address(asset, self._base_path), asset.width))
        sources = tuple(optimize.ImageSource(kind, tuple(found)) for kind, found in made.items())
        return optimize.ImageSet(asset.width, asset.height, sources, tuple(own), picture.color)

    @functools.lru_cache(maxsize=256)  # noqa: B019 - as above
    def _text_at(self, url: str) -> str | None:
        asset = self._manifest.find(url)
        return self.text(asset) if asset is not None and _is_text(asset) else None

    @functools.lru_cache(maxsize=64)  # noqa: B019 - as above
    def text(self, asset: Asset) -> str:
        """Give the text of a file."""
        return self._shelf.get(output.published(asset).body).decode(errors="replace")


def _is_text(asset: Asset) -> bool:
    known = media_type(asset.url)
    return known.startswith("text/") or known.endswith(("javascript", "json", "xml"))
