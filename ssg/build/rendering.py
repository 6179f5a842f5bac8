"""Routes → finished documents: rendered again where the page changed, or what was asked has another answer now."""

import functools
import itertools
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import msgspec

from ssg import content, enabled, optimize, output, render
from ssg.build.code import form
from ssg.build.packing import Packed
from ssg.build.parsing import Parsed
from ssg.build.setting import Setting, dialect_of
from ssg.build.timing import timed_passes
from ssg.cache import Item, Made, NullStore, Reason, Shelf, Tally, Trace, Traced, by_row, pack
from ssg.config import Config
from ssg.errors import has_errors
from ssg.extensions import Pass
from ssg.model import Artifact, AssetManifest, Fragment, Inputs, Marks, PageBody, Query, Ref, Route, Site, digest
from ssg.routes import GENERATED, own_page
from ssg.spans import UNTIMED, Timer
from ssg.workers import Workers


class Rendered(msgspec.Struct, frozen=True):
    """All documents, and of those that were rendered, why, and where they lie in the store, by path.

    `clock` are the questions about the time that were asked.
    """

    artifacts: tuple[Artifact, ...]
    kept: Mapping[str, Ref]
    reasons: Mapping[str, Reason]
    clock: frozenset[Query]
    tally: Tally


class Scene(msgspec.Struct, frozen=True):
    """All that rendering reads."""

    theme: render.Theme
    site: Site
    manifest: AssetManifest
    config: Config
    inputs: Inputs
    marks: Mapping[str, Marks]
    elements: content.Elements


class Stage:
    """A scene set up for rendering, once in each process: another process takes the scene from the spool."""

    def __init__(self, scene: Scene, shelf: Shelf, timer: Timer = UNTIMED, ref: Ref | None = None) -> None:
        self.scene = scene
        self.shelf = shelf
        self.timer = timer
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
    def passes(self) -> tuple[Pass, ...]:
        """The passes over finished HTML."""
        passes = optimize.arrange(self.scene.config.html, self.extensions.passes, self.extensions.where)
        return timed_passes(passes, self.timer)

    @functools.cached_property
    def renderer(self) -> render.Renderer:
        """What renders the scene."""
        scene = self.scene

        @functools.lru_cache(maxsize=1024)
        def convert(text: str) -> Fragment:
            return content.convert(text, dialect_of(scene.config, scene.inputs.root, scene.elements)[0])

        tools = render.Tools(convert, content.plain, content.term_slug, self.extensions.templates, self.timer.recorder)
        read = scene.theme, scene.site, scene.manifest, scene.config, scene.inputs, scene.marks
        return render.Renderer(render.Stage(*read, tools))

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
        store = self.shelf.store if dialect.pure else NullStore()
        told = (form(), render.version(scene.config), content.version(scene.config.markdown), identity)
        known = digest("\0".join((*told, self.extensions.identity)).encode())
        return Trace("render", known, store, Artifact)


@functools.lru_cache(maxsize=1)
def _stage(shelf: Shelf, timer: Timer, ref: Ref) -> Stage:
    return Stage(msgspec.msgpack.decode(shelf.get(ref), type=Scene), shelf, timer, ref)


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
    """Documents that were rendered, and by path where they lie in the store."""

    artifacts: tuple[Artifact, ...]
    kept: Mapping[str, Ref]
    clock: frozenset[Query]
    tally: Tally


_Make = Callable[[Stage, Work], tuple[Artifact, frozenset[Query], bytes]]


def render_all(scene: Scene, bodies: Mapping[str, Ref], setting: Setting, workers: Workers) -> Rendered:
    """Render and refine every route whose document is not known to be the same."""
    stage = Stage(scene, setting.shelf, setting.timer)
    work = ordered(scene, bodies)
    rows = by_row(work, [one.name for one in work])
    items = {number: [Item(one.name, one.key) for one in part] for number, part in rows.items()}
    known = stage.trace.look_up(items, lambda: stage.renderer.answers)
    artifacts = [one for traced in known.values() for one in traced.found.values()]
    reasons = {name: reason for traced in known.values() for name, reason in traced.missing.items()}
    rest = [
        _Row(number, tuple(part), known[number].found, known[number].missing, known[number].row)
        for number, part in rows.items()
        if known[number].missing
    ]
    bodies_of = (one.body for row in rest for one in row.work if one.name in row.missing)
    setting.shelf.store.fetch({body.file for body in bodies_of if body is not None and body.kept})
    sizes = [len(row.missing) for row in rest]
    encoded = workers.map(functools.partial(_render_rows, stage), rest, "render", sizes)
    results = [msgspec.msgpack.decode(one, type=_Result) for one in encoded]
    clock = itertools.chain(stage.clock, *(one.clock for one in results))
    tally = sum((one.tally for one in results), Tally(len(artifacts), len(reasons)) + setting.shelf.store.tally())
    artifacts += itertools.chain(*(one.artifacts for one in results))
    urls = {name.partition("\0")[0]: reason for name, reason in reasons.items()}
    kept = {path: ref for one in results for path, ref in one.kept.items()}
    return Rendered(tuple(artifacts), kept, urls, frozenset(clock), tally)


def scene_of(theme: render.Theme, site: Site, packed: Packed, parsed: Parsed, setting: Setting) -> Scene:
    """Give all that rendering a site reads."""
    return Scene(theme, site, packed.manifest, setting.config, setting.inputs, parsed.marks, setting.elements)


def ordered(scene: Scene, bodies: Mapping[str, Ref]) -> list[Work]:
    """Give what is to be rendered: a file of the site's own takes the place of what would be generated."""
    static = {asset.url for asset in scene.manifest.files}
    routes = (route for route in scene.site.routes if route.kind not in GENERATED or route.url not in static)
    return [_work(route, scene, bodies) for route in routes]


def _work(route: Route, scene: Scene, bodies: Mapping[str, Ref]) -> Work:
    own = own_page(scene.site, route)
    name = f"{route.url}\0{render.origin(scene.site, route)}"
    mark = scene.marks[own.source].whole if own is not None else ""
    body = bodies[own.source] if own is not None else None
    return Work(route, body, name, f"{route.kind.value} {route.language} {route.part} {mark}")


def _render_rows(stage: Stage, rows: Sequence[_Row]) -> bytes:
    """Render what is missing in rows, and remember it."""
    languages = {one.route.language for row in rows for one in row.work}
    stage.timer.timed("setup", "rendering", _set_up)(stage, languages)
    make = stage.timer.timed("page", lambda *given: given[1].name, _document)
    results = [_render_row(stage, row, make) for row in rows]
    return msgspec.msgpack.encode(
        _Result(
            tuple(one for result in results for one in result.artifacts),
            {path: ref for result in results for path, ref in result.kept.items()},
            frozenset(itertools.chain(*(result.clock for result in results))),
            stage.shelf.store.tally(),
        )
    )


def _render_row(stage: Stage, row: _Row, make: _Make) -> _Result:
    done = [(one, *make(stage, one)) for one in row.work if one.name in row.missing]
    good = [one for one in done if not has_errors(one[1].diagnostics)]
    refs, entries = pack([body for _, _, _, body in good])
    fresh: dict[str, Made[Artifact]] = {}
    for (work, artifact, reads, _), ref in zip(good, refs, strict=True):
        fresh[work.name] = Made(msgspec.structs.replace(artifact, body=ref), reads)
    items = [Item(one.name, one.key) for one in row.work if one.name in fresh or one.name in row.found]
    known = Traced(row.found, row.missing, row.row)
    stage.trace.keep(row.number, items, known, fresh, stage.renderer.answers, entries)
    return _Result(
        tuple(artifact for _, artifact, _, _ in done),
        {made.result.path: made.result.body for made in fresh.values()},
        frozenset(query for _, _, reads, _ in done for query in reads if query[0] in {"now", "today"}),
        Tally(),
    )


def _set_up(stage: Stage, languages: Collection[str]) -> None:
    """Make what the documents in these languages share, once in each process: it is no page's own cost."""
    stage.renderer.prepare(languages)


def _document(stage: Stage, work: Work) -> tuple[Artifact, frozenset[Query], bytes]:
    body = msgspec.msgpack.decode(stage.shelf.get(work.body), type=PageBody) if work.body is not None else None
    rendered, reads = stage.renderer.render(work.route, body)
    document = optimize.refine(rendered, stage.passes)
    encoded = document.text.encode()
    return output.artifact(document, stage.shelf.put(encoded), digest(encoded)), reads, encoded
