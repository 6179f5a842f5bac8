"""What a host is to say of each file: one value for all hosts."""

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum

import msgspec

from ssg.errors import Location
from ssg.manifest import HASHED
from ssg.model import Artifact
from ssg.routes import FEEDS, SEARCH_INDEX
from ssg.urls import content_type, media_type

# A name with a digest, as the files below `/assets/` have it: `app.0123456789.css`.
DIGEST = r"\.[0-9a-f]{10}(\.[^/]*)?"
_HASHED = re.compile(rf"{re.escape(HASHED.lstrip('/'))}.*{DIGEST}")
_WORKERS = frozenset(("sw.js", "service-worker.js"))
_INDEXES = re.compile(r"(.*/)?(sitemap(-[0-9]+)?\.xml|llms(-full)?\.txt)")


class Kind(StrEnum):
    """How long a file may be kept, by what it is."""

    HASHED = "hashed"
    PAGE = "page"
    FEED = "feed"
    FILE = "file"
    NOT_FOUND = "404"
    WORKER = "worker"


CACHE: Mapping[Kind, str] = {
    Kind.HASHED: "public, max-age=31536000, immutable",
    Kind.PAGE: "public, max-age=0, must-revalidate",
    Kind.FEED: "public, max-age=300, stale-while-revalidate=3600",
    Kind.FILE: "public, max-age=3600",
    Kind.NOT_FOUND: "no-cache",
    Kind.WORKER: "no-cache",
}
"""`Cache-Control` by kind (RFC 9111, section 5.2.2; `immutable` is RFC 8246): what browsers are told."""

EDGE: Mapping[Kind, str] = {
    Kind.HASHED: "public, max-age=31536000",
    Kind.PAGE: "public, max-age=300, stale-while-revalidate=86400, stale-if-error=86400",
    Kind.FEED: "public, max-age=300, stale-while-revalidate=3600",
    Kind.FILE: "public, max-age=3600",
    Kind.NOT_FOUND: "public, max-age=10",
    Kind.WORKER: "public, max-age=60",
}
"""The same for a CDN that forgets what a deploy has changed (RFC 9213): what caches before the host are told."""


class Served(msgspec.Struct, frozen=True):
    """A file that is published: its path below the output folder, what it is, and its size in bytes.

    `source` names what it was made from, for messages.
    """

    path: str
    kind: Kind
    media_type: str
    size: int
    source: str

    def place(self, made: Location) -> Location:
        """Give the place that messages on it name; `made` for what ssg makes of the whole site."""
        return Location(self.source) if not self.source.startswith("/") else made


class Rule(msgspec.Struct, frozen=True):
    """Headers for URL paths, in which one `*` stands for any characters; `where` is what asks for them."""

    pattern: str
    headers: tuple[tuple[str, str], ...]
    where: Location

    def sets(self, name: str) -> bool:
        """Tell whether it is for a header, which is named in lower case."""
        return any(one.lower() == name for one, _ in self.headers)


class Redirect(msgspec.Struct, frozen=True):
    """A URL path that leads elsewhere.

    `source` is readable; with a final `*` it stands for all that begin so. `target` is percent-encoded, a path or a
    URL, and may end with `:splat` then: what the `*` matched.
    """

    source: str
    target: str
    status: int
    where: Location

    @property
    def dynamic(self) -> bool:
        """Whether it is for all paths that begin alike."""
        return self.source.endswith("*")


class Policy(msgspec.Struct, frozen=True):
    """What all hosts are to do alike.

    URL paths begin with `base_path`. `everywhere` are headers of every answer, `pages` those of HTML beside them;
    `rules` take the place of both where they match, and of the `Cache-Control` of the file's kind.
    """

    base_path: str
    files: tuple[Served, ...]
    everywhere: tuple[tuple[str, str], ...] = ()
    pages: tuple[tuple[str, str], ...] = ()
    rules: tuple[Rule, ...] = ()
    redirects: tuple[Redirect, ...] = ()

    def url(self, path: str) -> str:
        """Give the readable URL path of a file: `/docs/a/` for `a/index.html` below `/docs`."""
        return f"{self.base_path}/{path.removesuffix('index.html') if _is_index(path) else path}"

    def of(self, *kinds: Kind) -> Iterator[Served]:
        """Give the files of some kinds."""
        return (one for one in self.files if one.kind in kinds)


def _is_index(path: str) -> bool:
    return path == "index.html" or path.endswith("/index.html")


def is_hashed(path: str) -> bool:
    """Tell whether the name of a file holds a digest of its bytes, so that it never changes."""
    return _HASHED.fullmatch(path) is not None


def is_feed(path: str) -> bool:
    """Tell whether a file says which pages there are: a feed, a sitemap, `llms.txt`."""
    return path.rpartition("/")[2] in FEEDS.values() or _INDEXES.fullmatch(path) is not None


def is_worker(path: str) -> bool:
    """Tell whether a file is the service worker of the site."""
    return path in _WORKERS


def classify(artifact: Artifact) -> Kind:
    """Say how long a file may be kept: by its place, its name and its media type."""
    return kind_of(artifact.path, artifact.media_type)


def kind_of(path: str, kind: str) -> Kind:
    """Say how long a file may be kept, by its path below the output folder and its media type."""
    name = path.rpartition("/")[2]
    if is_hashed(path):
        return Kind.HASHED
    if name == "404.html":
        return Kind.NOT_FOUND
    if kind in {"text/html", "application/xhtml+xml"}:
        return Kind.PAGE
    if is_worker(path):
        return Kind.WORKER
    if is_feed(path) or f"/{path}".startswith(SEARCH_INDEX):
        return Kind.FEED
    return Kind.FILE


def headers_of(policy: Policy, file: Served, status: int = 200) -> dict[str, str]:
    """Give the headers that a file of the policy is to be sent with, by name as written; its type is not in them.

    A file that is sent as the answer to an address that does not exist has the `Cache-Control` of such an answer.
    """
    said = dict(policy.everywhere)
    if file.media_type == "text/html":
        said |= dict(policy.pages)
    said["Cache-Control"] = CACHE[file.kind if status != _MISSING else Kind.NOT_FOUND]
    url = policy.url(file.path)
    for rule in policy.rules if status != _MISSING else ():
        if matches(rule.pattern, url):
            names = {name.lower() for name, _ in rule.headers}
            said = {name: value for name, value in said.items() if name.lower() not in names} | dict(rule.headers)
    return said


_MISSING = 404
# What a network that forgets the pages that a deploy has changed may do with them (RFC 9111, RFC 5861).
_SHARED = "s-maxage=300, stale-while-revalidate=86400, stale-if-error=86400"


def object_headers(policy: Policy, path: str, *, purged: bool) -> dict[str, str]:
    """Give the headers of a file in a bucket, by its path below the output folder; see `stored_headers`."""
    kind = media_type(path)
    return stored_headers(policy, Served(path, kind_of(path, kind), kind, 0, path), purged=purged)


def stored_headers(policy: Policy, file: Served, *, purged: bool) -> dict[str, str]:
    """Give the headers of a file in a bucket, with its type.

    `purged` tells that the network before the bucket is told of changes: it then keeps pages for five minutes.
    """
    said = {name.title(): value for name, value in headers_of(policy, file).items()}
    if purged and said["Cache-Control"] == CACHE[Kind.PAGE]:
        said["Cache-Control"] += f", {_SHARED}"
    return {**said, "Content-Type": content_type(file.media_type)}


def matches(pattern: str, url: str) -> bool:
    """Tell whether a URL path matches a pattern, in which one `*` stands for any characters."""
    head, star, tail = pattern.partition("*")
    if not star:
        return pattern == url
    return url.startswith(head) and url.endswith(tail) and len(url) >= len(head) + len(tail)
