"""The values of a deploy: `Folder` and `Manifest` → `Plan` → `DeployReport`."""

from collections.abc import Mapping
from enum import IntEnum, StrEnum

import msgspec

HOME = ".ssg/"
"""What the keys of ssg's own objects begin with, below the prefix of the target."""

MANIFEST = f"{HOME}manifest.json"
"""The key of the object that says what the bucket holds."""


class Item(msgspec.Struct, frozen=True):
    """A file to be published: its path, digest and size in bytes, its headers, and where its bytes are.

    `file` is the path of a file of this machine, `key` that of an object in the bucket; one of them is empty.
    """

    path: str
    digest: str
    size: int
    headers: Mapping[str, str]
    file: str = ""
    key: str = ""


class Entry(msgspec.Struct, frozen=True, array_like=True):
    """An object of the site: digest and size in bytes, the number of its headers, and its ETag as it was answered."""

    digest: str
    size: int
    headers: int
    etag: str = ""


class Kept(msgspec.Struct, frozen=True, array_like=True):
    """An object that no live page needs: the last release that did, and the day on which it was left (ISO 8601)."""

    last: str
    left: str


class Manifest(msgspec.Struct, frozen=True):
    """What ssg has put into a bucket: the object `MANIFEST`.

    `files` are the objects of the live release by path, `headers` what they refer to by number. `releases` are those
    that can be returned to, the live one first. `kept` are objects by key that no live page needs. `unfinished` are
    paths that a deploy is about to change, or was when it ended: what lies there is not known. `leaving` are paths
    that no page of the release needs and that are still to be removed, `unpurged` those whose URLs are to be purged.
    """

    version: int = 1
    release: str = ""
    files: Mapping[str, Entry] = {}
    headers: tuple[Mapping[str, str], ...] = ()
    releases: tuple[str, ...] = ()
    kept: Mapping[str, Kept] = {}
    unfinished: tuple[str, ...] = ()
    leaving: tuple[str, ...] = ()
    unpurged: tuple[str, ...] = ()

    def headers_of(self, path: str) -> Mapping[str, str]:
        """Give the headers that the object of a path was uploaded with."""
        return self.headers[self.files[path].headers]


class Reason(StrEnum):
    """Why a file is uploaded."""

    NEW = "new"
    CONTENT = "content"
    HEADERS = "headers"
    FORCED = "forced"
    UNFINISHED = "unfinished"
    """A deploy was cut off that would have changed it."""
    DIFFERS = "differs"
    """The bucket holds other bytes than its manifest says, or none."""


class Phase(IntEnum):
    """When a file is uploaded; a phase begins when all uploads of the one before have succeeded."""

    ASSET = 0
    FILE = 1
    LEAF = 2
    LIST = 3
    """Pages with others below them, and the page for 404."""
    FEED = 4
    WORKER = 5
    """The service worker, which names files that must be there when a browser reads it."""


class Action(msgspec.Struct, frozen=True):
    """One upload: what, why and when."""

    item: Item
    reason: Reason
    phase: Phase


class Plan(msgspec.Struct, frozen=True):
    """All that a deploy will do, in order; nothing has been changed yet.

    `before` is the manifest in the bucket, `etag` its ETag (empty where there is none). `after` is the manifest that
    there will be, `etags` of changed objects still open. `copies` lead from paths to keys under which their bytes are
    kept for a rollback. `removed` are paths of the site that go, `expired` keys of objects that were kept long enough.
    """

    before: Manifest
    etag: str
    after: Manifest
    actions: tuple[Action, ...] = ()
    copies: Mapping[str, str] = {}
    removed: tuple[str, ...] = ()
    expired: tuple[str, ...] = ()
    purged: tuple[str, ...] = ()
    unchanged: int = 0
    foreign: int = 0

    @property
    def idle(self) -> bool:
        """Whether there is nothing to do."""
        return self.after == self.before and not self.actions


class DeployReport(msgspec.Struct, frozen=True):
    """What a deploy did: sizes in bytes. `purge_failed` says why the purge failed, and is empty where it did not."""

    target: str
    release: str
    uploaded: int = 0
    bytes: int = 0
    unchanged: int = 0
    deleted: int = 0
    purged: int = 0
    purge_failed: str = ""


class Request(msgspec.Struct, frozen=True):
    """A request of HTTP to the API of a provider."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes = b""
