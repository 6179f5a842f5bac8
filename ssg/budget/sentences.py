"""Figures and findings in words, the same in every format."""

from collections.abc import Collection, Iterable

from ssg.budget.sums import encodings_of
from ssg.budget.values import (
    BYTES,
    BudgetReport,
    Cause,
    Figure,
    Finding,
    Label,
    Level,
    PageReport,
    Phase,
    Verdict,
    Weight,
)
from ssg.budget.wording import shown_figure

SITE_FILE = "site.toml"
"""What a finding points at that has no source of its own: it is there that limits are set."""


def exact_figure(found: float, unit: str) -> str:
    """Give a figure without rounding, with the words of its unit: `62,144 bytes`, `12`, `2.5 s`."""
    text = f"{found:,.0f}" if found == int(found) else f"{found:,}"
    return f"{text} {unit}".rstrip()


def shown_verdict(verdict: Verdict) -> str:
    """Say by how much a limit is not kept: `62.1 kB of at most 50 kB (124 %)`."""
    bound = "at least" if verdict.below else "at most"
    part = share(verdict.found, verdict.limit)
    found = shown_figure(verdict.found, verdict.unit)
    return f"{found} of {bound} {shown_figure(verdict.limit, verdict.unit)}{f' ({part})' if part else ''}"


def share(found: float, limit: float) -> str:
    """Give a figure as a part of its limit, in per cent; nothing for a limit of 0."""
    return f"{100 * found / limit:,.0f} %" if limit else ""


def shown_cause(cause: Cause) -> str:
    """Give one cause with its place: `41.2 kB: app.js (themes/x/assets/app.js:1)`."""
    place = place_of(cause.path, cause.line)
    size = counted(cause.elements, "element") if cause.elements else shown_figure(cause.bytes, BYTES)
    return f"{size}: {cause.what}{f' ({place})' if place and place != cause.what else ''}"


def shown_advice(cause: Cause) -> str:
    """Give what a change would bring, what it saves and whether that passes; nothing where none is known."""
    if not cause.advice:
        return ""
    less = counted(cause.fewer, "element") if cause.fewer else shown_figure(cause.saving, BYTES) if cause.saving else ""
    saved = f": \N{MINUS SIGN}{less}" if less else ""
    return f"{cause.advice}{saved}{', passes' if cause.passes else ''}"


def place_of(path: str, line: int) -> str:
    """Give `path:line`, or the path alone where no line is known."""
    return f"{path}:{line}" if line else path


def shown_finding(finding: Finding) -> str:
    """Give a finding in one sentence without a full stop, with the number of pages beyond the worst."""
    return finding.message + more_pages(finding)


def more_pages(finding: Finding) -> str:
    """Say on how many further pages the same is wrong: ` and on 3 more pages`."""
    more = len(finding.pages) - 1
    return f" and on {counted(more, 'more page')}" if more > 0 else ""


def explained(finding: Finding) -> list[str]:
    """Give the lines behind a finding: the figure and the rule that decided, the causes with advice, the hint."""
    lines = []
    if finding.verdict is not None:
        lines.append(f"{finding.verdict.key}: {shown_verdict(finding.verdict)}, by {finding.verdict.rule}")
    for cause in finding.causes:
        lines.append(shown_cause(cause))
        if advice := shown_advice(cause):
            lines.append(f"  {advice}")
    if finding.hint:
        lines.append(finding.hint)
    return lines


def counted(number: int, noun: str) -> str:
    """Give a number with its noun in the plural where it takes one."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def count_levels(findings: Iterable[Finding]) -> tuple[int, int]:
    """Give the number of errors and that of warnings."""
    levels = [finding.level for finding in findings]
    return levels.count(Level.ERROR), levels.count(Level.WARN)


def summary_of(report: BudgetReport) -> str:
    """Give the one sentence that says how it went: how many pages were weighed, in what, and what is wrong."""
    if report.off:
        return "budgets are off: nothing was checked"
    fetched = (one.fetches for page in report.pages for one in page.weights)
    return summarize(report, len(report.pages), () if report.compressors else encodings_of(fetched))


def summarize(report: BudgetReport, count: int, encodings: Collection[str]) -> str:
    """Give that sentence for a report that may be without its pages, whose number is `count`.

    `encodings` are those that make any of the files smaller.
    """
    if not count:
        return "no page was weighed"
    errors, warnings = count_levels(report.findings)
    wrong = [counted(number, noun) for number, noun in ((errors, "error"), (warnings, "warning")) if number]
    versions = ", ".join(f"{name} {version}" for name, version in sorted(report.compressors.items()))
    weighed = f"{counted(count, 'page')} weighed {_encoded(report, encodings)}{f' ({versions})' if versions else ''}"
    return f"{weighed}: {' and '.join(wrong) or 'all within budget'}"


def _encoded(report: BudgetReport, encodings: Collection[str]) -> str:
    """Say in which encoding files travel: where nobody knows what made them, the best that there is any file in."""
    if report.compressors:
        return f"in {report.measure}"
    names = ("br", "gzip") if report.measure == "br" else (report.measure,)
    best = next((name for name in names if name in encodings), "")
    return f"in {best}" if best else "without compression"


def verdict_of(figure: Figure, url: str, source: str) -> Verdict | None:
    """Give the verdict that a figure earns by itself; None where it keeps its limits."""
    level = figure.level
    if level is None:
        return None
    limit = figure.least if figure.below else figure.error if level is Level.ERROR else figure.warn
    return Verdict(
        url=url,
        source=source,
        key=figure.key,
        profile=figure.profile,
        level=level,
        found=figure.found,
        limit=limit or 0,
        unit=figure.unit,
        rule=figure.rule,
        below=figure.below,
        label=figure.label,
    )


def transferred(weight: Weight, measure: str, *phases: Phase) -> int:
    """Give the bytes of a page's fetches in these phases, in all without; files of unknown size count nothing."""
    return sum(
        fetch.sizes.measured(measure)
        for fetch in weight.fetches
        if fetch.sizes is not None and (not phases or fetch.phase in phases)
    )


def at_start(page: PageReport, measure: str) -> int:
    """Give the bytes that a page brings before anybody scrolls, under the profile with the most."""
    return max((transferred(one, measure, Phase.CRITICAL, Phase.INITIAL) for one in page.weights), default=0)


def level_words(finding: Finding) -> str:
    """Give `error` or `warning`."""
    return "error" if finding.level is Level.ERROR else "warning"


def sure(label: Label) -> str:
    """Give a figure's label in brackets where it is not exact."""
    return "" if label is Label.EXACT else f" ({label.value})"
