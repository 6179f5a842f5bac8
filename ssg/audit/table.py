"""The report of an audit as a table of text."""

import math
from collections.abc import Sequence

from ssg.audit.values import AuditReport, Measured
from ssg.budget.values import Level, Verdict

_HEADS = ("page", "device", "bytes", "requests", "blocking", "CLS", "LCP", "FCP", "TBT")
_LEFT = 2  # the first columns are words
_SECOND = 1000


def shown(report: AuditReport) -> str:
    """Give the table of what was measured, what was the largest on each page, and what is over a limit."""
    rows = [_HEADS, *(_row(page) for page in report.pages)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(_HEADS))]
    lines = ["  ".join(_cells(row, widths)).rstrip() for row in rows]
    lines += ["", *(f"{_place(page)}: the largest is {page.element or 'nothing'}" for page in report.pages)]
    for page in report.pages:
        lines += [f"{_place(page)}: {one.element} moves by {one.score:.3f}" for one in page.shifts[:1] if page.cls > 0]
        lines += [f"{_place(page)}: {one.url} holds up the first paint" for one in page.resources if one.blocking]
    lines += ["", *(said(one, report.slack) for one in report.verdicts)]
    lines += [f"{name} is not judged: it chooses pages by section, template or type" for name in report.unjudged]
    lines += [
        "the browser ran without a sandbox: it has none as root, nor where user namespaces are off"
    ] * report.unconfined
    errors = sum(one.level is Level.ERROR for one in report.verdicts)
    warnings = len(report.verdicts) - errors
    runs = report.pages[0].runs if report.pages else 0
    lines.append(
        f"{errors} over, {warnings} near; {report.browser}, median of {runs}, {report.slack} % slack for times"
    )
    return "\n".join(lines)


def _cells(row: Sequence[str], widths: Sequence[int]) -> list[str]:
    return [
        cell.ljust(width) if at < _LEFT else cell.rjust(width)
        for at, (cell, width) in enumerate(zip(row, widths, strict=True))
    ]


def _row(page: Measured) -> tuple[str, ...]:
    return (
        page.url,
        page.profile,
        f"{page.bytes:,}",
        str(page.requests),
        str(page.blocking),
        f"{page.cls:.3f}",
        *(_time(value) for value in (page.lcp, page.fcp)),
        amount(page.tbt, "ms"),
    )


def _time(value: float) -> str:
    return amount(value, "ms") if value > 0 else "-"


def _place(page: Measured) -> str:
    return f"{page.url} ({page.profile})"


def amount(value: float, unit: str) -> str:
    """Give a figure for reading: bytes in full, times in ms or s, numbers as they are."""
    if math.isinf(value):
        return "not measured"
    if unit == "bytes":
        return f"{value:,.0f} bytes"
    if unit == "ms":
        return f"{value / _SECOND:.2f} s" if value >= _SECOND else f"{value:.0f} ms"
    return f"{value:g}"


def said(one: Verdict, slack: int) -> str:
    """Give a verdict as a line: what is over, by which rule."""
    label = "" if one.level is Level.ERROR else "warning: "
    found, limit = amount(one.found, one.unit), amount(one.limit, one.unit)
    word = "at least" if one.below else "at most"
    allowed = f" and {slack} % slack" if one.unit == "ms" and one.level is Level.ERROR else ""
    return f"{one.url}: {label}{one.key} is {found} on {one.profile}, allowed is {word} {limit}{allowed} ({one.rule})"
