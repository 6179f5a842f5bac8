"""`ssg watch`: from the moment that a file is saved to the event that tells the browser."""

import re
import statistics
import time
import urllib.request
from pathlib import Path
from urllib.parse import quote, urlsplit

from benchmarks.figures import Figure, held
from benchmarks.sites import Sites
from tests.serve.watching import Stream, Watch, watch

_RELEASE = re.compile(rb"client\.js\?release=(\w+)")
# Seconds between two saves: the preview is at rest, as when a person types.
_PAUSE = 0.6
# How long, in seconds, the first build of a preview may take.
_PATIENCE = 300.0


def figure(sites: Sites, saves: int) -> Figure:
    """Save a page that a browser shows, `saves` times after one that does not count, and wait for each event."""
    source = sorted((sites.ssg / "content").rglob("*.md"))[sites.pages // 2]
    url = quote(f"/{source.relative_to(sites.ssg / 'content').with_suffix('').as_posix()}/")
    with watch(sites.ssg) as running:
        running.built(_PATIENCE)
        times = _times(running, source, url, saves)
    middle = statistics.median(times)
    bar, met = held(sites.pages, {1_000: 60, 10_000: 150}, middle * 1e3, "at most {:.0f} ms")
    what = f"{middle * 1e3:.0f} ms, at the most {max(times) * 1e3:.0f} ms in {saves} saves"
    return Figure(sites.pages, "saved to reload event", what, bar, met)


def _times(running: Watch, source: Path, url: str, saves: int) -> list[float]:
    """Give the seconds that each save took, read from the event stream as a browser does."""
    found = _RELEASE.search(_page(running, url))
    release = found[1].decode() if found else ""
    text = source.read_text(encoding="utf-8")
    times: list[float] = []
    with Stream(urlsplit(running.url).port or 80, url, release) as stream:
        stream.event()  # what there is when a page is opened
        for number in range(saves + 1):
            time.sleep(_PAUSE)
            begin = time.perf_counter()
            source.write_text(f"{text}\n\nSave{number}.\n", encoding="utf-8")
            told = stream.event()
            times.append(time.perf_counter() - begin)
            if told["page"] == "same" or f"Save{number}.".encode() not in _page(running, url):
                message = f"the event after save {number} does not tell of it: {told}"
                raise RuntimeError(message)
    return times[1:]


def _page(running: Watch, url: str) -> bytes:
    with urllib.request.urlopen(running.url.rstrip("/") + url, timeout=10) as answer:  # noqa: S310 - this machine's
        body: bytes = answer.read()
    return body
