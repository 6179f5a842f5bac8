"""A build, from the files of a site to its release: read this first, each line of `build` is a room.

Stages take values and give values. Only this package composes them, maps them in parallel, remembers them, and keeps
what is large out of memory: bodies rest in a spool or in the store, and what crosses between processes is small.
"""

import itertools
from collections.abc import Iterator, Mapping

import msgspec

from ssg import content, enabled, output, render
from ssg.build.choices import Choices
from ssg.build.packing import Packed, pack_all
from ssg.build.parsing import Parsed, parse_all
from ssg.build.rendering import Rendered, Scene, render_all
from ssg.build.searching import index_all
from ssg.build.setting import Setting, Tools, dialect_of, elements_of, load_tools
from ssg.build.survey import Recall, survey
from ssg.cache import Reason, Shelf, Stamps, Tally
from ssg.config import Config
from ssg.errors import ConfigError, Diagnostic, Location, arrange, has_errors, warning
from ssg.model import Inputs, Release, Site
from ssg.workers import Workers


class Built(msgspec.Struct, frozen=True):
    """A release, and how it came to be: why documents were rendered, by URL, and what the caches did."""

    release: Release
    reasons: Mapping[str, Reason]
    tally: Tally


def build(inputs: Inputs, config: Config, choices: Choices, workers: Workers, shelf: Shelf, stamps: Stamps) -> Built:
    """Turn a site folder into a release; the bytes of its documents lie on the shelf.

    Raises:
        ConfigError: what the configuration names cannot be loaded; what is wrong with the content is in it too.
        Lost: the store has lost bytes that it had; a build without it does not need them.
    """
    files = survey(inputs, config)
    recall = Recall(files, inputs, config, choices, stamps)
    known = recall.known(shelf)
    if known is not None:
        return Built(known, {}, Tally(hits=len(known.artifacts)))
    tools = load_tools(inputs, config)
    setting = Setting(inputs, config, shelf, elements_of(tools.theme))
    found = content.discover(files.content, config)
    parsed = parse_all(found.sources if tools.engine else (), setting, stamps, workers)
    data = content.load_data(files.folders["data"].files)
    visibility = content.Visibility(inputs.now, drafts=choices.drafts, future=choices.future)
    site = content.assemble(parsed.pages, found, data.values, config, visibility)
    packed = pack_all(files, tools.theme, site, stamps, workers)
    rendered = _rendered(tools, site, packed, parsed, setting, workers)
    indexed = index_all(site, rendered.artifacts, setting)
    tally = parsed.tally + rendered.tally
    stages = (found, parsed, data, site, packed, indexed)
    said = itertools.chain(_said(tools, site, setting), *(one.diagnostics for one in stages), _damage(tally))
    documents = (*rendered.artifacts, *indexed.artifacts)
    release = output.assemble(documents, packed.manifest, said, strict=choices.strict)
    if tools.misconfigured:
        raise ConfigError(*release.diagnostics)
    release = _checked(release, tools.extensions, shelf, choices)
    if not has_errors(release.diagnostics):
        pure = tools.engine and dialect_of(config, inputs.root, setting.elements)[0].pure
        recall.keep(release, shelf, parsed.pages, rendered.clock, pure=pure and not tally.damaged)
    return Built(release, rendered.reasons, tally)


def _rendered(tools: Tools, site: Site, packed: Packed, parsed: Parsed, setting: Setting, workers: Workers) -> Rendered:
    """Render every route; nothing without a theme."""
    if tools.theme is None:
        return Rendered((), {}, frozenset(), Tally())
    told = setting.config, setting.inputs, parsed.marks, setting.elements
    scene = Scene(tools.theme, site, packed.manifest, *told)
    return render_all(scene, parsed.bodies, setting, workers)


def _said(tools: Tools, site: Site, setting: Setting) -> Iterator[Diagnostic]:
    """Name what is wrong with the configuration, by itself and for this site."""
    config, root = setting.config, setting.inputs.root
    yield from tools.misconfigured
    yield from tools.miswritten
    if tools.engine:
        yield from content.check_menus(site, config, root)
    if tools.theme:
        yield from render.check_outputs(tools.theme, site, config, root)


def _damage(tally: Tally) -> Iterator[Diagnostic]:
    if tally.damaged:
        message = f"the store of earlier builds was damaged in {tally.damaged} places, so what they held was made again"
        yield warning("store", message, Location(".ssg"), "it is mended; if it happens again, look at the disk")


def _checked(release: Release, extensions: enabled.Enabled, shelf: Shelf, choices: Choices) -> Release:
    """Have the checks of extensions look at a release; one with errors is not looked at."""
    if not extensions.checks or has_errors(release.diagnostics):
        return release
    said = enabled.check(release, extensions, lambda artifact: shelf.get(artifact.body))
    diagnostics = arrange((*release.diagnostics, *said), strict=choices.strict)
    return msgspec.structs.replace(release, diagnostics=diagnostics)
