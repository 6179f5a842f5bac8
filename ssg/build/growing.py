"""A page that weighs more than its lock has → which files made it so: with each as it was, the page is made again."""

from collections.abc import Callable, Iterator, Sequence

from ssg import render
from ssg.budget.advice import Change, cause_of
from ssg.budget.ledger import Row
from ssg.budget.lock import line_url
from ssg.budget.values import Cause
from ssg.budget.wording import listed
from ssg.build.cases import Case, Writer
from ssg.build.rendering import Stage, Work
from ssg.build.since import Since
from ssg.build.trials import Trials
from ssg.errors import Location
from ssg.routes import own_page

_MOST = 8
_SHORT = 10


class Growing:
    """Explains what grew, where git knows what was there when the line of the page came into the lock."""

    def __init__(self, stage: Stage, trials: Trials) -> None:
        self._stage = stage
        self._trials = trials
        self._since = Since(stage.scene.inputs.root)

    def html(self, case: Case, html: str, rows: Sequence[Row[Writer]], size: Callable[[str], int]) -> Iterator[Cause]:
        """Give the files whose change made the HTML of a page grow, each with the bytes that it brought.

        Takes who wrote the page, and what tells the bytes of HTML.
        """
        revision = self._revision(case)
        if not revision:
            return
        whole = size(html)
        for what, where, before in self._before(case, rows, revision):
            grown = whole - size(before) if before is not None else 0
            if grown > 0:
                change = Change(f"as it was in {revision[:_SHORT]}", grown)
                yield cause_of(what, where, grown, [change], case.verdict)

    def texts(self, case: Case, paths: Sequence[str]) -> dict[str, str]:
        """Give those of some files that have changed, by path, with the texts that they had; new ones had none."""
        revision = self._revision(case)
        changed = self._since.changed(revision) if revision else frozenset[str]()
        return {path: self._since.text(revision, path) for path in paths if path in changed}

    def revision(self, case: Case) -> str:
        """Give the commit that the page's line in the lock is from, short; empty where that is not known."""
        return self._revision(case)[:_SHORT]

    def _revision(self, case: Case) -> str:
        return self._since.revision(line_url(case.verdict.url))

    def _before(
        self, case: Case, rows: Sequence[Row[Writer]], revision: str
    ) -> Iterator[tuple[str, Location, str | None]]:
        """Give the files that have changed, in words and with their places, and the page's HTML with each as it was."""
        changed, source, work = self._since.changed(revision), case.verdict.source, case.work
        if work is None:
            if source in changed:
                yield source.rpartition("/")[2], Location(source), self._since.text(revision, source)
            return
        if source in changed and source.endswith(".md"):
            before = self._since.text(revision, source)
            yield "the Markdown body", Location(source), self._trials.with_body(work, before)
        names = {one.writer.path for one in rows if isinstance(one.writer, render.Writer)} | {
            one.path for one in self._stage.scene.theme.templates
        }
        for path in [one for one in sorted(names) if one in changed and one != source][:_MOST]:
            text = self._since.text(revision, path)
            yield f"template {path.rpartition('/')[2]}", Location(path), self._trials.with_template(work, path, text)
        new = self._new(work, revision)
        if new:
            what = f"{len(new):,} new in its list: {listed(new)}"
            yield what, Location(source), self._trials.without_listed(work, frozenset(new))

    def _new(self, work: Work, revision: str) -> list[str]:
        """Give the sources of pages that a list shows and that were not there."""
        changed, made = self._since.changed(revision), self._stage.scene.site.pages
        own = own_page(self._stage.scene.site, work.route)
        some = [made[one].source for one in self._trials.pages(work)]
        there = [one for one in some if one in changed and (own is None or one != own.source)]
        return [one for one in there if not self._since.text(revision, one)]
