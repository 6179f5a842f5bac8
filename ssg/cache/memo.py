"""`memo`: a pure stage that remembers its results."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Generic, NamedTuple, TypeVar

import msgspec

from ssg.cache.rows import Rows
from ssg.cache.store import Store

T = TypeVar("T")
# Results of items that are gone are kept for their return, up to as many as there are items, and a few.
_SPARE = 16

_Row = dict[str, tuple[str, msgspec.Raw]]


class Item(NamedTuple):
    """What a result is asked for by: the item's name, and the key that holds all that its result depends on."""

    name: str
    key: str


class Answered(NamedTuple, Generic[T]):
    """What is known of the items of a row: results by name, and the items without one."""

    found: Mapping[str, T]
    missing: Sequence[Item]


class Memo(Generic[T]):
    """The results of a pure stage, in rows over a store.

    A stored result is valid when the key is the same, and the key holds all that the result depends on: the digest of
    every argument. The version of the stage's code, of its libraries and of its fixed arguments is the memo's. So there
    is nothing to invalidate: what changed has another key.
    """

    def __init__(self, stage: str, version: str, store: Store, result: type[T]) -> None:
        """Take the stage's name, its version, the store, and the type of a result."""
        self._rows: Rows[_Row] = Rows(stage, version, store, _Row)
        self._decoder = msgspec.msgpack.Decoder(result)

    def look_up(self, rows: Mapping[int, Sequence[Item]]) -> Mapping[int, Answered[T]]:
        """Give what is known of the items of each row."""
        kept = self._rows.load(rows)
        return {number: self._answered(kept.get(number, {}), items) for number, items in rows.items()}

    def fetch(self, numbers: Iterable[int]) -> None:
        """Have rows at hand that other processes will look up."""
        self._rows.fetch(numbers)

    def _answered(self, row: _Row, items: Sequence[Item]) -> Answered[T]:
        found: dict[str, T] = {}
        missing: list[Item] = []
        for item in items:
            key, result = row.get(item.name, ("", None))
            if result is None or key != item.key:
                missing.append(item)
                continue
            try:
                found[item.name] = self._decoder.decode(result)
            except msgspec.DecodeError:  # of another form
                missing.append(item)
        return Answered(found, missing)

    def keep(
        self, number: int, items: Sequence[Item], fresh: Mapping[str, T], also: Iterable[tuple[str, bytes]] = ()
    ) -> None:
        """Keep fresh results, by name, beside those that a row has of its items.

        `also` are values that the results name; they are kept in the same transaction.
        """
        self._rows.keep(number, lambda row: _renewed(row or {}, items, fresh), also)


def _renewed(row: _Row, items: Sequence[Item], fresh: Mapping[str, T]) -> _Row:
    current = {item.name for item in items}
    gone = [name for name in row if name not in current]
    kept = {name: row[name] for name in gone[max(0, len(gone) - len(items) - _SPARE) :]}
    for item in items:
        if item.name in fresh:
            kept[item.name] = (item.key, msgspec.Raw(msgspec.msgpack.encode(fresh[item.name])))
        elif item.name in row:
            kept[item.name] = row[item.name]
    return kept
