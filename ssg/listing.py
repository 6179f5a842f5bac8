"""A folder → the files in it, sorted, without anything that leads out of the site."""

import bisect
import os
import stat
from collections.abc import Iterator

import msgspec

from ssg.errors import Diagnostic, Location, error
from ssg.model import File, Stamp

_NEVER = (".git", ".hg", ".svn", ".DS_Store", ".ssg")
_IGNORED_ENDS = ("~", ".swp", ".tmp")


class Files(msgspec.Struct, frozen=True):
    """What lies in one folder of a site or theme; `linked` says that some of it is reached by links."""

    files: tuple[File, ...]
    diagnostics: tuple[Diagnostic, ...]
    linked: bool = False

    def place(self, path: str) -> int | None:
        """Give the position of a file by its path, or nothing."""
        place = bisect.bisect_left(self.files, path, key=lambda file: file.path)
        return place if place < len(self.files) and self.files[place].path == path else None


def discover_files(root: str, folder: str, *, hidden: bool = False) -> Files:
    """List the files below `folder` of the site or theme folder `root`, sorted by path; none where it is missing.

    `hidden` lists names that begin with a dot too, as `static/` needs for `.well-known/` and `.nojekyll`, but not those
    of version control and file managers.
    """
    walk = _Walk(os.path.realpath(root), hidden=hidden)
    if root and os.path.isdir(os.path.join(root, folder)):  # noqa: PTH112, PTH118 - os.path: a hundred thousand files
        files = tuple(sorted(walk.below(os.path.join(root, folder), folder, ""), key=lambda file: file.path))  # noqa: PTH118
    else:
        files = ()
    return Files(files, tuple(walk.diagnostics), walk.linked)


def look_again(found: Files, path: str) -> Files | None:
    """Give what lies in a folder after one of its files has changed; None where it must be listed anew.

    That is where the file has come or gone, or has another name too.
    """
    place = found.place(path)
    if place is None:
        return None
    try:
        now = os.lstat(found.files[place].file)
    except OSError:
        return None
    if not stat.S_ISREG(now.st_mode) or now.st_nlink > 1:
        return None
    changed = msgspec.structs.replace(found.files[place], stamp=stamp_of(now))
    return msgspec.structs.replace(found, files=(*found.files[:place], changed, *found.files[place + 1 :]))


class _Walk:
    """One walk over a folder: follows links inside the site, once each, and notes what it cannot follow."""

    def __init__(self, root: str, *, hidden: bool) -> None:
        self.root = root
        self.hidden = hidden
        self.linked = False
        self.diagnostics: list[Diagnostic] = []
        self.ancestors: list[str] = []

    def below(self, folder: str, path: str, name: str) -> Iterator[File]:
        try:
            with os.scandir(folder) as listing:
                entries = list(listing)
        except OSError as reason:
            self.diagnostics.append(unreadable(path, reason))
            return
        for entry in entries:
            if self._passed_over(entry.name):
                continue
            if entry.is_symlink():
                self.linked = True
                if not self._stays(entry, f"{path}/{entry.name}"):
                    continue
            if entry.is_dir():
                yield from self._enter(entry, f"{path}/{entry.name}", f"{name}{entry.name}/")
            else:
                yield File(f"{path}/{entry.name}", entry.path, f"{name}{entry.name}", _stamp(entry))

    def _passed_over(self, name: str) -> bool:
        if name.endswith(_IGNORED_ENDS):
            return True
        return name.startswith(".") and (not self.hidden or name.startswith(_NEVER))

    def _enter(self, entry: "os.DirEntry[str]", path: str, name: str) -> Iterator[File]:
        real = os.path.realpath(entry.path)
        if real in self.ancestors:
            message = "is a link to a folder that holds it"
            self.diagnostics.append(error("link-loop", message, Location(path), "remove the link"))
            return
        self.ancestors.append(real)
        yield from self.below(entry.path, path, name)
        self.ancestors.pop()

    def _stays(self, entry: "os.DirEntry[str]", path: str) -> bool:
        target = os.path.realpath(entry.path)
        if os.path.commonpath((self.root, target)) == self.root:
            return True
        hint = "copy the file into the site, or remove the link"
        self.diagnostics.append(error("link-out", "is a link that leaves the site", Location(path), hint))
        return False


def _stamp(entry: "os.DirEntry[str]") -> Stamp | None:
    try:
        return stamp_of(entry.stat())
    except OSError:  # a link to nothing
        return None


def stamp_of(found: os.stat_result) -> Stamp:
    """Give what the file system says of a file, as far as it tells whether the file is another one."""
    return Stamp(found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino)


def unreadable(path: str, reason: OSError) -> Diagnostic:
    """Say that a file or folder of the site cannot be read."""
    message = f"cannot be read: {(reason.strerror or str(reason)).lower()}"
    return error("unreadable", message, Location(path), "make it readable, or move it out of the site")
