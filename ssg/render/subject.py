"""`page` in a template: what the URL that is being rendered shows."""

import functools
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

import msgspec
from markupsafe import Markup

from ssg.model import Heading, PageBody, Route, RouteKind, Site, Term
from ssg.render.html import lone_paragraph
from ssg.render.links import Broken
from ssg.render.refs import Address, FeedRef, Mistake, OutputRef, PageRef, SectionRef, TermRef, TranslationRef
from ssg.render.view import SiteView
from ssg.routes import own_page
from ssg.urls import folder_url, output_url, part_url

# The titles of pages that have no source; the default theme says them in the language of the page.
_TITLES = {RouteKind.NOT_FOUND: "Page not found", RouteKind.SEARCH: "Search"}


class TocEntry(msgspec.Struct, frozen=True):
    """What `page.toc` gives."""

    id: str
    title: Markup
    level: int
    children: tuple["TocEntry", ...]


class Paginator(msgspec.Struct, frozen=True):
    """What `page.paginator` gives."""

    number: int
    total: int
    urls: tuple[str, ...]
    first: str
    last: str
    previous: str
    next: str


def paginator(urls: tuple[str, ...], number: int) -> Paginator:
    """Give the place of part `number`, counted from 1, among the URLs of all parts; no URL is an empty text."""
    return Paginator(
        number=number,
        total=len(urls),
        urls=urls,
        first=urls[0],
        last=urls[-1],
        previous=urls[number - 2] if number > 1 else "",
        next=urls[number] if number < len(urls) else "",
    )


class Notes(NamedTuple):
    """What goes between a subject and its renderer: links that lead nowhere, and how a hook writes an element.

    `mark` puts marks around the HTML of a body, by the path of its source.
    """

    broken: list[tuple[int, Broken]]
    apply: Callable[["Subject", str, Mapping[str, Any]], str] | None = None
    mark: Callable[[str, Markup], Markup] | None = None


class Subject:
    """What a route shows. Every kind has every attribute, so that one template can serve several kinds."""

    def __init__(
        self,
        view: SiteView,
        site: Site,
        route: Route,
        body: PageBody | None,
        notes: Notes,
    ) -> None:
        """Take the route and the body of the page behind it, if any; links that lead nowhere go to `notes`."""
        self._view = view
        self._route = route
        self._page = own_page(site, route)
        self._body = body
        self._notes = notes
        self._filling = False
        self.kind: str = route.kind.value
        self.format = route.format
        self.language = route.language
        self.url = view.links.public(route.url)
        self.title = self._page.title if self._page else self._title()
        self.has_heading = self._page is not None and self._page.has_heading
        self.date: datetime | None = self._page.date if self._page else None
        self.updated: datetime | None = self._page.updated if self._page else None
        self.weight = self._page.weight if self._page else None
        self.description = self._page.description if self._page else ""
        self.extra: Mapping[str, Any] = self._page.extra if self._page else {}
        self.taxonomy = str(route.key[0]) if route.kind in {RouteKind.TAXONOMY, RouteKind.TERM} else ""

    @property
    def target(self) -> PageRef | None:
        """The page that an alias leads to; nothing for other kinds."""
        if self._route.kind is not RouteKind.ALIAS:
            return None
        self._view.reads.ask("target", self.language, self._route.url)
        return self._view.ref(int(self._route.key[0]))

    @property
    def words(self) -> int:
        """The number of words in the body."""
        return self._page.words if self._page else 0

    @property
    def minutes(self) -> int:
        """How many minutes the body takes to read, at 200 words a minute, rounded up."""
        return -(-self.words // 200)

    @property
    def translations(self) -> tuple[TranslationRef, ...]:
        """What the URL shows in the other languages of the site, where it is there."""
        return self._view.translations(self._route)

    @property
    def permalink(self) -> str:
        """The absolute URL, percent-encoded; from the root where `base_url` is not set."""
        return self._view.permalink(self._route.url)

    @property
    def content(self) -> Markup:
        """The body's HTML, its links resolved."""
        mark = self._notes.mark
        return mark(self._page.source, self._html) if mark is not None and self._page is not None else self._html

    @cached_property
    def _html(self) -> Markup:
        if self._page is None or self._body is None:
            return Markup()
        if self._filling:
            raise Mistake("a hook asks for page.content, which it is a part of", "ask for it in the page's template")
        self._filling = True
        apply = self._notes.apply
        hook = functools.partial(apply, self) if apply is not None else None
        return self._view.html(self._body.content, self._page, self._notes.broken, hook)

    @cached_property
    def text(self) -> str:
        """The body as plain text, as it reads without HTML: paragraphs, lists and tables laid out in lines."""
        return self._view.plain(self._html)

    @property
    def source(self) -> str:
        """The body's Markdown, its links resolved and the rest as written, of a page whose `outputs` have `md`."""
        if self._page is None or self._body is None:
            return ""
        if self._body.source is None:
            message = "page.source is there for pages that are published as Markdown"
            raise Mistake(message, 'add "md" to the outputs of the page')
        return str(self._view.html(self._body.source, self._page, self._notes.broken))

    @property
    def outputs(self) -> tuple[OutputRef, ...]:
        """What the URL shows in each format that it is published in, this one too; HTML first, if it is one of them."""
        return self._view.outputs(self._route)

    @property
    def summary(self) -> Markup:
        """The summary's HTML."""
        if self._page is None:
            return Markup()
        apply = self._notes.apply
        return self._view.html(self._page.summary, self._page, apply=functools.partial(apply, self) if apply else None)

    def link(self, url: str, line: int = 0) -> str:
        """Give the final URL for one that is written as in the page's Markdown: `photo.jpg` lies beside it."""
        if self._page is None:
            found = self._view.links.find(url, self.language)
            return self._view.links.public(found) if found else url
        resolved, problem = self._view.links.resolve(url, self._page)
        if problem is not None:
            self._notes.broken.append((line, problem))
        return resolved

    def image(self, path: str, alt: str = "", **attributes: object) -> Markup:
        """Give an `<img>` with width and height in px for a path that is written as in the page's Markdown."""
        return self._view.image(self.link(path), alt, attributes)

    def markdown(self, text: object, *, inline: bool = False) -> Markup:
        """Give the HTML of a Markdown text, its links written as in the page's own; `inline` drops a lone `<p>`."""
        if self._page is None:
            return self._view.markdown(str(text), inline=inline)
        apply = self._notes.apply
        hook = functools.partial(apply, self) if apply is not None else None
        html = self._view.html(self._view.convert(str(text)), self._page, self._notes.broken, hook)
        return lone_paragraph(html) if inline else html

    @property
    def toc(self) -> tuple[TocEntry, ...]:
        """The table of contents, nested; a heading that is the page's title stands above it and is left out."""
        headings = self._body.headings if self._body else ()
        if self.has_heading and headings:
            headings = headings[1:]
        return _nested(headings)

    @property
    def pages(self) -> tuple[PageRef, ...]:
        """The pages of a section in list order, or those of a term, newest first; of a list in parts, this part's."""
        self._view.reads.ask("listed", self.language, self._route.url)
        return self._view.refs(self._view.index.part(self._route))

    @property
    def paginator(self) -> Paginator | None:
        """Where this part of a list stands among the others; nothing for a list that is whole."""
        if self._route.kind not in {RouteKind.HOME, RouteKind.SECTION, RouteKind.TERM}:
            return None
        self._view.reads.ask("parts", self.language, self._route.url)
        numbers, size = self._view.index.listed(self._route)
        total = -(-len(numbers) // size) if size else 1
        if total < 2:  # noqa: PLR2004 - one part is the whole
            return None
        first = folder_url(self._route.url)
        if self._route.part > 1:
            first = first.removesuffix(f"page/{self._route.part}/")
        parts = (output_url(part_url(first, part), self.format) for part in range(1, total + 1))
        return paginator(tuple(map(self._view.links.public, parts)), self._route.part)

    @property
    def entries(self) -> tuple[PageRef, ...]:
        """The dated pages that a feed lists, newest first; empty for other kinds."""
        if self._route.kind is not RouteKind.FEED:
            return ()
        self._view.reads.ask("entries", self.language, self._route.url)
        return self._view.refs(self._view.index.entries(self._route))

    @property
    def addresses(self) -> tuple[Address, ...]:
        """The addresses that a sitemap lists; empty for other kinds."""
        if self._route.kind is not RouteKind.SITEMAP:
            return ()
        return self._view.addresses(int(self._route.key[0]), int(self._route.key[1]))

    @property
    def sitemaps(self) -> tuple[str, ...]:
        """The absolute URLs that a sitemap index lists; empty for other kinds."""
        self._view.reads.ask("sitemaps", self.language, self._route.url)
        parts = int(self._route.key[0]) if self._route.kind is RouteKind.SITEMAP_INDEX else 0
        return tuple(self._view.permalink(f"/sitemap-{part + 1}.xml") for part in range(parts))

    @property
    def feeds(self) -> tuple[FeedRef, ...]:
        """The feeds of a section or term of its own."""
        return self._view.feeds_of(self._route)

    @property
    def alternate(self) -> str:
        """The absolute URL of the list that a feed is of."""
        _, scope, *key = self._route.key if self._route.kind is RouteKind.FEED else ("", "", "")
        if scope == "section":
            return self._view.section(str(key[0])).permalink
        if scope == "term":
            return self._view.permalink(self._term.url)
        return self._view.home.permalink

    def related(self, limit: int = 5) -> tuple[PageRef, ...]:
        """The pages that share most terms with this one, rare terms counting more; at most `limit`."""
        return self._view.related(self._page, limit) if self._page and self._route.kind is RouteKind.PAGE else ()

    @property
    def sections(self) -> tuple[SectionRef, ...]:
        """The sections directly below a section; empty for other kinds."""
        return self._here.sections if self._route.kind in {RouteKind.SECTION, RouteKind.HOME} else ()

    @property
    def section(self) -> str:
        """The folder of the section that the page belongs to, or is."""
        return self._page.section if self._page else self._folder()

    @property
    def ancestors(self) -> tuple[SectionRef, ...]:
        """The sections above, from the top one to the page's own; the home page is not among them."""
        parts = self.section.split("/") if self.section else []
        if self._route.kind is RouteKind.SECTION:
            parts = parts[:-1]
        return tuple(self._view.section("/".join(parts[: depth + 1])) for depth in range(len(parts)))

    @property
    def previous(self) -> PageRef | None:
        """The page before this one in the reading order of its section."""
        return self._beside("previous")

    @property
    def next(self) -> PageRef | None:
        """The page after this one in the reading order of its section."""
        return self._beside("next")

    def terms(self, taxonomy: str) -> tuple[TermRef, ...]:
        """The page's terms in a taxonomy, in the order of the front matter."""
        return self._view.page_terms(self._page, taxonomy) if self._page else ()

    def _beside(self, side: str) -> PageRef | None:
        if self._page is None or self._route.kind is not RouteKind.PAGE:
            return None
        return self._view.beside(self._page, int(self._route.key[0]), side)

    @property
    def _term(self) -> Term:
        self._view.reads.ask("term_of", self.language, self._route.url)
        return self._view.index.term_of(self._route)

    @property
    def _here(self) -> SectionRef:
        return self._view.section(self._folder())

    def _folder(self) -> str:
        return str(self._route.key[0]) if self._route.kind is RouteKind.SECTION else ""

    def _feed_title(self) -> str:
        """Give the title of the site, and of the section or term that the feed is of."""
        _, scope, *key = self._route.key
        if scope == "section":
            return f"{self._view.section(str(key[0])).title} · {self._view.title}"
        if scope == "term":
            return f"{self._term.name} · {self._view.title}"
        return self._view.title

    def _title(self) -> str:
        match self._route.kind:
            case RouteKind.HOME:
                return self._view.title
            case RouteKind.SECTION:
                return self._here.title
            case RouteKind.TAXONOMY:
                return str(self._route.key[0]).replace("-", " ").replace("_", " ").capitalize()
            case RouteKind.TERM:
                return self._term.name
            case RouteKind.FEED:
                return self._feed_title()
            case _:
                return _TITLES.get(self._route.kind, "")


def _nested(headings: Sequence[Heading]) -> tuple[TocEntry, ...]:
    """Nest headings by level: each holds those after it that are deeper, up to the next that is not."""
    entries: list[TocEntry] = []
    start = 0
    while start < len(headings):
        head = headings[start]
        end = start + 1
        while end < len(headings) and headings[end].level > head.level:
            end += 1
        below = _nested(headings[start + 1 : end])
        entries.append(TocEntry(head.id, Markup(head.html), head.level, below))  # noqa: S704 - inline HTML, cleaned
        start = end
    return tuple(entries)
