"""Which code packs texts: so that remembered ones are forgotten when it changes."""

import functools
import importlib.metadata
import sys
from pathlib import Path

import ssg
from ssg.model import digest

_PARTS = ("errors.py", "manifest.py", "model.py", "urls.py")
_LIBRARIES = ("lightningcss", "msgspec", "turbohtml")


@functools.cache
def version() -> str:
    """Give a digest of the code that packs, and of its libraries."""
    package = Path(ssg.__file__).parent
    files = [*sorted((package / "assets").glob("*.py")), package / "optimize/script.py"]
    parts = [file.read_bytes() for file in (*files, *(package / part for part in _PARTS))]
    libraries = [f"{name} {importlib.metadata.version(name)}" for name in _LIBRARIES]
    return digest(b"\0".join((*parts, "\0".join((sys.version, *libraries)).encode())))
