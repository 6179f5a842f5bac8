"""Which template writes a route: by its kind and its output format."""

from collections.abc import Collection, Iterator

from ssg.config import Config, output_setting, place
from ssg.errors import Diagnostic, Location, error, nearest
from ssg.model import Page, Route, RouteKind, Site
from ssg.render.theme import Theme
from ssg.routes import FEEDS, own_page
from ssg.urls import HTML

_STEMS = {
    RouteKind.PAGE: ("page",),
    RouteKind.HOME: ("home", "section"),
    RouteKind.SECTION: ("section",),
    RouteKind.TAXONOMY: ("taxonomy",),
    RouteKind.TERM: ("term", "section"),
    RouteKind.NOT_FOUND: ("404",),
    RouteKind.SEARCH: ("search",),
    RouteKind.ALIAS: ("alias",),
}
_SAID = {
    RouteKind.PAGE: "a page",
    RouteKind.HOME: "the home page",
    RouteKind.SECTION: "a section",
    RouteKind.TAXONOMY: "a taxonomy",
    RouteKind.TERM: "a term",
    RouteKind.NOT_FOUND: "the page 404",
}
_FILES = {
    RouteKind.ROBOTS: "robots.txt",
    RouteKind.SITEMAP: "sitemap.xml",
    RouteKind.SITEMAP_INDEX: "sitemap-index.xml",
    RouteKind.LLMS: "llms.txt",
}


def template_names(route: Route, own: Page | None) -> tuple[str, ...]:
    """Give the names of the templates that may write a route, the best first.

    The page's own choice counts for HTML as it is, and for another format with the ending of that format.
    """
    if route.kind is RouteKind.FEED:
        return (FEEDS[str(route.key[0])],)
    if route.kind in _FILES:
        return (_FILES[route.kind],)
    usual = tuple(f"{stem}.{route.format}" for stem in _STEMS[route.kind])
    if own is None or not own.template:
        return usual
    return (own.template if route.format == HTML else f"{own.template.rpartition('.')[0]}.{route.format}", *usual)


def check_outputs(theme: Theme, site: Site, config: Config, root: str) -> Iterator[Diagnostic]:
    """Name outputs that the theme has no template for, where the page or `site.toml` in the folder `root` asks."""
    known = {template.name for template in theme.templates}
    said: set[tuple[str, ...]] = set()
    for route in site.routes:
        if route.format == HTML:
            continue
        own = own_page(site, route)
        names = template_names(route, own)
        if known.isdisjoint(names):
            asked = own.source if own is not None and own.outputs_line else _setting(route, own, config)
            if (asked, *names) not in said:
                said.add((asked, *names))
                yield _untemplated(route, own, asked, known, root)


def _setting(route: Route, own: Page | None, config: Config) -> str:
    """Give the key of `[content.outputs]` that asks for a route's formats."""
    folder = own.section if own is not None else str(route.key[0]) if route.key else ""
    return output_setting(config.content, folder, route.kind.value)[0]


def _untemplated(route: Route, own: Page | None, asked: str, known: Collection[str], root: str) -> Diagnostic:
    stems = _STEMS[route.kind]
    message = f'there is no template for the output "{route.format}" of {_SAID[route.kind]}'
    formats = {ending for stem, _, ending in (one.partition(".") for one in known) if stem in stems}
    hint = nearest(route.format, formats) or f"write templates/{stems[0]}.{route.format}, or take the output out"
    if route.format in {"atom", "rss"}:  # as Hugo has it
        hint = 'a feed is asked for with "feeds"'
    if own is not None and asked == own.source:
        return error("outputs", message, Location(own.source, own.outputs_line), hint)
    return error("outputs", message, place(root, ("content", "outputs"), asked), hint)
