"""A release that is not written → what its pages weigh about, one by one, as somebody asks."""

import functools
import threading
from collections.abc import Callable, Mapping
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

import msgspec

from ssg.budget.values import PROFILES, BudgetReport, File, PageReport, Sizes, Subject, Weight
from ssg.build.taking import requested
from ssg.build.world import HTML_TYPE
from ssg.config import Config
from ssg.model import Artifact, Ref, Release, Site

_INDEX = "index.html"
_MEASURE = "br"


class Scene(NamedTuple):
    """The site that a release was rendered from, with the names of the templates that its theme has."""

    site: Site
    templates: tuple[str, ...]


class Glance:
    """Looks at a release without encodings: sizes are those of a quick compression, which gives a little more.

    Nothing is done before anybody asks, and for a page only what that page needs. May be asked in any thread.
    """

    def __init__(
        self,
        release: Release,
        config: Config,
        read: Callable[[Ref], bytes],
        scene: Callable[[], Scene | None],
        before: "Glance | None" = None,
    ) -> None:
        """Take what reads the bytes of the release, and what tells of its site where that is known by now.

        `before` is the look at the release before: what it has seen is what an edit adds to, and what it has packed
        need not be packed again.
        """
        self._release = release
        self._config = config
        self._read = read
        self._scene = scene
        self.packed: dict[str, int] = before.packed if before is not None else {}
        self.before: Mapping[str, PageReport] = {**before.before, **before.seen} if before is not None else {}
        self.seen: dict[str, PageReport] = {}
        self._turn = threading.Lock()

    def bar(self, artifact: Artifact) -> bytes | None:
        """Give the JSON of `ssg.budget.bar.Bar` for a page of the release; None for other files, and what is gone."""
        if artifact.media_type != HTML_TYPE:
            return None
        from ssg.budget.bar import weigh_bar  # noqa: PLC0415 - parsers, for who looks at a page

        url = requested(artifact.path)
        with self._turn:
            try:
                now = self.seen.get(url) or self._page(artifact, url)
            except OSError:  # a newer build has come
                return None
            self.seen[url] = now
        return msgspec.json.encode(weigh_bar(now, self.before.get(url), _MEASURE, about=True))

    def report(self) -> bytes:
        """Give the HTML of the report of all pages.

        Raises:
            OSError: bytes of the release are gone.
        """
        from ssg.budget.report import render_html  # noqa: PLC0415 - for who asks for it

        return render_html(self._report).encode()

    @functools.cached_property
    def _report(self) -> BudgetReport:
        weigh = self._scales()
        pages = [one for one in self._release.artifacts if one.media_type == HTML_TYPE]
        weights = [weight for one in pages for weight in weigh(one)]
        return self._judged([self._subject(one, requested(one.path)) for one in pages], weights)

    def _page(self, artifact: Artifact, url: str) -> PageReport:
        return self._judged([self._subject(artifact, url)], self._weigh(artifact)).pages[0]

    def _judged(self, subjects: list[Subject], weights: list[Weight]) -> BudgetReport:
        """Hold pages against the limits; the lock is of other sizes, so that it is left out."""
        from ssg.budget.assess import Terms  # noqa: PLC0415 - as above
        from ssg.budget.check import check  # noqa: PLC0415 - as above

        budget = msgspec.structs.replace(self._config.budget, mode="absolute")
        size = sum(one.body.size for one in self._release.artifacts)
        return check(subjects, weights, Terms(self._config.budgets, budget, site_bytes=size))

    def _subject(self, artifact: Artifact, url: str) -> Subject:
        return self._subjects.get(url) or Subject(url, artifact.source)

    @functools.cached_property
    def _subjects(self) -> Mapping[str, Subject]:
        from ssg.build.subjects import list_subjects  # noqa: PLC0415 - as above

        scene = self._scene()
        return {one.url: one for one in list_subjects(scene.site, scene.templates)} if scene is not None else {}

    @functools.cached_property
    def _weigh(self) -> Callable[[Artifact], list[Weight]]:
        return self._scales()

    def _scales(self) -> Callable[[Artifact], list[Weight]]:
        """Give what weighs a page under every profile; not for two threads at once."""
        from ssg.budget.graph import Weigher  # noqa: PLC0415 - as above
        from ssg.budget.page import read_page  # noqa: PLC0415 - as above

        base, address = self._config.site.base_path, urlsplit(self._config.site.base_url)
        origins = (f"{address.scheme}://{address.netloc}",) if address.netloc else ()
        files = {one.path: one for one in self._release.artifacts}

        @functools.cache
        def find(url: str) -> File | None:
            path = unquote(url[len(base) + 1 :])
            found = files.get(path + _INDEX if not path or path.endswith("/") else path)
            if found is None or not url.startswith(f"{base}/"):
                return None
            return File(url, found.media_type, self._sizes(found), lambda: self._read(found.body), found.source)

        weigher = Weigher(find, origins)

        def weigh(artifact: Artifact) -> list[Weight]:
            text = self._read(artifact.body).decode("utf-8-sig", "replace")
            facts = read_page(text, base + requested(artifact.path), origins)
            weights = [weigher.weigh(facts, profile) for profile in PROFILES]
            return [msgspec.structs.replace(one, url=one.url[len(base) :]) for one in weights]

        return weigh

    def _sizes(self, artifact: Artifact) -> Sizes:
        """Give the sizes of a file: as it is, and in brotli where it will be published so."""
        from ssg.output.encode import encode_quickly  # noqa: PLC0415 - as above
        from ssg.output.siblings import encodable  # noqa: PLC0415 - as above

        output = self._config.output
        size = artifact.body.size
        if _MEASURE not in output.encodings or not encodable(artifact, output.min_bytes):
            return Sizes(size)
        if artifact.digest not in self.packed:
            self.packed[artifact.digest] = len(encode_quickly(self._read(artifact.body)))
        return Sizes(size, None, min(size, self.packed[artifact.digest]))
