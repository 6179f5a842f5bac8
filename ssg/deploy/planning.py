"""What is to be published, and what a bucket is known to hold → a plan. Nothing is asked or changed here."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

import msgspec

from ssg.delivery import is_feed, is_hashed, is_worker
from ssg.deploy.remote import Listed
from ssg.deploy.values import HOME, Action, Entry, Item, Kept, Manifest, Phase, Plan, Reason
from ssg.digests import digest
from ssg.errors import Location, SiteError, error

KEPT = f"{HOME}kept/"
"""What the keys of files begin with that a rollback would bring back; their names are digests."""


class Rules(msgspec.Struct, frozen=True):
    """How to plan: what is kept, what is refused, and the moment.

    `force` uploads all files again. `purge` tells whether a network has to be told of changes.
    """

    now: datetime
    keep_releases: int = 3
    keep_days: int = 30
    max_deletes: int = 256
    force: bool = False
    purge: bool = False


class Known(msgspec.Struct, frozen=True):
    """What is known of the bucket: its manifest with its ETag, and a listing where one was asked for."""

    manifest: Manifest = Manifest()
    etag: str = ""
    listing: Mapping[str, Listed] | None = None


def plan(items: Sequence[Item], known: Known, rules: Rules) -> Plan:
    """Compare the files of a release with what a bucket holds.

    Raises:
        SiteError: more files would be removed than the rules allow.
    """
    before = known.manifest
    release = release_id(items, rules.now)
    wanted = {item.path: item for item in items}
    leaves = _folders(wanted)
    reasons = {item.path: _reason(item, known, force=rules.force) for item in items}
    actions = [Action(wanted[path], why, phase_of(path, leaves)) for path, why in reasons.items() if why is not None]
    gone = (before.files.keys() | {*before.unfinished, *before.leaving}) - wanted.keys()
    removed = tuple(sorted(path for path in gone if not is_hashed(path)))
    _guard(len(removed), len(before.files), rules.max_deletes)
    plain = [one.item.path for one in actions if one.phase is not Phase.ASSET or one.reason is not Reason.NEW]
    purged = tuple(sorted({*plain, *removed, *before.unpurged})) if rules.purge else ()
    same = not actions and wanted.keys() == before.files.keys()
    copies = _copies(before, [path for path in (*reasons, *removed) if path in removed or reasons[path]], wanted, rules)
    kept = _kept(before, gone, copies, rules) if not same else dict(before.kept)
    releases = tuple(dict.fromkeys((release, *before.releases) if not same else before.releases))[: rules.keep_releases]
    expired = _expired(kept, releases, wanted, rules)
    if same:  # what is left of a deploy that was cut off; hashed files wait for one that changes something
        expired = tuple(key for key in expired if key.startswith(KEPT))
    files, headers = _files(items, before)
    after = Manifest(
        release=release if not same else before.release,
        releases=releases,
        kept={key: one for key, one in sorted(kept.items()) if key not in expired and key not in wanted},
        files=files,
        headers=headers,
    )
    actions.sort(key=lambda one: (one.phase, -one.item.path.count("/"), one.item.path))
    return Plan(
        before,
        known.etag,
        after,
        tuple(actions),
        copies,
        removed,
        expired,
        purged,
        len(items) - len(actions),
        len(foreign(known)),
    )


def release_id(items: Sequence[Item], now: datetime) -> str:
    """Name a release by its moment and its content, so that names sort by time."""
    content = "\0".join(f"{item.path}\0{item.digest}" for item in items)
    return f"{now:%Y%m%dT%H%M%SZ}-{digest(content.encode())[:8]}"


def phase_of(path: str, folders: frozenset[str]) -> Phase:
    """Say when a file is uploaded; `folders` are those that hold pages in folders of their own."""
    if is_hashed(path):
        return Phase.ASSET
    base = path.removesuffix(".br").removesuffix(".gz").removesuffix(".zst")
    if base.endswith(".html"):
        folder, _, name = base.rpartition("/")
        return Phase.LIST if name == "404.html" or (name == "index.html" and folder in folders) else Phase.LEAF
    if is_worker(base):
        return Phase.WORKER
    return Phase.FEED if is_feed(base) else Phase.FILE


def foreign(known: Known) -> tuple[str, ...]:
    """Give the keys of objects in a listing that ssg did not put there, in order."""
    held = known.manifest
    ours = held.files.keys() | held.kept.keys() | {*held.unfinished, *held.leaving}
    listing = known.listing or {}
    return tuple(sorted(key for key in listing if key not in ours and not key.startswith(HOME)))


def _folders(paths: Mapping[str, Item]) -> frozenset[str]:
    """Give the folders that have pages in folders below them, `""` for the site itself."""
    parents = {path.rpartition("/")[0] for path in paths if path.endswith("/index.html")}
    return frozenset({"", *(above for folder in parents for above in _above(folder))})


def _above(folder: str) -> Iterator[str]:
    while "/" in folder:
        folder = folder.rpartition("/")[0]
        yield folder


def _reason(item: Item, known: Known, *, force: bool) -> Reason | None:
    before = known.manifest
    entry = before.files.get(item.path)
    if item.path in before.unfinished:
        return Reason.UNFINISHED
    if entry is None or entry.digest != item.digest:
        return Reason.NEW if entry is None else Reason.CONTENT
    if dict(before.headers_of(item.path)) != dict(item.headers):
        return Reason.HEADERS
    if force:
        return Reason.FORCED
    return Reason.DIFFERS if known.listing is not None and _differs(entry, known.listing.get(item.path)) else None


def _differs(entry: Entry, there: Listed | None) -> bool:
    """Tell whether an object in a listing is not what the manifest says; an ETag that is not known says nothing."""
    if there is None or there.size != entry.size:
        return True
    # Azure quotes ETags in answers, and not in listings.
    before, now = entry.etag.strip('"'), there.etag.strip('"')
    return bool(before and now and before != now)


def _guard(removed: int, held: int, allowed: int) -> None:
    if removed > allowed:
        message = f"{removed} of {held} files in the bucket would be removed, and {allowed} are allowed"
        hint = f"look whether this is the right site and target, then deploy with --max-deletes {removed}"
        raise SiteError(error("deploy", message, Location("deploy"), hint))


def _copies(before: Manifest, changed: Sequence[str], wanted: Mapping[str, Item], rules: Rules) -> dict[str, str]:
    """Say which files are kept for a rollback, before others take their places: path to key.

    What lies at an unfinished path is not known; the deploy that was cut off had kept what was there.
    """
    if rules.keep_releases == 1:
        return {}
    unknown = set(before.unfinished)
    return {
        path: KEPT + before.files[path].digest
        for path in changed
        if path in before.files
        and path not in unknown
        and not is_hashed(path)
        and (path not in wanted or wanted[path].digest != before.files[path].digest)
    }


def _kept(before: Manifest, gone: set[str], copies: Mapping[str, str], rules: Rules) -> dict[str, Kept]:
    now = Kept(before.release, rules.now.date().isoformat())
    hashed = {path: now for path in gone if is_hashed(path)}
    return {**before.kept, **hashed, **dict.fromkeys(copies.values(), now)}


def _expired(
    kept: Mapping[str, Kept], releases: Sequence[str], wanted: Mapping[str, Item], rules: Rules
) -> tuple[str, ...]:
    """Give the keys of what no kept release needs; hashed files stay for some days more, for pages in caches."""
    limit = rules.now.date() - timedelta(days=rules.keep_days)
    return tuple(
        key
        for key, one in sorted(kept.items())
        if one.last not in releases
        and key not in wanted
        and (key.startswith(KEPT) or date.fromisoformat(one.left) <= limit)
    )


def _files(items: Sequence[Item], before: Manifest) -> tuple[dict[str, Entry], tuple[Mapping[str, str], ...]]:
    """Give the files of a release, and their headers, as a manifest has them; known ETags stay."""
    numbers: dict[tuple[tuple[str, str], ...], int] = {}
    files: dict[str, Entry] = {}
    for item in items:
        number = numbers.setdefault(tuple(item.headers.items()), len(numbers))
        old = before.files.get(item.path)
        etag = old.etag if old is not None and old.digest == item.digest else ""
        files[item.path] = Entry(item.digest, item.size, number, etag)
    return files, tuple(map(dict, numbers))
