"""Pages of a kind, which have the same limits and fetch the same files: what holds for all of them."""

import functools
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import msgspec

from ssg.budget import findings as said
from ssg.budget.judging import Judged, Reading, judge
from ssg.budget.matching import Decided, Limits
from ssg.budget.sums import LABELS, NOTHING, PAGE_KEYS, SHOWN, SINGLE, Sum, Sums, encodings_of
from ssg.budget.values import Cause, Fetch, Finding, Label, Level, Phase, Sizes, Weight
from ssg.config import AUDIT_KEYS, SITE_KEYS, Limit, unit_of

_HASHED = re.compile(r"\.[0-9a-f]{10}\.")
_OF_PAGE = frozenset((*PAGE_KEYS, SINGLE, "first-flight", "dom-nodes", "inline-css", "inline-js"))
_NOT_OF_PAGE = frozenset((*SITE_KEYS, *AUDIT_KEYS))


class Parts(msgspec.Struct, frozen=True):
    """What makes up a figure: files with bytes, the largest first; the page itself has an empty URL.

    `whole` tells that all of them together are the cause, as where files are counted.
    """

    sizes: tuple[tuple[str, int], ...]
    source: str
    whole: bool = False

    def files(self, limit: float) -> tuple[str, ...]:
        """Give the files that bring the figure over a limit: as many as it takes, the largest first.

        None where the page itself is one of them: pages differ in it.
        """
        taken, total = [], 0
        for url, size in self.sizes:
            if total > limit and not self.whole:
                break
            taken.append(url)
            total += size
        return () if "" in taken else tuple(sorted(taken))

    @property
    def causes(self) -> tuple[Cause, ...]:
        """The largest parts, as causes."""
        return tuple(
            Cause(url or "the page itself", "" if url else self.source, 0, size) for url, size in self.sizes[:5] if size
        )


class _Asked(NamedTuple):
    """A figure that is asked for of a page: its key, the limit, and the encoding of its bytes; empty for counts.

    `added` is the encoding in which its sums are added up, any for counts. `own` tells that the page itself is a part
    of it, `limited` that it is reported though it is nothing.
    """

    key: str
    decided: Decided | None
    measure: str
    added: str
    own: bool
    limited: bool


class Kind:
    """What holds for all pages of a kind; `shared` are the figures that are equal for them."""

    def __init__(self, kinds: "Kinds", weights: Sequence[Weight], limits: Limits) -> None:
        self.measure = kinds.measure
        self._kinds = kinds
        self._sums = kinds.sums
        self.numbers = [kinds.sums.number(one) for one in weights]
        self.shared: list[Judged] = []
        self.findings = tuple(_findings(weights, limits, kinds.sums))
        self._own: list[tuple[str, Decided | None, str, list[Sum]]] = []
        self._totals: dict[str, list[int]] = {}
        known: dict[str, list[Mapping[str, Sum]]] = {}
        for one in kinds.asked(limits):
            by_key = known.get(one.added)
            if by_key is None:
                by_key = known[one.added] = [kinds.sums.of(number, one.added) for number in self.numbers]
            bases = [sums.get(one.key, NOTHING) for sums in by_key]
            if one.own:
                self._own.append((one.key, one.decided, one.measure, bases))
            elif one.limited or any(base.amount for base in bases):
                readings = [
                    Reading(weight.profile, base.amount, base.rank) for weight, base in zip(weights, bases, strict=True)
                ]
                self.shared.append(judge(one.key, one.decided, one.measure, readings))

    @functools.cached_property
    def others(self) -> list[int]:
        """The bytes of files that a page brings beside itself and what the first page has brought, by profile."""
        return [self._kinds.others(number) for number in self.numbers]

    def own(self, weights: Sequence[Weight]) -> list[Judged]:
        """Judge the figures that a page has for itself."""
        return [
            judge(
                key,
                decided,
                measure,
                [
                    Reading(
                        one.profile,
                        _own_amount(key, one, base.amount, measure),
                        max(base.rank, _own_rank(key, measure)),
                    )
                    for one, base in zip(weights, bases, strict=True)
                ],
            )
            for key, decided, measure, bases in self._own
        ]

    def keeps(self, weights: Sequence[Weight]) -> bool:
        """Tell whether a page keeps all limits, so that nothing is said of it: a tenth of the work of its figures."""
        return self._shared_kept and all(
            least <= _own_amount(key, weights[position], base, measure) <= most
            for key, measure, position, base, least, most in self._bounds
        )

    @functools.cached_property
    def _shared_kept(self) -> bool:
        return not self.findings and all(one.level is None and one.below is None for one in self.shared)

    @functools.cached_property
    def _bounds(self) -> tuple[tuple[str, str, int, int, float, float], ...]:
        """What figures of the page itself must lie between, one by one for each profile."""
        found: list[tuple[str, str, int, int, float, float]] = []
        for key, decided, measure, bases in self._own:
            limit = decided.limit if decided is not None else Limit()
            bounds = [one for one in (limit.warn, limit.error) if one is not None]
            if bounds or limit.least is not None:
                most, least = min(bounds, default=math.inf), limit.least if limit.least is not None else -math.inf
                found += ((key, measure, position, base.amount, least, most) for position, base in enumerate(bases))
        return tuple(found)

    @functools.cached_property
    def encodings(self) -> frozenset[str]:
        """Those that make any file smaller that pages of this kind fetch beside themselves."""
        return encodings_of(self._sums.weights[number].fetches[1:] for number in self.numbers)

    def total(self, weights: Sequence[Weight], measure: str) -> int:
        """Give the bytes that a page has fetched unasked, itself and all, under the profile that has most."""
        known = self._totals.get(measure)
        if known is None:
            sums = (self._sums.of(number, measure) for number in self.numbers)
            known = self._totals[measure] = [one.get("total", NOTHING).amount for one in sums]
        return max(base + _sizes(one).measured(measure) for one, base in zip(weights, known, strict=True))

    def next(self, weights: Sequence[Weight]) -> Mapping[str, int]:
        """Give the bytes that a page brings to a browser that has the files of the site's first page, by profile."""
        return {
            one.profile: other + _sizes(one).measured(self.measure)
            for one, other in zip(weights, self.others, strict=True)
        }


class Kinds:
    """The kinds of pages of a site, each made once. `measure` is the encoding of figures that have no limit."""

    def __init__(self, sums: Sums, measure: str) -> None:
        self.sums = sums
        self.measure = measure
        self.known: dict[tuple[object, ...], Kind] = {}
        self.kept: dict[int, tuple[Limits, list[_Asked]]] = {}
        self.first: frozenset[str] = frozenset()

    def begin(self, weights: Iterable[Weight]) -> None:
        """Take the weights of the site's first page: files that it brings are there for the next."""
        self.first = frozenset(fetch.url for one in weights for fetch in one.fetches if _HASHED.search(fetch.url))

    def of(self, weights: Sequence[Weight], limits: Limits) -> Kind:
        """Give the kind of a page."""
        asked = (id(limits), *[(self.sums.number(one), one.unknown, one.lints) for one in weights])
        kind = self.known.get(asked)
        if kind is None:
            kind = self.known[asked] = Kind(self, weights, limits)
        return kind

    def asked(self, limits: Limits) -> list[_Asked]:
        """Give the figures that are asked for under some limits, sorted; those are kept: no other has their id."""
        known = self.kept.get(id(limits))
        if known is None:
            found = [_asked(key, limits.get(key), self.measure) for key in sorted({*SHOWN, *limits} - _NOT_OF_PAGE)]
            known = self.kept[id(limits)] = (limits, found)
        return known[1]

    def others(self, number: int) -> int:
        """Give the bytes of files that a page brings beside itself and what the first page has brought."""
        fetches = self.sums.weights[number].fetches[1:]
        asked = (one for one in fetches if one.phase is not Phase.LAZY and one.url not in self.first)
        return sum(sizes.measured(self.measure) for sizes in map(self.sums.sized, asked) if sizes is not None)

    def parts(self, key: str, weight: Weight, measure: str, source: str) -> Parts:
        """Give what makes up the figure of a page for a key."""
        counts = unit_of(key) == ""
        if key in _OF_PAGE and key not in PAGE_KEYS and key != SINGLE:
            return Parts((("", 0),), source)
        found = [("", _sizes(weight).measured(measure))] if key in PAGE_KEYS or key in {SINGLE, "requests"} else []
        for fetch in weight.fetches[1:]:
            of_bytes, of_files = self.sums.keys_of(fetch)
            sizes = self.sums.sized(fetch)
            if key in (of_files if counts else of_bytes):
                found.append((fetch.url, sizes.measured(measure or self.measure) if sizes is not None else 0))
        found.sort(key=lambda part: (-part[1], part[0]))
        return Parts(tuple(found[:1] if key == SINGLE else found), source, whole=counts)


def _asked(key: str, decided: Decided | None, measure: str) -> _Asked:
    found = _measure(key, decided, measure)
    limited = decided is not None and not decided.limit.off
    return _Asked(key, decided, found, found or measure, key in _OF_PAGE, limited)


def _measure(key: str, decided: Decided | None, measure: str) -> str:
    if unit_of(key) != "bytes" or key.startswith("inline-"):
        return ""
    return decided.limit.measure or measure if decided is not None else measure


def _sizes(weight: Weight) -> Sizes:
    return weight.fetches[0].sizes or Sizes(0)


def _own_amount(key: str, weight: Weight, base: int, measure: str) -> int:
    """Give a figure that the page itself is a part of, from what its files are."""
    if key in PAGE_KEYS:
        return base + _sizes(weight).measured(measure)
    if key == SINGLE:
        return max(base, _sizes(weight).measured(measure))
    if key == "first-flight":
        return weight.head.measured(measure)
    return weight.nodes if key == "dom-nodes" else weight.inline.get(key.removeprefix("inline-"), 0)


def _own_rank(key: str, measure: str) -> int:
    """Say how sure a figure of the page itself is: nobody has compressed its head alone, as a server's first bytes."""
    return LABELS.index(Label.UPPER) if key == "first-flight" and measure != "raw" else 0


def _findings(weights: Sequence[Weight], limits: Limits, sums: Sums) -> Iterable[Finding]:
    """Give what is wrong with the files of a page beside their sizes: missing ones, and what cannot be known."""
    seen: dict[Finding, None] = {}
    for weight in weights:
        gone = set()
        for fetch in weight.fetches[1:]:
            if sums.sized(fetch) is None:
                level = _level(fetch, limits, sums)
                seen[said.unknown(fetch.url, level) if fetch.third_party else said.missing(fetch.url)] = None
                gone.add(fetch.url)
        for url, reason in weight.unknown:
            if url not in gone:
                seen[said.untold(url, reason)] = None
        for code, url, message in weight.lints:
            seen[said.costly(code, url, message)] = None
    return seen


def _level(fetch: Fetch, limits: Limits, sums: Sums) -> Level:
    """Say how bad an unknown size is: an error where the site set a limit itself that cannot be shown to be kept."""
    deciding = [limits[key] for key in sums.keys_of(fetch)[0] if key in limits]
    strict = any(one.own and one.limit.error is not None for one in deciding)
    return Level.ERROR if strict else Level.WARN
