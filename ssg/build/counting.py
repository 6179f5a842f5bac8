"""A page with more elements than it may have → who wrote how many, and how many fewer a change would leave."""

from collections.abc import Iterator, Sequence

from ssg import render
from ssg.budget.advice import Change, elements_cause, keeps
from ssg.budget.ledger import Row, without
from ssg.budget.nodes import count_elements, element_starts, rows_by_elements
from ssg.budget.values import Cause
from ssg.build.cases import Case, Writer, optional, written
from ssg.build.naming import Names
from ssg.build.shortening import Shortening
from ssg.errors import Location

_MOST = 5


class Counting:
    """Explains limits on elements; every page that a change would leave is parsed and counted as a browser does."""

    def __init__(self, names: Names, shortening: Shortening) -> None:
        self._names = names
        self._shortening = shortening

    def causes(self, case: Case, html: str, rows: Sequence[Row[Writer]]) -> Iterator[Cause]:
        """Give who wrote the elements of a page, most first; all elements are in one row."""
        starts = element_starts(html)
        whole = len(starts)
        parts = [*self._parts(case, whole)]
        for row, count in rows_by_elements(rows, starts)[:_MOST]:
            what, where = written(row, case, self._names)
            changes: list[Change] = []
            if isinstance(row.writer, render.Writer) and row.writer.kind == "body":
                ending, line = self._ending(case, html, rows)
                changes += ending
                where = Location(where.path, line or where.line)
            elif isinstance(row.writer, render.Writer):
                changes, parts = parts, []  # the one that has most: it is what writes the list
            if optional(row):
                changes = [*changes, Change("without it", 0, elements=whole - count_elements(without(html, row)))]
            yield elements_cause(what, where, count, changes, case.verdict)

    def _parts(self, case: Case, whole: int) -> Iterator[Change]:
        """Give what a list in parts would have less, until it is enough."""
        for advice, html in self._shortening.in_parts(case):
            change = Change(advice, 0, elements=whole - count_elements(html))
            yield change
            if keeps(case.verdict, change):
                return

    def _ending(self, case: Case, html: str, rows: Sequence[Row[Writer]]) -> tuple[list[Change], int]:
        """Give what the page would have less with its end elsewhere: as little of it as is enough, else most of it."""
        whole = count_elements(html)
        made: list[Change] = []
        line = 0
        for heading, at, rest in self._shortening.endings(case, html, rows):
            line = at
            advice = f'a page of its own from "{heading}" on'
            made = [Change(advice, 0, elements=whole - count_elements(rest))]
            if keeps(case.verdict, made[0]):
                break
        return made, line
