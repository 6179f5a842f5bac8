"""How the stylesheets of a page are delivered: what is chosen, why, and what it costs."""

from collections.abc import Sequence
from enum import StrEnum

import msgspec

from ssg.optimize.critical.sheet import Sheet


class Limits(msgspec.Struct, frozen=True):
    """What the choice depends on.

    `inline` is how many bytes of CSS, uncompressed, stand in every page rather than in files. `share` is which part of
    its sheets a page may use before a critical part no longer pays: 0 to 1.
    """

    inline: int = 8_192
    share: float = 0.7


class Way(StrEnum):
    """A way of delivery."""

    INLINE = "inline"
    """All CSS stands in the page."""
    BLOCKING = "blocking"
    """The links stay as they are."""
    END = "end"
    """The critical part stands in the page, and the sheet is linked at the end of the body."""
    MEDIA = "media"
    """Each sheet has its critical part before it, and is fetched for print until it is there."""


class Part(msgspec.Struct, frozen=True):
    """A sheet that a page links to, and what of it is critical for the page: the text, and its bytes."""

    sheet: Sheet
    critical: str = ""
    size: int = 0


class Placement(msgspec.Struct, frozen=True):
    """A choice with its reason, for the report.

    `cold` is how many bytes of CSS, uncompressed, a reader's first page waits for before it is painted; `following` how
    many the next page of the same kind brings, when files are in the browser's cache.
    """

    way: Way
    reason: str
    cold: int
    following: int


def small(sheets: Sequence[Sheet], limits: Limits) -> bool:
    """Tell whether all sheets of a page may stand in it as they are."""
    return sum([one.size for one in sheets]) <= limits.inline and not any(one.unfit for one in sheets)


def placement(parts: Sequence[Part], fixed: str, repeated: int, limits: Limits) -> Placement:
    """Choose how the sheets of one page are delivered.

    Takes the sheets with their critical parts, why the sheet cannot follow at the end of the page (nothing where it
    can), the bytes of `<style>` elements that would have to stand there again, and the limits.
    """
    sheets = [part.sheet for part in parts]
    full, used = sum([one.size for one in sheets]), sum([part.size for part in parts])
    if small(sheets, limits):
        return Placement(Way.INLINE, f"all of it is small: {full} bytes", full, full)
    refusal = next(filter(None, [one.refusal for one in sheets]), "")
    if refusal:
        return Placement(Way.BLOCKING, refusal, full, 0)
    if used > limits.share * full:
        return Placement(Way.BLOCKING, f"the page uses {used} of {full} bytes", full, 0)
    if not fixed and any(one.rooted for one in sheets):
        fixed = "it has a scope that depends on its place"
    if not fixed and repeated > used:
        fixed = "more CSS follows it than the page uses of it"
    if fixed:
        return Placement(Way.MEDIA, fixed, used, used)
    return Placement(Way.END, "its place does not matter", used + repeated, used + repeated)
