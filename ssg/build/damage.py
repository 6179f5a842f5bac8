"""What is said of a store that has lost something."""

from collections.abc import Iterable, Iterator

import msgspec

from ssg.cache import Tally
from ssg.errors import Diagnostic, Location, arrange, warning
from ssg.model import Release


def damage(tally: Tally) -> Iterator[Diagnostic]:
    """Say that entries of the store were damaged, where some were."""
    if tally.damaged:
        places = "one place" if tally.damaged == 1 else f"{tally.damaged} places"
        message = f"the store of earlier builds was damaged in {places}, and what they held was made again"
        yield warning("store", message, Location(".ssg"), "it is mended; if it happens again, look at the disk")


def told(release: Release, said: Iterable[Diagnostic]) -> Release:
    """Give a release with warnings that are not about the site: a strict build does not fail for them."""
    more = tuple(said)
    return msgspec.structs.replace(release, diagnostics=arrange((*release.diagnostics, *more))) if more else release
