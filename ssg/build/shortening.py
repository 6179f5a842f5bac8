"""A page that is long by its nature → what it would be with a list in parts, or with its end on a page of its own."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from ssg import render
from ssg.budget.ledger import Row
from ssg.build.cases import Case, Writer
from ssg.build.ledgers import Ledgers
from ssg.build.rendering import Stage
from ssg.build.trials import Trials
from ssg.model import Heading, RouteKind
from ssg.routes import own_page

# How many pages a list may show at a time, which is tried in turn until the limit is kept.
_SIZES = (100, 50, 20, 10)


class Shortening:
    """Tries out how pages of one site could be shorter."""

    def __init__(self, stage: Stage, trials: Trials, ledgers: Ledgers) -> None:
        self._stage = stage
        self._trials = trials
        self._ledgers = ledgers

    def in_parts(self, case: Case) -> Iterator[tuple[str, str]]:
        """Give what to set for a list to show fewer pages at a time, the most of them first, and its HTML then."""
        work = case.work
        shown = self._trials.listed(work) if work is not None else 0
        for size in _SIZES if work is not None else ():
            html = self._trials.in_parts(work, size) if work is not None and size < shown else None
            if html is not None:
                yield self._setting(case, size), html

    def _setting(self, case: Case, size: int) -> str:
        work = case.work
        own = own_page(self._stage.scene.site, work.route) if work is not None else None
        if own is not None and work is not None and work.route.kind is not RouteKind.TERM:
            return f"paginate: {size} in {own.source}"
        return f"paginate = {size} in [content]"

    def endings(self, case: Case, html: str, rows: Sequence[Row[Writer]]) -> Iterator[tuple[str, int, str]]:
        """Give the sections of a Markdown body from the last one back: heading, line of the Markdown, HTML without.

        What is left out is all from the heading on, to the end of the body; the first section stays.
        """
        body = self._ledgers.body(case.work) if case.work is not None else None
        row = next((one for one in rows if isinstance(one.writer, render.Writer) and one.writer.kind == "body"), None)
        if body is None or row is None:
            return
        begin, end = row.parts[0][0], row.parts[-1][1]
        places = [(one, _place(one, html, begin, end)) for one in body.headings]
        found = [(one, place) for one, place in places if place > begin]
        level = min((one.level for one, _ in found), default=0)
        text = self._source(case.verdict.source)
        for heading, place in reversed([one for one in found if one[0].level == level]):
            yield heading.text, _line(heading, text), html[:place] + html[end:]

    def _source(self, source: str) -> str:
        try:
            return Path(self._stage.scene.inputs.root, source).read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""


def _place(heading: Heading, html: str, begin: int, end: int) -> int:
    """Give where the tag of a heading begins in a page; -1 where it is not found."""
    found = re.compile(rf"<h{heading.level}\b[^>]*\bid=[\"']?{re.escape(heading.id)}[\"'\s>]").search(html, begin, end)
    return found.start() if found is not None else -1


def _line(heading: Heading, text: str) -> int:
    """Give the line of a heading in its Markdown, 0 where it is written otherwise than it reads."""
    found = re.search(rf"^#{{{heading.level}}}[ \t]+{re.escape(heading.text)}[ \t#]*$", text, re.MULTILINE)
    return text.count("\n", 0, found.start()) + 1 if found is not None else 0
