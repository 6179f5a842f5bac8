"""The output folder of a site → the files to publish, as the build has recorded them."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from ssg.deploy.values import HOME, Item
from ssg.digests import digest_file
from ssg.errors import Diagnostic, Location, SiteError, error
from ssg.output.encode import ENCODINGS, LARGEST, compressible
from ssg.output.record import Entry, load_record
from ssg.urls import media_type

_AGAIN = 'run "ssg build", and deploy what it wrote'
_ENDINGS = {encoding.ending: name for name, encoding in ENCODINGS.items()}
HeadersOf = Callable[[str], Mapping[str, str]]
"""What gives the headers of a file by its path below the output folder."""


def read_folder(root: str, folder: str, headers_of: HeadersOf, *, encoded: bool) -> tuple[Item, ...]:
    """Give the files of an output folder, in order of their paths.

    Those are the files that the build of the site `root` has recorded; files of others in the folder are left out. A
    folder without a record came from another machine: every file in it counts. Compressed forms are given where
    `encoded` says so, with the media type of their file and `Content-Encoding`.

    Raises:
        SiteError: there is nothing, the last build was cut off, or a file is not what the build wrote.
    """
    record = load_record(root, folder)
    files = record or {path: Entry("", -1, 0) for path in _found(folder)}
    if not files:
        raise SiteError(error("deploy", "there is nothing to deploy", Location(folder), _AGAIN))
    if any(path.startswith(HOME) for path in files):
        message = f"holds files below {HOME}, where ssg keeps its own in the bucket"
        raise SiteError(error("deploy", message, Location(folder), "take them out of static/"))
    items, wrong = [], []
    for path, entry in sorted(files.items()):
        base = _encoded_file(path, files)
        if base and not encoded:
            continue
        found = _checked(folder, path, entry)
        if isinstance(found, Diagnostic):
            wrong.append(found)
            continue
        headers = _of_form(headers_of(base), path) if base else headers_of(path)
        items.append(Item(path, found[0], found[1], headers, file=os.path.join(folder, path)))  # noqa: PTH118 - many
    if wrong:
        raise SiteError(*wrong)
    return tuple(items)


def _found(folder: str) -> list[str]:
    """Give the files below a folder, but for those that systems and editors leave."""
    names = (file.relative_to(folder) for file in Path(folder).rglob("*") if file.is_file())
    return [
        one.as_posix() for one in names if one.name not in {".DS_Store", "Thumbs.db"} and not one.name.endswith("~")
    ]


def _encoded_file(path: str, files: Mapping[str, Entry]) -> str:
    """Give the file that a path is a compressed form of, or nothing."""
    base, dot, ending = path.rpartition(".")
    if dot + ending not in _ENDINGS or base not in files or files[base].size > LARGEST:
        return ""
    return base if compressible(media_type(base)) else ""


def _of_form(headers: Mapping[str, str], path: str) -> Mapping[str, str]:
    return {**headers, "Content-Encoding": _ENDINGS[path[path.rindex(".") :]]}


def _checked(folder: str, path: str, entry: Entry) -> tuple[str, int] | Diagnostic:
    """Give the digest and size of a file, which is read only where its time is not that of the record."""
    place = os.path.join(folder, path)  # noqa: PTH118 - 100,000 files
    if not entry.digest and entry.size >= 0:
        return error("deploy", "was being written when the last build ended", Location(place), _AGAIN)
    try:
        said = os.stat(place)  # noqa: PTH116 - as above
        if (said.st_size, said.st_mtime_ns) == (entry.size, entry.changed):
            return entry.digest, entry.size
        with open(place, "rb") as file:  # noqa: PTH123 - as above
            found = digest_file(file)
    except OSError as reason:
        return error("deploy", f"cannot be read: {reason.strerror}", Location(place), _AGAIN)
    if entry.digest and found != entry.digest:
        return error("deploy", "is not what the build wrote", Location(place), _AGAIN)
    return found, said.st_size
