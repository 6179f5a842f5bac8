"""One cause on 1,494 pages of a real build: in every format one finding with a count."""

import json
import re
from xml.etree import ElementTree as ET

import pytest

from ssg.budget.report import FORMATS
from ssg.budget.values import BudgetReport, Finding
from ssg.budget_console import shown_report
from ssg.build import Choices, Crew, made
from ssg.build.checking import report_of
from ssg.config import Overrides, load_config
from ssg.model import Inputs
from tests.site_test import NOW, THEMES, SiteTest

PAGES = 1_494
CONFIG = """
budgets = [{ js = "1 kB", first-flight = "off" }]

[site]
title = "Many"

[output]
encodings = []

[theme]
name = "bare"
"""
PAGE = """<!doctype html><title>{{ page.title }}</title><link rel="icon" href="data:,">
<script src="{{ asset_url('app.js') }}" defer></script>{{ page.content }}
"""


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> BudgetReport:
    """Build a site of so many pages, all of which have one script that is over its limit."""
    site = SiteTest(tmp_path_factory.mktemp("many"))
    site.write("site.toml", CONFIG).write("assets/app.js", f"window.app = '{'x' * 2_000}';\n")
    for name in ("page", "home", "section", "404"):
        site.write(f"themes/bare/templates/{name}.html", PAGE)
    for number in range(PAGES - 2):  # the home page and that of what is not found come to them
        site.write(f"content/{number:04}.md", f"# Page {number}\n")
    config = load_config(site.root, Overrides())
    return made(Inputs(str(site.root), (str(THEMES),), NOW, {}), config, Choices(), Crew(1), report_of)[1]


def over(report: BudgetReport) -> Finding:
    [finding] = report.findings
    return finding


def test_there_is_one_finding_with_its_cause(report: BudgetReport) -> None:
    finding = over(report)
    assert len(report.pages) == len(finding.pages) == PAGES
    assert len({url for url, _ in finding.pages}) == PAGES
    assert [(one.what, one.path) for one in finding.causes] == [("app.js", "assets/app.js")]
    assert finding.causes[0].saving == finding.causes[0].bytes > 2_000


MORE = f"and on {PAGES - 1:,} more pages"


@pytest.mark.parametrize("width", [None, 100])
def test_a_terminal_shows_it_once(report: BudgetReport, width: int | None) -> None:
    text = " ".join(shown_report(report, width, colour=False).split())
    assert text.count(MORE) == 1
    assert text.count("app.js (assets/app.js)") == 1
    assert len(shown_report(report, width, colour=False).splitlines()) < 16


def test_json_has_it_once_with_all_pages(report: BudgetReport) -> None:
    told = json.loads(FORMATS["json"](report))
    [finding] = told["findings"]
    assert len(finding["pages"]) == PAGES
    assert len(finding["causes"]) == 1


def test_github_and_sarif_have_one_place(report: BudgetReport) -> None:
    annotations = [one for one in FORMATS["github"](report).splitlines() if one.startswith(("::error", "::warning"))]
    assert len(annotations) == 1
    assert MORE in annotations[0]
    [run] = json.loads(FORMATS["sarif"](report))["runs"]
    [result] = run["results"]
    assert MORE in result["message"]["text"]


def test_markdown_has_one_row(report: BudgetReport) -> None:
    text = FORMATS["markdown"](report)
    rows = [one for one in text.splitlines() if one.startswith("| ❌")]
    assert len(rows) == 1
    assert f"{PAGES - 1:,} more" in rows[0]
    assert len(text) < 3_000


def test_html_has_it_once(report: BudgetReport) -> None:
    found = re.search(r'(?s)<script type="application/json" id="data">(.*?)</script>', FORMATS["html"](report))
    assert found is not None
    [finding] = json.loads(found[1])["findings"]
    assert finding["count"] == PAGES
    assert len(finding["causes"]) == 1


def test_junit_fails_each_page_and_says_why_once(report: BudgetReport) -> None:
    """A case is a page with a limit, so that each page has one; what causes it is told with the worst."""
    tree = ET.fromstring(FORMATS["junit"](report))  # noqa: S314 - ours
    failed = [one for one in tree.iter("testcase") if one.find("failure") is not None]
    assert len(failed) == PAGES
    assert {one.get("name") for one in failed} == {"js"}
    texts = [str(one.findtext("failure")) for one in failed]
    assert sum("app.js (assets/app.js)" in one for one in texts) == 1
    assert sum(f"one of {PAGES:,} pages with the same cause, which stands at /" in one for one in texts) == PAGES - 1
