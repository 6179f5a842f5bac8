"""Which code turns a page and a theme into a document: so that remembered documents are forgotten when it changes."""

import functools
import importlib.util
from collections.abc import Iterator

from ssg.config import Config
from ssg.digests import digest
from ssg.versions import code_of, version_of

_ROOMS = ("config/", "optimize/", "output/", "render/")
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
        yield version_of("htmlmin")


@functools.cache
def code() -> str:
    """Give a digest of the code that renders, and of its libraries."""
    return code_of((*_ROOMS, *_PARTS), _LIBRARIES)
