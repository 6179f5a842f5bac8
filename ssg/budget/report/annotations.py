"""Annotations of GitHub Actions: workflow commands, one line for each finding."""

from ssg.budget.sentences import SITE_FILE, explained, shown_finding, summary_of
from ssg.budget.values import BudgetReport, Finding, Level

# How a workflow command spells what ends a line or a property: https://github.com/actions/toolkit, packages/core.
_MESSAGE = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})


def render_github(report: BudgetReport) -> str:
    """Give a workflow command for each finding, which points at the source, and a notice that sums up.

    GitHub shows ten errors and ten warnings of a step; the worst come first.
    """
    lines = [_command(finding) for finding in report.findings]
    title = "over budget" if report.over else "within budget"
    title = "nothing was checked" if report.off or not report.pages else title
    lines.append(f"::notice title={title}::{summary_of(report).translate(_MESSAGE)}")
    return "\n".join(lines) + "\n"


def _command(finding: Finding) -> str:
    name = "error" if finding.level is Level.ERROR else "warning"
    properties = {"file": finding.path or SITE_FILE, "line": str(finding.line or 1), "title": _title(finding)}
    written = ",".join(f"{key}={value.translate(_PROPERTY)}" for key, value in properties.items())
    message = "\n".join((shown_finding(finding), *explained(finding)))
    return f"::{name} {written}::{message.translate(_MESSAGE)}"


def _title(finding: Finding) -> str:
    if finding.verdict is None:
        return f"budget: {finding.code}"
    return f"budget: {finding.verdict.key}{f' of {finding.verdict.url}' if finding.verdict.url else ' of the site'}"
