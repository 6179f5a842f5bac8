"""The pages of a site as rules of budgets see them."""

from collections.abc import Collection

from ssg import render
from ssg.budget.values import Subject
from ssg.model import Route, RouteKind, Site
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
