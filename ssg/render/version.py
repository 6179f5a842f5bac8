"""Which code turns a page and a theme into a document: so that remembered documents are forgotten when it changes."""

import functools
import importlib.metadata
import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path

import ssg
from ssg.config import Config
from ssg.digests import digest

_ROOMS = ("config", "optimize", "output", "render")
_PARTS = ("errors.py", "extensions.py", "manifest.py", "model.py", "routes.py", "urls.py")
_LIBRARIES = ("babel", "jinja2", "markupsafe", "msgspec", "tinycss2", "turbohtml")


def version(config: Config) -> str:
    """Give a digest of what decides every document alike: this code, its libraries, and where the site lives."""
    places = (config.site.base_url, config.site.language, config.content.dir, *config.tongues)
    passes = config.html, config.optimize, config.scripts, config.hints
    return digest("\0".join((code(), *_minifier(config), repr(passes), *places)).encode())


def _minifier(config: Config) -> Iterator[str]:
    """Give the version of a minifier that is an extra, where the site uses one that is installed."""
    if config.html.minifier == "htmlmin" and importlib.util.find_spec("htmlmin") is not None:
        yield importlib.metadata.version("htmlmin")


@functools.cache
def code() -> str:
    """Give a digest of the code that renders, and of its libraries."""
    package = Path(ssg.__file__).parent
    files = [file for room in _ROOMS for file in sorted((package / room).rglob("*.*")) if file.suffix != ".pyc"]
    parts = [file.read_bytes() for file in (*files, *(package / part for part in _PARTS))]
    libraries = [f"{name} {importlib.metadata.version(name)}" for name in _LIBRARIES]
    return digest(b"\0".join((*parts, "\0".join((sys.version, *libraries)).encode())))
