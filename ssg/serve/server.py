"""A web server in a thread of its own, and the socket it listens on."""

import asyncio
import errno
import socket
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

import msgspec
import uvicorn
from starlette.types import ASGIApp

from ssg.errors import ConfigError, Location, error
from ssg.serve.hub import Hub
from ssg.serve.mistakes import Mistakes
from ssg.serve.snapshot import Snapshot

# How many ports after the one that was asked for are tried.
_TRIES = 100
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - what a browser on this machine asks


class Address(msgspec.Struct, frozen=True):
    """Where the preview listens: the socket, the host as given, and the origin that a browser here asks."""

    socket: Any
    host: str
    port: int

    @property
    def origin(self) -> str:
        """The URL without a path, `http://127.0.0.1:8000`."""
        host = _EVERYWHERE.get(self.host, self.host)
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"


def listen(host: str, port: int) -> Address:
    """Listen at a host, at the port or the next free one; 0 leaves the choice to the system.

    Connections wait until a server takes them.

    Raises:
        ConfigError: the host is none of this machine's, or no port can be had.
    """
    name = host.strip("[]")
    try:
        family, _, _, _, place = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)[0]
    except (OSError, UnicodeError) as reason:
        message = f"is no address of this machine: {reason}"
        raise ConfigError(error("host", message, Location(host), "leave --host out, or use ::1")) from reason
    for number in range(port, min(port + _TRIES, 65536)) if port else (0,):
        listening = socket.socket(family, socket.SOCK_STREAM)
        try:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind((place[0], number, *place[2:]))
            listening.listen(128)
        except OSError as reason:
            listening.close()
            if reason.errno != errno.EADDRINUSE:
                message = f"cannot be listened at: {(reason.strerror or str(reason)).lower()}"
                where = Location(f"{host}:{number}")
                raise ConfigError(error("host", message, where, "choose another --host or --port")) from reason
        else:
            return Address(listening, name, listening.getsockname()[1])
    message = f"has no free port from {port} on"
    raise ConfigError(error("host", message, Location(host), "choose another --port"))


class Server:
    """Serves an application in a thread, until it is left; a context manager.

    Builds take place in the main thread, where Ctrl-C arrives: it ends them as it ends any other program.
    """

    def __init__(self, app: ASGIApp, hub: Hub, address: Address, failed: Callable[[BaseException], None]) -> None:
        """Take what to serve and where; `failed` is told in the server's thread where it ends by itself."""
        self._hub = hub
        self._socket = address.socket
        self._failed = failed
        self._uvicorn = uvicorn.Server(
            uvicorn.Config(
                app,
                access_log=False,
                http="h11",
                lifespan="off",
                log_config=None,
                log_level="critical",
                loop="asyncio",
                server_header=False,
                ws="none",
            )
        )
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="ssg-serve", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(self, kind: type[BaseException] | None, _: object, __: TracebackType | None) -> None:
        """End at once: streams are closed, answers that are under way are cut off."""
        self._call(self._hub.close)
        self._uvicorn.should_exit = self._uvicorn.force_exit = True
        self._thread.join()

    def publish(self, snapshot: Snapshot, mistakes: Mistakes) -> None:
        """Show a snapshot from now on."""
        self._call(self._hub.publish, snapshot, mistakes)

    def _call(self, function: Callable[..., object], *arguments: object) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(function, *arguments)

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as reason:  # noqa: BLE001 - told to the thread that can end
            self._failed(reason)
        finally:
            self._ready.set()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._ready.set()
        await self._uvicorn.serve([self._socket])
