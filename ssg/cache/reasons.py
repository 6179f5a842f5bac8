"""Why a result was made again, as values that say so in a sentence."""

import msgspec

from ssg.model import Query


class New(msgspec.Struct, frozen=True, tag=True):
    """There was no result of that name."""

    def __str__(self) -> str:
        return "it was not built before"


class SourceChanged(msgspec.Struct, frozen=True, tag=True):
    """The item's own source is another one."""

    def __str__(self) -> str:
        return "its source changed"


class VersionChanged(msgspec.Struct, frozen=True, tag=True):
    """The code that makes results is another one, or its configuration."""

    def __str__(self) -> str:
        return "ssg, a library or the configuration changed"


class AnswerChanged(msgspec.Struct, frozen=True, tag=True):
    """A question that its making asked has another answer now."""

    query: Query

    def __str__(self) -> str:
        return f"{' '.join(map(str, self.query))} changed"


Reason = New | SourceChanged | VersionChanged | AnswerChanged
