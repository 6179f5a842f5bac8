"""What the stages of a build share: inputs, configuration, where bytes lie, and what the configuration names."""

import msgspec

from ssg import content, enabled, optimize, output, render
from ssg.build.showing import showing_of
from ssg.cache import Shelf, Store
from ssg.config import OFF, Config, ImagesConfig, place
from ssg.digests import digest
from ssg.errors import ConfigError, Diagnostic, Location
from ssg.memory import Memory
from ssg.model import Inputs
from ssg.spans import UNTIMED, Timer


class Setting(msgspec.Struct, frozen=True):
    """What every chunk of work needs to know.

    `elements` are what the theme writes of a body: they decide what parsing gives. `memory` is that of this process.
    """

    inputs: Inputs
    config: Config
    shelf: Shelf
    elements: content.Elements
    memory: Memory
    timer: Timer = UNTIMED


class Tools(msgspec.Struct, frozen=True):
    """What the configuration names, as far as it could be loaded; diagnostics say what could not.

    `images` is `[images]` with what follows from the theme filled in.
    """

    extensions: enabled.Enabled
    engine: bool
    theme: render.Theme | None
    images: ImagesConfig
    misconfigured: tuple[Diagnostic, ...]
    miswritten: tuple[Diagnostic, ...]


def load_tools(inputs: Inputs, config: Config, store: Store) -> Tools:
    """Load extensions, theme and Markdown engine, and compile the templates, before processes are forked.

    Templates that an earlier build has found in order are compiled when they are used.
    """
    extensions, engine, theme = enabled.Enabled(), True, None
    wrong: tuple[Diagnostic, ...] = ()
    try:
        extensions = enabled.load_extensions(config.extensions, inputs.root)
        optimize.arrange(config, extensions.passes, extensions.where, lambda: minifier_place(inputs))
    except ConfigError as reason:
        wrong = reason.diagnostics
    try:
        theme = render.load_theme(inputs, config.theme, extensions.templates)
    except ConfigError as reason:
        wrong = (*wrong, *reason.diagnostics)
    try:
        content.load_dialect(config.markdown, inputs.root, elements_of(theme))
    except ConfigError as reason:
        engine, wrong = False, (*wrong, *reason.diagnostics)
    images, unclear = showing_of(config, theme, inputs.root)
    wrong = (*wrong, *unclear, *output.check_search(config.search, inputs.root))
    miswritten = _prepared(theme, store) if theme and not wrong else ()
    return Tools(extensions, engine, theme, images, wrong, miswritten)


def minifier_place(inputs: Inputs) -> Location:
    """Give the place that names the minifier, for messages."""
    return place(inputs.root, ("html",), "minifier")


def _prepared(theme: render.Theme, store: Store) -> tuple[Diagnostic, ...]:
    """Give what is wrong with a theme's templates."""
    name = f"theme:{digest(msgspec.msgpack.encode((theme, render.code())))}"
    if name in store.get([name]):
        return ()
    wrong = render.prepare(theme)
    if not wrong:
        store.put([(name, b"")])
    return wrong


def look_ahead(tools: Tools, config: Config, timer: Timer) -> None:
    """Work out what a profile needs to know of the templates, before processes are forked; its cost is its own.

    What weighs pages is loaded then, too, where it will be needed: else each process would load it.
    """
    if config.budgets != OFF:
        import ssg.build.scales  # noqa: F401, PLC0415 - for sites that have budgets
    if timer.recorder is not None and tools.theme is not None:
        timer.stage("profile", render.constant_fragments)(tools.theme)


def elements_of(theme: render.Theme | None) -> content.Elements:
    """Give what the theme writes of a body."""
    return content.Elements(theme.hooks(content.HOOKS), render.shortcodes(theme)) if theme else content.Elements()


def dialect_of(config: Config, root: str, elements: content.Elements) -> tuple[content.Dialect, str]:
    """Give the dialect of a site in this process, and what identifies the extensions around it."""
    extensions = enabled.load_extensions(config.extensions, root)
    around = extensions.markdown
    return content.load_dialect(config.markdown, root, elements, around), extensions.identity if around else ""
