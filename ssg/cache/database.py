"""The SQLite file of a store, as one thread of one process has it open."""

import contextlib
import functools
import os
import sqlite3
import threading
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from ssg.cache.seal import here

_FORMAT = 3
# By day and row: those that nobody has used for the longest time come first.
_SCHEMA = (
    """
    CREATE TABLE IF NOT EXISTS kept (
        key TEXT PRIMARY KEY, digest TEXT NOT NULL, size INTEGER NOT NULL, day INTEGER NOT NULL, value BLOB
    )
    """,
    "CREATE INDEX IF NOT EXISTS kept_by_day ON kept (day)",
)


# Held while SQLite works, so that no process is forked meanwhile: its copy of what SQLite holds in memory would say for
# ever that a lock is taken (sqlite.org/howtocorrupt.html, section 2.6).
_QUIET = threading.RLock()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_QUIET.acquire, after_in_parent=_QUIET.release, after_in_child=_QUIET.release)


class Quiet(sqlite3.Connection):
    """A connection that keeps processes from being forked during a transaction or a question."""

    def rows(self, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Give all rows that a query finds."""
        with _QUIET:
            return self.execute(query, values).fetchall()

    def __enter__(self) -> Self:
        _QUIET.acquire()
        return super().__enter__()

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> Literal[False]:
        try:
            return super().__exit__(kind, value, trace)
        finally:
            _QUIET.release()


class Database:
    """The file as one process has it open; None where it cannot be used."""

    def __init__(self, folder: str) -> None:
        self.damaged = 0
        with _QUIET:
            self.connection = self._open(Path(folder, "store.sqlite"))

    def __del__(self) -> None:
        if self.connection is not None:
            self.connection.close()

    def _open(self, file: Path) -> Quiet | None:
        """Open the file; one that is no database is begun anew, and where there can be none there is none."""
        for _ in range(2):
            try:
                file.parent.mkdir(parents=True, exist_ok=True)
                # Used by one thread alone; where that has ended, another closes it.
                connection = sqlite3.connect(file, timeout=30, check_same_thread=False, factory=Quiet)
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


def open_database(folder: str) -> Database:
    """Give the database in a folder, as this thread has it open."""
    return _database(folder, *here())


def _prepare(connection: sqlite3.Connection) -> None:
    """Set a connection up; a file of another format is emptied: its entries have keys that nobody asks for."""
    connection.execute("PRAGMA auto_vacuum=INCREMENTAL")  # of a new file; later it would do nothing
    connection.execute("PRAGMA journal_mode=WAL")
    # A power cut may cost entries, which their digests tell; waiting for the disk would cost every build.
    connection.execute("PRAGMA synchronous=OFF")
    if connection.execute("PRAGMA user_version").fetchone()[0] != _FORMAT:
        with connection:
            connection.execute("DROP TABLE IF EXISTS results")
            connection.execute("DROP TABLE IF EXISTS kept")
            for statement in _SCHEMA:
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version={_FORMAT}")
        if connection.execute("PRAGMA auto_vacuum").fetchone()[0] == 0:
            with contextlib.suppress(sqlite3.OperationalError):  # another build is at it: the file grows, and works
                connection.execute("VACUUM")


@functools.lru_cache(maxsize=16)
def _database(folder: str, process: int, thread: int) -> Database:  # noqa: ARG001 - of one thread alone
    return Database(folder)
