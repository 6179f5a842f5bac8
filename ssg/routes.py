"""What stands behind a route."""

from ssg.model import Page, Route, RouteKind, Site

LISTED = frozenset((RouteKind.PAGE, RouteKind.HOME, RouteKind.SECTION, RouteKind.TAXONOMY, RouteKind.TERM))
"""The kinds that a reader can look for: what a sitemap lists."""

GENERATED = frozenset(
    (
        RouteKind.NOT_FOUND,
        RouteKind.ROBOTS,
        RouteKind.SITEMAP,
        RouteKind.SITEMAP_INDEX,
        RouteKind.FEED,
        RouteKind.LLMS,
    )
)
"""The kinds that give way to a file of the site's own at the same URL."""

FEEDS = {"atom": "atom.xml", "rss": "rss.xml", "json": "feed.json"}
"""The formats of feeds, with the file's name, which is that of the template too."""


SEARCH_PAGE = "search/"
"""Where the search page of a language lies, below its prefix."""

SEARCH_INDEX = "/pagefind/"
"""The folder of the search index."""


WORKER = "/sw.js"
"""The service worker: from the root of the site it is for all pages."""

WEB_MANIFEST = "/manifest.webmanifest"
"""What browsers read of the site as an app."""

TOUCH_ICON = "/assets/apple-touch-icon.png"
"""The icon for the home screens of Apple's devices, as an author would name it."""


def own_page(site: Site, route: Route) -> Page | None:
    """Give the page whose Markdown file stands behind a route, if one does."""
    number = own_number(site, route)
    return site.pages[number] if number is not None else None


def own_number(site: Site, route: Route) -> int | None:
    """Give the position of the page whose Markdown file stands behind a route, if one does."""
    if route.kind is RouteKind.PAGE:
        return int(route.key[0])
    if route.kind in {RouteKind.SECTION, RouteKind.HOME}:
        return site.editions[route.language].sections[str(route.key[0])].page
    return None


def outputs(site: Site, route: Route) -> tuple[str, ...]:
    """Give the formats in which what a route shows is published, the one that links lead to first."""
    match route.kind:
        case RouteKind.PAGE:
            return site.pages[int(route.key[0])].outputs
        case RouteKind.SECTION | RouteKind.HOME:
            return site.editions[route.language].sections[str(route.key[0])].outputs
        case RouteKind.TAXONOMY:
            return site.editions[route.language].taxonomies[str(route.key[0])].outputs
        case RouteKind.TERM:
            return site.editions[route.language].taxonomies[str(route.key[0])].term_outputs
        case _:
            return (route.format,)
