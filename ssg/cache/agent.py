"""The process that speaks with a shared store for all processes of a build.

It is one for each build. Libraries that speak with clouds have threads of their own, which a process that forks would
leave behind; a process can be left waiting and ended, whatever it waits for; and there is one place that knows whether
the other side is there. It moves sealed entries between the shared store and the local one, which all others read.
"""

import multiprocessing
import os
import signal
import time
from collections.abc import Iterator, Mapping, Sequence
from multiprocessing.connection import Connection, wait
from typing import NamedTuple
from urllib.parse import urlsplit

from ssg.cache.database import open_database
from ssg.cache.remote import Client, Refused, Remote, is_content, is_shared, unwrap, wrap
from ssg.cache.store import LocalStore, Row

# Seconds between two looks at what the build has made.
_PULSE = 0.05
# Entries that are moved at once: some MB at the most.
_AT_ONCE = 64


class Fetch(NamedTuple):
    """Asks that entries be brought into the local store."""

    keys: tuple[str, ...]


class Finish(NamedTuple):
    """Asks that what the build has made be put, within a time."""

    seconds: float


class Said(NamedTuple):
    """What the agent answers: the first refusal, if any, and how many entries were not what had been put."""

    refusal: str
    damaged: int


def serve(pipe: Connection, store: LocalStore, remote: Remote, start: int) -> None:
    """Answer questions until told to finish; put what is written into the local store after the row `start`."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    silence = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):  # libraries have their own ways to say what is said once, by the build
        os.dup2(silence, stream)
    try:
        _serve(pipe, _Agent(store, remote, start))
    finally:  # whatever happened, the other end of the pipe learns that it is over
        os._exit(0)  # connections that were open before this process began are not its own to close


def _serve(pipe: Connection, agent: "_Agent") -> None:
    parent = multiprocessing.parent_process()
    ends: list[Connection | int] = [pipe] if parent is None else [pipe, parent.sentinel]
    more = True
    while True:
        ready = wait(ends, 0 if more else _PULSE)
        if not ready:
            more = agent.put_some()
            continue
        if pipe not in ready:  # the build was killed
            return
        asked = pipe.recv()
        if isinstance(asked, Finish):
            agent.finish(asked.seconds)
            pipe.send(agent.said)
            return
        agent.fetch(asked.keys)
        pipe.send(agent.said)


class _Agent:
    """Both stores, and how far the one has been put into the other."""

    def __init__(self, store: LocalStore, remote: Remote, start: int) -> None:
        self._store = store
        self._remote = remote
        self._row = start
        self._anew: set[str] = set()
        self._brought: set[tuple[str, str]] = set()
        self._client: Client | None = None
        self._refusal = ""
        self._reads = self._writes = True
        self._damaged = 0

    @property
    def said(self) -> Said:
        """What there is to say so far."""
        return Said(self._refusal, self._damaged)

    def fetch(self, keys: Sequence[str]) -> None:
        """Bring entries into the local store; what is not valid is left, and put anew when the build has made it."""
        for start in range(0, len(keys), _AT_ONCE):
            if not self._reads:
                return
            try:
                found = self._connected().get(keys[start : start + _AT_ONCE])
            except Refused as reason:
                self._refuse(str(reason))
                self._reads = self._writes = False
            else:
                self._store.adopt(self._verified(found))

    def _verified(self, found: Mapping[str, bytes]) -> Iterator[Row]:
        for key, entry in found.items():
            row = unwrap(key, entry)
            if row is None:
                self._damaged += 1
            if row is None or row.day < self._store.day:
                self._anew.add(key)
            else:
                self._brought.add((key, row.digest))
                yield row._replace(day=self._store.day)

    def put_some(self) -> bool:
        """Put some of what the build has made; tell whether there was any."""
        rows = self._rows()
        self._put(rows)
        return bool(rows)

    def finish(self, seconds: float) -> None:
        """Put the rest of what the build has made, within a time."""
        end = time.monotonic() + seconds
        while rows := self._rows():
            if time.monotonic() > end:
                self._refuse("is too slow to take what the build made")
                return
            self._put(rows)

    def _put(self, rows: Sequence[Row]) -> None:
        """Put what others can use; what names others comes after them, so that whoever finds it finds them too."""
        until = self._store.day + self._remote.days
        fresh = [row for row in rows if is_shared(row.key) and (row.key, row.digest) not in self._brought]
        try:
            for content in (True, False):
                part = [(row, self._store.sealed(row)) for row in fresh if is_content(row.key) is content]
                entries = {row.key: wrap(row, sealed, until) for row, sealed in part if sealed is not None}
                if entries:
                    self._connected().put(entries, frozenset(self._anew))
        except Refused as reason:
            self._refuse(str(reason))
            self._writes = False

    def _rows(self) -> list[Row]:
        """Give what was written into the local store next; nothing where it cannot be put."""
        connection = open_database(self._store.folder).connection
        if connection is None or not self._writes:
            return []
        query = "SELECT rowid, key, digest, size, day, value FROM kept WHERE rowid > ? ORDER BY rowid LIMIT ?"
        found = connection.execute(query, (self._row, _AT_ONCE)).fetchall()
        if found:
            self._row = found[-1][0]
        return [Row(*row[1:]) for row in found]

    def _connected(self) -> Client:
        if self._client is None:
            self._client = _connect(self._remote)
        return self._client

    def _refuse(self, reason: str) -> None:
        self._refusal = self._refusal or reason


def _connect(remote: Remote) -> Client:
    """Give what speaks with a shared store; its library is loaded now.

    Raises:
        Refused: the library is not installed, or the address is not one.
    """
    extra = "redis" if urlsplit(remote.url).scheme in {"redis", "rediss"} else "cloud"
    try:
        if extra == "redis":
            from ssg.cache.redis_client import RedisClient  # noqa: PLC0415 - an optional library

            return RedisClient(remote)
        from ssg.cache.bucket_client import BucketClient  # noqa: PLC0415 - an optional library

        return BucketClient(remote)
    except ImportError:
        raise Refused(f'needs a library that is not installed (pip install "ssg[{extra}]")') from None
