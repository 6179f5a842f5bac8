"""Work that is remembered, and bytes at rest."""

from ssg.cache.files import KeptFile, recall_files
from ssg.cache.memo import Memo
from ssg.cache.spool import Spool
from ssg.cache.store import NullStore, Store, open_store

__all__ = ["KeptFile", "Memo", "NullStore", "Spool", "Store", "open_store", "recall_files"]
