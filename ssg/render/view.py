"""What a template sees: `site` as a few queries, and `page`.

Every answer is a projection (title, URL, date…), never a whole page with its body: what a render has asked is then
all that it depends on.
"""

import functools
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from markupsafe import Markup

from ssg.config import Config, LanguageConfig, MenuEntry
from ssg.model import (
    LISTED,
    SEARCH_INDEX,
    SEARCH_PAGE,
    Fragment,
    Page,
    Route,
    RouteKind,
    Site,
    Taxonomy,
    Term,
    outputs,
    own_page,
)
from ssg.render.hooks import Apply, fill
from ssg.render.html import image_tag, lone_paragraph
from ssg.render.links import Broken, Links
from ssg.render.refs import (
    Address,
    FeedRef,
    LanguageRef,
    MenuRef,
    Mistake,
    OutputRef,
    PageRef,
    SectionRef,
    TermRef,
    TranslationRef,
    output_refs,
)
from ssg.render.translations import Translations
from ssg.urls import HTML, folder_url, uri

# ISO 639 codes of languages whose usual script runs from right to left (Unicode CLDR, characterOrder).
_RIGHT_TO_LEFT = frozenset(("ar", "arc", "ckb", "dv", "fa", "he", "ks", "nqo", "ps", "sd", "syr", "ug", "ur", "yi"))
_NO_LANGUAGE = LanguageConfig()
# Pages of a term that are looked at for related ones.
_LOOKED_AT = 100
# Entries of a feed: enough for a reader who looks once a week.
_FED = 20
_FEED_TYPES = {"atom": "application/atom+xml", "rss": "application/rss+xml", "json": "application/feed+json"}


class Shared(NamedTuple):
    """What the views of all languages share: made once, by the renderer.

    `write` writes elements by their templates, `convert` turns Markdown into a fragment, `plain` HTML into text, and
    `sizes` has the width and height in px of images by their URL.
    """

    site: Site
    config: Config
    links: Links
    translations: Translations
    write: Callable[[PageRef, str, Mapping[str, Any]], str]
    convert: Callable[[str], Fragment]
    plain: Callable[[str], str]
    sizes: Mapping[str, tuple[int, int]]


class SiteView:
    """The site as templates may ask for it.

    `links`, `convert`, `plain` and the methods that take routes, pages and fragments are for ssg itself.
    """

    def __init__(self, shared: Shared, language: str) -> None:
        """Show the site in one of its languages."""
        site, config, self.links, self._translations, self._write, self.convert, self.plain, self._sizes = shared
        self._site = site
        self._config = config
        self._edition = site.editions[language]
        self._pages: dict[int, PageRef] = {}
        self._sections: dict[str, SectionRef] = {}
        self._terms: dict[str, dict[str, TermRef]] = {}
        self._by_name: dict[str, Mapping[str, Term]] = {}
        self._ranks: dict[int, int] = {}
        self._places: dict[str, dict[int, int]] = {}
        self._feed_routes: dict[tuple[str | int, ...], list[Route]] = defaultdict(list)
        for route in site.routes:
            if route.kind is RouteKind.FEED and route.language == language:
                self._feed_routes[route.key[1:]].append(route)
        home = self._edition.sections[""]
        own_title = site.pages[home.page].title if home.page is not None else ""
        own = config.languages.get(language, _NO_LANGUAGE)
        self.title = own.title or config.site.title or own_title
        self.description = own.description or config.site.description
        self.language = language
        self.direction = "rtl" if language.partition("-")[0] in _RIGHT_TO_LEFT else "ltr"
        self.base_url = config.site.base_url
        self.feeds = self.feeds_of("site")
        self.feed_url = self.feeds[0].url if self.feeds else ""
        self.taxonomies = tuple(self._edition.taxonomies)
        self.menus = tuple(self._menus())
        searched = config.search.engine != "none"
        self.search_url = self.links.public(f"{self._edition.prefix}/{SEARCH_PAGE}") if searched else ""
        self.search_index = self.links.public(SEARCH_INDEX) if searched else ""
        self.sitemap_url = self.permalink("/sitemap.xml") if config.site.base_url else ""

    def _menus(self) -> Mapping[str, tuple[MenuEntry, ...]]:
        return self._config.menus | self._config.languages.get(self.language, _NO_LANGUAGE).menus

    @functools.cached_property
    def languages(self) -> tuple[LanguageRef, ...]:
        """The languages of the site with their home pages, that of `[site]` first; one alone for most sites."""
        editions = self._site.editions.values()
        return tuple(
            LanguageRef(edition.language, self._name(edition.language), self.links.public(f"{edition.prefix}/"))
            for edition in editions
        )

    def translations(self, route: Route) -> tuple[TranslationRef, ...]:
        """Give the translations of what a route shows, itself left out."""
        return tuple(
            TranslationRef(
                place.language,
                self._name(place.language),
                place.title,
                self.links.public(place.url),
                self.permalink(place.url),
            )
            for place in self._translations.of(route)
        )

    def _name(self, language: str) -> str:
        given = self._config.languages.get(language, _NO_LANGUAGE).name
        if given:
            return given
        from ssg.render.locales import language_name  # noqa: PLC0415 - 30 ms, for sites with languages

        return language_name(language)

    @property
    def home(self) -> SectionRef:
        """The content folder as a section."""
        return self.section("")

    @property
    def sections(self) -> tuple[SectionRef, ...]:
        """The sections at the top."""
        return self.home.sections

    def section(self, folder: str) -> SectionRef:
        """The section of a folder below the content folder, named without slashes at its ends."""
        known = self._sections.get(folder)
        if known is not None:
            return known
        section = self._edition.sections.get(folder)
        if section is None:
            hint = f"known are {', '.join(filter(None, self._edition.sections))}"
            raise Mistake(f'there is no section "{folder}"', hint)
        own = self._site.pages[section.page] if section.page is not None else None
        self._sections[folder] = SectionRef(self, section, own)
        return self._sections[folder]

    def pages(self, section: str | None = None, limit: int | None = None) -> tuple[PageRef, ...]:
        """Pages, newest first: all of them, or those in and below the folder of a section; at most `limit`."""
        numbers: Sequence[int] = self._edition.newest
        if section is not None:
            pages = self._site.pages
            below = f"{section}/"
            numbers = [n for n in numbers if pages[n].section == section or pages[n].section.startswith(below)]
        return self.refs(numbers[:limit])

    def feeds_of(self, *key: str | int) -> tuple[FeedRef, ...]:
        """Give the feeds of the site, a section or a term, by the rest of their routes' keys."""
        routes = self._feed_routes.get(key, ())
        return tuple(FeedRef(_FEED_TYPES[str(route.key[0])], self.links.public(route.url)) for route in routes)

    def outputs(self, route: Route) -> tuple[OutputRef, ...]:
        """Give what a route shows, this part of a list, in each of its formats."""
        if route.kind not in LISTED:
            return ()
        url = self._site.pages[int(route.key[0])].url if route.kind is RouteKind.PAGE else folder_url(route.url)
        return output_refs(self, url, outputs(self._site, route))

    def dated(self, numbers: Sequence[int]) -> tuple[PageRef, ...]:
        """Give the newest of the pages that have a date, newest first, as many as a feed lists."""
        pages = self._site.pages
        ranked = sorted((number for number in numbers if pages[number].date is not None), key=self._rank)
        return self.refs(ranked[:_FED])

    def addresses(self, first: int = 0, limit: int | None = None) -> tuple[Address, ...]:
        """Every page of the site with its absolute URL and last change, by URL: what sitemaps list."""
        pages = (route for route in self._site.routes if route.kind in LISTED and route.format == HTML)
        listed = sorted(pages, key=lambda route: route.url)
        return tuple(map(self._address, listed[first : None if limit is None else first + limit]))

    def _address(self, route: Route) -> Address:
        own = own_page(self._site, route)
        permalink = self.permalink(route.url)
        others = tuple((place.language, self.permalink(place.url)) for place in self._translations.of(route))
        everywhere = ((route.language, permalink), *others) if others else ()
        return Address(permalink, (own.updated or own.date) if own else None, tuple(sorted(everywhere)))

    def taxonomy_url(self, taxonomy: str) -> str:
        """The URL of a taxonomy's list of terms."""
        return self.links.public(self._taxonomy(taxonomy).url)

    def terms(self, taxonomy: str) -> tuple[TermRef, ...]:
        """All terms of a taxonomy, by name."""
        known = self._taxonomy(taxonomy)
        return tuple(self._term_refs(taxonomy)[term.name.casefold()] for term in known.terms)

    def menu(self, name: str) -> tuple[MenuRef, ...]:
        """The entries of a menu of `site.toml`, in its order and in the language of the page."""
        menus = self._menus()
        if name not in menus:
            raise Mistake(f'there is no menu "{name}"', f"known are {', '.join(menus) or 'none'}")
        found = []
        for entry in menus[name]:
            url = self.links.find(entry.page, self.language) if entry.page else None
            found.append(MenuRef(entry.name, self.links.public(url) if url else self._public(entry.url)))
        return tuple(found)

    def _public(self, url: str) -> str:
        """Give a URL of the configuration: below the base path where it is one of the site's."""
        return self.links.public(url) if url.startswith("/") and not url.startswith("//") else url

    def refs(self, numbers: Sequence[int]) -> tuple[PageRef, ...]:
        """Give the pages at these positions as references."""
        return tuple(map(self.ref, numbers))

    def ref(self, number: int) -> PageRef:
        """Give the page at a position as a reference."""
        known = self._pages.get(number)
        if known is None:
            known = self._pages[number] = PageRef(self, self._site.pages[number])
        return known

    def neighbours(self, page: Page, number: int) -> tuple[PageRef | None, PageRef | None]:
        """Give the pages before and after one in the reading order of its section."""
        section = self._edition.sections[page.section]
        places = self._reading(page.section)
        place = places.get(number)
        if place is None:
            return None, None
        before = self.ref(section.reading[place - 1]) if place else None
        after = self.ref(section.reading[place + 1]) if place + 1 < len(section.reading) else None
        return before, after

    def page_terms(self, page: Page, taxonomy: str) -> tuple[TermRef, ...]:
        """Give the terms of a page in one taxonomy."""
        self._taxonomy(taxonomy)
        refs = self._term_refs(taxonomy)
        return tuple(refs[name.casefold()] for name in page.terms.get(taxonomy, ()))

    def related(self, page: Page, limit: int) -> tuple[PageRef, ...]:
        """Give the pages that share most terms with one, at most `limit`.

        A term counts the more the fewer pages have it. Of each term the newest pages are looked at, so that the work
        for all pages grows with their number, not with its square.
        """
        scores: dict[int, float] = defaultdict(float)
        for taxonomy, names in page.terms.items():
            terms = self._terms_by_name(taxonomy)
            for name in names:
                term = terms[name.casefold()]
                for number in term.pages[:_LOOKED_AT]:
                    scores[number] += 1 / len(term.pages)
        pages = self._site.pages
        ranked = sorted(
            (number for number in scores if pages[number].source != page.source),
            key=lambda number: (-scores[number], self._rank(number)),
        )
        return self.refs(ranked[:limit])

    def summary(self, page: Page, ref: PageRef) -> Markup:
        """Give the HTML of a page's summary, its shortcodes written."""
        return self.html(page.summary, page, apply=functools.partial(self._write, ref))

    def _terms_by_name(self, taxonomy: str) -> Mapping[str, Term]:
        if taxonomy not in self._by_name:
            terms = self._edition.taxonomies[taxonomy].terms
            self._by_name[taxonomy] = {term.name.casefold(): term for term in terms}
        return self._by_name[taxonomy]

    def _rank(self, number: int) -> int:
        """Give the place of a page among all, newest first."""
        if not self._ranks:
            self._ranks = {position: place for place, position in enumerate(self._edition.newest)}
        return self._ranks.get(number, len(self._ranks))

    def permalink(self, url: str) -> str:
        """Give the absolute URL of a site URL (RFC 3986)."""
        return f"{self.base_url.rstrip('/')}{uri(url)}"

    def html(
        self,
        fragment: Fragment,
        page: Page,
        broken: "list[tuple[int, Broken]] | None" = None,
        apply: Apply | None = None,
    ) -> Markup:
        """Give a fragment's HTML with its links resolved; those that lead nowhere are appended with their lines.

        `apply` writes elements by hooks; without it they stand as they were.
        """
        urls: list[str] = []
        for link in fragment.links:
            url, problem = self.links.resolve(link.url, page)
            urls.append(url)
            if problem is not None and broken is not None:
                broken.append((link.line, problem))
        return fill(fragment, urls, apply)

    def markdown(self, text: str, *, inline: bool = False) -> Markup:
        """Give the HTML of a Markdown text, its links resolved from the content folder."""
        fragment = self.convert(text)
        found = (self.links.find(link.url, self.language) for link in fragment.links)
        urls = [self.links.public(url) if url else link.url for link, url in zip(fragment.links, found, strict=True)]
        html = fill(fragment, urls, None)
        return lone_paragraph(html) if inline else html

    def image(self, url: str, alt: str, attributes: Mapping[str, object]) -> Markup:
        """Give an `<img>` for a URL below the base path, with width and height where they are known."""
        return image_tag(url, alt, self._sizes.get(url), attributes)

    def _taxonomy(self, name: str) -> Taxonomy:
        known = self._edition.taxonomies.get(name)
        if known is None:
            hint = f"known are {', '.join(self._edition.taxonomies)}"
            raise Mistake(f'there is no taxonomy "{name}"', hint)
        return known

    def _term_refs(self, taxonomy: str) -> Mapping[str, TermRef]:
        if taxonomy not in self._terms:
            terms = self._edition.taxonomies[taxonomy].terms
            self._terms[taxonomy] = {
                term.name.casefold(): TermRef(term.name, self.links.public(term.url), len(term.pages)) for term in terms
            }
        return self._terms[taxonomy]

    def _reading(self, folder: str) -> Mapping[int, int]:
        """Give the place of each page in the reading order of its section."""
        if folder not in self._places:
            reading = self._edition.sections[folder].reading
            self._places[folder] = {number: place for place, number in enumerate(reading)}
        return self._places[folder]
