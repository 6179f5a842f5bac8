"""One load of one page in a browser, in a context of its own: nothing is cached, nothing is shared with others."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib.resources import files
from typing import Any, NamedTuple

import msgspec

from ssg.audit.chromium import PATIENCE, Browser, BrowserError, Event
from ssg.audit.values import Device, Resource, Run

BACKGROUND = (
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
    "--disable-background-timer-throttling",
)
"""Options of a browser that opens several pages at once: none is slowed because another is in front of it."""
QUIET = 0.3
"""How many seconds nothing may be fetched after the page is idle, until a load counts as ended."""
_TAKEN = "Target.attachedToTarget"


class Refused(Exception):  # noqa: N818 - it says what a URL did
    """A page could not be opened; the text says why, as the browser words it."""


class _Answer(msgspec.Struct):
    """A file on its way."""

    url: str
    type: str
    status: int = 0
    encoded: int = 0
    decoded: int = 0
    length: int = 0
    cached: bool = False

    @property
    def bytes(self) -> int:
        """The bytes of the body as they came.

        Chromium counts what it received of a body that was decoded, and for some of the others nothing: then what the
        server said counts, or else the body itself. What it had already came from nowhere.
        """
        return 0 if self.cached else self.encoded or self.length or self.decoded


class Visit:
    """A load of a page that is under way.

    `begin` opens it; then, while events of the browser are listened to, `settled` turns true when the page is loaded
    and nothing has been fetched for a while; `end` closes it.
    """

    def __init__(self, browser: Browser, url: str, device: Device) -> None:
        self.url = url
        self.device = device
        self._browser = browser
        self._answers: dict[tuple[str, str], _Answer] = {}
        self._marks: set[str] = set()
        self._last = time.monotonic()
        self._loader = ""
        self._end = self._last + PATIENCE * (4 if device.throttle else 1)
        self._context = browser.send("Target.createBrowserContext")["browserContextId"]
        target = browser.send("Target.createTarget", url="about:blank", browserContextId=self._context, newWindow=True)[
            "targetId"
        ]
        self.session = browser.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self._sessions = [self.session]
        browser.follow(self.session, self._hear)

    def begin(self) -> "Visit":
        """Set the device and open the page.

        Raises:
            Refused: the page cannot be opened.
        """
        self._prepare(self.session)
        profile, mobile = self.device.profile, self.device.profile.density > 1
        size = {"width": profile.width, "height": profile.height, "deviceScaleFactor": profile.density}
        self._send("Emulation.setDeviceMetricsOverride", **size, mobile=mobile)
        self._send("Emulation.setTouchEmulationEnabled", enabled=mobile)
        self._send("Page.enable")
        self._send("Page.setLifecycleEventsEnabled", enabled=True)
        script = files("ssg.audit").joinpath("vitals.js").read_text(encoding="utf-8")
        self._send("Page.addScriptToEvaluateOnNewDocument", source=script)
        said = self._send("Page.navigate", url=self.url)
        if said.get("errorText"):
            raise Refused(said["errorText"])
        self._loader = said.get("loaderId", "")
        return self

    @property
    def settled(self) -> bool:
        """Whether the page is loaded, and nothing was fetched for a while.

        Raises:
            BrowserError: this takes longer than a page may.
        """
        now = time.monotonic()
        idle = all(f"{self._loader}:{mark}" in self._marks for mark in ("load", "networkIdle"))
        if idle and now - self._last > QUIET:
            return True
        if now > self._end:
            raise BrowserError(f"{self.url} did not end loading")
        return False

    def result(self) -> Run:
        """Give what was seen of the page so far."""
        found = self._send("Runtime.evaluate", expression="window.__ssgAudit()", returnByValue=True)
        seen: dict[str, Any] = found.get("result", {}).get("value") or {}
        blocking = set(seen.pop("blocking", ()))
        resources = [
            Resource(one.url, one.type, one.status, one.bytes, one.url in blocking)
            for one in self._answers.values()
            if not one.cached and one.url.startswith(("http:", "https:"))
        ]
        nothing = {"shift": 0, "shifts": (), "element": "", "largest": 0, "first": 0, "blocked": 0}
        return msgspec.convert({**nothing, **seen, "resources": resources}, Run, from_attributes=True)

    def end(self) -> None:
        """Close the page, and forget its context with all that it has cached."""
        for session in self._sessions:
            self._browser.leave(session)
        self._browser.send("Target.disposeBrowserContext", browserContextId=self._context)

    def _send(self, method: str, **values: object) -> dict[str, Any]:
        return self._browser.send(method, self.session, **values)

    def _prepare(self, session: str) -> None:
        """Watch the requests of a page, or of a frame that the browser gives a process of its own."""
        post = self._browser.post
        post("Network.enable", session)
        post("Target.setAutoAttach", session, autoAttach=True, waitForDebuggerOnStart=True, flatten=True)
        throttle = self.device.throttle
        if throttle is not None:
            said = {"latency": throttle.latency, "downloadThroughput": throttle.down, "uploadThroughput": throttle.up}
            post("Network.emulateNetworkConditions", session, offline=False, **said)
            if session == self.session:
                post("Emulation.setCPUThrottlingRate", session, rate=throttle.processor)
        post("Runtime.runIfWaitingForDebugger", session)

    def _hear(self, event: Event) -> None:
        method, said = event.get("method", ""), event.get("params", {})
        if method == _TAKEN:
            inner = said["sessionId"]
            self._sessions.append(inner)
            self._browser.follow(inner, self._hear)
            self._prepare(inner)
        elif method == "Page.lifecycleEvent":
            self._marks.add(f"{said['loaderId']}:{said['name']}")
        elif method.startswith("Network."):
            self._last = time.monotonic()
            self._network(
                method.removeprefix("Network."), (event.get("sessionId", ""), said.get("requestId", "")), said
            )

    def _network(self, method: str, key: tuple[str, str], said: dict[str, Any]) -> None:
        if method == "requestWillBeSent":
            if "redirectResponse" in said and key in self._answers:
                moved = self._answers.pop(key)
                moved.status = said["redirectResponse"]["status"]
                self._answers[key[0], f"{key[1]} {moved.url}"] = moved
            self._answers[key] = _Answer(said["request"]["url"].partition("#")[0], said.get("type", "Other"))
        elif (answer := self._answers.get(key)) is None:
            return
        elif method == "responseReceived":
            answer.status = said["response"]["status"]
            answer.cached = answer.cached or said["response"].get("fromDiskCache", False)
            answer.length = _length(said["response"]["headers"])
        elif method == "requestServedFromCache":
            answer.cached = True
        elif method == "dataReceived":
            answer.encoded += said["encodedDataLength"]
            answer.decoded += said["dataLength"]


def _length(headers: Mapping[str, str]) -> int:
    """Give what a server says of the size of a body, 0 where it says nothing."""
    said = next((value for name, value in headers.items() if name.lower() == "content-length"), "")
    return int(said) if said.isdigit() else 0


class Visited(NamedTuple):
    """A page that was loaded, and what was seen; `reason` says why it could not be, else it is empty."""

    url: str
    device: Device
    run: Run | None
    reason: str = ""


def visit_all(
    browser: Browser, wanted: Iterable[tuple[str, Device]], together: int, quiet: Callable[[str], bool]
) -> Iterator[Visited]:
    """Load pages, so many at once, and give each when it has ended.

    `quiet` tells of a URL whether its server is done with it too.

    Raises:
        BrowserError: the browser fails.
    """
    waiting = list(wanted)[::-1]
    running: list[Visit] = []
    while waiting or running:
        while waiting and len(running) < together:
            url, device = waiting.pop()
            visit = Visit(browser, url, device)
            try:
                running.append(visit.begin())
            except Refused as reason:
                visit.end()
                yield Visited(url, device, None, str(reason))
        browser.listen(0.05)
        for visit in [one for one in running if one.settled and quiet(one.url)]:
            running.remove(visit)
            result = visit.result()
            visit.end()
            yield Visited(visit.url, visit.device, result)
