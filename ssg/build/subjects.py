"""The pages of a site as rules of budgets see them."""

import tempfile
from collections.abc import Collection

from ssg import render
from ssg.budget.values import Subject
from ssg.build.choices import Choices
from ssg.build.keeping import Keeping
from ssg.build.survey import survey
from ssg.build.take import Take
from ssg.build.writing import Crew
from ssg.cache import AnewStore, Lost, Shelf, Spool, Store, load_stamps
from ssg.config import Config
from ssg.model import Inputs, Route, RouteKind, Site
from ssg.routes import own_page
from ssg.urls import HTML, uri

# These are no pages, though no other format is said of them.
_TEXTS = frozenset((RouteKind.ROBOTS, RouteKind.SITEMAP, RouteKind.SITEMAP_INDEX, RouteKind.FEED, RouteKind.LLMS))


def list_subjects(site: Site, templates: Collection[str]) -> tuple[Subject, ...]:
    """Give every page that a browser can show, in the order of routes: those of Markdown files, lists, aliases.

    `templates` are the names that the theme has. URLs are percent-encoded and below the base path, as rules match them.
    The content type is the key `type` of the front matter, which ssg itself does not read.
    """
    return tuple(
        _subject(site, route, templates) for route in site.routes if route.format == HTML and route.kind not in _TEXTS
    )


def read_subjects(inputs: Inputs, config: Config, crew: Crew) -> tuple[Subject, ...]:
    """Read the pages of a site folder, and give them as rules see them; nothing is rendered, packed or written.

    Raises:
        ConfigError: the theme or a Markdown extension cannot be loaded.
    """
    from ssg.build.contents import read_pages  # noqa: PLC0415 - all rooms, for who asks

    take = Take(inputs, config, Choices(), survey(inputs, config), load_stamps(inputs.root))

    def read(store: Store) -> tuple[Subject, ...]:
        with tempfile.TemporaryDirectory(prefix="ssg-") as resting, crew.hire(config) as workers:
            pages = read_pages(take, take.digests, workers, Shelf(Spool(resting), store))
        theme = pages.tools.theme
        return list_subjects(pages.site, tuple(one.name for one in theme.templates) if theme is not None else ())

    with Keeping(inputs, config, Choices()) as keeping:
        try:
            return read(keeping.store)
        except Lost:  # nothing that the store says is to be had now
            return read(AnewStore(keeping.store))


def _subject(site: Site, route: Route, templates: Collection[str]) -> Subject:
    own = own_page(site, route)
    names = render.template_names(route, own)
    section = own.section if own is not None else str(route.key[0]) if route.kind is RouteKind.SECTION else ""
    return Subject(
        url=uri(route.url),
        source=render.origin(site, route),
        section=section,
        template=next((name for name in names if name in templates), names[0]),
        type=str(own.extra.get("type", "")) if own is not None else "",
        overrides=own.budgets if own is not None else {},
        line=own.budgets_line if own is not None else 0,
    )
