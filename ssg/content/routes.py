"""Every URL that is rendered, in explicit order."""

from collections.abc import Collection, Iterator, Sequence

import msgspec

from ssg.config import Config, output_setting
from ssg.model import Edition, Page, Route, RouteKind, SourceKind
from ssg.routes import FEEDS, LISTED, SEARCH_PAGE
from ssg.urls import HTML, folder_url, output_url, part_url

# Addresses in one sitemap (sitemaps.org, protocol: "no more than 50,000 URLs").
SITEMAP_LIMIT = 50_000


def plan_routes(pages: Sequence[Page], editions: Sequence[Edition], config: Config) -> Iterator[Route]:
    """Give the routes of a site: its pages, the lists of each language, and what is generated beside them."""
    shown = [*_pages(pages)]
    for edition in editions:
        shown += _lists(edition)
    yield from shown
    language = config.site.language
    for edition in editions:
        missing = Route(f"{edition.prefix}/404.html", RouteKind.NOT_FOUND, edition.language)
        yield from _outputs(missing, output_setting(config.content, "", "404")[1])
        if config.content.llms:
            yield Route(f"{edition.prefix}/llms.txt", RouteKind.LLMS, edition.language)
    if config.search.engine != "none":
        yield from _searches(editions, {route.url for route in shown})
    yield Route("/robots.txt", RouteKind.ROBOTS, language)
    if config.site.base_url:
        yield from _sitemaps(sum(route.kind in LISTED and route.format == HTML for route in shown), language)
        for edition in editions:
            yield from _feeds(pages, edition, config)


def _pages(pages: Sequence[Page]) -> Iterator[Route]:
    for number, page in enumerate(pages):
        if page.kind is not SourceKind.SECTION:
            yield from _outputs(Route(page.url, RouteKind.PAGE, page.language, (number,)), page.outputs)
        for alias in page.aliases:
            yield Route(alias.url, RouteKind.ALIAS, page.language, (number,))


def _outputs(route: Route, formats: Sequence[str]) -> Iterator[Route]:
    """Give a route in each of the formats."""
    for name in formats:
        yield msgspec.structs.replace(route, url=output_url(route.url, name), format=name)


def _lists(edition: Edition) -> Iterator[Route]:
    language = edition.language
    for folder, section in edition.sections.items():
        kind = RouteKind.SECTION if folder else RouteKind.HOME
        first = Route(folder_url(section.url), kind, language, (folder,))
        yield from _parts(first, len(section.pages), section.size, section.outputs)
    for taxonomy in edition.taxonomies.values():
        if taxonomy.terms:
            listed = Route(folder_url(taxonomy.url), RouteKind.TAXONOMY, language, (taxonomy.name,))
            yield from _outputs(listed, taxonomy.outputs)
        for number, term in enumerate(taxonomy.terms):
            first = Route(folder_url(term.url), RouteKind.TERM, language, (taxonomy.name, number))
            yield from _parts(first, len(term.pages), taxonomy.size, taxonomy.term_outputs)


def _parts(first: Route, pages: int, size: int, formats: Sequence[str]) -> Iterator[Route]:
    """Give the routes of a list: the first, and `page/2/` and so on below it where it shows `size` at a time."""
    yield from _outputs(first, formats)
    for part in range(2, -(-pages // size) + 1 if size else 0):
        yield from _outputs(msgspec.structs.replace(first, url=part_url(first.url, part), part=part), formats)


def _searches(editions: Sequence[Edition], taken: Collection[str]) -> Iterator[Route]:
    """Give a search page for each language; one of the site's own at its URL takes its place."""
    for edition in editions:
        url = f"{edition.prefix}/{SEARCH_PAGE}"
        if url not in taken:
            yield Route(url, RouteKind.SEARCH, edition.language)


def _sitemaps(addresses: int, language: str) -> Iterator[Route]:
    """Give one sitemap, or an index with as many as the limit asks for."""
    parts = -(-addresses // SITEMAP_LIMIT)
    if parts < 2:  # noqa: PLR2004 - one is not split
        yield Route("/sitemap.xml", RouteKind.SITEMAP, language, (0, SITEMAP_LIMIT))
        return
    yield Route("/sitemap.xml", RouteKind.SITEMAP_INDEX, language, (parts,))
    for part in range(parts):
        key = (part * SITEMAP_LIMIT, SITEMAP_LIMIT)
        yield Route(f"/sitemap-{part + 1}.xml", RouteKind.SITEMAP, language, key, part + 1)


def _feeds(pages: Sequence[Page], edition: Edition, config: Config) -> Iterator[Route]:
    """Give the feeds of a language, of the sections that ask, and of the terms of the taxonomies that have some.

    A feed lists dated pages (RFC 4287, section 4.1.2: every entry has a date), so where there are none, there is none.
    """
    formats = config.content.feeds

    def feed(below: str, name: str, *key: str | int) -> Route:
        return Route(f"{below}{FEEDS[name]}", RouteKind.FEED, edition.language, (name, *key))

    if any(pages[number].date for number in edition.newest):
        yield from (feed(f"{edition.prefix}/", name, "site") for name in formats)
    for folder, section in edition.sections.items():
        asked = pages[section.page].feeds if section.page is not None and folder else ()
        if any(pages[number].date for number in section.pages):
            url = folder_url(section.url)
            yield from (feed(url, name, "section", folder) for name in (formats if asked == ("*",) else asked))
    for taxonomy in (edition.taxonomies[name] for name in config.content.term_feeds if name in edition.taxonomies):
        for number, term in enumerate(taxonomy.terms):
            if any(pages[position].date for position in term.pages):
                yield from (feed(folder_url(term.url), name, "term", taxonomy.name, number) for name in formats)
