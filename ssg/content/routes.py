"""Every URL that is rendered, in explicit order."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from ssg.config import Config
from ssg.model import FEEDS, LISTED, Page, Route, RouteKind, Section, SourceKind, Taxonomy, part_url

# Addresses in one sitemap (sitemaps.org, protocol: "no more than 50,000 URLs").
SITEMAP_LIMIT = 50_000


def plan_routes(
    pages: Sequence[Page], sections: Mapping[str, Section], taxonomies: Mapping[str, Taxonomy], config: Config
) -> Iterator[Route]:
    """Give the routes of a site: its pages, lists and what is generated beside them."""
    shown = [*_pages(pages), *_lists(pages, sections, taxonomies)]
    yield from shown
    yield Route("/404.html", RouteKind.NOT_FOUND)
    yield Route("/robots.txt", RouteKind.ROBOTS)
    if config.site.base_url:
        yield from _sitemaps(sum(route.kind in LISTED for route in shown))
        yield from _feeds(pages, sections, taxonomies, config)


def _pages(pages: Sequence[Page]) -> Iterator[Route]:
    for number, page in enumerate(pages):
        if page.kind is not SourceKind.SECTION:
            yield Route(page.url, RouteKind.PAGE, (number,))
        for alias in page.aliases:
            yield Route(alias.url, RouteKind.ALIAS, (number,))


def _lists(
    pages: Sequence[Page], sections: Mapping[str, Section], taxonomies: Mapping[str, Taxonomy]
) -> Iterator[Route]:
    for folder, section in sections.items():
        kind = RouteKind.SECTION if folder else RouteKind.HOME
        yield from _parts(Route(_section_url(section, pages), kind, (folder,)), len(section.pages), section.size)
    for taxonomy in taxonomies.values():
        if taxonomy.terms:
            yield Route(taxonomy.url, RouteKind.TAXONOMY, (taxonomy.name,))
        for number, term in enumerate(taxonomy.terms):
            yield from _parts(Route(term.url, RouteKind.TERM, (taxonomy.name, number)), len(term.pages), taxonomy.size)


def _parts(first: Route, pages: int, size: int) -> Iterator[Route]:
    """Give the routes of a list: the first, and `page/2/` and so on below it where it shows `size` at a time."""
    yield first
    for part in range(2, -(-pages // size) + 1 if size else 0):
        yield msgspec.structs.replace(first, url=part_url(first.url, part), part=part)


def _sitemaps(addresses: int) -> Iterator[Route]:
    """Give one sitemap, or an index with as many as the limit asks for."""
    parts = -(-addresses // SITEMAP_LIMIT)
    if parts < 2:  # noqa: PLR2004 - one is not split
        yield Route("/sitemap.xml", RouteKind.SITEMAP, (0, SITEMAP_LIMIT))
        return
    yield Route("/sitemap.xml", RouteKind.SITEMAP_INDEX, (parts,))
    for part in range(parts):
        yield Route(f"/sitemap-{part + 1}.xml", RouteKind.SITEMAP, (part * SITEMAP_LIMIT, SITEMAP_LIMIT), part + 1)


def _feeds(
    pages: Sequence[Page], sections: Mapping[str, Section], taxonomies: Mapping[str, Taxonomy], config: Config
) -> Iterator[Route]:
    """Give the feeds of the site, of the sections that ask, and of the terms of the taxonomies that have some.

    A feed lists dated pages (RFC 4287, section 4.1.2: every entry has a date), so where there are none, there is none.
    """
    formats = config.content.feeds
    if any(page.date for page in pages if page.kind is not SourceKind.SECTION):
        yield from (Route(f"/{FEEDS[name]}", RouteKind.FEED, (name, "site")) for name in formats)
    for folder, section in sections.items():
        asked = pages[section.page].feeds if section.page is not None and folder else ()
        if any(pages[number].date for number in section.pages):
            url = _section_url(section, pages)
            for name in formats if asked == ("*",) else asked:
                yield Route(f"{url}{FEEDS[name]}", RouteKind.FEED, (name, "section", folder))
    for taxonomy in (taxonomies[name] for name in config.content.term_feeds if name in taxonomies):
        for number, term in enumerate(taxonomy.terms):
            if any(pages[position].date for position in term.pages):
                for name in formats:
                    key = (name, "term", taxonomy.name, number)
                    yield Route(f"{term.url}{FEEDS[name]}", RouteKind.FEED, key)


def _section_url(section: Section, pages: Sequence[Page]) -> str:
    return pages[section.page].url if section.page is not None else section.url
