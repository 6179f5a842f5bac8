"""The figures of a site as a whole."""

import math
from collections.abc import Sequence

from ssg.budget.findings import Breach, Case, Collector, unmeasured
from ssg.budget.judging import Judged, Reading, judge
from ssg.budget.kinds import Kind
from ssg.budget.matching import merge_rules
from ssg.budget.values import Figure, Level, PageReport, Subject
from ssg.config import FILE, Rule

_PAGES = ("largest-page", "p95")
Rated = tuple[PageReport, Kind | None]
"""A page with its kind; None where it was not weighed."""


def judge_site(
    pages: Sequence[Rated], rules: Sequence[Rule], site_bytes: int | None, measure: str, collector: Collector
) -> tuple[Figure, ...]:
    """Give the figures of the site: bytes of all its files, its largest page, and what 95 of 100 pages stay below."""
    limits = merge_rules(rule for rule in rules if not (rule.match or rule.section or rule.template or rule.type))
    site = Subject("", FILE)
    judged: list[tuple[Judged, Subject]] = []
    if site_bytes is not None:
        judged.append((judge("site-bytes", limits.get("site-bytes"), "", [Reading("", site_bytes)]), site))
    elif "site-bytes" in limits and not limits["site-bytes"].limit.off:
        collector.note(unmeasured("site-bytes"))
    measures = {key: limits[key].limit.measure or measure if key in limits else measure for key in _PAGES}
    sorted_by = {one: _totals(pages, one) for one in sorted(set(measures.values()))}
    for key, encoding in measures.items():
        totals = sorted_by[encoding]
        if totals:
            place = -1 if key == "largest-page" else math.ceil(len(totals) * 0.95) - 1  # the nearest rank
            found, subject = totals[place]
            row = judge(key, limits.get(key), encoding, [Reading("", found)])
            judged.append((row, subject if key == "largest-page" else site))
    for row, subject in judged:
        _note(row, subject, collector)
    return tuple(row.figure for row, _ in judged)


def _totals(pages: Sequence[Rated], measure: str) -> list[tuple[int, Subject]]:
    """Give the bytes that every page has fetched, and the page, the lightest first."""
    totals = [(kind.total(report.weights, measure), report.subject) for report, kind in pages if kind is not None]
    return sorted(totals, key=lambda one: (one[0], one[1].url))


def _note(row: Judged, subject: Subject, collector: Collector) -> None:
    figure = row.figure
    for level, limit, below in (
        (row.level, figure.error if row.level is Level.ERROR else figure.warn, False),
        (Level.ERROR if row.below else None, figure.least, True),
    ):
        if level is not None:
            breach = Breach(figure.key, level, figure.unit, figure.measure, figure.rule, below=below)
            collector.breach(breach, Case(figure.found, limit or 0, subject, "", 0, ()))
