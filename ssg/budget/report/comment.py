"""The report as Markdown, for a comment on a pull request or the summary of a job."""

import re

from ssg.budget.sentences import (
    at_start,
    count_levels,
    counted,
    place_of,
    share,
    shown_advice,
    shown_cause,
    summary_of,
)
from ssg.budget.values import BYTES, BudgetReport, Finding, Level
from ssg.budget.wording import shown_figure

# GitHub takes 65,536 characters in a comment. A finding takes about 400 with its causes.
_FINDINGS, _PAGES, _CAUSES = 50, 10, 5
_MARKED = re.compile(r"([\\`*_{}\[\]<>|~&])")
# Mentions and numbers of issues are found in the text as it is shown: only a character between keeps it from being one.
_NAMING = re.compile(r"([@#])(?=\w)")
_SIGNS = {Level.ERROR: "❌", Level.WARN: "⚠️", None: "✅"}


def render_markdown(report: BudgetReport) -> str:
    """Give Markdown as GitHub and GitLab render it: what is wrong with its causes, the site's figures, largest pages.

    At most 50 findings and 10 pages are listed, with a count of the others, so that it fits a comment.
    """
    errors, warnings = count_levels(report.findings)
    sign = _SIGNS[Level.ERROR if errors else Level.WARN if warnings or report.off or not report.pages else None]
    parts = [f"## {sign} Performance budget", f"{_escaped(summary_of(report))}."]
    parts += [
        "\n".join(lines) for lines in (_findings(report), _causes(report), _site(report), _pages(report)) if lines
    ]
    return "\n\n".join(parts) + "\n"


def _findings(report: BudgetReport) -> list[str]:
    if not report.findings:
        return []
    rows = ["| | limit | page | found | at most | source |", "|---|---|---|--:|--:|---|"]
    rows += [_row(finding) for finding in report.findings[:_FINDINGS]]
    if more := len(report.findings) - _FINDINGS:
        rows += ["", f"And {counted(more, 'more finding')}."] if more > 0 else []
    return rows


def _row(finding: Finding) -> str:
    verdict = finding.verdict
    source = _code(place_of(finding.path, finding.line)) if finding.path else ""
    sign = _SIGNS[finding.level]
    if verdict is None:
        return f"| {sign} | {_escaped(finding.code)} | {_escaped(finding.message)} | | | {source} |"
    more = len(finding.pages) - 1
    page = (_code(verdict.url) if verdict.url else "the site") + (
        f" and {counted(more, 'more page')}" if more > 0 else ""
    )
    part = share(verdict.found, verdict.limit)
    found = shown_figure(verdict.found, verdict.unit) + (f" ({part})" if part else "")
    limit = ("at least " if verdict.below else "") + shown_figure(verdict.limit, verdict.unit)
    return f"| {sign} | {_code(verdict.key)} | {page} | {found} | {limit} | {source} |"


def _causes(report: BudgetReport) -> list[str]:
    """Give what causes the findings, folded away."""
    explained = [one for one in report.findings[:_FINDINGS] if one.causes or one.hint]
    if not explained:
        return []
    lines = ["<details><summary>What causes it, and what would help</summary>", ""]
    for finding in explained:
        lines.append(f"- **{_escaped(finding.message)}**" + (f": {_escaped(finding.hint)}" if finding.hint else ""))
        for cause in finding.causes[:_CAUSES]:
            advice = shown_advice(cause)
            lines.append(f"  - {_escaped(shown_cause(cause))}" + (f" → {_escaped(advice)}" if advice else ""))
    return [*lines, "", "</details>"]


def _site(report: BudgetReport) -> list[str]:
    rows = [
        f"| {_SIGNS[one.level]} | {_code(one.key)} | {shown_figure(one.found, one.unit)} |"
        f" {_limit(one.warn, one.unit)} | {_limit(one.error, one.unit)} |"
        for one in report.site
    ]
    return ["| | site | found | warning above | error above |", "|---|---|--:|--:|--:|", *rows] if rows else []


def _limit(limit: float | None, unit: str) -> str:
    return "" if limit is None else shown_figure(limit, unit)


def _pages(report: BudgetReport) -> list[str]:
    weighed = sorted(
        ((at_start(page, report.measure), page.subject) for page in report.pages), key=lambda one: (-one[0], one[1].url)
    )
    if not weighed:
        return []
    rows = [
        f"| {_code(subject.url)} | {shown_figure(size, BYTES)} | {_code(subject.source)} |"
        for size, subject in weighed[:_PAGES]
    ]
    head = ["<details><summary>Largest pages</summary>", "", "| page | before scrolling | source |", "|---|--:|---|"]
    return [*head, *rows, "", "</details>"]


def _escaped(text: str) -> str:
    """Give text that Markdown shows as it is, on one line; `@` and `#` name nobody and no issue."""
    return _NAMING.sub("\\1\u200b", _MARKED.sub(r"\\\1", " ".join(text.split())))


def _code(text: str) -> str:
    """Give text as code in a table: a vertical bar ends a cell there, even in code."""
    inner = " ".join(text.split()).replace("|", r"\|")
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", inner)), default=0))
    space = " " if fence != "`" else ""
    return f"{fence}{space}{inner}{space}{fence}"
