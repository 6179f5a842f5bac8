"""What is explained of a page, and who may have written a part of it."""

import msgspec

from ssg import render
from ssg.budget.ledger import Row, Rules
from ssg.budget.parts import Part
from ssg.budget.values import Cause, Verdict, Weight
from ssg.build.naming import Names
from ssg.build.rendering import Work
from ssg.errors import Location
from ssg.model import Ref

Writer = render.Writer | Part
"""What wrote a part of a page: something of the theme or its Markdown; or the file that the page is, in that part."""


class Case(msgspec.Struct, frozen=True):
    """The worst page of a finding: what it weighs, its HTML with its digest, and the route behind it.

    `work` is None for a page that is a file of its own. `grown` are the parts of a growth over the lock; `alone` tells
    that the limit is kept once this page keeps it.
    """

    verdict: Verdict
    weight: Weight
    html: Ref
    digest: str
    work: Work | None
    grown: tuple[Cause, ...] = ()
    alone: bool = True


def optional(row: Row[Writer]) -> bool:
    """Tell whether a page can be thought of without what somebody wrote."""
    if isinstance(row.writer, render.Writer):
        return row.writer.kind not in {"template", "body", "page"}
    return row.writer is not None


def written(row: Row[Writer], case: Case, names: Names) -> tuple[str, Location]:
    """Say in words who wrote a row, and where that stands."""
    match row.writer:
        case render.Writer():
            return row.writer.words, Location(row.writer.path, row.writer.line)
        case Part():
            return row.writer.name, Location(case.verdict.source, row.writer.line)
        case Rules():
            return f"CSS in the page, {row.writer.name}", names.rule(row.writer.name) or Location("")
        case None if case.work is None:
            return "what stands around them", Location(case.verdict.source)
        case _:
            return "the minifier and the passes", Location("")
