"""A release → an output folder, in four steps that fail before they harm.

`plan` looks and changes nothing. `stage` writes new bytes beside the folder's files. `commit` moves them into place.
`finish` removes what earlier builds left. A file whose bytes are the same is not touched; a file that ssg did not write
is not removed; what fails up to the end of `stage` leaves the folder as it was.
"""

import filecmp
import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from ssg.errors import Location, SiteError, error
from ssg.model import Artifact, Ref, Release, digest
from ssg.output.record import Entry, load_record, save_record

STAGING = ".ssg-staging"
# Bytes above which a file is compared and copied in pieces; only files of the site are so large.
_LARGE = 8 << 20


class Write(msgspec.Struct, frozen=True):
    """The plan of a write: files to look at and perhaps write, files known to be the same, files to remove."""

    root: str
    folder: str
    changed: tuple[Artifact, ...]
    same: tuple[Artifact, ...]
    stale: tuple[str, ...]
    record: dict[str, Entry]

    @property
    def removed(self) -> int:
        """How many files of earlier builds go; one that was only about to be written does not count."""
        return sum(bool(self.record[path].digest) for path in self.stale)


class Staged(msgspec.Struct, frozen=True):
    """One file after staging: where its new bytes lie, or None where the folder has them already."""

    artifact: Artifact
    staged: str | None


def plan(release: Release, root: str, folder: str) -> Write:
    """Compare a release with what an output folder is known to hold.

    Raises:
        SiteError: something that ssg did not write stands where a file or folder must go.
    """
    record = load_record(root, folder)
    paths = {artifact.path for artifact in release.artifacts}
    stale = tuple(sorted(record.keys() - paths))
    _refuse_obstacles(release, folder, set(stale))
    changed: list[Artifact] = []
    same: list[Artifact] = []
    for artifact in release.artifacts:
        known = record.get(artifact.path)
        place = os.path.join(folder, artifact.path)  # noqa: PTH118 - a hundred thousand files
        unchanged = known is not None and known.digest == artifact.digest and _entry(place, known.digest) == known
        (same if unchanged else changed).append(artifact)
    if changed or stale:
        # From here on, what is about to be written counts as ours, whatever happens.
        claimed = record | {artifact.path: record.get(artifact.path, Entry("", 0, 0)) for artifact in changed}
        save_record(root, folder, claimed)
        Path(folder).mkdir(parents=True, exist_ok=True)
        shutil.rmtree(Path(folder, STAGING), ignore_errors=True)
        Path(folder, STAGING).mkdir()
    return Write(root, folder, tuple(changed), tuple(same), stale, record)


def stage(folder: str, artifacts: Sequence[Artifact], read: Callable[[Ref], bytes]) -> list[Staged]:
    """Write the bytes of files that differ from the folder's into its staging folder.

    Raises:
        OSError: bytes cannot be read or written.
    """
    return [_stage(folder, artifact, read) for artifact in artifacts]


def commit(folder: str, staged: Sequence[Staged]) -> list[tuple[str, Entry]]:
    """Move staged files into place; give what the record shall say of each.

    Raises:
        OSError: a file cannot be moved.
    """
    entries: list[tuple[str, Entry]] = []
    for one in staged:
        place = os.path.join(folder, one.artifact.path)  # noqa: PTH118
        if one.staged is not None:
            try:
                os.replace(one.staged, place)  # noqa: PTH105
            except FileNotFoundError:
                os.makedirs(os.path.dirname(place), exist_ok=True)  # noqa: PTH103, PTH120
                os.replace(one.staged, place)  # noqa: PTH105
        entry = _entry(place, one.artifact.digest)
        if entry is not None:
            entries.append((one.artifact.path, entry))
    return entries


def clear(write: Write) -> None:
    """Remove stale files that stand where new ones need a folder, or the other way round."""
    needed = {artifact.path for artifact in write.changed}
    folders = {parent for path in needed for parent in _parents(path)}
    for path in write.stale:
        if path in folders or any(parent in needed for parent in _parents(path)):
            remove(write.folder, path)


def finish(write: Write, entries: Sequence[tuple[str, Entry]]) -> None:
    """Remove stale files and the staging folder, and keep the record for the next build."""
    if not write.changed and not write.stale:
        return
    for path in write.stale:
        remove(write.folder, path)
    shutil.rmtree(Path(write.folder, STAGING), ignore_errors=True)
    kept = {artifact.path: write.record[artifact.path] for artifact in write.same}
    save_record(write.root, write.folder, kept | dict(entries))


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


def _entry(place: str, digest: str) -> Entry | None:
    try:
        found = os.stat(place)  # noqa: PTH116
    except OSError:
        return None
    return Entry(digest, found.st_size, found.st_mtime_ns)


def _stage(folder: str, artifact: Artifact, read: Callable[[Ref], bytes]) -> Staged:
    place = os.path.join(folder, artifact.path)  # noqa: PTH118
    staged = os.path.join(folder, STAGING, digest(artifact.path.encode()))  # noqa: PTH118
    if artifact.body.size > _LARGE and not artifact.body.kept:
        if os.path.isfile(place) and filecmp.cmp(artifact.body.file, place, shallow=False):  # noqa: PTH113
            return Staged(artifact, None)
        shutil.copyfile(artifact.body.file, staged)
        return Staged(artifact, staged)
    body = read(artifact.body)
    if _holds(place, body):
        return Staged(artifact, None)
    with open(staged, "wb") as file:  # noqa: PTH123
        file.write(body)
    return Staged(artifact, staged)


def _holds(place: str, body: bytes) -> bool:
    try:
        if os.stat(place).st_size != len(body):  # noqa: PTH116
            return False
        with open(place, "rb") as file:  # noqa: PTH123
            return file.read() == body
    except OSError:
        return False


def _refuse_obstacles(release: Release, folder: str, stale: set[str]) -> None:
    """Find files where a folder is needed and folders where a file is, unless they are ours and will go."""
    if not os.path.lexists(folder):
        return
    if not Path(folder).is_dir():
        raise SiteError(
            error("output", "is not a folder", Location(folder), "move it away, or choose another --output")
        )
    folders = {parent for artifact in release.artifacts for parent in _parents(artifact.path)}
    found = [
        path
        for path in sorted(folders)
        if path not in stale and Path(folder, path).exists() and not Path(folder, path).is_dir()
    ]
    found += [
        artifact.path
        for artifact in release.artifacts
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
