"""Which code packs texts: so that remembered ones are forgotten when it changes."""

import functools
import importlib.metadata
import sys
from collections.abc import Sequence
from pathlib import Path

import ssg
from ssg.digests import digest

_PARTS = ("errors.py", "manifest.py", "model.py", "scanning.py", "urls.py")
_LIBRARIES = ("fonttools", "lightningcss", "msgspec", "turbohtml")
_OF_IMAGES = (
    "icons.py",
    "images.py",
    "lengths.py",
    "metadata.py",
    "pictures.py",
    "slots.py",
    "svg.py",
    "variants.py",
    "vips.py",
)
_IMAGE_LIBRARIES = ("msgspec", "pyvips", "pyvips-binary")


@functools.cache
def version() -> str:
    """Give a digest of the code that packs, and of its libraries."""
    package = Path(ssg.__file__).parent
    return _version([*sorted((package / "assets").glob("*.py")), package / "optimize/script.py"], _LIBRARIES)


@functools.cache
def picture_version() -> str:
    """Give a digest of the code that makes variants of images, and of its libraries; libvips is one of a package."""
    package = Path(ssg.__file__).parent
    return _version([package / "assets" / name for name in _OF_IMAGES], _IMAGE_LIBRARIES)


def _version(files: Sequence[Path], libraries: Sequence[str]) -> str:
    package = Path(ssg.__file__).parent
    parts = [file.read_bytes() for file in (*files, *(package / part for part in _PARTS))]
    named = [f"{name} {importlib.metadata.version(name)}" for name in libraries]
    return digest(b"\0".join((*parts, "\0".join((sys.version, *named)).encode())))
