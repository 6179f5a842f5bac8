"""The store in a site's `.ssg/`: results by key, kept from build to build."""

import functools
import os
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import msgspec

from ssg.model import digest

_SCHEMA = "CREATE TABLE IF NOT EXISTS results (key TEXT PRIMARY KEY, digest TEXT NOT NULL, value BLOB NOT NULL)"
# A key takes 32 characters; SQLite takes 32,766 parameters (sqlite.org/limits.html), older ones 999.
_AT_ONCE = 900


class Store(Protocol):
    """Keeps bytes by key."""

    def get(self, keys: Sequence[str]) -> Mapping[str, bytes]:
        """Give the values of those keys that the store has."""
        ...

    def put(self, entries: Iterable[tuple[str, bytes]]) -> None:
        """Keep values by key, all or none."""
        ...


class NullStore(msgspec.Struct, frozen=True):
    """Keeps nothing: what `--no-cache` uses."""

    def get(self, keys: Sequence[str]) -> Mapping[str, bytes]:  # noqa: ARG002
        """Give nothing."""
        return {}

    def put(self, entries: Iterable[tuple[str, bytes]]) -> None:
        """Keep nothing."""


class LocalStore(msgspec.Struct, frozen=True):
    """An SQLite file that several builds and processes may use at once.

    A write is a transaction: a build that is killed leaves whole entries. An entry whose bytes do not have the digest
    that they were kept with counts as missing, and so does everything in a file that SQLite cannot read: the store can
    slow a build down, never change it.
    """

    file: str

    def get(self, keys: Sequence[str]) -> Mapping[str, bytes]:
        """Give the values of those keys that the store has, whole."""
        connection = _database(self.file, os.getpid()).connection
        found: dict[str, bytes] = {}
        if connection is None:
            return found
        for start in range(0, len(keys), _AT_ONCE):
            part = keys[start : start + _AT_ONCE]
            marks = ",".join("?" * len(part))
            try:
                rows = connection.execute(f"SELECT key, digest, value FROM results WHERE key IN ({marks})", part)  # noqa: S608
                found |= {key: value for key, kept, value in rows if digest(value) == kept}
            except sqlite3.Error:
                return found
        return found

    def put(self, entries: Iterable[tuple[str, bytes]]) -> None:
        """Keep values by key in one transaction; where that fails, nothing is kept."""
        connection = _database(self.file, os.getpid()).connection
        if connection is None:
            return
        rows = [(key, digest(value), value) for key, value in entries]
        try:
            with connection:
                connection.executemany("INSERT OR REPLACE INTO results VALUES (?, ?, ?)", rows)
        except sqlite3.Error:
            return


def open_store(root: str) -> LocalStore:
    """Give the store of a site folder; it is made when first used."""
    return LocalStore(str(Path(root, ".ssg", "store.sqlite")))


class _Database:
    """The file as one process has it open; None where it cannot be used."""

    def __init__(self, file: str) -> None:
        self.connection = _open(file)

    def __del__(self) -> None:
        if self.connection is not None:
            self.connection.close()


@functools.lru_cache(maxsize=4)
def _database(file: str, process: int) -> _Database:  # noqa: ARG001 - a connection cannot be forked
    return _Database(file)


def _open(file: str) -> sqlite3.Connection | None:
    """Open the file; one that is no database is begun anew, and where there can be none there is none."""
    for _ in range(2):
        try:
            Path(file).parent.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(file, timeout=30)
        except (sqlite3.Error, OSError):  # no permission, no space, or no such place
            return None
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=NORMAL")
            connection.execute(_SCHEMA)
        except sqlite3.OperationalError:
            connection.close()
            return None
        except sqlite3.DatabaseError:
            connection.close()
            Path(file).unlink(missing_ok=True)
        else:
            return connection
    return None
