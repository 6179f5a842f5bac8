"""Why the documents of the last build were rendered, kept for who asks."""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from ssg.cache import Reason

_FILE = "last.msgpack"


def keep_reasons(root: str, reasons: Mapping[str, Reason]) -> None:
    """Keep the reasons of a build by URL; a document that has none was not rendered again."""
    place = Path(root, ".ssg", _FILE)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(msgspec.msgpack.encode(reasons))
    except OSError:
        return  # they explain, nothing more


def load_reasons(root: str) -> Mapping[str, Reason] | None:
    """Give the reasons of the last build by URL; nothing where none were kept."""
    try:
        return msgspec.msgpack.decode(Path(root, ".ssg", _FILE).read_bytes(), type=dict[str, Reason])
    except (OSError, msgspec.DecodeError):
        return None
