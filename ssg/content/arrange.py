"""In which order pages are listed and read."""

from collections.abc import Callable, Sequence
from typing import Any

from ssg.model import Page

_Positions = tuple[int, ...]


def rank_newest(pages: Sequence[Page]) -> Sequence[int]:
    """Give the rank of each page by date, newest first; pages without a date come last, by URL."""
    keys = list(map(_newest, pages))
    ranks = [0] * len(pages)
    for rank, number in enumerate(sorted(range(len(pages)), key=keys.__getitem__)):
        ranks[number] = rank
    return ranks


def newest_first(ranks: Sequence[int], chosen: Sequence[int]) -> _Positions:
    """Give the chosen positions by the ranks of their pages."""
    return tuple(sorted(chosen, key=ranks.__getitem__))


def arrange_section(
    pages: Sequence[Page], ranks: Sequence[int], chosen: Sequence[int], sort_by: str
) -> tuple[_Positions, _Positions]:
    """Give a section's pages in list order and in reading order.

    `sort_by` is "date" (newest first; read from the oldest on), "weight" (lightest first, then by title), "title",
    "path" or "permalink". Left empty: by weight where a page has one, by date where all have one, else by path.
    """
    if not sort_by:
        weighed = any(pages[number].weight is not None for number in chosen)
        dated = bool(chosen) and all(pages[number].date is not None for number in chosen)
        sort_by = "weight" if weighed else "date" if dated else "path"
    if sort_by == "date":
        listed = newest_first(ranks, chosen)
        return listed, listed[::-1]
    listed = tuple(sorted(chosen, key=lambda number: _KEYS[sort_by](pages[number])))
    return listed, listed


def _newest(page: Page) -> tuple[Any, ...]:
    return (page.date is None, -page.date.timestamp() if page.date else 0.0, page.url)


def _weight(page: Page) -> tuple[Any, ...]:
    return (page.weight is None, page.weight or 0, page.title.casefold(), page.url)


_KEYS: dict[str, Callable[[Page], tuple[Any, ...]]] = {
    "weight": _weight,
    "title": lambda page: (page.title.casefold(), page.url),
    "path": lambda page: (page.source,),
    "permalink": lambda page: (page.url,),
}
