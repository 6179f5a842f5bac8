"""The report of a budget on a terminal, and where there is none."""

import re
from pathlib import Path

import pytest

from ssg import console
from ssg.budget.report import FORMATS
from ssg.budget.values import BudgetReport
from ssg.budget_console import shown_report
from tests.budget.sample import empty_report, faulty_report, large_report

GOLDEN = Path(__file__).parent / "budget" / "golden"
WIDTHS = {"table-120.txt": 120, "table-80.txt": 80, "plain.txt": None}


@pytest.mark.parametrize("name", WIDTHS)
def test_a_fault_of_every_kind(name: str, *, update_golden: bool) -> None:
    text = shown_report(faulty_report(), WIDTHS[name], colour=False)
    if update_golden:
        (GOLDEN / name).write_text(text, encoding="utf-8", newline="")
    assert (GOLDEN / name).read_bytes().decode() == text
    assert max(map(len, text.splitlines())) <= (WIDTHS[name] or 1000)


def test_colours_change_nothing_but_colours() -> None:
    coloured = shown_report(faulty_report(), 120)
    assert "\x1b[1;31m✕ image" in coloured
    bare = [line.rstrip() for line in re.sub(r"\x1b\[[\d;]*m", "", coloured).splitlines()]
    assert bare == shown_report(faulty_report(), 120, colour=False).splitlines()


def test_plain_lines_begin_with_the_place() -> None:
    lines = shown_report(faulty_report()).splitlines()
    assert lines[0] == "content/blog/post, 1.md:7: /blog/a|b%20<c>/ has 512 kB of images, 12 kB too many"
    assert sum(not line.startswith(" ") and ".md" in line for line in lines) >= 5
    assert lines[-1].endswith("6 errors and 4 warnings")


def test_many_findings_are_counted() -> None:
    report = faulty_report()
    many = BudgetReport(report.pages, report.findings * 5, report.site, "br", {})
    assert "and 30 more findings; ssg budget --format html shows all" in shown_report(many)
    assert "and 30 more findings; ssg budget --format html shows all" in shown_report(many, 100)


@pytest.mark.parametrize("width", [None, 100])
def test_nothing_weighed_is_no_success(width: int | None) -> None:
    assert shown_report(empty_report(off=True), width, colour=False) == "budgets are off: nothing was checked\n"
    assert shown_report(empty_report(), width, colour=False) == "no page was weighed\n"
    assert shown_report(large_report(2), width, colour=False).endswith(": all within budget\n")


def test_printing(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    report = faulty_report()
    for form, render in FORMATS.items():
        console.print_budget(report, form)
        assert capsys.readouterr().out == render(report)
    console.print_budget(report, "table")
    assert capsys.readouterr().out == shown_report(report)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "110")
    monkeypatch.setenv("NO_COLOR", "1")
    console.print_budget(report, "table")
    assert capsys.readouterr().out == shown_report(report, 110, colour=False)
