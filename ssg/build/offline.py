"""A finished release → the same with its service worker, which follows from the files that it is to have ahead."""

import functools
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import unquote

import msgspec

from ssg import delivery, optimize, output
from ssg.build.delivering import Delivered
from ssg.build.setting import Setting
from ssg.build.taking import requested
from ssg.cache import blob
from ssg.config import PwaConfig, place
from ssg.digests import digest
from ssg.errors import Diagnostic, Location, arrange, error, has_errors, warning
from ssg.manifest import HASHED
from ssg.model import Artifact, Ref, Release, RouteKind, Site
from ssg.routes import WORKER
from ssg.urls import media_type, uri

_PATH = WORKER.lstrip("/")
_HTML = ".html"


class Worked(NamedTuple):
    """A release with its service worker, and where that lies in the store, by path."""

    release: Release
    kept: Mapping[str, Ref]

    def renewed(self, delivered: Delivered, site: Site, setting: Setting, *, strict: bool) -> "Worked":
        """Give the release as it is delivered: its pages may hold a policy now, and the worker follows from them."""
        if _PATH in self.kept and any(path.endswith(_HTML) for path in delivered.kept):
            return with_worker(delivered.release, site, setting, strict=strict)
        return Worked(delivered.release, self.kept)


def with_worker(release: Release, site: Site, setting: Setting, *, strict: bool) -> Worked:
    """Add the service worker of a site that is an app, or was one; one of an earlier call is made anew.

    A release with errors stays as it is. It names files that are published, and their bytes decide its version.
    """
    pwa = setting.config.pwa
    if pwa is None or has_errors(release.diagnostics):
        return Worked(release, {})
    others = tuple(one for one in release.artifacts if one.source != WORKER)
    said = [*_collisions(others), *(() if pwa.remove else _missing(others, pwa, setting))]
    if has_errors(said):
        found = arrange((*release.diagnostics, *said), strict=strict)
        return Worked(msgspec.structs.replace(release, diagnostics=found), {})
    said += () if pwa.remove else _unserved(setting)
    body = _script(msgspec.structs.replace(release, artifacts=others), _hidden(site), pwa, setting).encode()
    ref, entry = blob(body)
    setting.shelf.store.put([entry])
    made = Artifact(_PATH, setting.shelf.put(body), digest(body), media_type(_PATH), WORKER)
    artifacts = tuple(sorted((*others, made), key=lambda one: (one.path, one.source)))
    found = arrange(dict.fromkeys((*release.diagnostics, *said)), strict=strict)
    return Worked(msgspec.structs.replace(release, artifacts=artifacts, diagnostics=found), {_PATH: ref})


def _hidden(site: Site) -> frozenset[str]:
    """Give the paths of what no worker can keep: what hosts read themselves, what leads elsewhere, the page for 404."""
    aliases = (output.artifact_path(route.url) for route in site.routes if route.kind is RouteKind.ALIAS)
    return frozenset((*delivery.READ_BY_HOSTS, "404.html", *aliases))


def _collisions(artifacts: Sequence[Artifact]) -> Iterator[Diagnostic]:
    for one in artifacts:
        if one.path == _PATH:
            message = f"is published at {WORKER}, and so is the service worker of [pwa]"
            yield error("path", message, Location(one.source), "take one of them out: a site has one worker")


def _missing(artifacts: Sequence[Artifact], pwa: PwaConfig, setting: Setting) -> Iterator[Diagnostic]:
    """Find what the configuration names and the site does not have."""
    paths = {one.path for one in artifacts if one.media_type == "text/html"}
    if output.artifact_path(pwa.offline) not in paths:
        message = f'offline in [pwa] is "{pwa.offline}", where no page is'
        hint = "write content/offline.md, or name another page"
        yield error("config", message, place(setting.inputs.root, ("pwa",), "offline"), hint)
    urls = [_url(one.path) for one in artifacts]
    for pattern in pwa.precache:
        if not any(delivery.matches(pattern, url) for url in urls):
            message = f'precache in [pwa] has "{pattern}", where nothing is'
            hint = "name the path of a page, /guide/, or of files, /files/*"
            yield warning("config", message, place(setting.inputs.root, ("pwa",), "precache"), hint)


def _unserved(setting: Setting) -> list[Diagnostic]:
    """Tell that a worker, which answers for its own host alone, has nothing of a CDN."""
    if not setting.config.assets.cdn:
        return []
    message = "files on the CDN are not there without a network: a service worker leaves other hosts alone"
    where = place(setting.inputs.root, ("assets",), "cdn")
    return [warning("config", message, where, "take cdn out, or [pwa]")]


def _script(release: Release, hidden: Collection[str], pwa: PwaConfig, setting: Setting) -> str:
    base = uri(unquote(setting.config.site.base_path))  # as browsers have it
    if pwa.remove:
        return output.removal_script(_minified("removal"), f"{base}/")
    files = _files(release, hidden, pwa, setting)
    return output.worker_script(_minified("worker"), f"{base}/", base + uri(pwa.offline), pwa.milliseconds, files)


@functools.cache
def _minified(name: str) -> str:
    return optimize.minify_script(output.worker_source(name))


def _files(release: Release, hidden: Collection[str], pwa: PwaConfig, setting: Setting) -> dict[str, str]:
    """Give the digests of what is to be had ahead by URL path: pages and files, and what those pages are shown with."""
    from ssg.build.shown import shown_with  # noqa: PLC0415 - parsers, for sites that are apps
    from ssg.build.world import world_of  # noqa: PLC0415 - as above

    offline = output.artifact_path(pwa.offline)
    chosen = [one for one in release.artifacts if one.path == offline or _wanted(one.path, hidden, pwa.precache)]
    world = world_of(release, setting.config)
    base, cdn = world.base_path, setting.config.assets.cdn
    urls = {base + requested(one.path) for one in chosen} | shown_with(chosen, world, setting.shelf)
    return {url: world.files[url].digest for url in urls if not (cdn and url.removeprefix(base).startswith(HASHED))}


def _wanted(path: str, hidden: Collection[str], patterns: Sequence[str]) -> bool:
    return path not in hidden and any(delivery.matches(pattern, _url(path)) for pattern in patterns)


def _url(path: str) -> str:
    return "/" + (path.removesuffix("index.html") if f"/{path}".endswith("/index.html") else path)
