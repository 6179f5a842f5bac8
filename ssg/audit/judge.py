"""What was measured, held against limits: sizes and counts hard, times with a slack."""

import math
from collections.abc import Mapping, Sequence

from ssg.audit.measure import figures
from ssg.audit.values import Measured
from ssg.budget.matching import Decided
from ssg.budget.values import Level, Verdict
from ssg.config import Limit, unit_of

SLACK = 20
"""Per cent that a time may be over its limit before it is an error: so much the same page differs between runs."""
_TIMES = ("fcp", "lcp", "tbt")
_MUST = (*_TIMES, "cls")

DEFAULTS: Mapping[str, Decided] = {
    key: Decided(Limit(warn=warn, error=error), "the defaults of ssg audit", own=False)
    for key, warn, error in (
        ("lcp", 2500, None),
        ("fcp", 1800, None),
        ("tbt", 200, None),
        ("cls", 0.1, 0.25),
    )
}
"""Where figures cease to be good by web.dev: warnings, since a machine is not a reader's. A layout shift, which is the
same everywhere, is an error where it is poor."""


def judge(page: Measured, path: str, limits: Mapping[str, Decided], slack: int) -> tuple[Verdict, ...]:
    """Hold a page against its limits, by key; those of `DEFAULTS` hold where there is no other.

    A time is an error only where it is over its limit by more than `slack` per cent; up to there it is a warning. A
    time or shift that has a limit and was not measured is an error: then `found` is infinite.
    """
    measured = figures(page)
    verdicts: list[Verdict] = []
    for key, decided in sorted({**DEFAULTS, **limits}.items()):
        found = measured.get(key, math.inf if key in _MUST else None)
        if found is None or decided.limit.off:
            continue
        level, bound, below = _level(found, decided.limit, slack if key in _TIMES else 0)
        if level is not None:
            verdicts.append(
                Verdict(
                    url=path,
                    source="",
                    key=key,
                    profile=page.profile,
                    level=level,
                    found=found,
                    limit=bound,
                    unit=unit_of(key),
                    rule=decided.rule,
                    below=below,
                )
            )
    return tuple(verdicts)


def _level(found: float, limit: Limit, slack: int) -> tuple[Level | None, float, bool]:
    """Give how bad a figure is, the limit that it does not keep, and whether that is a least one."""
    if limit.error is not None and found > limit.error * (1 + slack / 100):
        return Level.ERROR, limit.error, False
    if limit.least is not None and found < limit.least:
        return Level.ERROR, limit.least, True
    warn = min((one for one in (limit.warn, limit.error) if one is not None), default=None)
    if warn is not None and math.isinf(found):
        return Level.ERROR, warn, False
    if warn is not None and found > warn:
        return Level.WARN, warn, False
    return None, 0, False


def worst_first(verdicts: Sequence[Verdict]) -> tuple[Verdict, ...]:
    """Sort verdicts: errors first, then by how far they are over."""

    def order(one: Verdict) -> tuple[bool, float, str, str, str]:
        over = one.found / one.limit if one.limit else math.inf
        return one.level is not Level.ERROR, -over, one.url, one.key, one.profile

    return tuple(sorted(verdicts, key=order))
