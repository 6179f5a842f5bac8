"""The site as an app: its icons and its web app manifest among the files that are published, before pages name them."""

import functools
from collections.abc import Mapping, Sequence

import msgspec

from ssg import assets
from ssg.build.packing import Packed
from ssg.build.setting import Setting
from ssg.cache import KeptFile, Shelf, recall_files
from ssg.config import PwaConfig, place
from ssg.errors import Diagnostic, Location, error
from ssg.manifest import Asset
from ssg.model import Ref
from ssg.routes import WEB_MANIFEST
from ssg.versions import form
from ssg.workers import Workers

_WRONG = "wrong"  # the name of what was said, in the place of icons


def with_app(packed: Packed, setting: Setting, workers: Workers) -> Packed:
    """Add the icons and the manifest of the site as an app to its files, where it is one.

    Icons are made once for the same image, in a process that may work on pixels, and remembered.
    """
    pwa = setting.config.pwa
    if pwa is None or pwa.remove:
        return packed
    found = packed.manifest.find(_written(pwa))
    if found is None or not found.logical:
        hint = 'name a file of assets/, like icon = "icon.svg"'
        message = f'icon in [pwa] is "{pwa.icon}", which is no file of assets/'
        return _failed(packed, error("config", message, place(setting.inputs.root, ("pwa",), "icon"), hint))
    taken = [packed.manifest.find(url) for url in assets.ICONS]
    if said := [_collision(one) for one in taken if one is not None]:
        return _failed(packed, *said)
    files = _icons(found, pwa, setting, workers)
    if files[0].path == _WRONG:
        return _failed(packed, msgspec.msgpack.decode(setting.shelf.get(files[0].body), type=Diagnostic))
    icons = [_asset(one, found.source, assets.ICONS[one.path].side) for one in files]
    addresses = {one.logical: packed.manifest.address(one, setting.config.site.base_path) for one in icons}
    text = assets.web_manifest(setting.config.site, pwa, addresses)
    [told] = recall_files(lambda: {WEB_MANIFEST: text}, b"webmanifest" + text, setting.shelf)
    manifest = Asset(WEB_MANIFEST, WEB_MANIFEST, told.body.file, told.body.size, told.digest, offset=told.body.offset)
    made = assets.collect([*packed.manifest.files, *icons, manifest], packed.manifest.bundles, packed.manifest.cdn)
    places = zip((*icons, manifest), (*files, told), strict=True)
    kept = {**packed.kept, **{asset.url.lstrip("/"): file.kept for asset, file in places}}
    return msgspec.structs.replace(packed, manifest=made, kept=kept)


def _written(pwa: PwaConfig) -> str:
    return f"{assets.PREFIX}{pwa.icon.removeprefix('/').removeprefix('assets/')}"


def _failed(packed: Packed, *said: Diagnostic) -> Packed:
    return msgspec.structs.replace(packed, diagnostics=(*packed.diagnostics, *said))


def _collision(asset: Asset) -> Diagnostic:
    message = f"has the name of an icon that [pwa] makes, {asset.logical}"
    return error("path", message, Location(asset.source), "rename it, or take [pwa] out")


def _icons(image: Asset, pwa: PwaConfig, setting: Setting, workers: Workers) -> tuple[KeptFile, ...]:
    """Give the icons of an image by the URLs that an author would write; in their place, what is wrong with it."""
    body = Ref(image.file, image.offset, image.size)
    told = form(), assets.picture_version(), image.source, image.digest, pwa.background_color
    make = functools.partial(_make, setting.shelf, image.source, pwa.background_color)

    def made() -> Mapping[str, bytes]:
        [files] = workers.map(make, [body], "icons", heavy=True)
        return files

    return recall_files(made, msgspec.msgpack.encode(told), setting.shelf)


def _make(shelf: Shelf, path: str, background: str, bodies: Sequence[Ref]) -> dict[str, bytes]:
    made = assets.make_icons(path, shelf.get(bodies[0]), background)
    return {_WRONG: msgspec.msgpack.encode(made)} if isinstance(made, Diagnostic) else made


def _asset(icon: KeptFile, source: str, side: int) -> Asset:
    url, body = assets.fingerprinted(icon.path, icon.digest), icon.body
    return Asset(url, source, body.file, body.size, icon.digest, side, side, logical=icon.path, offset=body.offset)
