"""`memo`: a pure stage that remembers its results."""

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

import msgspec

from ssg.cache.store import Store
from ssg.model import digest

T = TypeVar("T")
R = TypeVar("R")


class Memo(Generic[T, R]):
    """A pure stage over a store.

    A stored result is valid when the key is the same, and the key holds all that the result depends on: the stage's
    name, its version (its source and its libraries), and the digest of every argument. So there is nothing to
    invalidate: what changed has another key.
    """

    def __init__(self, stage: Callable[[T], R], version: str, store: Store, result: type[R]) -> None:
        """Take the stage, the version of its code and fixed arguments, the store, and the type of a result."""
        self._stage = stage
        self._version = version
        self._store = store
        self._decoder = msgspec.msgpack.Decoder(result)

    def map(self, arguments: Sequence[T], keys: Sequence[bytes]) -> list[R]:
        """Give the stage's result for each argument; `keys` holds, for each, the bytes that identify it."""
        names = [digest(self._version.encode() + key) for key in keys]
        stored = self._store.get(names)
        results: list[R] = []
        fresh: list[tuple[str, bytes]] = []
        for argument, name in zip(arguments, names, strict=True):
            if name in stored:
                results.append(self._decoder.decode(stored[name]))
                continue
            result = self._stage(argument)
            results.append(result)
            fresh.append((name, msgspec.msgpack.encode(result)))
        if fresh:
            self._store.put(fresh)
        return results
