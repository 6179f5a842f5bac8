"""A pure stage that gives files, remembered file by file: what two results share is kept once."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice

import msgspec

from ssg.cache.spool import Spool
from ssg.cache.store import Store
from ssg.model import Ref, digest

# Files that are in memory at once when they come from the store.
_AT_ONCE = 64


class KeptFile(msgspec.Struct, frozen=True, array_like=True):
    """A file of a result: its path, the digest of its bytes, and where they lie in the spool."""

    path: str
    digest: str
    body: Ref


def recall_files(
    make: Callable[[], Mapping[str, bytes]], key: bytes, store: Store, spool: Spool
) -> tuple[KeptFile, ...]:
    """Give the files of a stage, from the store where an earlier build has made them from the same `key`.

    The key holds all that the files depend on: the version of the stage, and the digest of every argument.
    """
    name = digest(key)
    listed = store.get([name]).get(name)
    if listed is not None:
        paths = msgspec.msgpack.decode(listed, type=dict[str, str])
        kept = tuple(_stored(paths, store, spool))
        if len(kept) == len(paths):
            return kept
    made = make()
    named = {path: digest(body) for path, body in made.items()}
    store.put([*((named[path], body) for path, body in made.items()), (name, msgspec.msgpack.encode(named))])
    return tuple(KeptFile(path, named[path], spool.put(body)) for path, body in made.items())


def _stored(paths: Mapping[str, str], store: Store, spool: Spool) -> Iterator[KeptFile]:
    """Give those of the files that the store still has whole."""
    rest = iter(paths.items())
    while some := list(islice(rest, _AT_ONCE)):
        found: Mapping[str, bytes] = store.get(_once(some))
        for path, name in some:
            if name in found:
                yield KeptFile(path, name, spool.put(found[name]))


def _once(some: Sequence[tuple[str, str]]) -> list[str]:
    return list(dict.fromkeys(name for _, name in some))
