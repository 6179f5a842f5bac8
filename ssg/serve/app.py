"""The preview over HTTP: the release's files, the preview's script, and the event streams of open pages."""

import asyncio
import functools
from collections.abc import Sequence
from importlib import resources

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from ssg.digests import digest
from ssg.serve.hosts import OwnHosts
from ssg.serve.hub import Hub
from ssg.serve.inject import CLIENT, inject, unbuilt_page
from ssg.serve.negotiate import matches
from ssg.serve.published import Moved
from ssg.serve.respond import Asked, ChangedError, Sending, respond
from ssg.serve.snapshot import Snapshot

_SCRIPTS = ("client.js", "budget.js", "morph.js", "overlay.js", "idiomorph.js")
# How long an answer waits for the build that a changed file brings, in seconds.
_PATIENCE = 2.0
_GUARDED = {"cross-origin-resource-policy": "same-origin", "x-content-type-options": "nosniff"}


def make_app(hub: Hub, hosts: Sequence[str], *, reload: bool) -> Starlette:
    """Give the application: it answers to this machine's names and `hosts`; without `reload` pages are left alone."""
    routes = [
        Route(f"{CLIENT}{{name}}", functools.partial(_script)),
        Route("/{path:path}", functools.partial(_file, hub, reload)),
    ]
    if reload:
        routes.insert(0, Route(f"{CLIENT}events", functools.partial(_events, hub)))
        routes.insert(0, Route(f"{CLIENT}budget", functools.partial(_report, hub)))
        routes.insert(0, Route(f"{CLIENT}budget.json", functools.partial(_bar, hub)))
    return Starlette(routes=routes, middleware=[Middleware(OwnHosts, hosts)])


async def _events(hub: Hub, request: Request) -> Response:
    """Open the event stream of a tab; `Last-Event-ID` is newer than what the tab began with."""
    release = request.headers.get("last-event-id") or request.query_params.get("release", "")
    stream = hub.stream(request.query_params.get("page", "/"), release)
    said = {"cache-control": "no-store", "x-accel-buffering": "no", **_GUARDED}
    return StreamingResponse(stream, headers=said, media_type="text/event-stream")


async def _script(request: Request) -> Response:
    """Send a file of the preview's own."""
    name = request.path_params["name"]
    if name not in _SCRIPTS:
        return PlainTextResponse("there is no such file\n", 404)
    body, etag = _loaded(name)
    said = {"cache-control": "no-cache", "etag": etag, **_GUARDED}
    if matches(request.headers.get("if-none-match", ""), etag):
        return Response(status_code=304, headers=said)
    return Response(body, headers=said, media_type="text/javascript")


async def _bar(hub: Hub, request: Request) -> Response:
    """Send what the budget bar of a page shows; `null` where budgets are off or there is no such page."""
    weighed, page = hub.snapshot.weighed, request.query_params.get("page", "/")
    bar = await asyncio.to_thread(weighed.bar, page) if weighed is not None else None
    return Response(bar or b"null", headers={"cache-control": "no-store", **_GUARDED}, media_type="application/json")


async def _report(hub: Hub, _: Request) -> Response:
    """Send the whole report of the budget; it says by itself what it may load, which is nothing."""
    weighed = hub.snapshot.weighed
    if weighed is None:
        return PlainTextResponse("nothing has been weighed: budgets are off, or no build has succeeded yet\n", 404)
    try:
        report = await asyncio.to_thread(weighed.report)
    except OSError:
        return PlainTextResponse("a newer build has come: load this page again\n", 503)
    return Response(report, headers={"cache-control": "no-store", **_GUARDED}, media_type="text/html")


@functools.cache
def _loaded(name: str) -> tuple[bytes, str]:
    body = resources.files("ssg.serve").joinpath("client", name).read_bytes()
    return body, f'"{digest(body)}"'


async def _file(hub: Hub, reload: bool, request: Request) -> Response:  # noqa: FBT001
    """Send a file of the release; one that is just being saved waits for the build that will hold it."""
    try:
        return await _released(hub.snapshot, request, reload=reload, exact=True)
    except (ChangedError, OSError):
        await hub.changed(_PATIENCE)
    try:
        return await _released(hub.snapshot, request, reload=reload, exact=False)
    except OSError:
        return PlainTextResponse("the file is gone\n", 404)


async def _released(snapshot: Snapshot, request: Request, *, reload: bool, exact: bool) -> Response:
    published, read = snapshot.published, snapshot.read
    if published is None or read is None:
        page = unbuilt_page(snapshot.diagnostics)
        body = inject(page, snapshot.digest) if reload else page
        return Response(body, 503, {"cache-control": "no-store"}, "text/html")
    found = published.find(request.scope["path"])
    if isinstance(found, Moved):
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(found.location + query, found.status, {"cache-control": "no-cache"})
    if found.artifact is None:
        return PlainTextResponse("there is no such page\n", found.status)
    asked = Asked(request.method, request.headers)
    wanted = snapshot.config.output
    least = wanted.min_bytes if "br" in wanted.encodings else None
    sending = Sending(read, snapshot.digest if reload else "", exact, least)
    return await respond(found.artifact, found.status, asked, sending)
