"""Work that is remembered, and bytes at rest."""

from ssg.cache.memo import Memo
from ssg.cache.spool import Spool
from ssg.cache.store import NullStore, Store, open_store

__all__ = ["Memo", "NullStore", "Spool", "Store", "open_store"]
