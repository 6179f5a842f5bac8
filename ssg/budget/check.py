"""Pages held against their limits."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Literal

import msgspec

from ssg.budget import findings as said
from ssg.budget.findings import Breach, Case, Collector
from ssg.budget.growth import allowed_growth, compare
from ssg.budget.judging import Judged
from ssg.budget.kinds import Kinds
from ssg.budget.lock import Lock, comparable, deciding, lock_of
from ssg.budget.matching import Limits, Matcher, url_pattern
from ssg.budget.site import Rated, judge_site
from ssg.budget.sums import LABELS, SHOWN, Sized, Sums
from ssg.budget.values import LOCK, BudgetReport, Fetch, Level, PageReport, Sizes, Subject, Weight
from ssg.config import OFF, BudgetConfig, Rule, default_rule, read_size


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


def check(subjects: Sequence[Subject], weights: Iterable[Weight], terms: Terms) -> BudgetReport:
    """Hold what pages weigh against their limits; every page has a weight for each profile, in the order of profiles.

    What one cause brings over a limit on many pages is one finding. A rule that matches no page, a page without a
    weight and a size that nobody knows are findings too: nothing passes because nothing was measured.
    """
    off = terms.rules == OFF
    rules = () if terms.rules == OFF else (default_rule(), *terms.rules)
    collector, unasked = Collector(), Collector()
    asked = url_pattern(terms.only or "/**")
    collectors = [collector if asked(subject.url) else unasked for subject in subjects]
    matcher = Matcher(rules)
    limits = [_limits(subject, matcher, one, off=off) for subject, one in zip(subjects, collectors, strict=True)]
    wanted = {key for one in {id(one): one for one in limits}.values() for key in one}
    kinds = Kinds(Sums(frozenset({*SHOWN, *wanted}), sized_by(terms.budget)), terms.measure)
    weighed: dict[str, list[Weight]] = defaultdict(list)
    for weight in declared(weights, terms.budget):
        weighed[weight.url].append(weight)
    kinds.begin(weighed.get("/", ()))
    pages = [
        _page(subject, tuple(weighed.get(subject.url, ())), of_page, kinds, one, brief=terms.brief)
        for subject, of_page, one in zip(subjects, limits, collectors, strict=True)
    ]
    if not off:
        for rule in matcher.unused():
            if rule.line:
                collector.note(said.unmatched(rule.name, rule.line))
        if not subjects:
            collector.note(said.unweighed())
        asked_of = [subject for subject, one in zip(subjects, collectors, strict=True) if one is collector]
        _judge_growth(asked_of, weighed, terms, collector)
    site = judge_site(pages, rules, terms.site_bytes, terms.measure, collector)
    findings = () if off else collector.findings()
    return BudgetReport(
        tuple([report for report, _ in pages]), findings, site, terms.measure, terms.compressors, off=off
    )


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


def _limits(subject: Subject, matcher: Matcher, collector: Collector, *, off: bool) -> Limits:
    limits, problems = matcher.limits(subject)
    for problem in problems:
        collector.note(said.invalid(problem.message, problem.hint, subject))
    return {} if off else limits


def _page(
    subject: Subject, weights: tuple[Weight, ...], limits: Limits, kinds: Kinds, collector: Collector, *, brief: bool
) -> Rated:
    """Judge one page; most of it is the same for all pages of its kind."""
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


def _judge_growth(
    subjects: Sequence[Subject], weighed: Mapping[str, list[Weight]], terms: Terms, collector: Collector
) -> None:
    """Hold pages against the lock, where the mode says so."""
    if terms.budget.mode == "absolute":
        return
    if terms.lock is None:
        collector.note(said.unlocked(LOCK))
        return
    lock, sized = terms.lock, sized_by(terms.budget)
    rated = {url: weights for url, weights in weighed.items() if all(one.fetches for one in weights)}
    now = lock_of((one for weights in rated.values() for one in weights), terms.measure, terms.compressors, sized)
    if not comparable(lock, now):
        collector.note(said.other_compressors(deciding(now.compressors), deciding(lock.compressors), LOCK))
    measure = terms.measure if comparable(lock, now) else "raw"
    allowed: Callable[[int], float] = allowed_growth(read_size(terms.budget.growth) or 0, terms.budget.growth_percent)
    first = {subject.url: rated[subject.url][0] for subject in subjects if subject.url in rated}
    named = {subject.url: subject for subject in subjects}
    for one in compare(lock, now, first, sized, allowed):
        subject = named[one.url]
        files = tuple(filter(None, one.files))
        template = "" if files else subject.template
        rule = f"{LOCK} ({terms.budget.mode})"
        breach = Breach(one.key, Level.ERROR, "bytes", measure, rule, files=files, template=template, grown=True)
        causes = one.causes(subject.source)
        collector.breach(breach, Case(one.after, one.limit, subject, first[one.url].profile, 0, causes, one.before))
