"""The preview: build, show, wait for a change, build again."""

import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import msgspec

from ssg.errors import Diagnostic
from ssg.serve.app import make_app
from ssg.serve.difference import compare
from ssg.serve.hub import Hub
from ssg.serve.mistakes import describe
from ssg.serve.server import Address, Server
from ssg.serve.snapshot import Asked, Rebuild, Snapshot
from ssg.serve.watch import Watching


class Built(msgspec.Struct, frozen=True):
    """What one build of a preview did.

    `changed` are the paths that were saved, none for the first build; `files` is the number of files of the release
    that are now others. `shown` says that there is a release to show, if an older one; `repeated`, that the diagnostics
    are those of the build before.
    """

    changed: tuple[str, ...]
    failed: bool
    shown: bool
    diagnostics: tuple[Diagnostic, ...]
    repeated: bool
    rendered: int
    files: int
    seconds: float


class Look(msgspec.Struct, frozen=True):
    """How a preview is shown: to which further hosts it answers, and whether pages reload themselves."""

    hosts: tuple[str, ...] = ()
    reload: bool = True


def preview(root: str, address: Address, rebuild: Rebuild, look: Look, tell: Callable[[Built], None]) -> None:
    """Show a site folder at an address, until SIGINT or SIGTERM comes; `tell` is told of each build.

    Runs in the main thread, where Python handles signals.

    Raises:
        SiteError: the system cannot watch the folder.
        KeyboardInterrupt: the preview was ended.
    """
    with Watching(root) as watching, _interruptible(watching):
        snapshot, built = _build(rebuild, Snapshot(), Asked())
        watching.follow(snapshot.config)
        hub = Hub(snapshot, describe(snapshot.diagnostics, root))
        app = make_app(hub, (address.host, *look.hosts), reload=look.reload)
        with Server(app, hub, address, watching.end) as server:
            tell(built)
            # Nobody waits now: the first save finds all remembered, as the next ones do.
            ahead = rebuild(Asked()).rendered if not built.failed else 0

            def show(early: Snapshot) -> None:
                server.publish(early, describe(early.diagnostics, root))

            while True:
                changed = watching.wait()
                snapshot, built = _build(rebuild, snapshot, Asked(changed, hub.shown(), show))
                server.publish(snapshot, describe(snapshot.diagnostics, root))
                watching.follow(snapshot.config)
                tell(msgspec.structs.replace(built, rendered=built.rendered + ahead))
                ahead = 0


@contextmanager
def _interruptible(watching: Watching) -> Iterator[None]:
    """Have SIGINT and SIGTERM end the preview wherever they come.

    The exception that Python raises then is not enough. One that comes while a finalizer runs is printed and lost; one
    that comes just before the wait is raised when the wait is over, which it may never be. So a thread learns of each
    signal by the pipe of `signal.set_wakeup_fd`, and ends the wait. A shell that starts a command in the background
    has it ignore SIGINT; it goes on to.
    """
    numbers = [one for one in (signal.SIGINT, signal.SIGTERM) if signal.getsignal(one) is not signal.SIG_IGN]
    told, tell = socket.socketpair()

    def listen() -> None:
        while number := told.recv(1)[0]:
            if number in numbers:
                watching.end(KeyboardInterrupt())

    tell.settimeout(0)
    thread = threading.Thread(target=listen, name="ssg-signals", daemon=True)
    thread.start()
    pipe = signal.set_wakeup_fd(tell.fileno(), warn_on_full_buffer=False)
    before = [(one, signal.signal(one, signal.default_int_handler)) for one in numbers]
    try:
        yield
    finally:
        for one, handler in before:
            signal.signal(one, handler)
        signal.set_wakeup_fd(pipe)
        tell.send(b"\0")
        thread.join()
        told.close()
        tell.close()


def _build(rebuild: Rebuild, before: Snapshot, asked: Asked) -> tuple[Snapshot, Built]:
    """Build once, and say what that did."""
    begin = time.perf_counter()
    snapshot = rebuild(asked)
    seconds = time.perf_counter() - begin
    old, new = before.published, snapshot.published
    files = len(compare(old, new).changed) if old is not None and new is not None and old is not new else 0
    repeated = before.diagnostics == snapshot.diagnostics
    built = Built(
        changed=asked.changed,
        failed=snapshot.failed,
        shown=new is not None,
        diagnostics=snapshot.diagnostics,
        repeated=repeated,
        rendered=snapshot.rendered,
        files=files,
        seconds=seconds,
    )
    return snapshot, built
