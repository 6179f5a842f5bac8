"""A plan → the bucket, in an order that never shows a page before what it needs.

1. hashed files, which no live page refers to yet; 2. copies for a rollback, and the list of the release. Up to here
nothing of the live site has changed. 3. the manifest says what is about to change (if nobody else has written it);
4. other files, pages, lists of pages, feeds; 5. the manifest of the release; 6. the purge; 7. what is not needed any
more is removed, and the manifest says so.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path

import msgspec
from msgspec.structs import replace

from ssg.deploy.remote import Conflict, Create, Missing, Remote, RemoteError, Replace, together
from ssg.deploy.values import HOME, MANIFEST, Action, DeployReport, Item, Manifest, Phase, Plan, Reason
from ssg.digests import digest
from ssg.errors import Location, SiteError, error

AT_ONCE = 32
"""Requests that are under way at once."""

Progress = Callable[[str, int, int], None]
PurgePaths = Callable[[Sequence[str], str], Awaitable[int]]
"""What purges the URLs of paths for a release, and gives how many requests of URLs that were; raises `RemoteError`."""

_DIGEST = "ssg_digest"
_JSON = {"Cache-Control": "no-store", "Content-Type": "application/json"}
_BEFORE = "the live site has not been touched"
_PARTLY = "the site is partly updated"
_LOST = "another deploy to this target has begun or ended meanwhile"


class DeployFailed(SiteError):  # noqa: N818 - it carries the error of another
    """A deploy could not be done; `outcome` says what that means for the live site."""

    def __init__(self, target: str, reason: RemoteError, outcome: str) -> None:
        hint = reason.hint or 'mend that, and run "ssg deploy" again'
        super().__init__(error("deploy", reason.message, Location(target), hint))
        self.outcome = outcome


def release_key(release: str) -> str:
    """Give the key of the list of files of a release."""
    return f"{HOME}releases/{release}.json"


def encode_manifest(manifest: Manifest) -> bytes:
    """Give the bytes of a manifest: JSON, in order."""
    return msgspec.json.encode(manifest, order="sorted")


async def apply(plan: Plan, remote: Remote, target: str, progress: Progress, purge: PurgePaths | None) -> DeployReport:
    """Do what a plan says; `target` is the name that messages have.

    Raises:
        DeployFailed: an upload failed, or somebody else deployed meanwhile.
    """
    work = _Work(plan, remote, progress)
    try:
        claimed = await work.prepare()
    except RemoteError as reason:
        raise DeployFailed(target, reason, _BEFORE) from None
    try:
        etag = await work.publish(claimed)
        failed = "" if purge is None or not plan.purged else await _purged(purge, plan)
        if not failed:
            await work.remove(etag)
    except RemoteError as reason:
        raise DeployFailed(target, reason, _PARTLY) from None
    return DeployReport(
        target=target,
        release=plan.after.release,
        uploaded=len(plan.actions),
        bytes=sum(one.item.size for one in plan.actions),
        unchanged=plan.unchanged,
        deleted=0 if failed else len(plan.removed) + len(plan.expired),
        purged=0 if failed else len(plan.purged),
        purge_failed=failed,
    )


async def _purged(purge: PurgePaths, plan: Plan) -> str:
    """Purge, and give why that failed, or nothing."""
    try:
        await purge(plan.purged, plan.after.release)
    except RemoteError as reason:
        return f"{reason.message}; {reason.hint}" if reason.hint else reason.message
    return ""


class _Work:
    """The steps of a deploy. ETags of uploaded objects are noted as they come."""

    def __init__(self, plan: Plan, remote: Remote, progress: Progress) -> None:
        self._plan = plan
        self._remote = remote
        self._progress = progress
        self._etags: dict[str, str] = {}

    async def prepare(self) -> str:
        """Do all that changes nothing of the live site; give the ETag of the manifest that says what will."""
        plan = self._plan
        etag = plan.etag or await self._write_manifest(Manifest(), "")
        await self._upload(Phase.ASSET)
        await together([partial(self._copy, path, key) for path, key in sorted(plan.copies.items())], AT_ONCE)
        visible = {one.item.path for one in plan.actions if one.phase is not Phase.ASSET}
        if plan.actions or plan.removed:
            listed = Manifest(release=plan.after.release, files=plan.after.files, headers=plan.after.headers)
            body = encode_manifest(listed)
            await self._remote.write(release_key(plan.after.release), body, _JSON, Replace())
        if not visible and not plan.removed:
            return etag
        kept = {**plan.before.kept, **{key: plan.after.kept[key] for key in plan.copies.values()}}
        unfinished = tuple(sorted(visible | set(plan.before.unfinished)))
        return await self._write_manifest(replace(plan.before, unfinished=unfinished, kept=kept), etag)

    async def publish(self, etag: str) -> str:
        """Upload what a reader sees, and give the ETag of the manifest of the release."""
        for phase in (Phase.FILE, Phase.LEAF, Phase.LIST, Phase.FEED, Phase.WORKER):
            await self._upload(phase)
        plan = self._plan
        still = {key: one for key, one in plan.before.kept.items() if key in plan.expired}
        manifest = replace(
            self._finished(),
            releases=(*plan.after.releases, *self._dropped()),
            leaving=plan.removed,
            unpurged=plan.purged,
            kept={**plan.after.kept, **still},
        )
        try:
            return await self._write_manifest(manifest, etag)
        except Conflict:
            await self._doubt([one.item.path for one in plan.actions if one.phase is not Phase.ASSET])
            raise

    async def remove(self, etag: str) -> None:
        """Remove what is not needed any more, and say so in the manifest."""
        plan = self._plan
        doomed = [*plan.removed, *plan.expired, *map(release_key, self._dropped())]
        await together([partial(self._remote.remove, key) for key in doomed], AT_ONCE)
        if doomed or plan.purged:
            await self._write_manifest(self._finished(), etag)

    def _dropped(self) -> list[str]:
        """Give the releases that cannot be returned to any more, in order."""
        return [one for one in self._plan.before.releases if one not in self._plan.after.releases]

    def _finished(self) -> Manifest:
        """Give the manifest of the release with the ETags that were answered."""
        files = {
            path: replace(entry, etag=self._etags.get(path, entry.etag))
            for path, entry in self._plan.after.files.items()
        }
        return replace(self._plan.after, files=files)

    async def _upload(self, phase: Phase) -> None:
        actions = [one for one in self._plan.actions if one.phase is phase]
        total, before = len(self._plan.actions), len(self._etags)
        # Lists of pages come from the deepest to the site's own first page, a depth after the other.
        groups: Iterable[list[Action]] = [actions]
        if phase is Phase.LIST:
            depths = sorted({one.item.path.count("/") for one in actions}, reverse=True)
            groups = [[one for one in actions if one.item.path.count("/") == depth] for depth in depths]
        for group in groups:
            await together([partial(self._put, one) for one in group], AT_ONCE)
        self._progress("upload", before + len(actions), total)

    async def _put(self, action: Action) -> None:
        item = action.item
        body = await self._body(item)
        headers = {**item.headers, _DIGEST: item.digest} if self._remote.keeps_headers else {}
        if action.phase is Phase.ASSET and action.reason is Reason.NEW:
            try:
                etag = await self._remote.write(item.path, body, headers, Create())
            except Conflict:
                same = await self._is_there(item, headers)
                etag = "" if same else await self._remote.write(item.path, body, headers, Replace())
        else:
            etag = await self._remote.write(item.path, body, headers, Replace())
        self._etags[item.path] = etag
        self._progress("upload", len(self._etags), len(self._plan.actions))

    async def _is_there(self, item: Item, headers: Mapping[str, str]) -> bool:
        """Tell whether an object that is there already is this one, as after a deploy that was cut off."""
        if not self._remote.keeps_headers:
            return digest((await self._remote.read(item.path)).body) == item.digest
        there = await self._remote.headers(item.path)
        return all(there.get(name) == value for name, value in headers.items())

    async def _body(self, item: Item) -> bytes:
        if item.key:
            body = (await self._remote.read(item.key)).body
        else:
            try:
                body = Path(item.file).read_bytes()
            except OSError as reason:
                raise RemoteError(f"{item.file} cannot be read: {reason.strerror}", "build again, and deploy") from None
        if digest(body) != item.digest:
            hint = "take another release" if item.key else "let no build run meanwhile, and deploy again"
            raise RemoteError(f"{item.key or item.file} is not what it was", hint)
        return body

    async def _copy(self, path: str, key: str) -> None:
        try:
            await self._remote.copy(path, key)
        except Missing:
            return  # somebody removed it: a rollback to its release says so

    async def _write_manifest(self, manifest: Manifest, etag: str) -> str:
        how = Replace(etag) if etag else Create()
        try:
            return await self._remote.write(MANIFEST, encode_manifest(manifest), _JSON, how)
        except Conflict:
            raise Conflict(_LOST, 'when it has ended, run "ssg deploy" again') from None

    async def _doubt(self, paths: Sequence[str]) -> None:
        """Say in the manifest of who was first that some of its files may have been written over."""
        for _ in range(3):
            found = await self._remote.read(MANIFEST)
            manifest = msgspec.json.decode(found.body, type=Manifest)
            doubtful = replace(manifest, unfinished=tuple(sorted({*manifest.unfinished, *paths})))
            try:
                await self._remote.write(MANIFEST, encode_manifest(doubtful), _JSON, Replace(found.etag))
            except Conflict:
                await asyncio.sleep(0)
            else:
                return


async def finish_purge(manifest: Manifest, etag: str, remote: Remote, purge: PurgePaths) -> int:
    """Purge what a deploy could not, then remove what waited for that; give the number of paths.

    Raises:
        RemoteError: it failed again.
    """
    await purge(manifest.unpurged, manifest.release)
    await together([partial(remote.remove, key) for key in manifest.leaving], AT_ONCE)
    done = replace(manifest, unpurged=(), leaving=())
    try:
        await remote.write(MANIFEST, encode_manifest(done), _JSON, Replace(etag))
    except Conflict:
        raise Conflict(_LOST) from None
    return len(manifest.unpurged)
