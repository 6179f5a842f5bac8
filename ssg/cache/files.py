"""A pure stage that gives files, remembered file by file: what two results share is kept once."""

from collections.abc import Callable, Mapping

import msgspec

from ssg.cache.shelf import Shelf, blob
from ssg.digests import digest
from ssg.model import Ref


class KeptFile(msgspec.Struct, frozen=True, array_like=True):
    """A file of a result: its path, the digest of its bytes, where they lie now, and where in the store."""

    path: str
    digest: str
    body: Ref
    kept: Ref


def recall_files(make: Callable[[], Mapping[str, bytes]], key: bytes, shelf: Shelf) -> tuple[KeptFile, ...]:
    """Give the files of a stage, from the store where an earlier build has made them from the same `key`.

    The key holds all that the files depend on: the version of the stage, and the digest of every argument.
    """
    name = f"files:{digest(key)}"
    listed = shelf.store.get([name]).get(name)
    if listed is not None:
        return msgspec.msgpack.decode(listed, type=tuple[KeptFile, ...])
    made = make()
    kept: list[KeptFile] = []
    entries: list[tuple[str, bytes]] = []
    for path, body in made.items():
        ref, entry = blob(body)
        kept.append(KeptFile(path, digest(body), ref, ref))
        entries.append(entry)
    shelf.store.put([*entries, (name, msgspec.msgpack.encode(kept))])
    return tuple(msgspec.structs.replace(one, body=shelf.put(made[one.path])) for one in kept)
