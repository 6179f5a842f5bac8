"""Pages held against their limits."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from ssg.budget import findings as said
from ssg.budget.assess import Assessed, Assessor, Terms, keys_set, rules_of, sized_by
from ssg.budget.findings import Breach, Case, Collector
from ssg.budget.growth import allowed_growth, compare
from ssg.budget.lock import comparable, deciding, lock_of
from ssg.budget.site import judge_site
from ssg.budget.values import LOCK, BudgetReport, Figure, Finding, Level, PageReport, Subject, Weight
from ssg.config import OFF, read_size

# Findings that are explained, which are those that a terminal shows.
_EXPLAINED = 20


def check(subjects: Sequence[Subject], weights: Iterable[Weight], terms: Terms) -> BudgetReport:
    """Hold what pages weigh against their limits; every page has a weight for each profile, in the order of profiles.

    What one cause brings over a limit on many pages is one finding. A rule that matches no page, a page without a
    weight and a size that nobody knows are findings too: nothing passes because nothing was measured.
    """
    weighed: dict[str, list[Weight]] = defaultdict(list)
    for weight in weights:
        weighed[weight.url].append(weight)
    pages, assessed = Assessor(terms, keys_set(subjects), weighed.get("/", ())).assess(subjects, weighed)
    collector = Collector()
    if terms.rules != OFF and terms.budget.mode != "absolute":
        asked = terms.asked
        _judge_growth([page for page in pages if asked(page.subject.url)], terms, collector)
    findings, site = conclude([assessed], terms, collector)
    return BudgetReport(pages, findings, site, terms.measure, terms.compressors, off=terms.rules == OFF)


def conclude(
    parts: Sequence[Assessed], terms: Terms, collector: Collector | None = None
) -> tuple[tuple[Finding, ...], tuple[Figure, ...]]:
    """Give what is wrong with a site, and its figures as a whole, from what all its pages bring to that.

    `collector` has what is wrong beside.
    """
    collector = collector if collector is not None else Collector()
    for part in parts:
        collector.take(part.cases, part.notes)
    rules = rules_of(terms)
    used = {position for part in parts for position in part.used}
    for position, rule in enumerate(rules):
        if rule.line and position not in used:
            collector.note(said.unmatched(rule.name, rule.line))
    if not any(part.count for part in parts):
        collector.note(said.unweighed())
    site = judge_site(parts, rules, terms.site_bytes, terms.measure, collector)
    return (() if terms.rules == OFF else collector.findings()), site


def explainable(findings: Sequence[Finding]) -> tuple[list[int], list[int]]:
    """Give the findings that are explained, by their positions: the first of those of a page, and those of the site."""
    over = [
        (position, one.verdict.url)
        for position, one in enumerate(findings)
        if one.verdict is not None and one.code in {"over-budget", "growth"}
    ]
    return [position for position, url in over if url][:_EXPLAINED], [position for position, url in over if not url]


def _judge_growth(pages: Sequence[PageReport], terms: Terms, collector: Collector) -> None:
    """Hold pages against the lock."""
    if terms.lock is None:
        collector.note(said.unlocked(LOCK))
        return
    lock, sized = terms.lock, sized_by(terms.budget)
    rated = [page for page in pages if page.weights and all(one.fetches for one in page.weights)]
    weights = (one for page in rated for one in page.weights)
    now = lock_of(weights, terms.measure, terms.compressors, sized)
    if not comparable(lock, now):
        collector.note(said.other_compressors(deciding(now.compressors), deciding(lock.compressors), LOCK))
    measure = terms.measure if comparable(lock, now) else "raw"
    allowed: Callable[[int], float] = allowed_growth(read_size(terms.budget.growth) or 0, terms.budget.growth_percent)
    first = {page.subject.url: page.weights[0] for page in rated}
    named = {page.subject.url: page.subject for page in rated}
    for one in compare(lock, now, first, sized, allowed):
        subject = named[one.url]
        files = tuple(filter(None, one.files))
        template = "" if files else subject.template
        rule = f"{LOCK} ({terms.budget.mode})"
        breach = Breach(one.key, Level.ERROR, "bytes", measure, rule, files=files, template=template, grown=True)
        causes = one.causes(subject.source)
        collector.breach(breach, Case(one.after, one.limit, subject, first[one.url].profile, 0, causes, one.before))
