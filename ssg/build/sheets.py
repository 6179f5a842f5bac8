"""Style sheets taken apart for critical CSS, each once for all pages and builds."""

from collections.abc import Callable

import msgspec

from ssg import optimize, render
from ssg.cache import Shelf
from ssg.digests import digest
from ssg.manifest import Asset, AssetManifest

_STYLES = "text/css"


def compiled(shelf: Shelf) -> Callable[[str], optimize.Sheet]:
    """Give what takes a sheet apart by its text, as an earlier build has where the store remembers it."""

    def take_apart(text: str) -> optimize.Sheet:
        name = f"sheet:{render.code()}:{digest(text.encode())}"
        stored = shelf.store.get([name]).get(name)
        if stored is not None:
            return msgspec.msgpack.decode(stored, type=optimize.Sheet)
        made = optimize.compile_sheet(text)
        shelf.store.put([(name, msgspec.msgpack.encode(made))])
        return made

    return take_apart


def packed(manifest: AssetManifest) -> list[Asset]:
    """Give the packed sheets of a site."""
    return [one for one in manifest.files if one.logical and one.media_type == _STYLES]
