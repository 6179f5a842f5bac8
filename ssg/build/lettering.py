"""Fonts that style sheets declare → their measures, remembered, and sheets with fallbacks for them."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from ssg import assets
from ssg.build.setting import Setting
from ssg.cache import Shelf
from ssg.digests import digest
from ssg.errors import Diagnostic
from ssg.manifest import Asset
from ssg.model import Ref
from ssg.versions import form


class Lettered(NamedTuple):
    """Style sheets with fallbacks for their fonts, and what is wrong with these."""

    sheets: Sequence[assets.Text]
    diagnostics: Sequence[Diagnostic]


class _Font(msgspec.Struct, frozen=True):
    """What is known of a font file: its measures, or what is wrong with it."""

    metrics: assets.FontMetrics | None = None
    diagnostic: Diagnostic | None = None


def fonts_of(files: Sequence[Asset], setting: Setting) -> Mapping[str, Asset]:
    """Give the fonts among published files that may need a fallback, by the URL that authors write."""
    fonts = [one for one in files if assets.is_font(one.written)] if setting.config.fonts.fallbacks else []
    return {one.written: one for one in fonts}


def letter(
    sheets: Sequence[assets.Text], fonts: Mapping[str, Asset], options: assets.Options, setting: Setting
) -> Lettered:
    """Give style sheets with a fallback for each font that they declare and that is among `fonts`."""
    declared = assets.declared_fonts(sheets, options)
    found = {url: _read(fonts[url], setting.shelf) for url in sorted(declared & fonts.keys())}
    metrics = {url: one.metrics for url, one in found.items() if one.metrics is not None}
    said = [one.diagnostic for one in found.values() if one.diagnostic is not None]
    return Lettered(assets.with_fallbacks(sheets, metrics, options), said)


def _read(font: Asset, shelf: Shelf) -> _Font:
    """Read a font file, unless an earlier build has read it."""
    told = msgspec.msgpack.encode((form(), assets.version(), font.source, font.digest))
    name = f"font:{digest(told)}"
    stored = shelf.store.get([name]).get(name)
    if stored is not None:
        return msgspec.msgpack.decode(stored, type=_Font)
    read = assets.read_metrics(font.source, shelf.get(Ref(font.file, font.offset, font.size)))
    found = _Font(diagnostic=read) if isinstance(read, Diagnostic) else _Font(metrics=read)
    shelf.store.put([(name, msgspec.msgpack.encode(found))])
    return found
