"""What pages weigh more than before, and which files made it so."""

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from ssg.budget.lock import KEYS, Lock, comparable, entry_of, file_of, stable
from ssg.budget.sums import Sized
from ssg.budget.values import Cause, Phase, Weight
from ssg.budget.wording import listed, shown_figure

Allowed = Callable[[int], float]
"""Takes what a figure was, gives the most that it may be, in bytes."""


class Growth(NamedTuple):
    """A class of a page that has grown: bytes before and after, the most that was allowed, and the files that grew.

    `parts` are the growth of each, the largest first, with the URL, without digests; the page itself has an empty one.
    """

    url: str
    key: str
    before: int
    after: int
    limit: float
    parts: tuple[tuple[str, int], ...]

    @property
    def files(self) -> tuple[str, ...]:
        """The files that explain the growth: as many as it takes, the largest first."""
        taken, left = [], self.after - self.before
        for url, grown in self.parts:
            if left > 0:
                taken.append(url)
            left -= grown
        return tuple(sorted(taken))

    def causes(self, source: str) -> tuple[Cause, ...]:
        """Give the parts of the growth as causes, for a page that is made from `source`."""
        return tuple(Cause(url or "the page itself", "" if url else source, 0, grown) for url, grown in self.parts[:5])


def allowed_growth(size: int, percent: int) -> Allowed:
    """Give what a figure may be that was something: too much is what is over by more bytes *and* more per cent."""
    return lambda before: max(before + size, before * (100 + percent) / 100)


def anything(before: int) -> float:
    """Allow no growth at all."""
    return before


def compare(base: Lock, now: Lock, weights: Mapping[str, Weight], sized: Sized, allowed: Allowed) -> Iterator[Growth]:
    """Give every class of every page that has grown by more than is allowed; pages that are new have not grown.

    Sizes of other compressors than now are not compared: then it is uncompressed bytes. `total` counts where no class
    of the page alone has grown too much.
    """
    side = 0 if comparable(base, now) else 1
    for url, weight in weights.items():
        then, is_now = entry_of(base, url), entry_of(now, url)
        if then is None or is_now is None or then.sizes == is_now.sizes:
            continue
        grown = False
        for key in KEYS:
            before, after = then.sizes.get(key, (0, 0))[side], is_now.sizes.get(key, (0, 0))[side]
            limit = allowed(before)
            if after > limit and not (grown and key == "total"):
                grown = True
                html = is_now.sizes.get("html", (0, 0))[side] - then.sizes.get("html", (0, 0))[side]
                yield Growth(url, key, before, after, limit, _parts(key, weight, base, sized, (side, html)))


def _parts(
    key: str, weight: Weight, base: Lock, sized: Sized, compared: tuple[int, int]
) -> tuple[tuple[str, int], ...]:
    side, html = compared
    measure = "raw" if side else base.measure
    parts = [("", html)] if key in {"html", "total"} and html > 0 else []
    for fetch in weight.fetches[1:]:
        sizes = sized(fetch)
        if fetch.phase is Phase.LAZY or sizes is None or key not in {fetch.kind, "total"}:
            continue
        known = file_of(base, fetch)
        grown = sizes.measured(measure) - (known[side] if known is not None else 0)
        if grown > 0:
            parts.append((stable(fetch.url), grown))
    return tuple(sorted(parts, key=lambda part: (-part[1], part[0])))


def explain_growth(growths: Iterator[Growth]) -> tuple[str, ...]:
    """Give what grew in lines, the most first; what the same files made grow on many pages is one line."""
    merged: dict[tuple[str, tuple[str, ...], int], list[Growth]] = {}
    for one in growths:
        merged.setdefault((one.key, one.files, one.after - one.before if one.files != ("",) else 0), []).append(one)
    rows = [sorted(group, key=lambda one: (one.before - one.after, one.url)) for group in merged.values()]
    rows.sort(key=lambda group: (group[0].before - group[0].after, -len(group), group[0].url, group[0].key))
    return tuple(_line(group) for group in rows)


def _line(group: list[Growth]) -> str:
    most = group[0]
    where = f"{len(group):,} pages, most on {most.url}" if len(group) > 1 else most.url
    parts = [f"{url or 'the page itself'} (+{shown_figure(grown, 'bytes')})" for url, grown in most.parts]
    percent = f", {(most.after - most.before) / most.before:+.0%}" if most.before else ""
    grown = f"+{shown_figure(most.after - most.before, 'bytes')}{percent}"
    return f"{most.key} {grown} to {shown_figure(most.after, 'bytes')} on {where}: {listed(parts)}"
