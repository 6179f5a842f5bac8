"""The elements of a page, each with the place of its tag: who wrote how many of them."""

import bisect
import re
from collections import Counter
from collections.abc import Sequence

from turbohtml import Document, Element

from ssg.budget.ledger import Row, Writer
from ssg.budget.page import parse

_LINE = re.compile(r"\r\n|\r|\n")  # what ends a line for a parser (WHATWG HTML, section 13.2.3.5)


def count_elements(html: str) -> int:
    """Give the number of elements of a page, with those that a parser adds: what `dom-nodes` limits."""
    return len(elements_of(parse(html)))


def elements_of(tree: Document) -> list[Element]:
    """Give all elements of a page in the order of the document."""
    return tree.find_all()


def line_starts(html: str) -> list[int]:
    """Give where the lines of a page begin, in characters."""
    return [0, *(found.end() for found in _LINE.finditer(html))]


def element_starts(html: str) -> tuple[int, ...]:
    """Give for each element where its tag begins, in characters, sorted.

    One whose tag is left out, as that of `<html>` or `<tbody>` may be, is where the one before it is.
    """
    lines = line_starts(html)
    starts: list[int] = []
    for one in elements_of(parse(html, positions=True)):
        starts.append(start_of(one, lines) if one.position is not None else starts[-1] if starts else 0)
    return tuple(sorted(starts))


def start_of(element: Element, lines: Sequence[int]) -> int:
    """Give where the tag of an element begins, in characters; 0 where it is left out."""
    if element.position is None:
        return 0
    line, column = element.position
    return lines[min(line, len(lines)) - 1] + column


def rows_by_elements(rows: Sequence[Row[Writer]], starts: Sequence[int]) -> tuple[tuple[Row[Writer], int], ...]:
    """Give the rows of a page that have elements with their number, most first; together they have all of them."""
    parts = sorted((begin, number) for number, row in enumerate(rows) for begin, _ in row.parts)
    if not parts:
        return ()
    begins = [begin for begin, _ in parts]
    counts = Counter(parts[max(0, bisect.bisect_right(begins, start) - 1)][1] for start in starts)
    ordered = sorted(counts.items(), key=lambda one: (-one[1], rows[one[0]].parts))
    return tuple((rows[number], count) for number, count in ordered)
