"""A page in headless Chromium that a test can type into, by the DevTools protocol over a pipe."""

import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

from tests.conftest import require

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 30  # seconds


class Tab:
    """One page of a browser that takes commands and gives answers, each with a NUL after it."""

    def __init__(self, commands: BinaryIO, answers: BinaryIO) -> None:
        self._commands = commands
        self._answers = answers
        self._number = 0
        self._session = ""
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]

    def send(self, method: str, **values: object) -> dict[str, Any]:
        """Send a command and wait for its answer."""
        self._number += 1
        session = {"sessionId": self._session} if self._session else {}
        message = {"id": self._number, "method": method, "params": values, **session}
        self._commands.write(json.dumps(message).encode() + b"\0")
        self._commands.flush()
        while True:
            answer = json.loads(self._message())
            if answer.get("id") == self._number:
                assert "error" not in answer, answer
                found: dict[str, Any] = answer["result"]
                return found

    def _message(self) -> bytes:
        read = bytearray()
        while (byte := self._answers.read(1)) != b"\0":
            assert byte, "the browser has ended"
            read += byte
        return bytes(read)

    def ask(self, expression: str) -> Any:
        """Give the value of an expression in the page."""
        answer = self.send("Runtime.evaluate", expression=expression, returnByValue=True)
        return answer["result"].get("value")

    def wait(self, expression: str) -> Any:
        """Wait until an expression in the page has a value that counts as true, and give it."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if found := self.ask(expression):
                return found
            time.sleep(0.05)
        raise AssertionError(f"{expression} did not come: {self.ask('document.body.innerText')}")

    def open(self, url: str) -> None:
        self.send("Page.navigate", url=url)
        self.wait("document.readyState == 'complete' && location.href != 'about:blank'")

    def type(self, text: str) -> None:
        """Type text where the focus is; a line feed is the key Enter."""
        for part in text.splitlines(keepends=True):
            if word := part.rstrip("\n"):
                self.send("Input.insertText", text=word)
            if part.endswith("\n"):
                key = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13, "text": "\r"}
                self.send("Input.dispatchKeyEvent", type="keyDown", **key)
                self.send("Input.dispatchKeyEvent", type="keyUp", **key)

    def press_tab(self) -> None:
        key = {"key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9}
        self.send("Input.dispatchKeyEvent", type="keyDown", **key)
        self.send("Input.dispatchKeyEvent", type="keyUp", **key)


@contextmanager
def tab(profile: Path, *options: str) -> Iterator[Tab]:
    """Give a page in a browser of its own."""
    command = [require("chromium"), *FLAGS, f"--user-data-dir={profile}", *options, "--remote-debugging-pipe"]
    # The browser reads commands from descriptor 3 and answers on 4.
    shell = ["sh", "-c", 'exec "$@" 3<&0 4>&1 </dev/null >/dev/null', "sh", *command]
    pipe = subprocess.PIPE
    with subprocess.Popen(shell, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL) as browser:
        try:
            yield Tab(cast("BinaryIO", browser.stdin), cast("BinaryIO", browser.stdout))
        finally:
            browser.kill()
