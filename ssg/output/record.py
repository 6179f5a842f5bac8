"""What ssg has written into an output folder: so that it removes its own files and no others."""

import os
from pathlib import Path

import msgspec

from ssg.digests import digest


class Entry(msgspec.Struct, frozen=True, array_like=True):
    """A written file: digest of its bytes (empty while being written), size in bytes, time of change in ns."""

    digest: str
    size: int
    changed: int


def record_path(root: str, folder: str) -> Path:
    """Give the file that keeps the record of an output folder, in the site's `.ssg/`."""
    return Path(root, ".ssg", "written", f"{digest(os.path.realpath(folder).encode())}.msgpack")


def has_record(root: str, folder: str) -> bool:
    """Tell whether an earlier build wrote into a folder."""
    return record_path(root, folder).is_file()


def load_record(root: str, folder: str) -> dict[str, Entry]:
    """Give the record by path below the folder; empty where there is none, or none that can be read."""
    try:
        return msgspec.msgpack.decode(record_path(root, folder).read_bytes(), type=dict[str, Entry])
    except (OSError, msgspec.DecodeError):
        return {}


def save_record(root: str, folder: str, record: dict[str, Entry]) -> None:
    """Write the record, whole or not at all.

    Raises:
        OSError: it cannot be written.
    """
    path = record_path(root, folder)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(f".{os.getpid()}.new")
    fresh.write_bytes(msgspec.msgpack.encode(dict(sorted(record.items()))))
    fresh.replace(path)
