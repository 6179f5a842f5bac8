"""What files held when they were last read: so that a file that is known to be the same is not read again."""

import os
from collections.abc import Collection, Mapping
from pathlib import Path

import msgspec

from ssg.model import Stamp

_FILE = "stamps.msgpack"
# A file that changes twice within a tick of its file system's clock has one time for both (FAT: 2 s).
_TICK = 2_000_000_000


class Stamps(msgspec.Struct, frozen=True):
    """Digests by path, each with the stamp that the file had when it was read.

    `began` is the file system's time, in ns, at the beginning of the build that reads them.
    """

    root: str
    known: Mapping[str, tuple[Stamp, str]]
    began: int

    def digest(self, path: str, stamp: Stamp | None) -> str:
        """Give the digest of a file that has the stamp it had when it was read; else nothing."""
        known = self.known.get(path)
        return known[1] if known is not None and known[0] == stamp else ""

    def learn(self, read: Mapping[str, tuple[Stamp | None, str]]) -> "Stamps":
        """Give these digests with those of files that were read, each with the stamp that the file had before.

        A file that changed so shortly before the build began that it could have changed again without a trace is left
        out.
        """
        learned = {
            path: (stamp, digest)
            for path, (stamp, digest) in read.items()
            if stamp is not None and digest and max(stamp.changed, stamp.status) + _TICK < self.began
        }
        return msgspec.structs.replace(self, known={**self.known, **learned}) if learned else self

    def only(self, paths: Collection[str]) -> "Stamps":
        """Give the digests of these files alone."""
        known = {path: one for path, one in self.known.items() if path in paths}
        return msgspec.structs.replace(self, known=known)

    def again(self) -> "Stamps":
        """Give these digests for a build that begins now."""
        return msgspec.structs.replace(self, began=_began(Path(self.root, ".ssg")))

    def save(self, before: "Stamps") -> None:
        """Keep the digests for the next build, whole or not at all; nothing where that has them from `before`."""
        if self.known == before.known or not self.began:
            return
        place = Path(self.root, ".ssg", _FILE)
        fresh = place.with_suffix(f".{os.getpid()}.new")
        try:
            fresh.write_bytes(msgspec.msgpack.encode(self.known))
            fresh.replace(place)
        except OSError:
            return  # the next build reads the files again


def load_stamps(root: str) -> Stamps:
    """Give what is known of a site's files; nothing where `.ssg/` cannot be used."""
    place = Path(root, ".ssg")
    began = _began(place)
    try:
        known = msgspec.msgpack.decode((place / _FILE).read_bytes(), type=dict[str, tuple[Stamp, str]])
    except (OSError, msgspec.DecodeError):
        known = {}
    return Stamps(root, known if began else {}, began)


def _began(place: Path) -> int:
    """Give the time of the file system that holds a folder; 0 where nothing can be written there."""
    clock = place / f"clock.{os.getpid()}"
    try:
        place.mkdir(parents=True, exist_ok=True)
        clock.touch()
        began = clock.stat().st_mtime_ns
        clock.unlink()
    except OSError:
        return 0
    return began
