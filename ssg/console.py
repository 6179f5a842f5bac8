"""The one place that prints: diagnostics, summaries, progress."""

import json
import os
import shutil
import sys
import textwrap
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Self

import click
import msgspec

from ssg.errors import Diagnostic, Severity

if TYPE_CHECKING:
    from rich.progress import Progress

    from ssg.audit import AuditReport
    from ssg.budget.values import BudgetReport
    from ssg.build.checked import Checked
    from ssg.build.why import Why
    from ssg.live import LiveReport
    from ssg.profiling import Findings
    from ssg.serve import Built

_PATIENCE = 0.5
_WAYS = {
    "inline": "all of them stand in the page",
    "blocking": "links in the head",
    "end": "a critical part, and the rest at the end of the page",
    "media": "a critical part, and the rest in its place, fetched as for print",
}
_UNITS = ((1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB"))


class Summary(msgspec.Struct, frozen=True):
    """What a build did; sizes in bytes, time in seconds.

    `files` are all that the output folder holds of the site, `bytes` those of the files without their compressed forms.
    `encodings` has the bytes of all files as a server sends them to who accepts an encoding.
    """

    output: str
    pages: int
    files: int
    bytes: int
    seconds: float
    written: int = 0
    unchanged: int = 0
    removed: int = 0
    rendered: int = 0
    cache: Mapping[str, int] = {}
    styles: Mapping[str, Mapping[str, int]] = {}
    """By the way in which style sheets are delivered: how many pages, and the medians of what they cost in bytes."""
    encodings: Mapping[str, int] = {}
    budget: Mapping[str, Any] = {}
    """What is said of the budgets: whether the build is over, a summary, and findings as in `ssg budget`."""


def print_built(
    summary: Summary, diagnostics: Sequence[Diagnostic], findings: "Findings | None" = None, *, as_json: bool
) -> None:
    """Print what a successful build did, after its warnings and before what its profile tells."""
    if as_json:
        click.echo(_as_json(diagnostics, ok=True, summary=summary, findings=findings))
        return
    _print_lines(diagnostics)
    encoded = ", ".join(f"{shown_size(size)} as {name}" for name, size in summary.encodings.items())
    click.echo(
        f"{summary.output}: {_count(summary.pages, 'page')}, {_count(summary.files, 'file')}, "
        f"{shown_size(summary.bytes)}{f' ({encoded})' if encoded else ''} in {summary.seconds:.2f} s\n"
        f"{summary.written:,} written, {summary.unchanged:,} unchanged, {summary.removed:,} removed; "
        f"{_count(len(diagnostics), 'warning')}"
    )
    if findings is not None:
        click.echo(f"\n{shown_findings(findings)}")
        heads = "     pages      cold following"
        rows = (
            f"{one['pages']:>10,}{one['cold']:>10,}{one['following']:>10,}  {way}"
            for way, one in summary.styles.items()
        )
        for line in _titled("how style sheets are delivered, with the medians of bytes", heads, rows):
            click.echo(line)


def print_audit(report: "AuditReport", *, as_json: bool) -> None:
    """Print what a browser measured, and what is over its limits."""
    from ssg.audit import shown  # noqa: PLC0415 - for who audits

    if as_json:
        facts = {"ok": not report.over, **msgspec.structs.asdict(report)}
        click.echo(msgspec.json.format(msgspec.json.encode(facts), indent=2).decode())  # what is infinite is null
    else:
        click.echo(shown(report))


def print_live(report: "LiveReport", *, as_json: bool) -> None:
    """Print what is wrong at a deployed site, and how much of it was asked for."""
    from ssg.live import shown  # noqa: PLC0415 - for who checks

    if as_json:
        facts = {"ok": not report.failed, **msgspec.to_builtins(report)}
        click.echo(json.dumps(facts, indent=2, ensure_ascii=False))
    else:
        click.echo(shown(report))


def shown_findings(findings: "Findings") -> str:
    """Give what a profile tells: tables of times in ms, the longest first, and fragments that could be cached."""
    slowest = ((one.kind, one.name.partition("\0")[0], one.total * 1000) for one in findings.pages)
    lines = ["stage                  ms"]
    lines += [f"{one.name:<15}{one.total * 1000:>10,.1f}" for one in findings.stages]
    lines += _titled("slowest pages", "        ms", (f"{ms:>10,.1f}  {kind:<9}  {name}" for kind, name, ms in slowest))
    for title, totals in (("slowest templates", findings.templates), ("passes", findings.passes)):
        rows = (
            f"{one.own * 1000:>10,.1f}{one.longest * 1000:>10,.1f}{one.count:>10,}  {one.kind:<9}  {one.name}"
            for one in totals
        )
        lines += _titled(f"{title}, without what they call", "        ms   longest      runs", rows)
    lines += _titled("could be cached", "", map(str, findings.cacheable))
    return "\n".join(lines)


def _titled(title: str, heads: str, rows: Iterable[str]) -> list[str]:
    """Give a table with its title; nothing where it has no rows."""
    written = list(rows)
    return ["", title, *([heads] if heads else []), *written] if written else []


def print_address(origin: str, port: int, wanted: int) -> None:
    """Print where a preview is to be seen."""
    other = f"port {wanted} is in use; " if wanted not in {0, port} else ""
    click.echo(f"{other}{origin}/ shows the site; Ctrl-C ends")


def print_rebuilt(built: "Built") -> None:
    """Print what one build of a preview did: one line, after what it said that the build before did not."""
    if not built.repeated:
        _print_lines(built.diagnostics)
    errors = sum(diagnostic.severity is Severity.ERROR for diagnostic in built.diagnostics)
    warnings = len(built.diagnostics) - errors
    mistakes = f"; {_count(warnings, 'warning')}" if warnings else ""
    took = f"in {built.seconds * 1000:,.0f} ms"
    if built.failed:
        said = f"{_count(errors, 'error')} {took}" + (", the last good build is shown" if built.shown else "")
    elif built.changed:
        said = f"{_count(built.rendered, 'page')} rendered {took}, {_count(built.files, 'file')} changed"
    else:
        said = f"{_count(built.rendered, 'page')} rendered {took}"
    click.echo(f"{_named(built.changed)}: {said}{mistakes}")


def _named(paths: Sequence[str]) -> str:
    if not paths:
        return "begun"
    return paths[0] if len(paths) == 1 else f"{paths[0]} and {len(paths) - 1} more"


def print_why(why: "Why", *, as_json: bool) -> None:
    """Print what is known of a page."""
    if as_json:
        click.echo(json.dumps(msgspec.to_builtins(why), indent=2, ensure_ascii=False))
        return
    click.echo(f"{why.url} is made from {why.source}")
    click.echo(f"last build: {why.last}")
    click.echo(f"next build: {why.now}")
    if why.styles is not None:
        styles = why.styles
        cost = f"{_count(styles.cold, 'byte')} before a first page shows, {styles.following:,} with the next"
        click.echo(f"styles: {_WAYS[styles.way]} ({styles.reason}); {cost}")
    if why.asked:
        click.echo("beside its own source, it was made from")
    for line in why.asked:
        click.echo(f"  {line}")


def print_check(checked: "Checked") -> None:
    """Print what a build says of its budgets."""
    if not checked.findings:
        click.echo(checked.summary)
        return
    from ssg.budget_console import shown_check  # noqa: PLC0415 - 15 ms, and only for who is over one

    width, plain = _terminal()
    click.echo(shown_check(checked, width, colour=not plain), nl=False)


def _terminal() -> tuple[int | None, bool]:
    """Give the columns of the terminal, None without one, and whether it is to be plain (https://no-color.org)."""
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    return width, bool(os.environ.get("NO_COLOR"))


def print_budget(report: "BudgetReport", form: str) -> None:
    """Print a report of a budget in a format of `ssg.budget.report`, or as a `table`; plain where there is no terminal.

    `NO_COLOR` with any value takes the colours away (https://no-color.org).
    """
    if form != "table":
        from ssg.budget.report import FORMATS  # noqa: PLC0415 - for who asks for one

        click.echo(FORMATS[form](report), nl=False)
        return
    from ssg.budget_console import shown_report  # noqa: PLC0415 - for who has a budget

    width, plain = _terminal()
    click.echo(shown_report(report, width, colour=not plain), nl=False)


def print_failure(
    diagnostics: Sequence[Diagnostic],
    *,
    as_json: bool,
    debug: bool = False,
    outcome: str = "nothing was written",
) -> None:
    """Print why something was not done, and what came of it; with `debug`, with the tracebacks of extensions."""
    if as_json:
        click.echo(_as_json(diagnostics, ok=False, debug=debug))
        return
    _print_lines(diagnostics, debug=debug)
    errors = sum(diagnostic.severity is Severity.ERROR for diagnostic in diagnostics)
    warnings = len(diagnostics) - errors
    also = f" and {_count(warnings, 'warning')}" if warnings else ""
    click.echo(f"{_count(errors, 'error')}{also}; {outcome}", err=True)


def _print_lines(diagnostics: Sequence[Diagnostic], *, debug: bool = False) -> None:
    for diagnostic in diagnostics:
        click.echo(str(diagnostic), err=True)
        if debug and diagnostic.detail:
            click.echo(textwrap.indent(diagnostic.detail, "  "), err=True)


def _as_json(
    diagnostics: Sequence[Diagnostic],
    *,
    ok: bool,
    summary: Summary | None = None,
    findings: "Findings | None" = None,
    debug: bool = False,
) -> str:
    """Give one JSON object with everything there is to say."""
    facts: dict[str, Any] = {"ok": ok, **(msgspec.structs.asdict(summary) if summary else {})}
    for severity in Severity:
        facts[f"{severity.value}s"] = [
            {
                "code": diagnostic.code,
                "path": diagnostic.where.path,
                "line": diagnostic.where.line,
                "message": diagnostic.message,
                "hint": diagnostic.hint,
                "subject": diagnostic.subject,
                **({"detail": diagnostic.detail} if debug else {}),
            }
            for diagnostic in diagnostics
            if diagnostic.severity is severity
        ]
    if findings is not None:
        facts["profile"] = msgspec.to_builtins(findings)
    return json.dumps(facts, indent=2, ensure_ascii=False)


def shown_size(size: int) -> str:
    """Give a number of bytes for reading: three digits and a unit of 1,000."""
    for unit, name in _UNITS:
        if size >= unit:
            return f"{size / unit:.3g} {name}" if size < 1000 * unit else f"{size / unit:,.0f} {name}"
    return f"{size} B"


class ProgressBar:
    """A bar on a terminal, from the moment that a build takes longer than half a second; a context manager."""

    def __init__(self, *, enabled: bool) -> None:
        self._enabled = enabled and sys.stderr.isatty()
        self._begin = time.monotonic()
        self._bar: Progress | None = None
        self._tasks: dict[str, Any] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Show that `done` of `total` items of a stage are done."""
        if not self._enabled or (self._bar is None and time.monotonic() - self._begin < _PATIENCE):
            return
        if self._bar is None:
            from rich.console import Console  # noqa: PLC0415 - 30 ms, and only for who watches
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn  # noqa: PLC0415

            columns = (TextColumn("{task.description:>8}"), BarColumn(), MofNCompleteColumn())
            self._bar = Progress(*columns, console=Console(stderr=True), transient=True, auto_refresh=False)
            self._bar.start()
        if stage not in self._tasks:
            self._tasks[stage] = self._bar.add_task(stage, total=total)
        self._bar.update(self._tasks[stage], completed=done, total=total, refresh=True)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
