"""A local store before one that several machines share."""

import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from multiprocessing.connection import Connection
from multiprocessing.context import BaseContext
from pathlib import Path
from typing import Any

from ssg.cache import agent
from ssg.cache.bounds import last_row
from ssg.cache.remote import Remote, is_shared
from ssg.cache.store import LocalStore
from ssg.cache.tally import Tally

# Seconds in which the agent says that it gave up, after the time that it had is over.
_GRACE = 0.1


class Link:
    """The one connection of a build to a shared store, through its agent; a build waits for it so long and no longer.

    When that time is over, the shared store is not asked again; nor is it after a refusal, by the agent.
    """

    def __init__(self, store: LocalStore, remote: Remote, context: BaseContext) -> None:
        """Take the local store, what is known of the shared one, and how processes are started."""
        self._store = store
        self._remote = remote
        self._context = context
        self._left = remote.seconds
        self._pipe: Connection | None = None
        self._process: Any = None
        self.refusal = ""
        self.damaged = 0

    def begin(self) -> None:
        """Start the agent, if it was not started yet."""
        if self._process is not None:
            return
        start = last_row(self._store)
        self._pipe, other = self._context.Pipe()
        work = (other, self._store, self._remote, start)
        process = self._context.Process(target=agent.serve, args=work, daemon=True)  # type: ignore[attr-defined]
        process.start()
        other.close()
        self._process = process

    def fetch(self, keys: Collection[str]) -> None:
        """Bring entries into the local store, as far as they are to be had."""
        wanted = tuple(key for key in keys if is_shared(key))
        if wanted:
            self.begin()
            self._ask(agent.Fetch(wanted), 0)

    def finish(self) -> None:
        """Have the rest of what the build has made put, and end the agent."""
        if self._pipe is not None:
            self._ask(agent.Finish(self._left), _GRACE)
        self.close()

    def close(self) -> None:
        """End the agent."""
        if self._process is not None and self._pipe is not None:
            self._pipe.close()
            self._process.kill()  # it leaves nothing half done
            self._process.join()
            self._pipe = None

    def _ask(self, question: agent.Fetch | agent.Finish, grace: float) -> None:
        """Ask the agent, and wait for the answer as long as there is time."""
        if self._pipe is None:
            return
        begin = time.monotonic()
        try:
            self._pipe.send(question)
            if not self._pipe.poll(self._left + grace):
                self.refusal = self.refusal or "does not answer in time"
                self.close()
                return
            said: agent.Said = self._pipe.recv()
        except (EOFError, OSError):
            said = agent.Said("is not spoken with any more: the process that did has ended", 0)
        self._left = max(0, self._left - (time.monotonic() - begin))
        self.refusal, self.damaged = self.refusal or said.refusal, said.damaged


class SharedStore:
    """Gives what the local store has, else what a shared store has; keeps everything locally.

    Only the process that made it asks the shared store: in others it is the local one, so what they will ask for is
    fetched before. What the build keeps is put into the shared store while the build goes on.
    """

    def __init__(self, local: LocalStore, link: Link) -> None:
        self._local = local
        self._link = link
        if not Path(local.folder, "store.sqlite").exists():  # a fresh clone asks for everything: the agent gets ready
            link.begin()

    def __reduce__(self) -> tuple[Any, ...]:
        return LocalStore, (self._local.folder, self._local.day)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SharedStore) and self._local == other._local

    def __hash__(self) -> int:
        return hash(self._local)

    def get(self, keys: Sequence[str]) -> Mapping[str, bytes]:
        """Give the values of those keys that are to be had."""
        found = self._local.get(keys)
        missing = [key for key in keys if key not in found]
        if not missing:
            return found
        self._link.fetch(missing)
        return {**found, **self._local.get(missing)}

    def put(self, entries: Iterable[tuple[str, bytes]]) -> None:
        """Keep values by key, all or none."""
        self._local.put(entries)

    def fetch(self, keys: Collection[str]) -> None:
        """Have values at hand that other processes of the build will ask for."""
        self._link.fetch(self._local.absent(keys))

    def renew(self, keys: Collection[str]) -> None:
        """Note that values are of use, though nobody has asked for them."""
        self._local.renew(keys)

    def tally(self) -> Tally:
        """Give what was found damaged locally."""
        return self._local.tally()
