"""Documents and assets → a release → a folder."""

from ssg.output.clean import clean
from ssg.output.release import artifact, artifact_path, assemble, indexed
from ssg.output.search import index, search_available, search_version
from ssg.output.settle import settle
from ssg.output.write import Staged, Write, clear, commit, finish, plan, stage

__all__ = [
    "Staged",
    "Write",
    "artifact",
    "artifact_path",
    "assemble",
    "clean",
    "clear",
    "commit",
    "finish",
    "index",
    "indexed",
    "plan",
    "search_available",
    "search_version",
    "settle",
    "stage",
]
