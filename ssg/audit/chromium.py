"""A headless Chromium, commanded by the DevTools protocol over a pipe: no port is opened, no library is needed."""

import json
import os
import select
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO, Any, NamedTuple

FLAGS = (
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
UNCONFINED = "--no-sandbox"
"""What a browser needs where it cannot confine its pages: as root, and in containers without user namespaces."""
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge")
"""Programs that are a Chromium, in the order in which they are looked for."""
PATIENCE = 30.0
"""How many seconds a browser may take for an answer."""
_KEPT = 1000

Event = dict[str, Any]
Hear = Callable[[Event], None]


class BrowserError(Exception):
    """The browser has ended, does not answer, or cannot do what it was told."""


class Browser:
    """A browser that takes commands and gives answers, each with a NUL after it.

    What it says unasked of a session that is followed goes to who follows it; the last thousand others are kept in
    `events`.
    """

    def __init__(self, commands: IO[bytes], answers: IO[bytes]) -> None:
        self.events: list[Event] = []
        self._commands = commands
        self._answers = answers.fileno()
        self._read = b""
        self._number = 0
        self._followed: dict[str, Hear] = {}

    def follow(self, session: str, hear: Hear) -> None:
        """Have all events of a session given to `hear`; they come while a command is sent, and in `listen`."""
        self._followed[session] = hear

    def leave(self, session: str) -> None:
        """Follow a session no longer."""
        self._followed.pop(session, None)

    def send(self, method: str, session: str = "", **values: object) -> dict[str, Any]:
        """Send a command, to a page where a session is given, and wait for its answer.

        Raises:
            BrowserError: the browser refuses, does not answer within `PATIENCE`, or has ended.
        """
        number = self.post(method, session, **values)
        while True:
            answer = json.loads(self._message(PATIENCE))
            if answer.get("id") == number:
                if "error" in answer:
                    message = f"{method}: {answer['error'].get('message', answer['error'])}"
                    raise BrowserError(message)
                found: dict[str, Any] = answer["result"]
                return found
            self._hear(answer)

    def post(self, method: str, session: str = "", **values: object) -> int:
        """Send a command without waiting, and give its number; its answer is kept or given like an event."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": values} | ({"sessionId": session} if session else {})
        try:
            self._commands.write(json.dumps(message).encode() + b"\0")
            self._commands.flush()
        except OSError as reason:
            raise BrowserError("the browser has ended") from reason
        return self._number

    def listen(self, seconds: float) -> bool:
        """Wait for one event, at most so many seconds; tell whether one came."""
        if b"\0" not in self._read and not select.select([self._answers], [], [], seconds)[0]:
            return False
        self._hear(json.loads(self._message(PATIENCE)))
        return True

    def _hear(self, event: Event) -> None:
        hear = self._followed.get(event.get("sessionId", ""))
        if hear is not None:
            hear(event)
            return
        self.events.append(event)
        del self.events[:-_KEPT]

    def _message(self, patience: float) -> bytes:
        while b"\0" not in self._read:
            if not select.select([self._answers], [], [], patience)[0]:
                raise BrowserError("the browser does not answer")
            part = os.read(self._answers, 1 << 16)
            if not part:
                raise BrowserError("the browser has ended")
            self._read += part
        message, _, self._read = self._read.partition(b"\0")
        return message


def find_chromium() -> str:
    """Give the path of a Chromium on this machine; empty where there is none."""
    return next((found for name in NAMES if (found := shutil.which(name))), "")


@contextmanager
def pipe_to(program: str, profile: Path, *options: str) -> Iterator[tuple[IO[bytes], IO[bytes]]]:
    """Run a browser with its profile in a folder; give where it takes commands, and where it answers."""
    command = [program, *FLAGS, f"--user-data-dir={profile}", *options, "--remote-debugging-pipe"]
    # The browser reads commands from descriptor 3 and answers on 4.
    shell = ["sh", "-c", 'exec "$@" 3<&0 4>&1 </dev/null >/dev/null', "sh", *command]
    pipe = subprocess.PIPE
    with subprocess.Popen(shell, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL) as browser:  # noqa: S603 - found on PATH
        if browser.stdin is None or browser.stdout is None:
            raise BrowserError("the browser has no pipes")
        try:
            yield browser.stdin, browser.stdout
        finally:
            browser.kill()
            with suppress(OSError):  # a command that was not taken any more
                browser.stdin.close()


@contextmanager
def launched(program: str, *options: str) -> Iterator[Browser]:
    """Run a browser with a new, empty profile, which is removed after it."""
    with (
        tempfile.TemporaryDirectory(prefix="ssg-audit-", ignore_cleanup_errors=True) as profile,
        pipe_to(program, Path(profile), *options) as (commands, answers),
    ):
        yield Browser(commands, answers)


class Started(NamedTuple):
    """A browser that answers, its version, and whether it runs without a sandbox, as nothing else was possible."""

    browser: Browser
    version: str
    unconfined: bool


@contextmanager
def started(program: str, *options: str, trusted: bool) -> Iterator[Started]:
    """Run a browser that confines its pages where it can.

    It cannot as root. Where it ends because of something else that it lacks, as in a container without user
    namespaces, it runs without a sandbox if all pages are `trusted`, as those of one's own site are.

    Raises:
        BrowserError: it does not answer.
    """
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    ways = (True,) if root else (False, True) if trusted else (False,)
    with ExitStack() as stack:
        for unconfined in ways:
            browser = stack.enter_context(launched(program, *options, *((UNCONFINED,) if unconfined else ())))
            try:
                version = str(browser.send("Browser.getVersion")["product"])
                break
            except BrowserError:
                stack.close()
                if unconfined is ways[-1]:
                    raise
        yield Started(browser, version, unconfined)
