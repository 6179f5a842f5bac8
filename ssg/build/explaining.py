"""One limit that a page does not keep → its causes: what wrote the bytes or elements, each with a change tried out."""

import functools
from collections.abc import Callable, Iterator, Sequence

import msgspec

from ssg import render
from ssg.budget.advice import Change, cause_of, keeps
from ssg.budget.assess import sized_by
from ssg.budget.kinds import Kinds
from ssg.budget.ledger import Row, regions, within, without
from ssg.budget.lock import stable
from ssg.budget.page import packed
from ssg.budget.sums import PAGE_KEYS, SINGLE, Sums
from ssg.budget.values import BYTES, Cause, Fetch, Kind
from ssg.budget.wording import shown_figure
from ssg.build.cases import Case, Writer, optional, written
from ssg.build.changes import Changes, Shown
from ssg.build.counting import Counting
from ssg.build.growing import Growing
from ssg.build.ledgers import Ledgers, measured
from ssg.build.members import Members
from ssg.build.naming import Names
from ssg.build.rendering import Stage
from ssg.build.setting import Setting, elements_of
from ssg.build.shortening import Shortening
from ssg.build.trials import Trials
from ssg.errors import Location
from ssg.memory import NullMemory

CAUSES = 5
"""How many causes of a finding are told."""
# Bytes of HTML that are compressed again for one finding, so that no page takes long; the largest rows come first.
_WORK = 600_000
_PARTS = {"inline-css": "style", "inline-js": "script"}
# Limits of a page that the site sets: what is explained of them, and limited on the page.
_AS = {"largest-page": "total"}


def _raw(text: str) -> int:
    return len(text.encode())


def setting_of(stage: Stage) -> Setting:
    """Give what packing a file again takes."""
    scene = stage.scene
    return Setting(scene.inputs, scene.config, stage.shelf, elements_of(scene.theme), NullMemory())


class Explainer:
    """Explains findings of one site, one after the other; what they share is made once."""

    def __init__(self, stage: Stage, letters: str) -> None:
        self._stage = stage
        self._config = stage.scene.config
        self._names = Names(stage.scene)
        self._changes = Changes(stage, letters)
        self._ledgers = Ledgers(stage)
        self._members = Members(setting_of(stage), self._names)
        trials = Trials(stage)
        self._shortening = Shortening(stage, trials, self._ledgers)
        self._counting = Counting(self._names, self._shortening)
        self._growing = Growing(stage, trials)
        self._rows: dict[str, Sequence[Row[Writer]]] = {}
        self._sizes: dict[str, Callable[[str], int]] = {}

    def explain(self, case: Case) -> tuple[Cause, ...]:
        """Give the causes of a finding, the largest first."""
        made = self._growth(case) if case.grown else self._causes(case)
        causes = sorted(made, key=lambda one: (-one.elements, -one.bytes, one.path, one.line, one.what))
        # Where other pages are over too, no change of this one is enough.
        return tuple(msgspec.structs.replace(one, passes=one.passes and case.alone) for one in causes[:CAUSES])

    def _causes(self, case: Case) -> Iterator[Cause]:
        verdict, html = case.verdict, self._text(case)
        if verdict.key == "dom-nodes":
            yield from self._counting.causes(case, html, self._ledger(case, html))
        elif verdict.key == "first-flight":
            end = len(html.encode()[: case.weight.head.raw].decode(errors="ignore"))
            rows = within(self._ledger(case, html), html, ((0, end),))
            yield from self._html(case, html[:end], rows, lambda text: packed(text).measured(verdict.measure))
        elif verdict.key in _PARTS:
            parts = regions(html, _PARTS[verdict.key])
            yield from self._html(case, html, within(self._ledger(case, html), html, parts), _raw)
        else:
            yield from self._parts(case, html)

    def _text(self, case: Case) -> str:
        return self._stage.shelf.get(case.html).decode("utf-8", "replace")

    def _growth(self, case: Case) -> Iterator[Cause]:
        """Give the causes of a growth: files with what came to them, and what made the page's own HTML grow."""
        verdict, html = case.verdict, self._text(case)
        fetches = {stable(fetch.url): fetch for fetch in case.weight.fetches[1:]}
        page = Shown(html, verdict.key, verdict.measure or "br", case.weight.fetches, case.work is None)
        sized = sized_by(self._config.budget)
        for one in case.grown:
            fetch = fetches.get(one.what)
            sizes = sized(fetch) if fetch is not None else None
            if fetch is not None and sizes is not None:
                yield from self._grown(fetch, sizes.measured(page.measure), one.bytes, page, case)
            else:
                yield from self._grown_html(case, html, one)

    def _grown_html(self, case: Case, html: str, grown: Cause) -> Iterator[Cause]:
        """Give what made the HTML grow, by git; without that, the growth, and what of the page could go."""
        rows, size = self._ledger(case, html), self._size(case.verdict.measure or "br")
        found = [*self._growing.html(case, html, rows, size)]
        if found:
            yield from found
            return
        whole = size(html)
        changes = []
        for row in rows[: max(1, min(CAUSES, _WORK // max(1, len(html))))]:
            what, where = written(row, case, self._names)
            named = f"{what} ({where.path}:{where.line})" if where.line else what
            changes += [Change(f"without {named}", whole - size(without(html, row)))] if optional(row) else []
        changes += self._lists(case, html, size)
        yield cause_of(grown.what, Location(grown.path), grown.bytes, changes, case.verdict)

    def _grown(self, fetch: Fetch, size: int, grown: int, page: Shown, case: Case) -> Iterator[Cause]:
        """Give what made a file grow: the members of a bundle that have changed, else the file, and what could be done.

        `size` are its bytes now, `grown` those that came to what the lock has.
        """
        asset = self._names.asset(fetch.url) if not fetch.third_party else None
        if asset is not None:
            paths = self._members.paths(asset)
            before = self._growing.texts(case, paths)
            members = self._members.grown(asset, size, page.measure, before)
            for member in members:
                change = Change(f"as it was in {self._growing.revision(case)}", member.saving)
                yield cause_of(member.what, member.where, member.saving, [change], case.verdict)
            if members:
                return
        for one in self._file(fetch, size, page, case):
            what = f"{one.what}, {shown_figure(one.bytes, BYTES)} in all"
            yield msgspec.structs.replace(one, what=what, bytes=min(one.bytes, grown))

    def _parts(self, case: Case, html: str) -> Iterator[Cause]:
        """Give the causes of a figure that is made up of files, of which the page may be one."""
        weight = case.weight
        verdict = msgspec.structs.replace(case.verdict, key=_AS.get(case.verdict.key, case.verdict.key))
        sums = Sums(frozenset((verdict.key,)), sized_by(self._config.budget))
        found = Kinds(sums, verdict.measure or "br").parts(verdict.key, weight, verdict.measure, verdict.source)
        fetches = {fetch.url: fetch for fetch in weight.fetches[1:]}
        page = Shown(html, verdict.key, verdict.measure or "br", weight.fetches, case.work is None)
        for url, size in found.sizes[:CAUSES]:
            if url:
                yield from self._file(fetches[url], size, page, case)
            elif verdict.key in PAGE_KEYS or verdict.key == SINGLE:
                size_of = self._size(page.measure)
                lists = self._lists(case, html, size_of)
                yield from self._html(case, html, self._ledger(case, html), size_of, lists)

    def _ledger(self, case: Case, html: str) -> Sequence[Row[Writer]]:
        url = case.verdict.url
        if url not in self._rows:
            file = case.verdict.source
            work = case.work
            self._rows[url] = self._ledgers.of(work, html) if work is not None else self._ledgers.of_file(file, html)
        return self._rows[url]

    def _size(self, measure: str) -> Callable[[str], int]:
        """Give what tells the bytes of a page's HTML in a measure; limits of one page ask the same."""
        if measure not in self._sizes:
            config = self._config.output
            self._sizes[measure] = functools.lru_cache(maxsize=2 * CAUSES)(
                lambda text: measured(text.encode(), "text/html", measure, config)
            )
        return self._sizes[measure]

    def _html(
        self,
        case: Case,
        html: str,
        rows: Sequence[Row[Writer]],
        size: Callable[[str], int],
        lists: Sequence[Change] = (),
    ) -> Iterator[Cause]:
        """Give who wrote the HTML of a page: what it has less without each row, compressed anew by `size`.

        `lists` are what lists in parts bring: what the template may do that wrote most.
        """
        most = max(1, min(CAUSES, _WORK // max(1, len(html))))
        whole = size(html)
        for row in rows[:most]:
            less = whole - size(without(html, row))
            what, where = written(row, case, self._names)
            if less != row.bytes:
                what = f"{what}, {shown_figure(row.bytes, BYTES)} uncompressed"
            changes = [Change("without it", less)] if optional(row) else []
            if lists and isinstance(row.writer, render.Writer) and row.writer.kind != "body":
                changes, lists = [*lists, *changes], ()
            if less > 0:
                yield cause_of(what, where, less, changes, case.verdict)

    def _lists(self, case: Case, html: str, size: Callable[[str], int]) -> list[Change]:
        """Give what the page would have less with its list in parts, until it is enough."""
        made: list[Change] = []
        for advice, less in self._shortening.in_parts(case) if len(html) < _WORK else ():
            made.append(Change(advice, size(html) - size(less)))
            if keeps(case.verdict, made[-1]):
                break
        return made

    def _file(self, fetch: Fetch, size: int, page: Shown, case: Case) -> Iterator[Cause]:
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
            body = self._ledgers.body(case.work) if case.work is not None else None
            where = self._names.place(fetch, case.verdict.source, body)
        else:
            where = Location(self._names.source(asset))
        yield cause_of(what, where, size, self._changes.of(fetch, asset, size, page), case.verdict)
