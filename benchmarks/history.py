"""The history of a git repository, read without a work tree: commits, what each changed, and the bytes of files."""

import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple, Self

# Modes of what is no regular file (git fast-import's documentation, "Modifying").
_LINK, _MODULE = "120000", "160000"


class Commit(NamedTuple):
    """A commit by its full name, and when it was made, in seconds since 1970."""

    name: str
    when: int


class Change(NamedTuple):
    """A file below the folder that a commit changed: its path there and the name of its bytes; none where it went."""

    path: str
    blob: str
    link: bool


class History:
    """The commits of a repository that changed a folder; a context manager. A bare clone does."""

    def __init__(self, repository: Path, folder: str) -> None:
        """Take the repository, and the folder from its root; `.` is the root."""
        self._git = ["git", "-C", str(repository), "--literal-pathspecs"]
        self._folder = "" if folder in {"", "."} else f"{folder.strip('/')}/"
        self._below = ["--", self._folder] if self._folder else []
        self._blobs = subprocess.Popen(
            [*self._git, "cat-file", "--batch"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._blobs.communicate()

    def commits(self) -> list[Commit]:
        """Give the commits that changed the folder, the oldest first; of a merge, what it brought."""
        asked = ["log", "--first-parent", "-m", "--reverse", "--format=%H %ct", "HEAD", *self._below]
        lines = self._said(*asked).decode().splitlines()
        return [Commit(name, int(when)) for name, when in (line.split() for line in lines)]

    def holds(self, commit: Commit, path: str) -> bool:
        """Tell whether the folder has a file at a commit."""
        return bool(self._said("ls-tree", commit.name, f"{self._folder}{path}"))

    def changes(self, before: Commit | None, after: Commit) -> Iterator[Change]:
        """Give the files that differ between two commits, or all of the one; submodules are no files."""
        names = [before.name if before else self._nothing(), after.name]
        said = self._said("diff-tree", "-r", "-z", "--no-renames", "--raw", *names, *self._below)
        parts = said.decode(errors="surrogateescape").split("\0")
        for about, path in zip(parts[::2], parts[1::2], strict=False):
            _, mode, _, blob, status = about.split()
            if status == "D" or mode == _MODULE:
                blob = ""
            yield Change(path.removeprefix(self._folder), blob, mode == _LINK)

    def read(self, blob: str) -> bytes:
        """Give the bytes of a file by their name.

        Raises:
            LookupError: the repository does not have them, as a partial clone may not.
        """
        asking, answering = self._blobs.stdin, self._blobs.stdout
        assert asking is not None  # noqa: S101 - they were asked for
        assert answering is not None  # noqa: S101
        asking.write(f"{blob}\n".encode())
        asking.flush()
        head = answering.readline().split()
        if head[-1] == b"missing":
            raise LookupError(blob)
        body = answering.read(int(head[2]))
        answering.read(1)  # the end of the line
        return body

    def _nothing(self) -> str:
        """Give the name of the tree that holds nothing, which depends on the repository's kind of digest."""
        return self._said("hash-object", "-t", "tree", "/dev/null").decode().strip()

    def _said(self, *arguments: str) -> bytes:
        return subprocess.run([*self._git, *arguments], stdout=subprocess.PIPE, check=True).stdout


def lay_out(history: History, changes: Iterable[Change], folder: Path) -> int:
    """Bring a folder from one commit to another; files that are the same are not touched. Give how many changed."""
    found = list(changes)
    for change in found:
        _remove(folder, change.path)
    for change in found:
        if not change.blob:
            continue
        place = folder / change.path
        place.parent.mkdir(parents=True, exist_ok=True)
        body = history.read(change.blob)
        if change.link:
            place.symlink_to(body.decode(errors="surrogateescape"))
        else:
            place.write_bytes(body)
    return len(found)


def _remove(folder: Path, path: str) -> None:
    """Remove a file, and the folders that it leaves empty."""
    place = folder / path
    if not place.is_symlink() and not place.exists():
        return
    place.unlink()
    for parent in place.relative_to(folder).parents[:-1]:
        try:
            (folder / parent).rmdir()
        except OSError:
            return
