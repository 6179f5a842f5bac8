"""A site with one fault of every kind: a build finds exactly those, and every format tells them."""

import re
from pathlib import Path

import msgspec
import pytest

from ssg.budget.report import FORMATS
from ssg.budget.values import BudgetReport
from ssg.budget_console import shown_report
from ssg.build import Choices, Crew, made
from ssg.build.checking import report_of
from ssg.config import Overrides, load_config
from ssg.model import Inputs
from tests.budget.test_report import NAMES
from tests.site_test import NOW, THEMES, SiteTest

HERE = Path(__file__).parent / "faults"
EXPECTED = HERE / "expected"
# What is no text is written here: nobody reads these files, only their sizes and endings count.
SIZES = {"static/a.woff2": 200, "static/a.mp4": 3_000, "static/a.pdf": 150}
GOLDEN = {"table": "table.txt", **NAMES}


@pytest.fixture
def faulty(site: SiteTest) -> SiteTest:
    site.copy(HERE / "site")
    for path, size in SIZES.items():
        site.write(path, b"x" * size)
    site.encodings, site.budgets = None, True
    return site


def found(site: SiteTest) -> BudgetReport:
    """Give the report, with the head of each page as it is: what gzip makes of it is another library's matter."""
    inputs = Inputs(str(site.root), (str(THEMES),), NOW, {})
    config = load_config(site.root, Overrides())
    report = made(inputs, config, Choices(), Crew(1), report_of)[1]

    def plain(one: msgspec.Struct) -> msgspec.Struct:
        return msgspec.structs.replace(one, head=msgspec.structs.replace(one.head, gzip=None))  # type: ignore[attr-defined] # a Weight

    pages = tuple(msgspec.structs.replace(one, weights=tuple(map(plain, one.weights))) for one in report.pages)
    return msgspec.structs.replace(report, pages=pages)


@pytest.mark.parametrize("name", GOLDEN)
def test_every_format_tells_just_these_faults(faulty: SiteTest, name: str, *, update_golden: bool) -> None:
    report = found(faulty)
    text = shown_report(report, 120, colour=False) if name == "table" else FORMATS[name](report)
    told = re.sub(r"(?s).*<script type=\"application/json\" id=\"data\">(.*?)</script>.*", r"\1\n", text)
    golden = EXPECTED / GOLDEN[name]
    if update_golden:
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(told, encoding="utf-8", newline="")
    assert golden.read_bytes().decode() == told


def test_each_fault_is_there_once(faulty: SiteTest) -> None:
    report = found(faulty)
    faults = [(one.code, one.level, one.verdict.key if one.verdict else "", one.path) for one in report.findings]
    assert len(set(faults)) == len(faults)
    assert {code for code, *_ in faults} == {
        "over-budget", "under-budget", "growth", "unmatched-rule", "missing-file", "unknown-size", "unknown-fetch",
        "other-compressors", "font-preload", "no-sizes", "unused-preload",
    }  # fmt: skip


def test_a_build_says_and_fails_by_the_same(faulty: SiteTest) -> None:
    faulty.built()
    assert faulty.checked is not None
    assert faulty.checked.over
    assert faulty.checked.findings == found(faulty).findings
    faulty.remove("budgets.lock").built()
    codes = {one.code for one in faulty.checked.findings}
    assert "no-lock" in codes
    assert not codes & {"growth", "other-compressors"}
