"""A part of a figure and what could be done about it → a cause with the change that brings most."""

from collections.abc import Sequence

import msgspec

from ssg.budget.values import BYTES, Cause, Verdict
from ssg.errors import Location


class Change(msgspec.Struct, frozen=True):
    """What an author can do, in words, and what that saves: bytes in the measure of the limit, requests, elements."""

    advice: str
    saving: int
    requests: int = 0
    elements: int = 0


def keeps(verdict: Verdict, change: Change) -> bool:
    """Tell whether a change alone brings a figure below its limit."""
    if verdict.below:
        return False
    counted = change.elements if verdict.key == "dom-nodes" else change.requests
    less = change.saving if verdict.unit == BYTES else counted
    return less > 0 and verdict.found - less <= verdict.limit


def cause_of(what: str, where: Location, size: int, changes: Sequence[Change], verdict: Verdict) -> Cause:
    """Give a part of a figure, in bytes, as a cause: with the first change that is enough, else the largest.

    Changes are in the order in which an author would like them.
    """
    useful = [one for one in changes if one.saving > 0]
    enough = next((one for one in useful if keeps(verdict, one)), None)
    chosen = enough or max(useful, key=lambda one: one.saving, default=Change("", 0))
    return Cause(what, where.path, where.line, size, chosen.advice, chosen.saving, enough is not None)


def elements_cause(what: str, where: Location, elements: int, changes: Sequence[Change], verdict: Verdict) -> Cause:
    """Give a part of the number of elements as a cause: with the first change that is enough, else the largest."""
    useful = [one for one in changes if one.elements > 0]
    enough = next((one for one in useful if keeps(verdict, one)), None)
    chosen = enough or max(useful, key=lambda one: one.elements, default=Change("", 0))
    return Cause(
        what,
        where.path,
        where.line,
        0,
        chosen.advice,
        0,
        enough is not None,
        elements=elements,
        fewer=chosen.elements,
    )
