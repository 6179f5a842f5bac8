"""Media queries, asked of the devices that pages are weighed for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.budget.conditions import Truth, all_of, any_of, holds, negated
from ssg.budget.values import DESKTOP, MOBILE, Profile

CASES: list[tuple[str, Truth, Truth]] = [
    ("", True, True),
    ("print", False, False),
    ("screen", True, True),
    ("not print", True, True),
    ("not all", False, False),
    ("only screen", True, True),
    ("tty, screen", True, True),
    ("(min-width: 400px) and (max-width: 900px)", True, False),
    ("screen and (min-width: 60em)", False, True),
    ("(400px <= width < 800px)", True, False),
    ("(width >= 600px)", False, True),
    ("not (width >= 600px)", True, False),
    ("(width < 300px) or (height > 900px)", False, True),
    ("screen and (orientation: portrait)", True, False),
    ("(min-resolution: 1.5dppx)", True, False),
    ("(-webkit-min-device-pixel-ratio: 1.5)", True, False),
    ("(min-resolution: 144dpi)", True, False),
    ("(min-aspect-ratio: 1/1)", False, True),
    ("(prefers-color-scheme: dark)", False, False),
    ("(prefers-reduced-motion: no-preference)", True, True),
    ("(hover: hover)", None, None),
    ("(hover) and print", False, False),
    ("(min-width: wide)", False, False),
    ("screen and", False, False),
]


@pytest.mark.parametrize(("media", "mobile", "desktop"), CASES)
def test_a_query_holds_or_not(media: str, mobile: Truth, desktop: Truth) -> None:
    assert (holds(media, MOBILE), holds(media, DESKTOP)) == (mobile, desktop)


TRUTHS = st.sampled_from([True, False, None])


@given(st.lists(TRUTHS))
def test_what_is_not_known_decides_nothing_that_is_decided(truths: list[Truth]) -> None:
    for name, joined in (("all", all_of(truths)), ("any", any_of(truths))):
        plain = all if name == "all" else any
        worlds = {plain(one or (one is None and guess) for one in truths) for guess in (True, False)}
        assert joined == (worlds.pop() if len(worlds) == 1 else None)
    assert negated(any_of(truths)) == all_of(map(negated, truths))


@given(st.integers(1, 5000), st.integers(1, 5000))
def test_a_width_is_compared(width: int, limit: int) -> None:
    device = Profile("x", width, 800, 1)
    assert holds(f"(min-width: {limit}px)", device) is (width >= limit)
    assert holds(f"(width > {limit}px)", device) is (width > limit)


@given(st.text())
def test_no_text_is_refused(media: str) -> None:
    assert holds(media, MOBILE) in {True, False, None}
