"""Files that are published → the asset manifest: each under a name that follows from its bytes, in dependency order."""

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from ssg import assets, optimize, render
from ssg.build.commanding import Left, run_all
from ssg.build.copied import check_copied
from ssg.build.lettering import fonts_of, letter
from ssg.build.picturing import picture_all
from ssg.build.setting import Setting
from ssg.build.survey import Survey
from ssg.build.trimming import trim_all
from ssg.cache import Shelf, blob
from ssg.config import place
from ssg.digests import digest
from ssg.errors import Diagnostic, error, has_errors, warning
from ssg.listing import discover_files
from ssg.manifest import Asset, AssetManifest
from ssg.model import File, Ref, Site
from ssg.versions import form
from ssg.workers import Workers


class Packed(msgspec.Struct, frozen=True):
    """All files that are published, the digests of those that were read, by where they lie, and what was said.

    `kept` is where those lie in the store that were made now, by their path below the output folder.
    """

    manifest: AssetManifest
    digests: Mapping[str, str]
    kept: Mapping[str, Ref]
    diagnostics: tuple[Diagnostic, ...]


class _Texts(msgspec.Struct, frozen=True):
    """Packed texts: where they lie now, and in the store; the bundles; what was said; what was asked, with answers."""

    files: tuple[Asset, ...] = ()
    kept: tuple[Ref, ...] = ()
    bundles: Mapping[str, str] = {}
    diagnostics: tuple[Diagnostic, ...] = ()
    asked: Mapping[str, str | None] = {}


def pack_all(
    found: Survey,
    theme: render.Theme | None,
    site: Site,
    setting: Setting,
    digests: Mapping[str, str],
    workers: Workers,
) -> Packed:
    """Pack the assets of the theme and the site, the static files, and those beside pages.

    A file of which the digest is known is not read for it.
    """
    of_themes = [discover_files(folder, "assets") for folder in (theme.folders if theme else ())]
    of_site, static = found.folders["assets"], found.folders["static"]
    files = found.content.files if site.files else ()
    placed = [(file, site.files[file.path]) for file in files if file.path in site.files]
    planned = assets.publications(
        [*itertools.chain(*(one.files for one in of_themes))], of_site.files, static.files, placed
    )
    left, failed = run_all(found, setting, digests)
    taken = {f"{assets.PREFIX}{one.path}" for one in left}
    planned = tuple(one for one in planned if one.url not in taken)
    work = [(one, digests.get(one.file.file, "")) for one in planned]
    packed = [one for chunk in workers.map(_pack_chunk, work, "assets") for one in chunk]
    read = [one for one in packed if isinstance(one, Asset)]
    said = [*failed, *(one for one in packed if isinstance(one, Diagnostic))]
    said += itertools.chain(*(one.diagnostics for one in (*of_themes, of_site, static)), assets.collisions(planned))
    stay = {file.path for file in static.files}
    names = {one.file.path: one.file.name for one in planned if one.file.path not in stay}
    by_tools = [_left(one, setting) for one in left]
    names |= {one.source: one.logical.removeprefix(assets.PREFIX) for one in by_tools}
    asked = dict(render.asked_widths(theme)) if theme else {}
    pictured = picture_all([(one, names.get(one.source, "")) for one in (*read, *by_tools)], asked, setting, workers)
    said += pictured.diagnostics
    trimmed = trim_all(pictured.files, found, [one.body for one in left], setting)
    as_they_are = [one for one in trimmed.files if not _is_text(one)]
    made = _texts([one for one in trimmed.files if _is_text(one)], as_they_are, setting)
    manifest = assets.collect([*as_they_are, *made.files], made.bundles, setting.config.assets.cdn.rstrip("/"))
    kept = {one.url.lstrip("/"): ref for one, ref in zip(made.files, made.kept, strict=True)} | dict(pictured.kept)
    kept |= trimmed.kept
    published = {one.url for one in manifest.files}
    kept |= {one.url.lstrip("/"): of.kept for one, of in zip(by_tools, left, strict=True) if one.url in published}
    said += [*trimmed.diagnostics, *made.diagnostics, *check_copied(manifest, setting)]
    return Packed(manifest, {one.file: one.digest for one in read}, kept, tuple(said))


def _left(one: Left, setting: Setting) -> Asset:
    """Give a file that a tool left, as it is."""
    planned = assets.Publication(assets.PREFIX + one.path, File(f"assets/{one.path}", one.body.file, one.path))
    return assets.pack_made(planned, one.body, one.digest, setting.shelf.get)


def _pack_chunk(work: Sequence[tuple[assets.Publication, str]]) -> list[Asset | Diagnostic]:
    return [assets.pack(planned, known) for planned, known in work]


def _is_text(asset: Asset) -> bool:
    """Tell whether a file is packed from its text: web app manifests of `static/` name files of `assets/` too."""
    kind = assets.kind_of(asset.written)
    return kind == "json" or bool(kind and asset.logical)


def _texts(texts: Sequence[Asset], others: Sequence[Asset], setting: Setting) -> _Texts:
    """Pack sheets, scripts and JSON manifests: as an earlier build has, where what they refer to is the same."""
    options = options_of(setting)
    if not (texts or options.css or options.js):
        return _Texts()
    esbuild = assets.find_esbuild() if setting.config.assets.esbuild else None
    known = {one.written: one.url for one in others}
    fonts = fonts_of(others, setting)
    lettered = setting.config.fonts.fallbacks, [(url, one.digest) for url, one in fonts.items()]
    sources = [(one.written, one.source, one.digest) for one in texts]
    told = (form(), assets.version(), esbuild, options, lettered, sources)
    name = f"assets:{digest(msgspec.msgpack.encode(told))}"
    stored = setting.shelf.store.get([name]).get(name)
    if stored is not None:
        last = msgspec.msgpack.decode(stored, type=_Texts)
        if all(known.get(url) == answer for url, answer in last.asked.items()):
            setting.shelf.store.fetch({ref.file for ref in last.kept if ref.kept})  # processes that render read them
            return last
    wrong = tuple(_misconfigured(options, esbuild, setting))
    if has_errors(wrong):
        options = msgspec.structs.replace(options, targets=())
    bodies = [setting.shelf.get(Ref(one.file, one.offset, one.size)) for one in texts]
    given = [assets.Text(one.written, one.source, body) for one, body in zip(texts, bodies, strict=True)]
    sheets, said = letter([one for one in given if assets.kind_of(one.url) == "css"], fonts, options, setting)
    given = [*sheets, *(one for one in given if assets.kind_of(one.url) != "css")]
    wrong = (*wrong, *said)
    tools = tools_of(esbuild)
    return _kept(assets.pack_texts(given, known, options, tools), wrong, name, setting.shelf)


def tools_of(esbuild: assets.Esbuild | None) -> assets.Tools:
    """Give what packs scripts."""
    return assets.Tools(esbuild.minify, esbuild.minify) if esbuild else assets.Tools(optimize.minify_script)


def _misconfigured(options: assets.Options, esbuild: assets.Esbuild | None, setting: Setting) -> Iterator[Diagnostic]:
    """Say what is wrong with the configuration, as far as the tools tell."""
    root = setting.inputs.root
    problem = assets.check_targets(options.targets)
    if problem:
        hint = 'write a query of browserslist, like "defaults" or "chrome >= 100, safari >= 15"'
        yield error("config", f"targets in [assets]: {problem}", place(root, ("assets",), "targets"), hint)
    if setting.config.assets.esbuild and esbuild is None:
        hint = "install it, or take esbuild out: scripts are minified without it"
        yield warning("esbuild", "esbuild is not installed", place(root, ("assets",), "esbuild"), hint)


def _kept(outcome: assets.Outcome, said: Iterable[Diagnostic], name: str, shelf: Shelf) -> _Texts:
    """Put packed texts at rest for this build, and into the store for others."""
    refs, entries = zip(*(blob(one.body) for one in outcome.packed), strict=True) if outcome.packed else ((), ())
    said = (*said, *outcome.diagnostics, *itertools.chain(*(one.diagnostics for one in outcome.packed)))
    lasting = tuple(_at(one.asset, ref) for one, ref in zip(outcome.packed, refs, strict=True))
    made = _Texts(lasting, tuple(refs), outcome.bundles, said, outcome.asked)
    shelf.store.put([*entries, (name, msgspec.msgpack.encode(made))] if outcome.lasting else entries)
    now = tuple(_at(one.asset, shelf.put(one.body)) for one in outcome.packed)
    return msgspec.structs.replace(made, files=now)


def _at(asset: Asset, ref: Ref) -> Asset:
    return msgspec.structs.replace(asset, file=ref.file, offset=ref.offset)


def options_of(setting: Setting) -> assets.Options:
    """Give how texts are packed."""
    config = setting.config
    css, js = (dict(sorted(one.items())) for one in (config.bundles.css, config.bundles.js))
    lines = {
        f"{kind}/{name}": place(setting.inputs.root, ("bundles", kind), name).line
        for kind, bundles in (("css", css), ("js", js))
        for name in bundles
    }
    targets = (config.assets.targets,) if config.assets.targets and config.assets.minify else ()
    cdn = config.assets.cdn.rstrip("/")
    return assets.Options(config.site.base_path, cdn, targets, config.assets.minify, css, js, lines)
