"""Which code this is: so that what other code has kept is not taken for its own."""

import functools
import os
import sys
import sysconfig
from collections.abc import Iterable, Mapping
from pathlib import Path

import ssg
from ssg.digests import digest


def code_of(parts: Iterable[str], libraries: Iterable[str] = ()) -> str:
    """Give a digest of parts of ssg, of Python, and of libraries by the names of their packages.

    A part is a file or a room, by its path below the package: `urls.py`, `content/`.

    Raises:
        PackageNotFoundError: a library is not installed.
    """
    wanted = tuple(parts)
    files = [f"{path} {mark}" for path, mark in _sources().items() if path.startswith(wanted)]
    return digest("\0".join((*files, sys.version, *map(version_of, libraries))).encode())


@functools.cache
def everything() -> tuple[str, ...]:
    """Identify the code that builds: ssg's own bytes, Python, and the installed packages with their versions."""
    return code_of(("",)), *sorted(f"{name} {version}" for name, version in _installed().items())


@functools.cache
def form() -> str:
    """Give a digest of the code that decides in which form results are kept."""
    return code_of(("build/", "cache/"))


@functools.cache
def version_of(name: str) -> str:
    """Give the name of an installed package with its version.

    Raises:
        PackageNotFoundError: it is not installed.
    """
    known = _installed().get(_normalized(name))
    if known is None:  # it lies elsewhere, as on PYTHONPATH
        from importlib.metadata import version  # noqa: PLC0415 - 6 ms, and 1 ms for each package that is asked for

        known = version(name)
    return f"{name} {known}"


@functools.cache
def _sources() -> Mapping[str, str]:
    """The digest of each file of ssg, sorted by path; read once, since several rooms ask."""
    package = str(Path(ssg.__file__).parent)
    return {path[len(package) + 1 :].replace(os.sep, "/"): digest(_read(path)) for path in sorted(_files(package))}


def _files(folder: str) -> Iterable[str]:
    with os.scandir(folder) as listing:
        for entry in listing:
            if not entry.is_dir():
                yield entry.path
            elif entry.name != "__pycache__":
                yield from _files(entry.path)


def _read(path: str) -> bytes:
    with open(path, "rb", buffering=0) as file:  # noqa: PTH123 - 400 files, at the beginning of every build
        return file.read()


@functools.cache
def _installed() -> Mapping[str, str]:
    """The versions of installed packages by name, from the names of folders (PyPA, "Recording installed projects").

    Asking `importlib.metadata` would read and parse a file for each.
    """
    places = dict.fromkeys(sysconfig.get_path(name) for name in ("purelib", "platlib"))
    found: dict[str, str] = {}
    for place in places:
        for folder in sorted(os.listdir(place) if os.path.isdir(place) else ()):  # noqa: PTH208, PTH112
            name, dash, version = folder.removesuffix(".dist-info").partition("-")
            if dash and folder.endswith(".dist-info"):
                found.setdefault(_normalized(name), version)
    return found


def _normalized(name: str) -> str:
    return name.lower().replace("-", "_").replace(".", "_")
