"""Which names of this server a browser may use.

A page of any site can have a name that leads to 127.0.0.1, and then read a server on this machine as if it were its own
(DNS rebinding). Such a request carries the page's name in `Host`.
"""

import re
from collections.abc import Iterable

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[^:\[\]]+)(?::\d*)?")
_OWN = ("localhost", "127.0.0.1", "::1")


def host_name(header: str) -> str:
    """Give the name or address in a `Host` header, without port, brackets and final dot; empty where not valid."""
    found = _HOST.fullmatch(header.strip().lower())
    return found[1].strip("[]").removesuffix(".") if found else ""


class OwnHosts:
    """Refuses requests with a foreign `Host` header.

    This machine's own names are allowed, the address at which the request arrived, and `further` names.
    """

    def __init__(self, app: ASGIApp, further: Iterable[str]) -> None:
        self._app = app
        self._allowed = {*_OWN, *(name.lower().strip("[]").removesuffix(".") for name in further)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it with 403."""
        if scope["type"] != "http":
            return
        headers = [value for name, value in scope["headers"] if name == b"host"]
        name = host_name(headers[0].decode("latin-1")) if len(headers) == 1 else ""
        arrived = (scope.get("server") or ("",))[0]
        if name and name in self._allowed | {arrived}:
            await self._app(scope, receive, send)
            return
        said = f"This preview does not answer to the name {name or '(none)'}; ssg watch --allow-host NAME allows one.\n"
        await PlainTextResponse(said, 403)(scope, receive, send)
