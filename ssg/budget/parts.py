"""A page that no template wrote → its parts: what stands in its head and body, with the line of each."""

import bisect
from collections.abc import Iterator, Sequence

import msgspec
from turbohtml import Element

from ssg.budget.nodes import line_starts, start_of
from ssg.budget.page import parse

# A part that is more than this of a page is taken apart in turn, so deep at most.
_MUCH, _DEEP = 0.2, 8
_LONGEST = 60


class Part(msgspec.Struct, frozen=True):
    """An element of a page with all that is in it: its tag, `<table id="prices">`, and the line that this begins in."""

    name: str
    line: int


def parts_of(html: str) -> tuple[tuple[int, Part | None], ...]:
    """Give which part the text of a page belongs to from each position on, in characters; None for what is before them.

    The parts are the elements in head and body. In place of one that is much of the page, those in it are parts, and
    what it has beside them stays its own.
    """
    tree = parse(html, positions=True)
    top = [one for parent in (tree.find("head"), tree.find("body")) if parent is not None for one in _written(parent)]
    return ((0, None), *_cut(top, (html, line_starts(html)), len(html), 0))


def _written(parent: Element) -> list[Element]:
    """Give the elements in another whose tags are written."""
    return [one for one in parent.children if isinstance(one, Element) and one.position is not None]


def _cut(
    elements: Sequence[Element], page: tuple[str, Sequence[int]], end: int, depth: int
) -> Iterator[tuple[int, Part | None]]:
    """Give elements that follow each other as parts, each from its tag on, with those in it."""
    if not elements:
        return
    html, lines = page
    starts = [start_of(one, lines) for one in elements]
    for one, start, after in zip(elements, starts, [*starts[1:], end], strict=True):
        yield start, _part(html, start, lines)
        if after - start > _MUCH * len(html) and depth < _DEEP:
            yield from _cut(_written(one), page, after, depth + 1)


def _part(html: str, start: int, lines: Sequence[int]) -> Part:
    tag = " ".join(html[start : html.find(">", start) + 1 or None].split())
    return Part(tag if len(tag) <= _LONGEST else f"{tag[:_LONGEST]}…", bisect.bisect_right(lines, start))
