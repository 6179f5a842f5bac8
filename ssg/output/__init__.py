"""Documents and assets → a release → a folder."""

from ssg.output.clean import clean
from ssg.output.encode import compressors, encode, encoder_key
from ssg.output.lock import locked
from ssg.output.record import has_record
from ssg.output.release import Order, arrange_files, artifact, artifact_path, assemble, indexed, published
from ssg.output.search import check_search, index_key, make_index, searched
from ssg.output.siblings import encodable, sibling, sibling_collisions, siblings
from ssg.output.worker import removal_script, worker_script, worker_source
from ssg.output.write import Change, Staged, Write, admit, commit, finish, plan, stage

__all__ = [
    "Change",
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
    "compressors",
    "encodable",
    "encode",
    "encoder_key",
    "finish",
    "has_record",
    "index_key",
    "indexed",
    "locked",
    "make_index",
    "plan",
    "published",
    "removal_script",
    "searched",
    "sibling",
    "sibling_collisions",
    "siblings",
    "stage",
    "worker_script",
    "worker_source",
]
