"""A warm build held against a clean one, byte for byte."""

import tempfile

import msgspec

from ssg import output
from ssg.build.take import Take
from ssg.build.whole import Built, build
from ssg.cache import NullStore, Shelf, Spool, Stamps
from ssg.errors import Diagnostic, Location, error
from ssg.model import Artifact, Release
from ssg.workers import Workers

_HINT = 'that is a mistake of ssg\'s: please report it, and run "ssg clean --cache" to go on'
_SHOWN = 60


def verify(built: Built, take: Take, workers: Workers, shelf: Shelf) -> tuple[Diagnostic, ...]:
    """Build once more from nothing; give the first difference as an error, or nothing."""
    with tempfile.TemporaryDirectory(prefix="ssg-verify-") as folder:
        clean_shelf = Shelf(Spool(folder), NullStore())
        clean = build(msgspec.structs.replace(take, stamps=Stamps(take.inputs.root, {}, 0)), workers, clean_shelf)
        ours, theirs = _by_path(built.release), _by_path(clean.release)
        for path in sorted(ours.keys() | theirs.keys()):
            said = _difference(ours.get(path), theirs.get(path), shelf, clean_shelf)
            if said:
                return (error("verify", f"differs from that of a clean build: {said}", Location(path), _HINT),)
    if built.release.diagnostics != clean.release.diagnostics:
        said = str(next(iter(set(clean.release.diagnostics) ^ set(built.release.diagnostics)), ""))
        return (error("verify", f"what is said differs from a clean build: {said}", Location("ssg"), _HINT),)
    return ()


def _by_path(release: Release) -> dict[str, Artifact]:
    """Give all files of a release by path, compressed forms with them."""
    return {one.path: one for artifact in release.artifacts for one in (artifact, *output.siblings(artifact))}


def _difference(ours: Artifact | None, theirs: Artifact | None, shelf: Shelf, clean: Shelf) -> str:
    """Say where two files differ; nothing where they are the same."""
    if ours is None or theirs is None:
        return "it is not there" if ours is None else "it should not be there"
    if ours.digest == theirs.digest and shelf.get(ours.body) == clean.get(theirs.body):
        return ""
    return first_difference(shelf.get(ours.body), clean.get(theirs.body))


def first_difference(ours: bytes, theirs: bytes) -> str:
    """Say where the bytes of two files begin to differ, and what stands there."""
    pair = (ours.decode(errors="replace"), theirs.decode(errors="replace"))
    place = next((at for at, (one, other) in enumerate(zip(*pair, strict=False)) if one != other), min(map(len, pair)))
    line = pair[0].count("\n", 0, place) + 1
    one, other = (text[max(0, place - 20) : place + _SHOWN] for text in pair)
    return f"line {line}, {one!r} in place of {other!r}"
