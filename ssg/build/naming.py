"""Which line of a site names a file that a browser fetches: one of the page, of a template, or of a style sheet."""

import functools
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

import msgspec

from ssg.budget.values import Fetch
from ssg.build.scene import Scene
from ssg.config import FILE, place
from ssg.errors import Location
from ssg.listing import discover_files
from ssg.manifest import Asset
from ssg.model import File, PageBody

_CODE = (".css", ".js", ".mjs")


class _Text(NamedTuple):
    path: str
    text: str


class Names:
    """The files of a site as its authors name them, set up once for all pages that are looked at."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self.manifest = scene.manifest
        self._base = scene.config.site.base_path
        self._bundles = {url: key for key, url in scene.manifest.bundles.items()}

    def asset(self, url: str) -> Asset | None:
        """Give the published file that answers a request."""
        cdn = self.manifest.cdn
        path = unquote((url.removeprefix(cdn) if cdn else url).partition("?")[0])
        found = self.manifest.find(path.removeprefix(self._base)) if self._base else None
        return found or self.manifest.find(path)

    def bundle(self, asset: Asset) -> tuple[str, str] | None:
        """Give the kind and the name of the bundle that a file is."""
        kind, slash, name = self._bundles.get(asset.written, "").partition("/")
        return (kind, name) if slash else None

    def place(self, fetch: Fetch, source: str, body: PageBody | None) -> Location:
        """Give the line that names a file for a page, which is made from `source`; line 0 of the file where none is.

        Looks into what fetches it, the page's Markdown, its front matter, the templates, sheets and scripts, and
        `site.toml`, in that order.
        """
        asset = self.asset(fetch.url) if not fetch.third_party else None
        names = _names(fetch.url, asset)
        if asset is not None and (known := self.bundle(asset)) is not None:
            return place(self._scene.inputs.root, ("bundles", known[0]), known[1])
        if fetch.via:
            via = self.asset(fetch.via)
            found = next(_lines(self._behind(via), names), None)
            if found is not None:
                return found
        for link in body.content.links if body is not None else ():
            if link.line and any(urlsplit(link.url).path.endswith(name) for name in names):
                return Location(source, link.line)
        found = next(_lines(self._texts(source), names), None)
        return found or Location(self.source(asset) if asset is not None else source)

    def rule(self, name: str) -> Location | None:
        """Give the line of a style sheet of the site or its theme where rules begin so: `.card`, `@font-face`."""
        # A minifier takes white space and quotes out.
        spaced = r"[\s\"']*".join(re.escape(part) for part in re.findall(r"[\w-]+|\S", name))
        pattern = re.compile(rf"(?<![\w.#-]){spaced}(?![\w-])")
        for one in self.sheets:
            found = pattern.search(one.text)
            if found is not None:
                return Location(one.path, one.text.count("\n", 0, found.start()) + 1)
        return None

    @functools.cached_property
    def files(self) -> Mapping[str, File]:
        """The files in `assets/` of the site and its themes by the URL that authors write; the site's own count first.

        Their paths are those that messages have of templates: below the site folder.
        """
        labels = {folder: f"themes/{Path(folder).name}/" for folder in self._scene.theme.folders}
        return {
            f"/assets/{one.name}": msgspec.structs.replace(one, path=f"{label}{one.path}")
            for folder, label in (*labels.items(), (self._scene.inputs.root, ""))
            for one in discover_files(folder, "assets").files
        }

    @functools.cached_property
    def sheets(self) -> tuple[_Text, ...]:
        """The style sheets in `assets/`."""
        return tuple(self._code(".css"))

    def source(self, asset: Asset) -> str:
        """Give the path of what a published file is made from, below the site folder, in a theme too."""
        own = self.files.get(asset.written)
        return own.path if own is not None else asset.source

    def _code(self, *endings: str) -> Iterator[_Text]:
        for one in self.files.values():
            if one.name.endswith(endings):
                yield _Text(one.path, _read(Path(one.file)))

    def _behind(self, asset: Asset | None) -> Iterator[_Text]:
        """Give the texts that a sheet or script is made from: of a bundle, those that may be in it."""
        if asset is None:
            return
        own = self.files.get(asset.written)
        if own is not None:
            yield _Text(own.path, _read(Path(own.file)))
        yield from self._code(*_CODE)

    def _texts(self, source: str) -> Iterator[_Text]:
        root = Path(self._scene.inputs.root)
        if source.endswith((".md", ".html", ".htm")):
            yield _Text(source, _read(root / source))
        seen: set[str] = set()
        for one in self._scene.theme.templates:
            if one.path not in seen:
                seen.add(one.path)
                yield _Text(one.path, one.text)
        yield from self._code(*_CODE)
        yield _Text(FILE, _read(root / FILE))


def _names(url: str, asset: Asset | None) -> tuple[str, ...]:
    """Give what an author may have written for a file, the most telling first."""
    if asset is None:
        parts = urlsplit(url)
        return (url, f"//{parts.netloc}{parts.path}", parts.netloc) if parts.netloc else (url,)
    written = asset.written.removeprefix("/assets/").lstrip("/")
    return tuple(filter(None, dict.fromkeys((written, asset.source.rpartition("/")[2]))))


def _lines(texts: Iterable[_Text], names: tuple[str, ...]) -> Iterator[Location]:
    """Give the line of each text that has one of some names, the first of them that it has."""
    for one in texts:
        for name in names:
            found = re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w-])", one.text)
            if found is not None:
                yield Location(one.path, one.text.count("\n", 0, found.start()) + 1)
                break


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:  # it went away after the build
        return ""
