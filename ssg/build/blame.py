"""Limits that pages do not keep → what wrote the bytes, and what a change would bring: for the worst page of each."""

import functools
from collections.abc import Callable, Iterator, Sequence
from urllib.parse import unquote

import msgspec

from ssg import output, render
from ssg.budget.addresses import path_of
from ssg.budget.advice import Change, cause_of
from ssg.budget.check import sized_by
from ssg.budget.kinds import Kinds
from ssg.budget.ledger import Row, Rules, regions, within, without
from ssg.budget.page import packed
from ssg.budget.sums import PAGE_KEYS, SINGLE, Sums
from ssg.budget.values import BYTES, BudgetReport, Cause, Fetch, Finding, Kind, Verdict, Weight
from ssg.budget.wording import shown_figure
from ssg.build.changes import Changes, Shown
from ssg.build.code import everything
from ssg.build.ledgers import Ledgers, measured
from ssg.build.members import Members
from ssg.build.naming import Names
from ssg.build.rendering import Stage, Work, work_of
from ssg.build.scales import HTML_TYPE
from ssg.build.scene import Scene
from ssg.build.setting import Setting, elements_of
from ssg.build.survey import Survey
from ssg.build.take import Take
from ssg.build.taking import requested
from ssg.build.trimming import letters_of
from ssg.build.whole import Built
from ssg.cache import Shelf
from ssg.digests import digest
from ssg.errors import Location
from ssg.memory import NullMemory
from ssg.model import Ref, Release
from ssg.workers import Workers

# Findings that are explained, which are those that a terminal shows, and the causes of each.
_FINDINGS, _CAUSES = 20, 5
# Bytes of HTML that are compressed again for one finding, so that no page takes long; the largest rows come first.
_WORK = 600_000
# What one finding costs, in pieces of work that are worth a process.
_HEAVY = 10
_PARTS = {"inline-css": "style", "inline-js": "script"}


def _raw(text: str) -> int:
    return len(text.encode())


def _optional(writer: render.Writer | Rules | None) -> bool:
    """Tell whether a page can be thought of without what somebody wrote."""
    if isinstance(writer, render.Writer):
        return writer.kind not in {"template", "body", "page"}
    return writer is not None


class _Case(msgspec.Struct, frozen=True):
    """The worst page of a finding: what it weighs, its HTML with its digest, and the route behind it."""

    verdict: Verdict
    weight: Weight
    html: Ref
    digest: str
    work: Work


def blame(report: BudgetReport, built: Built, take: Take, workers: Workers, shelf: Shelf) -> BudgetReport:
    """Give a report whose findings say what wrote the bytes of their worst page, and what a change would save.

    Nothing is done where every limit is kept; only the first findings are explained, as many as a terminal shows. An
    explanation is remembered as long as the page, its source and all files but those of other pages are the same.
    """
    cases = _cases(report, built.release, built.scene) if built.scene is not None else {}
    if not cases or built.scene is None:
        return report
    names = _names(cases, built, take)
    known = _remembered(names, shelf)
    rest = sorted(cases.keys() - known.keys(), key=lambda number: (cases[number].verdict.url, number))
    if rest:
        letters = _letters(cases, built.scene, take.files, shelf)
        explain = functools.partial(_explain_all, Stage(built.scene, shelf), letters)
        made = workers.map(explain, [cases[number] for number in rest], "blame", [_HEAVY] * len(rest))
        fresh = dict(zip(rest, (one for chunk in made for one in chunk), strict=True))
        shelf.store.put([(names[number], msgspec.msgpack.encode(fresh[number])) for number in rest if number in names])
        known |= fresh
    findings = tuple(
        _told(finding, known[number]) if number in known else finding for number, finding in enumerate(report.findings)
    )
    return msgspec.structs.replace(report, findings=findings)


def _told(finding: Finding, causes: tuple[Cause, ...]) -> Finding:
    """Give a finding with its causes; its place is that of the first that the page names."""
    line = next((one.line for one in causes if one.line and one.path == finding.path), finding.line)
    return msgspec.structs.replace(finding, causes=causes, line=line)


def _names(cases: dict[int, _Case], built: Built, take: Take) -> dict[int, str]:
    """Name explanations by all that they follow from; none where a file may have changed since it was read.

    The characters that a font needs follow from all pages: where fonts are explained, nothing is remembered.
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
    return {number: _name(case, (about, digests.get(case.verdict.source, "")), marks) for number, case in cases.items()}


def _name(case: _Case, about: tuple[str, str], marks: dict[str, str]) -> str:
    fetched = [marks.get(path_of(fetch.url), "") for fetch in case.weight.fetches]
    told = about, case.verdict, case.weight, case.digest, case.work.key, fetched
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


def _cases(report: BudgetReport, release: Release, scene: Scene) -> dict[int, _Case]:
    """Give the findings that can be explained, by their positions: of limits on what a page has fetched."""
    over = {
        number: one.verdict
        for number, one in enumerate(report.findings)
        if one.verdict is not None and one.code == "over-budget" and one.verdict.url and one.verdict.key != "dom-nodes"
    }
    over = dict(list(over.items())[:_FINDINGS])
    if not over:
        return {}
    urls = {verdict.url for verdict in over.values()}
    weights = {page.subject.url: page.weights for page in report.pages if page.subject.url in urls}
    files = {
        url: one for one in release.artifacts if one.media_type == HTML_TYPE and (url := requested(one.path)) in urls
    }
    rendered = work_of(scene, {unquote(url) for url in urls})
    work = {requested(output.artifact_path(one.route.url)): one for one in rendered}
    return {
        number: _Case(
            verdict,
            # A figure that is no profile's own is the same in all.
            next((one for one in weights[verdict.url] if one.profile == verdict.profile), weights[verdict.url][0]),
            files[verdict.url].body,
            files[verdict.url].digest,
            work[verdict.url],
        )
        for number, verdict in over.items()
        if verdict.url in work and verdict.url in files and weights.get(verdict.url)
    }


def _letters(cases: dict[int, _Case], scene: Scene, survey: Survey, shelf: Shelf) -> str:
    """Give the characters of the site where a font is to be held against them, and tools make no further ones."""
    config = scene.config
    fonts = any(fetch.kind is Kind.FONT for case in cases.values() for fetch in case.weight.fetches)
    if not fonts or config.fonts.subset or config.assets.commands:
        return ""
    return letters_of(survey, (), _setting(scene, shelf))


def _setting(scene: Scene, shelf: Shelf) -> Setting:
    return Setting(scene.inputs, scene.config, shelf, elements_of(scene.theme), NullMemory())


def _explain_all(stage: Stage, letters: str, cases: Sequence[_Case]) -> list[tuple[Cause, ...]]:
    explainer = _Explainer(stage, letters)
    return [explainer.explain(case) for case in cases]


class _Explainer:
    """Explains findings of one site, one after the other; what they share is made once."""

    def __init__(self, stage: Stage, letters: str) -> None:
        self._stage = stage
        self._config = stage.scene.config
        self._names = Names(stage.scene)
        self._changes = Changes(stage, letters)
        self._ledgers = Ledgers(stage)
        self._members = Members(_setting(stage.scene, stage.shelf), self._names)
        self._rows: dict[str, tuple[Row[render.Writer], ...]] = {}
        self._sizes: dict[str, Callable[[str], int]] = {}

    def explain(self, case: _Case) -> tuple[Cause, ...]:
        """Give the causes of a finding, the largest first."""
        causes = sorted(self._causes(case), key=lambda one: (-one.bytes, one.path, one.line, one.what))
        return tuple(causes[:_CAUSES])

    def _causes(self, case: _Case) -> Iterator[Cause]:
        verdict = case.verdict
        html = self._stage.shelf.get(case.html).decode("utf-8", "replace")
        if verdict.key == "first-flight":
            end = len(html.encode()[: case.weight.head.raw].decode(errors="ignore"))
            rows = within(self._ledger(case, html), html, ((0, end),))
            yield from self._html(case, html[:end], rows, lambda text: packed(text).measured(verdict.measure))
        elif verdict.key in _PARTS:
            parts = regions(html, _PARTS[verdict.key])
            yield from self._html(case, html, within(self._ledger(case, html), html, parts), _raw)
        else:
            yield from self._parts(case, html)

    def _parts(self, case: _Case, html: str) -> Iterator[Cause]:
        """Give the causes of a figure that is made up of files, of which the page may be one."""
        verdict, weight = case.verdict, case.weight
        sums = Sums(frozenset((verdict.key,)), sized_by(self._config.budget))
        found = Kinds(sums, verdict.measure or "br").parts(verdict.key, weight, verdict.measure, verdict.source)
        fetches = {fetch.url: fetch for fetch in weight.fetches[1:]}
        page = Shown(html, verdict.key, verdict.measure or "br", weight.fetches)
        for url, size in found.sizes[:_CAUSES]:
            if url:
                yield from self._file(fetches[url], size, page, case)
            elif verdict.key in PAGE_KEYS or verdict.key == SINGLE:
                yield from self._html(case, html, self._ledger(case, html), self._size(page.measure))

    def _ledger(self, case: _Case, html: str) -> tuple[Row[render.Writer], ...]:
        url = case.verdict.url
        if url not in self._rows:
            self._rows[url] = self._ledgers.of(case.work, html)
        return self._rows[url]

    def _size(self, measure: str) -> Callable[[str], int]:
        """Give what tells the bytes of a page's HTML in a measure; limits of one page ask the same."""
        if measure not in self._sizes:
            config = self._config.output
            self._sizes[measure] = functools.lru_cache(maxsize=2 * _CAUSES)(
                lambda text: measured(text.encode(), "text/html", measure, config)
            )
        return self._sizes[measure]

    def _html(
        self, case: _Case, html: str, rows: Sequence[Row[render.Writer]], size: Callable[[str], int]
    ) -> Iterator[Cause]:
        """Give who wrote the HTML of a page: what it has less without each row, compressed anew by `size`."""
        most = max(1, min(_CAUSES, _WORK // max(1, len(html))))
        whole = size(html)
        for row in rows[:most]:
            less = whole - size(without(html, row))
            what, where = self._written(row)
            if less != row.bytes:
                what = f"{what}, {shown_figure(row.bytes, BYTES)} uncompressed"
            changes = [Change("without it", less)] if _optional(row.writer) else []
            if less > 0:
                yield cause_of(what, where, less, changes, case.verdict)

    def _written(self, row: Row[render.Writer]) -> tuple[str, Location]:
        """Say in words who wrote a row, and where that stands."""
        match row.writer:
            case render.Writer():
                return row.writer.words, Location(row.writer.path, row.writer.line)
            case Rules():
                return f"CSS in the page, {row.writer.name}", self._names.rule(row.writer.name) or Location("")
            case _:
                return "the minifier and the passes", Location("")

    def _file(self, fetch: Fetch, size: int, page: Shown, case: _Case) -> Iterator[Cause]:
        """Give a file that a page fetches as a cause; the members of a bundle each for itself."""
        asset = self._names.asset(fetch.url) if not fetch.third_party else None
        members = self._members.of(asset, size, page.measure) if asset is not None else ()
        for member in members:
            yield cause_of(
                member.what, member.where, member.saving, [Change("without it", member.saving)], case.verdict
            )
        if members:
            return
        bundle = self._names.bundle(asset) if asset is not None else None
        what = fetch.url if asset is None else asset.source.rpartition("/")[2]
        what = f"bundle {bundle[1]}.{bundle[0]}" if bundle is not None else what
        if asset is None or bundle is not None or fetch.kind in {Kind.IMAGE, Kind.MEDIA, Kind.OTHER}:
            where = self._names.place(fetch, case.verdict.source, self._ledgers.body(case.work))
        else:
            where = Location(self._names.source(asset))
        yield cause_of(what, where, size, self._changes.of(fetch, asset, size, page), case.verdict)
