"""Bytes at rest during a build: what is large crosses between processes as a reference."""

import functools
import io
import os
from pathlib import Path

import msgspec

from ssg.model import Ref


class Spool(msgspec.Struct, frozen=True):
    """A folder into which every process appends to a file of its own, and from which every process reads.

    A build of many pages thus holds few of them in memory. The folder belongs to one build.
    """

    folder: str

    def put(self, body: bytes) -> Ref:
        """Append bytes; give where they lie.

        Raises:
            OSError: the disk is full, or the folder is gone.
        """
        writer = _writer(self.folder, os.getpid())
        return Ref(writer.path, writer.append(body), len(body))

    def get(self, ref: Ref) -> bytes:
        """Give the bytes of a reference: of this spool, or of any file.

        Raises:
            OSError: the file is gone or has become shorter.
        """
        body = _reader(ref.file, os.getpid()).read(ref) if ref.file.startswith(self.folder) else _read(ref)
        if len(body) != ref.size:
            raise OSError(0, "has become shorter while it was read", ref.file)
        return body


class _Writer:
    """The file that one process appends to."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._file = io.FileIO(path, "ab")
        self._end = self._file.seek(0, io.SEEK_END)

    def append(self, body: bytes) -> int:
        start = self._end
        rest = memoryview(body)
        while rest:
            rest = rest[self._file.write(rest) :]
        self._end += len(body)
        return start

    def __del__(self) -> None:
        self._file.close()


class _Reader:
    """A spool file that one process reads from, at any place."""

    def __init__(self, path: str) -> None:
        self._file = io.FileIO(path, "rb")

    def read(self, ref: Ref) -> bytes:
        self._file.seek(ref.offset)
        return self._file.read(ref.size)

    def __del__(self) -> None:
        self._file.close()


def close_files() -> None:
    """Close the spool files that this process holds open, so that a folder that is removed gives its space back."""
    _writer.cache_clear()
    _reader.cache_clear()


def _read(ref: Ref) -> bytes:
    with io.FileIO(ref.file, "rb") as file:
        file.seek(ref.offset)
        return file.read(ref.size)


@functools.lru_cache(maxsize=2)
def _writer(folder: str, process: int) -> _Writer:
    return _Writer(str(Path(folder, f"{process}.spool")))


@functools.lru_cache(maxsize=64)
def _reader(path: str, process: int) -> _Reader:  # noqa: ARG001 - the place in a file is of one process
    return _Reader(path)
