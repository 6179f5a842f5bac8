"""Limits that pages do not keep → what wrote the bytes, and what a change would bring: for the worst page of each."""

import functools
from collections.abc import Sequence
from urllib.parse import unquote

import msgspec

from ssg import output
from ssg.budget.addresses import path_of
from ssg.budget.check import explainable
from ssg.budget.values import BudgetReport, Cause, Finding, Kind, Verdict, Weight
from ssg.build.cases import Case
from ssg.build.rendering import Stage, work_of
from ssg.build.scene import Scene
from ssg.build.sitewide import Sitewide
from ssg.build.survey import Survey
from ssg.build.take import Take
from ssg.build.taking import requested
from ssg.build.trimming import letters_of
from ssg.build.whole import Built
from ssg.build.world import HTML_TYPE
from ssg.cache import Shelf
from ssg.digests import digest
from ssg.versions import everything
from ssg.workers import Workers

# What one finding costs, in pieces of work that are worth a process.
_HEAVY = 10


def blame(report: BudgetReport, built: Built, take: Take, workers: Workers, shelf: Shelf) -> BudgetReport:
    """Give a report whose findings say what wrote the bytes of their worst page, and what a change would save.

    Nothing is done where every limit is kept; only the first findings are explained, as many as a terminal shows. An
    explanation is remembered as long as the page, its source and all files but those of other pages are the same.
    """
    if built.scene is None:
        return report
    of_pages, of_site = explainable(report.findings)
    sitewide = Sitewide(report, built.release, built.scene)
    cases = _cases(report, of_pages, built, sitewide)
    names = _names(cases, built, take) if cases else {}
    known = _remembered(names, shelf)
    rest = sorted(cases.keys() - known.keys(), key=lambda number: (cases[number].verdict.url, number))
    if rest:
        letters = _letters(cases, built.scene, take.files, shelf)
        explain = functools.partial(_explain_all, Stage(built.scene, shelf), letters)
        made = workers.map(explain, [cases[number] for number in rest], "blame", [_HEAVY] * len(rest))
        fresh = dict(zip(rest, (one for chunk in made for one in chunk), strict=True))
        shelf.store.put([(names[number], msgspec.msgpack.encode(fresh[number])) for number in rest if number in names])
        known |= fresh
    known |= {number: sitewide.causes(report.findings[number]) for number in of_site}
    findings = tuple(
        _told(finding, known[number]) if number in known else finding for number, finding in enumerate(report.findings)
    )
    return msgspec.structs.replace(report, findings=findings)


def _told(finding: Finding, causes: tuple[Cause, ...]) -> Finding:
    """Give a finding with its causes; its place is that of the first that the page names."""
    causes = causes or finding.causes
    line = next((one.line for one in causes if one.line and one.path == finding.path), finding.line)
    return msgspec.structs.replace(finding, causes=causes, line=line)


def _names(cases: dict[int, Case], built: Built, take: Take) -> dict[int, str]:
    """Name explanations by all that they follow from; none where a file may have changed since it was read.

    The characters that a font needs follow from all pages: where fonts are explained, nothing is remembered. Nor are
    the causes of growth, which git knows.
    """
    sources = {case.verdict.source for case in cases.values()}
    pages = {file.file: file.path for file in take.files.content.files}
    read = [file for file in take.files.files if pages.get(file.file, "") in {"", *sources}]
    digests = {file.path: built.stamps.digest(file.file, file.stamp) for file in read}
    if any(fetch.kind is Kind.FONT for case in cases.values() for fetch in case.weight.fetches):
        return {}
    others = {path: mark for path, mark in digests.items() if path not in sources}
    if not all(digests.values()):
        return {}
    about = digest(msgspec.msgpack.encode((everything(), take.config, sorted(others.items()))))
    marks = {requested(one.path): one.digest for one in built.release.artifacts if one.media_type != HTML_TYPE}
    return {
        number: _name(case, (about, digests.get(case.verdict.source, "")), marks)
        for number, case in cases.items()
        if not case.grown
    }


def _name(case: Case, about: tuple[str, str], marks: dict[str, str]) -> str:
    fetched = [marks.get(path_of(fetch.url), "") for fetch in case.weight.fetches]
    told = about, case.verdict, case.weight, case.digest, case.work.key if case.work else "", case.alone, fetched
    return f"blame:{digest(msgspec.msgpack.encode(told))}"


def _remembered(names: dict[int, str], shelf: Shelf) -> dict[int, tuple[Cause, ...]]:
    kept = shelf.store.get([*dict.fromkeys(names.values())]) if names else {}
    known: dict[int, tuple[Cause, ...]] = {}
    for number, name in names.items():
        try:
            if name in kept:
                known[number] = msgspec.msgpack.decode(kept[name], type=tuple[Cause, ...])
        except msgspec.DecodeError:  # of another form
            continue
    return known


def _cases(report: BudgetReport, chosen: Sequence[int], built: Built, sitewide: Sitewide) -> dict[int, Case]:
    """Give the findings of a page among some that are to be explained, by their positions."""
    release, scene = built.release, built.scene
    over = {number: one.verdict for number in chosen if (one := report.findings[number]).verdict and one.verdict.url}
    if not over or scene is None:
        return {}
    urls = {verdict.url for verdict in over.values()}
    weights = {page.subject.url: page.weights for page in report.pages if page.subject.url in urls}
    files = {
        url: one for one in release.artifacts if one.media_type == HTML_TYPE and (url := requested(one.path)) in urls
    }
    rendered = work_of(scene, {unquote(url) for url in urls})
    work = {requested(output.artifact_path(one.route.url)): one for one in rendered}
    return {
        number: Case(
            verdict,
            _weight(verdict, weights[verdict.url], sitewide),
            files[verdict.url].body,
            files[verdict.url].digest,
            work.get(verdict.url),
            report.findings[number].causes if report.findings[number].code == "growth" else (),
            verdict.key != "largest-page" or sitewide.alone(verdict),
        )
        for number, verdict in over.items()
        if verdict.url in files and weights.get(verdict.url)
    }


def _weight(verdict: Verdict, weights: Sequence[Weight], sitewide: Sitewide) -> Weight:
    """Give the weight that a verdict is of; a figure that is no profile's own is the same in all, or the heaviest's."""
    if not verdict.profile:
        return max(weights, key=lambda one: sitewide.total(one, verdict.measure))
    return next((one for one in weights if one.profile == verdict.profile), weights[0])


def _letters(cases: dict[int, Case], scene: Scene, survey: Survey, shelf: Shelf) -> str:
    """Give the characters of the site where a font is to be held against them, and tools make no further ones."""
    config = scene.config
    fonts = any(fetch.kind is Kind.FONT for case in cases.values() for fetch in case.weight.fetches)
    if not fonts or config.fonts.subset or config.assets.commands:
        return ""
    from ssg.build.explaining import setting_of  # noqa: PLC0415 - as below

    return letters_of(survey, (), setting_of(Stage(scene, shelf)))


def _explain_all(stage: Stage, letters: str, cases: Sequence[Case]) -> list[tuple[Cause, ...]]:
    from ssg.build.explaining import Explainer  # noqa: PLC0415 - 50 ms, where no explanation is remembered

    explainer = Explainer(stage, letters)
    return [explainer.explain(case) for case in cases]
