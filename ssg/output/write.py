"""A release → an output folder, in five steps that fail before they harm.

`plan` looks and changes nothing. `stage` writes new bytes beside the folder's files. `admit` moves new files into
place, new folders as a whole; `commit` moves those that replace others. `finish` removes what earlier builds left. A
file whose bytes are the same is not touched; a file that ssg did not write is not removed; what fails up to the end of
`stage` leaves the folder as it was.

A compressed form is never older than its file: servers and tools that compare the two would take it for one of other
bytes.
"""

import filecmp
import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import BinaryIO

import msgspec

from ssg.digests import digest
from ssg.errors import Location, SiteError, error
from ssg.model import Artifact, Ref, Release
from ssg.output.record import Entry, load_record, save_record
from ssg.output.siblings import siblings

STAGING = ".ssg-staging"
# Parts of the staging folder: files at the paths that they will have, and files under the digests of their paths.
_NEW, _REPLACING = f"{STAGING}/new", f"{STAGING}/replacing"
# Bytes above which a file is compared and copied in pieces.
_LARGE = 8 << 20


class Change(msgspec.Struct, frozen=True):
    """A file with its compressed forms, as far as they are to be looked at and perhaps written, the file first.

    `since` is the time of change of a file that is known to be the same and not among them, in ns; else 0.
    """

    files: tuple[Artifact, ...]
    since: int = 0


class Write(msgspec.Struct, frozen=True):
    """The plan of a write: files to look at and perhaps write, files known to be the same, files to remove."""

    root: str
    folder: str
    changed: tuple[Change, ...]
    same: tuple[Artifact, ...]
    stale: tuple[str, ...]
    record: dict[str, Entry]

    @property
    def total(self) -> int:
        """How many files the folder shall hold."""
        return len(self.same) + sum(len(change.files) for change in self.changed)

    @property
    def removed(self) -> int:
        """How many files of earlier builds go; one that was only about to be written does not count."""
        return sum(bool(self.record[path].digest) for path in self.stale)


class Staged(msgspec.Struct, frozen=True):
    """One file after staging: what the record shall say of it, and whether its bytes are new.

    `moving` is where the bytes lie that `commit` moves over the folder's; None for a file that is new or the same.
    """

    path: str
    entry: Entry
    written: bool
    moving: str | None = None


def plan(release: Release, root: str, folder: str) -> Write:
    """Compare a release with what an output folder is known to hold.

    Raises:
        SiteError: something that ssg did not write stands where a file or folder must go.
    """
    record = load_record(root, folder)
    changed: list[Change] = []
    same: list[Artifact] = []
    for artifact in release.artifacts:
        files = (artifact, *siblings(artifact))
        change = _change(folder, files, record)
        if change is None:
            same += files
        else:
            changed.append(change)
            same += files[: len(files) - len(change.files)]
    looked_at = [file for change in changed for file in change.files]
    stale = tuple(sorted(record.keys() - {one.path for one in (*looked_at, *same)}))
    _refuse_obstacles(looked_at, folder, set(stale))
    if changed or stale:
        # From here on, what is about to be written counts as ours, whatever happens.
        claimed = record | {file.path: record.get(file.path, Entry("", 0, 0)) for file in looked_at}
        save_record(root, folder, claimed)
        Path(folder).mkdir(parents=True, exist_ok=True)
        shutil.rmtree(Path(folder, STAGING), ignore_errors=True)
        Path(folder, _NEW).mkdir(parents=True)
        Path(folder, _REPLACING).mkdir()
    return Write(root, folder, tuple(changed), tuple(same), stale, record)


def stage(folder: str, changes: Sequence[Change], read: Callable[[Ref], bytes]) -> list[Staged]:
    """Write the bytes of files that differ from the folder's into its staging folder.

    Raises:
        OSError: bytes cannot be read or written.
    """
    staged: list[Staged] = []
    for change in changes:
        since = change.since
        for file in change.files:
            staged.append(_stage(folder, file, read, since))
            since = since or staged[-1].entry.changed
    return staged


def admit(write: Write) -> None:
    """Remove stale files that stand where new ones need a folder, or the other way round; move new files in.

    A folder that is new moves as a whole: a first build is moved in by a few renames.

    Raises:
        OSError: a file cannot be moved.
    """
    needed = {file.path for change in write.changed for file in change.files}
    folders = {parent for path in needed for parent in _parents(path)}
    for path in write.stale:
        if path in folders or any(parent in needed for parent in _parents(path)):
            remove(write.folder, path)
    if write.changed:
        _merge(os.path.join(write.folder, _NEW), write.folder)  # noqa: PTH118


def commit(folder: str, staged: Sequence[Staged]) -> None:
    """Move staged files over those that they replace.

    Raises:
        OSError: a file cannot be moved.
    """
    for one in staged:
        if one.moving is not None:
            os.replace(one.moving, os.path.join(folder, one.path))  # noqa: PTH105, PTH118


def finish(write: Write, staged: Sequence[Staged]) -> None:
    """Remove stale files and the staging folder, and keep the record for the next build."""
    if not write.changed and not write.stale:
        return
    for path in write.stale:
        remove(write.folder, path)
    shutil.rmtree(Path(write.folder, STAGING), ignore_errors=True)
    kept = {artifact.path: write.record[artifact.path] for artifact in write.same}
    save_record(write.root, write.folder, kept | {one.path: one.entry for one in staged})


def remove(folder: str, path: str) -> None:
    """Remove a file that ssg wrote, and the folders that it leaves empty."""
    place = Path(folder, path)
    try:
        place.unlink(missing_ok=True)
    except (IsADirectoryError, NotADirectoryError, PermissionError):
        return
    for parent in _parents(path):
        try:
            Path(folder, parent).rmdir()
        except OSError:
            return


def _parents(path: str) -> list[str]:
    parts = path.split("/")[:-1]
    return ["/".join(parts[:depth]) for depth in range(len(parts), 0, -1)]


def _change(folder: str, files: tuple[Artifact, ...], record: dict[str, Entry]) -> Change | None:
    """Tell what is to be looked at of a file and its compressed forms; None where all are known to be the same."""
    if not _is_known(folder, files[0], record):
        return Change(files)
    since = record[files[0].path].changed
    for place, file in enumerate(files[1:], 1):
        if not _is_known(folder, file, record) or record[file.path].changed < since:
            return Change(files[place:], since)
    return None


def _is_known(folder: str, artifact: Artifact, record: dict[str, Entry]) -> bool:
    """Tell whether a file lies in the folder as the record has it, with the bytes of the artifact."""
    known = record.get(artifact.path)
    if known is None or known.digest != artifact.digest:
        return False
    try:
        return _entry(os.path.join(folder, artifact.path), known.digest) == known  # noqa: PTH118 - 100,000 files
    except OSError:
        return False


def _entry(place: str, digest: str) -> Entry:
    found = os.stat(place)  # noqa: PTH116
    return Entry(digest, found.st_size, found.st_mtime_ns)


def _stage(folder: str, artifact: Artifact, read: Callable[[Ref], bytes], since: int) -> Staged:
    """Stage one file that is not to be older than `since`, in ns."""
    place = os.path.join(folder, artifact.path)  # noqa: PTH118
    large = artifact.body.size > _LARGE and _alone(artifact.body)
    body = b"" if large else read(artifact.body)
    replaces = os.path.isfile(place)  # noqa: PTH113
    if replaces and (filecmp.cmp(artifact.body.file, place, shallow=False) if large else _holds(place, body)):
        entry = _entry(place, artifact.digest)
        if entry.changed >= since:
            return Staged(artifact.path, entry, written=False)
    name = f"{_REPLACING}/{digest(artifact.path.encode())}" if replaces else f"{_NEW}/{artifact.path}"
    staged = os.path.join(folder, name)  # noqa: PTH118
    with _opened(staged) as file:
        file.write(body)
    if large:
        shutil.copyfile(artifact.body.file, staged)
    if since and os.stat(staged).st_mtime_ns < since:  # noqa: PTH116
        os.utime(staged, ns=(since, since))
    return Staged(artifact.path, _entry(staged, artifact.digest), written=True, moving=staged if replaces else None)


def _alone(body: Ref) -> bool:
    """Tell whether bytes are a file of their own: a file of the site, not one in which many lie."""
    return not body.kept and body.offset == 0 and os.stat(body.file).st_size == body.size  # noqa: PTH116


def _opened(path: str) -> BinaryIO:
    """Open a file for writing; its folders are made where they are missing."""
    try:
        return open(path, "wb")  # noqa: PTH123 - closed by the caller
    except FileNotFoundError:
        _make(os.path.dirname(path))  # noqa: PTH120
        return open(path, "wb")  # noqa: PTH123


def _make(folder: str) -> None:
    """Make a folder; the one above it is nearly always there, and `os.makedirs` would look for it first."""
    try:
        os.mkdir(folder)  # noqa: PTH102
    except FileExistsError:
        return
    except FileNotFoundError:
        os.makedirs(folder, exist_ok=True)  # noqa: PTH103


def _merge(source: str, target: str) -> None:
    """Move what a folder holds into another: what is not there moves as a whole, folders that are there are merged."""
    with os.scandir(source) as listing:
        entries = list(listing)
    for entry in entries:
        place = os.path.join(target, entry.name)  # noqa: PTH118
        if entry.is_dir() and os.path.isdir(place):  # noqa: PTH112
            _merge(entry.path, place)
        else:
            os.replace(entry.path, place)  # noqa: PTH105


def _holds(place: str, body: bytes) -> bool:
    try:
        if os.stat(place).st_size != len(body):  # noqa: PTH116
            return False
        with open(place, "rb") as file:  # noqa: PTH123
            return file.read() == body
    except OSError:
        return False


def _refuse_obstacles(changed: Sequence[Artifact], folder: str, stale: set[str]) -> None:
    """Find files where a folder is needed and folders where a file is, unless they are ours and will go."""
    if not os.path.lexists(folder):
        return
    if not Path(folder).is_dir():
        raise SiteError(
            error("output", "is not a folder", Location(folder), "move it away, or choose another --output")
        )
    folders = {parent for artifact in changed for parent in _parents(artifact.path)}
    found = [
        path
        for path in sorted(folders)
        if path not in stale and Path(folder, path).exists() and not Path(folder, path).is_dir()
    ]
    found += [
        artifact.path
        for artifact in changed
        if os.path.isdir(os.path.join(folder, artifact.path))  # noqa: PTH112, PTH118
        and not _ours(folder, artifact.path, stale)
    ]
    if found:
        hint = "move it away, or choose another --output"
        where = (Location(os.path.join(folder, path)) for path in found)  # noqa: PTH118
        raise SiteError(*(error("output", "stands in the way of the site", one, hint) for one in where))


def _ours(folder: str, path: str, stale: set[str]) -> bool:
    """Tell whether everything in a folder of the output is stale and ssg's own."""
    return all(
        f"{Path(place, name).relative_to(folder).as_posix()}" in stale
        for place, _, names in os.walk(Path(folder, path))
        for name in names
    )
