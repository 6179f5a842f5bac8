"""The report of a budget for a terminal: a table, worst first, or plain lines where there is no terminal."""

import io
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ssg.budget.sentences import (
    SITE_FILE,
    at_start,
    counted,
    exact_figure,
    explained,
    place_of,
    shown_advice,
    shown_cause,
    shown_finding,
    summary_of,
)
from ssg.budget.values import BYTES, BudgetReport, Finding, Level
from ssg.budget.wording import shown_figure

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

    from ssg.build.checked import Checked

# Findings and causes that a screen shows; the other formats have all.
_FINDINGS, _CAUSES, _PAGES = 20, 3, 5
# Cells of a bar, and the one after which its limit stands.
_CELLS, _LIMIT = 16, 12
_COLOURS = {Level.ERROR: "red", Level.WARN: "yellow"}


def shown_check(checked: "Checked", width: int | None = None, *, colour: bool = True) -> str:
    """Give what a build says of its budgets: the findings as in a report, and one sentence."""
    report = BudgetReport((), checked.findings, (), "", {})
    return _shown(report, [*_left_out(report), checked.summary], width, colour=colour)


def shown_report(report: BudgetReport, width: int | None = None, *, colour: bool = True) -> str:
    """Give a report for reading, with a line feed at its end.

    `width` is that of the terminal in columns: then findings are a table, in colours where they are wanted. Without
    one they are lines that begin with `file:line:`, as compilers write them, so that editors find the place.
    """
    return _shown(report, [*_left_out(report), *_ending(report)], width, colour=colour)


def _shown(report: BudgetReport, ending: Sequence[str], width: int | None, *, colour: bool) -> str:
    """Give findings as a table of a width, or as lines without one, and what follows them."""
    if width is None:
        return "\n".join((*_lines(report), *ending)) + "\n"
    from rich.console import Console  # noqa: PLC0415 - 30 ms, and only for who watches

    written = io.StringIO()
    console = Console(
        file=written,
        width=width,
        force_terminal=True,
        color_system="standard" if colour else None,
        highlight=False,
        emoji=False,
    )
    if report.findings:
        console.print(_table(report))
    for line in ending:
        console.print(line, markup=False)
    return "\n".join(line.rstrip() for line in written.getvalue().splitlines()) + "\n"


def _lines(report: BudgetReport) -> Iterator[str]:
    for finding in report.findings[:_FINDINGS]:
        place = place_of(finding.path or SITE_FILE, finding.line)
        yield f"{place}: {'warning: ' if finding.level is Level.WARN else ''}{shown_finding(finding)}"
        if finding.verdict is not None:
            yield f"  [{''.join(_bar(finding, ('#', '-', '|')))}]"
        yield from (f"  {' '.join(line.splitlines())}" for line in explained(finding))


def _left_out(report: BudgetReport) -> Iterator[str]:
    more = len(report.findings) - _FINDINGS
    if more > 0:
        yield f"and {counted(more, 'more finding')}; ssg budget --format html shows all"


def _ending(report: BudgetReport) -> Iterator[str]:
    """Give what follows the findings: the site's figures, the largest pages, the summary."""
    for figure in report.site:
        limit = figure.error if figure.error is not None else figure.warn
        bound = f" of at most {shown_figure(limit, figure.unit)}" if limit is not None else ""
        yield f"site {figure.key}: {shown_figure(figure.found, figure.unit)}{bound}"
    largest = sorted((-at_start(page, report.measure), page.subject.url) for page in report.pages)[:_PAGES]
    if largest:
        yield "largest pages before scrolling: " + ", ".join(
            f"{url} {shown_figure(-size, BYTES)}" for size, url in largest
        )
    yield summary_of(report)


def _table(report: BudgetReport) -> "Table":
    from rich.table import Table  # noqa: PLC0415 - 30 ms, and only for who watches

    table = Table(box=None, padding=(0, 3, 1, 0), show_header=False)
    table.add_column("figure", min_width=_CELLS + 1, no_wrap=True)
    table.add_column("why", ratio=1, overflow="fold")
    for finding in report.findings[:_FINDINGS]:
        table.add_row(_figure(finding), _why(finding))
    return table


def _figure(finding: Finding) -> "Text":
    """Give the limit, a bar against it, and both figures."""
    from rich.text import Text  # noqa: PLC0415 - 30 ms, and only for who watches

    verdict = finding.verdict
    colour = _COLOURS[finding.level]
    name = verdict.key if verdict is not None else finding.code
    text = Text(f"{'✕' if finding.level is Level.ERROR else '!'} {name}", f"bold {colour}")
    if verdict is None:
        return text
    within, mark, beyond = _bar(finding, ("█", "░", "│"))
    text.append(f"\n{within}", colour).append(mark, "default not bold").append(beyond, colour)
    least = "at least " if verdict.below else ""
    found, limit = shown_figure(verdict.found, verdict.unit), shown_figure(verdict.limit, verdict.unit)
    return text.append(f"\n{found} of {least}{limit}", "default not bold")


def _bar(finding: Finding, cells: tuple[str, str, str]) -> tuple[str, str, str]:
    """Give a bar in its full and empty cells and a mark: what is before the limit, the limit, and what is beyond it."""
    verdict = finding.verdict
    if verdict is None:
        return "", "", ""
    full, empty, mark = cells
    filled = _CELLS if not verdict.limit else min(_CELLS, max(0, round(_LIMIT * verdict.found / verdict.limit)))
    if verdict.found > verdict.limit:
        filled = max(filled, _LIMIT + 1)  # little too much is too much
    text = full * filled + empty * (_CELLS - filled)
    return text[:_LIMIT], mark, text[_LIMIT:]


def _why(finding: Finding) -> "Text":
    """Give the finding's sentence, its place, the rule, the largest causes, and what would help."""
    from rich.text import Text  # noqa: PLC0415 - 30 ms, and only for who watches

    text = Text(shown_finding(finding))
    place = place_of(finding.path or SITE_FILE, finding.line)
    text.append(f"\n{place}", "dim")
    if finding.verdict is not None:
        exact = exact_figure(finding.verdict.found, finding.verdict.unit)
        text.append(f"; {exact}, by {finding.verdict.rule}", "dim")
    for cause in finding.causes[:_CAUSES]:
        text.append(f"\n{shown_cause(cause)}")
        if advice := shown_advice(cause):
            text.append(f"\n  {advice}", "green")
    if finding.hint:
        text.append(f"\n{finding.hint}", "green")
    return text
