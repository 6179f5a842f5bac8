"""Results in rows: a stage's results for many items, kept in a fixed number of values.

Ten thousand pages are read with 128 look-ups. An item belongs to the row that its name says, whatever other items
there are, so that a page more or less leaves the rows of all others as they are.
"""

import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Generic, TypeVar

import msgspec

from ssg.cache.store import Store

T = TypeVar("T")
ROWS = 128


def row_of(name: str) -> int:
    """Give the number of the row that an item belongs to."""
    return zlib.crc32(name.encode()) % ROWS


def by_row(items: Iterable[T], names: Iterable[str]) -> Mapping[int, list[T]]:
    """Group items by row, in the order of rows; items of a row stay in order."""
    rows: dict[int, list[T]] = {}
    for item, name in zip(items, names, strict=True):
        rows.setdefault(row_of(name), []).append(item)
    return dict(sorted(rows.items()))


class Rows(Generic[T]):
    """The rows of one stage and version in a store."""

    def __init__(self, stage: str, version: str, store: Store, row: type[T]) -> None:
        """Take the name of the stage, what identifies its code and fixed arguments, and the type of a row."""
        self._prefix = f"{stage}:{version}:"
        self._store = store
        self._decoder = msgspec.msgpack.Decoder(row)

    def load(self, numbers: Iterable[int]) -> Mapping[int, T]:
        """Give those rows that are kept; one that cannot be read is missing."""
        keys = {f"{self._prefix}{number}": number for number in numbers}
        found: dict[int, T] = {}
        for key, value in self._store.get(tuple(keys)).items():
            try:
                found[keys[key]] = self._decoder.decode(value)
            except msgspec.DecodeError:  # of another version of this class
                continue
        return found

    def fetch(self, numbers: Iterable[int]) -> None:
        """Have rows at hand that other processes will load."""
        self._store.fetch([f"{self._prefix}{number}" for number in numbers])

    def keep(self, number: int, renew: Callable[[T | None], T], also: Iterable[tuple[str, bytes]] = ()) -> None:
        """Keep a row, renewed from what is kept now, and in the same transaction values that it names."""
        self._store.put(self._entries(number, renew, also))

    def _entries(
        self, number: int, renew: Callable[[T | None], T], also: Iterable[tuple[str, bytes]]
    ) -> Iterator[tuple[str, bytes]]:
        """Give what is to be kept, made only when a store takes it."""
        yield from also
        row = renew(self.load([number]).get(number))
        yield f"{self._prefix}{number}", msgspec.msgpack.encode(row)
