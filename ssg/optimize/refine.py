"""One document through all passes: those of extensions, and ssg's own."""

from collections.abc import Callable, Sequence

import msgspec

from ssg.config import HtmlConfig
from ssg.errors import MEND, ConfigError, Location, error, failure, nearest
from ssg.extensions import Pass
from ssg.model import Document
from ssg.optimize.minify import NONE, Minify


def arrange(config: HtmlConfig, passes: Sequence[Pass], where: Callable[[Pass], Location]) -> tuple[Pass, ...]:
    """Give all passes in the order in which they work: each after the one that it names, else before ssg's own.

    `where` gives the place that names a pass, for messages.

    Raises:
        ConfigError: a pass follows one that there is not, or passes follow each other in a circle.
    """
    ordered: list[Pass] = [one for one in passes if not one.after]
    ordered.append(Minify() if config.minifier != "none" else NONE)
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
    return tuple(ordered)


def refine(document: Document, passes: Sequence[Pass]) -> Document:
    """Give a document as it is published. Text that is not HTML stays; a pass that raises is an error that names it."""
    if not document.url.endswith(("/", ".html")) or not document.text:
        return document
    for one in passes:
        try:
            document = one.refine(document)
        except Exception as reason:  # noqa: BLE001 - an extension may raise anything
            wrong = failure(f'the extension "{one.name}" failed', reason, Location(document.source), MEND)
            return msgspec.structs.replace(document, text="", diagnostics=(*document.diagnostics, wrong))
    return document
