"""Limits as authors write them, and which of them holds for a page."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.budget.matching import Matcher, merge_rules, url_pattern
from ssg.config import KEYS, OFF, SITE_KEYS, Limit, Overrides, Rule, default_rule, load_config, read_overrides
from ssg.config.limits import CLASSES, PHASES, read_limits, read_size, unit_of
from ssg.errors import ConfigError
from tests.budget.weighing import subject


def rules_of(tmp_path: Path, text: str) -> tuple[Rule, ...]:
    (tmp_path / "site.toml").write_text(text, encoding="utf-8")
    rules = load_config(tmp_path, Overrides()).budgets
    assert rules != OFF
    return rules


def read(**written: object) -> dict[str, Limit]:
    limits, problems = read_limits(written, "br", site=True)
    assert not problems
    return dict(limits)


def refused(**written: object) -> str:
    _, [problem] = read_limits(written, "br", site=True)
    return f"{problem.message}; {problem.hint}"


UNITS = {"B": 1, "kB": 1000, "KiB": 1024, "MB": 1000**2, "MiB": 1024**2, "GB": 1000**3, "GiB": 1024**3}


@given(st.integers(0, 10**6), st.sampled_from(sorted(UNITS)), st.sampled_from(["", " "]))
def test_a_size_is_a_number_of_bytes(number: int, unit: str, space: str) -> None:
    assert read_size(f"{number}{space}{unit}") == number * UNITS[unit]
    assert read(js=f"{number}{space}{unit}")["js"].error == number * UNITS[unit]


@given(st.one_of(st.integers(), st.floats(), st.booleans(), st.text(), st.none(), st.lists(st.integers())))
def test_what_is_no_size_is_refused_with_a_way_to_write_it(value: object) -> None:
    limits, problems = read_limits({"js": value}, "br", site=True)
    if problems:
        assert not limits
        assert problems[0].hint
    else:
        assert value == "off" or value is False or (isinstance(value, str) and read_size(value) is not None)


def test_a_number_without_a_unit_is_refused() -> None:
    assert (
        refused(js=30) == '"js" is 30, which has no unit; write "30 kB" (of 1,000 bytes) or "30 KiB" (of 1,024 bytes)'
    )
    assert 'write "2.5 s" (seconds)' in refused(lcp="2.5")
    assert refused(js="30 KB") == '"js" is "30 KB", and "KB" is no unit of it; did you mean "kB"?'
    assert refused(requests="30 kB") == '"requests" is "30 kB"; write a number like 30'
    assert refused(requests=2.5) == '"requests" is 2.5; write a number like 30'


def test_two_thresholds_and_a_least() -> None:
    assert read(css={"min": "1 kB", "warn": "2 kB", "error": "3 kB"})["css"] == Limit(2000, 3000, 1000, "br")
    assert read(css="3 kB")["css"] == Limit(None, 3000, None, "br")
    assert read(css="off")["css"].off
    assert read(cls=0.1, lcp="2.5 s", tbt="200 ms") == {
        "cls": Limit(None, 0.1), "lcp": Limit(None, 2500), "tbt": Limit(None, 200)
    }  # fmt: skip
    assert 'in "css" warn is more than error' in refused(css={"warn": "3 kB", "error": "2 kB"})
    assert 'in "css" min is more than error' in refused(css={"min": "3 kB", "error": "2 kB"})
    assert 'did you mean "warn"?' in refused(css={"warm": "3 kB"})
    assert "is an empty table" in refused(css={})


def test_limits_of_phases_and_of_requests() -> None:
    limits = read(critical={"css": "9 kB", "requests": 3}, requests={"font": 2, "total": 9}, all={"total": "1 MB"})
    assert set(limits) == {"critical.css", "critical.requests", "requests.font", "requests", "all.total"}
    assert 'did you mean "font"?' in refused(lazy={"fnt": "1 kB"})
    assert 'did you mean "third-party"?' in refused(requests={"third_party": 3})
    assert "is no table" in refused(critical="9 kB")
    assert "did you mean" in refused(first_flight="14 kB")


def test_a_limit_of_the_site_is_for_all_pages(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="limits the whole site"):
        rules_of(tmp_path, '[[budgets]]\nmatch = "/a/"\nsite-bytes = "1 MB"\n')
    [rule] = rules_of(tmp_path, '[[budgets]]\nsite-bytes = "1 MB"\nmeasure = "gzip"\njs = "1 kB"\n')
    assert rule.limits == {"site-bytes": Limit(None, 10**6), "js": Limit(None, 1000, None, "gzip")}


def test_mistakes_have_their_lines(tmp_path: Path) -> None:
    text = (
        '[site]\ntitle = "x"\n[[budgets]]\njs = "1 kB"\n\n[[budgets]]\nmatch = "/a/"\njss = "1 kB"\n'
        '[budgets.critical]\ncss = 3\n[html]\ninline_css = "1 kB"\n'
    )
    with pytest.raises(ConfigError) as caught:
        rules_of(tmp_path, text)
    assert [one.where.line for one in caught.value.diagnostics] == [8, 10]


def test_rules_say_where_they_stand(tmp_path: Path) -> None:
    first, second = rules_of(tmp_path, '[[budgets]]\njs = "1 kB"\n\n[[budgets]]\nmatch = ["/a/", "/b/"]\njs = "off"\n')
    assert (first.name, first.line) == ("[[budgets]] 1 (site.toml:1)", 1)
    assert (second.name, second.line, second.match) == ("[[budgets]] 2 (site.toml:4)", 4, ("/a/", "/b/"))


def test_budgets_can_be_off(tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_text('budgets = "off"\n')
    assert load_config(tmp_path, Overrides()).budgets == OFF
    with pytest.raises(ConfigError, match="is no list of rules"):
        rules_of(tmp_path, 'budgets = "of"\n')


def test_the_defaults_are_whole() -> None:
    limits = default_rule().limits
    assert limits["html"] == Limit(14_000, 50_000, None, "br")
    assert limits["requests.third-party"] == Limit(0, 5)
    assert set(limits) == {
        "html", "css", "js", "font", "image", "total", "first-flight",
        "requests", "requests.font", "requests.third-party",
    }  # fmt: skip


def test_a_page_gives_a_reason() -> None:
    assert read_overrides({"js": "200 kB", "reason": "a map"}) == ({"js": Limit(None, 200_000, None, "br")}, ())
    for written in ({"js": "200 kB"}, {"js": "200 kB", "reason": " "}, ["js"], {"js": 200, "reason": "a map"}):
        limits, problems = read_overrides(written)
        assert not limits
        assert problems


def test_every_key_has_a_unit_and_can_be_limited() -> None:
    example = {"bytes": "1 kB", "ms": "1 s", "": 1}
    for key in set(KEYS) - set(PHASES):
        limits, problems = read_limits({key: example[unit_of(key)]}, "br", site=True)
        assert [*limits] == [key]
        assert not problems


@pytest.mark.parametrize(
    ("glob", "matched", "others"),
    [
        ("/**", ["/", "/a/", "/a/b/"], []),
        ("/", ["/"], ["/a/"]),
        ("/a/**", ["/a/", "/a", "/a/b/", "/a/b/c/"], ["/", "/ab/", "/b/a/"]),
        ("/a/*", ["/a/b/", "/a/b.html"], ["/a/", "/a/b/c/"]),
        ("/**/c/", ["/c/", "/a/c/", "/a/b/c/"], ["/a/c/b/", "/ac/"]),
        ("/a*/", ["/a/", "/ab/"], ["/a/b/", "/b/"]),
        ("/a.b/", ["/a.b/"], ["/acb/"]),
        ("https://a.example/x?v=*", ["https://a.example/x?v=3"], ["https://a.example/y?v=3"]),
    ],
)
def test_patterns(glob: str, matched: list[str], others: list[str]) -> None:
    matches = url_pattern(glob)
    assert [url for url in [*matched, *others] if matches(url)] == matched


def test_a_pattern_is_written_as_people_read_it() -> None:
    limits, _ = Matcher([Rule("r", 1, {"js": Limit(error=1)}, ("/début/",))]).limits(subject("/d%C3%A9but/"))
    assert "js" in limits


@st.composite
def some_rules(draw: st.DrawFn) -> list[Rule]:
    keys = st.sampled_from([*CLASSES, "critical.css", "requests"])
    limits = st.dictionaries(keys, st.builds(Limit, error=st.integers(0, 9)), max_size=3)
    globs = st.lists(st.sampled_from(["/**", "/a/**", "/a/b/", "/c/*"]), max_size=2).map(tuple)
    sections = st.sampled_from(["", "a", "a/b"])
    made = draw(st.lists(st.tuples(limits, globs, sections), max_size=6))
    return [Rule(f"rule {number}", number + 1, *one) for number, one in enumerate(made)]


@given(some_rules(), st.sampled_from(["/", "/a/", "/a/b/", "/c/d/"]), st.sampled_from(["", "a", "a/b", "ab"]))
def test_for_each_key_the_last_rule_that_matches_wins(rules: list[Rule], url: str, section: str) -> None:
    limits, _ = Matcher(rules).limits(subject(url, section=section))
    for key in {key for rule in rules for key in rule.limits}:
        last = None
        for rule in rules:
            inside = not rule.section or section == rule.section or section.startswith(f"{rule.section}/")
            if key in rule.limits and inside and (not rule.match or any(url_pattern(one)(url) for one in rule.match)):
                last = rule
        assert (key in limits) == (last is not None)
        if last is not None:
            assert (limits[key].limit, limits[key].rule) == (last.limits[key], last.name)


@given(some_rules(), some_rules())
def test_merging_is_in_order(first: list[Rule], second: list[Rule]) -> None:
    assert merge_rules([*first, *second]) == {**merge_rules(first), **merge_rules(second)}


def test_front_matter_has_the_last_word() -> None:
    page = subject("/a/", overrides={"js": "2 kB", "reason": "a map"}, line=3)
    rules = [Rule("all", 1, {"js": Limit(error=1), "css": Limit(error=1)}), Rule("never", 2, {}, ("/b/",))]
    matcher = Matcher(rules)
    limits, problems = matcher.limits(page)
    assert not problems
    assert (limits["js"].rule, limits["js"].limit.error) == ("content/a.md:3", 2000)
    assert limits["css"].rule == "all"
    assert matcher.matching(page) == (0,)


def test_site_keys_are_not_for_pages() -> None:
    for key in SITE_KEYS:
        _, [problem] = read_overrides({key: "1 MB", "reason": "large"})
        assert "limits the whole site" in problem.message
