"""What a template sees: `site` as a few queries, and `page`.

Every answer is a projection (title, URL, date…), never a whole page with its body, and every question is recorded: what
a render has asked is then all that it depends on.
"""

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from markupsafe import Markup

from ssg.config import Config, LanguageConfig, MenuEntry
from ssg.errors import nearest
from ssg.model import Fragment, Page, Route, RouteKind, Section, Site
from ssg.render.hooks import Apply, fill
from ssg.render.html import image_tag, lone_paragraph
from ssg.render.links import Broken, Links
from ssg.render.reads import Reads, fact
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
from ssg.render.standing import Standing
from ssg.routes import LISTED, SEARCH_INDEX, SEARCH_PAGE, outputs, own_page
from ssg.urls import HTML, folder_url, uri

# ISO 639 codes of languages whose usual script runs from right to left (Unicode CLDR, characterOrder).
_RIGHT_TO_LEFT = frozenset(("ar", "arc", "ckb", "dv", "fa", "he", "ks", "nqo", "ps", "sd", "syr", "ug", "ur", "yi"))
_NO_LANGUAGE = LanguageConfig()
_FEED_TYPES = {"atom": "application/atom+xml", "rss": "application/rss+xml", "json": "application/feed+json"}


class Shared(NamedTuple):
    """What the views of all languages share: made once, by the renderer.

    `write` writes elements by their templates, `convert` turns Markdown into a fragment, `plain` HTML into text, and
    `sizes` has the width and height in px of images by their URL. `reads` takes every question.
    """

    site: Site
    config: Config
    links: Links
    standing: Standing
    write: Callable[[PageRef, str, Mapping[str, Any]], str]
    convert: Callable[[str], Fragment]
    plain: Callable[[str], str]
    sizes: Mapping[str, tuple[int, int]]
    reads: Reads


class SiteView:
    """The site as templates may ask for it.

    `index`, `facts`, `links`, `reads`, `convert`, `plain` and the methods that take routes, pages and fragments are for
    ssg itself.
    """

    def __init__(self, shared: Shared, language: str) -> None:
        """Show the site in one of its languages."""
        self._site, config, self.links, standing, self._write, self.convert, self.plain, self.sizes, self.reads = shared
        self._config = config
        self._translations = standing.translations
        self.index = standing.index(language)
        self._pages: dict[int, PageRef] = {}
        self._sections: dict[str, SectionRef] = {}
        self.language = language
        self.direction = "rtl" if language.partition("-")[0] in _RIGHT_TO_LEFT else "ltr"
        self.base_url = config.site.base_url
        self.facts = self._facts()

    title: str = fact("title", "The title.")
    description: str = fact("description", "The description, empty without one.")
    feeds: tuple[FeedRef, ...] = fact("feeds", "The feeds of the site.")
    feed_url: str = fact("feed_url", "The URL of the feed; empty without one.")
    taxonomies: tuple[str, ...] = fact("taxonomies", "The names of the taxonomies.")
    menus: tuple[str, ...] = fact("menus", "The names of the menus.")
    search_url: str = fact("search_url", "The URL of the search page; empty where the search is off.")
    search_index: str = fact(
        "search_index", "The URL of the folder of the search index; empty where the search is off."
    )
    sitemap_url: str = fact("sitemap_url", "The absolute URL of the sitemap; empty without base_url.")

    def _facts(self) -> Mapping[str, Any]:
        config, edition = self._config, self.index.edition
        home = edition.sections[""]
        own_title = self._site.pages[home.page].title if home.page is not None else ""
        own = config.languages.get(self.language, _NO_LANGUAGE)
        feeds = self._feeds("site")
        searched = config.search.engine != "none"
        return {
            "title": own.title or config.site.title or own_title,
            "description": own.description or config.site.description,
            "feeds": feeds,
            "feed_url": feeds[0].url if feeds else "",
            "taxonomies": tuple(edition.taxonomies),
            "menus": tuple(self._menus()),
            "search_url": self.links.public(f"{edition.prefix}/{SEARCH_PAGE}") if searched else "",
            "search_index": self.links.public(SEARCH_INDEX) if searched else "",
            "sitemap_url": self.permalink("/sitemap.xml") if config.site.base_url else "",
        }

    def _menus(self) -> Mapping[str, tuple[MenuEntry, ...]]:
        return self._config.menus | self._config.languages.get(self.language, _NO_LANGUAGE).menus

    @property
    def languages(self) -> tuple[LanguageRef, ...]:
        """The languages of the site with their home pages, that of `[site]` first; one alone for most sites."""
        self.reads.ask("languages", self.language)
        return self.spoken()

    def spoken(self) -> tuple[LanguageRef, ...]:
        """Give the languages of the site."""
        editions = self._site.editions.values()
        return tuple(
            LanguageRef(edition.language, self._name(edition.language), self.links.public(f"{edition.prefix}/"))
            for edition in editions
        )

    def translations(self, route: Route) -> tuple[TranslationRef, ...]:
        """Give the translations of what a route shows, itself left out."""
        self.reads.ask("translations", self.language, route.url)
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
        section = self.index.edition.sections.get(folder)
        if section is None:
            hint = f"known are {', '.join(filter(None, self.index.edition.sections))}"
            raise Mistake(f'there is no section "{folder}"', hint)
        self.reads.ask("section", self.language, folder)
        return self._section(folder)

    def sections_of(self, section: Section) -> tuple[SectionRef, ...]:
        """Give the sections directly below a section."""
        self.reads.ask("sections", self.language, section.folder)
        return tuple(map(self._section, section.sections))

    def _section(self, folder: str) -> SectionRef:
        known = self._sections.get(folder)
        if known is None:
            section = self.index.edition.sections[folder]
            own = self._site.pages[section.page] if section.page is not None else None
            known = self._sections[folder] = SectionRef(self, section, own)
        return known

    def pages(self, section: str | None = None, limit: int | None = None) -> tuple[PageRef, ...]:
        """Pages, newest first: all of them, or those in and below the folder of a section; at most `limit`."""
        self.reads.ask("pages", self.language, section, limit)
        return self.refs(self.index.pages(section, limit))

    def feeds_of(self, route: Route) -> tuple[FeedRef, ...]:
        """Give the feeds of the section or term that a route shows."""
        if route.kind not in {RouteKind.SECTION, RouteKind.TERM}:
            return ()
        self.reads.ask("feeds", self.language, route.url)
        return self._feeds(route.kind.value, *route.key)

    def _feeds(self, *key: str | int) -> tuple[FeedRef, ...]:
        routes = self.index.feeds.get(key, ())
        return tuple(FeedRef(_FEED_TYPES[str(route.key[0])], self.links.public(route.url)) for route in routes)

    def outputs(self, route: Route) -> tuple[OutputRef, ...]:
        """Give what a route shows, this part of a list, in each of its formats."""
        if route.kind not in LISTED:
            return ()
        self.reads.ask("outputs", self.language, route.url)
        url = self._site.pages[int(route.key[0])].url if route.kind is RouteKind.PAGE else folder_url(route.url)
        return output_refs(self, url, outputs(self._site, route))

    def addresses(self, first: int = 0, limit: int | None = None) -> tuple[Address, ...]:
        """Every page of the site with its absolute URL and last change, by URL: what sitemaps list."""
        self.reads.ask("addresses", self.language, first, limit)
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
        self._known(taxonomy)
        self.reads.ask("taxonomy", self.language, taxonomy)
        return self.links.public(self.index.edition.taxonomies[taxonomy].url)

    def terms(self, taxonomy: str) -> tuple[TermRef, ...]:
        """All terms of a taxonomy, by name."""
        self._known(taxonomy)
        self.reads.ask("terms", self.language, taxonomy)
        return tuple(self._term(taxonomy, name) for name in self.index.terms(taxonomy))

    def term(self, taxonomy: str, name: str) -> TermRef:
        """Give a term by its name without case."""
        self.reads.ask("term", self.language, taxonomy, name)
        return self._term(taxonomy, name)

    def _term(self, taxonomy: str, name: str) -> TermRef:
        term = self.index.terms(taxonomy)[name]
        return TermRef(term.name, self.links.public(term.url), len(term.pages))

    def menu(self, name: str) -> tuple[MenuRef, ...]:
        """The entries of a menu of `site.toml`, in its order and in the language of the page."""
        menus = self._menus()
        if name not in menus:
            raise Mistake(f'there is no menu "{name}"', f"known are {', '.join(menus) or 'none'}")
        self.reads.ask("menu", self.language, name)
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
        """Give the page at a position as a reference; what is shown of it belongs to the question that gave it."""
        known = self._pages.get(number)
        if known is None:
            known = self._pages[number] = PageRef(self, self._site.pages[number])
        return known

    def beside(self, page: Page, number: int, side: str) -> PageRef | None:
        """Give the page before or after one (`previous`, `next`) in the reading order of its section."""
        self.reads.ask(side, self.language, page.source)
        found = self.index.beside(page, number, side)
        return self.ref(found) if found is not None else None

    def page_terms(self, page: Page, taxonomy: str) -> tuple[TermRef, ...]:
        """Give the terms of a page in one taxonomy."""
        self._known(taxonomy)
        return tuple(self.term(taxonomy, name.casefold()) for name in page.terms.get(taxonomy, ()))

    def related(self, page: Page, limit: int) -> tuple[PageRef, ...]:
        """Give the pages that share most terms with one, at most `limit`: they follow from the pages of its terms."""
        for taxonomy, names in page.terms.items():
            for name in names:
                self.reads.ask("term_pages", self.language, taxonomy, name.casefold())
        return self.refs(self.index.related(page, limit))

    def summary(self, page: Page, ref: PageRef) -> Markup:
        """Give the HTML of a page's summary, its shortcodes written."""
        return self.html(page.summary, page, apply=functools.partial(self._write, ref))

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
        """Give an `<img>` for a URL below the base path, with width and height where they are known.

        `widths` among the attributes are for the pass over images, which offers variants; `slot` stands for the
        `sizes` that `[images.slots]` has under that name.
        """
        self.reads.ask("size", url)
        slot = attributes.get("slot")
        if slot is not None:
            attributes = {name: value for name, value in attributes.items() if name != "slot"}
            attributes = {"sizes": self._sizes(slot), **attributes}
        widths = attributes.get("widths")
        if widths is None:
            return image_tag(url, alt, self.sizes.get(url), attributes)
        if not isinstance(widths, Sequence) or not all(isinstance(one, int) and one > 0 for one in widths):
            raise Mistake("the widths of an image are no list of whole numbers", "write widths=[480, 800], in px")
        told = {"data-ssg-widths": " ".join(map(str, widths)) or None}
        others = {name: value for name, value in attributes.items() if name != "widths"}
        return image_tag(url, alt, self.sizes.get(url), others | told)

    def _sizes(self, slot: object) -> str:
        """Give how wide images are shown in a place of the theme."""
        slots = self._config.images.slots
        if not isinstance(slot, str) or slot not in slots:
            hint = nearest(str(slot), slots) or f"known are {', '.join(sorted(slots)) or 'none'}"
            raise Mistake(f'there is no slot "{slot}" in [images.slots]', hint)
        return slots[slot]

    def _known(self, taxonomy: str) -> None:
        if self.index.taxonomy(taxonomy) is None:
            hint = f"known are {', '.join(self.index.edition.taxonomies)}"
            raise Mistake(f'there is no taxonomy "{taxonomy}"', hint)
