"""The headers of objects by the class of their path, until a policy of the site's says something else."""

from collections.abc import Mapping
from posixpath import basename

from ssg.manifest import HASHED
from ssg.routes import FEEDS, SEARCH_INDEX
from ssg.urls import media_type

STORED = ("Cache-Control", "Content-Disposition", "Content-Encoding", "Content-Language", "Content-Type")
"""The headers that buckets keep with an object; all others are the business of the server before them."""

READ_BY_HOSTS = frozenset(("_headers", "_redirects", ".htaccess"))
"""Files of the output that hosts read and do not send; a bucket would send them."""

_YEAR = "public, max-age=31536000, immutable"
_PAGE = "public, max-age=0, must-revalidate"
# For who purges: browsers ask each time, the network answers for five minutes (RFC 9111, RFC 5861).
_PURGED_PAGE = f"{_PAGE}, s-maxage=300, stale-while-revalidate=86400, stale-if-error=86400"
_LISTING = "public, max-age=300, stale-while-revalidate=3600"
_FILE = "public, max-age=3600"
_NEVER = "no-cache"
_CHARSETS = ("application/json", "application/manifest+json", "application/xml", "text/")
_NAMES = frozenset({*FEEDS.values(), "sitemap.xml"})


def default_headers(path: str, *, purged: bool) -> Mapping[str, str]:
    """Give the headers of a file by its path below the output folder; `purged` for a target that purges URLs.

    Hashed assets are kept for a year (RFC 8246), pages are asked for each time, feeds and the search index live for
    five minutes, other files for an hour; the page for 404 and a service worker are asked for each time.
    """
    kind = media_type(path)
    typed = f"{kind}; charset=utf-8" if kind.startswith(_CHARSETS) or kind.endswith("+xml") else kind
    return {"Cache-Control": _cached(path, kind, purged=purged), "Content-Type": typed}


def _cached(path: str, kind: str, *, purged: bool) -> str:
    name = basename(path)
    if f"/{path}".startswith(HASHED):
        return _YEAR
    if name in {"404.html", "sw.js", "service-worker.js"}:
        return _NEVER
    if kind == "text/html":
        return _PURGED_PAGE if purged else _PAGE
    if is_feed(path) or f"/{path}".startswith(SEARCH_INDEX):
        return _LISTING
    return _FILE


def is_feed(path: str) -> bool:
    """Tell whether a file is a feed or a sitemap: what says that there are new pages."""
    name = basename(path)
    return name in _NAMES or (name.startswith("sitemap") and name.endswith(".xml"))


def stored(headers: Mapping[str, str]) -> Mapping[str, str]:
    """Give those headers that a bucket keeps, in order."""
    named = {name.title(): value for name, value in headers.items()}
    return {name: named[name] for name in STORED if name in named}
