"""All that a build takes, and all that it gives, as values."""

import itertools
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from ssg.build.choices import Choices
from ssg.build.first import First
from ssg.build.survey import Survey
from ssg.cache import Reason, Stamps, Tally
from ssg.config import Config
from ssg.memory import Memory, NullMemory
from ssg.model import File, Inputs, Page, Query, Ref, Release, Site

if TYPE_CHECKING:
    from ssg.build.scene import Scene


class Take(msgspec.Struct, frozen=True):
    """All that a build takes; `stamps` tell which of the files that were found are known to be the same as before.

    A process that builds again and again has a `memory` of its last build. A build that goes `on` from that neither
    looks for the release of an earlier build, which took other files, nor keeps its own. `first` are the documents that
    somebody waits for: they are made, by themselves, before many others are.
    """

    inputs: Inputs
    config: Config
    choices: Choices
    files: Survey
    stamps: Stamps
    memory: Memory = NullMemory()
    on: bool = False
    first: First | None = None

    @property
    def digests(self) -> dict[str, str]:
        """The digest of each file, by where it lies; an empty one where it is not known to be the same as before.

        What the last build knew of a file with this stamp is known still.
        """
        files = list(self.files.files)
        last: tuple[Sequence[File], Sequence[str]] = self.memory.get("digests", ()) or ((), ())
        before = itertools.chain(zip(*last, strict=True), itertools.repeat((None, "")))
        digests = [
            mark if file is one and mark else self.stamps.digest(file.file, file.stamp)
            for file, (one, mark) in zip(files, before, strict=False)
        ]
        self.memory.keep("digests", (), (files, digests))
        return dict(zip((file.file for file in files), digests, strict=True))


def beside_name(path: str) -> str:
    """Give the name in `Made.kept` of a file beside the output folder, which no file below that has."""
    return f"../{path}"


Taken: TypeAlias = Mapping[str, tuple[str, bytes]]
"""Facts of pages for budgets, by path, each with the digest of the page that they are of."""


class Made(msgspec.Struct, frozen=True):
    """A release with what it came from.

    `kept` is where those of its files lie in the store that were made now, by path. `pages` are all, shown or not.
    `reasons` say why documents were rendered, by URL. `clock` has the questions about the time that templates asked.
    `digests` are those of the files that were read. `pure` is whether nothing but the files and the clock decides the
    release. `site` is what it was rendered from, `templates` are the names of those that the theme has,
    `scene` is all that rendering read, `taken` are the facts of the pages that were rendered now.
    """

    release: Release
    kept: Mapping[str, Ref]
    pages: tuple[Page, ...]
    reasons: Mapping[str, Reason]
    clock: frozenset[Query]
    digests: Mapping[str, str]
    tally: Tally
    pure: bool
    site: Site
    templates: tuple[str, ...]
    scene: "Scene | None"
    taken: Taken
