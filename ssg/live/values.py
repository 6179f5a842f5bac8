"""The values of a live check: what is expected of a URL, what was answered, and what is found."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import NamedTuple

import msgspec

from ssg.delivery import Served

MANIFEST = ".ssg/manifest.json"
"""The path below the site at which a deploy says what it has published."""


class Level(StrEnum):
    """How bad a finding is: an error fails the check, a note does not."""

    ERROR = "error"
    NOTE = "note"


class Expected(msgspec.Struct, frozen=True):
    """A file of the release at its URL path, which is percent-encoded.

    `digest` names its bytes without an encoding, `forms` has the sizes in bytes of its compressed forms by encoding.
    `headers` are those that it is to be sent with, by name as written; `caches` are the values of `Cache-Control` that
    are right, the policy's own first. `place` is the path of the file on this machine.
    """

    file: Served
    url: str
    digest: str
    forms: Mapping[str, int]
    headers: Mapping[str, str]
    caches: tuple[str, ...]
    place: str = ""


class Question(msgspec.Struct, frozen=True):
    """A request: a percent-encoded URL path, with `Accept-Encoding` and `If-None-Match` where they are not empty.

    `keep` asks for the bytes themselves, beside their digest.
    """

    url: str
    accept: str = ""
    etag: str = ""
    keep: bool = False


class Answer(msgspec.Struct, frozen=True):
    """What was answered: headers by lower-case name, those that came twice joined (RFC 9110, section 5.3).

    `size` is that of the body as it came, in bytes, `digest` names the decoded body. `broken` says why it could not be
    decoded. `rewritten` tells that a network has put something of its own into a page. `body` is there where it
    was asked for.
    """

    status: int
    headers: Mapping[str, str] = {}
    digest: str = ""
    size: int = 0
    broken: str = ""
    rewritten: bool = False
    body: bytes = b""

    def header(self, name: str) -> str:
        """Give a header by its lower-case name; empty where it was not sent."""
        return self.headers.get(name, "")

    @property
    def encoding(self) -> str:
        """The content encoding, in lower case; empty for none."""
        found = self.header("content-encoding").strip().lower()
        return "" if found == "identity" else found


class Unanswered(msgspec.Struct, frozen=True):
    """No answer came: why, in a few words, what to do, and whether one may come a moment later."""

    reason: str
    hint: str = "look at the host, and check it again"
    passing: bool = False


Ask = Callable[[Question], Answer | Unanswered]
"""Asks a deployed site; may be called in several threads at a time."""


class Host(msgspec.Struct, frozen=True):
    """What is known of the host that serves the site: its name in `targets` (empty for none), and where its rules are.

    `sends` are the encodings of compressed forms that it sends from files; None for a host that compresses by itself.
    """

    name: str
    rules: str
    sends: frozenset[str] | None


class Seen(NamedTuple):
    """Something that is not as it should be at one URL; what is the same at many URLs has the same words.

    `detail` says what is special to this URL.
    """

    level: Level
    code: str
    message: str
    hint: str
    url: str
    detail: str = ""


class Finding(msgspec.Struct, frozen=True):
    """One cause: what is wrong, what to do, and at how many URLs, the first of them with what is special to it.

    `urls` are up to a hundred of them, sorted.
    """

    level: Level
    code: str
    message: str
    hint: str
    count: int
    urls: tuple[str, ...]
    detail: str = ""


class Extent(msgspec.Struct, frozen=True):
    """How much was asked: files, of how many; those of them that were asked for in every way; and what else."""

    files: int
    of: int
    closely: int
    redirects: int
    missing: int
    requests: int


class LiveReport(msgspec.Struct, frozen=True):
    """What a live check found: the URL of the site, errors before notes, and how much was asked.

    `release` names what a deploy says is published there; empty where that cannot be read.
    """

    url: str
    findings: tuple[Finding, ...]
    extent: Extent
    release: str = ""

    @property
    def failed(self) -> bool:
        """Whether anything is an error."""
        return any(one.level is Level.ERROR for one in self.findings)
