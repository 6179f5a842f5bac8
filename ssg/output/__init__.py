"""Documents and assets → a release → a folder."""

from ssg.output.clean import clean
from ssg.output.lock import locked
from ssg.output.record import has_record
from ssg.output.release import Order, arrange_files, artifact, artifact_path, assemble, indexed, published
from ssg.output.search import check_search, index_key, make_index, searched
from ssg.output.write import Staged, Write, admit, commit, finish, plan, stage

__all__ = [
    "Order",
    "Staged",
    "Write",
    "admit",
    "arrange_files",
    "artifact",
    "artifact_path",
    "assemble",
    "check_search",
    "clean",
    "commit",
    "finish",
    "index_key",
    "has_record",
    "indexed",
    "locked",
    "make_index",
    "plan",
    "published",
    "searched",
    "stage",
]
