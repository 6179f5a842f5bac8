"""References between files → the URLs under which these are published."""

import posixpath
import re
from collections.abc import Mapping
from urllib.parse import unquote, urljoin

from ssg.assets.values import Options
from ssg.errors import nearest
from ssg.urls import href

_ABSOLUTE = re.compile(r"[a-z][a-z0-9+.-]*:|//|#|$", re.IGNORECASE)


def is_local(url: str) -> bool:
    """Tell whether a reference is one to a file of the site: no scheme, no host, and not only a fragment."""
    return _ABSOLUTE.match(url.strip()) is None


class Addresses:
    """Where files are published, by the URL that authors write; every question is noted with its answer.

    `asked` holds for each URL the published one, or None where there is no such file: a result that was made with the
    same answers is the same.
    """

    def __init__(self, options: Options, known: Mapping[str, str]) -> None:
        """Take the files that do not depend on others: the URL that authors write, and the published one."""
        self._options = options
        self._known = known
        self.made: dict[str, str] = {}
        self.guessed = False
        self.asked: dict[str, str | None] = {}

    def resolve(self, url: str, base: str) -> str | None:
        """Give the URL path that a reference in the file at `base` leads to; None for one that leaves the site."""
        if not is_local(url):
            return None
        path = unquote(_split(url)[0])
        found = urljoin(base, path) if not path.startswith("/") else posixpath.normpath(path)
        own = self._options.base_path
        if own and found.startswith(f"{own}/") and not self.known(found):
            return found.removeprefix(own)
        return found

    def known(self, url: str) -> bool:
        """Tell whether there is a file at the URL path that authors write."""
        return self._published(url) is not None

    def address(self, url: str, base: str) -> str | None:
        """Give a reference in the file at `base` as it is published; None where it leads to no file of the site."""
        target = self.resolve(url, base)
        published = self._published(target) if target is not None else None
        if published is None:
            return None
        hashed = published != target
        return (self._options.cdn if hashed and self._options.cdn else self._options.base_path) + (
            href(published) + _split(url)[1]
        )

    def suggest(self, url: str) -> str:
        """Give the hint for a URL path that leads nowhere; it depends on all names."""
        self.guessed = True
        ending = posixpath.splitext(url)[1]
        near = nearest(url, [one for one in (*self._known, *self.made) if one.endswith(ending)])
        return near or "name a file from this file's folder"

    def _published(self, url: str) -> str | None:
        """Give the published URL of a file; one that is made of others is no question: its own answers are noted."""
        if url in self.made:
            return self.made[url]
        self.asked[url] = found = self._known.get(url)
        return found


def _split(url: str) -> tuple[str, str]:
    cut = min((place for place in (url.find("?"), url.find("#")) if place >= 0), default=len(url))
    return url[:cut], url[cut:]
