"""Routes → finished documents: rendered again where the page changed, or what was asked has another answer now."""

import functools
import itertools
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from ssg import content, enabled, optimize, output, render
from ssg.build.first import First
from ssg.build.packing import Packed
from ssg.build.parsing import Parsed
from ssg.build.placing import Standing
from ssg.build.resources import Resources
from ssg.build.scene import Scene
from ssg.build.setting import Setting, dialect_of, minifier_place
from ssg.build.sheets import compiled, packed
from ssg.build.take import Taken
from ssg.build.timing import timed_passes
from ssg.cache import Item, Made, NullStore, Reason, Shelf, Tally, Trace, Traced, by_row, pack
from ssg.config import OFF
from ssg.digests import digest
from ssg.errors import has_errors
from ssg.manifest import Asset
from ssg.memory import Memory, NullMemory
from ssg.model import Artifact, Delivery, Fragment, Marks, PageBody, Query, Ref, Route, Site
from ssg.routes import GENERATED, own_number, own_page
from ssg.spans import UNTIMED, Timer
from ssg.versions import form
from ssg.workers import Workers

if TYPE_CHECKING:
    from ssg.build.taking import Taker

_NO_MARKS = Marks()
# With fewer documents to render than this, nobody waits long for one of them.
_MANY = 10


class Rendered(msgspec.Struct, frozen=True):
    """All documents, and of those that were rendered, why, and where they lie in the store, by path.

    `clock` are the questions about the time that were asked. `taken` are facts for budgets of those that were rendered,
    by path, each with the digest of the document.
    """

    artifacts: tuple[Artifact, ...]
    kept: Mapping[str, Ref]
    reasons: Mapping[str, Reason]
    clock: frozenset[Query]
    tally: Tally
    taken: Taken = {}


NOTHING = Rendered((), {}, {}, frozenset(), Tally())
"""What is rendered without a theme."""


class Stage:
    """A scene set up for rendering, once in each process: another process takes the scene from the spool."""

    def __init__(
        self,
        scene: Scene,
        shelf: Shelf,
        timer: Timer = UNTIMED,
        memory: Memory | None = None,
        ref: Ref | None = None,
    ) -> None:
        self.scene = scene
        self.shelf = shelf
        self.timer = timer
        self.memory = memory or NullMemory()
        self._ref = ref

    def __reduce__(self) -> tuple[Any, ...]:
        if self._ref is None:
            self._ref = self.shelf.put(msgspec.msgpack.encode(self.scene))
        return _stage, (self.shelf, self.timer, self._ref)

    @functools.cached_property
    def extensions(self) -> enabled.Enabled:
        """The extensions that the site enables."""
        return enabled.load_extensions(self.scene.config.extensions, self.scene.inputs.root)

    @functools.cached_property
    def passes(self) -> tuple[optimize.Work, ...]:
        """The passes over finished HTML."""
        config, inputs = self.scene.config, self.scene.inputs
        told = self.extensions.passes, self.extensions.where, lambda: minifier_place(inputs)
        return timed_passes(optimize.arrange(config, *told, self.sheet), self.timer)

    @functools.cached_property
    def sheet(self) -> Callable[[str], optimize.Sheet]:
        """Takes a style sheet apart by its text."""
        return functools.lru_cache(maxsize=256)(compiled(self.shelf))

    @functools.cached_property
    def renderer(self) -> render.Renderer:
        """What renders the scene."""
        return self.renderer_with(None)

    def renderer_with(self, marker: render.Marker | None) -> render.Renderer:
        """Give what renders the scene; a marker marks what templates write."""
        scene = self.scene

        @functools.lru_cache(maxsize=1024)
        def convert(text: str) -> Fragment:
            return content.convert(text, dialect_of(scene.config, scene.inputs.root, scene.elements)[0])

        def read(asset: Asset) -> bytes:
            return self.shelf.get(Ref(asset.file, asset.offset, asset.size))

        own = self.extensions.templates, self.timer.recorder, read, marker
        tools = render.Tools(convert, content.plain, content.term_slug, *own)
        given = scene.theme, scene.site, scene.manifest, scene.config, scene.inputs, scene.marks
        return render.Renderer(render.Stage(*given, tools, scene.standing, self.memory))

    @functools.cached_property
    def resources(self) -> Resources:
        """What the passes look up."""
        return Resources(self.scene.manifest, self.scene.config, self.shelf)

    @functools.cached_property
    def taker(self) -> "Taker | None":
        """What takes the facts of pages for budgets, where the site has any."""
        if self.scene.config.budgets == OFF:
            return None
        from ssg.build.taking import Taker  # noqa: PLC0415 - for sites that have budgets

        return Taker(self.scene.config, self.shelf)

    @property
    def clock(self) -> Collection[Query]:
        """The questions about the time that were asked again to tell whether documents are the same."""
        return self.renderer.answers.clock if "renderer" in vars(self) else ()

    @functools.cached_property
    def trace(self) -> Trace[Artifact]:
        """The documents of earlier builds."""
        scene = self.scene
        dialect, identity = dialect_of(scene.config, scene.inputs.root, scene.elements)
        # A text that a template converts depends on the dialect, which may read files of its own.
        store, memory = (self.shelf.store, self.memory) if dialect.pure else (NullStore(), NullMemory())
        told = (form(), render.version(scene.config), content.version(scene.config.markdown), identity)
        known = digest("\0".join((*told, self.extensions.identity)).encode())
        return Trace("render", known, store, Artifact, memory)


@functools.lru_cache(maxsize=1)
def _stage(shelf: Shelf, timer: Timer, ref: Ref) -> Stage:
    return Stage(msgspec.msgpack.decode(shelf.get(ref), type=Scene), shelf, timer, ref=ref)


class Work(msgspec.Struct, frozen=True):
    """A route with the body of the page behind it, by the name and key that its document has in the store."""

    route: Route
    body: Ref | None
    name: str
    key: str


class _Row(msgspec.Struct, frozen=True):
    """The routes of a row of the store, and what is known of them."""

    number: int
    work: tuple[Work, ...]
    found: Mapping[str, Artifact]
    missing: Mapping[str, Reason]
    row: str


class _Result(msgspec.Struct, frozen=True):
    """Documents that were rendered, by name, and by path where they lie in the store."""

    artifacts: Mapping[str, Artifact]
    kept: Mapping[str, Ref]
    clock: frozenset[Query]
    tally: Tally
    taken: Taken = {}


class Finished(NamedTuple):
    """A document with the questions that were asked, its bytes, and its facts for budgets; empty if not known."""

    artifact: Artifact
    reads: frozenset[Query]
    body: bytes
    facts: bytes


_Make = Callable[[Stage, Work], Finished]


def render_all(scene: Scene, setting: Setting, workers: Workers, first: First | None) -> Rendered:
    """Render and refine every route whose document is not known to be the same."""
    stage = Stage(scene, setting.shelf, setting.timer, setting.memory)
    rows = planned(scene, setting.memory)
    known = stage.trace.look_up({number: row.items for number, row in rows.items()}, lambda: stage.renderer.answers)
    reasons = {name: reason for traced in known.values() for name, reason in traced.missing.items()}
    rest = [
        _Row(number, row.work, known[number].found, known[number].missing, known[number].row)
        for number, row in rows.items()
        if known[number].missing
    ]
    bodies_of = (one.body for row in rest for one in row.work if one.name in row.missing)
    setting.shelf.store.fetch({body.file for body in bodies_of if body is not None and body.kept})
    sizes = [len(row.missing) for row in rest]
    if first is not None and sum(sizes) > _MANY:
        _show(stage, rest, first)
    encoded = workers.map(functools.partial(_render_rows, stage), rest, "render", sizes)
    stage.trace.forget(row.number for row in rest)
    results = [msgspec.msgpack.decode(one, type=_Result) for one in encoded]
    fresh = {name: artifact for result in results for name, artifact in result.artifacts.items()}
    artifacts: list[Artifact] = []
    for number, row in rows.items():
        found = known[number].found
        artifacts += _merged(row.items, found, fresh) if known[number].missing else found.values()
    clock = itertools.chain(stage.clock, *(one.clock for one in results))
    tally = Tally(len(artifacts) - len(reasons), len(reasons)) + setting.shelf.store.tally()
    tally = sum((one.tally for one in results), tally)
    urls = {name.partition("\0")[0]: reason for name, reason in reasons.items()}
    kept = {path: ref for one in results for path, ref in one.kept.items()}
    taken = {path: facts for one in results for path, facts in one.taken.items()}
    return Rendered(tuple(artifacts), kept, urls, frozenset(clock), tally, taken)


def _show(stage: Stage, rows: Sequence[_Row], first: First) -> None:
    """Render what somebody waits for, and give it with all assets; what has a mistake is told with all others.

    It is rendered once more with its row, which is remembered as a whole.
    """
    waited = [one for row in rows for one in row.work if one.name in row.missing and _path(one) in first.paths]
    made = [document_of(stage, one)[0] for one in waited]
    if made and not any(has_errors(one.diagnostics) for one in made):
        first.show([*made, *map(output.published, stage.scene.manifest.files)])


def _path(work: Work) -> str:
    return output.artifact_path(work.route.url)


def _merged(items: Sequence[Item], found: Mapping[str, Artifact], fresh: Mapping[str, Artifact]) -> Iterator[Artifact]:
    """Give the documents of a row in its order."""
    for item in items:
        yield fresh[item.name] if item.name in fresh else found[item.name]


def scene_of(
    theme: render.Theme, site: Site, packed: Packed, parsed: Parsed, standing: Standing, setting: Setting
) -> Scene:
    """Give all that rendering a site reads."""
    order = standing.placed.order
    marks, bodies = tuple(map(parsed.marks.__getitem__, order)), tuple(map(parsed.bodies.__getitem__, order))
    told = setting.config, setting.inputs, marks, bodies, setting.elements, standing.name
    return Scene(theme, site, packed.manifest, *told)


class _Place(NamedTuple):
    """A route with what its document is called in the store, and the position of the page behind it, if any."""

    route: Route
    name: str
    page: int | None


class Planned(NamedTuple):
    """The routes of a row of the store, and the names and keys of their documents."""

    work: tuple[Work, ...]
    items: Sequence[Item]


def planned(scene: Scene, memory: Memory) -> Mapping[int, Planned]:
    """Give what is to be rendered by row: a file of the site's own takes the place of what would be generated."""
    static = {asset.url for asset in scene.manifest.files}
    taken = [one.url for one in scene.site.routes if one.kind in GENERATED and one.url in static] if static else []
    places = memory.recall("places", (scene.standing, taken), lambda: _places(scene.site, frozenset(taken)))
    return {number: _planned(number, part, scene, memory) for number, part in places.items()}


def work_of(scene: Scene, urls: Collection[str]) -> list[Work]:
    """Give what is rendered at some URLs, as readable paths."""
    chosen = [one for one in scene.site.routes if one.url in urls]
    site = msgspec.structs.replace(scene.site, routes=tuple(chosen))
    rows = _places(site, ()).items()
    return [work for number, part in rows for work in _planned(number, part, scene, NullMemory()).work]


def _places(site: Site, taken: Collection[str]) -> Mapping[int, Sequence[_Place]]:
    placed: list[_Place] = []
    for route in site.routes:
        if route.kind not in GENERATED or route.url not in taken:
            name = f"{route.url}\0{render.origin(site, route)}"
            placed.append(_Place(route, name, own_number(site, route)))
    return by_row(placed, [one.name for one in placed])


def _planned(number: int, places: Sequence[_Place], scene: Scene, memory: Memory) -> Planned:
    """Give the routes of a row with the keys of their documents: a document depends on the whole of its own page."""
    marks = [scene.marks[one.page] if one.page is not None else _NO_MARKS for one in places]
    bodies = [scene.bodies[one.page] if one.page is not None else None for one in places]

    def make() -> Planned:
        work = tuple(
            Work(
                one.route, body, one.name, f"{one.route.kind.value} {one.route.language} {one.route.part} {mark.whole}"
            )
            for one, body, mark in zip(places, bodies, marks, strict=True)
        )
        return Planned(work, [Item(one.name, one.key) for one in work])

    return memory.recall(("planned", number), (places, marks, bodies), make)


def _render_rows(stage: Stage, rows: Sequence[_Row]) -> bytes:
    """Render what is missing in rows, and remember it."""
    languages = {one.route.language for row in rows for one in row.work}
    stage.timer.timed("setup", "rendering", _set_up)(stage, languages)
    make = stage.timer.timed("page", lambda *given: given[1].name, document_of)
    results = [_render_row(stage, row, make) for row in rows]
    return msgspec.msgpack.encode(
        _Result(
            {name: one for result in results for name, one in result.artifacts.items()},
            {path: ref for result in results for path, ref in result.kept.items()},
            frozenset(itertools.chain(*(result.clock for result in results))),
            stage.shelf.store.tally(),
            {path: facts for result in results for path, facts in result.taken.items()},
        )
    )


def _render_row(stage: Stage, row: _Row, make: _Make) -> _Result:
    done = [(one, make(stage, one)) for one in row.work if one.name in row.missing]
    good = [(work, one) for work, one in done if not has_errors(one.artifact.diagnostics)]
    refs, entries = pack([one.body for _, one in good])
    fresh: dict[str, Made[Artifact]] = {}
    for (work, one), ref in zip(good, refs, strict=True):
        fresh[work.name] = Made(msgspec.structs.replace(one.artifact, body=ref), one.reads)
    items = [Item(one.name, one.key) for one in row.work if one.name in fresh or one.name in row.found]
    known = Traced(row.found, row.missing, row.row)
    stage.trace.keep(row.number, items, known, fresh, stage.renderer.answers, entries)
    return _Result(
        {work.name: one.artifact for work, one in done},
        {made.result.path: made.result.body for made in fresh.values()},
        frozenset(query for _, one in done for query in one.reads if query[0] in {"now", "today"}),
        Tally(),
        {one.artifact.path: (one.artifact.digest, one.facts) for _, one in done if one.facts},
    )


def _set_up(stage: Stage, languages: Collection[str]) -> None:
    """Make what the documents in these languages share, once in each process: it is no page's own cost."""
    stage.renderer.prepare(languages)
    if stage.scene.config.html.critical_css != "off":
        for one in packed(stage.scene.manifest):
            stage.sheet(stage.resources.text(one))


def document_of(stage: Stage, work: Work) -> Finished:
    """Render a document and take it through all passes."""
    body = msgspec.msgpack.decode(stage.shelf.get(work.body), type=PageBody) if work.body is not None else None
    rendered, reads = stage.renderer.render(work.route, body)
    own = own_page(stage.scene.site, work.route)
    asked: set[Query] = set()
    told: list[Delivery] = []
    page = stage.resources.context(rendered, own.unrefined if own is not None else (), asked, told.append)
    facts = stage.taker.taking(_path(work)) if stage.taker is not None else None
    if facts is not None:
        page = msgspec.structs.replace(page, written=facts.take)
    document = optimize.refine(rendered, stage.passes, page)
    encoded = document.text.encode()
    made = output.artifact(document, stage.shelf.put(encoded), digest(encoded))
    made = msgspec.structs.replace(made, delivery=told[-1] if told else None)
    return Finished(made, reads | asked, encoded, facts.give(document.text) if facts is not None else b"")
