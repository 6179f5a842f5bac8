"""Where the bytes of a build lie: those of this build in the spool, those of earlier builds in the store."""

import msgspec

from ssg.cache.spool import Spool
from ssg.cache.store import Store
from ssg.model import Ref


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
        found = self.store.get([ref.file]).get(ref.file)
        if found is None or len(found) != ref.size:
            raise Lost(ref.file)
        return found


def blob(digest: str, size: int) -> Ref:
    """Give the reference of bytes in the store, by their digest."""
    return Ref(f"blob:{digest}", 0, size)
