"""One document through all passes: those of extensions over its text, and ssg's own over one parse of it."""

import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

import msgspec

from ssg.config import Config
from ssg.errors import MEND, ConfigError, Location, error, failure, nearest
from ssg.extensions import Pass
from ssg.model import Document
from ssg.optimize.app import app
from ssg.optimize.context import Context, Step, unmark
from ssg.optimize.critical.compile import compile_sheet
from ssg.optimize.critical.sheet import Sheet
from ssg.optimize.critical.step import Critical
from ssg.optimize.fonts import Fonts
from ssg.optimize.hints import hints
from ssg.optimize.images import images
from ssg.optimize.integrity import integrity
from ssg.optimize.minify import NONE, Writer, as_rendered, parse, writer
from ssg.optimize.policy import STYLED, hashes
from ssg.optimize.references import in_feed, references
from ssg.optimize.scripts import scripts

# What stands in every page that names an asset, the slash by itself or as a reference; one look finds both.
_NAMES_ASSETS = re.compile("assets[/&]")


def own(compiled: Callable[[str], Sheet]) -> tuple[Step, ...]:
    """Give the passes of ssg's own in the order in which they work; the minifier, which writes the tree, follows.

    Fonts and critical CSS learn from page to page: a call gives passes that have learnt nothing. `compiled` takes a
    style sheet apart.
    """
    return (
        Step("references", references, _NAMES_ASSETS),
        Step("images", images),
        Step("scripts", scripts),
        Step("fonts", Fonts(compiled)),
        Step("critical", Critical(compiled)),
        Step("hints", hints),
        Step("pwa", app),
        Step("integrity", integrity),
    )


class Stretch(msgspec.Struct, frozen=True):
    """Passes of ssg's own that follow each other: one parse, and one serialisation.

    The last stretch of a document has the minifier; before the pass of an extension, the text goes on as it is.
    """

    steps: tuple[Step, ...]
    last: Writer | None = None


Work: TypeAlias = Pass | Stretch
"""A part of what is done to a document."""


def arrange(
    config: Config,
    passes: Sequence[Pass],
    where: Callable[[Pass], Location],
    named: Callable[[], Location],
    compiled: Callable[[str], Sheet] = compile_sheet,
) -> tuple[Work, ...]:
    """Give all passes in the order in which they work: each after the one that it names, else before ssg's own.

    `where` gives the place that names the pass of an extension, `named` that which names the minifier, for messages.
    `compiled` takes a style sheet apart, or remembers how that went.

    Raises:
        ConfigError: a pass follows one that there is not, passes follow each other in a circle, or the minifier is not
            installed.
    """
    ordered: list[Pass | Step | Writer] = [one for one in passes if not one.after]
    ordered += [*own(compiled), writer(config.html.minifier, named)]
    waiting = [one for one in passes if one.after]
    while waiting:
        names = [one.name for one in ordered]
        ready = [one for one in waiting if one.after in names]
        if not ready:
            one = waiting[0]
            hint = nearest(one.after, names) or f"known are {', '.join(names)}"
            message = f'the pass "{one.name}" comes after "{one.after}", which is no pass before it'
            raise ConfigError(error("extension", message, where(one), hint))
        for one in reversed(ready):
            ordered.insert(names.index(one.after) + 1, one)
            names = [placed.name for placed in ordered]
        waiting = [one for one in waiting if one not in ready]
    return tuple(_stretches(ordered, config))


def _stretches(ordered: Sequence[Pass | Step | Writer], config: Config) -> Iterator[Work]:
    """Give passes in their order, those of ssg's own in stretches and without those that the site goes without."""
    for own, part in itertools.groupby(ordered, lambda one: isinstance(one, (Step, Writer))):
        if not own:
            yield from (one for one in part if not isinstance(one, (Step, Writer)))
            continue
        found = list(part)
        steps = tuple(one for one in found if isinstance(one, Step) and _wanted(one, config))
        last = found[-1] if isinstance(found[-1], Writer) else None
        if steps or last:
            yield Stretch(steps, last)


def _wanted(step: Step, config: Config) -> bool:
    """Tell whether a site has a pass of ssg's own."""
    if step.name == "critical":
        return config.html.critical_css != "off"
    if step.name == "fonts":
        return config.fonts.preload
    if step.name == "pwa":
        return config.pwa is not None and not config.pwa.remove
    return bool(getattr(config.optimize, step.name))


def refine(document: Document, works: Sequence[Work], page: Context) -> Document:
    """Give a document as it is published; a pass that raises is an error that names it.

    Text that is not HTML stays, but for the URLs of assets in feeds and JSON.
    """
    if not document.url.endswith(("/", ".html")) or not document.text:
        return in_feed(document, page)
    for one in works:
        try:
            document = _stretched(document, one, page) if isinstance(one, Stretch) else one.refine(document)
        except Exception as reason:  # noqa: BLE001 - an extension may raise anything
            return _failed(document, one, reason)
    if works and not isinstance(works[-1], Stretch):  # what an extension has changed is not known
        tree = parse(document.text)
        return msgspec.structs.replace(document, inlined=hashes(tree, tree.html))
    return document


def _stretched(document: Document, stretch: Stretch, page: Context) -> Document:
    """Take a document through a stretch: parsed once, written once."""
    tree = parse(document.text)
    said = list(document.diagnostics)
    for step in stretch.steps:
        if step.name not in page.off and step.concerns(document.text):
            said += step.apply(tree, page)
    if stretch.last is None:
        return msgspec.structs.replace(document, text=as_rendered(tree, document.text), diagnostics=tuple(said))
    unmark(tree)
    last = NONE if stretch.last.name in page.off else stretch.last
    text = last.write(tree, document.text)
    inlined = hashes(tree, tree.html if last is NONE else text)  # which gives the text as an author wrote it
    if page.written is not None and last.plain:
        page.written(tree, text, STYLED in inlined)
    return msgspec.structs.replace(document, text=text, diagnostics=tuple(said), inlined=inlined)


def _failed(document: Document, work: Work, reason: Exception) -> Document:
    """Give a document that has no text, since a pass raised something."""
    what, hint = "a pass of ssg", "this is a mistake in ssg: [optimize] turns passes off; --debug shows where it failed"
    if not isinstance(work, Stretch):
        what, hint = f'the extension "{work.name}"', MEND
    wrong = failure(f"{what} failed", reason, Location(document.source), hint)
    return msgspec.structs.replace(document, text="", diagnostics=(*document.diagnostics, wrong))
