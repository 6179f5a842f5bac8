"""Ledgers of HTML: every byte is in one row, and what was there before the passes has its writer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.budget.alignment import align, words_of
from ssg.budget.ledger import Row, Rules, ledger, regions, top_rules, within, without

WORDS = st.lists(st.sampled_from(["a", "b", "<", ">", "p", "class", "é", "0"]), max_size=60)
PIECES = st.lists(
    st.tuples(st.sampled_from(["<p>", "</p>", "word ", "ü", "<style>.a{b:c}</style>", "=", "\n"]), st.booleans()),
    max_size=40,
)


@given(WORDS, WORDS)
def test_words_that_are_the_same_rise_in_both_texts(text: list[str], made: list[str]) -> None:
    places = align(text, made)
    found = [place for place in places if place >= 0]
    assert found == sorted(set(found))
    assert all(text[place] == word for place, word in zip(places, made, strict=True) if place >= 0)


@given(WORDS)
def test_a_text_is_the_same_as_itself(text: list[str]) -> None:
    assert align(text, text) == list(range(len(text)))


@given(st.lists(st.integers(), unique=True, max_size=60), st.data())
def test_words_that_are_there_once_are_found_where_others_come_and_go(numbers: list[int], data: st.DataObject) -> None:
    text = list(map(str, numbers))
    kept = [one for one in text if data.draw(st.booleans())]
    made = [word for one in kept for word in ([one, "new"] if data.draw(st.booleans()) else [one])]
    assert [text[place] for place in align(text, made) if place >= 0] == kept


@given(PIECES, PIECES)
def test_the_sum_of_all_rows_is_the_size(pieces: list[tuple[str, bool]], published: list[tuple[str, bool]]) -> None:
    writers: list[tuple[int, str | None]] = [(0, None)]
    text = ""
    for piece, first in pieces:
        writers.append((len(text), "first" if first else "second"))
        text += piece
    made = "".join(piece for piece, _ in published)
    rows = ledger(text, writers, made)
    assert sum(row.bytes for row in rows) == len(made.encode())
    assert sorted(part for row in rows for part in row.parts) == _whole(rows)
    assert all(len(without(made, row).encode()) == len(made.encode()) - row.bytes for row in rows)


def _whole(rows: tuple[Row[str], ...]) -> list[tuple[int, int]]:
    """Give the parts of all rows, each beginning where the one before ends."""
    parts = sorted(part for row in rows for part in row.parts)
    ends = [0, *(end for _, end in parts)]
    return [(begin, end) for begin, (_, end) in zip(ends, parts, strict=False)]


def test_what_passes_change_stays_with_its_writer_and_what_they_add_does_not() -> None:
    text = '<html>\n <body class="wide"> <p title="one">Some words stand here.</p>\n <img src="/a.png"> </body></html>'
    writers = [(0, "base"), (text.index("<p"), "page"), (text.index("<img"), "base")]
    made = '<html><body class=wide><p title=one>Some words stand here.</p><img src="/a.0123456789.png"><script>x()</script>'
    rows = {row.writer: "".join(made[begin:end] for begin, end in row.parts) for row in ledger(text, writers, made)}
    assert rows == {
        "page": "<p title=one>Some words stand here.</p>",
        "base": '<html><body class=wide><img src="/a.0123456789.png">',
        None: "<script>x()</script>",
    }


def test_css_that_a_pass_brings_has_a_row_for_each_group_of_rules() -> None:
    css = "@layer a,b;.card{a:b}.card p{c:'}'}@media print{.x{d:e}}p{f:g}.card:hover{h:i}"
    made = f"<title>T</title><style>{css}</style><p>x"
    rows = ledger("<title>T</title><p>x", [(0, "page")], made)
    found = {row.writer.name: row.bytes for row in rows if isinstance(row.writer, Rules)}
    assert found == {
        "@layer a,b": len("@layer a,b;"),
        ".card": len(".card{a:b}.card p{c:'}'}.card:hover{h:i}"),
        "@media print": len("@media print{.x{d:e}}"),
        "p": len("p{f:g}"),
    }
    [(begin, end)] = regions(made, "style")
    assert sum(row.bytes for row in within(rows, made, [(begin, end)])) == len(css)


def test_css_of_a_template_is_the_templates() -> None:
    text = "<style>.card { color: red }</style><p>x"
    [row] = ledger(text, [(0, "page")], "<style>.card{color:red}</style><p>x")
    assert row.writer == "page"


@pytest.mark.parametrize(
    ("css", "preludes"),
    [
        ("", []),
        ("a{b:c", ["a"]),
        ("/*{*/a{b:'{'}d{e:f}", ["/*{*/a", "d"]),
        ("@import 'x';@media a{b{c:d}}", ["@import 'x'", "@media a"]),
        ("}a{b:c}", ["}a"]),
    ],
)
def test_rules_of_a_sheet(css: str, preludes: list[str]) -> None:
    assert [prelude for _, prelude in top_rules(css, 0, len(css))] == preludes


@given(st.text(alphabet="ab{};'\"/* @\n\\"))
def test_rules_of_anything_begin_in_order(css: str) -> None:
    starts = [start for start, _ in top_rules(css, 0, len(css))]
    assert starts == sorted(starts)
    assert starts[:1] in ([], [0])


def test_words_know_where_they_begin() -> None:
    found = words_of("<p>Für uns!</p>")
    assert list(zip(found.words, found.starts, strict=True)) == [
        ("<p", 0),
        (">", 2),
        ("Für", 3),
        ("uns", 7),
        ("!", 10),
        ("</p", 11),
        (">", 14),
    ]
