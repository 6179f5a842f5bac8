"""Files that are published as they are → warnings where they name an asset, which has another name when published."""

from collections.abc import Iterator

import msgspec

from ssg import assets
from ssg.build.setting import Setting
from ssg.digests import digest
from ssg.errors import Diagnostic, Location, warning
from ssg.manifest import Asset, AssetManifest
from ssg.model import Ref
from ssg.versions import form


def check_copied(manifest: AssetManifest, setting: Setting) -> Iterator[Diagnostic]:
    """Tell of the files of `static/`, and those beside pages, that name an asset as its author does.

    What a file names is remembered by its digest.
    """
    if not manifest.urls:
        return
    files = [one for one in manifest.files if not one.logical and assets.may_name_assets(one.url)]
    keys = [_key(one) for one in files]
    known = dict(setting.shelf.store.get(keys))
    made: list[tuple[str, bytes]] = []
    base = setting.config.site.base_path
    for one, key in zip(files, keys, strict=True):
        if key not in known:
            body = setting.shelf.get(Ref(one.file, one.offset, one.size))
            known[key] = msgspec.msgpack.encode(assets.named_assets(body))
            made.append((key, known[key]))
        for line, url in msgspec.msgpack.decode(known[key], type=tuple[tuple[int, str], ...]):
            found = manifest.find(url.removeprefix(base) if url.startswith(f"{base}/assets/") else url)
            if found is not None and found.logical and found.url != url:
                message = f'names "{url}", whose published name holds a digest'
                hint = "this file is copied as it is: move it to assets/, or that one to static/"
                yield warning("copied", message, Location(one.source, line), hint)
    setting.shelf.store.put(made)


def _key(asset: Asset) -> str:
    return f"names:{digest(msgspec.msgpack.encode((form(), assets.version(), asset.digest)))}"
