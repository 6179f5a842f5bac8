"""What a page was built from, and why the last build did or did not render it again."""

import tempfile
from urllib.parse import unquote, urlsplit

import msgspec

from ssg import render
from ssg.build.choices import Choices
from ssg.build.contents import read_site
from ssg.build.reasons import load_reasons
from ssg.build.rendering import Stage, document_of, planned
from ssg.build.survey import survey
from ssg.build.take import Take
from ssg.cache import AnswerChanged, Item, Reason, Shelf, Spool, load_stamps, open_store, row_of
from ssg.config import Config
from ssg.errors import ConfigError, Location, error, nearest
from ssg.model import Delivery, Inputs, Route
from ssg.workers import Inline


class Why(msgspec.Struct, frozen=True):
    """What is known of a URL: its source, what its making asked, and two sentences, on the last build and the next.

    `styles` is how its style sheets reach a browser, as the next build has it; None for a page that links none.
    """

    url: str
    source: str
    asked: tuple[str, ...]
    last: str
    now: str
    styles: Delivery | None = None


def ask(inputs: Inputs, config: Config, choices: Choices, wanted: str) -> Why:
    """Explain a page of a site folder, over what its last build has kept.

    Raises:
        ConfigError: there is no such page, or what the configuration names cannot be loaded.
    """
    take = Take(inputs, config, choices, survey(inputs, config), load_stamps(inputs.root))
    with tempfile.TemporaryDirectory(prefix="ssg-") as resting:
        return explain(take, Shelf(Spool(resting), open_store(inputs.root, inputs.now)), wanted)


def explain(take: Take, shelf: Shelf, wanted: str) -> Why:
    """Explain a page of a site, named by its URL or its source.

    Raises:
        ConfigError: there is no such page, or what the configuration names cannot be loaded.
    """
    ready = read_site(take, take.digests, Inline(), shelf)
    if ready.scene is None or ready.tools.misconfigured:
        raise ConfigError(*ready.tools.misconfigured)
    stage = Stage(ready.scene, shelf)
    work = [one for row in planned(ready.scene, take.memory).values() for one in row.work]
    found = next(
        (one for one in work if _names(one.route, render.origin(ready.site, one.route), wanted, take.config)), None
    )
    if found is None:
        hint = (
            nearest(wanted, [one.route.url for one in work])
            or "name a URL from the site's root, like /posts/, or a source"
        )
        raise ConfigError(error("why", "is no page of the site", Location(wanted), hint))
    item = Item(found.name, found.key)
    number = row_of(found.name)
    known = stage.trace.look_up({number: [item]}, lambda: stage.renderer.answers)[number]
    asked = sorted(render.sentence(query) for query in stage.trace.reads(item, number))
    return Why(
        url=found.route.url,
        source=render.origin(ready.site, found.route),
        asked=tuple(asked),
        last=_last(take.inputs.root, found.route.url),
        now=_now(known.missing.get(found.name)),
        styles=(known.found.get(found.name) or document_of(stage, found)[0]).delivery,
    )


def _names(route: Route, origin: str, wanted: str, config: Config) -> bool:
    path = unquote(urlsplit(wanted).path)
    below = path.removeprefix(config.site.base_path) if config.site.base_path else path
    urls = {path, below, f"/{path.strip('/')}/", f"{below}/"}
    return route.url in urls or origin == wanted


def _last(root: str, url: str) -> str:
    reasons = load_reasons(root)
    if reasons is None:
        return "there was none, or one without a cache"
    reason = reasons.get(url)
    return (
        f"rendered, because {said(reason)}"
        if reason
        else "not rendered again: nothing that it is made from had changed"
    )


def _now(reason: Reason | None) -> str:
    return f"would be rendered, because {said(reason)}" if reason else "would not be rendered again"


def said(reason: Reason) -> str:
    """Give a reason in words."""
    return f"{render.sentence(reason.query)} changed" if isinstance(reason, AnswerChanged) else str(reason)
