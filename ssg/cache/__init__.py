"""Work that is remembered, and bytes at rest."""

from ssg.cache.bounds import Bounds, clear_store, last_row, trim
from ssg.cache.files import KeptFile, recall_files
from ssg.cache.memo import Answered, Item, Memo
from ssg.cache.reasons import AnswerChanged, New, Reason, SourceChanged, VersionChanged
from ssg.cache.rows import by_row, row_of
from ssg.cache.shelf import Lost, Shelf, blob, pack
from ssg.cache.spool import Spool, close_files
from ssg.cache.stamps import Stamps, load_stamps
from ssg.cache.store import AnewStore, LocalStore, NullStore, Store, open_store
from ssg.cache.tally import Tally
from ssg.cache.trace import Answers, Made, Trace, Traced

__all__ = [
    "AnewStore",
    "AnswerChanged",
    "Answered",
    "Answers",
    "Bounds",
    "Item",
    "KeptFile",
    "LocalStore",
    "Lost",
    "Made",
    "Memo",
    "New",
    "NullStore",
    "Reason",
    "Shelf",
    "SourceChanged",
    "Spool",
    "Stamps",
    "Store",
    "Tally",
    "Trace",
    "Traced",
    "VersionChanged",
    "blob",
    "by_row",
    "clear_store",
    "close_files",
    "last_row",
    "load_stamps",
    "open_store",
    "pack",
    "recall_files",
    "row_of",
    "trim",
]
