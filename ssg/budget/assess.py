"""Pages held against their limits, one by one: what each brings to what is said of the site."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Literal

import msgspec

from ssg.budget import findings as said
from ssg.budget.findings import Breach, Case, Collector
from ssg.budget.judging import Judged
from ssg.budget.kinds import Kind, Kinds
from ssg.budget.lock import Lock
from ssg.budget.matching import Limits, Matcher, merge_rules, url_pattern
from ssg.budget.sums import LABELS, SHOWN, Sized, Sums, encodings_of
from ssg.budget.values import Fetch, Finding, Level, PageReport, Sizes, Subject, Weight
from ssg.config import OFF, BudgetConfig, Rule, default_rule, read_size

SITE_PAGES = ("largest-page", "p95")
"""The limits of a site that its pages decide on."""

_WEIGHT = itemgetter(0, 1)


class Terms(msgspec.Struct, frozen=True):
    """What pages are held against: the rules of `site.toml`, its table `[budget]`, and what `budgets.lock` holds.

    `measure` is the encoding of figures that no rule names one for; `compressors` are the versions of what made the
    encodings. `site_bytes` are those of all published files, None where nobody counted them. `brief` asks for findings
    alone: pages that keep all limits are reported without their figures. `only` is a URL pattern: where it is given,
    nothing is found on pages that do not match it.
    """

    rules: tuple[Rule, ...] | Literal["off"] = ()
    budget: BudgetConfig = BudgetConfig()
    lock: Lock | None = None
    measure: str = "br"
    compressors: Mapping[str, str] = {}
    site_bytes: int | None = None
    brief: bool = False
    only: str = ""

    @property
    def asked(self) -> Callable[[str], bool]:
        """Tells whether anything is to be found on the page with a URL."""
        return url_pattern(self.only or "/**")


class Assessed(msgspec.Struct, frozen=True, array_like=True):
    """What some pages of a site bring to what is said of it all.

    `count` is their number; `used` are the positions of the rules that match any of them. `cases` are the pages that do
    not keep a limit, by cause; `notes` is what else is wrong, with the URLs and sources of the pages that it is wrong
    for. `totals` are the bytes that each page has fetched unasked, by measure, the least first, and `heaviest` is the
    page of most; of several, the last by URL. `encodings` are those that make any of their files smaller.
    """

    count: int
    used: tuple[int, ...]
    cases: tuple[tuple[Breach, tuple[Case, ...]], ...]
    notes: tuple[tuple[Finding, tuple[tuple[str, str], ...]], ...]
    totals: Mapping[str, tuple[int, ...]]
    heaviest: Mapping[str, Subject]
    encodings: tuple[str, ...]


def declared(weights: Iterable[Weight], budget: BudgetConfig) -> Iterator[Weight]:
    """Give weights with the sizes that `[budget]` says of other hosts' files, in place of those that ssg assumes."""
    sized = sized_by(budget)
    for weight in weights:
        if budget.third_party and any(fetch.third_party for fetch in weight.fetches):
            fetches = tuple([msgspec.structs.replace(fetch, sizes=sized(fetch)) for fetch in weight.fetches])
            yield msgspec.structs.replace(weight, fetches=fetches)
        else:
            yield weight


def sized_by(budget: BudgetConfig) -> Sized:
    """Give the function that knows the sizes of fetches: what `[budget]` says of another host's, or their own."""
    said_of = [(url_pattern(glob), read_size(size)) for glob, size in budget.third_party.items()]

    def sized(fetch: Fetch) -> Sizes | None:
        if not fetch.third_party:
            return fetch.sizes
        said = (Sizes(size) for matches, size in said_of if size is not None and matches(fetch.url))
        return next(said, fetch.sizes)

    return sized


def rules_of(terms: Terms) -> tuple[Rule, ...]:
    """Give all rules that pages are held against, those of ssg itself first."""
    return () if terms.rules == OFF else (default_rule(), *terms.rules)


def measures_of(limits: Limits, measure: str) -> Mapping[str, str]:
    """Give the encodings of those figures of a site that its pages decide on, by the limits that it has as a whole."""
    return {key: limits[key].limit.measure or measure if key in limits else measure for key in SITE_PAGES}


def site_limits(rules: Iterable[Rule]) -> Limits:
    """Give the limits of a site as a whole, which are those of rules for all its pages."""
    return merge_rules(rule for rule in rules if not (rule.match or rule.section or rule.template or rule.type))


def keys_set(subjects: Iterable[Subject]) -> frozenset[str]:
    """Give the keys of limits that the front matters of pages set."""
    return frozenset(key for one in subjects for key in one.overrides)


class Assessor:
    """Holds pages against the limits of their site; what pages have in common is looked at once."""

    def __init__(self, terms: Terms, keys: Collection[str], first: Iterable[Weight] = ()) -> None:
        """Take what pages are held against, the keys of limits that front matters set, and the site's first page.

        The weights of that tell what a browser has that comes to a further page; findings do not depend on them.
        """
        self._terms = terms
        rules = rules_of(terms)
        self._matcher = Matcher(rules)
        wanted = {*SHOWN, *keys, *(key for rule in rules for key in rule.limits)}
        self._kinds = Kinds(Sums(frozenset(wanted), sized_by(terms.budget)), terms.measure)
        self._kinds.begin(first)
        self._measures = sorted({*measures_of(site_limits(rules), terms.measure).values()})

    def assess(
        self, subjects: Sequence[Subject], weighed: Mapping[str, Sequence[Weight]]
    ) -> tuple[tuple[PageReport, ...], Assessed]:
        """Give pages with their figures, and what they bring to the findings; their weights are given by URL."""
        collector, unasked, asked = Collector(), Collector(), self._terms.asked
        used: set[int] = set()
        encodings: set[str] = set()
        totals: dict[str, list[tuple[int, str, Subject]]] = {measure: [] for measure in self._measures}
        reports: list[PageReport] = []
        for subject in subjects:
            weights = tuple(declared(weighed.get(subject.url, ()), self._terms.budget))
            rules = self._matcher.matching(subject)
            used.update(rules)
            limits, problems = self._matcher.limits(subject, rules)
            notes = collector if asked(subject.url) else unasked
            for problem in problems:
                notes.note(said.invalid(problem.message, problem.hint, subject))
            report, kind = _page(subject, weights, limits, self._kinds, notes, brief=self._terms.brief)
            reports.append(report)
            if kind is not None:
                encodings |= kind.encodings | encodings_of(one.fetches[:1] for one in weights)
                for measure, found in totals.items():
                    found.append((kind.total(weights, measure), subject.url, subject))
        return tuple(reports), Assessed(
            count=len(reports),
            used=tuple(sorted(used)),
            cases=tuple((breach, tuple(cases)) for breach, cases in collector.cases.items()),
            notes=tuple((finding, tuple(pages)) for finding, pages in collector.others.items()),
            totals={measure: tuple(sorted(total for total, _, _ in found)) for measure, found in totals.items()},
            heaviest={measure: max(found, key=_WEIGHT)[2] for measure, found in totals.items() if found},
            encodings=tuple(sorted(encodings)),
        )


def _page(
    subject: Subject, weights: tuple[Weight, ...], limits: Limits, kinds: Kinds, collector: Collector, *, brief: bool
) -> tuple[PageReport, Kind | None]:
    """Judge one page, whose kind is None where it was not weighed; most of it is the same for all of its kind."""
    if not weights or any(not one.fetches or one.fetches[0].sizes is None for one in weights):
        collector.note(said.unweighed(), subject)
        return PageReport(subject, (), weights), None
    kind = kinds.of(weights, limits)
    if brief and kind.keeps(weights):
        return PageReport(subject, (), weights), kind
    judged = [*kind.shared, *kind.own(weights)]
    judged.sort()
    for one in judged:
        if one.order[0] == 0:
            break  # the rest keeps its limits
        _note_breach(one, subject, weights, kinds, collector)
    for finding in kind.findings:
        collector.note(finding, subject)
    return PageReport(subject, tuple([one.figure for one in judged]), weights, kind.next(weights)), kind


def _note_breach(
    judged: Judged, subject: Subject, weights: tuple[Weight, ...], kinds: Kinds, collector: Collector
) -> None:
    figure = judged.figure
    if judged.below is not None:
        profile, found, rank = judged.below
        breach = Breach(
            figure.key, Level.ERROR, figure.unit, figure.measure, figure.rule, below=True, template=subject.template
        )
        collector.breach(breach, Case(found, figure.least or 0, subject, profile, rank, ()))
    if judged.level is not None:
        limit = (figure.error if judged.level is Level.ERROR else figure.warn) or 0
        weight = next(one for one in weights if one.profile == figure.profile)
        parts = kinds.parts(figure.key, weight, figure.measure, subject.source)
        files = parts.files(limit)
        breach = Breach(
            figure.key,
            judged.level,
            figure.unit,
            figure.measure,
            figure.rule,
            files=files,
            template="" if files else subject.template,
        )
        rank = LABELS.index(figure.label)
        collector.breach(breach, Case(figure.found, limit, subject, figure.profile, rank, parts.causes))
