"""What the last build wrote, its policy and its hosts → what is expected of the deployed site."""

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import msgspec

from ssg import delivery
from ssg.config import Config, delivery_folder
from ssg.delivery import Kind, Policy, Served
from ssg.digests import digest_file
from ssg.errors import ConfigError, Location, SiteError, error
from ssg.live.hosts import caches_of
from ssg.live.values import Expected, Host
from ssg.output.encode import ENCODINGS, LARGEST, compressible
from ssg.output.record import Entry, load_record
from ssg.urls import media_type, uri

_ENDINGS = {encoding.ending: name for name, encoding in ENCODINGS.items()}
# Files of the output that hosts read; none of them sends those.
_CONFIGURATION = delivery.READ_BY_HOSTS | {"firebase.json", "vercel.json"}
_AGAIN = 'run "ssg build" first'


class Release(msgspec.Struct, frozen=True):
    """What is expected: the policy, the files at URLs of their own, and the pages for what is not there by folder.

    The folders are URL paths that end with a slash, percent-encoded.
    """

    policy: Policy
    files: tuple[Expected, ...]
    missing: Mapping[str, Expected]


def read_release(root: Path, folder: str, config: Config, host: Host) -> Release:
    """Read what the last build of a site wrote into its output folder.

    The record of the build names the files with their digests; a folder without a record, which came from another
    machine, is read. What a redirect hides is left out, and so is what hosts read and do not send.

    Raises:
        ConfigError: there is nothing.
        SiteError: the last build was cut off, or a file cannot be read.
    """
    policy = _policy(root, config)
    entries = load_record(str(root), folder) or dict(_found(folder))
    cut_off = sorted(path for path, entry in entries.items() if not entry.digest)
    if cut_off:
        message = "was being written when the last build ended"
        raise SiteError(error("live", message, Location(str(Path(folder, cut_off[0]))), 'run "ssg build" again'))
    served = [_served(path, entries[path].size) for path in sorted(entries) if not _is_form(path, entries)]
    expected = [_expected(policy, one, entries, (folder, host)) for one in served]
    hidden = _hidden(policy)
    files = tuple(one for one in expected if one.file.kind is not Kind.NOT_FOUND and not hidden(one))
    missing = {one.url.removesuffix("404.html"): one for one in expected if one.file.kind is Kind.NOT_FOUND}
    if not files:
        raise ConfigError(error("live", "holds nothing to compare with", Location(folder), _AGAIN))
    return Release(policy, files, missing)


def _policy(root: Path, config: Config) -> Policy:
    """Give the policy that the last build wrote for hosts, or that of a site for no host.

    Raises:
        ConfigError: the site is for hosts, and there is none: redirects and headers would pass unseen.
    """
    file = Path(delivery_folder(root, config), delivery.POLICY)
    try:
        found = delivery.read_policy(file.read_bytes())
    except OSError:
        found = None
    if found is None and config.delivery.targets:
        raise ConfigError(error("live", "does not say what hosts were told", Location(str(file)), _AGAIN))
    return found or delivery.plain(config)


def _found(folder: str) -> Iterator[tuple[str, Entry]]:
    """Give the files below a folder as a build would have recorded them."""
    for file in sorted(Path(folder).rglob("*")):
        if not file.is_file() or file.name in {".DS_Store", "Thumbs.db"}:
            continue
        try:
            with file.open("rb") as opened:
                named = digest_file(opened)
        except OSError as reason:
            raise SiteError(error("live", f"cannot be read: {reason.strerror}", Location(str(file)))) from None
        yield file.relative_to(folder).as_posix(), Entry(named, file.stat().st_size, 0)


def _is_form(path: str, entries: Mapping[str, Entry]) -> bool:
    """Tell whether a file is the compressed form of another, or read by hosts alone."""
    stem, dot, ending = path.rpartition(".")
    if path.rpartition("/")[2] in _CONFIGURATION:
        return True
    known = dot + ending in _ENDINGS and stem in entries and entries[stem].size <= LARGEST
    return known and compressible(media_type(stem))


def _hidden(policy: Policy) -> Callable[[Expected], bool]:
    """Give what tells whether a redirect takes the place of a file, as with the page of an alias."""
    exact = {one.source for one in policy.redirects if not one.dynamic}
    begins = tuple(one.source[:-1] for one in policy.redirects if one.dynamic)

    def is_hidden(one: Expected) -> bool:
        url = policy.url(one.file.path)
        return url in exact or url.startswith(begins)

    return is_hidden


def _expected(policy: Policy, file: Served, entries: Mapping[str, Entry], place: tuple[str, Host]) -> Expected:
    """Say what is expected of a file, at a place: the output folder, and the host."""
    path, (folder, host) = file.path, place
    forms = {name: entries[path + ending].size for ending, name in _ENDINGS.items() if path + ending in entries}
    sent = {name: size for name, size in forms.items() if name in (host.sends or ())}
    headers = delivery.headers_of(policy, file, 404 if file.kind is Kind.NOT_FOUND else 200)
    caches = caches_of(policy, file, headers, host)
    on_disk = os.path.join(folder, path)  # noqa: PTH118 - 100,000 files
    return Expected(file, uri(policy.url(path)), entries[path].digest, sent, headers, caches, on_disk)


def _served(path: str, size: int) -> Served:
    kind = media_type(path)
    return Served(path, delivery.kind_of(path, kind), kind, size, path)
