"""A bucket in memory that can fail at any step, and releases to put there."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from ssg.delivery import Policy, object_headers
from ssg.deploy import DeployReport, Item, Known, Manifest, Plan, Rules, apply, plan
from ssg.deploy.applying import PurgePaths, release_key
from ssg.deploy.headers import stored
from ssg.deploy.remote import Conflict, Create, Found, Listed, Missing, RemoteError, Replace
from ssg.deploy.running import returning
from ssg.deploy.values import HOME, MANIFEST
from ssg.digests import digest

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
_POLICY = Policy("", ())


class Killed(RemoteError):  # noqa: N818 - it is no error
    """The process was ended here."""


class Memory:
    """Objects by key. `fail_at` counts requests that change something: that one and all after it are refused."""

    keeps_headers = True

    def __init__(self) -> None:
        self.objects: dict[str, Found] = {}
        self.log: list[str] = []
        self.fail_at: int | None = None
        self.denied = ""

    def _step(self, what: str, key: str, *, changes: bool = True) -> None:
        if changes and self.fail_at is not None:
            if self.fail_at <= 0:
                raise Killed("was ended")
            self.fail_at -= 1
        if self.denied and changes and key.startswith(self.denied):
            raise RemoteError("the bucket does not allow it with these credentials")
        self.log.append(f"{what} {key}")

    async def read(self, key: str) -> Found:
        self._step("read", key, changes=False)
        if key not in self.objects:
            raise Missing("there is no such object")
        return self.objects[key]

    async def headers(self, key: str) -> Mapping[str, str]:
        return (await self.read(key)).headers

    async def write(self, key: str, body: bytes, headers: Mapping[str, str], how: Create | Replace) -> str:
        await asyncio.sleep(0)
        there = self.objects.get(key)
        if isinstance(how, Create):
            if there is not None:
                raise Conflict("there")
        elif how.etag and (there is None or there.etag != how.etag):
            raise Conflict("another")
        self._step("write", key)
        self.objects[key] = Found(body, dict(headers), f'"{digest(body)}"')
        return self.objects[key].etag

    async def copy(self, key: str, to: str) -> None:
        if key not in self.objects:
            raise Missing("there is no such object")
        self._step("copy", to)
        self.objects[to] = self.objects[key]

    async def remove(self, key: str) -> None:
        self._step("remove", key)
        self.objects.pop(key, None)

    async def listing(self) -> Mapping[str, Listed]:
        self._step("list", "", changes=False)
        return {key: Listed(len(one.body), one.etag) for key, one in self.objects.items()}

    @property
    def site(self) -> dict[str, bytes]:
        """What readers can fetch, without ssg's own objects."""
        return {key: one.body for key, one in sorted(self.objects.items()) if not key.startswith(HOME)}

    @property
    def pages(self) -> dict[str, bytes]:
        return {key: body for key, body in self.site.items() if not key.startswith("assets/")}


class Shop:
    """Deploys releases, which are texts by path, to a bucket in memory."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.remote = Memory()
        self.now = NOW
        self.purged: list[str] = []

    def items(self, files: Mapping[str, str], more: Mapping[str, str] | None = None) -> tuple[Item, ...]:
        made = []
        for path, text in sorted(files.items()):
            body = text.encode()
            file = self.folder / digest(body)
            file.write_bytes(body)
            headers = {**stored(object_headers(_POLICY, path, purged=False)), **(more or {})}
            made.append(Item(path, digest(body), len(body), headers, file=str(file)))
        return tuple(made)

    def rules(self, **changed: object) -> Rules:
        return msgspec.structs.replace(Rules(self.now), **changed)

    async def known(self, *, verify: bool = False) -> Known:
        listing = await self.remote.listing() if verify else None
        try:
            found = await self.remote.read(MANIFEST)
        except Missing:
            return Known(listing=listing)
        return Known(msgspec.json.decode(found.body, type=Manifest), found.etag, listing)

    def planned(self, items: tuple[Item, ...], *, verify: bool = False, **rules: object) -> Plan:
        return plan(items, asyncio.run(self.known(verify=verify)), self.rules(**rules))

    def apply(self, planned: Plan, purge: PurgePaths | None = None) -> DeployReport:
        return asyncio.run(apply(planned, self.remote, "test", lambda *_: None, purge))

    def deploy(self, files: Mapping[str, str], **rules: object) -> DeployReport:
        self.now += timedelta(hours=1)
        return self.apply(self.planned(self.items(files), verify=False, **rules))

    def roll_back(self, release: str) -> DeployReport:
        self.now += timedelta(hours=1)

        async def items() -> tuple[Item, ...]:
            listed = msgspec.json.decode((await self.remote.read(release_key(release))).body, type=Manifest)
            return tuple(returning(listed, (await self.known()).manifest))

        return self.apply(self.planned(asyncio.run(items())))

    def manifest(self) -> Manifest:
        return asyncio.run(self.known()).manifest


def release(version: int, pages: int = 3) -> dict[str, str]:
    """Give a release whose pages name the style sheet that they need."""
    sheet = f"assets/style.{digest(str(version).encode())[:10]}.css"
    listed = {f"posts/{number}/index.html": f"page {number} of {version} needs {sheet}" for number in range(pages)}
    lists = {path: f"list {path} of {version} needs {sheet}" for path in ("posts/index.html", "index.html", "404.html")}
    return {**listed, **lists, sheet: f"sheet {version}", "robots.txt": "robots", "sitemap.xml": f"map {version}"}


def whole(site: Mapping[str, bytes]) -> bool:
    """Tell whether every page has the style sheet that it needs."""
    return all(body.decode().rpartition(" needs ")[2] in site for path, body in site.items() if path.endswith(".html"))
