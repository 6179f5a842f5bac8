"""A report made small for its web page: what pages share is said once, and named by its place in a table."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any

from ssg.budget.sentences import at_start, shown_finding, summary_of, transferred
from ssg.budget.values import BudgetReport, Fetch, Figure, Finding, Kind, Label, Level, PageReport, Phase, Weight

FULL = 1_000
"""So many pages, the worst ones, are told in full; of the others, a row of the table."""

_KINDS, _PHASES, _LABELS = tuple(Kind), tuple(Phase), tuple(Label)
_RANKS = {Level.ERROR: 2, Level.WARN: 1, None: 0}


class _Table:
    """Values by number, each once."""

    def __init__(self) -> None:
        self._numbers: dict[Hashable, int] = {}

    def number(self, value: Hashable) -> int:
        """Give the place of a value, a new one at the end where it has none."""
        return self._numbers.setdefault(value, len(self._numbers))

    def values(self) -> list[Hashable]:
        """Give the values by their places."""
        return list(self._numbers)


class _Tables:
    """What pages share: URLs, files, fetches, sets of fetches, and limits."""

    def __init__(self, measure: str) -> None:
        self.measure = measure
        self.urls, self.files, self.fetches, self.sets, self.limits = (_Table() for _ in range(5))

    def set_of(self, weight: Weight) -> int:
        """Give the number of the set of all that a page fetches but for its own HTML."""
        return self.sets.number(tuple(map(self._fetch, weight.fetches[1:])))

    def _fetch(self, fetch: Fetch) -> int:
        size = None if fetch.sizes is None else fetch.sizes.measured(self.measure)
        raw = None if fetch.sizes is None else fetch.sizes.raw
        file = (self.urls.number(fetch.url), _KINDS.index(fetch.kind), size, raw, int(fetch.third_party))
        via = self.urls.number(fetch.via) if fetch.via else -1
        return self.fetches.number(
            (self.files.number(file), _PHASES.index(fetch.phase), _LABELS.index(fetch.label), via)
        )

    def limit_of(self, figure: Figure) -> int:
        """Give the number of what is the same for many pages' figures: all but what was found."""
        limits = (figure.warn, figure.error, figure.least)
        return self.limits.number((figure.key, figure.profile, figure.unit, *limits, figure.label.value, figure.rule))


def pack_report(report: BudgetReport) -> dict[str, Any]:
    """Give a report as lists and numbers, pages worst first; the page's script, `figures.js`, says what is where."""
    tables = _Tables(report.measure)
    levels = _levels(report)
    pages = sorted(
        report.pages,
        key=lambda page: (-levels[page.subject.url], -at_start(page, report.measure), page.subject.url),
    )
    profiles = list(dict.fromkeys(weight.profile for page in pages for weight in page.weights))
    numbers = {page.subject.url: number for number, page in enumerate(pages)}
    packed = {
        "measure": report.measure,
        "compressors": dict(sorted(report.compressors.items())),
        "off": report.off,
        "summary": summary_of(report),
        "kinds": _KINDS,
        "phases": _PHASES,
        "labels": _LABELS,
        "profiles": profiles,
        "site": [_figure(figure, tables) for figure in report.site],
        "findings": [_finding(finding, numbers) for finding in report.findings],
        "rows": [_row(page, levels[page.subject.url], profiles, report.measure) for page in pages],
        "pages": [_page(page, profiles, tables) for page in pages[:FULL]],
    }
    shared = ("urls", "files", "fetches", "sets", "limits")
    return packed | {name: getattr(tables, name).values() for name in shared}


def _levels(report: BudgetReport) -> dict[str, int]:
    """Give how bad it stands with each page: 2 for an error, 1 for a warning, else 0."""
    found = {page.subject.url: max((_RANKS[one.level] for one in page.figures), default=0) for page in report.pages}
    for finding in report.findings:
        for url, _ in finding.pages:
            if url in found:
                found[url] = max(found[url], _RANKS[finding.level])
    return found


def _by_profile(page: PageReport, profiles: Sequence[str]) -> list[Weight | None]:
    known = {weight.profile: weight for weight in page.weights}
    return [known.get(profile) for profile in profiles]


def _row(page: PageReport, level: int, profiles: Sequence[str], measure: str) -> list[Any]:
    """Give a line of the table: URL, source, level, and the bytes for each profile, once where they are the same."""
    figures = [_weighed(weight, page.next, measure) for weight in _by_profile(page, profiles)]
    same = all(one == figures[0] for one in figures)
    return [page.subject.url, page.subject.source, level, *(figures[:1] if same else figures)]


def _weighed(weight: Weight | None, then: Mapping[str, int], measure: str) -> list[int | None]:
    """Give bytes: critical, before scrolling, lazy, of the next page; requests before scrolling; bytes by class."""
    if weight is None:
        return []
    begun = [fetch for fetch in weight.fetches if fetch.phase is not Phase.LAZY]
    sizes = [(fetch.kind, fetch.sizes.measured(measure)) for fetch in begun if fetch.sizes is not None]
    return [
        transferred(weight, measure, Phase.CRITICAL),
        sum(size for _, size in sizes),
        transferred(weight, measure, Phase.LAZY),
        then.get(weight.profile),
        len(begun),
        *(sum(size for kind, size in sizes if kind is one) for one in _KINDS),
    ]


def _page(page: PageReport, profiles: Sequence[str], tables: _Tables) -> list[Any]:
    """Give what is told of a page in full: section, template, figures with their limits, and its weights."""
    figures = [_figure(figure, tables) for figure in page.figures]
    weights = [weight and _weight(weight, tables) for weight in _by_profile(page, profiles)]
    return [page.subject.section, page.subject.template, figures, weights]


def _weight(weight: Weight, tables: _Tables) -> list[Any]:
    sizes = weight.fetches[0].sizes if weight.fetches else None
    inline = sorted(weight.inline.items())
    return [
        tables.set_of(weight),
        None if sizes is None else [sizes.measured(tables.measure), sizes.raw],
        weight.head.measured(tables.measure),
        weight.nodes,
        inline,
        weight.unknown,
    ]


def _figure(figure: Figure, tables: _Tables) -> list[Any]:
    return [tables.limit_of(figure), figure.found]


def _finding(finding: Finding, numbers: Mapping[str, int]) -> dict[str, Any]:
    """Give a finding; of its pages the worst thousand are named, the others counted."""
    verdict = finding.verdict
    return {
        "level": _RANKS[finding.level],
        "code": finding.code,
        "message": shown_finding(finding),
        "path": finding.path,
        "line": finding.line,
        "hint": finding.hint,
        "verdict": verdict and [verdict.key, verdict.found, verdict.limit, verdict.unit, verdict.below, verdict.rule],
        "count": len(finding.pages),
        "pages": _numbered(finding.pages[:FULL], numbers),
        "causes": [
            [one.what, one.path, one.line, one.bytes, one.advice, one.saving, one.passes, one.elements, one.fewer]
            for one in finding.causes
        ],
    }


def _numbered(pages: Iterable[tuple[str, float]], numbers: Mapping[str, int]) -> list[tuple[int, float]]:
    return [(numbers[url], found) for url, found in pages if url in numbers]
