"""The values of an audit: what a browser did with a page, and how it is judged."""

import msgspec

from ssg.budget.values import DESKTOP, MOBILE, Profile, Verdict


class Throttle(msgspec.Struct, frozen=True):
    """How slow the network and the processor are made: ms before an answer begins, bytes a second, a factor."""

    latency: float
    down: float
    up: float
    processor: int


_KILOBIT = 1024 / 8
# Lighthouse slows single requests, as DevTools do, by these factors of what a whole connection has
# (its constants for "devtools" throttling): a request costs more than one round trip.
_LATENCY, _THROUGHPUT = 3.75, 0.9

SLOW_4G = Throttle(150 * _LATENCY, 1.6 * 1024 * _KILOBIT * _THROUGHPUT, 750 * _KILOBIT * _THROUGHPUT, 4)
CABLE = Throttle(40 * _LATENCY, 10 * 1024 * _KILOBIT * _THROUGHPUT, 10 * 1024 * _KILOBIT * _THROUGHPUT, 1)


class Device(msgspec.Struct, frozen=True):
    """What a page is opened on: a profile, and how slow it is (None: as fast as this machine)."""

    profile: Profile
    throttle: Throttle | None = None


DEVICES = (Device(MOBILE, SLOW_4G), Device(DESKTOP, CABLE))
"""Those of Lighthouse: a middling phone on slow 4G (150 ms, 1.6 Mbit/s, a processor of a quarter), and a desk (40 ms,
10 Mbit/s)."""


class Resource(msgspec.Struct, frozen=True):
    """A file that a browser fetched: its URL and type as the browser names it, the bytes of its body as they came.

    `blocking` tells that the page was not painted before it was there.
    """

    url: str
    type: str
    status: int
    bytes: int
    blocking: bool = False


class Shift(msgspec.Struct, frozen=True):
    """What moved: the element in words, and its part in the layout shift."""

    element: str
    score: float


class Run(msgspec.Struct, frozen=True):
    """One load of a page with an empty cache, until nothing was fetched any more; times in ms since the navigation.

    `element` is what was the largest, in words. `blocked` is the total blocking time: of each task longer than 50 ms
    after the first paint, what is over 50 ms.
    """

    resources: tuple[Resource, ...]
    shift: float
    shifts: tuple[Shift, ...]
    element: str
    largest: float
    first: float
    blocked: float


class Measured(msgspec.Struct, frozen=True):
    """A page on one device: the median of its runs; times in ms, sizes in bytes.

    `spread` are the lowest and highest of the figures that are not the same in every run. `resources` are those of the
    last run.
    """

    url: str
    profile: str
    runs: int
    bytes: int
    requests: int
    blocking: int
    cls: float
    lcp: float
    fcp: float
    tbt: float
    element: str
    resources: tuple[Resource, ...]
    shifts: tuple[Shift, ...]
    spread: dict[str, tuple[float, float]] = {}


class AuditReport(msgspec.Struct, frozen=True):
    """What all pages were measured at, and what is over a limit, errors first; `browser` is what measured it.

    `slack` is the per cent that times may be over; `unjudged` are the rules that nobody could hold a page against.
    `unconfined` tells that the browser could not confine the pages, and ran without a sandbox.
    """

    pages: tuple[Measured, ...]
    verdicts: tuple[Verdict, ...]
    browser: str
    slack: int
    unjudged: tuple[str, ...] = ()
    unconfined: bool = False

    @property
    def over(self) -> bool:
        """Whether any limit that fails an audit is not kept."""
        return any(one.level.value == "error" for one in self.verdicts)
