"""The store in a site's `.ssg/`: bytes by key, kept from build to build."""

import os
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import msgspec

from ssg.cache.database import open_database
from ssg.cache.seal import seal, unseal
from ssg.cache.tally import Tally
from ssg.digests import digest

# SQLite takes 32,766 parameters (sqlite.org/limits.html), older ones 999.
_AT_ONCE = 900
# Bytes from which a value lies in a file of its own: reading a row of that size costs more than opening a file.
_LARGE = 1 << 18
# Days after which the use of an entry is noted: so that using it costs a write once a week.
_RENEWAL = 7


class Row(NamedTuple):
    """An entry as it is kept: `sealed` is its value, None where a file holds it; `day` is when it was last used."""

    key: str
    digest: str
    size: int
    day: int
    sealed: bytes | None


class Store(Protocol):
    """Keeps bytes by key; two stores are equal that keep the same."""

    def __hash__(self) -> int: ...

    def get(self, keys: Sequence[str]) -> Mapping[str, bytes]:
        """Give the values of those keys that the store has."""
        ...

    def put(self, entries: Iterable[tuple[str, bytes]]) -> None:
        """Keep values by key, all or none."""
        ...

    def fetch(self, keys: Collection[str]) -> None:
        """Have values at hand that other processes of the build will ask for."""
        ...

    def renew(self, keys: Collection[str]) -> None:
        """Note that values are of use, though nobody has asked for them: results of this build name them."""
        ...

    def tally(self) -> Tally:
        """Give what this process has found damaged since it was last asked."""
        ...


class NullStore(msgspec.Struct, frozen=True):
    """Keeps nothing: what `--no-cache` uses."""

    def get(self, keys: Sequence[str]) -> Mapping[str, bytes]:  # noqa: ARG002
        """Give nothing."""
        return {}

    def put(self, entries: Iterable[tuple[str, bytes]]) -> None:
        """Keep nothing."""

    def fetch(self, keys: Collection[str]) -> None:
        """Do nothing: there is nothing to be had."""

    def renew(self, keys: Collection[str]) -> None:
        """Note nothing."""

    def tally(self) -> Tally:
        """Give nothing: what is not kept is not damaged."""
        return Tally()


class LocalStore(msgspec.Struct, frozen=True):
    """An SQLite file, and files for large values, that several builds and processes may use at once.

    A write is a transaction: a build that is killed leaves whole entries. Every value is verified by the digest that it
    was kept with: one that is damaged counts as missing, and so does everything in a file that SQLite cannot read. The
    store can slow a build down, never change it. `day` is that of the build, as a number of days, by which entries age.
    """

    folder: str
    day: int = 0

    def get(self, keys: Sequence[str]) -> Mapping[str, bytes]:
        """Give the values of those keys that the store has, whole."""
        found: dict[str, bytes] = {}
        stale: list[str] = []
        database = open_database(self.folder)
        for row in self._rows(keys, "key, digest, size, day, value"):
            kept = Row(*row)
            sealed = self.sealed(kept)
            body = unseal(sealed, kept.size, kept.digest) if sealed is not None else None
            if body is None:
                database.damaged += 1
                continue
            found[kept.key] = body
            if kept.day < self.day - _RENEWAL:
                stale.append(kept.key)
        self._note(stale)
        return found

    def absent(self, keys: Iterable[str]) -> list[str]:
        """Give those keys that the store does not have."""
        wanted = dict.fromkeys(keys)
        for (key,) in self._rows(tuple(wanted), "key"):
            del wanted[key]
        return list(wanted)

    def put(self, entries: Iterable[tuple[str, bytes]]) -> None:
        """Keep values by key in one transaction; where that fails, nothing is kept."""
        if open_database(self.folder).connection is not None:
            self.adopt(self._row(key, body) for key, body in entries)

    def adopt(self, rows: Iterable[Row]) -> None:
        """Keep entries that are sealed already, in one transaction; where that fails, nothing is kept."""
        connection = open_database(self.folder).connection
        if connection is None:
            return
        try:
            placed = [self._placed(row) for row in rows]
            with connection:
                connection.executemany("INSERT OR REPLACE INTO kept VALUES (?, ?, ?, ?, ?)", placed)
        except (sqlite3.Error, OSError):
            return

    def fetch(self, keys: Collection[str]) -> None:
        """Do nothing: every process of the build reads this store."""

    def renew(self, keys: Collection[str]) -> None:
        """Note the day of use of those entries that it was not noted of for a week."""
        connection = open_database(self.folder).connection
        if connection is None:
            return
        wanted = frozenset(keys)
        with suppress(sqlite3.Error):  # they age, and are made again in the end
            stale = connection.rows("SELECT key FROM kept WHERE day < ?", (self.day - _RENEWAL,))
            self._note([key for (key,) in stale if key in wanted])

    def tally(self) -> Tally:
        """Give what this process has found damaged since it was last asked."""
        database = open_database(self.folder)
        found, database.damaged = database.damaged, 0
        return Tally(damaged=found)

    def sealed(self, row: Row) -> bytes | None:
        """Give the sealed value of a row; None where its file is gone."""
        if row.sealed is not None:
            return row.sealed
        try:
            return large_file(self.folder, row.digest).read_bytes()
        except OSError:
            return None

    def _rows(self, keys: Sequence[str], columns: str) -> Iterator[tuple[Any, ...]]:
        """Give columns of the rows of keys; nothing more from a file that cannot be read."""
        database = open_database(self.folder)
        if database.connection is None:
            return
        rest = iter(keys)
        while part := tuple(islice(rest, _AT_ONCE)):
            marks = ",".join("?" * len(part))
            try:
                query = f"SELECT {columns} FROM kept WHERE key IN ({marks})"  # noqa: S608
                yield from database.connection.rows(query, part)
            except sqlite3.Error:
                database.damaged += 1
                return

    def _note(self, keys: Sequence[str]) -> None:
        connection = open_database(self.folder).connection
        if connection is None or not keys:
            return
        try:
            with connection:
                connection.executemany("UPDATE kept SET day = ? WHERE key = ?", [(self.day, key) for key in keys])
        except sqlite3.Error:
            return  # they age, and are made again in the end

    def _row(self, key: str, body: bytes) -> Row:
        name = key.removeprefix("blob:") if key.startswith("blob:") else digest(body)
        return Row(key, name, len(body), self.day, seal(body))

    def _placed(self, row: Row) -> Row:
        """Give a row as it is kept: a large value goes into a file of its own."""
        if row.sealed is None or len(row.sealed) < _LARGE:
            return row
        place = large_file(self.folder, row.digest)
        try:
            os.utime(place)  # it is of use now: whoever looks for files that no row names leaves it
        except OSError:
            place.parent.mkdir(parents=True, exist_ok=True)
            fresh = place.with_suffix(f".{os.getpid()}")
            fresh.write_bytes(row.sealed)
            fresh.replace(place)
        return row._replace(sealed=None)


class AnewStore(msgspec.Struct, frozen=True):
    """Takes what is to be kept and gives nothing: everything is made again, over a store that has lost something."""

    store: Store

    def get(self, keys: Sequence[str]) -> Mapping[str, bytes]:  # noqa: ARG002
        """Give nothing."""
        return {}

    def put(self, entries: Iterable[tuple[str, bytes]]) -> None:
        """Keep values by key."""
        self.store.put(entries)

    def fetch(self, keys: Collection[str]) -> None:
        """Do nothing: nothing is given."""

    def renew(self, keys: Collection[str]) -> None:
        """Note that values are of use."""
        self.store.renew(keys)

    def tally(self) -> Tally:
        """Give what was found damaged."""
        return self.store.tally()


def open_store(root: str, now: datetime) -> LocalStore:
    """Give the store of a site folder, for a build at a moment; it is made when first used."""
    return LocalStore(str(Path(root, ".ssg")), now.toordinal())


def large_file(folder: str, name: str) -> Path:
    """Give the place of a large value by its digest."""
    return Path(folder, "large", name[:2], name)
