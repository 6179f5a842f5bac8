"""Which code keeps results: so that what an earlier version has kept in another form is not taken for them."""

import functools
import os
import sys
import sysconfig
from pathlib import Path

import ssg
from ssg.digests import digest


@functools.cache
def form() -> str:
    """Give a digest of the code that decides in which form results are kept."""
    package = Path(ssg.__file__).parent
    files = [file for room in ("build", "cache") for file in sorted((package / room).glob("*.py"))]
    return digest(b"\0".join(file.read_bytes() for file in files))


@functools.cache
def everything() -> tuple[str, ...]:
    """Identify the code that builds: ssg's own bytes, Python, and the installed packages with their versions."""
    package = Path(ssg.__file__).parent
    own = [file.read_bytes() for file in sorted(package.rglob("*")) if file.is_file() and file.suffix != ".pyc"]
    places = dict.fromkeys(sysconfig.get_path(name) for name in ("purelib", "platlib"))
    installed = sorted(name for place in places for name in os.listdir(place) if name.endswith(".dist-info"))  # noqa: PTH208
    return sys.version, digest(b"\0".join(own)), *installed
