"""Where the bytes of a build lie: those of this build in the spool, those of earlier builds in the store."""

import functools
from collections.abc import Sequence

import msgspec

from ssg.cache.spool import Spool
from ssg.cache.store import Store
from ssg.digests import digest
from ssg.model import Ref

# Bytes of bodies that are put together at the most: reading one of them reads all.
_PACK = 1 << 20


class Lost(Exception):  # noqa: N818 - the store's loss, which building again mends
    """The store does not have bytes that one of its results names, or has others: the result must be made again."""


class Shelf(msgspec.Struct, frozen=True):
    """Gives bytes by reference, wherever they lie."""

    spool: Spool
    store: Store

    def put(self, body: bytes) -> Ref:
        """Put bytes of this build at rest; give where they lie.

        Raises:
            OSError: the disk is full.
        """
        return self.spool.put(body)

    def get(self, ref: Ref) -> bytes:
        """Give the bytes of a reference.

        Raises:
            OSError: the file is gone or has become shorter.
            Lost: the store has lost them.
        """
        if not ref.kept:
            return self.spool.get(ref)
        found = _whole(self.store, ref.file)[ref.offset : ref.offset + ref.size]
        if len(found) != ref.size:
            raise Lost(ref.file)
        return found


@functools.lru_cache(maxsize=4)
def _whole(store: Store, name: str) -> bytes:
    """Give a value of the store, and keep it at hand: what is read next is often a part of it too.

    Raises:
        Lost: the store does not have it.
    """
    found = store.get([name]).get(name)
    if found is None:
        raise Lost(name)
    return found


def blob(body: bytes) -> tuple[Ref, tuple[str, bytes]]:
    """Give the reference that bytes will have in the store, and the entry that puts them there."""
    name = f"blob:{digest(body)}"
    return Ref(name, 0, len(body)), (name, body)


def pack(bodies: Sequence[bytes]) -> tuple[list[Ref], list[tuple[str, bytes]]]:
    """Give the references that bodies will have in the store, put together in a few values, and the entries of those.

    Pages have much in common, so together they take a third of the room and a fifth of the time of each by itself.
    """
    refs: list[Ref] = []
    entries: list[tuple[str, bytes]] = []
    start = 0
    while start < len(bodies):
        end, size = start, 0
        while end < len(bodies) and (end == start or size + len(bodies[end]) <= _PACK):
            size += len(bodies[end])
            end += 1
        ref, entry = blob(b"".join(bodies[start:end]))
        entries.append(entry)
        offset = 0
        for body in bodies[start:end]:
            refs.append(Ref(ref.file, offset, len(body)))
            offset += len(body)
        start = end
    return refs, entries
