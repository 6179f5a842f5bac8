"""One figure held against its limit."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from ssg.budget.matching import Decided
from ssg.budget.sums import LABELS
from ssg.budget.values import Figure, Level
from ssg.config import Limit, unit_of

_NONE = Limit()


class Reading(NamedTuple):
    """A figure under one profile; `rank` is how sure it is, a position in `LABELS`."""

    profile: str
    amount: float
    rank: int = 0


class Judged(NamedTuple):
    """A figure, judged; sorts the worst first. `level` is None where it is not over; `below` is one under the least."""

    order: tuple[int, float, str]
    figure: Figure
    level: Level | None
    below: Reading | None


def judge(key: str, decided: Decided | None, measure: str, readings: Sequence[Reading]) -> Judged:
    """Hold the highest of some readings against the limit of a key, and the lowest against its least."""
    worst = readings[0]
    for one in readings:
        if one.amount > worst.amount:
            worst = one
    limit = decided.limit if decided is not None else _NONE
    found, warn, most, least = worst.amount, limit.warn, limit.error, limit.least
    level = None
    if most is not None and found > most:
        level = Level.ERROR
    elif warn is not None and found > warn:
        level = Level.WARN
    below = min(readings, key=_amount) if least is not None else None
    if below is not None and least is not None and below.amount >= least:
        below = None
    figure = Figure(
        key,
        worst.profile,
        found,
        unit_of(key),
        warn,
        most,
        least,
        LABELS[worst.rank],
        decided.rule if decided is not None else "",
        measure,
    )
    rank = -2 if below is not None or level is Level.ERROR else -1 if level is Level.WARN else 0
    bound = most if most is not None else warn
    part = 0.0 if bound is None else found / bound if bound else (math.inf if found else 0.0)
    return Judged((rank, -part, key), figure, level, below)


def _amount(reading: Reading) -> float:
    return reading.amount
