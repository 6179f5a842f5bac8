"""Which code turns a source into a page: so that remembered pages are forgotten when it changes."""

import functools
import importlib.util
from pathlib import Path

from ssg.config import MarkdownConfig
from ssg.content.python_names import modules
from ssg.digests import digest
from ssg.versions import code_of, version_of

_LIBRARIES = ("markdown", "pygments", "pymdown-extensions", "pyromark", "pyyaml", "turbohtml")
_PARTS = ("errors.py", "extensions.py", "listing.py", "model.py", "routes.py", "urls.py")


def version(config: MarkdownConfig) -> str:
    """Give a digest of everything but a page's own bytes that decides what parsing gives.

    That is the source of this room and of what it imports from ssg, the versions of Python and of the libraries, the
    source of Markdown extensions and of functions that their options name, and the configuration.
    """
    libraries = [version_of("latex2mathml")] if config.math else []
    if config.engine == "markdown":
        libraries += map(_extension, config.extensions or ())
        libraries += map(_module, modules(config.extension_configs))
    return digest("\0".join((_room(), *libraries)).encode())


@functools.cache
def _room() -> str:
    # A page may ask for the engine that is not the site's; importing that to ask its version would take 30 ms.
    return code_of(("config/", "content/", *_PARTS), _LIBRARIES)


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
