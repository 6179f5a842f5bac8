"""Front matter in three notations, and none."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.content.front_matter import as_moment, as_names, as_text, split_front_matter


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("---\ntitle: A\ntags: [x, y]\n---\n\nBody\n", 5),
        ("--- \ntitle: A\ntags:\n- x\n- y\n---  \n\nBody\n", 7),
        ('+++\ntitle = "A"\ntags = ["x", "y"]\n+++\n\nBody\n', 5),
        ('{\n"title": "A",\n"tags": ["x", "y"]\n}\n\nBody\n', 5),
        ('{"title": "A", "tags": ["x", "y"]}\n\nBody\n', 2),
    ],
)
def test_the_notations_say_the_same(text: str, line: int) -> None:
    found = split_front_matter(text, "a.md")
    assert not found.diagnostics
    assert found.values == {"title": "A", "tags": ["x", "y"]}
    assert found.body == "\nBody\n"
    assert found.body_line == line
    assert text.splitlines()[found.body_line] == "Body"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# A\n",
        "---\n\nText after a rule.\n",
        "{{ page.title }}\n",
        "{% include x %}\n",
        "{: .class }\n",
        "{curly} text\n",
        "+ a\n+ b\n",
        "----\nfour\n----\n",
    ],
)
def test_none_is_fine(text: str) -> None:
    found = split_front_matter(text, "a.md")
    assert (dict(found.values), found.body, found.body_line, found.diagnostics) == ({}, text, 1, ())


def test_an_empty_head() -> None:
    found = split_front_matter("---\n---\nBody\n", "a.md")
    assert (dict(found.values), found.body, found.body_line) == ({}, "Body\n", 3)


def test_a_key_is_found_on_its_line() -> None:
    head = split_front_matter("---\ntitle: A\nweight: 3\n---\n", "a.md")
    assert (head.line("weight"), head.line("nothing")) == (3, 1)


def test_values_survive_a_journey_between_processes() -> None:
    found = split_front_matter("---\nd: 2026-01-02\nt: 2026-01-02 10:00:00\n1: a\nn: {x: [2026-01-02]}\n---\n", "a.md")
    assert found.values == {"d": "2026-01-02", "t": "2026-01-02T10:00:00", "1": "a", "n": {"x": ["2026-01-02"]}}


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        (None, None),
        ("", None),
        ("2026-01-02", datetime(2026, 1, 2, tzinfo=UTC)),
        ("2026-01-02T10:00:00", datetime(2026, 1, 2, 10, tzinfo=UTC)),
        ("2026-01-02T10:00:00+01:00", datetime(2026, 1, 2, 9, tzinfo=UTC)),
        ("2026-01-02 10:00:00 -0500", datetime(2026, 1, 2, 15, tzinfo=UTC)),
        ("2026-01-02 10:00:00 UTC", datetime(2026, 1, 2, 10, tzinfo=UTC)),
        ("2026-01-02T10:00:00Z", datetime(2026, 1, 2, 10, tzinfo=UTC)),
        ({"created": "2026-01-02", "updated": "2026-02-02"}, datetime(2026, 1, 2, tzinfo=UTC)),
    ],
)
def test_dates(value: object, moment: datetime | None) -> None:
    assert as_moment(value) == moment


@pytest.mark.parametrize("value", ["soon", 7, "2026-13-01", ["2026-01-01"]])
def test_what_is_no_date(value: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        as_moment(value)


def test_untidy_values() -> None:
    assert [as_text(value) for value in (None, True, 2026, 1.5, " a ")] == ["", "true", "2026", "1.5", "a"]
    assert as_names(["a", None, 2, "a", ""]) == ("a", "2")
    assert as_names("one") == ("one",)
    assert as_names(None) == ()


@given(st.text())
def test_any_text_splits_without_an_exception(text: str) -> None:
    for fence in ("", "---\n", "+++\n", "{"):
        split_front_matter(fence + text, "a.md")


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_the_body_is_kept(body: str) -> None:
    found = split_front_matter(f"---\ntitle: A\n---\n{body}", "a.md")
    assert found.body == body
