"""The report as SARIF 2.1.0 (OASIS standard of 2020-03-27), which code scanning services and editors read."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import quote

from ssg import __version__
from ssg.budget.sentences import SITE_FILE, explained, shown_advice, shown_cause, shown_finding, summary_of
from ssg.budget.values import BudgetReport, Finding, Level
from ssg.digests import digest

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_FINGERPRINT = "ssgBudget/v1"
_LEVELS = {Level.ERROR: "error", Level.WARN: "warning"}


def render_sarif(report: BudgetReport) -> str:
    """Give a SARIF log with one run: a rule for each code, a result for each finding.

    Results point at sources, relative to `%SRCROOT%`: the site folder, or what `place_report` put before it. A
    fingerprint names the code, the file and the limit, but no figure and no line: a finding that only grows stays the
    same one.
    """
    codes = sorted({finding.code for finding in report.findings})
    run = {
        "tool": {"driver": {"name": "ssg", "version": __version__, "rules": [_rule(code) for code in codes]}},
        "automationDetails": {"id": "ssg-budget/"},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"%SRCROOT%": {"description": {"text": "The folder that ssg ran in"}}},
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": [_notice(report)]}],
        "results": _results(report.findings, codes),
        "properties": {"measure": report.measure, "compressors": dict(sorted(report.compressors.items()))},
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=1, ensure_ascii=False) + "\n"


def _rule(code: str) -> dict[str, Any]:
    words = code.replace("-", " ").capitalize()
    return {
        "id": code,
        "name": "".join(part.capitalize() for part in code.split("-")),
        "shortDescription": {"text": words},
        "fullDescription": {"text": f"{words}: a performance budget of the site is not kept, or cannot be checked"},
        "help": {"text": "Limits are set by [[budgets]] in site.toml; ssg budget explains what causes a finding."},
        "defaultConfiguration": {"level": "error"},
        "properties": {"tags": ["performance"]},
    }


def _notice(report: BudgetReport) -> dict[str, Any]:
    return {"level": "note", "message": {"text": summary_of(report)}}


def _results(findings: Iterable[Finding], codes: Sequence[str]) -> list[dict[str, Any]]:
    seen: Counter[str] = Counter()
    results = []
    for finding in findings:
        about = finding.verdict.key if finding.verdict is not None else finding.message
        name = f"{finding.code}\0{finding.path}\0{about}"
        seen[name] += 1
        results.append(_result(finding, codes.index(finding.code), digest(f"{name}\0{seen[name]}".encode())))
    return results


def _result(finding: Finding, rule: int, fingerprint: str) -> dict[str, Any]:
    text = "\n".join((f"{shown_finding(finding)}.", *explained(finding)))
    related = [
        {
            **_location(cause.path, cause.line, number),
            "message": {"text": _said(shown_cause(cause), shown_advice(cause))},
        }
        for number, cause in enumerate(finding.causes, 1)
        if cause.path
    ]
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": rule,
        "level": _LEVELS[finding.level],
        "message": {"text": text},
        "locations": [_location(finding.path or SITE_FILE, finding.line)],
        "partialFingerprints": {_FINGERPRINT: fingerprint},
        "occurrenceCount": max(1, len(finding.pages)),
    }
    if related:
        result["relatedLocations"] = related
    if finding.pages:
        result["properties"] = {"pages": [url for url, _ in finding.pages]}
    return result


def _said(cause: str, advice: str) -> str:
    return f"{cause}; {advice}" if advice else cause


def _location(path: str, line: int, number: int | None = None) -> dict[str, Any]:
    """Give a location; GitHub shows none without a line, so an unknown one is the first."""
    artifact = {"uri": quote(path.replace("\\", "/")), "uriBaseId": "%SRCROOT%"}
    physical = {"artifactLocation": artifact, "region": {"startLine": max(1, line)}}
    return {"physicalLocation": physical} if number is None else {"id": number, "physicalLocation": physical}
