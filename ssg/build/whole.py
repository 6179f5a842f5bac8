"""A build as a whole: of the very same files as an earlier one it is a look-up, else all rooms take their turn."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec

from ssg.build.recall import Recall, read_all
from ssg.build.take import Take, Taken
from ssg.cache import Reason, Shelf, Stamps, Tally
from ssg.errors import has_errors
from ssg.model import Release, Site
from ssg.workers import Workers

if TYPE_CHECKING:
    from ssg.build.scene import Scene


class Built(msgspec.Struct, frozen=True):
    """A release, and how it came to be: why documents were rendered, by URL, and what the caches did.

    `stamps` are what is known of the files now. `name` names all that the release follows from; it is empty where that
    is not known. `site` is what it was rendered from, None where an earlier build did that, `templates` are
    the names of those that the theme has, `scene` is all that rendering read. `taken` are facts of pages that were
    rendered now.
    """

    release: Release
    reasons: Mapping[str, Reason]
    tally: Tally
    stamps: Stamps
    name: str = ""
    site: Site | None = None
    templates: tuple[str, ...] = ()
    scene: "Scene | None" = None
    taken: Taken = {}


def build(take: Take, workers: Workers, shelf: Shelf) -> Built:
    """Turn a site folder into a release; the bytes of its documents lie on the shelf.

    Raises:
        ConfigError: what the configuration names cannot be loaded; what is wrong with the content is in it too.
        Lost: the store has lost bytes that it had; a build without it does not need them.
    """
    stage = workers.timer.stage
    digests = take.digests
    before = Recall(take, digests)
    known = stage("recall", before.known)(shelf) if not take.on else None
    if known is not None:
        release, name = known
        return Built(release, {}, Tally(hits=len(release.artifacts)), take.stamps, name)
    from ssg.build.contents import assemble_release  # noqa: PLC0415 - all rooms: 150 ms, where there is work

    made = assemble_release(take, digests, workers, shelf)
    if take.on or has_errors(made.release.diagnostics):
        return Built(
            made.release,
            made.reasons,
            made.tally,
            _learned(take, made.digests),
            site=made.site,
            templates=made.templates,
            scene=made.scene,
            taken=made.taken,
        )
    digests = read_all(take.files.files, {**digests, **made.digests})
    after = Recall(take, digests)
    name = stage("keep", after.keep)(made, shelf)
    stamps = _learned(take, digests).only(digests)
    stamps.save(take.stamps)
    return Built(
        made.release, made.reasons, made.tally, stamps, name, made.site, made.templates, made.scene, made.taken
    )


def _learned(take: Take, read: Mapping[str, str]) -> Stamps:
    """Give what is known of files after a build that read those with these digests."""
    if not read:
        return take.stamps
    files = (file for file in take.files.files if file.file in read)
    return take.stamps.learn({file.file: (file.stamp, read[file.file]) for file in files})
