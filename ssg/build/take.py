"""All that a build takes, and all that it gives, as values."""

from collections.abc import Mapping

import msgspec

from ssg.build.choices import Choices
from ssg.build.survey import Survey
from ssg.cache import Reason, Stamps, Tally
from ssg.config import Config
from ssg.model import Inputs, Page, Query, Ref, Release


class Take(msgspec.Struct, frozen=True):
    """All that a build takes; `stamps` tell which of the files that were found are known to be the same as before."""

    inputs: Inputs
    config: Config
    choices: Choices
    files: Survey
    stamps: Stamps


class Made(msgspec.Struct, frozen=True):
    """A release with what it came from.

    `kept` is where those of its files lie in the store that were made now, by path. `pages` are all, shown or not.
    `reasons` say why documents were rendered, by URL. `clock` has the questions about the time that templates asked.
    `pure` is whether nothing but the files and the clock decides the release.
    """

    release: Release
    kept: Mapping[str, Ref]
    pages: tuple[Page, ...]
    reasons: Mapping[str, Reason]
    clock: frozenset[Query]
    tally: Tally
    pure: bool
