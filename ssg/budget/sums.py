"""What the fetches of a page add up to, by key of a limit."""

from collections.abc import Callable, Collection, Iterable, Mapping
from operator import attrgetter

import msgspec

from ssg.budget.values import Fetch, Kind, Label, Phase, Sizes, Weight
from ssg.config import CLASSES

_SCOPES = {
    Phase.CRITICAL: ("", "critical.", "all."),
    Phase.INITIAL: ("", "all."),
    Phase.LAZY: ("lazy.", "all."),
}
PAGE_KEYS = frozenset(f"{scope}{name}" for scope in _SCOPES[Phase.CRITICAL] for name in ("html", "total"))
"""The keys whose bytes are also the page's own."""
SINGLE = "single-file"
SHOWN = frozenset((*CLASSES, *(f"requests.{name}" for name in CLASSES if name != "total"), "requests"))
"""What reports show of every page, with or without a limit."""
_RANKS = {Label.EXACT: 0, Label.UPPER: 1, Label.ASSUMED: 2}
LABELS = tuple(_RANKS)
_ASKED = attrgetter("url", "phase", "kind", "label", "sizes")


def encodings_of(fetches: Iterable[Iterable[Fetch]]) -> frozenset[str]:
    """Give the encodings that make any file of the site smaller, of those that are fetched; the best first is `br`."""
    sizes = {one.sizes for some in fetches for one in some if one.sizes is not None and not one.third_party}
    return frozenset(name for name in ("br", "gzip") if any(one.measured(name) != one.raw for one in sizes))


class Sum(msgspec.Struct, frozen=True):
    """Bytes, or a number of files; how sure that is, as a position in `LABELS`; whether a size in it is not known."""

    amount: int = 0
    rank: int = 0
    unknown: bool = False


NOTHING = Sum()
Sized = Callable[[Fetch], Sizes | None]
"""Gives the sizes of what is fetched, None where nobody knows."""


class Sums:
    """Adds up fetches; pages that fetch the same files beside themselves are added up once.

    `wanted` are the keys that anybody asks for.
    """

    def __init__(self, wanted: Collection[str], sized: Sized) -> None:
        self.wanted = wanted
        self.sized = sized
        self.numbers: dict[tuple[object, ...], int] = {}
        self.weights: list[Weight] = []
        self.known: dict[tuple[int, str], Mapping[str, Sum]] = {}
        self.keys: dict[tuple[Phase, Kind, bool], tuple[tuple[str, ...], tuple[str, ...]]] = {}

    def number(self, weight: Weight) -> int:
        """Give the number of what a page fetches beside itself: equal for pages that fetch the same."""
        asked = tuple(map(_ASKED, weight.fetches[1:]))
        number = self.numbers.setdefault(asked, len(self.weights))
        if number == len(self.weights):
            self.weights.append(weight)
        return number

    def of(self, number: int, measure: str) -> Mapping[str, Sum]:
        """Give the sums by key, in the encoding `measure`, without the bytes of the page, which it counts as a file."""
        known = self.known.get((number, measure))
        if known is None:
            known = self.known[number, measure] = self._added(self.weights[number], measure)
        return known

    def _added(self, weight: Weight, measure: str) -> Mapping[str, Sum]:
        amounts: dict[str, int] = {}
        ranks: dict[str, int] = {}
        unknown: set[str] = set()
        for position, fetch in enumerate(weight.fetches):
            sizes = self.sized(fetch) if position else Sizes(0)
            size = sizes.measured(measure) if sizes is not None else 0
            rank = _RANKS[fetch.label if sizes is fetch.sizes or not position else Label.ASSUMED]
            of_bytes, of_files = self.keys_of(fetch)
            for key in of_bytes:
                amounts[key] = max(amounts.get(key, 0), size) if key == SINGLE else amounts.get(key, 0) + size
                if rank:
                    ranks[key] = max(ranks.get(key, 0), rank)
            for key in of_files:
                amounts[key] = amounts.get(key, 0) + 1
                if rank == 1:
                    ranks[key] = 1
            if sizes is None:
                unknown.update(of_bytes)
        return {key: Sum(amount, ranks.get(key, 0), key in unknown) for key, amount in amounts.items()}

    def keys_of(self, fetch: Fetch) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Give the keys that count the bytes of a fetch, and those that count it as a file."""
        asked = (fetch.phase, fetch.kind, fetch.third_party)
        known = self.keys.get(asked)
        if known is None:
            names = (fetch.kind, "total", *(("third-party",) if fetch.third_party else ()))
            sized = [f"{scope}{name}" for scope in _SCOPES[fetch.phase] for name in names]
            files = [
                f"{scope}requests" if name == "total" else f"{scope}requests.{name}"
                for scope in _SCOPES[fetch.phase]
                for name in names
            ]
            sized += [SINGLE] if fetch.phase is not Phase.LAZY else []
            known = (
                tuple(key for key in sized if key in self.wanted),
                tuple(key for key in files if key in self.wanted),
            )
            self.keys[asked] = known
        return known
