"""Which code turns a source into a page: so that remembered pages are forgotten when it changes."""

import functools
import importlib.metadata
import importlib.util
import sys
from pathlib import Path

import pygments
import pyromark
import turbohtml

import ssg
from ssg.config import MarkdownConfig
from ssg.content.python_names import modules
from ssg.digests import digest

_PARTS = ("errors.py", "extensions.py", "listing.py", "model.py", "routes.py", "urls.py")


def version(config: MarkdownConfig) -> str:
    """Give a digest of everything but a page's own bytes that decides what parsing gives.

    That is the source of this room and of what it imports from ssg, the versions of Python and of the libraries, the
    source of Markdown extensions and of functions that their options name, and the configuration.
    """
    libraries = [sys.version, *(module.__version__ for module in (pygments, pyromark, turbohtml))]
    # A page may ask for the engine that is not the site's; importing that to ask its version would take 30 ms.
    libraries += map(
        _installed, ("markdown", "pymdown-extensions", "pyyaml", *(["latex2mathml"] if config.math else ()))
    )
    if config.engine == "markdown":
        libraries += map(_extension, config.extensions or ())
        libraries += map(_module, modules(config.extension_configs))
    return digest("\0".join((_room(), *libraries)).encode())


@functools.cache
def _room() -> str:
    package = Path(ssg.__file__).parent
    rooms = [file for room in ("config", "content") for file in sorted((package / room).glob("*.py"))]
    files = [*rooms, *(package / part for part in _PARTS)]
    return digest(b"\0".join(file.read_bytes() for file in files))


@functools.cache
def _installed(name: str) -> str:
    return importlib.metadata.version(name)


def _extension(name: str) -> str:
    """Give a digest of an extension's module; a name without a dot is that of an extension of Markdown's own."""
    module = name.partition(":")[0]
    return _module(module) if "." in module else name


@functools.cache
def _module(name: str) -> str:
    """Give a digest of a module; those of Markdown and pymdownx are known by their versions."""
    if name.startswith(("markdown.", "pymdownx.")):
        return name
    try:
        found = importlib.util.find_spec(name)
    except ImportError:
        return name
    origin = found.origin if found else None
    return digest(Path(origin).read_bytes()) if origin and Path(origin).is_file() else name
