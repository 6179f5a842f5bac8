"""The figures of a site as a whole."""

import heapq
import math
from collections.abc import Sequence

from ssg.budget.assess import SITE_PAGES, Assessed, measures_of, site_limits
from ssg.budget.findings import Breach, Case, Collector, unmeasured
from ssg.budget.judging import Judged, Reading, judge
from ssg.budget.values import Figure, Level, Subject
from ssg.config import FILE, Rule


def judge_site(
    parts: Sequence[Assessed], rules: Sequence[Rule], site_bytes: int | None, measure: str, collector: Collector
) -> tuple[Figure, ...]:
    """Give the figures of the site: bytes of all its files, its largest page, and what 95 of 100 pages stay below."""
    limits = site_limits(rules)
    site = Subject("", FILE)
    judged: list[tuple[Judged, Subject]] = []
    if site_bytes is not None:
        judged.append((judge("site-bytes", limits.get("site-bytes"), "", [Reading("", site_bytes)]), site))
    elif "site-bytes" in limits and not limits["site-bytes"].limit.off:
        collector.note(unmeasured("site-bytes"))
    measures = measures_of(limits, measure)
    sorted_by = {one: list(heapq.merge(*(part.totals[one] for part in parts))) for one in sorted({*measures.values()})}
    for key in SITE_PAGES:
        encoding = measures[key]
        totals = sorted_by[encoding]
        if totals:
            largest = key == "largest-page"
            found = totals[-1 if largest else math.ceil(len(totals) * 0.95) - 1]  # the nearest rank
            row = judge(key, limits.get(key), encoding, [Reading("", found)])
            judged.append((row, _heaviest(parts, encoding) if largest else site))
    for row, subject in judged:
        _note(row, subject, collector)
    return tuple(row.figure for row, _ in judged)


def _heaviest(parts: Sequence[Assessed], measure: str) -> Subject:
    """Give the page of most bytes; of several, the last by URL."""
    found = [(part.totals[measure][-1], part.heaviest[measure]) for part in parts if part.totals[measure]]
    return max(found, key=lambda one: (one[0], one[1].url))[1]


def _note(row: Judged, subject: Subject, collector: Collector) -> None:
    figure = row.figure
    for level, limit, below in (
        (row.level, figure.error if row.level is Level.ERROR else figure.warn, False),
        (Level.ERROR if row.below else None, figure.least, True),
    ):
        if level is not None:
            breach = Breach(figure.key, level, figure.unit, figure.measure, figure.rule, below=below)
            collector.breach(breach, Case(figure.found, limit or 0, subject, "", 0, ()))
