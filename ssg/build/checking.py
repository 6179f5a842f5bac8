"""The last step of a build: what its pages weigh, held against the budgets."""

from collections.abc import Mapping, Sequence

import msgspec

from ssg import output
from ssg.budget.check import conclude, explainable
from ssg.budget.narrowing import narrow
from ssg.budget.sentences import summarize, summary_of
from ssg.budget.values import BudgetReport, Finding, PageReport, Subject, Weight
from ssg.build.budgeting import Weighed, judge, renew_lock, terms_of
from ssg.build.checked import Checked, keep_check
from ssg.build.contents import read_site
from ssg.build.scales import assess_release, weigh_pages, weigh_release
from ssg.build.subjects import list_subjects
from ssg.build.take import Take, Taken
from ssg.build.whole import Built
from ssg.build.world import World, world_of
from ssg.cache import Shelf
from ssg.model import Release
from ssg.workers import Workers


def check_budgets(built: Built, take: Take, workers: Workers, shelf: Shelf) -> Checked:
    """Hold a release that is written against the budgets of its site, and bring the lock up to date.

    Raises:
        ConfigError: the lock cannot be read.
    """
    root, config = take.inputs.root, take.config
    built = read_built(built, take, workers, shelf)
    if config.budget.mode == "absolute":
        checked = assess_built(built, take, workers, shelf)
    else:
        weighed = weigh_built(built, take, workers, shelf)
        report = explained(judge(root, config, weighed, brief=True), built, take, workers, shelf)
        checked = checked_as(report)
        if renew_lock(root, config, weighed):
            return checked  # the next build has another lock to hold its pages against
    keep_check(checked, built, take, shelf)
    return checked


def checked_as(report: BudgetReport) -> Checked:
    """Give of a report what a build says."""
    return Checked(report.findings, report.site, summary_of(report), report.over)


def assess_built(built: Built, take: Take, workers: Workers, shelf: Shelf) -> Checked:
    """Give what is said of a release without a lock: of pages that have not changed, what was said before."""
    world, subjects = world_of(built.release, take.config), _subjects(built)
    terms = terms_of(take.config, _site_bytes(built.release), output.compressors(take.config.output.encodings))
    parts = assess_release(world, subjects, terms, built.taken, workers, shelf)
    findings, site = conclude(parts, terms)
    weights = _weights(findings, world, built.taken, workers, shelf)
    pages = tuple(
        PageReport(subjects.get(url) or Subject(url, page.source), (), weights[url])
        for url, page in (world.pages if weights else ())
        if url in weights
    )
    report = BudgetReport(pages, findings, site, terms.measure, terms.compressors)
    report = explained(report, built, take, workers, shelf)
    encodings = {name for part in parts for name in part.encodings}
    return Checked(report.findings, site, summarize(report, sum(part.count for part in parts), encodings), report.over)


def _weights(
    findings: Sequence[Finding], world: World, taken: Taken, workers: Workers, shelf: Shelf
) -> Mapping[str, tuple[Weight, ...]]:
    """Give what explains findings: the weights of the worst pages, or of all, where all make up what is wrong."""
    of_pages, of_site = explainable(findings)
    verdicts = [verdict for place in of_pages if (verdict := findings[place].verdict) is not None]
    if not of_site and all(one.key != "largest-page" for one in verdicts):
        return weigh_pages(world, [one.url for one in verdicts], shelf)
    found: dict[str, tuple[Weight, ...]] = {}
    for weight in weigh_release(world, taken, workers, shelf):
        found[weight.url] = (*found.get(weight.url, ()), weight)
    return found


def weigh_built(built: Built, take: Take, workers: Workers, shelf: Shelf) -> Weighed:
    """Weigh the pages of a release."""
    built = read_built(built, take, workers, shelf)
    world = world_of(built.release, take.config)
    weights = weigh_release(world, built.taken, workers, shelf)
    made = _subjects(built)
    subjects = tuple(made.get(url) or Subject(url, page.source) for url, page in world.pages)
    return Weighed(subjects, weights, _site_bytes(built.release), output.compressors(take.config.output.encodings))


def _subjects(built: Built) -> Mapping[str, Subject]:
    found = list_subjects(built.site, built.templates) if built.site is not None else ()
    return {one.url: one for one in found}


def _site_bytes(release: Release) -> int:
    return sum(one.body.size for one in release.artifacts)


def report_of(built: Built, take: Take, workers: Workers, shelf: Shelf, only: str = "") -> BudgetReport:
    """Weigh and judge all pages of a release, or those alone that match a URL pattern.

    Raises:
        ConfigError: the lock cannot be read, or no page matches.
    """
    built = read_built(built, take, workers, shelf)
    report = judge(take.inputs.root, take.config, weigh_built(built, take, workers, shelf), only=only)
    if not only:
        return explained(report, built, take, workers, shelf)
    narrowed = narrow(report, only)
    # The largest page of the site is that of all.
    wanted = msgspec.structs.replace(report, findings=narrowed.findings)
    told = explained(wanted, built, take, workers, shelf)
    return msgspec.structs.replace(narrowed, findings=told.findings)


def explained(report: BudgetReport, built: Built, take: Take, workers: Workers, shelf: Shelf) -> BudgetReport:
    """Give a report with what wrote the bytes of pages that are over their limits, where any is."""
    if built.scene is None or not any(one.verdict is not None for one in report.findings):
        return report
    from ssg.build.blame import blame  # noqa: PLC0415 - for sites that are over a limit

    return blame(report, built, take, workers, shelf)


def read_built(built: Built, take: Take, workers: Workers, shelf: Shelf) -> Built:
    """Give a build with the site that it was rendered from, which is read where an earlier build has rendered it."""
    if built.site is not None:
        return built
    ready = read_site(take, take.digests, workers, shelf)
    theme = ready.tools.theme
    templates = tuple(one.name for one in theme.templates) if theme is not None else ()
    return msgspec.structs.replace(built, site=ready.site, templates=templates, scene=ready.scene)
