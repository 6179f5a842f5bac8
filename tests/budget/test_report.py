"""Every format of a budget's report: golden files, and what each format's readers rely on."""

import json
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.budget.report import (
    FORMATS,
    place_report,
    render_github,
    render_html,
    render_json,
    render_junit,
    render_markdown,
    render_sarif,
)
from ssg.budget.report.packing import FULL, pack_report
from ssg.budget.values import BudgetReport, Finding, Level
from tests.budget.sample import empty_report, faulty_report, large_report

GOLDEN = Path(__file__).parent / "golden"
NAMES = {
    "json": "report.json",
    "junit": "report.xml",
    "sarif": "report.sarif",
    "github": "github.txt",
    "markdown": "report.md",
    "html": "report.html",
}
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


def finding(message: str, path: str = "content/a.md", line: int = 1) -> BudgetReport:
    return BudgetReport((), (Finding("unmatched-rule", Level.ERROR, message, path, line),), (), "br", {})


def parsed(text: str) -> ET.Element:
    return ET.fromstring(text)  # noqa: S314 - written by ssg


@pytest.mark.parametrize("name", FORMATS)
def test_a_fault_of_every_kind(name: str, *, update_golden: bool) -> None:
    text = FORMATS[name](faulty_report())
    # The golden file of the web page holds its data alone: style and script are files of their own.
    told = re.sub(r"(?s).*<script type=\"application/json\" id=\"data\">(.*?)</script>.*", r"\1\n", text)
    if update_golden:
        (GOLDEN / NAMES[name]).write_text(told, encoding="utf-8", newline="")
    assert (GOLDEN / NAMES[name]).read_bytes().decode() == told
    assert text.endswith("\n")


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("off", [True, False])
def test_nothing_weighed_is_no_success(name: str, *, off: bool) -> None:
    said = FORMATS[name](empty_report(off=off))
    assert ("budgets are off: nothing was checked" if off else "no page was weighed") in said
    assert "within" not in re.sub(r"(?s)<(script|option|style).*?</\1>", "", said)


def test_the_json_says_all_there_is() -> None:
    report = faulty_report()
    text = render_json(report)
    told = json.loads(text)
    assert told["version"] == 1
    assert told["over"] is True
    assert [one["subject"]["url"] for one in told["pages"]] == [one.subject.url for one in report.pages]
    assert told["findings"][0]["causes"][0]["saving"] == 298_000
    assert told["pages"][0]["weights"][0]["fetches"][0]["sizes"] == {"raw": 67_600, "gzip": 19_012, "br": 16_900}
    rows = [json.loads(line.rstrip(",")) for line in text.split("\n") if line.startswith("{") and len(line) > 1]
    assert rows == [*told["site"], *told["findings"], *told["pages"]], "each is one line"


def test_junit_has_a_case_for_each_page_and_limit() -> None:
    report = faulty_report()
    root = parsed(render_junit(report))
    cases = [(case.get("classname"), case.get("name")) for case in root.iter("testcase")]
    assert len(cases) == len(set(cases)) == int(root.get("tests", ""))
    for page in report.pages:
        for figure in page.figures:
            judged = (figure.warn, figure.error, figure.least) != (None, None, None)
            assert ((page.subject.url, figure.key) in cases) == judged
    failures = {
        (case.get("classname"), case.get("name")) for case in root.iter("testcase") if case.find("failure") is not None
    }
    url = report.pages[0].subject.url
    assert {(url, "image"), (url, "css"), (url, "requests"), ("the site", "largest-page")} < failures
    assert len(failures) == int(root.get("failures", "")) == 6
    for suite in root.iter("testsuite"):
        assert int(suite.get("tests", "")) == len(list(suite))
        assert int(suite.get("failures", "")) == len(suite.findall("testcase/failure"))


def test_budgets_that_are_off_are_a_skipped_case() -> None:
    root = parsed(render_junit(empty_report(off=True)))
    assert root.get("skipped") == "1"


def test_sarif_has_what_the_standard_requires() -> None:
    """Sections 3.13 to 3.33 of the standard; the properties that its schema requires, and what indices point at."""
    log = json.loads(render_sarif(faulty_report()))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    assert driver["name"] == "ssg"
    rules = driver["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    assert all(rule["shortDescription"]["text"] and rule["help"]["text"] for rule in rules)
    assert all(one["executionSuccessful"] is True for one in run["invocations"])
    assert all(note["message"]["text"] for one in run["invocations"] for note in one["toolExecutionNotifications"])
    assert len(run["results"]) == len(faulty_report().findings)
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in {"error", "warning"}
        assert result["message"]["text"]
        for location in (*result["locations"], *result.get("relatedLocations", ())):
            place = location["physicalLocation"]
            assert re.fullmatch(r"[\w./%~-]+", place["artifactLocation"]["uri"])
            assert place["artifactLocation"]["uriBaseId"] in run["originalUriBaseIds"]
            assert place["region"]["startLine"] >= 1
        assert all(one["id"] >= 1 and one["message"]["text"] for one in result.get("relatedLocations", ()))
    prints = [result["partialFingerprints"]["ssgBudget/v1"] for result in run["results"]]
    assert len(set(prints)) == len(prints)


def test_a_finding_that_grows_keeps_its_fingerprint() -> None:
    report = faulty_report()
    first = report.findings[0]
    assert first.verdict is not None
    verdict = msgspec.structs.replace(first.verdict, found=600_000)
    worse = msgspec.structs.replace(first, message="another figure", line=99, verdict=verdict)
    grown = BudgetReport(report.pages, (worse, *report.findings[1:]), report.site, "br", {})

    def prints(one: BudgetReport) -> list[str]:
        results = json.loads(render_sarif(one))["runs"][0]["results"]
        return [result["partialFingerprints"]["ssgBudget/v1"] for result in results]

    assert prints(grown) == prints(report)


@given(TEXTS, TEXTS)
def test_a_workflow_command_is_one_line_and_can_be_read_back(message: str, path: str) -> None:
    said = render_github(finding(message, path or "a"))
    command, notice = said.removesuffix("\n").split("\n")
    assert notice.startswith("::notice ")
    read = re.fullmatch(r"::error file=([^,:\r\n]*),line=1,title=[^,:\r\n]*::([^\r\n]*)", command, re.DOTALL)
    assert read is not None

    def unescaped(text: str) -> str:
        for code, character in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
            text = text.replace(code, character)
        return text

    assert unescaped(read[1]) == (path or "a")
    assert unescaped(read[2]) == message


@given(TEXTS)
def test_junit_is_well_formed_whatever_stands_in_it(message: str) -> None:
    root = parsed(render_junit(finding(message)))
    assert root.get("failures") == "1"


@given(TEXTS)
def test_a_row_of_markdown_stays_a_row(message: str) -> None:
    rows = [line for line in render_markdown(finding(message)).split("\n") if line.startswith("| ❌")]
    assert len(rows) == 1
    assert len(re.findall(r"(?<!\\)(?:\\\\)*\|", rows[0])) == 7


@given(TEXTS)
def test_no_text_ends_the_data_of_the_page(message: str) -> None:
    text = render_html(finding(f"</script><!--{message}<script>"))
    data = text.partition('id="data">')[2].partition("</script>")[0]
    assert json.loads(data)["findings"][0]["message"] == f"</script><!--{message}<script>"


def test_markdown_fits_a_comment() -> None:
    report = faulty_report()
    many = BudgetReport(report.pages, report.findings * 60, report.site, "br", {})
    text = render_markdown(many)
    assert len(text) < 65_536
    assert "And 550 more findings." in text
    assert "more finding." not in render_markdown(report)


def test_sources_of_a_site_in_a_folder() -> None:
    placed = place_report(faulty_report(), "./docs/")
    assert "file=docs/content/blog/post%2C 1.md,line=7," in render_github(placed)
    assert "file=docs/site.toml,line=1," in render_github(placed)
    assert "docs/themes/default/templates/base.html" in render_sarif(placed)
    assert place_report(faulty_report(), ".") == faulty_report()


def test_the_web_page_is_small() -> None:
    empty = len(render_html(empty_report()).encode())
    assert empty < 100_000
    full, rows = len(render_html(large_report(FULL)).encode()), len(render_html(large_report(2 * FULL)).encode())
    assert (full - empty) / FULL < 600
    assert (rows - full) / FULL < 160
    assert len(pack_report(large_report(FULL + 5))["pages"]) == FULL


def test_the_web_page_knows_a_page_from_what_it_fetches() -> None:
    """Below a base path, too, which URLs of pages are without, and those of files have."""
    page = faulty_report().pages[0]
    weights = []
    for weight in page.weights:
        first, *rest = weight.fetches
        fetches = (msgspec.structs.replace(first, url=f"/docs{first.url}"), *rest)
        weights.append(msgspec.structs.replace(weight, fetches=fetches))
    below = msgspec.structs.replace(page, weights=tuple(weights))
    packed = pack_report(BudgetReport((below,), (), (), "br", {}))
    number, own, *_ = packed["pages"][0][3][0]
    assert own == [16_900, 67_600]
    fetched = [packed["fetches"][one] for one in packed["sets"][number]]
    assert [packed["urls"][packed["files"][file][0]] for file, *_ in fetched] == [
        fetch.url for fetch in page.weights[0].fetches[1:]
    ]
    assert {packed["urls"][via] if via >= 0 else "the page" for *_, via in fetched} == {
        "the page",
        "/style.1b2c3d4e.css",
    }


def test_equal_reports_give_equal_bytes() -> None:
    report = faulty_report()
    turned = BudgetReport(
        report.pages,
        report.findings,
        report.site,
        report.measure,
        dict(sorted(report.compressors.items(), reverse=True)),
    )
    assert [render(report) for render in FORMATS.values()] == [render(turned) for render in FORMATS.values()]
