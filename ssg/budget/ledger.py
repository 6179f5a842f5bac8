"""The bytes of a page's HTML, each in the row of what wrote it: the sum is exactly the size."""

import re
from collections.abc import Iterator, Sequence
from typing import Generic, TypeVar

import msgspec

from ssg.budget.alignment import align, words_of

Writer = TypeVar("Writer")

_TOKEN = re.compile(r"/\*.*?\*/|\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|[{};]", re.DOTALL)
_SUBJECT = re.compile(r"[.#:]?[\w-]+|\[[^\]]*\]|\*")
_LONGEST = 60
# Characters that go with what is around them.
_LITTLE = 64
# The part of the words of a sheet in a page that its templates have too, from which on they wrote it.
_WRITTEN = 0.5


class Rules(msgspec.Struct, frozen=True):
    """Rules of a style sheet that a pass has put into a page: how they begin, `.card`, or an at-rule as written."""

    name: str


class Row(msgspec.Struct, Generic[Writer], frozen=True):
    """What one writer wrote of a page: the parts of its text, from and to, in characters, and their bytes.

    `writer` is None for what the passes and the minifier have added.
    """

    writer: Writer | Rules | None
    parts: tuple[tuple[int, int], ...]
    bytes: int


def ledger(rendered: str, writers: Sequence[tuple[int, Writer | None]], published: str) -> tuple[Row[Writer], ...]:
    """Give who wrote the bytes of a page, the largest rows first; all bytes are in one row.

    Takes the text that templates wrote, who wrote it from each position on, and the text that is published. What is
    there in both, in order, has its writer; a style sheet that is in the published text alone has a row for each group
    of its rules; the rest belongs to the passes.
    """
    owners = _owners(rendered, writers, published)
    cuts: list[tuple[int, Writer | Rules | None]] = []
    at = 0
    for begin, end in _inserted(published, owners):
        cuts += _between(owners, at, begin)
        cuts += _groups(published, begin, end)
        at = end
    cuts += _between(owners, at, len(published))
    if not cuts:
        return ()
    rows: dict[Writer | Rules | None, list[tuple[int, int]]] = {}
    ends = [*(begin for begin, _ in cuts[1:]), len(published)]
    for (begin, writer), end in zip(cuts, ends, strict=True):
        parts = rows.setdefault(writer, [])
        if parts and parts[-1][1] == begin:
            parts[-1] = parts[-1][0], end
        elif end > begin:
            parts.append((begin, end))
    made = (
        Row(writer, tuple(parts), sum(len(published[begin:end].encode()) for begin, end in parts))
        for writer, parts in rows.items()
        if parts
    )
    return tuple(sorted(made, key=lambda row: (-row.bytes, row.parts)))


def without(published: str, row: Row[Writer]) -> str:
    """Give the text of a page without what is in a row."""
    kept: list[str] = []
    at = 0
    for begin, end in row.parts:
        kept.append(published[at:begin])
        at = end
    return "".join((*kept, published[at:]))


def within(rows: Sequence[Row[Writer]], published: str, regions: Sequence[tuple[int, int]]) -> tuple[Row[Writer], ...]:
    """Give the rows of some regions of a page, from and to in characters, the largest first."""
    made = []
    for row in rows:
        cut = (
            (max(begin, first), min(end, last))
            for begin, end in row.parts
            for first, last in regions
            if begin < last and first < end
        )
        parts = tuple((begin, end) for begin, end in cut if begin < end)
        if parts:
            made.append(Row(row.writer, parts, sum(len(published[begin:end].encode()) for begin, end in parts)))
    return tuple(sorted(made, key=lambda row: (-row.bytes, row.parts)))


def regions(published: str, tag: str) -> tuple[tuple[int, int], ...]:
    """Give where the texts of `style` or `script` elements stand in a page, from and to in characters.

    What is in these is no HTML (WHATWG HTML, section 13.1.2.2), so the first end tag ends it.
    """
    pattern = re.compile(rf"<{tag}\b[^>]*>(.*?)</{tag}\s*>", re.DOTALL | re.IGNORECASE)
    return tuple(found.span(1) for found in pattern.finditer(published))


def _owners(
    rendered: str, writers: Sequence[tuple[int, Writer | None]], published: str
) -> list[tuple[int, Writer | None]]:
    """Give who wrote the published text from each word on; what is between words belongs to the one before."""
    text, made = words_of(rendered), words_of(published)
    of_words: list[Writer | None] = []
    number = 0
    for start in text.starts:
        while number + 1 < len(writers) and writers[number + 1][0] <= start:
            number += 1
        of_words.append(writers[number][1])
    places = align(text.words, made.words)
    owners = [
        (start, of_words[place] if place >= 0 else None) for start, place in zip(made.starts, places, strict=True)
    ]
    _enclose(owners)
    return owners if owners and owners[0][0] == 0 else [(0, None), *owners]


def _enclose(owners: list[tuple[int, Writer | None]]) -> None:
    """Give little that was added in the middle of what one writer wrote to that writer: digests in URLs, end tags."""
    last = -1  # the last word that has a writer
    for number, (start, writer) in enumerate(owners):
        if writer is None:
            continue
        if 0 <= last < number - 1 and owners[last][1] == writer and start - owners[last + 1][0] <= _LITTLE:
            owners[last + 1 : number] = [(begin, writer) for begin, _ in owners[last + 1 : number]]
        last = number


def _inserted(published: str, owners: Sequence[tuple[int, Writer | None]]) -> Iterator[tuple[int, int]]:
    """Give where style sheets stand in a page that no template wrote, from and to."""
    for begin, end in regions(published, "style"):
        inside = [writer for start, writer in owners if begin <= start < end]
        if inside and sum(writer is not None for writer in inside) < _WRITTEN * len(inside):
            yield begin, end


def _between(owners: Sequence[tuple[int, Writer | None]], begin: int, end: int) -> Iterator[tuple[int, Writer | None]]:
    """Give who wrote a part of the text, from its beginning on."""
    before: Writer | None = None
    inside: list[tuple[int, Writer | None]] = []
    for start, writer in owners:
        if start <= begin:
            before = writer
        elif start < end:
            inside.append((start, writer))
    if begin < end:
        yield begin, before
        yield from inside


def _groups(text: str, begin: int, end: int) -> Iterator[tuple[int, Rules]]:
    """Give the groups of rules of a style sheet in a page, from the beginning of each rule on."""
    for start, prelude in top_rules(text, begin, end):
        yield start, Rules(_group(prelude))


def top_rules(text: str, begin: int, end: int) -> Iterator[tuple[int, str]]:
    """Give where the rules of a style sheet begin that stand in no other, and what is before the block of each."""
    depth, start, prelude = 0, begin, ""
    for found in _TOKEN.finditer(text, begin, end):
        if found[0] == "{":
            if not depth:
                prelude = text[start : found.start()].strip()
            depth += 1
        elif (found[0] == "}" and depth == 1) or (found[0] == ";" and not depth):
            yield start, prelude or text[start : found.start()].strip()
            depth, start, prelude = 0, found.end(), ""
        elif found[0] == "}" and depth:
            depth -= 1
    if start < end:
        yield start, prelude or text[start:end].strip()


def _group(prelude: str) -> str:
    """Give what rules that belong together have in common: an at-rule as it is, else how the first selector begins."""
    if prelude.startswith("@"):
        return prelude if len(prelude) <= _LONGEST else f"{prelude[:_LONGEST]}…"
    found = _SUBJECT.search(prelude)
    return found[0] if found is not None else prelude[:_LONGEST]
