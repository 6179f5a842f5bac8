"""The last step of a build: what its pages weigh, held against the budgets."""

from ssg import output
from ssg.budget.report.words import summary_of
from ssg.budget.values import BudgetReport, Subject
from ssg.build.budgeting import Weighed, judge, renew_lock
from ssg.build.checked import Checked, keep_check
from ssg.build.contents import read_site
from ssg.build.scales import HTML_TYPE, requested, weigh_release
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
    weighed = weigh_built(built, take, workers, shelf)
    report = judge(root, take.config, weighed)
    checked = checked_as(report)
    if not renew_lock(root, take.config, weighed):  # else the next build has another lock to hold its pages against
        keep_check(checked, built, take, shelf)
    return checked


def checked_as(report: BudgetReport) -> Checked:
    """Give of a report what a build says."""
    return Checked(report.findings, report.site, summary_of(report), report.over)


def weigh_built(built: Built, take: Take, workers: Workers, shelf: Shelf) -> Weighed:
    """Weigh the pages of a release."""
    site, templates = built.site, built.templates
    if site is None:  # an earlier build has made the release
        ready = read_site(take, take.digests, workers, shelf)
        site, theme = ready.site, ready.tools.theme
        templates = tuple(one.name for one in theme.templates) if theme is not None else ()
    weights = weigh_release(built.release, take.config, workers, shelf)
    made = {one.url: one for one in list_subjects(site, templates)}
    subjects = tuple(
        made.get(url) or Subject(url, one.source)
        for one in built.release.artifacts
        if one.media_type == HTML_TYPE and (url := requested(one.path))
    )
    size = sum(one.body.size for one in built.release.artifacts)
    return Weighed(subjects, weights, size, output.compressors(take.config.output.encodings))


def report_of(built: Built, take: Take, workers: Workers, shelf: Shelf) -> BudgetReport:
    """Weigh and judge all pages of a release.

    Raises:
        ConfigError: the lock cannot be read.
    """
    return judge(take.inputs.root, take.config, weigh_built(built, take, workers, shelf))
