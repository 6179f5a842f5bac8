"""Paths of a report as another folder sees them."""

import msgspec

from ssg.budget.sentences import SITE_FILE
from ssg.budget.values import BudgetReport, Cause, Finding, PageReport


def place_report(report: BudgetReport, folder: str) -> BudgetReport:
    """Give a report whose sources are paths below a folder, `docs/`: where the site is a part of a repository.

    Annotations and SARIF name files from the repository's root; a report names them from the site folder. Without a
    folder the report is given as it is.
    """
    if not folder.strip("/."):
        return report
    start = f"{folder.removeprefix('./').rstrip('/')}/"

    def moved(path: str) -> str:
        return f"{start}{path}" if path and not path.startswith("/") else path

    def caused(cause: Cause) -> Cause:
        return msgspec.structs.replace(cause, path=moved(cause.path))

    def found(finding: Finding) -> Finding:
        causes = tuple(map(caused, finding.causes))
        # A finding without a source is about the site's limits.
        return msgspec.structs.replace(finding, path=moved(finding.path or SITE_FILE), causes=causes)

    def page(one: PageReport) -> PageReport:
        subject = msgspec.structs.replace(one.subject, source=moved(one.subject.source))
        return msgspec.structs.replace(one, subject=subject)

    return msgspec.structs.replace(
        report, pages=tuple(map(page, report.pages)), findings=tuple(map(found, report.findings))
    )
