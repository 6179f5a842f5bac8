"""Files that are published as they are → the asset manifest."""

import itertools
from collections.abc import Mapping, Sequence

import msgspec

from ssg import assets, render
from ssg.build.survey import Survey
from ssg.errors import Diagnostic
from ssg.listing import discover_files
from ssg.manifest import Asset, AssetManifest
from ssg.model import Site
from ssg.workers import Workers


class Packed(msgspec.Struct, frozen=True):
    """All files that are published as they are, their digests by where they lie, and what could not be read."""

    manifest: AssetManifest
    digests: Mapping[str, str]
    diagnostics: tuple[Diagnostic, ...]


def pack_all(
    found: Survey, theme: render.Theme | None, site: Site, digests: Mapping[str, str], workers: Workers
) -> Packed:
    """Pack the assets of the theme and the site, the static files, and those beside pages.

    A file of which the digest is known is not read for it.
    """
    of_themes = [discover_files(folder, "assets") for folder in (theme.folders if theme else ())]
    of_site, static = found.folders["assets"], found.folders["static"]
    files = found.content.files if site.files else ()
    placed = [(file, site.files[file.path]) for file in files if file.path in site.files]
    planned = assets.publications(
        [*itertools.chain(*(one.files for one in of_themes))], of_site.files, static.files, placed
    )
    work = [(one, digests.get(one.file.file, "")) for one in planned]
    packed = [one for chunk in workers.map(_pack_chunk, work, "assets") for one in chunk]
    manifest = assets.collect(one for one in packed if isinstance(one, Asset))
    said: list[Diagnostic] = [one for one in packed if isinstance(one, Diagnostic)]
    said += itertools.chain(*(one.diagnostics for one in (*of_themes, of_site, static)))
    return Packed(manifest, {one.file: one.digest for one in manifest.files}, tuple(said))


def _pack_chunk(work: Sequence[tuple[assets.Publication, str]]) -> list[Asset | Diagnostic]:
    return [assets.pack(planned, known) for planned, known in work]
