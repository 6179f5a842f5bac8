"""The commands of a deploy, from a target's name to what was done."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import TypeVar
from urllib.parse import unquote, urlsplit

import msgspec

from ssg.config import Config, DeployConfig, delivery_folder
from ssg.delivery import POLICY, READ_BY_HOSTS, Policy, is_hashed, object_headers, read_policy
from ssg.deploy.applying import AT_ONCE, DeployFailed, Progress, PurgePaths, apply, finish_purge, release_key
from ssg.deploy.headers import stored
from ssg.deploy.planning import KEPT, Known, Rules, foreign, plan
from ssg.deploy.purging import changed_urls, purge_requests, send
from ssg.deploy.purging.providers import Asked
from ssg.deploy.reading import read_folder
from ssg.deploy.remote import Missing, Pauses, Remote, RemoteError, Retrying
from ssg.deploy.values import MANIFEST, DeployReport, Item, Manifest, Plan
from ssg.errors import ConfigError, Location, SiteError, error, nearest

T = TypeVar("T")
_NOTHING = "nothing was uploaded"
_DEFAULT = "production"


class Task(msgspec.Struct, frozen=True):
    """What a command is about: the site folder, its output folder and configuration, and the name of the target.

    `now` is the moment in UTC; `environment` holds the variables that credentials of networks are read from.
    """

    root: str
    folder: str
    config: Config
    target: str
    now: datetime
    environment: Mapping[str, str] = {}

    @property
    def settings(self) -> DeployConfig:
        """The table of the target."""
        return self.config.deploy[self.target]


class Wishes(msgspec.Struct, frozen=True):
    """What options ask for. `adopt` goes on where the place holds files of others; None leaves a setting's word."""

    dry_run: bool = False
    force: bool = False
    verify: bool = False
    adopt: bool = False
    max_deletes: int | None = None


class Done(msgspec.Struct, frozen=True):
    """What was planned and, unless it was only to be shown, what was done."""

    plan: Plan
    report: DeployReport | None = None


def choose_target(targets: Mapping[str, DeployConfig], name: str | None) -> str:
    """Give the name of the target that is meant: the one named, the only one, or `production`.

    Raises:
        ConfigError: there is no such target, or it is not clear which one is meant.
    """
    if name is not None and name in targets:
        return name
    if name is None and (len(targets) == 1 or _DEFAULT in targets):
        return _DEFAULT if _DEFAULT in targets else next(iter(targets))
    where = Location("site.toml")
    if not targets:
        hint = 'add one: [deploy.production] with url = "s3://bucket/folder"'
        raise ConfigError(error("deploy", "there is no target to deploy to", where, hint))
    known = ", ".join(sorted(targets))
    if name is None:
        raise ConfigError(error("deploy", "there are several targets", where, f"name one of {known}"))
    hint = nearest(name, targets) or f"known are {known}"
    raise ConfigError(error("deploy", f'there is no target "{name}"', where, hint))


def deploy(task: Task, wishes: Wishes, progress: Progress) -> Done:
    """Publish the output folder of a site; files have the headers that the site's policy for hosts says.

    Raises:
        SsgError: something is wrong with the folder, the target or the bucket.
    """
    remote = open_remote(task.settings)
    items = _items(task, remote)
    rules = _rules(task, wishes)

    async def work() -> Done:
        known = await _known(task, remote, wishes)
        planned = plan(items, known, rules)
        if wishes.dry_run or planned.idle:
            return Done(planned, None if wishes.dry_run else _idle(task, planned))
        return Done(planned, await apply(planned, remote, task.target, progress, _purger(task)))

    return _run(work, task)


def rollback(task: Task, release: str | None, wishes: Wishes, progress: Progress) -> Done:
    """Bring back a release that the bucket still holds: the one named, or the one before.

    Raises:
        SsgError: there is no such release, some of its files are gone, or the bucket refuses.
    """
    remote = open_remote(task.settings)

    async def work() -> Done:
        known = await _known(task, remote, wishes)
        wanted = _release(task, known.manifest, release)
        try:
            found = await remote.read(release_key(wanted))
        except Missing:
            raise RemoteError(f"the list of files of the release {wanted} is gone") from None
        items = returning(_decode(found.body), known.manifest)
        planned = plan(items, known, _rules(task, wishes))
        if wishes.dry_run:
            return Done(planned)
        return Done(planned, await apply(planned, remote, task.target, progress, _purger(task)))

    return _run(work, task)


def purge_only(task: Task) -> DeployReport:
    """Repeat a purge that failed; nothing is uploaded.

    Raises:
        SsgError: the purge failed again, or the target has none.
    """
    remote = open_remote(task.settings)
    purge = _purger(task)
    if purge is None:
        message = "purges nothing: there is no purge in its table"
        raise ConfigError(error("deploy", message, Location(task.target), "add purge = { provider = … }"))

    async def work() -> DeployReport:
        known = await _known(task, remote, Wishes())
        manifest = known.manifest
        if not manifest.unpurged:
            return DeployReport(task.target, manifest.release)
        try:
            purged = await finish_purge(manifest, known.etag, remote, purge)
        except RemoteError as reason:
            return DeployReport(task.target, manifest.release, purge_failed=f"{reason.message}; {reason.hint}")
        return DeployReport(task.target, manifest.release, purged=purged, deleted=len(manifest.leaving))

    return _run(work, task)


def open_remote(settings: DeployConfig) -> Remote:
    """Open the place that a target names; requests that fail for a while are tried again.

    Raises:
        ConfigError: a library is missing, or the address cannot be understood.
    """
    parts = urlsplit(settings.url)
    pauses = Pauses(asyncio.sleep)
    if parts.scheme == "file":
        from ssg.deploy.folder import Folder  # noqa: PLC0415 - as the other

        return Retrying(Folder(Path(unquote(parts.path))), pauses)
    try:
        from ssg.deploy.bucket import Bucket  # noqa: PLC0415 - an optional library
    except ModuleNotFoundError:
        message = "buckets need a library that is not installed"
        raise ConfigError(error("deploy", message, Location("deploy"), 'run pip install "ssg[deploy]"')) from None
    try:
        return Retrying(Bucket(settings), pauses)
    except RemoteError as reason:
        raise ConfigError(error("deploy", reason.message, Location("deploy"), reason.hint)) from None


def _run(work: Callable[[], Awaitable[T]], task: Task) -> T:
    async def told() -> T:
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(AT_ONCE))
        try:
            return await work()
        except RemoteError as reason:
            raise DeployFailed(task.target, reason, _NOTHING) from None

    return asyncio.run(told())


def _items(task: Task, remote: Remote) -> tuple[Item, ...]:
    settings = task.settings
    policy = _policy(task)

    def headers(path: str) -> Mapping[str, str]:
        if not remote.keeps_headers:
            return {}
        return stored(object_headers(policy, path, purged=settings.purge is not None))

    items = read_folder(task.root, task.folder, headers, encoded=settings.encodings == "files")
    return tuple(one for one in items if not remote.keeps_headers or one.path not in READ_BY_HOSTS)


def _policy(task: Task) -> Policy:
    """Give the policy that the last build wrote for hosts; one by the kinds of files alone for a site without any."""
    try:
        found = read_policy(Path(delivery_folder(Path(task.root), task.config), POLICY).read_bytes())
    except OSError:
        found = None
    return found or Policy(task.config.site.base_path, ())


def _rules(task: Task, wishes: Wishes) -> Rules:
    settings = task.settings
    return Rules(
        task.now,
        settings.keep_releases,
        settings.keep_days,
        settings.max_deletes if wishes.max_deletes is None else wishes.max_deletes,
        wishes.force,
        settings.purge is not None,
    )


async def _known(task: Task, remote: Remote, wishes: Wishes) -> Known:
    """Ask what the bucket holds: one object, and a listing where that is not there or is to be verified."""
    try:
        found = await remote.read(MANIFEST)
    except Missing:
        known = Known(listing=await remote.listing())
        others = foreign(known)
        if others and not wishes.adopt:
            message = f"the place holds {len(others)} files that ssg did not put there, like {others[0]}"
            hint = "use an empty bucket or folder, or deploy with --adopt, which leaves those that the site lacks"
            raise DeployFailed(task.target, RemoteError(message, hint), _NOTHING) from None
        return known
    listing = await remote.listing() if wishes.verify else None
    return Known(_decode(found.body), found.etag, listing)


def _decode(body: bytes) -> Manifest:
    try:
        manifest = msgspec.json.decode(body, type=Manifest)
    except msgspec.DecodeError:
        raise RemoteError(f"{MANIFEST} in the bucket cannot be read", "remove it, and deploy with --adopt") from None
    if manifest.version != Manifest().version:
        raise RemoteError("a later version of ssg has deployed there", "use that version")
    return manifest


def _idle(task: Task, planned: Plan) -> DeployReport:
    return DeployReport(task.target, planned.before.release, unchanged=planned.unchanged)


def _release(task: Task, manifest: Manifest, wanted: str | None) -> str:
    """Give the release to return to."""
    others = [one for one in manifest.releases if one != manifest.release]
    if wanted in others:
        return wanted
    where = Location(task.target)
    if not others:
        hint = "rollback needs an earlier deploy, and keep_releases of 2 or more"
        raise SiteError(error("deploy", "there is no release to return to", where, hint))
    if wanted is None:
        return others[0]
    raise SiteError(error("deploy", f'there is no release "{wanted}"', where, f"there are {', '.join(others)}"))


def returning(listed: Manifest, live: Manifest) -> Sequence[Item]:
    """Give the files of an earlier release; their bytes lie in the bucket, at their paths or among what is kept."""
    items = []
    for path, entry in sorted(listed.files.items()):
        kept = KEPT + entry.digest
        key = path if is_hashed(path) or kept not in live.kept else kept
        items.append(Item(path, entry.digest, entry.size, listed.headers_of(path), key=key))
    return items


def _purger(task: Task) -> PurgePaths | None:
    network = task.settings.purge
    if network is None:
        return None

    async def purge(paths: Sequence[str], release: str) -> int:
        urls = changed_urls(paths, task.config.site.base_url)
        requests = purge_requests(urls, Asked(network, task.environment, release, task.now))
        await send(requests, Pauses(asyncio.sleep))
        return len(urls)

    return purge
