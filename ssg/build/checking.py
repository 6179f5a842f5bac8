"""The last step of a build: what its pages weigh, held against the budgets."""

import msgspec

from ssg import output
from ssg.budget.report.words import summary_of
from ssg.budget.values import BudgetReport, Subject
from ssg.build.budgeting import Weighed, judge, renew_lock
from ssg.build.checked import Checked, keep_check
from ssg.build.contents import read_site
from ssg.build.scales import weigh_release, world_of
from ssg.build.subjects import list_subjects
from ssg.build.take import Take
from ssg.build.whole import Built
from ssg.cache import Shelf
from ssg.workers import Workers


def check_budgets(built: Built, take: Take, workers: Workers, shelf: Shelf) -> Checked:
    """Hold a release that is written against the budgets of its site, and bring the lock up to date.

    Raises:
        ConfigError: the lock cannot be read.
    """
    root = take.inputs.root
    built = read_built(built, take, workers, shelf)
    weighed = weigh_built(built, take, workers, shelf)
    report = explained(judge(root, take.config, weighed, brief=True), built, take, workers, shelf)
    checked = checked_as(report)
    if not renew_lock(root, take.config, weighed):  # else the next build has another lock to hold its pages against
        keep_check(checked, built, take, shelf)
    return checked


def checked_as(report: BudgetReport) -> Checked:
    """Give of a report what a build says."""
    return Checked(report.findings, report.site, summary_of(report), report.over)


def weigh_built(built: Built, take: Take, workers: Workers, shelf: Shelf) -> Weighed:
    """Weigh the pages of a release."""
    built = read_built(built, take, workers, shelf)
    world = world_of(built.release, take.config)
    weights = weigh_release(built.release, world, workers, shelf, built.taken)
    made = {one.url: one for one in list_subjects(built.site, built.templates)} if built.site is not None else {}
    subjects = tuple(made.get(url) or Subject(url, source) for url, source in world.pages.items())
    size = sum(one.body.size for one in built.release.artifacts)
    return Weighed(subjects, weights, size, output.compressors(take.config.output.encodings))


def report_of(built: Built, take: Take, workers: Workers, shelf: Shelf) -> BudgetReport:
    """Weigh and judge all pages of a release.

    Raises:
        ConfigError: the lock cannot be read.
    """
    built = read_built(built, take, workers, shelf)
    report = judge(take.inputs.root, take.config, weigh_built(built, take, workers, shelf))
    return explained(report, built, take, workers, shelf)


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
