"""What pages add up to, held against a slow and literal model."""

from collections.abc import Mapping, Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from ssg.budget.assess import Terms
from ssg.budget.check import check
from ssg.budget.judging import Judged, Reading, judge
from ssg.budget.matching import Decided
from ssg.budget.values import Fetch, Kind, Level, Phase, Weight
from ssg.config import CLASSES, MEASURES, PHASES, Limit, Rule
from tests.budget.weighing import fetch, subject, weights

NAMES = ("/a.css", "/b.js", "/c.woff2", "https://x.example/d.js", "/e.png")
files = st.lists(
    st.builds(fetch, st.sampled_from(NAMES), st.sampled_from(Kind), st.integers(0, 99), st.sampled_from(Phase)),
    max_size=6,
)
KEYS = [
    *(f"{phase}{name}" for phase in ("", *(f"{one}." for one in PHASES)) for name in CLASSES),
    *(f"{phase}requests.{name}" for phase in ("", "all.") for name in CLASSES if name != "total"),
    "requests",
    "critical.requests",
    "single-file",
]


def literal(weight: Weight, key: str, measure: str) -> int:
    """Add up what a key counts, word by word."""
    parts = key.split(".")
    scope, *names = parts if parts[0] in PHASES else ("", *parts)
    counted: list[Fetch] = []
    for one in weight.fetches:
        lazy, critical = one.phase is Phase.LAZY, one.phase is Phase.CRITICAL
        if {"": not lazy, "critical": critical, "lazy": lazy, "all": True}[scope]:
            counted.append(one)
    requests = names[0] == "requests"
    name = (names[1:] or ["total"])[0] if requests else names[0]
    if name not in {"total", "single-file"}:
        counted = [one for one in counted if one.kind == name or (name == "third-party" and one.third_party)]
    if requests:
        return len(counted)
    sizes = [one.sizes.measured(measure) for one in counted if one.sizes is not None]
    return max(sizes, default=0) if name == "single-file" else sum(sizes)


@settings(max_examples=60)
@given(st.lists(files, min_size=1, max_size=4), st.sampled_from(MEASURES))
def test_figures_are_what_a_literal_model_says(sites: Sequence[Sequence[Fetch]], measure: str) -> None:
    limits = {key: Limit(error=10**9, measure="" if "requests" in key else measure) for key in KEYS}
    weighed = [one for number, made in enumerate(sites) for one in weights(f"/{number}/", 50 + number, made)]
    pages = [subject(f"/{number}/") for number in range(len(sites))]
    report = check(pages, weighed, Terms((Rule("all", 1, limits),)))
    for page in report.pages:
        found = {one.key: one.found for one in page.figures}
        assert {key: found[key] for key in KEYS} == {key: literal(page.weights[0], key, measure) for key in KEYS}


@given(st.lists(st.tuples(st.integers(1, 99), files), min_size=1, max_size=6), st.integers(0, 200), st.integers(0, 5))
def test_every_page_over_a_limit_is_in_one_finding_and_no_other(
    made: Sequence[tuple[int, Sequence[Fetch]]], size: int, count: int
) -> None:
    limits = {
        "total": Limit(warn=size // 2, error=size, measure="br"), "js": Limit(error=size, measure="br"),
        "requests": Limit(warn=count), "requests.image": Limit(error=count),
        "single-file": Limit(error=size, measure="br"),
    }  # fmt: skip
    weighed = [one for number, (html, files) in enumerate(made) for one in weights(f"/{number}/", html, files)]
    report = check([subject(f"/{n}/") for n in range(len(made))], weighed, Terms((Rule("all", 1, limits),)))
    said = [
        (one.verdict.key, one.level, url, found) for one in report.findings if one.verdict for url, found in one.pages
    ]
    expected = {
        (one.key, one.level, page.subject.url, one.found) for page in report.pages for one in page.figures if one.level
    }
    assert len(said) == len(set(said))
    assert set(said) == expected


@given(
    st.lists(st.tuples(st.integers(1, 99), files), min_size=1, max_size=6),
    st.dictionaries(
        st.sampled_from(("html", "total", "js", "single-file", "first-flight", "dom-nodes", "requests", "inline-css")),
        st.tuples(st.none() | st.integers(0, 300), st.none() | st.integers(0, 300), st.none() | st.integers(0, 300)),
    ),
)
def test_a_brief_check_finds_the_same(
    made: Sequence[tuple[int, Sequence[Fetch]]], said: Mapping[str, tuple[int | None, int | None, int | None]]
) -> None:
    rule = Rule("all", 1, {key: Limit(*bounds) for key, bounds in said.items()})
    weighed = [one for number, (html, files) in enumerate(made) for one in weights(f"/{number}/", html, files)]
    subjects = [subject(f"/{number}/") for number in range(len(made))]
    full, brief = (check(subjects, weighed, Terms((rule,), brief=brief)) for brief in (False, True))
    assert brief.findings == full.findings
    assert brief.site == full.site
    for page, whole in zip(brief.pages, full.pages, strict=True):
        assert page == whole or (not page.figures and all(one.level is None and not one.below for one in whole.figures))


amounts = st.integers(0, 9)
bounds = st.none() | amounts


@given(st.lists(amounts, min_size=1, max_size=3), bounds, bounds, bounds)
def test_one_figure_against_its_limit(
    found: Sequence[int], warn: int | None, most: int | None, least: int | None
) -> None:
    decided = Decided(Limit(warn, most, least), "the rule", own=True)
    judged: Judged = judge("requests", decided, "", [Reading(str(number), one) for number, one in enumerate(found)])
    over = most is not None and max(found) > most
    assert (judged.level is Level.ERROR) == over
    assert (judged.level is Level.WARN) == (not over and warn is not None and max(found) > warn)
    assert (judged.below is not None) == (least is not None and min(found) < least)
    assert judged.figure.found == max(found)
