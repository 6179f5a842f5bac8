"""The store in a site's `.ssg/`: bytes by key, kept from build to build."""

import functools
import os
import sqlite3
import threading
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

import msgspec
import zstandard

from ssg.cache.tally import Tally
from ssg.model import digest

# SQLite takes 32,766 parameters (sqlite.org/limits.html), older ones 999.
_AT_ONCE = 900
# Bytes from which a value lies in a file of its own: reading a row of that size costs more than opening a file.
_LARGE = 1 << 18
# Below this many bytes, compressing costs more than it saves.
_SMALL = 200
# Level 1 takes 8 us/kB here and makes pages a third; higher levels gain 3 % at the most.
_LEVEL = 1
_SCHEMA = """
CREATE TABLE IF NOT EXISTS kept (
    key TEXT PRIMARY KEY, digest TEXT NOT NULL, size INTEGER NOT NULL, day INTEGER NOT NULL, value BLOB
)
"""
_FORMAT = 2


class Store(Protocol):
    """Keeps bytes by key; two stores are equal that keep the same."""

    def __hash__(self) -> int: ...

    def get(self, keys: Sequence[str]) -> Mapping[str, bytes]:
        """Give the values of those keys that the store has."""
        ...

    def put(self, entries: Iterable[tuple[str, bytes]]) -> None:
        """Keep values by key, all or none."""
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
        database = _database(self.folder, *_here())
        found: dict[str, bytes] = {}
        if database.connection is None:
            return found
        for start in range(0, len(keys), _AT_ONCE):
            part = keys[start : start + _AT_ONCE]
            marks = ",".join("?" * len(part))
            try:
                rows = database.connection.execute(
                    f"SELECT key, digest, size, value FROM kept WHERE key IN ({marks})",  # noqa: S608
                    part,
                ).fetchall()
            except sqlite3.Error:
                database.damaged += 1
                return found
            for key, kept, size, value in rows:
                body = self._opened(kept, size, value)
                if body is None:
                    database.damaged += 1
                else:
                    found[key] = body
        return found

    def put(self, entries: Iterable[tuple[str, bytes]]) -> None:
        """Keep values by key in one transaction; where that fails, nothing is kept."""
        connection = _database(self.folder, *_here()).connection
        if connection is None:
            return
        try:
            rows = [self._row(key, body) for key, body in entries]
            with connection:
                connection.executemany("INSERT OR REPLACE INTO kept VALUES (?, ?, ?, ?, ?)", rows)
        except (sqlite3.Error, OSError):
            return

    def tally(self) -> Tally:
        """Give what this process has found damaged since it was last asked."""
        database = _database(self.folder, *_here())
        found, database.damaged = database.damaged, 0
        return Tally(damaged=found)

    def _row(self, key: str, body: bytes) -> tuple[str, str, int, int, bytes | None]:
        name = key.removeprefix("blob:") if key.startswith("blob:") else digest(body)
        return key, name, len(body), self.day, self._closed(name, body)

    def _closed(self, name: str, body: bytes) -> bytes | None:
        """Give what a row holds of a value: itself, compressed where that pays; nothing where a file holds it."""
        if len(body) < _SMALL:
            return body
        packed = _compressor(*_here()).compress(body)
        if len(packed) < _LARGE:
            return packed
        place = large_file(self.folder, name)
        if not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            fresh = place.with_suffix(f".{os.getpid()}")
            fresh.write_bytes(packed)
            fresh.replace(place)
        return None

    def _opened(self, kept: str, size: int, value: bytes | None) -> bytes | None:
        """Give the value of a row; None where it is not what was kept."""
        try:
            packed = large_file(self.folder, kept).read_bytes() if value is None else value
            body = packed if size < _SMALL else _decompressor(*_here()).decompress(packed, max_output_size=size)
        except (OSError, zstandard.ZstdError):
            return None
        return body if digest(body) == kept else None


class AnewStore(msgspec.Struct, frozen=True):
    """Takes what is to be kept and gives nothing: everything is made again, over a store that has lost something."""

    store: Store

    def get(self, keys: Sequence[str]) -> Mapping[str, bytes]:  # noqa: ARG002
        """Give nothing."""
        return {}

    def put(self, entries: Iterable[tuple[str, bytes]]) -> None:
        """Keep values by key."""
        self.store.put(entries)

    def tally(self) -> Tally:
        """Give what was found damaged."""
        return self.store.tally()


def open_store(root: str, now: datetime) -> LocalStore:
    """Give the store of a site folder, for a build at a moment; it is made when first used."""
    return LocalStore(str(Path(root, ".ssg")), now.toordinal())


def large_file(folder: str, name: str) -> Path:
    """Give the place of a large value by its digest."""
    return Path(folder, "large", name[:2], name)


class _Database:
    """The file as one process has it open; None where it cannot be used."""

    def __init__(self, folder: str) -> None:
        self.damaged = 0
        self.connection = self._open(Path(folder, "store.sqlite"))

    def __del__(self) -> None:
        if self.connection is not None:
            self.connection.close()

    def _open(self, file: Path) -> sqlite3.Connection | None:
        """Open the file; one that is no database is begun anew, and where there can be none there is none."""
        for _ in range(2):
            try:
                file.parent.mkdir(parents=True, exist_ok=True)
                # Used by one thread alone; where that has ended, another closes it.
                connection = sqlite3.connect(file, timeout=30, check_same_thread=False)
            except (sqlite3.Error, OSError):  # no permission, no space, or no such place
                return None
            try:
                _prepare(connection)
            except sqlite3.OperationalError:
                connection.close()
                return None
            except sqlite3.DatabaseError:
                connection.close()
                self.damaged += 1
                for ending in ("", "-wal", "-shm"):
                    Path(f"{file}{ending}").unlink(missing_ok=True)
            else:
                return connection
        return None


def _prepare(connection: sqlite3.Connection) -> None:
    """Set a connection up; a file of another format is emptied: its entries have keys that nobody asks for."""
    connection.execute("PRAGMA journal_mode=WAL")
    # A power cut may cost entries, which their digests tell; waiting for the disk would cost every build.
    connection.execute("PRAGMA synchronous=OFF")
    if connection.execute("PRAGMA user_version").fetchone()[0] != _FORMAT:
        with connection:
            connection.execute("DROP TABLE IF EXISTS results")
            connection.execute("DROP TABLE IF EXISTS kept")
            connection.execute(_SCHEMA)
            connection.execute(f"PRAGMA user_version={_FORMAT}")


def _here() -> tuple[int, int]:
    """Say which process and thread this is: neither a connection nor a compressor can be shared."""
    return os.getpid(), threading.get_ident()


@functools.lru_cache(maxsize=16)
def _database(folder: str, process: int, thread: int) -> _Database:  # noqa: ARG001
    return _Database(folder)


@functools.lru_cache(maxsize=16)
def _compressor(process: int, thread: int) -> zstandard.ZstdCompressor:  # noqa: ARG001
    return zstandard.ZstdCompressor(level=_LEVEL, write_content_size=False, write_checksum=False)


@functools.lru_cache(maxsize=16)
def _decompressor(process: int, thread: int) -> zstandard.ZstdDecompressor:  # noqa: ARG001
    return zstandard.ZstdDecompressor()
