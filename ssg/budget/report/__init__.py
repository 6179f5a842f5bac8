"""A budget's report as text, for people, for tools and for other programs; nothing here prints or writes."""

from collections.abc import Callable, Mapping

from ssg.budget.report.annotations import render_github
from ssg.budget.report.comment import render_markdown
from ssg.budget.report.junit import render_junit
from ssg.budget.report.listing import render_json
from ssg.budget.report.placing import place_report
from ssg.budget.report.sarif import render_sarif
from ssg.budget.report.web import render_html
from ssg.budget.values import BudgetReport

FORMATS: Mapping[str, Callable[[BudgetReport], str]] = {
    "json": render_json,
    "junit": render_junit,
    "sarif": render_sarif,
    "github": render_github,
    "markdown": render_markdown,
    "html": render_html,
}
"""What renders a report, by the name of its format; each takes a report and gives a text that ends in a line feed."""

__all__ = [
    "FORMATS",
    "place_report",
    "render_github",
    "render_html",
    "render_json",
    "render_junit",
    "render_markdown",
    "render_sarif",
]
