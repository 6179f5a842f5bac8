"""A bundle, or a style sheet that imports others → what each of its files adds, by packing it without that file."""

import functools
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from ssg import assets
from ssg.build.ledgers import measured
from ssg.build.lettering import fonts_of, letter
from ssg.build.naming import Names
from ssg.build.packing import options_of, tools_of
from ssg.build.setting import Setting
from ssg.errors import Location
from ssg.manifest import Asset
from ssg.model import Ref

_SEVERAL = 2


class Member(msgspec.Struct, frozen=True):
    """A file that is packed into another: in words, where it lies, and what the other has less without it, in bytes."""

    what: str
    where: Location
    saving: int


class Members:
    """Packs the files of a site again, one left out; what that brings is kept for further pages with the same file."""

    def __init__(self, setting: Setting, names: Names) -> None:
        self._setting = setting
        self._names = names
        self._known: dict[tuple[str, int, str], tuple[Member, ...]] = {}

    def of(self, asset: Asset, size: int, measure: str) -> tuple[Member, ...]:
        """Give the files that are in a published one of `size` bytes in the measure; none where it is by itself.

        None, too, where packing it again gives other bytes: a tool of the site has had a hand in it.
        """
        key = (asset.url, size, measure)
        if key not in self._known:
            self._known[key] = tuple(self._weighed(asset, size, measure))
        return self._known[key]

    def paths(self, asset: Asset) -> tuple[str, ...]:
        """Give the paths of the files that a published one is packed from, below the site folder."""
        return tuple(self._names.files[url].path for url in self._inside(asset))

    def grown(self, asset: Asset, size: int, measure: str, before: Mapping[str, str]) -> tuple[Member, ...]:
        """Give those files in a published one whose change has made it grow, each with the bytes that it brought.

        `before` are the texts that they had, by path.
        """
        if not before or self._packed(asset, {}) != self._published(asset):
            return ()
        found = []
        for url in self._inside(asset):
            path = self._names.files[url].path
            if path in before:
                body = self._packed(asset, {url: before[path]})
                grown = size - measured(body, asset.media_type, measure, self._setting.config.output)
                name = path.rpartition("/")[2]
                found += [Member(name, Location(path), grown)] if grown > 0 else []
        return tuple(found)

    def _inside(self, asset: Asset) -> Mapping[str, str]:
        """Give the files that are packed into a published one by URL, with what is to stand in their place."""
        known = self._names.bundle(asset)
        found = dict(self._bundled(*known) if known is not None else self._imported(asset))
        return found or ({asset.written: ""} if asset.written in self._texts else {})

    def _weighed(self, asset: Asset, size: int, measure: str) -> Iterator[Member]:
        known = self._names.bundle(asset)
        left_out = dict(self._bundled(*known) if known is not None else self._imported(asset))
        if len(left_out) < _SEVERAL or self._packed(asset, {}) != self._published(asset):
            return
        name = f"the bundle {known[1]}.{known[0]}" if known is not None else asset.source.rpartition("/")[2]
        for url, text in left_out.items():
            body = self._packed(asset, {url: text})
            saved = size - measured(body, asset.media_type, measure, self._setting.config.output)
            path = self._names.files[url].path
            what = f"{path.rpartition('/')[2]} in {name}" if url != asset.written else f"the rules of {name} itself"
            yield Member(what, Location(path), max(0, saved))

    def _published(self, asset: Asset) -> bytes:
        return self._setting.shelf.get(Ref(asset.file, asset.offset, asset.size))

    def _bundled(self, kind: str, name: str) -> Iterator[tuple[str, str]]:
        """Give the members of a bundle by URL, each with what is to stand in its place."""
        config = self._setting.config.bundles
        for member in (config.css if kind == "css" else config.js).get(name, ()):
            if f"{assets.PREFIX}{member}" in self._texts:
                yield f"{assets.PREFIX}{member}", ""

    def _imported(self, asset: Asset) -> Iterator[tuple[str, str]]:
        """Give a sheet and those that it imports, each with what is to stand in its place."""
        own = self._texts.get(asset.written)
        imports = assets.imports_of(own) if own is not None and asset.written.endswith(".css") else ()
        found = [url for url, _ in imports if url in self._texts]
        if found:
            yield asset.written, "".join(f"{rule}\n" for _, rule in imports)
            yield from ((url, "") for url in found)

    @functools.cached_property
    def _texts(self) -> Mapping[str, assets.Text]:
        """The sheets and scripts of `assets/` as they are written."""
        return {
            url: assets.Text(url, file.path, Path(file.file).read_bytes())
            for url, file in self._names.files.items()
            if assets.kind_of(url) in {"css", "js"}
        }

    def _packed(self, asset: Asset, changed: Mapping[str, str]) -> bytes:
        """Pack a file again, with other texts for some of those that are in it; nothing where it comes to nothing."""
        setting, kind = self._setting, assets.kind_of(asset.written)
        options, texts = options_of(setting), self._texts
        others = [one for one in self._names.manifest.files if one.written not in texts]
        known = {one.written: one.url for one in others}
        given = [
            assets.Text(url, one.path, changed[url].encode() if url in changed else one.body)
            for url, one in texts.items()
            if assets.kind_of(url) == kind
        ]
        if kind == "js":
            options = msgspec.structs.replace(options, css={})
        else:
            options = msgspec.structs.replace(options, js={})
            given = [*letter(given, fonts_of(others, setting), options, setting).sheets]
        esbuild = assets.find_esbuild() if setting.config.assets.esbuild else None
        made = assets.pack_texts(given, known, options, tools_of(esbuild)).packed
        return next((one.body for one in made if one.asset.written == asset.written), b"")
