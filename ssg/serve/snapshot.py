"""What a preview shows at one moment."""

from collections.abc import Callable

import msgspec

from ssg.config import Config
from ssg.errors import Diagnostic, has_errors
from ssg.model import Ref
from ssg.serve.published import Published

Read = Callable[[Ref], bytes]
"""Gives the bytes of a reference, or raises OSError where they are gone. May be called from any thread."""


class Weighed(msgspec.Struct, frozen=True):
    """What is known of the weight of a release, asked for in any thread.

    `bar` gives the JSON of `ssg.budget.bar.Bar` for a readable URL path, None where there is no such page; `report` the
    HTML of the whole report.
    """

    bar: Callable[[str], bytes | None]
    report: Callable[[], bytes]


class Snapshot(msgspec.Struct, frozen=True, kw_only=True):
    """The last good release with a way to read its bytes, and how the last build went.

    `published` is None until a build has succeeded. `config` is the newest configuration that could be read; after a
    failure it may be newer than the release. `rendered` is the number of pages that the last build rendered. `weighed`
    is None where budgets are off.
    """

    published: Published | None = None
    read: Read | None = None
    config: Config = Config()
    diagnostics: tuple[Diagnostic, ...] = ()
    rendered: int = 0
    weighed: Weighed | None = None

    @property
    def failed(self) -> bool:
        """Whether the last build had errors: what is published is older then."""
        return has_errors(self.diagnostics)

    @property
    def digest(self) -> str:
        """The digest of what is published, or `none`."""
        return self.published.digest if self.published is not None else "none"


class Asked(msgspec.Struct, frozen=True):
    """What a build is told: the paths that were saved since the last one, and the URL paths that browsers show.

    `show` takes a snapshot with the pages of those, where they are ready long before all others.
    """

    changed: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    show: Callable[[Snapshot], None] | None = None


Rebuild = Callable[[Asked], Snapshot]
"""Builds the site as it is now."""
