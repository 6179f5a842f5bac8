"""Faults at many URLs → one finding for each cause; and the report as text."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from ssg.live.values import Extent, Finding, Level, LiveReport, Seen

_URLS = 100


def group(seen: Iterable[Seen]) -> tuple[Finding, ...]:
    """Put together what is the same at several URLs; errors come first, then what is at the most URLs."""
    causes: dict[tuple[Level, str, str, str], dict[str, str]] = defaultdict(dict)
    for one in seen:
        causes[one.level, one.code, one.message, one.hint].setdefault(one.url, one.detail)
    findings = [
        Finding(*cause, len(urls), tuple(sorted(urls)[:_URLS]), urls[min(urls)]) for cause, urls in causes.items()
    ]
    return tuple(sorted(findings, key=lambda one: (one.level is not Level.ERROR, -one.count, one.code, one.message)))


def shown(report: LiveReport) -> str:
    """Give a line for every finding, and what was asked."""
    lines = [_line(one) for one in report.findings]
    errors = sum(one.level is Level.ERROR for one in report.findings)
    notes = len(report.findings) - errors
    release = f" (release {report.release})" if report.release else ""
    counts = f"{_count(errors, 'error')}, {_count(notes, 'note')}"
    return "\n".join([*lines, f"{report.url}{release}: {', '.join(_extent(report.extent))}", counts])


def _line(one: Finding) -> str:
    label = "" if one.level is Level.ERROR else "note: "
    more = f" and {one.count - 1:,} more" if one.count > 1 else ""
    detail = f" ({one.detail})" if one.detail else ""
    return f"{one.urls[0]}{more}: {label}{one.message}{detail}; {one.hint}"


def _extent(extent: Extent) -> Iterator[str]:
    """Say how much was asked; a part of the files is called one."""
    files = f"{extent.of:,} files" if extent.files == extent.of else f"{extent.files:,} of {extent.of:,} files"
    yield files if extent.of > 1 else "1 file"
    yield f"{extent.closely:,} of them in every encoding"
    yield _count(extent.redirects, "redirect")
    yield f"{_count(extent.missing, 'address')} that {'does' if extent.missing == 1 else 'do'} not exist"
    yield _count(extent.requests, "request")


def _count(number: int, noun: str) -> str:
    plural = f"{noun}es" if noun.endswith("s") else f"{noun}s"
    return f"{number:,} {noun if number == 1 else plural}"
