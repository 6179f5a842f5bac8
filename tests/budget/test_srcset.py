"""Which candidate of a `srcset` is fetched: a literal model of the rule, and what Chromium 156 fetched when asked."""

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.budget.srcset import Candidate, choose, parse_srcset, source_size
from ssg.budget.values import DESKTOP, MOBILE, Profile

WIDTHS = st.integers(1, 4000)
DENSITIES = st.sampled_from([0.5, 1, 1.25, 1.5, 1.75, 2, 3])


def literal(candidates: list[Candidate], source: str, size: float, density: float) -> str:
    """Walk through the rule as Blink does: sort, drop what has the density of the one before, step until it is enough."""
    images: list[tuple[float, int, str]] = []
    for number, one in enumerate(candidates):
        if one.width is not None:
            images.append((one.width / size if size else math.inf, number, one.url))
        else:
            images.append((1.0 if one.density is None else one.density, number, one.url))
    ignored = any(one.width is not None for one in candidates)
    if source and not ignored:
        images.append((1.0, len(images), source))
    images.sort()
    kept: list[tuple[float, int, str]] = []
    for image in images:
        if not kept or image[0] != kept[-1][0]:
            kept.append(image)
    if not kept:
        return source
    at = 0
    while at < len(kept) - 1 and kept[at][0] < density:
        at += 1
    return kept[at][2]


CANDIDATES = st.lists(
    st.one_of(
        st.builds(lambda width: Candidate(f"{width}.png", width), WIDTHS),
        st.builds(lambda density: Candidate(f"x{density}.png", None, density), DENSITIES),
    ),
    max_size=8,
)


@given(CANDIDATES, st.sampled_from(["", "src.png"]), st.integers(0, 2000), DENSITIES)
def test_the_choice_is_that_of_the_literal_rule(
    candidates: list[Candidate], source: str, size: int, density: float
) -> None:
    assert choose(tuple(candidates), source, size, density) == literal(candidates, source, size, density)


@given(CANDIDATES.filter(bool), st.integers(1, 2000), DENSITIES)
def test_what_is_chosen_is_offered(candidates: list[Candidate], size: int, density: float) -> None:
    assert choose(tuple(candidates), "", size, density) in {one.url for one in candidates}


@given(st.lists(st.tuples(st.integers(1, 10**6), st.sampled_from("whx")), max_size=5))
def test_a_written_srcset_is_read_as_it_is_written(parts: list[tuple[int, str]]) -> None:
    text = ", ".join(f"{number}.png {number}{unit}" for number, unit in parts)
    expected = tuple(
        Candidate(f"{number}.png", number if unit == "w" else None, float(number) if unit == "x" else None)
        for number, unit in parts
        if unit != "h"
    )
    assert parse_srcset(text) == expected


@given(st.text())
def test_no_text_is_refused(text: str) -> None:
    assert all(one.url for one in parse_srcset(text))
    assert source_size(text, MOBILE)[0] >= 0


CHROMIUM = [
    ("a1.png 1x, a2.png 2x", "", "", "a1.png"),
    ("b1.png, b2.png 1.1x", "", "b0.png", "b1.png"),
    ("c1.png 500w, c2.png 1000w", "", "", "c2.png"),
    ("d1.png 300w 200h, d2.png 600w 400h", "(max-width:600px) 100vw, 300px", "", "d1.png"),
    ("e1.png 700w, e2.png 1400w", "calc(100vw - 10px)", "", "e2.png"),
    ("", "", "f.png", "f.png"),
    ("g1.png 2x", "", "g.png", "g.png"),
    ("h1.png 100w, h2.png bogus, h3.png 400w", "300px", "", "h3.png"),
    ("i1.png 100w, i2.png 400w", "auto, 100px", "", "i2.png"),
    ("j1.png 300w, j2.png 600w, j3.png 900w", "(min-width: 50em) min(50vw,600px), 10em", "", "j2.png"),
    ("k1.png 1x, k1b.png 1x", "", "", "k1.png"),
    ("l1.png 100w, l2.png 2000w", "-5px, 100px", "", "l1.png"),
    ("m1.png 100w, m2.png 2000w", "0", "", "m1.png"),
    ("n1.png 100w, n2.png 2000w", "50%", "", "n2.png"),
]


@pytest.mark.parametrize(("srcset", "sizes", "source", "expected"), CHROMIUM)
def test_chromium_fetched_this_on_a_desktop(srcset: str, sizes: str, source: str, expected: str) -> None:
    size, _ = source_size(sizes, DESKTOP)
    assert choose(parse_srcset(srcset), source, size, DESKTOP.density) == expected


PHONE = [
    ("g1.png 1x, g2.png 2x, g3.png 3x, g20.png 20x", "", "g2.png"),
    ("h1.png 1x, h175.png 1.75x, h2.png 2x", "", "h175.png"),
    ("i17.png 1.7x, i18.png 1.8x, i20.png 20x", "", "i18.png"),
    ("j1.png 1x, j17.png 1.74x, j2.png 200x", "", "j2.png"),
    ("k1.png 1x, k15.png 1.5x", "", "k15.png"),
    ("l3.png 3x, l2.png 2x", "", "l2.png"),
    ("m721.png 721w,m720.png 720w, m10.png 5000w", "412px", "m721.png"),
    ("d100.png 100w, d2000.png 2000w", "100px", "d2000.png"),
]


@pytest.mark.parametrize(("srcset", "sizes", "expected"), PHONE)
def test_chromium_fetched_this_on_a_phone(srcset: str, sizes: str, expected: str) -> None:
    size, _ = source_size(sizes, MOBILE)
    assert choose(parse_srcset(srcset), "", size, MOBILE.density) == expected


def test_auto_counts_for_lazy_images_alone() -> None:
    assert source_size("auto, 100px", MOBILE) == (412, True)
    assert source_size("auto, 100px", MOBILE, lazy=True) == (100, False)
    assert source_size("auto", MOBILE, lazy=True) == (412, False)


@given(st.fractions(min_value=0, max_value=100), st.integers(200, 3000))
def test_a_part_of_the_viewport_is_that_part(part: Fraction, width: int) -> None:
    device = Profile("x", width, 800, 1)
    found, sure = source_size(f"{float(part):f}vw", device)
    assert sure
    assert math.isclose(found, float(f"{float(part):f}") * width / 100, abs_tol=1e-6)
