"""A build as a whole: of the very same files as an earlier one it is a look-up, else all rooms take their turn."""

from collections.abc import Mapping

import msgspec

from ssg.build.recall import Recall
from ssg.build.take import Take
from ssg.cache import Reason, Shelf, Tally
from ssg.errors import has_errors
from ssg.model import Release
from ssg.workers import Workers


class Built(msgspec.Struct, frozen=True):
    """A release, and how it came to be: why documents were rendered, by URL, and what the caches did."""

    release: Release
    reasons: Mapping[str, Reason]
    tally: Tally


def build(take: Take, workers: Workers, shelf: Shelf) -> Built:
    """Turn a site folder into a release; the bytes of its documents lie on the shelf.

    Raises:
        ConfigError: what the configuration names cannot be loaded; what is wrong with the content is in it too.
        Lost: the store has lost bytes that it had; a build without it does not need them.
    """
    recall = Recall(take)
    stage = workers.timer.stage
    known = stage("recall", recall.known)(shelf)
    if known is not None:
        return Built(known, {}, Tally(hits=len(known.artifacts)))
    from ssg.build.contents import assemble_release  # noqa: PLC0415 - all rooms: 150 ms, where there is work

    made = assemble_release(take, workers, shelf)
    if not has_errors(made.release.diagnostics):
        stage("keep", recall.keep)(made, shelf)
    return Built(made.release, made.reasons, made.tally)
