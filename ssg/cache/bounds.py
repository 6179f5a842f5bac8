"""The bounds of a store, by size and by age: what was not used for the longest time goes first."""

import contextlib
import sqlite3
from pathlib import Path

import msgspec

from ssg.cache.database import open_database
from ssg.cache.store import LocalStore

# A full store is emptied to nine tenths, so that not every build has to.
_ROOM = 0.9
# A large value is written before the row that names it: a build that began so many seconds ago may not be done.
_PATIENCE = 3600


class Bounds(msgspec.Struct, frozen=True):
    """The bytes that a store takes on the disk at the most, and for how many days it keeps what nobody uses."""

    size: int
    days: int


def last_row(store: LocalStore) -> int:
    """Give the number of the entry that was written last."""
    connection = open_database(store.folder).connection
    try:
        return (connection.execute("SELECT max(rowid) FROM kept").fetchone()[0] or 0) if connection is not None else 0
    except sqlite3.Error:
        return 0


def trim(store: LocalStore, bounds: Bounds) -> None:
    """Remove entries until a store is within its bounds, and files that no entry names; the database shrinks.

    Another build that reads the store meanwhile misses what is gone, and makes it again.
    """
    connection = open_database(store.folder).connection
    if connection is None:
        return
    with contextlib.suppress(sqlite3.Error, OSError):  # another build is at it, or the next one will be
        with connection:
            old = connection.execute("DELETE FROM kept WHERE day < ?", (store.day - bounds.days,)).rowcount
        files = _files(store)
        excess = _size(connection) + sum(files.values()) - bounds.size
        if excess > 0:
            _evict(connection, excess + int(bounds.size * (1 - _ROOM)), files)
        if old or excess > 0:
            _sweep(connection, store, files)
            _shrink(connection)


def clear_store(folder: str) -> bool:
    """Empty the store in a folder; tell whether there was one. A build that is at work goes on without."""
    file = Path(folder, "store.sqlite")
    if not file.exists():
        return False
    store = LocalStore(folder)
    connection = open_database(folder).connection
    if connection is not None:
        with contextlib.suppress(sqlite3.Error):
            with connection:
                connection.execute("DELETE FROM kept")
            _shrink(connection)
    for path in _files(store):
        path.unlink(missing_ok=True)
    for path in Path(folder).glob("*.msgpack"):  # what was known of files, and of the last build
        path.unlink(missing_ok=True)
    return True


def _shrink(connection: sqlite3.Connection) -> None:
    """Give the pages that are free back to the file system."""
    connection.executescript("PRAGMA incremental_vacuum")  # `execute` would stop after the first page
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _size(connection: sqlite3.Connection) -> int:
    """Give the bytes that the database uses; pages that are free are not counted."""
    count, free, page = (
        connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "freelist_count", "page_size")
    )
    return int((count - free) * page)


def _files(store: LocalStore) -> dict[Path, int]:
    """Give the files of large values with their sizes in bytes."""
    found: dict[Path, int] = {}
    for path in Path(store.folder, "large").glob("*/*"):
        with contextlib.suppress(OSError):
            found[path] = path.stat().st_size
    return found


def _evict(connection: sqlite3.Connection, excess: int, files: dict[Path, int]) -> None:
    """Remove entries, those first that were used longest ago, until they have held so many bytes."""
    sizes = {path.name: size for path, size in files.items()}
    gone: list[tuple[int]] = []
    for number, name, size in connection.execute("SELECT rowid, digest, length(value) FROM kept ORDER BY day, rowid"):
        if excess <= 0:
            break
        gone.append((number,))
        excess -= size if size is not None else sizes.get(name, 0)
    with connection:
        connection.executemany("DELETE FROM kept WHERE rowid = ?", gone)


def _sweep(connection: sqlite3.Connection, store: LocalStore, files: dict[Path, int]) -> None:
    """Remove files of large values that no entry names, unless they are so new that one is about to."""
    named = {name for (name,) in connection.execute("SELECT digest FROM kept WHERE value IS NULL")}
    written = [Path(store.folder, f"store.sqlite{ending}") for ending in ("", "-wal")]
    now = max(path.stat().st_mtime for path in written if path.exists())
    for path in files:
        if path.name not in named and path.stat().st_mtime < now - _PATIENCE:
            path.unlink(missing_ok=True)
