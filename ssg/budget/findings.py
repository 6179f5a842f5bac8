"""What is wrong, by cause: one cause on many pages is one finding."""

import math
from collections.abc import Iterable, Mapping

import msgspec

from ssg.budget.sums import LABELS
from ssg.budget.values import Cause, Finding, Level, Number, Subject, Verdict
from ssg.budget.wording import compared, listed
from ssg.config import FILE

_LEVELS = {Level.ERROR: 0, Level.WARN: 1}


class Breach(msgspec.Struct, frozen=True):
    """A limit that pages do not keep, for one cause: equal for all pages that it is one finding for.

    `files` are the URLs that bring the figure over the limit; empty where it is the page itself, and then `template`
    is what wrote it. `grown` tells that it is more than `budgets.lock` has, where the
    limit is another for each page.
    """

    key: str
    level: Level
    unit: str
    measure: str
    rule: str
    below: bool = False
    files: tuple[str, ...] = ()
    template: str = ""
    grown: bool = False


class Case(msgspec.Struct, frozen=True):
    """One page that a breach is found on: its figure, under the profile that it is worst in, and its largest parts.

    `before` is what the figure was by `budgets.lock`.
    """

    found: Number
    limit: Number
    subject: Subject
    profile: str
    rank: int
    causes: tuple[Cause, ...]
    before: Number = 0


class Collector:
    """Takes what is wrong page by page; gives findings, errors first, the worst first."""

    def __init__(self) -> None:
        self.cases: dict[Breach, list[Case]] = {}
        self.others: dict[Finding, list[tuple[str, str]]] = {}

    def breach(self, breach: Breach, case: Case) -> None:
        """Note that a page does not keep a limit."""
        self.cases.setdefault(breach, []).append(case)

    def note(self, finding: Finding, subject: Subject | None = None) -> None:
        """Note what is wrong beside limits, once for all pages that it is wrong for."""
        pages = self.others.setdefault(finding, [])
        if subject is not None:
            pages.append((subject.url, subject.source))

    def take(
        self,
        cases: Iterable[tuple[Breach, Iterable[Case]]],
        notes: Iterable[tuple[Finding, Iterable[tuple[str, str]]]],
    ) -> None:
        """Take what was noted of some pages."""
        for breach, found in cases:
            self.cases.setdefault(breach, []).extend(found)
        for finding, pages in notes:
            self.others.setdefault(finding, []).extend(pages)

    def findings(self) -> tuple[Finding, ...]:
        """Give everything, in an order that depends on nothing else than what was found."""
        sized = [_over(breach, cases) for breach, cases in self.cases.items()]
        noted = [(math.inf, _noted(finding, pages)) for finding, pages in self.others.items()]
        return tuple(one for _, one in sorted([*noted, *sized], key=_order))


def _order(one: tuple[float, Finding]) -> tuple[object, ...]:
    excess, finding = one
    return (_LEVELS[finding.level], -excess, -len(finding.pages), finding.path, finding.line, finding.message)


def _over(breach: Breach, cases: list[Case]) -> tuple[float, Finding]:
    """Give the finding of a breach, and by how much the worst page is over: 2 for twice the limit."""
    sign = 1 if breach.below else -1
    cases = sorted(cases, key=lambda case: (sign * case.found, case.subject.url))
    worst = cases[0]
    verdict = Verdict(
        url=worst.subject.url,
        source=worst.subject.source,
        key=breach.key,
        profile=worst.profile,
        level=breach.level,
        found=worst.found,
        limit=worst.limit,
        unit=breach.unit,
        rule=breach.rule,
        below=breach.below,
        label=LABELS[worst.rank],
        measure=breach.measure,
    )
    finding = Finding(
        code=_code(breach),
        level=breach.level,
        message=_said(breach, worst),
        path=worst.subject.source,
        hint=_advice(breach, worst),
        verdict=verdict,
        pages=tuple((case.subject.url, case.found) for case in cases),
        causes=worst.causes,
    )
    more, less = (worst.limit, worst.found) if breach.below else (worst.found, worst.limit)
    return (more / less if less else math.inf), finding


def _code(breach: Breach) -> str:
    return "growth" if breach.grown else "under-budget" if breach.below else "over-budget"


def _said(breach: Breach, worst: Case) -> str:
    where = f" on {worst.subject.url}" if worst.subject.url else ""
    if breach.grown:
        before, found = compared(worst.before, worst.found, breach.unit)
        return f'"{breach.key}" grew from {before} to {found}{where}'
    found, limit = compared(worst.found, worst.limit, breach.unit)
    return f'"{breach.key}" is {found}, {"under the least" if breach.below else "over the limit"} of {limit}{where}'


def _advice(breach: Breach, worst: Case) -> str:
    if breach.grown:
        return f'make it smaller, or accept it: ssg budget accept {worst.subject.url} --reason "…"'
    if breach.below:
        return f"see what is missing, or lower min in {breach.rule}"
    change = f"set {breach.key} in [[budgets]]" if breach.rule == "the defaults" else f"change {breach.rule}"
    return f"make it smaller, or {change}"


def _noted(finding: Finding, pages: list[tuple[str, str]]) -> Finding:
    if not pages:
        return finding
    pages = sorted(pages)
    url, source = pages[0]
    replace = msgspec.structs.replace
    counted = tuple((one, 0.0) for one, _ in pages)
    return replace(finding, message=f"{finding.message} on {url}", path=finding.path or source, pages=counted)


def unmatched(name: str, line: int) -> Finding:
    """Give the finding that a rule matches no page."""
    hint = "mend its match, section, template or type, or take the rule out"
    return Finding("unmatched-rule", Level.ERROR, f"{name.partition(' (')[0]} matches no page", FILE, line, hint)


def unweighed() -> Finding:
    """Give the finding that a page was not weighed, so that nothing is known of it."""
    hint = "build the site again; if that does not help, report it"
    return Finding("unweighed", Level.ERROR, "nothing was measured", "", 0, hint)


def unmeasured(key: str) -> Finding:
    """Give the finding that a limit of the site has no figure."""
    hint = f'measure it, or set {key} = "off"'
    return Finding("unweighed", Level.ERROR, f'"{key}" has a limit, and was not measured', FILE, 0, hint)


def unlocked(lock: str) -> Finding:
    """Give the finding that there is nothing to compare pages with, so that any may grow."""
    hint = "ssg build writes it; commit it"
    return Finding("no-lock", Level.WARN, "is not there, so no page is held against what it was", lock, 0, hint)


def missing(url: str) -> Finding:
    """Give the finding that a page asks the site for a file that is not there."""
    hint = "mend what names it"
    return Finding("missing-file", Level.ERROR, f"{url} would be fetched, and there is no such file", "", 0, hint)


def unknown(url: str, level: Level) -> Finding:
    """Give the finding that nobody knows how large another host's file is."""
    hint = f'say it in [budget]: third_party = {{ "{url}" = "30 kB" }}'
    return Finding("unknown-size", level, f"the size of {url} is not known", "", 0, hint)


def untold(url: str, reason: str) -> Finding:
    """Give the finding that something may be fetched that cannot be known from the files."""
    message = f"{url}: {reason}" if url else reason
    hint = 'see what a browser fetches with "ssg audit"'
    return Finding("unknown-fetch", Level.WARN, message, "", 0, hint)


def costly(code: str, url: str, message: str) -> Finding:
    """Give the finding of a mistake in a page that costs bytes."""
    return Finding(code, Level.WARN, f"{url} {message}", "", 0, "mend what names it")


def invalid(message: str, hint: str, subject: Subject) -> Finding:
    """Give the finding that limits in a front matter are wrong."""
    return Finding("wrong-limit", Level.ERROR, message, subject.source, subject.line, hint)


def other_compressors(now: Mapping[str, str], then: Mapping[str, str], lock: str) -> Finding:
    """Give the finding that sizes cannot be compared with the lock's, but for those of files without encodings."""
    message = f"{lock} is of {_versions(then)}, this build of {_versions(now)}: only uncompressed sizes are compared"
    hint = 'accept all pages anew: ssg budget accept "/**" --reason "other compressors"'
    return Finding("other-compressors", Level.WARN, message, lock, 0, hint)


def _versions(compressors: Mapping[str, str]) -> str:
    return listed([f"{name} {version}" for name, version in sorted(compressors.items())]) or "no compressors"
