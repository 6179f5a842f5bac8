"""Pages → what a browser measured on them: several runs on each device, one after the other, and their medians."""

import statistics
from collections.abc import Callable, Iterable, Iterator, Sequence
from urllib.parse import urlsplit

from ssg.audit.chromium import Browser
from ssg.audit.values import DEVICES, Device, Measured, Resource, Run
from ssg.audit.visit import Visited, visit_all

RUNS = 5
"""How often a page is loaded: the median of five is twice as steady as a single run (Lighthouse, variability)."""
_KINDS = {
    "Document": "html",
    "Stylesheet": "css",
    "Script": "js",
    "Font": "font",
    "Image": "image",
    "Media": "media",
}


def measure(
    browser: Browser, urls: Iterable[str], runs: int, told: Callable[[str, int, int], None]
) -> Iterator[Measured | Visited]:
    """Load each URL so many times on each device; give what was measured, or the visit that failed.

    `told` is told how many loads of all are done. Nothing else is loaded meanwhile: two pages at once slow each other.

    Raises:
        BrowserError: the browser fails.
    """
    wanted = [(url, device) for url in urls for device in DEVICES]
    done = 0
    for url, device in wanted:
        seen: list[Run] = []
        for visited in visit_all(browser, [(url, device)] * runs, 1, lambda _: True):
            done += 1
            told("measure", done, len(wanted) * runs)
            if visited.run is None or (reason := _refused(visited.run)):
                yield visited if visited.run is None else visited._replace(run=None, reason=reason)
                break
            seen.append(visited.run)
        else:
            yield summed(url, device, seen)


def _refused(run: Run) -> str:
    """Say what is wrong with the answer that a page is, if it is an error."""
    page = next((one for one in run.resources if one.type == "Document" and not 300 <= one.status < 400), None)  # noqa: PLR2004
    return f"answers {page.status}" if page is not None and page.status >= 400 else ""  # noqa: PLR2004 - RFC 9110


def summed(url: str, device: Device, runs: Sequence[Run]) -> Measured:
    """Give the medians of some runs, with the lowest and highest of what was not the same in all of them."""
    seen: dict[str, list[float]] = {
        "bytes": [sum(one.bytes for one in run.resources) for run in runs],
        "requests": [len(run.resources) for run in runs],
        "blocking": [sum(one.blocking for one in run.resources) for run in runs],
        "cls": [round(run.shift, 4) for run in runs],
        "lcp": [round(run.largest, 1) for run in runs],
        "fcp": [round(run.first, 1) for run in runs],
        "tbt": [round(run.blocked, 1) for run in runs],
    }
    found = {name: statistics.median_low(values) for name, values in seen.items()}
    last = runs[-1]
    return Measured(
        url=url,
        profile=device.profile.name,
        runs=len(runs),
        bytes=int(found["bytes"]),
        requests=int(found["requests"]),
        blocking=int(found["blocking"]),
        cls=found["cls"],
        lcp=found["lcp"],
        fcp=found["fcp"],
        tbt=found["tbt"],
        element=last.element,
        resources=last.resources,
        shifts=last.shifts,
        spread={name: (min(values), max(values)) for name, values in seen.items() if min(values) != max(values)},
    )


def figures(page: Measured) -> dict[str, float]:
    """Give the figures of a page by the key of the limit that is for them.

    Times are in ms; one that was not measured, since nothing was painted, is left out.
    """
    host = next((urlsplit(one.url).netloc for one in page.resources if one.type == "Document"), "")
    found: dict[str, float] = {"total": page.bytes, "requests": page.requests, "cls": page.cls, "tbt": page.tbt}
    found |= {"critical.requests": page.blocking + 1, "third-party": 0, "requests.third-party": 0}
    for name in (*_KINDS.values(), "other"):
        found |= {name: 0, f"requests.{name}": 0}
    for one in page.resources:
        for name in (_kind(one), *(["third-party"] if urlsplit(one.url).netloc != host else [])):
            found[name] += one.bytes
            found[f"requests.{name}"] += 1
    found |= {name: value for name, value in (("lcp", page.lcp), ("fcp", page.fcp)) if value > 0}
    return found


def _kind(one: Resource) -> str:
    return _KINDS.get(one.type, "other")
