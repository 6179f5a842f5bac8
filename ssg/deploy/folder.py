"""A folder as a target, `file://`: every file is written whole or not at all."""

import asyncio
import glob
import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from ssg.deploy.remote import Conflict, Create, Found, Listed, Missing, RemoteError, Replace
from ssg.deploy.values import HOME

try:
    import fcntl
except ImportError:  # Windows has no such locks
    fcntl = None  # type: ignore[assignment]

_FRESH = f"{HOME}new-"
"""What the names of files begin with that are being written: then come machine, process and the path in the folder."""


class Folder:
    """Files below a folder. They have no headers: their web server gives them."""

    keeps_headers = False

    def __init__(self, root: Path) -> None:
        """Take the folder; it is made when the first file is written."""
        self._root = root
        self._cleared = False

    async def read(self, key: str) -> Found:
        """Give a file."""
        return await asyncio.to_thread(self._read, key)

    async def headers(self, key: str) -> Mapping[str, str]:
        """Give nothing, for a file that is there."""
        await asyncio.to_thread(self._etag, key)
        return {}

    async def write(self, key: str, body: bytes, headers: Mapping[str, str], how: Create | Replace) -> str:  # noqa: ARG002
        """Write a file beside its place and move it there."""
        return await asyncio.to_thread(self._write, key, body, how)

    async def copy(self, key: str, to: str) -> None:
        """Copy a file."""
        found = await self.read(key)
        await self.write(to, found.body, {}, Replace())

    async def remove(self, key: str) -> None:
        """Remove a file, and the folders that it leaves empty."""
        await asyncio.to_thread(self._remove, key)

    async def listing(self) -> Mapping[str, Listed]:
        """Give all files by key."""
        return await asyncio.to_thread(self._listing)

    def _read(self, key: str) -> Found:
        with _told(), (self._root / key).open("rb") as file:
            return Found(file.read(), {}, _etag(os.fstat(file.fileno())))

    def _etag(self, key: str) -> str:
        with _told():
            return _etag((self._root / key).stat())

    def _write(self, key: str, body: bytes, how: Create | Replace) -> str:
        place = self._root / key
        fresh = self._root / f"{_FRESH}{socket.gethostname()}-{os.getpid()}-{key.replace('/', '~')[-150:]}"
        with _told():
            self._clear()
            self._make_room(place)
            fresh.parent.mkdir(parents=True, exist_ok=True)
            try:
                fresh.write_bytes(body)
                if isinstance(how, Create):
                    os.link(fresh, place)
                    return _etag(place.stat())
                with self._alone(how.etag):
                    if how.etag and (not place.exists() or _etag(place.stat()) != how.etag):
                        raise Conflict("the file is not the one that was expected")
                    fresh.replace(place)
                return _etag(place.stat())
            finally:
                fresh.unlink(missing_ok=True)

    def _clear(self) -> None:
        """Remove, once, what processes of this machine have left that were killed while they wrote."""
        if self._cleared:
            return
        self._cleared = True
        begin = f"{Path(_FRESH).name}{socket.gethostname()}-"
        for file in (self._root / HOME).glob(f"{glob.escape(begin)}*"):
            process = file.name.removeprefix(begin).partition("-")[0]
            if process.isdecimal() and not _runs(int(process)):
                file.unlink(missing_ok=True)

    def _make_room(self, place: Path) -> None:
        """Make the folder of a file; a file of an earlier release that stands where a folder must be goes first."""
        if place.is_dir():
            hint = "remove it, if nothing in it is needed, and deploy again"
            raise RemoteError(f"{place} is a folder, and a file must go there", hint)
        for parent in place.parents:
            if parent != self._root and parent.is_file():
                parent.unlink()
            if parent == self._root or parent.exists():
                break
        place.parent.mkdir(parents=True, exist_ok=True)

    @contextmanager
    def _alone(self, condition: str) -> Iterator[None]:
        """Keep others from writing under a condition meanwhile; a process that ends gives its lock back."""
        if not condition or fcntl is None:
            yield
            return
        with (self._root / HOME / "lock").open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _remove(self, key: str) -> None:
        place = self._root / key
        with _told():
            place.unlink(missing_ok=True)
        for parent in place.parents:
            if parent == self._root or not _emptied(parent):
                return

    def _listing(self) -> Mapping[str, Listed]:
        found: dict[str, Listed] = {}
        with _told():
            for place, _, names in os.walk(self._root):
                for name in names:
                    file = Path(place, name)
                    said = file.stat()
                    found[file.relative_to(self._root).as_posix()] = Listed(said.st_size, _etag(said))
        return {key: one for key, one in found.items() if not key.startswith((_FRESH, f"{HOME}lock"))}


def _runs(process: int) -> bool:
    """Tell whether a process of this machine is there; on Windows, where to ask is to end it, any counts as there."""
    if os.name != "posix":
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _emptied(folder: Path) -> bool:
    try:
        folder.rmdir()
    except OSError:
        return False
    return True


def _etag(said: os.stat_result) -> str:
    """Give what stands for the version of a file: a file that is moved into a place has another number."""
    return f"{said.st_mtime_ns:x}-{said.st_size:x}-{said.st_ino:x}"


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise Missing("there is no such file") from None
    except FileExistsError:
        raise Conflict("the file is there already") from None
    except OSError as reason:
        raise RemoteError(f"the folder cannot be used: {reason.strerror}", "look at its rights, and its disk") from None
