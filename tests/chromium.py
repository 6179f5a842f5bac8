"""A headless Chromium whose pages a test can read, type into and take apart, by the DevTools protocol over a pipe."""

import contextlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from ssg.audit.chromium import PATIENCE, UNCONFINED, Browser, BrowserError, pipe_to
from tests.conftest import require


class Chromium(Browser):
    """A browser that opens pages."""

    def tab(self, url: str = "about:blank", *, window: bool = True) -> "Tab":
        """Open a page in a window of its own, or in that of the last one."""
        target = self.send("Target.createTarget", url="about:blank", newWindow=window)["targetId"]
        session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        tab = Tab(self, session, target)
        return tab.open(url) if url != "about:blank" else tab


class Tab:
    """One page of a browser."""

    def __init__(self, browser: Chromium, session: str, target: str) -> None:
        self._browser = browser
        self._session = session
        self._target = target

    def send(self, method: str, **values: object) -> dict[str, Any]:
        """Send a command and wait for its answer."""
        return self._browser.send(method, self._session, **values)

    def ask(self, expression: str) -> Any:
        """Give the value of an expression in the page; a promise is waited for."""
        answer = self.send("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, f"{expression}: {answer['exceptionDetails']}"
        return answer["result"].get("value")

    def wait(self, expression: str) -> Any:
        """Wait until an expression in the page has a value that counts as true, also over reloads, and give it."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            with contextlib.suppress(AssertionError, BrowserError):  # the page was just being left
                if found := self.ask(expression):
                    return found
            time.sleep(0.02)
        raise AssertionError(f"{expression} did not come: {self.ask('document.documentElement.outerHTML')}")

    def open(self, url: str) -> Self:
        """Go to a URL, and wait until the page is loaded."""
        said = self.send("Page.navigate", url=url)
        assert "errorText" not in said, said
        self.wait("document.readyState == 'complete' && location.href != 'about:blank'")
        return self

    def show(self) -> Self:
        """Bring the page to the front of its window, which hides the others there."""
        self.send("Page.bringToFront")
        return self

    def close(self) -> None:
        """Close the page, as a reader does."""
        self._browser.send("Target.closeTarget", targetId=self._target)

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
def chromium(profile: Path, *options: str) -> Iterator[Chromium]:
    """Run a browser."""
    with pipe_to(require("chromium"), profile, UNCONFINED, *options) as (commands, answers):
        yield Chromium(commands, answers)


@contextmanager
def tab(profile: Path, *options: str) -> Iterator[Tab]:
    """Give a page in a browser of its own."""
    with chromium(profile, *options) as browser:
        yield browser.tab()
