"""A build as a whole: of the very same files as an earlier one it is a look-up, else all rooms take their turn."""

from collections.abc import Mapping

import msgspec

from ssg.build.choices import Choices
from ssg.build.survey import Recall, survey
from ssg.cache import Reason, Shelf, Stamps, Tally
from ssg.config import Config
from ssg.errors import has_errors
from ssg.model import Inputs, Release
from ssg.workers import Workers


class Built(msgspec.Struct, frozen=True):
    """A release, and how it came to be: why documents were rendered, by URL, and what the caches did."""

    release: Release
    reasons: Mapping[str, Reason]
    tally: Tally


def build(inputs: Inputs, config: Config, choices: Choices, workers: Workers, shelf: Shelf, stamps: Stamps) -> Built:
    """Turn a site folder into a release; the bytes of its documents lie on the shelf.

    Raises:
        ConfigError: what the configuration names cannot be loaded; what is wrong with the content is in it too.
        Lost: the store has lost bytes that it had; a build without it does not need them.
    """
    found = survey(inputs, config)
    recall = Recall(found, inputs, config, choices, stamps)
    known = recall.known(shelf)
    if known is not None:
        return Built(known, {}, Tally(hits=len(known.artifacts)))
    from ssg.build.contents import Take, assemble_release  # noqa: PLC0415 - all rooms: 150 ms, where there is work

    made = assemble_release(Take(inputs, config, choices, found, stamps), workers, shelf)
    if not has_errors(made.release.diagnostics):
        recall.keep(made.release, shelf, made.pages, made.clock, pure=made.pure)
    return Built(made.release, made.reasons, made.tally)
