"""What follows from names and places: made again only where one of these is another.

A build in a process that remembers the last one finds most names as they were. The work here grows with all pages of a
site, and what it gives depends on little of each.
"""

from bisect import bisect
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec

from ssg import content, output
from ssg.build.parsing import Parsed
from ssg.build.setting import Setting
from ssg.digests import digest
from ssg.errors import Diagnostic
from ssg.listing import Files
from ssg.manifest import AssetManifest
from ssg.model import Artifact, Page, Release


def discover(found: Files, setting: Setting) -> content.Found:
    """Tell the content of a site apart, by the names of its files."""
    names = [file.path for file in found.files], [file.file for file in found.files]
    key = (*names, found.diagnostics, setting.config.content.dir, setting.config.tongues)
    return setting.memory.recall("found", key, lambda: content.discover(found, setting.config))


class Standing(NamedTuple):
    """Where the pages stand in a site, and a digest that names all that this follows from."""

    placed: content.Placed
    name: str


def place(parsed: Parsed, found: content.Found, visibility: content.Visibility, setting: Setting) -> Standing:
    """Place pages in a site: as before, where what places them is the same and no moment has come for one of them."""
    marks = [one.placed for one in parsed.marks]
    moments = setting.memory.recall("moments", marks, lambda: _moments(parsed.pages))
    told = msgspec.msgpack.encode(setting.config)
    key = (marks, found, told, bisect(moments, visibility.now), visibility.drafts, visibility.future)

    def make() -> Standing:
        placed = content.place(parsed.pages, found, setting.config, visibility)
        return Standing(placed, digest(msgspec.msgpack.encode(key)))

    return setting.memory.recall("standing", key, make)


def _moments(pages: Sequence[Page]) -> Sequence[datetime]:
    """Give the moments at which pages appear or go."""
    return sorted({moment for page in pages for moment in (page.date, page.expires) if moment is not None})


def publish(
    documents: Sequence[Artifact],
    manifest: AssetManifest,
    said: Iterable[Diagnostic],
    setting: Setting,
    *,
    strict: bool,
) -> Release:
    """Put a release together, in the order of before where every file has its name and source of before."""
    finished = [*documents, *map(output.published, manifest.files)]
    paths, sources = [one.path for one in finished], [one.source for one in finished]
    order = setting.memory.recall(
        "order", (paths, sources), lambda: output.arrange_files(list(zip(paths, sources, strict=True)))
    )
    return output.assemble(finished, order, said, strict=strict)
