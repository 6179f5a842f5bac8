"""A build, from the files of a site to its release: read this first, each line of `build` is a room.

Stages take values and give values. Only this file composes them, maps them in parallel, and keeps what is large out of
memory: bodies rest in a spool, and what crosses between processes is small.
"""

import functools
import itertools
import tempfile
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from ssg import assets, content, enabled, optimize, output, render
from ssg.cache import Memo, NullStore, Spool, Store, open_store, recall_files
from ssg.config import Config
from ssg.errors import ConfigError, Diagnostic, Location, SiteError, arrange, error, has_errors
from ssg.extensions import Pass
from ssg.model import (
    GENERATED,
    Artifact,
    Asset,
    AssetManifest,
    File,
    Fragment,
    Inputs,
    Page,
    PageBody,
    Parsed,
    Ref,
    Release,
    Route,
    Site,
    Source,
    digest,
    own_page,
)
from ssg.workers import Processes, Progress, Workers, cores


class Choices(msgspec.Struct, frozen=True):
    """What a build shows and how strict it is: the options of `ssg build` that are not configuration."""

    drafts: bool = False
    future: bool = False
    strict: bool = False
    cache: bool = True


class WriteReport(msgspec.Struct, frozen=True):
    """What writing a release did, in files."""

    written: int
    unchanged: int
    removed: int


class Shelf(msgspec.Struct, frozen=True):
    """Where bytes rest: those of this build in the spool, the results of earlier builds in the store."""

    spool: Spool
    store: Store


def produce(
    inputs: Inputs, config: Config, folder: str, choices: Choices, jobs: int | None, progress: Progress | None
) -> tuple[Release, WriteReport]:
    """Build a site and write it into an output folder, with `jobs` processes (one a core where it is None).

    Raises:
        ConfigError: the theme or a Markdown extension cannot be loaded.
        SiteError: the site has errors, or the folder cannot take it; nothing was written.
    """
    jobs = 1 if config.workers.kind == "inline" else jobs or cores()
    try:
        return _produce(inputs, config, folder, choices, Processes(jobs, progress))
    except OSError as reason:  # the folder for temporary files is full, or closed
        raise SiteError(_unwritable(reason, tempfile.gettempdir(), "used")) from reason


def _produce(
    inputs: Inputs, config: Config, folder: str, choices: Choices, processes: Processes
) -> tuple[Release, WriteReport]:
    with tempfile.TemporaryDirectory(prefix="ssg-") as resting, processes as workers:
        spool = Spool(resting)
        store = open_store(inputs.root) if choices.cache else NullStore()
        release = build(inputs, config, choices, workers, Shelf(spool, store))
        if has_errors(release.diagnostics):
            raise SiteError(*release.diagnostics)
        return release, write(release, inputs.root, folder, workers, spool)


def build(inputs: Inputs, config: Config, choices: Choices, workers: Workers, shelf: Shelf) -> Release:
    """Turn a site folder into a release; the bytes of its documents lie in the spool.

    Raises:
        ConfigError: the theme or a Markdown extension cannot be loaded; what is wrong with the content is in it too.
    """
    tools = _load_tools(inputs, config)
    setting = _Setting(inputs, config, shelf, _elements(tools.theme))
    found = content.discover(inputs, config)
    parsed = _parse(found.sources if tools.engine else (), setting, workers)
    data = content.load_data(_files(inputs, "data"))
    visibility = content.Visibility(inputs.now, drafts=choices.drafts, future=choices.future)
    site = content.assemble(parsed.pages, found, data.values, config, visibility)
    packed = _pack(inputs, tools.theme, site, found.files, workers)
    documents = _render(tools.theme, site, packed.manifest, parsed.bodies, setting, workers)
    searched = _index(site, documents, setting)
    menus = tuple(content.check_menus(site, config, inputs.root)) if tools.engine else ()
    outputs = tuple(render.check_outputs(tools.theme, site, config, inputs.root)) if tools.theme else ()
    said = (
        tools.misconfigured,
        tools.miswritten,
        menus,
        outputs,
        *(one.diagnostics for one in (found, parsed, data, site, packed, searched)),
    )
    release = output.assemble(
        (*documents, *searched.artifacts), packed.manifest, itertools.chain(*said), strict=choices.strict
    )
    if tools.misconfigured:
        raise ConfigError(*release.diagnostics)
    return _checked(release, tools.extensions, shelf.spool, choices)


def write(release: Release, root: str, folder: str, workers: Workers, spool: Spool) -> WriteReport:
    """Write a release without errors into an output folder; unchanged files stay as they are.

    Raises:
        SiteError: the folder cannot take the release; up to the moving of finished files it is as it was.
    """
    try:
        plan = output.plan(release, root, folder)
        stage = functools.partial(_stage_chunk, spool, folder)
        staged = [one for chunk in workers.map(stage, plan.changed, "write") for one in chunk]
        output.clear(plan)
        commit = functools.partial(output.commit, folder)
        entries = [one for chunk in workers.map(commit, staged, "write") for one in chunk]
        output.finish(plan, entries)
    except OSError as reason:
        raise SiteError(_unwritable(reason, folder, "written")) from reason
    written = sum(one.staged is not None for one in staged)
    return WriteReport(written, len(release.artifacts) - written, plan.removed)


def _unwritable(reason: OSError, folder: str, verb: str) -> Diagnostic:
    message = f"cannot be {verb}: {(reason.strerror or str(reason)).lower()}"
    where = Location(str(reason.filename or folder))
    return error("output", message, where, "free space or permission is needed")


def _checked(release: Release, extensions: enabled.Enabled, spool: Spool, choices: Choices) -> Release:
    """Have the checks of extensions look at a release; one with errors is not looked at."""
    if not extensions.checks or has_errors(release.diagnostics):
        return release
    said = enabled.check(release, extensions, lambda artifact: spool.get(artifact.body))
    diagnostics = arrange((*release.diagnostics, *said), strict=choices.strict)
    return msgspec.structs.replace(release, diagnostics=diagnostics)


class _Setting(msgspec.Struct, frozen=True):
    """What every chunk of work needs to know."""

    inputs: Inputs
    config: Config
    shelf: Shelf
    elements: content.Elements
    """What the theme writes of a body: it decides what parsing gives."""


class _Parsed(msgspec.Struct, frozen=True):
    """All sources after parsing: the pages, where the body of each source lies, and the diagnostics."""

    pages: tuple[Page, ...]
    bodies: Mapping[str, Ref]
    diagnostics: tuple[Diagnostic, ...]


class _Kept(msgspec.Struct, frozen=True, array_like=True):
    """One source after parsing, as it crosses between processes."""

    page: Page | None
    body: Ref | None
    diagnostics: tuple[Diagnostic, ...]


class _Tools(msgspec.Struct, frozen=True):
    """What the configuration names, as far as it could be loaded; diagnostics say what could not."""

    extensions: enabled.Enabled
    engine: bool
    theme: render.Theme | None
    misconfigured: tuple[Diagnostic, ...]
    miswritten: tuple[Diagnostic, ...]


def _load_tools(inputs: Inputs, config: Config) -> _Tools:
    """Load extensions, theme and Markdown engine, and compile the templates, before processes are forked."""
    extensions, engine, theme = enabled.Enabled(), True, None
    wrong: tuple[Diagnostic, ...] = ()
    try:
        extensions = enabled.load_extensions(config.extensions, inputs.root)
        optimize.arrange(config.html, extensions.passes, extensions.where)
    except ConfigError as reason:
        wrong = reason.diagnostics
    try:
        theme = render.load_theme(inputs, config.theme, extensions.templates)
    except ConfigError as reason:
        wrong = (*wrong, *reason.diagnostics)
    try:
        content.load_dialect(config.markdown, inputs.root, _elements(theme))
    except ConfigError as reason:
        engine, wrong = False, (*wrong, *reason.diagnostics)
    wrong = (*wrong, *output.check_search(config.search, inputs.root))
    miswritten = render.prepare(theme) if theme and not wrong else ()
    return _Tools(extensions, engine, theme, wrong, miswritten)


def _elements(theme: render.Theme | None) -> content.Elements:
    return content.Elements(theme.hooks(content.HOOKS), render.shortcodes(theme)) if theme else content.Elements()


def _files(inputs: Inputs, folder: str) -> tuple[File, ...]:
    return content.discover_files(inputs.root, folder).files


def _parse(sources: Sequence[Source], setting: _Setting, workers: Workers) -> _Parsed:
    results = workers.map(functools.partial(_parse_chunk, setting), sources, "parse")
    kept = [one for chunk in results for one in msgspec.msgpack.decode(chunk, type=list[_Kept])]
    return _Parsed(
        tuple(one.page for one in kept if one.page is not None),
        {one.page.source: one.body for one in kept if one.page is not None and one.body is not None},
        tuple(diagnostic for one in kept for diagnostic in one.diagnostics),
    )


def _parse_chunk(setting: _Setting, sources: Sequence[Source]) -> bytes:
    """Read and parse sources; a source that an earlier build has parsed is answered from the store."""
    config = setting.config
    dialect, identity = _dialect(config, setting.inputs.root, setting.elements)
    read = [(source, content.read(source)) for source in sources]
    whole = [(source, body) for source, body in read if isinstance(body, bytes)]
    kept = [_Kept(None, None, (body,)) for _, body in read if isinstance(body, Diagnostic)]
    told = digest(msgspec.msgpack.encode((config.markdown, config.content, setting.elements)))
    version = content.version(config.markdown) + identity + told

    def parse(pair: tuple[Source, bytes]) -> Parsed:
        return content.parse(*pair, config.content, dialect)

    remembered = Memo(parse, version, setting.shelf.store if dialect.pure else NullStore(), Parsed)
    keys = [msgspec.msgpack.encode((_identity(source), body)) for source, body in whole]
    for parsed in remembered.map(whole, keys):
        ref = setting.shelf.spool.put(msgspec.msgpack.encode(parsed.body)) if parsed.body is not None else None
        kept.append(_Kept(parsed.page, ref, parsed.diagnostics))
    return msgspec.msgpack.encode(kept)


def _dialect(config: Config, root: str, elements: content.Elements) -> tuple[content.Dialect, str]:
    """Give the dialect of a site in this process, and what identifies the extensions around it."""
    extensions = enabled.load_extensions(config.extensions, root)
    around = extensions.markdown
    return content.load_dialect(config.markdown, root, elements, around), extensions.identity if around else ""


def _identity(source: Source) -> Source:
    """Give a source without the place that it was read from, which its page does not depend on."""
    return msgspec.structs.replace(source, file="")


class _Packed(msgspec.Struct, frozen=True):
    """All files that are published as they are, and what could not be read."""

    manifest: AssetManifest
    diagnostics: tuple[Diagnostic, ...]


def _pack(inputs: Inputs, theme: render.Theme | None, site: Site, beside: Iterable[File], workers: Workers) -> _Packed:
    of_themes = [content.discover_files(folder, "assets") for folder in (theme.folders if theme else ())]
    of_site = content.discover_files(inputs.root, "assets")
    static = content.discover_files(inputs.root, "static", hidden=True)
    placed = [(file, site.files[file.path]) for file in beside if file.path in site.files]
    planned = assets.publications(
        list(itertools.chain(*(one.files for one in of_themes))), of_site.files, static.files, placed
    )
    packed = [one for chunk in workers.map(_pack_chunk, planned, "assets") for one in chunk]
    manifest = assets.collect(one for one in packed if isinstance(one, Asset))
    said: list[Diagnostic] = [one for one in packed if isinstance(one, Diagnostic)]
    said += itertools.chain(*(one.diagnostics for one in (*of_themes, of_site, static)))
    return _Packed(manifest, tuple(said))


def _pack_chunk(planned: Sequence[assets.Publication]) -> list[Asset | Diagnostic]:
    return [assets.pack(one) for one in planned]


class _Scene(msgspec.Struct, frozen=True):
    """All that rendering reads; workers take it from the spool, once each."""

    theme: render.Theme
    site: Site
    manifest: AssetManifest
    config: Config
    root: str
    elements: content.Elements


def _render(
    theme: render.Theme | None,
    site: Site,
    manifest: AssetManifest,
    bodies: Mapping[str, Ref],
    setting: _Setting,
    workers: Workers,
) -> tuple[Artifact, ...]:
    """Render and refine every route; nothing without a theme."""
    if theme is None:
        return ()
    scene = setting.shelf.spool.put(
        msgspec.msgpack.encode(_Scene(theme, site, manifest, setting.config, setting.inputs.root, setting.elements))
    )
    work: list[tuple[Route, Ref | None]] = []
    static = {asset.url for asset in manifest.files}
    for route in site.routes:
        if route.kind in GENERATED and route.url in static:
            continue  # the site's own file takes its place
        own = own_page(site, route)
        work.append((route, bodies[own.source] if own is not None else None))
    results = workers.map(functools.partial(_render_chunk, setting.shelf.spool, scene), work, "render")
    return tuple(one for chunk in results for one in msgspec.msgpack.decode(chunk, type=list[Artifact]))


def _render_chunk(spool: Spool, scene: Ref, work: Sequence[tuple[Route, Ref | None]]) -> bytes:
    renderer, passes = _stage_set(spool, scene)
    artifacts: list[Artifact] = []
    for route, ref in work:
        body = msgspec.msgpack.decode(spool.get(ref), type=PageBody) if ref is not None else None
        document = optimize.refine(renderer.render(route, body), passes)
        encoded = document.text.encode()
        artifacts.append(output.artifact(document, spool.put(encoded), digest(encoded)))
    return msgspec.msgpack.encode(artifacts)


class _Indexed(msgspec.Struct, frozen=True):
    """The files of the search index, and what went wrong in the making."""

    artifacts: tuple[Artifact, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


def _index(site: Site, documents: Sequence[Artifact], setting: _Setting) -> _Indexed:
    """Index the pages among the documents where the site asks for a search; the same pages are indexed once."""
    pages = output.searched(site, documents, setting.config.search)
    spool = setting.shelf.spool
    make = functools.partial(output.make_index, pages, spool.get, spool.folder)
    try:
        kept = recall_files(make, output.index_key(pages), setting.shelf.store, spool) if pages else ()
    except SiteError as reason:
        return _Indexed(diagnostics=reason.diagnostics)
    return _Indexed(tuple(output.indexed(file.path, file.body, file.digest) for file in kept))


@functools.lru_cache(maxsize=1)
def _stage_set(spool: Spool, ref: Ref) -> tuple[render.Renderer, tuple[Pass, ...]]:
    scene = msgspec.msgpack.decode(spool.get(ref), type=_Scene)
    extensions = enabled.load_extensions(scene.config.extensions, scene.root)

    @functools.lru_cache(maxsize=1024)
    def convert(text: str) -> Fragment:
        return content.convert(text, _dialect(scene.config, scene.root, scene.elements)[0])

    tools = render.Tools(convert, content.plain, content.term_slug, extensions.templates)
    renderer = render.Renderer(scene.theme, scene.site, scene.manifest, scene.config, tools)
    return renderer, optimize.arrange(scene.config.html, extensions.passes, extensions.where)


def _stage_chunk(spool: Spool, folder: str, artifacts: Sequence[Artifact]) -> list[output.Staged]:
    return output.stage(folder, artifacts, spool.get)
