"""A site with one fault of every kind: a build finds exactly those, and every format tells them."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

import ssg
from ssg.budget.assess import Terms
from ssg.budget.check import check
from ssg.budget.report import FORMATS
from ssg.budget.values import BudgetReport, Subject
from ssg.budget_console import shown_report
from ssg.build import Choices, Crew, made
from ssg.build.checking import report_of
from ssg.config import CLASSES, SITE_KEYS, BudgetConfig, Overrides, load_config
from ssg.model import Inputs
from tests.budget.test_report import NAMES
from tests.budget.weighing import subject, weights
from tests.site_test import NOW, THEMES, SiteTest

HERE = Path(__file__).parent / "faults"
EXPECTED = HERE / "expected"
SOURCES = Path(ssg.__file__).parent
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


def assert_told(report: BudgetReport, name: str, folder: Path, *, update_golden: bool) -> None:
    """See that a format tells a report as its golden file does; of HTML it is the data."""
    text = shown_report(report, 120, colour=False) if name == "table" else FORMATS[name](report)
    told = re.sub(r"(?s).*<script type=\"application/json\" id=\"data\">(.*?)</script>.*", r"\1\n", text)
    golden = folder / GOLDEN[name]
    if update_golden:
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(told, encoding="utf-8", newline="")
    assert golden.read_bytes().decode() == told


@pytest.mark.parametrize("name", GOLDEN)
def test_every_format_tells_just_these_faults(faulty: SiteTest, name: str, *, update_golden: bool) -> None:
    assert_told(found(faulty), name, EXPECTED, update_golden=update_golden)


def test_each_fault_is_there_once(faulty: SiteTest) -> None:
    report = found(faulty)
    faults = [(one.code, one.level, one.verdict.key if one.verdict else "", one.path) for one in report.findings]
    assert len(set(faults)) == len(faults)
    assert {code for code, *_ in faults} == {
        "over-budget", "under-budget", "growth", "unmatched-rule", "missing-file", "unknown-size", "unknown-fetch",
        "other-compressors", "font-preload", "no-sizes", "unused-preload",
    }  # fmt: skip


def beside() -> BudgetReport:
    """Give the report of faults that no build lets come so far: a page that nobody weighed, a limit that is none.

    There is no lock either, where one is asked for.
    """
    wrong = Subject("/wrong/", "content/wrong.md", overrides={"html": "5 kB"}, line=3)
    subjects = [subject("/"), subject("/unweighed/"), wrong]
    weighed = [one for url in ("/", "/wrong/") for one in weights(url)]
    return check(subjects, weighed, Terms(budget=BudgetConfig(mode="delta"), compressors={"brotli": "1.1.0"}))


@pytest.mark.parametrize("name", GOLDEN)
def test_every_format_tells_the_faults_beside_them(name: str, *, update_golden: bool) -> None:
    assert_told(beside(), name, EXPECTED / "beside", update_golden=update_golden)


def codes_of(tree: ast.Module) -> Iterator[str]:
    """Give the codes of all findings and lints that a module makes; a code that is worked out has to be known here."""
    worked_out = {"_over", "costly"}  # from `_code`, and from a lint
    for function in [one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)]:
        for call in [one for one in ast.walk(function) if isinstance(one, ast.Call)]:
            if isinstance(call.func, ast.Name) and call.func.id in {"Finding", "Lint"}:
                code = call.args[0] if call.args else next(one.value for one in call.keywords if one.arg == "code")
                if isinstance(code, ast.Constant):
                    yield str(code.value)
                else:
                    assert function.name in worked_out
        if function.name == "_code" and function.args.args[0].arg == "breach":
            yield from (str(one.value) for one in ast.walk(function) if isinstance(one, ast.Constant))


def test_no_code_is_without_a_fault(faulty: SiteTest) -> None:
    """Whoever adds a kind of finding adds a fault of it to `faults/site`, or to those beside it."""
    modules = [*(SOURCES / "budget").rglob("*.py"), *(SOURCES / "build").rglob("*.py")]
    made = {code for one in modules for code in codes_of(ast.parse(one.read_text(encoding="utf-8")))}
    assert made == {one.code for report in (found(faulty), beside()) for one in report.findings}
    assert len(made) >= 14


def test_no_key_is_without_a_fault(faulty: SiteTest) -> None:
    """Each class is over its limit by bytes, and so is each figure that is of no class."""
    keys = {one.verdict.key for one in found(faulty).findings if one.verdict is not None}
    assert {*CLASSES, *SITE_KEYS, "requests", "requests.image", "single-file", "first-flight"} <= keys
    assert {"dom-nodes", "inline-css", "inline-js", "critical.css", "lazy.image", "all.image"} <= keys


def test_a_build_says_and_fails_by_the_same(faulty: SiteTest) -> None:
    faulty.built()
    assert faulty.checked is not None
    assert faulty.checked.over
    assert faulty.checked.findings == found(faulty).findings
    faulty.remove("budgets.lock").built()
    codes = {one.code for one in faulty.checked.findings}
    assert "no-lock" in codes
    assert not codes & {"growth", "other-compressors"}
