"""Pages held against their limits: what is said, of whom, how often."""

import random
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.budget.assess import Terms
from ssg.budget.check import check
from ssg.budget.values import BudgetReport, Finding, Kind, Label, Level, Phase, Subject, Weight
from ssg.config import OFF, BudgetConfig, Limit, Rule
from tests.budget.weighing import fetch, sizes, subject, weights

SHEET = fetch("/assets/app.0123456789.css", Kind.CSS, 8_000, Phase.CRITICAL)
SCRIPT = fetch("/assets/app.0123456789.js", Kind.JS, 160_000)


def rule(key: str, limit: Limit, **conditions: Any) -> Rule:
    return Rule("[[budgets]] 1 (site.toml:4)", 4, {key: limit}, **conditions)


def checked(*weighed: Weight, rules: Any = (), **terms: Any) -> BudgetReport:
    urls = dict.fromkeys(one.url for one in weighed)
    return check([subject(url) for url in urls], weighed, Terms(rules, **terms))


def only(report: BudgetReport) -> Finding:
    [finding] = report.findings
    return finding


def test_a_page_within_its_limits_has_no_finding() -> None:
    report = checked(*weights("/", files=[SHEET]))
    assert not report.findings
    assert not report.over
    found = {one.key: one.found for one in report.pages[0].figures}
    assert found["html"] == 5_000
    assert found["css"] == 8_000
    assert found["total"] == 13_000
    assert found["first-flight"] == 1_000
    assert found["requests"] == 2
    assert {one.key: one.found for one in report.site} == {"largest-page": 13_000, "p95": 13_000}


def test_one_cause_on_many_pages_is_one_finding() -> None:
    """Pages differ in HTML and in images; the script is what they have in common."""
    weighed = [
        one
        for number in range(50)
        for one in weights(f"/{number}/", 5_000 + number, [SCRIPT, fetch(f"/{number}.png", Kind.IMAGE, 100 + number)])
    ]
    finding = only(checked(*weighed))
    assert (finding.code, finding.level) == ("over-budget", Level.ERROR)
    assert finding.message == '"js" is 160 kB, over the limit of 150 kB on /0/'
    assert len(finding.pages) == 50
    assert finding.causes[0].what == SCRIPT.url
    assert finding.verdict is not None
    assert finding.verdict.rule == "the defaults"


def test_different_causes_are_different_findings() -> None:
    weighed = [one for name in "ab" for one in weights(f"/{name}/", files=[fetch(f"/{name}.png", Kind.IMAGE, 600_000)])]
    report = checked(*weighed)
    assert [one.pages[0][0] for one in report.findings if one.level is Level.ERROR] == ["/a/", "/b/"]


def test_the_worst_comes_first() -> None:
    weighed = [*weights("/a/", 60_000), *weights("/b/", 70_000), *weights("/c/", 15_000), *weights("/d/", 100)]
    report = checked(*weighed)
    error, warning = report.findings
    assert [*error.pages] == [("/b/", 70_000), ("/a/", 60_000)]
    assert error.message.endswith("on /b/")
    assert (warning.level, warning.pages) == (Level.WARN, (("/c/", 15_000),))


def test_figures_that_read_the_same_are_in_bytes() -> None:
    assert '"html" is 14,001 bytes, over the limit of 14,000 bytes' in only(checked(*weights("/", 14_001))).message


def test_the_least() -> None:
    finding = only(checked(*weights("/"), rules=(rule("css", Limit(least=1_000, measure="br")),)))
    assert (finding.code, finding.level) == ("under-budget", Level.ERROR)
    assert finding.message == '"css" is 0 B, under the least of 1 kB on /'


@pytest.mark.parametrize(
    ("key", "limit", "found"),
    [
        ("critical.css", Limit(error=1_000, measure="br"), 8_000),
        ("lazy.image", Limit(error=1_000, measure="br"), 2_000),
        ("all.total", Limit(error=1_000, measure="raw"), 45_000),
        ("css", Limit(error=1_000, measure="gzip"), 8_010),
        ("requests.css", Limit(error=0), 1),
        ("critical.requests", Limit(error=1), 2),
        ("all.requests", Limit(error=2), 3),
        ("first-flight", Limit(error=900, measure="br"), 1_000),
        ("single-file", Limit(error=7_000, measure="br"), 8_000),
        ("dom-nodes", Limit(error=99), 100),
        ("inline-css", Limit(error=10), 700),
        ("inline-js", Limit(error=10), 20),
        ("largest-page", Limit(error=1_000, measure="br"), 13_000),
        ("p95", Limit(error=1_000, measure="br"), 13_000),
        ("site-bytes", Limit(error=1_000), 99_999),
    ],
)
def test_every_kind_of_limit(key: str, limit: Limit, found: float) -> None:
    image = fetch("/late.png", Kind.IMAGE, 2_000, Phase.LAZY)
    weighed = weights("/", files=[SHEET, image], inline={"css": 700, "js": 20})
    finding = only(checked(*weighed, rules=(rule(key, limit),), site_bytes=99_999))
    assert finding.verdict is not None
    assert (finding.verdict.key, finding.verdict.found) == (key, found)
    assert finding.verdict.rule == "[[budgets]] 1 (site.toml:4)"
    within = rule(key, Limit(error=found, measure=limit.measure))
    weighed = weights("/", files=[SHEET, image], inline={"css": 700, "js": 20})
    assert not checked(*weighed, rules=(within,), site_bytes=99_999).findings


def test_the_profile_with_the_highest_figure_counts() -> None:
    small, large = weights("/")
    large = Weight("/", large.profile, (*large.fetches, fetch("/a.png", Kind.IMAGE, 600_000)), large.head, 1, {})
    finding = next(one for one in checked(small, large).findings if one.level is Level.ERROR)
    assert finding.verdict is not None
    assert finding.verdict.profile == "desktop"


def test_a_size_that_nobody_knows_is_never_a_pass() -> None:
    other = fetch("https://cdn.example/x.js", Kind.JS, None)
    report = checked(*weights("/", files=[other]))
    [finding] = [one for one in report.findings if one.code == "unknown-size"]
    assert finding.level is Level.WARN
    strict = checked(*weights("/", files=[other]), rules=(rule("js", Limit(error=10**6, measure="br")),))
    assert strict.over
    told = BudgetConfig(third_party={"https://cdn.example/**": "20 kB"})
    report = checked(*weights("/", files=[other]), budget=told)
    assert "unknown-size" not in {one.code for one in report.findings}
    [figure] = [one for one in report.pages[0].figures if one.key == "js"]
    assert (figure.found, figure.label) == (20_000, Label.ASSUMED)


def test_a_file_that_is_not_there_is_an_error() -> None:
    finding = only(checked(*weights("/a/", files=[fetch("/gone.png", Kind.IMAGE, None)])))
    assert (finding.code, finding.path) == ("missing-file", "content/a.md")
    assert finding.message == "/gone.png would be fetched, and there is no such file on /a/"


def test_what_cannot_be_known_is_said_once() -> None:
    told = (("/app.js", "a script may fetch more"),)
    weighed = [one for name in "ab" for one in weights(f"/{name}/", unknown=told)]
    finding = only(checked(*weighed))
    assert (finding.code, finding.level, len(finding.pages)) == ("unknown-fetch", Level.WARN, 2)


def test_nothing_passes_because_nothing_was_measured() -> None:
    assert only(check([], [], Terms())).code == "unweighed"
    report = check([subject("/a/")], [], Terms())
    assert only(report).message == "nothing was measured on /a/"
    assert report.over
    assert only(checked(*weights("/"), rules=(rule("site-bytes", Limit(error=1)),))).code == "unweighed"


def test_a_rule_that_matches_no_page_is_an_error() -> None:
    finding = only(checked(*weights("/"), rules=(rule("js", Limit(error=1, measure="br"), match=("/blgo/**",)),)))
    assert (finding.code, finding.path, finding.line) == ("unmatched-rule", "site.toml", 4)


def test_mistakes_in_a_front_matter_are_errors() -> None:
    page = Subject("/", "content/a.md", overrides={"js": "9 kB"}, line=3)
    finding = only(check([page], list(weights("/")), Terms()))
    assert (finding.code, finding.path, finding.line) == ("wrong-limit", "content/a.md", 3)


def test_off_is_off_and_said() -> None:
    report = checked(*weights("/", 99_999), rules=OFF)
    assert report.off
    assert not report.findings
    assert report.pages[0].figures


def test_what_the_next_page_brings() -> None:
    own = fetch("/other.0123456789.js", Kind.JS, 300)
    weighed = [*weights("/", files=[SHEET]), *weights("/a/", files=[SHEET, own])]
    first, second = checked(*weighed).pages
    assert first.next == {"mobile": 5_000, "desktop": 5_000}
    assert second.next == {"mobile": 5_300, "desktop": 5_300}


def test_labels() -> None:
    font = fetch("/a.woff2", Kind.FONT, 100, label=Label.UPPER)
    labels = {one.key: one.label for one in checked(*weights("/", files=[SHEET, font])).pages[0].figures}
    assert (labels["css"], labels["font"], labels["total"]) == (Label.EXACT, Label.UPPER, Label.UPPER)


@given(st.randoms(use_true_random=False))
def test_the_order_of_pages_does_not_matter(chance: random.Random) -> None:
    weighed = [
        one
        for number in range(8)
        for one in weights(f"/{number}/", 10_000 * (number % 3) + 5_000, [SCRIPT] if number % 2 else [SHEET])
    ]
    shuffled = [[*weighed[number : number + 2]] for number in range(0, len(weighed), 2)]
    chance.shuffle(shuffled)
    assert checked(*weighed).findings == checked(*(one for pair in shuffled for one in pair)).findings


def many(count: int) -> tuple[list[Subject], list[Weight]]:
    """Give pages of five kinds, which differ in the size of their HTML; nothing is shared between their values."""
    weighed: list[Weight] = []
    for number in range(count):
        files = [fetch(f"/assets/{name}.js", Kind.JS, 9_000) for name in "abcd"[: number % 5]]
        files += [fetch("/a.css", Kind.CSS, 8_000, Phase.CRITICAL), fetch("/f.woff2", Kind.FONT, 30_000)]
        weighed += weights(f"/p/{number}/", 4_000 + number % 777, files)
    return [subject(f"/p/{number}/") for number in range(count)], weighed


def test_checking_grows_with_the_number_of_pages() -> None:
    def seconds(count: int) -> float:
        subjects, weighed = many(count)
        begin = time.process_time()
        assert not check(subjects, weighed, Terms()).findings
        return time.process_time() - begin

    seconds(100)
    small = min(seconds(300) for _ in range(3))
    assert seconds(3_000) < small * 10 * 5


def test_sizes_of_helpers_are_ordered() -> None:
    assert sizes(10).measured("br") < sizes(10).measured("gzip") < sizes(10).measured("raw")


def test_what_cannot_be_known_of_a_page_is_not_lost_among_its_like() -> None:
    told = (("a script in the page", "it may fetch more"),)
    finding = only(checked(*weights("/a/"), *weights("/b/", unknown=told)))
    assert [url for url, _ in finding.pages] == ["/b/"]
