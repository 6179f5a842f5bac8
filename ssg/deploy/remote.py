"""What a deploy asks of a place that holds files: a few operations, and four ways to fail."""

import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Protocol, TypeVar

import msgspec

T = TypeVar("T")


class RemoteError(Exception):
    """The place refused; carries one sentence, and a hint what to do."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class Transient(RemoteError):  # noqa: N818 - it is one
    """It may succeed when it is tried again: 429, 5xx, a connection that broke, no answer in time."""


class Conflict(RemoteError):  # noqa: N818 - it is one
    """The object is there already, or is not the one that was to be replaced."""


class Missing(RemoteError):  # noqa: N818 - it is one
    """There is no such object."""


class Found(msgspec.Struct, frozen=True):
    """An object: its bytes, its headers and metadata, and its ETag."""

    body: bytes
    headers: Mapping[str, str]
    etag: str


class Listed(msgspec.Struct, frozen=True):
    """An object in a listing: size in bytes and ETag."""

    size: int
    etag: str


class Create(msgspec.Struct, frozen=True):
    """Write only where nothing is."""


class Replace(msgspec.Struct, frozen=True):
    """Write over whatever is there, or only over the object that has this ETag."""

    etag: str = ""


class Remote(Protocol):
    """A bucket or folder. Keys are paths below the target's prefix. Every operation raises `RemoteError`."""

    keeps_headers: bool
    """Whether objects have headers of their own; those of a folder come from its web server."""

    async def read(self, key: str) -> Found:
        """Give an object; raises `Missing`."""
        ...

    async def headers(self, key: str) -> Mapping[str, str]:
        """Give the headers and metadata of an object, without its bytes; raises `Missing`."""
        ...

    async def write(self, key: str, body: bytes, headers: Mapping[str, str], how: Create | Replace) -> str:
        """Put an object, whole or not at all, and give its ETag; raises `Conflict`."""
        ...

    async def copy(self, key: str, to: str) -> None:
        """Copy an object with its headers; raises `Missing`."""
        ...

    async def remove(self, key: str) -> None:
        """Remove an object, if it is there."""
        ...

    async def listing(self) -> Mapping[str, Listed]:
        """Give all objects by key."""
        ...


class Pauses(msgspec.Struct, frozen=True):
    """How a request is tried again: how often, and after which pauses in seconds.

    A pause is drawn between 0 and twice the bound of the one before ("full jitter"), so that requests which failed
    together do not come back together. It depends on `seed` and the name of the request alone.
    """

    sleep: Callable[[float], Awaitable[None]]
    seed: int = 0
    attempts: int = 5
    first: float = 0.25
    longest: float = 8.0

    async def retried(self, name: str, call: Callable[[], Awaitable[T]]) -> T:
        """Give what a request answers; what is `Transient` is tried again, and raised after the last attempt."""
        drawn = random.Random(f"{self.seed}:{name}")  # noqa: S311 - no secret
        for attempt in range(1, self.attempts):
            try:
                return await call()
            except Transient:
                await self.sleep(drawn.uniform(0, min(self.longest, self.first * 2**attempt)))
        return await call()


class Retrying:
    """A remote whose requests are tried again."""

    def __init__(self, remote: Remote, pauses: Pauses) -> None:
        self._remote = remote
        self._pauses = pauses
        self.keeps_headers = remote.keeps_headers

    async def read(self, key: str) -> Found:
        """Give an object."""
        return await self._pauses.retried(f"read {key}", lambda: self._remote.read(key))

    async def headers(self, key: str) -> Mapping[str, str]:
        """Give the headers and metadata of an object."""
        return await self._pauses.retried(f"headers {key}", lambda: self._remote.headers(key))

    async def write(self, key: str, body: bytes, headers: Mapping[str, str], how: Create | Replace) -> str:
        """Put an object.

        After a failed attempt that had arrived in truth, a condition does not hold any more: then the object is looked
        at, and if its bytes are these, it is done.
        """
        tried = 0

        async def call() -> str:
            nonlocal tried
            tried += 1
            return await self._remote.write(key, body, headers, how)

        try:
            return await self._pauses.retried(f"write {key}", call)
        except Conflict:
            if tried == 1:
                raise
            found = await self.read(key)
            if found.body != body:
                raise
            return found.etag

    async def copy(self, key: str, to: str) -> None:
        """Copy an object with its headers."""
        await self._pauses.retried(f"copy {key}", lambda: self._remote.copy(key, to))

    async def remove(self, key: str) -> None:
        """Remove an object, if it is there."""
        await self._pauses.retried(f"remove {key}", lambda: self._remote.remove(key))

    async def listing(self) -> Mapping[str, Listed]:
        """Give all objects by key."""
        return await self._pauses.retried("listing", self._remote.listing)


async def together(jobs: Sequence[Callable[[], Awaitable[None]]], at_once: int) -> None:
    """Do jobs, `at_once` of them at a time, begun in their order; none begins after one has failed.

    Those that are under way when one fails come to their end, so that what they did is known; then the first failure is
    raised.
    """
    import asyncio  # noqa: PLC0415 - not for who looks at help

    waiting = iter(jobs)
    failures: list[Exception] = []

    async def work() -> None:
        for job in waiting:
            if failures:
                return
            try:
                await job()
            except Exception as reason:  # noqa: BLE001 - raised below
                failures.append(reason)

    await asyncio.gather(*(work() for _ in range(min(at_once, len(jobs)))))
    if failures:
        raise failures[0]
