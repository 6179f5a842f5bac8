"""URLs in output formats, and what an ending says of the media type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.urls import HTML, folder_url, is_markup, media_type, output_url

segments = st.text(st.sampled_from("abé.-_ 1"), min_size=1, max_size=6).filter(lambda text: text.strip("."))
urls = st.builds(
    lambda parts, ending: "/" + "".join(f"{part}/" for part in parts) + ending,
    st.lists(segments, max_size=3),
    st.sampled_from(("", "about.html", "data.json", "a.b.xml")),
)
formats = st.sampled_from(("json", "txt", "md", "ics"))


@given(urls, formats, formats)
def test_a_format_stays_in_the_folder_and_can_be_exchanged(url: str, one: str, other: str) -> None:
    written = output_url(url, one)
    assert written.endswith(f".{one}")
    assert folder_url(written) == folder_url(url)
    assert output_url(written, other) == output_url(url, other)
    assert output_url(url, HTML) == url


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("/", "/index.json"),
        ("/a/", "/a/index.json"),
        ("/v1.2/", "/v1.2/index.json"),
        ("/a.html", "/a.json"),
        ("/404.html", "/404.json"),
    ],
)
def test_where_json_lies(url: str, expected: str) -> None:
    assert output_url(url, "json") == expected


@pytest.mark.parametrize(
    ("path", "expected", "escaped"),
    [
        ("a/index.html", "text/html", True),
        ("atom.xml", "text/xml", True),
        ("a.svg", "image/svg+xml", True),
        ("a.xhtml", "application/xhtml+xml", True),
        ("a.rss", "application/rss+xml", True),
        ("a.json", "application/json", False),
        ("a.txt", "text/plain", False),
        ("a.csv", "text/csv", False),
        ("a.ics", "text/calendar", False),
        ("a.MD", "text/markdown", False),
        ("a.geojson", "application/geo+json", False),
        ("partials/a.jinja", "application/octet-stream", True),
        ("a", "application/octet-stream", True),
    ],
)
def test_media_types_and_escaping(path: str, expected: str, *, escaped: bool) -> None:
    assert media_type(path) == expected
    assert is_markup(path) is escaped
