"""Requests of HTTP to a provider, without a library of its own."""

import asyncio
import urllib.error
import urllib.request
from collections.abc import Sequence
from functools import partial

from ssg.deploy.remote import Pauses, RemoteError, Transient, together
from ssg.deploy.values import Request

_SECONDS = 30
_AT_ONCE = 4
_TOO_MANY, _FAILED = 429, 500
_DENIED = frozenset({401, 403})


class _Here(urllib.request.HTTPRedirectHandler):
    """Goes nowhere else: the request would become another one, and its credentials those of another host."""

    def redirect_request(self, *_: object) -> None:
        """Give no request, so that the answer counts as a refusal."""


async def send(requests: Sequence[Request], pauses: Pauses) -> None:
    """Send requests, a few at a time; what may succeed later is tried again.

    Raises:
        RemoteError: one was refused, or not answered in spite of all attempts.
    """

    async def one(number: int, request: Request) -> None:
        await pauses.retried(f"purge {number}", partial(asyncio.to_thread, _send, request))

    await together([partial(one, number, request) for number, request in enumerate(requests)], _AT_ONCE)


def _send(request: Request) -> None:
    host = request.url.partition("://")[2].partition("/")[0]
    if not request.url.startswith(("https://", "http://")):
        raise RemoteError("the endpoint of the purge is not an address of HTTP", "it begins with https://")
    asked = urllib.request.Request(  # noqa: S310 - its scheme was looked at
        request.url, request.body, dict(request.headers), method=request.method
    )
    try:
        with urllib.request.build_opener(_Here).open(asked, timeout=_SECONDS) as answer:
            answer.read()
    except urllib.error.HTTPError as reason:
        reason.close()
        if reason.code == _TOO_MANY or reason.code >= _FAILED:
            raise Transient(f"{host} answers the purge with {reason.code}") from None
        hint = "look at the credentials and their rights" if reason.code in _DENIED else "look at purge of the target"
        raise RemoteError(f"{host} refuses the purge with {reason.code}", hint) from None
    except (OSError, ValueError) as reason:
        told = getattr(reason, "reason", reason)
        raise Transient(f"{host} cannot be reached for the purge ({told})") from None
