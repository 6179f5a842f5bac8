"""Limits of a site as a whole → the files and pages that make them up, and what the site would have without each."""

import functools
import math
from collections import Counter
from collections.abc import Iterator, Mapping

import msgspec

from ssg.budget.addresses import path_of
from ssg.budget.advice import Change, cause_of
from ssg.budget.assess import sized_by
from ssg.budget.sentences import counted
from ssg.budget.sums import NOTHING, Sums
from ssg.budget.values import BYTES, BudgetReport, Cause, Finding, Sizes, Verdict, Weight
from ssg.budget.wording import listed, shown_figure
from ssg.build.naming import Names
from ssg.build.scene import Scene
from ssg.build.taking import requested
from ssg.errors import Location
from ssg.model import Artifact, Release

# Classes and single files of `site-bytes` that are named, and files that are tried out for `p95`.
_CLASSES, _FILES, _TRIED, _CAUSES = 2, 3, 8, 5
# Files that are published for pages to fetch them.
_FOR_PAGES = ("image/", "font/", "video/", "audio/", "text/css", "text/javascript")
_PART = 0.95


class _Page(msgspec.Struct, frozen=True):
    """A page under one profile: its own bytes, and the number of what it fetches beside itself."""

    own: int
    number: int


class Sitewide:
    """Explains limits of one site; nothing is added up before it is asked for."""

    def __init__(self, report: BudgetReport, release: Release, scene: Scene) -> None:
        self._report = report
        self._release = release
        self._scene = scene
        self._sums = Sums(frozenset(("total",)), sized_by(scene.config.budget))
        self._known: dict[str, Mapping[str, list[_Page]]] = {}

    def total(self, weight: Weight, measure: str) -> int:
        """Give the bytes that a page has fetched unasked, itself and all."""
        return self._sums.of(self._sums.number(weight), measure).get("total", NOTHING).amount + _own(weight, measure)

    def alone(self, verdict: Verdict) -> bool:
        """Tell whether the page of a verdict is the only one whose total is over its limit."""
        over = [url for url, total in self._totals(verdict.measure).items() if total > verdict.limit]
        return over == [verdict.url]

    def causes(self, finding: Finding) -> tuple[Cause, ...]:
        """Give the causes of a limit on the bytes of the site or on `p95`, the largest first; else none."""
        verdict = finding.verdict
        if verdict is None or verdict.url or verdict.key not in {"site-bytes", "p95"}:
            return ()
        made = self._of_bytes(verdict) if verdict.key == "site-bytes" else self._of_pages(verdict)
        return tuple(sorted(made, key=lambda one: (-one.bytes, one.path, one.what))[:_CAUSES])

    @functools.cached_property
    def _names(self) -> Names:
        return Names(self._scene)

    def _of_bytes(self, verdict: Verdict) -> Iterator[Cause]:
        """Give the classes that have most of the site's bytes, its largest files, and those that no page fetches."""
        files = [one for one in self._release.artifacts if one.body.size]
        classes: Counter[str] = Counter()
        for one in files:
            classes[_class(one)] += one.body.size
        numbers = Counter(map(_class, files))
        for name, size in sorted(classes.items(), key=lambda one: (-one[1], one[0]))[:_CLASSES]:
            yield cause_of(counted(numbers[name], name), Location(""), size, [], verdict)
        idle = [
            one for one in files if one.media_type.startswith(_FOR_PAGES) and requested(one.path) not in self._asked
        ]
        if idle:
            size = sum(one.body.size for one in idle)
            idle.sort(key=lambda one: (-one.body.size, one.path))
            what = f"{counted(len(idle), 'file')} that no page fetches: {listed([one.path for one in idle])}"
            yield cause_of(what, Location(""), size, [Change("without them", size)], verdict)
        files = [one for one in files if [one] != idle]  # which is named already
        for one in sorted(files, key=lambda one: (-one.body.size, one.path))[:_FILES]:
            where = Location(one.source or one.path)
            yield cause_of(one.path, where, one.body.size, [Change("without it", one.body.size)], verdict)

    @functools.cached_property
    def _asked(self) -> frozenset[str]:
        """The paths of all files that any page fetches, lazy ones too."""
        base = self._scene.config.site.base_path
        rows = {one.fetches[1:]: None for page in self._report.pages for one in page.weights}
        return frozenset(path_of(fetch.url).removeprefix(base) for row in rows for fetch in row)

    def _of_pages(self, verdict: Verdict) -> Iterator[Cause]:
        """Give what the largest of all but 5 % of pages has less without a file, and the pages that are to get lighter.

        Takes out of each page what is tried out, and looks for that page anew.
        """
        measure = verdict.measure
        totals = self._totals(measure)
        order = sorted(totals, key=lambda url: (totals[url], url))
        place = math.ceil(len(order) * _PART) - 1
        heavy = [url for url in order[: place + 1] if totals[url] > verdict.limit]
        sources = {page.subject.url: page.subject.source for page in self._report.pages}
        for url, number in self._shared(heavy, measure)[:_TRIED]:
            less = sorted(self._without(url, measure).values())[place]
            saved = round(verdict.found) - less
            if saved > 0:
                what, where = self._file(url)
                what = f"{what}, on {number:,} of the pages over it"
                yield cause_of(what, where, saved, [Change("without it", saved)], verdict)
        own = self._own_bytes(order[place], measure)
        yield Cause(f"the HTML of {order[place]} itself", sources.get(order[place], ""), 0, own)
        excess = sum(totals[url] - math.floor(verdict.limit) for url in heavy)
        together = " together" if len(heavy) > 1 else ""
        advice = f"{shown_figure(excess, BYTES)} less in {listed(heavy[::-1])}{together}"
        what = f"{counted(len(heavy), 'page')} more over it than the 5 % that may be"
        saved = math.ceil(verdict.found - verdict.limit)
        yield Cause(what, sources.get(heavy[-1], ""), 0, saved, advice, saved, passes=True)

    def _file(self, url: str) -> tuple[str, Location]:
        asset = self._names.asset(url)
        if asset is None:
            return url, Location("")
        bundle = self._names.bundle(asset)
        name = f"bundle {bundle[1]}.{bundle[0]}" if bundle is not None else asset.source.rpartition("/")[2]
        return name, Location(self._names.source(asset))

    def _shared(self, urls: list[str], measure: str) -> list[tuple[str, int]]:
        """Give the files that some pages fetch unasked with the number of those, the most bytes of all first."""
        pages = self._pages(measure)
        users: Counter[str] = Counter()
        sizes: dict[str, int] = {}
        for number, count in Counter(one for url in urls for one in {page.number for page in pages[url]}).items():
            for url, size in self._parts(number, measure).items():
                users[url] += count
                sizes[url] = size
        # A file is counted once for each kind of page that it is on; the profiles of one page are two of them.
        order = sorted(users, key=lambda url: (-users[url] * sizes[url], url))
        exact = {
            url: sum(any(url in self._parts(one.number, measure) for one in pages[page]) for page in urls)
            for url in order[:_TRIED]
        }
        return [(url, exact[url]) for url in order[:_TRIED]]

    def _parts(self, number: int, measure: str) -> Mapping[str, int]:
        """Give the files that are fetched unasked beside a page, with their bytes."""
        found: dict[str, int] = {}
        for fetch in self._sums.weights[number].fetches[1:]:
            sizes = self._sums.sized(fetch)
            if sizes is not None and "total" in self._sums.keys_of(fetch)[0]:
                found[fetch.url] = found.get(fetch.url, 0) + sizes.measured(measure)
        return found

    def _pages(self, measure: str) -> Mapping[str, list[_Page]]:
        if measure not in self._known:
            self._known[measure] = {
                page.subject.url: [_Page(_own(one, measure), self._sums.number(one)) for one in page.weights]
                for page in self._report.pages
                if page.weights
            }
        return self._known[measure]

    def _own_bytes(self, url: str, measure: str) -> int:
        return max(one.own for one in self._pages(measure)[url])

    def _totals(self, measure: str) -> Mapping[str, int]:
        """Give the bytes that each page has fetched unasked, under the profile that has most."""
        return self._without("", measure)

    def _without(self, file: str, measure: str) -> Mapping[str, int]:
        """Give the bytes of each page if a file were not there."""
        rest: dict[int, int] = {}
        for pages in self._pages(measure).values():
            for one in pages:
                if one.number not in rest:
                    parts = self._parts(one.number, measure)
                    rest[one.number] = sum(parts.values()) - parts.get(file, 0)
        return {url: max(one.own + rest[one.number] for one in pages) for url, pages in self._pages(measure).items()}


def _own(weight: Weight, measure: str) -> int:
    return (weight.fetches[0].sizes or Sizes(0)).measured(measure)


_NAMES = {"text/html": "page", "text/css": "style sheet", "text/javascript": "script"}
_KINDS = {"image": "image", "font": "font", "video": "film", "audio": "sound"}


def _class(artifact: Artifact) -> str:
    kind = artifact.media_type.partition(";")[0]
    return _NAMES.get(kind) or _KINDS.get(kind.partition("/")[0], "other file")
