"""What a build shows and how strict it is."""

import msgspec


class Choices(msgspec.Struct, frozen=True):
    """The options of `ssg build` that are not configuration."""

    drafts: bool = False
    future: bool = False
    strict: bool = False
    cache: bool = True
    verify: bool = False
