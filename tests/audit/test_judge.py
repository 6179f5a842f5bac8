"""What was measured is held against limits: times with a slack, all else without."""

import math

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from ssg.audit.judge import judge, worst_first
from ssg.audit.measure import figures, summed
from ssg.audit.table import shown
from ssg.audit.values import DEVICES, AuditReport, Measured, Resource, Run, Shift
from ssg.budget.matching import Decided
from ssg.budget.values import Level
from ssg.config import Limit

PAGE = "https://example.org/"
RESOURCES = (
    Resource(PAGE, "Document", 200, 1000),
    Resource(f"{PAGE}a.css", "Stylesheet", 200, 300, blocking=True),
    Resource(f"{PAGE}a.js", "Script", 200, 50),
    Resource("https://cdn.example/b.js", "Script", 200, 70),
    Resource(f"{PAGE}x", "Ping", 204, 0),
)


def run(largest: float = 900, shift: float = 0.0, blocked: float = 10) -> Run:
    return Run(RESOURCES, shift, (Shift("img", shift),), "h1", largest, 800, blocked)


def page(*runs: Run) -> Measured:
    return summed(PAGE, DEVICES[0], runs or (run(),))


def limit(warn: float | None = None, error: float | None = None, least: float | None = None) -> Decided:
    return Decided(Limit(warn, error, least), "[[budgets]] 1 (site.toml:3)", own=True)


def judged(measured: Measured, *, slack: int = 20, **limits: Decided) -> list[tuple[str, Level, float]]:
    found = judge(measured, "/", {key.replace("_", "."): value for key, value in limits.items()}, slack)
    return [(one.key, one.level, one.limit) for one in found]


def test_sizes_and_counts_are_told_by_class() -> None:
    found = figures(page())
    assert found["total"] == 1420
    assert found["requests"] == 5
    assert found["critical.requests"] == 2
    assert (found["js"], found["requests.js"], found["css"], found["html"], found["other"]) == (120, 2, 300, 1000, 0)
    assert (found["third-party"], found["requests.third-party"], found["requests.other"]) == (70, 1, 1)


def test_the_median_counts_and_the_spread_is_told() -> None:
    measured = page(*(run(largest=one) for one in (900, 5000, 700, 800, 1000)))
    assert measured.lcp == 900
    assert measured.runs == 5
    assert measured.spread == {"lcp": (700, 5000)}


def test_a_page_within_its_limits_has_no_verdict() -> None:
    assert judged(page()) == []


def test_sizes_and_counts_are_judged_hard() -> None:
    assert judged(page(), total=limit(error=1419)) == [("total", Level.ERROR, 1419)]
    assert judged(page(), total=limit(error=1420)) == []
    assert judged(page(), critical_requests=limit(error=1)) == [("critical.requests", Level.ERROR, 1)]
    assert judged(page(), css=limit(least=301)) == [("css", Level.ERROR, 301)]
    assert judged(page(run(shift=0.3))) == [("cls", Level.ERROR, 0.25)]
    assert judged(page(run(shift=0.2))) == [("cls", Level.WARN, 0.1)]


def test_times_have_a_slack() -> None:
    most = limit(error=1000)
    assert judged(page(run(largest=1000)), lcp=most) == []
    assert judged(page(run(largest=1001)), lcp=most) == [("lcp", Level.WARN, 1000)]
    assert judged(page(run(largest=1200)), lcp=most) == [("lcp", Level.WARN, 1000)]
    assert judged(page(run(largest=1201)), lcp=most) == [("lcp", Level.ERROR, 1000)]
    assert judged(page(run(largest=1001)), slack=0, lcp=most) == [("lcp", Level.ERROR, 1000)]


def test_the_defaults_of_times_only_warn() -> None:
    assert judged(page(run(largest=60_000, blocked=5000))) == [
        ("lcp", Level.WARN, 2500),
        ("tbt", Level.WARN, 200),
    ]


def test_what_was_not_measured_does_not_pass() -> None:
    found = judge(page(run(largest=0)), "/", {"lcp": limit(error=2500)}, 20)
    assert [(one.key, one.level, one.found) for one in found] == [("lcp", Level.ERROR, math.inf)]
    assert "lcp is not measured on mobile" in shown(AuditReport((page(run(largest=0)),), found, "Chrome/1", 20))


def test_a_limit_that_is_off_is_off() -> None:
    assert judged(page(run(shift=0.3)), cls=limit()) == []


@given(st.floats(1, 1e5), st.floats(1, 1e5), st.integers(0, 100))
def test_a_slack_never_makes_it_worse(found: float, bound: float, slack: int) -> None:
    ranks = {None: 0, Level.WARN: 1, Level.ERROR: 2}

    def level(allowed: int) -> Level | None:
        return next(
            (
                one
                for key, one, _ in judged(page(run(largest=found)), slack=allowed, lcp=limit(error=bound))
                if key == "lcp"
            ),
            None,
        )

    assert ranks[level(slack)] <= ranks[level(0)]
    assert (level(slack) is None) == (round(found, 1) <= bound)


def test_errors_come_first_and_the_worst_of_them() -> None:
    limits = {"total": limit(error=1000), "css": limit(error=100), "js": limit(warn=1)}
    found = worst_first(judge(page(), "/", limits, 20))
    assert [(one.key, one.level) for one in found] == [("css", "error"), ("total", "error"), ("js", "warn")]


def test_the_table_names_what_counts() -> None:
    measured = msgspec.structs.replace(page(run(shift=0.3)), url="/")
    report = AuditReport((measured,), judge(measured, "/", {}, 20), "Chrome/1", 20)
    text = shown(report)
    assert "/ (mobile): the largest is h1" in text
    assert "/ (mobile): img moves by 0.300" in text
    assert "https://example.org/a.css holds up the first paint" in text
    assert "/: cls is 0.3 on mobile, allowed is at most 0.25 (the defaults of ssg audit)" in text
    assert text.splitlines()[-1].startswith("1 over, 0 near")
    assert report.over
