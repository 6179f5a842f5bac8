"""The open pages: each browser tab has an event stream, which tells it what a build means for the page it shows.

Everything here but `shown` belongs to the event loop. The stream is that of the HTML standard, section 9.2
(server-sent events): the digest of the release is the event's id, so that a browser which comes back says what it has.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from typing import Final

import msgspec

from ssg.serve.difference import RELOAD, SAME, Advice, compare
from ssg.serve.mistakes import Mistakes
from ssg.serve.published import Published
from ssg.serve.snapshot import Snapshot

# How long, in seconds, a snapshot is kept when there is a newer one: answers that are under way read from it, and its
# folder is removed when the tabs have been told.
_GRACE = 0.5
# A stream that carries nothing is not noticed when it breaks; proxies end it after a minute.
_HEARTBEAT = 15.0
# How long a browser waits before it comes back, in milliseconds.
_RETRY = 500
# Builds that a tab may sleep through and still be told exactly what changed for it.
_REMEMBERED = 8
# Messages that wait for a tab; one that takes none is told to load the page anew.
_WAITING = 16


class Told(msgspec.Struct, frozen=True):
    """What a tab is told: the release there is now, what it means for the page, and what the last build said."""

    release: str
    page: str
    styles: tuple[str, ...]
    files: tuple[str, ...]
    mistakes: Mistakes


class _Tab:
    """One open stream: the page it is for, and the messages that wait; an empty one is the last."""

    def __init__(self, page: str) -> None:
        self.page: Final = page
        self.waiting: Final[asyncio.Queue[bytes]] = asyncio.Queue(_WAITING)


class Hub:
    """The present snapshot, and the tabs that want to know of the next."""

    def __init__(self, snapshot: Snapshot, mistakes: Mistakes) -> None:
        self._snapshot = snapshot
        self._mistakes = mistakes
        self._tabs: set[_Tab] = set()
        self._shown: tuple[str, ...] = ()
        self._past: deque[Published] = deque(maxlen=_REMEMBERED)
        self._next = asyncio.Event()
        self._closed = False

    @property
    def snapshot(self) -> Snapshot:
        """What there is to show now."""
        return self._snapshot

    def shown(self) -> tuple[str, ...]:
        """Give the URL paths that open tabs show, sorted; may be called from any thread."""
        return self._shown

    def publish(self, snapshot: Snapshot, mistakes: Mistakes) -> None:
        """Put a snapshot in place of the present one, and tell every tab."""
        before, self._snapshot, self._mistakes = self._snapshot, snapshot, mistakes
        if before.published is not None and before.published is not snapshot.published:
            self._past.append(before.published)
        advise = _adviser(before.published, snapshot.published)
        anew = self._message(Advice(RELOAD))
        for tab in self._tabs:
            _send(tab, self._message(advise(tab.page)), anew)
        self._next.set()
        self._next = asyncio.Event()
        asyncio.get_running_loop().call_later(_GRACE, _let_go, before)

    async def changed(self, seconds: float) -> None:
        """Wait for the next snapshot, but not longer than this."""
        try:
            await asyncio.wait_for(self._next.wait(), seconds)
        except TimeoutError:
            return

    async def stream(self, page: str, release: str) -> AsyncIterator[bytes]:
        """Give the events for a tab that shows the URL path `page` as it was in a release, until the tab is closed."""
        if self._closed:
            return
        tab = _Tab(page)
        self._tabs.add(tab)
        self._look()
        try:
            yield f"retry: {_RETRY}\n\n".encode() + self._message(self._since(page, release))
            while True:
                try:
                    message = await asyncio.wait_for(tab.waiting.get(), _HEARTBEAT)
                except TimeoutError:
                    message = b":\n\n"
                if not message:
                    return
                yield message
        finally:
            self._tabs.discard(tab)
            self._look()

    def close(self) -> None:
        """End all streams."""
        self._closed = True
        for tab in self._tabs:
            _send(tab, b"", b"")

    def _look(self) -> None:
        self._shown = tuple(sorted({tab.page for tab in self._tabs}))

    def _since(self, page: str, release: str) -> Advice:
        """Say what happened to a page since a release, which the tab had before it came here."""
        published = self._snapshot.published
        if release == self._snapshot.digest:
            return Advice(SAME)
        past = next((one for one in self._past if one.digest == release), None)
        return _adviser(past, published)(page)

    def _message(self, advice: Advice) -> bytes:
        release = self._snapshot.digest
        told = Told(release, advice.page, advice.styles, advice.files, self._mistakes)
        return b"id: %s\nevent: build\ndata: %s\n\n" % (release.encode(), msgspec.json.encode(told))


def _adviser(old: Published | None, new: Published | None) -> Callable[[str], Advice]:
    """Give what says, for a page of one release, what another means for it."""
    if old is new:
        return lambda _: Advice(SAME)
    return compare(old, new).advise if old is not None and new is not None else lambda _: Advice(RELOAD)


def _let_go(snapshot: Snapshot) -> None:
    """Hold a snapshot until this is called, and no longer."""


def _send(tab: _Tab, message: bytes, instead: bytes) -> None:
    """Give a tab a message; where too many wait, `instead` takes the place of all."""
    if tab.waiting.full():
        while not tab.waiting.empty():
            tab.waiting.get_nowait()
        message = instead
    tab.waiting.put_nowait(message)
