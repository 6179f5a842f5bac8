"""What a build says of its budgets, remembered with all that the release follows from."""

from pathlib import Path

import msgspec

from ssg.budget.values import LOCK, Figure, Finding
from ssg.build.take import Take
from ssg.build.whole import Built
from ssg.cache import Shelf
from ssg.config import OFF
from ssg.digests import digest


class Checked(msgspec.Struct, frozen=True):
    """What a build says of its budgets: the findings, the figures of the site, one sentence, and whether it fails."""

    findings: tuple[Finding, ...] = ()
    site: tuple[Figure, ...] = ()
    summary: str = ""
    over: bool = False


def recall_check(built: Built, take: Take, shelf: Shelf) -> Checked | None:
    """Give what was said of the very same site and lock, or that nothing is to be said; None where it is not known."""
    if take.config.budgets == OFF:
        return Checked(summary="budgets are off: nothing was checked")
    name = _name(built, take.inputs.root)
    kept = shelf.store.get([name]) if name else {}
    try:
        return msgspec.msgpack.decode(kept[name], type=Checked) if name in kept else None
    except msgspec.DecodeError:  # of another form
        return None


def keep_check(checked: Checked, built: Built, take: Take, shelf: Shelf) -> None:
    """Remember what is said of a site with its lock as it is now."""
    name = _name(built, take.inputs.root)
    if name:
        shelf.store.put([(name, msgspec.msgpack.encode(checked))])


def _name(built: Built, root: str) -> str:
    """Name what is said of a site by all that its release follows from, and the lock; empty where that is not known."""
    try:
        lock = digest(Path(root, LOCK).read_bytes())
    except OSError:
        lock = ""
    return f"budget:{built.name}:{lock}" if built.name else ""
