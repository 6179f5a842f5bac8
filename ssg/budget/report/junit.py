"""The report as JUnit XML, which CI services read: a suite for each page, a case for each limit."""

import re
from collections.abc import Iterable, Iterator, Mapping

from ssg.budget.sentences import (
    SITE_FILE,
    counted,
    exact_figure,
    explained,
    level_words,
    shown_advice,
    shown_cause,
    shown_finding,
    shown_verdict,
    summary_of,
    sure,
    verdict_of,
)
from ssg.budget.values import BudgetReport, Figure, Finding, Level, PageReport, Verdict

# What XML cannot hold, not even as a reference (XML 1.0, section 2.2).
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_PASSED, _FAILED, _SKIPPED = "passed", "failed", "skipped"

_Case = tuple[str, str]
"""A written case, and what it counts as."""
_Suite = tuple[str, list[_Case]]
_Causes = Mapping[tuple[str, str], Finding]


def render_junit(report: BudgetReport) -> str:
    """Give JUnit XML as Jenkins, GitLab and GitHub's actions read it.

    A figure without a limit is no case: nothing was judged. What is over a warning passes, with the words in
    `system-out`. What is wrong beyond figures, such as a rule that matches no page, is a case of the suite `findings`.
    """
    causes = {
        (verdict.key, url): finding
        for finding in reversed(report.findings)
        if (verdict := finding.verdict) is not None
        for url in (verdict.url, *(url for url, _ in finding.pages))
    }
    site = [_case(figure, "", SITE_FILE, causes) for figure in report.site if _judged(figure)]
    others = [_other(finding) for finding in report.findings if finding.verdict is None]
    suites = [("the site", site), *(_page(page, causes) for page in report.pages), ("findings", others)]
    if report.off or not report.pages:
        suites.append(("ssg", [_skipped(summary_of(report))]))
    return "\n".join(_document([suite for suite in suites if suite[1]])) + "\n"


def _document(suites: list[_Suite]) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f"<testsuites{_attributes(name='ssg budget', **_counts(case for _, cases in suites for case in cases))}>"
    for name, cases in suites:
        yield f"<testsuite{_attributes(name=name, **_counts(cases))}>"
        yield from (case for case, _ in cases)
        yield "</testsuite>"
    yield "</testsuites>"


def _counts(cases: Iterable[_Case]) -> dict[str, str]:
    kinds = [kind for _, kind in cases]
    failed, skipped = kinds.count(_FAILED), kinds.count(_SKIPPED)
    return {"tests": str(len(kinds)), "failures": str(failed), "errors": "0", "skipped": str(skipped)}


def _page(page: PageReport, causes: _Causes) -> _Suite:
    subject = page.subject
    return subject.url, [_case(one, subject.url, subject.source, causes) for one in page.figures if _judged(one)]


def _judged(figure: Figure) -> bool:
    return (figure.warn, figure.error, figure.least) != (None, None, None)


def _case(figure: Figure, url: str, source: str, causes: _Causes) -> _Case:
    """Write a case; its name is the key of the limit, so that it is the same one in every run."""
    named = {"classname": url or "the site", "name": figure.key}
    verdict = verdict_of(figure, url, source)
    if verdict is None:
        return f"<testcase{_attributes(**named, file=source)}/>", _PASSED
    finding = causes.get((figure.key, url))
    said = f"{figure.key}: {shown_verdict(verdict)}"
    text = "\n".join((said, *_behind(verdict, finding)))
    place = {"file": finding.path, "line": str(finding.line)} if finding and finding.line else {"file": source}
    if verdict.level is Level.WARN:
        inner = f"<system-out>{_text(f'warning: {text}')}</system-out>"
        return f"<testcase{_attributes(**named, **place)}>{inner}</testcase>", _PASSED
    inner = f"<failure{_attributes(message=said, type='over-budget')}>{_text(text)}</failure>"
    return f"<testcase{_attributes(**named, **place)}>{inner}</testcase>", _FAILED


def _behind(verdict: Verdict, finding: Finding | None) -> Iterator[str]:
    """Say more of a verdict; what causes it stands with the worst page of the finding that it is part of."""
    found, limit = exact_figure(verdict.found, verdict.unit), exact_figure(verdict.limit, verdict.unit)
    profile = f" on {verdict.profile}" if verdict.profile else ""
    yield f"{found}{sure(verdict.label)}{profile}; the limit is {limit}, by {verdict.rule}"
    if finding is None:
        return
    if finding.verdict is not None and finding.causes and finding.verdict.url != verdict.url:
        yield f"one of {counted(len(finding.pages), 'page')} with the same cause, which stands at {finding.verdict.url}"
        return
    for cause in finding.causes:
        yield shown_cause(cause)
        if advice := shown_advice(cause):
            yield f"  {advice}"
    if finding.hint:
        yield finding.hint


def _other(finding: Finding) -> _Case:
    attributes = _attributes(
        classname="findings",
        name=f"{finding.code}: {finding.message}",
        file=finding.path or SITE_FILE,
        **({"line": str(finding.line)} if finding.line else {}),
    )
    text = "\n".join((shown_finding(finding), *explained(finding)))
    if finding.level is Level.WARN:
        said = f"<system-out>{_text(f'{level_words(finding)}: {text}')}</system-out>"
        return f"<testcase{attributes}>{said}</testcase>", _PASSED
    failure = f"<failure{_attributes(message=finding.message, type=finding.code)}>{_text(text)}</failure>"
    return f"<testcase{attributes}>{failure}</testcase>", _FAILED


def _skipped(reason: str) -> _Case:
    inner = f"<skipped{_attributes(message=reason)}/>"
    return f"<testcase{_attributes(classname='ssg', name='budgets')}>{inner}</testcase>", _SKIPPED


def _attributes(**values: str) -> str:
    from xml.sax.saxutils import quoteattr  # noqa: PLC0415 - it loads what speaks HTTP, 15 ms

    return "".join(f" {name}={quoteattr(_holdable(value))}" for name, value in values.items())


def _text(text: str) -> str:
    from xml.sax.saxutils import escape  # noqa: PLC0415 - as above

    return escape(_holdable(text))


def _holdable(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", text)
