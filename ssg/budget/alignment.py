"""Which parts of a text stand in another that was made from it: words, in order, by what both have only once."""

import bisect
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

_WORD = re.compile(r"</?[\w-]+|\w+|[^\w\s]")
# Words in a row that are looked for: long ones are rarely the same by chance, short ones find the rest.
_RUNS = (8, 3, 1)
# Words that are skipped in both texts together to find what is the same again, and how often that may fail in a gap.
_FAR, _FAILURES = 24, 400


class Words(NamedTuple):
    """The words of a text and where each begins: a sign is a word, and so is how a tag begins; white space is none."""

    words: Sequence[str]
    starts: Sequence[int]


class _Gap(NamedTuple):
    """A part of both texts that is not compared yet, by positions of words."""

    begin: int
    end: int
    made_begin: int
    made_end: int


def words_of(text: str) -> Words:
    """Take a text apart into words."""
    found = list(_WORD.finditer(text))
    return Words([one[0] for one in found], [one.start() for one in found])


def align(text: Sequence[str], made: Sequence[str]) -> list[int]:
    """Give for each word of `made` the position of the same word in the text it was made from, or -1; both rise.

    Runs of words that each of the texts has once are the same (patience diff, as Bram Cohen called it), and so is what
    lies around them; between them, shorter runs are looked for. Takes a time that grows with the texts, not with their
    product.
    """
    places = [-1] * len(made)
    gaps = [_Gap(0, len(text), 0, len(made))]
    for size in _RUNS:
        gaps = [rest for gap in gaps for rest in _matched(text, made, gap, size, places)]
    for gap in gaps:
        _walk(text, made, gap, places)
    return _sure(made, places)


def _walk(text: Sequence[str], made: Sequence[str], gap: _Gap, places: list[int]) -> None:
    """Note where words of a gap are the same, in which nothing is unique: from left to right, skipping little."""
    at, made_at, failures = gap.begin, gap.made_begin, 0
    while at < gap.end and made_at < gap.made_end and failures < _FAILURES:
        if text[at] == made[made_at]:
            places[made_at] = at
            at, made_at = at + 1, made_at + 1
            continue
        skipped = _skipped(text[at : min(at + _FAR, gap.end)], made[made_at : min(made_at + _FAR, gap.made_end)])
        if skipped is None:
            failures += 1
            skipped = 0, 1
        at, made_at = at + skipped[0], made_at + skipped[1]


def _skipped(text: Sequence[str], made: Sequence[str]) -> tuple[int, int] | None:
    """Give how many words of each text to skip, as few as possible, until two in a row are the same."""
    for both in range(1, _FAR):
        for one in range(both, -1, -1):  # what a minifier leaves out is more than what it adds
            here, there = text[one : one + 2], made[both - one : both - one + 2]
            if here and here == there:
                return one, both - one
    return None


def _sure(made: Sequence[str], places: Sequence[int]) -> list[int]:
    """Leave out signs that have nothing beside them that is the same: they are so in any text."""
    around = [-1, *places, -1]  # the beginning counts
    return [
        place if len(word) > 1 or word.isalnum() or place in {around[at] + 1, around[at + 2] - 1} else -1
        for at, (word, place) in enumerate(zip(made, places, strict=True))
    ]


def _matched(text: Sequence[str], made: Sequence[str], gap: _Gap, size: int, places: list[int]) -> Iterator[_Gap]:
    """Note where words of a gap are the same, by runs of a size; give the gaps that are left."""
    at, made_at = gap.begin, gap.made_begin
    for one, other in (*_anchors(text, made, gap, size), (gap.end, gap.made_end)):
        if one < at or other < made_at:
            continue  # it lies in what an earlier one has brought
        begin, made_begin = one, other
        while begin > at and made_begin > made_at and text[begin - 1] == made[made_begin - 1]:
            begin, made_begin = begin - 1, made_begin - 1
        end, made_end = one, other
        while end < gap.end and made_end < gap.made_end and text[end] == made[made_end]:
            end, made_end = end + 1, made_end + 1
        for step in range(end - begin):
            places[made_begin + step] = begin + step
        if begin > at and made_begin > made_at:
            yield _Gap(at, begin, made_at, made_begin)
        at, made_at = end, made_end


def _anchors(text: Sequence[str], made: Sequence[str], gap: _Gap, size: int) -> list[tuple[int, int]]:
    """Give the positions of runs that both parts have once, as many as rise in both."""
    once, made_once = (
        _once(text, gap.begin, gap.end, size),
        _once(made, gap.made_begin, gap.made_end, size),
    )
    return _rising([(at, made_once[run]) for run, at in once.items() if run in made_once])


def _once(words: Sequence[str], begin: int, end: int, size: int) -> dict[tuple[str, ...], int]:
    """Give the runs of a size that are there once, with their positions, in order."""
    number = end - begin - size + 1
    if number <= 0:
        return {}
    runs = list(zip(*(words[begin + step : begin + step + number] for step in range(size)), strict=True))
    counts = Counter(runs)
    return {run: begin + at for at, run in enumerate(runs) if counts[run] == 1}


def _rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Give a longest part of pairs, which rise in the first, that rises in the second too (patience sorting)."""
    tops: list[int] = []
    last: list[int] = []
    before = [-1] * len(pairs)
    for number, (_, other) in enumerate(pairs):
        pile = bisect.bisect_left(tops, other)
        if pile == len(tops):
            tops.append(other)
            last.append(number)
        else:
            tops[pile], last[pile] = other, number
        before[number] = last[pile - 1] if pile else -1
    chosen: list[tuple[int, int]] = []
    number = last[-1] if last else -1
    while number >= 0:
        chosen.append(pairs[number])
        number = before[number]
    return chosen[::-1]
