"""A report of a few pages out of that of all."""

import msgspec

from ssg.budget.matching import url_pattern
from ssg.budget.values import BudgetReport, Finding
from ssg.errors import ConfigError, Location, error


def narrow(report: BudgetReport, glob: str) -> BudgetReport:
    """Give the report for pages whose URL matches a pattern: their figures, and findings that they are a part of.

    Findings of no page in particular stay, such as that of a rule that matches none.

    Raises:
        ConfigError: no page matches.
    """
    matches = url_pattern(glob)
    pages = tuple(page for page in report.pages if matches(page.subject.url))
    if not pages:
        hint = "name a page by its URL, like /posts/, or several by a pattern: /posts/**"
        raise ConfigError(error("budget", "is no page of the site, and no folder", Location(glob), hint))
    urls = {page.subject.url for page in pages}
    findings = tuple(one for one in report.findings if not one.pages or any(url in urls for url, _ in one.pages))
    return msgspec.structs.replace(report, pages=pages, findings=tuple(_of_these(one, urls) for one in findings))


def _of_these(finding: Finding, urls: set[str]) -> Finding:
    return msgspec.structs.replace(finding, pages=tuple(one for one in finding.pages if one[0] in urls))
