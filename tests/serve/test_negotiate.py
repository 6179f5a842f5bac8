"""What of a file is sent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.serve.negotiate import Span, Unsatisfiable, matches, preferred, span


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ('"a"', True),
        ('W/"a"', True),
        ('"b", "a"', True),
        ("*", True),
        ('"b"', False),
        ('"ab"', False),
        ("a", False),
        ("", False),
    ],
)
def test_a_browser_that_has_the_file(header: str, expected: bool) -> None:
    assert matches(header, '"a"') is expected


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("bytes=0-4", Span(0, 5)),
        ("bytes=5-", Span(5, 10)),
        ("bytes=9-9", Span(9, 10)),
        ("bytes=2-1000", Span(2, 10)),
        ("bytes=-3", Span(7, 10)),
        ("bytes=-1000", Span(0, 10)),
        ("Bytes= 1 - 2 ", Span(1, 3)),
        ("bytes=10-", Unsatisfiable()),
        ("bytes=-0", Unsatisfiable()),
        ("bytes=4-2", None),
        ("bytes=-", None),
        ("bytes=", None),
        ("bytes", None),
        ("bytes=a-b", None),
        ("bytes=0-1,3-4", None),
        ("lines=0-1", None),
        ("bytes=" + "9" * 5000 + "-", None),
        ("bytes=٣-", None),
    ],
)
def test_ranges(header: str, expected: object) -> None:
    assert span(header, 10) == expected


def test_no_part_of_an_empty_file() -> None:
    assert span("bytes=0-", 0) == Unsatisfiable()
    assert span("bytes=-1", 0) == Unsatisfiable()


@given(st.text(max_size=30), st.integers(0, 100))
def test_a_range_lies_in_the_file(header: str, size: int) -> None:
    for found in (span(header, size), span(f"bytes={header}", size)):
        if isinstance(found, Span):
            assert 0 <= found.start < found.stop <= size


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("gzip, deflate, br", "br"),
        ("gzip", "gzip"),
        ("br;q=0.5, gzip;q=0.9", "gzip"),
        ("BR", "br"),
        ("*", "br"),
        ("*;q=0.1, br;q=0", "gzip"),
        ("br;q=0", "identity"),
        ("br;q=0.2, identity;q=0.9", "identity"),
        ("br;q=wrong", "identity"),
        ("zstd", "identity"),
        ("", "identity"),
    ],
)
def test_encodings(header: str, expected: str) -> None:
    assert preferred(header, ["br", "gzip"]) == expected


@given(st.text(max_size=40))
def test_an_encoding_is_one_that_there_is(header: str) -> None:
    assert preferred(header, ["br", "gzip"]) in {"br", "gzip", "identity"}
