"""The report for other programs: JSON, an object with a line for each page and each finding."""

from collections.abc import Iterable

import msgspec

from ssg.budget.sentences import summary_of
from ssg.budget.values import BudgetReport

VERSION = 1
"""Of the form of the JSON: raised when a name goes or changes its meaning, not when one is added."""

_ENCODER = msgspec.json.Encoder(order="deterministic")


def render_json(report: BudgetReport) -> str:
    """Give the whole report as JSON (RFC 8259): the fields of `BudgetReport`, with `version`, `over` and `summary`.

    Sizes are bytes. Each page, finding and figure of the site is one line, so that reports can be compared by `diff`
    and read by `grep`.
    """
    heads = (
        ("version", VERSION),
        ("over", report.over),
        ("off", report.off),
        ("summary", summary_of(report)),
        ("measure", report.measure),
        ("compressors", report.compressors),
    )
    members = [f'"{name}": {_written(value)}' for name, value in heads]
    rows = (("site", report.site), ("findings", report.findings), ("pages", report.pages))
    members += [f'"{name}": {_lines(values)}' for name, values in rows]
    return "{\n" + ",\n".join(members) + "\n}\n"


def _lines(values: Iterable[object]) -> str:
    written = [_written(value) for value in values]
    return "[\n" + ",\n".join(written) + "\n]" if written else "[]"


def _written(value: object) -> str:
    return _ENCODER.encode(value).decode()
