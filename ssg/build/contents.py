"""A build, from the files of a site to its release: read this first, each line of its two functions is a room.

Stages take values and give values. Only this package composes them, maps them in parallel, remembers them, and keeps
what is large out of memory: bodies rest in a spool or in the store, and what crosses between processes is small.
"""

import itertools
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import msgspec

from ssg import content, enabled, render
from ssg.build.choices import Choices
from ssg.build.damage import damage, told
from ssg.build.delivering import deliver
from ssg.build.encoding import encode_all
from ssg.build.installing import with_app
from ssg.build.offline import with_worker
from ssg.build.packing import Packed, pack_all
from ssg.build.parsing import Parsed, parse_all
from ssg.build.placing import Standing, discover, place, publish
from ssg.build.rendering import NOTHING, render_all, scene_of
from ssg.build.scene import Scene
from ssg.build.searching import index_all
from ssg.build.setting import Setting, Tools, dialect_of, elements_of, load_tools, look_ahead
from ssg.build.take import Made, Take
from ssg.cache import Shelf
from ssg.errors import ConfigError, Diagnostic, arrange, has_errors
from ssg.model import Release, Site
from ssg.workers import Workers


def assemble_release(take: Take, digests: Mapping[str, str], workers: Workers, shelf: Shelf) -> Made:
    """Turn the files of a site into a release; takes the digests of files that are known to be the same as before.

    Raises:
        ConfigError: what the configuration names cannot be loaded; what is wrong with the content is in it too.
        Lost: the store has lost bytes that it had.
    """
    ready = read_site(take, digests, workers, shelf)
    tools, site, packed, parsed, setting = ready.tools, ready.site, ready.packed, ready.parsed, ready.setting
    stage, scene = workers.timer.stage, ready.scene
    rendered = stage("render", render_all)(scene, setting, workers, take.first) if scene is not None else NOTHING
    indexed = stage("index", index_all)(site, rendered.artifacts, setting)
    if not take.on:  # what is shown for long is not to go from the store
        named = itertools.chain(parsed.bodies, (one.body for one in rendered.artifacts))
        shelf.store.renew({ref.file for ref in named if ref.kept} | {ref.file for ref in packed.kept.values()})
    tally = parsed.tally + rendered.tally
    stages = (ready.found, parsed, ready.data, site, packed, indexed)
    said = itertools.chain(_said(ready), *(one.diagnostics for one in stages))
    documents = (*rendered.artifacts, *indexed.artifacts)
    release = stage("release", publish)(documents, packed.manifest, said, setting, strict=take.choices.strict)
    if tools.misconfigured:
        raise ConfigError(*release.diagnostics)
    worked = stage("worker", with_worker)(release, site, setting, strict=take.choices.strict)
    delivered = stage("deliver", deliver)(worked.release, site, packed.manifest, setting, strict=take.choices.strict)
    worked = stage("worker", worked.renewed)(delivered, site, setting, strict=take.choices.strict)
    encoded = stage("encode", encode_all)(worked.release, setting, workers, strict=take.choices.strict)
    release = stage("check", _checked)(encoded.release, tools.extensions, shelf, take.choices)
    release = told(release, damage(tally))
    pure = dialect_of(take.config, take.inputs.root, setting.elements)[0].pure and not tally.damaged
    kept = {**packed.kept, **rendered.kept, **indexed.kept, **delivered.kept, **worked.kept, **encoded.kept}
    read = {**parsed.digests, **packed.digests}
    theme = tools.theme
    templates = tuple(one.name for one in theme.templates) if theme is not None else ()
    facts = parsed.pages, rendered.reasons, rendered.clock, read, tally, pure
    return Made(release, kept, *facts, site, templates, scene, rendered.taken)


class Read(NamedTuple):
    """The pages of a site, read and placed, with what that took."""

    tools: Tools
    setting: Setting
    found: content.Found
    parsed: Parsed
    data: content.Data
    standing: Standing
    site: Site


class Ready(NamedTuple):
    """A site that is read and placed, with all that rendering takes; there is nothing to render without a theme."""

    tools: Tools
    setting: Setting
    found: content.Found
    parsed: Parsed
    data: content.Data
    site: Site
    standing: str
    packed: Packed
    scene: Scene | None


def read_site(take: Take, digests: Mapping[str, str], workers: Workers, shelf: Shelf) -> Ready:
    """Read a site: everything up to the rendering of its pages."""
    tools, setting, found, parsed, data, standing, site = read_pages(take, digests, workers, shelf)
    stage = workers.timer.stage
    packed = stage("assets", pack_all)(take.files, tools.theme, site, setting, digests, workers)
    packed = stage("app", with_app)(packed, setting, workers)
    scene = scene_of(tools.theme, site, packed, parsed, standing, setting) if tools.theme is not None else None
    return Ready(tools, setting, found, parsed, data, site, standing.name, packed, scene)


def read_pages(take: Take, digests: Mapping[str, str], workers: Workers, shelf: Shelf) -> Read:
    """Read the pages of a site and place them, without what they show beside their text."""
    inputs, config, files = take.inputs, take.config, take.files
    stage = workers.timer.stage
    tools = stage("load", load_tools)(inputs, config, shelf.store)
    look_ahead(tools, config, workers.timer)
    config = msgspec.structs.replace(config, images=tools.images)
    setting = Setting(inputs, config, shelf, elements_of(tools.theme), take.memory, workers.timer)
    found = stage("discover", discover)(files.content, setting)
    parsed = stage("parse", parse_all)(found.sources if tools.engine else (), setting, digests, workers)
    data = stage("data", content.load_data)(files.folders["data"].files)
    visibility = content.Visibility(inputs.now, drafts=take.choices.drafts, future=take.choices.future)
    standing = stage("assemble", place)(parsed, found, visibility, setting)
    site = content.assemble(parsed.pages, standing.placed, data.values)
    return Read(tools, setting, found, parsed, data, standing, site)


def _said(ready: Ready) -> Iterator[Diagnostic]:
    """Name what is wrong with the configuration, by itself and for this site."""
    tools, site, config, root = ready.tools, ready.site, ready.setting.config, ready.setting.inputs.root
    yield from tools.misconfigured
    yield from tools.miswritten
    if tools.engine:
        yield from content.check_menus(site, config, root)
    if tools.theme:
        theme = tools.theme
        key = (ready.standing, root, [template.name for template in theme.templates])
        check = lambda: (*render.check_outputs(theme, site, config, root),)  # noqa: E731
        yield from ready.setting.memory.recall("outputs", key, check)


def _checked(release: Release, extensions: enabled.Enabled, shelf: Shelf, choices: Choices) -> Release:
    """Have the checks of extensions look at a release; one with errors is not looked at."""
    if not extensions.checks or has_errors(release.diagnostics):
        return release
    said = enabled.check(release, extensions, lambda artifact: shelf.get(artifact.body))
    diagnostics = arrange((*release.diagnostics, *said), strict=choices.strict)
    return msgspec.structs.replace(release, diagnostics=diagnostics)
