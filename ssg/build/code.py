"""Which code keeps results: so that what an earlier version has kept in another form is not taken for them."""

import functools
from pathlib import Path

import ssg
from ssg.digests import digest


@functools.cache
def form() -> str:
    """Give a digest of the code that decides in which form results are kept."""
    return code_of("build", "cache")


@functools.cache
def code_of(*rooms: str) -> str:
    """Give a digest of the code of rooms."""
    package = Path(ssg.__file__).parent
    files = [file for room in rooms for file in sorted((package / room).glob("*.py"))]
    return digest(b"\0".join(file.read_bytes() for file in files))
