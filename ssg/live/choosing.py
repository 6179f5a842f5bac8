"""Which files of a release are asked for: the same ones each time, and some of every kind."""

import itertools
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from ssg.digests import digest
from ssg.live.values import Expected

CLOSELY = 12
"""How many files of each kind are asked for in every way: a host has its rules by kind."""


class Chosen(NamedTuple):
    """The files that are asked for, in order of their URLs, and the URLs of those that are asked for in every way."""

    files: tuple[Expected, ...]
    closely: frozenset[str]


def choose(files: Sequence[Expected], most: int | None) -> Chosen:
    """Choose `most` files, all of them for None.

    They are taken in turns from every kind: the media type, how long it may be kept, and whether it has compressed
    forms. Within a kind the digests of the paths decide, so that the choice is spread, and the same for one site; the
    first page comes first.
    """
    kinds: dict[tuple[str, str, bool], list[Expected]] = defaultdict(list)
    for one in sorted(files, key=lambda one: (one.file.path != "index.html", digest(one.file.path.encode()))):
        kinds[one.file.media_type, one.file.kind, bool(one.forms)].append(one)
    rows = [kinds[key] for key in sorted(kinds, key=lambda key: (key[0] != "text/html", key))]
    turns = [one for turn in itertools.zip_longest(*rows) for one in turn if one is not None]
    chosen = turns[:most]
    kept = {one.url for one in chosen}
    closely = {one.url for row in rows for one in row[:CLOSELY] if one.url in kept}
    return Chosen(tuple(sorted(chosen, key=lambda one: one.url)), frozenset(closely))
