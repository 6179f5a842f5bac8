"""From how wide an image is shown to the widths of its files."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.assets.lengths import length_in_px
from ssg.assets.slots import slot_widths


@pytest.mark.parametrize(
    ("sizes", "widths"),
    [
        ("100vw", (721, 1082, 1536, 1920)),
        ("", (721, 1082, 1536, 1920)),
        ("300px", (300, 600, 788)),
        ("auto, 300px", (300, 600, 788)),
        ("(min-width: 46.5rem) 44rem, calc(100vw - 2.5rem)", (704, 977, 1408)),
        ("(width >= 46.5rem) 44rem, calc(100vw - 40px)", (704, 977, 1408)),
        ("(min-width: 40rem) and (max-width: 60rem) 10px, 20px", (20, 40, 53)),
        ("(orientation: landscape) 100px, 200px", (100, 200, 263, 400, 525)),
        ("3000px", (1920,)),
        ("(min-width: 700px) 300px", (300, 721, 1082)),
        ("0", (1,)),
    ],
)
def test_widths_of_a_place(sizes: str, widths: tuple[int, ...]) -> None:
    found = slot_widths([sizes])
    assert found == slot_widths([sizes, sizes])
    assert found == widths


@pytest.mark.parametrize(
    ("length", "px"),
    [
        ("12px", 12.0),
        ("1.5rem", 24.0),
        (".5em", 8.0),
        ("50vw", 400.0),
        ("calc(100vw - 2 * 1.25rem)", 760.0),
        ("calc((100vw - 1rem * 2)/3)", 256.0),
        ("min(50vw, 20rem)", 320.0),
        ("max(50vw, 20rem)", 400.0),
        ("CLAMP(10rem, 50vw, 20rem)", 320.0),
        ("calc(-1 * -3px)", 3.0),
        ("calc(3px * (4 / 2))", 6.0),
        ("0", 0.0),
    ],
)
def test_a_length_in_a_window_of_800_px(length: str, px: float) -> None:
    assert length_in_px(length, 800) == px


@pytest.mark.parametrize(
    "length",
    [
        "50%",
        "10ch",
        "calc(1px",
        "1px)",
        "",
        "a",
        "1px 2px",
        "clamp(1px)",
        "calc(1px / 0)",
        "-3px",
        "44",
        "calc(100vw - 5)",
        "calc(2px * 3px)",
        "calc(6px / 3px)",
        "(" * 99,
        "-" * 9999,
        "9" * 400,
        "calc(9" + "9" * 400 + "vw * 0)",
    ],
)
def test_what_is_no_length(length: str) -> None:
    with pytest.raises(ValueError, match=r"is no width|is none of|divides by 0"):
        length_in_px(length, 800)


@given(st.text("()(min-width:1px,remvwcalc -+*/andauto<=>.", max_size=40))
def test_any_text_gives_widths_or_says_why_not(sizes: str) -> None:
    try:
        found = slot_widths([sizes])
    except ValueError as reason:
        assert str(reason)  # noqa: PT017 - either is right
        return
    assert found == tuple(sorted(set(found)))
    assert found[0] >= 1
    assert found[-1] <= 1920


@given(st.integers(1, 3000), st.integers(1, 3000))
def test_every_screen_has_a_file_that_serves_it(wide: int, narrow: int) -> None:
    found = slot_widths([f"(min-width: 800px) {wide}px, {narrow}px"])
    for needed in (wide, 2 * wide, narrow * 1.75, 2 * narrow):
        serving = [one for one in found if one >= min(needed, 1920)]
        assert serving
        assert serving[0] <= max(needed * 1.25 + 1, 1)
