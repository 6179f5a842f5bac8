"""A built folder over HTTP as a host would serve it: its policy, compressed forms, redirects and answers 404."""

import functools
import os
from pathlib import Path
from typing import Final
from urllib.parse import quote

import msgspec
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from ssg import delivery
from ssg.config import Config
from ssg.digests import digest_file
from ssg.errors import ConfigError, Location, error
from ssg.model import Artifact, Ref, Release, Variant
from ssg.serve.hosts import OwnHosts
from ssg.serve.published import Moved, Published
from ssg.serve.respond import Asked, ChangedError, Sending, respond
from ssg.serve.server import Address
from ssg.urls import media_type

# The endings of compressed forms by encoding, the best first.
_FORMS = (("br", ".br"), ("zstd", ".zst"), ("gzip", ".gz"))
_SPLAT = ":splat"


class Hosted(msgspec.Struct, frozen=True):
    """A folder that is served: its files by URL, and what is said of them."""

    published: Published
    policy: delivery.Policy


def load_hosted(folder: str, beside: str, config: Config) -> Hosted:
    """Look through a built folder; its policy lies in the folder `beside` it, or is that of a site for no host.

    Raises:
        ConfigError: there is no such folder, or it holds no page.
    """
    found = dict(_files(folder))
    if not any(path.endswith(".html") for path in found):
        hint = 'run "ssg build" first, or name a built folder'
        raise ConfigError(error("serve", "holds no page", Location(folder), hint))
    artifacts = tuple(_artifact(path, found) for path in sorted(found) if not _is_form(path, found))
    try:
        policy = delivery.read_policy(Path(beside, delivery.POLICY).read_bytes())
    except OSError:
        policy = None
    policy = policy or delivery.plain(config)
    return Hosted(Published(Release(artifacts, (), 0), policy.base_path), policy)


def serve_hosted(hosted: Hosted, address: Address) -> None:
    """Serve a folder at an address until SIGINT or SIGTERM comes.

    Raises:
        KeyboardInterrupt: SIGINT has come.
    """
    app = host_app(hosted, (address.host,))
    config = uvicorn.Config(
        app, access_log=False, http="h11", lifespan="off", log_config=None, server_header=False, ws="none"
    )
    uvicorn.Server(config).run(sockets=[address.socket])


def host_app(hosted: Hosted, hosts: tuple[str, ...]) -> Starlette:
    """Give the application that serves a folder."""
    routes = [Route("/{path:path}", functools.partial(_answer, hosted, _Saying(hosted.policy)))]
    return Starlette(routes=routes, middleware=[Middleware(OwnHosts, hosts)])


class _Saying:
    """Says of each file what the policy does."""

    def __init__(self, policy: delivery.Policy) -> None:
        self._policy: Final = policy

    def __call__(self, artifact: Artifact, status: int) -> dict[str, str]:
        kind = delivery.classify(artifact)
        file = delivery.Served(artifact.path, kind, artifact.media_type, artifact.body.size, artifact.source)
        return {name.lower(): value for name, value in delivery.headers_of(self._policy, file, status).items()}


async def _answer(hosted: Hosted, saying: _Saying, request: Request) -> Response:
    path = request.scope["path"]
    for one in hosted.policy.redirects:
        if one.dynamic and path.startswith(one.source[:-1]):
            rest = quote(path[len(one.source) - 1 :], safe="/:@!$&()*+,;=~'")
            return _moved(one.target.replace(_SPLAT, rest), one.status)
        if one.source == path:
            return _moved(one.target, one.status)
    found = hosted.published.find(path)
    if isinstance(found, Moved):
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(found.location + query, found.status)
    if found.artifact is None:
        return PlainTextResponse("there is no such page\n", found.status, {"cache-control": "no-cache"})
    try:
        return await respond(found.artifact, found.status, Asked(request.method, request.headers), _sending(saying))
    except (ChangedError, OSError):
        said = "the folder was built again: end ssg serve, and start it once more\n"
        return PlainTextResponse(said, 503, {"cache-control": "no-store"})


def _sending(saying: _Saying) -> Sending:
    return Sending(_read, "", told=saying)


def _read(ref: Ref) -> bytes:
    with open(ref.file, "rb") as file:  # noqa: PTH123 - in a thread, for each answer
        file.seek(ref.offset)
        return file.read(ref.size)


def _moved(target: str, status: int) -> Response:
    return Response(status_code=status, headers={"location": target})


def _files(folder: str) -> list[tuple[str, str]]:
    """Give the files of a folder, by their path below it."""
    return [
        (os.path.relpath(os.path.join(place, name), folder).replace(os.sep, "/"), os.path.join(place, name))  # noqa: PTH118
        for place, _, names in os.walk(folder)
        for name in names
        if name not in delivery.READ_BY_HOSTS
    ]


def _is_form(path: str, found: dict[str, str]) -> bool:
    """Tell whether a file is the compressed form of another."""
    return any(path.endswith(ending) and path.removesuffix(ending) in found for _, ending in _FORMS)


def _artifact(path: str, found: dict[str, str]) -> Artifact:
    body, name = _body(found[path])
    forms = ((encoding, found.get(path + ending)) for encoding, ending in _FORMS)
    variants = tuple(Variant(encoding, *_body(file)) for encoding, file in forms if file is not None)
    return Artifact(path, body, name, media_type(path), path, variants=variants)


def _body(file: str) -> tuple[Ref, str]:
    with open(file, "rb") as opened:  # noqa: PTH123
        return Ref(file, 0, os.fstat(opened.fileno()).st_size), digest_file(opened)
