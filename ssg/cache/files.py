"""A pure stage that gives files, remembered file by file: what two results share is kept once."""

from collections.abc import Callable, Mapping

import msgspec

from ssg.cache.shelf import Shelf, blob
from ssg.model import Ref, digest


class KeptFile(msgspec.Struct, frozen=True, array_like=True):
    """A file of a result: its path, the digest of its bytes, and where they lie."""

    path: str
    digest: str
    body: Ref


def recall_files(make: Callable[[], Mapping[str, bytes]], key: bytes, shelf: Shelf) -> tuple[KeptFile, ...]:
    """Give the files of a stage, from the store where an earlier build has made them from the same `key`.

    The key holds all that the files depend on: the version of the stage, and the digest of every argument.
    """
    name = f"files:{digest(key)}"
    listed = shelf.store.get([name]).get(name)
    if listed is not None:
        return msgspec.msgpack.decode(listed, type=tuple[KeptFile, ...])
    made = make()
    named = {path: digest(body) for path, body in made.items()}
    kept = [KeptFile(path, named[path], blob(named[path], len(body))) for path, body in made.items()]
    blobs = ((one.body.file, made[one.path]) for one in kept)
    shelf.store.put([*blobs, (name, msgspec.msgpack.encode(kept))])
    return tuple(KeptFile(path, named[path], shelf.put(body)) for path, body in made.items())
