"""`page` in a template: what the URL that is being rendered shows."""

import functools
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

import msgspec
from markupsafe import Markup

from ssg.model import Heading, PageBody, Route, RouteKind, Site, own_page
from ssg.render.links import Broken
from ssg.render.view import Mistake, PageRef, SectionRef, SiteView, TermRef


class TocEntry(msgspec.Struct, frozen=True):
    """What `page.toc` gives."""

    id: str
    title: Markup
    level: int
    children: tuple["TocEntry", ...]


class Notes(NamedTuple):
    """What goes between a subject and its renderer: links that lead nowhere, and how a hook writes an element."""

    broken: list[tuple[int, Broken]]
    apply: Callable[["Subject", str, Mapping[str, Any]], str] | None = None


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
        self._site = site
        self._notes = notes
        self._filling = False
        self.kind: str = route.kind.value
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
    def permalink(self) -> str:
        """The absolute URL, percent-encoded; from the root where `base_url` is not set."""
        return self._view.permalink(self._route.url)

    @cached_property
    def content(self) -> Markup:
        """The body's HTML, its links resolved."""
        if self._page is None or self._body is None:
            return Markup()
        if self._filling:
            raise Mistake("a hook asks for page.content, which it is a part of", "ask for it in the page's template")
        self._filling = True
        apply = self._notes.apply
        hook = functools.partial(apply, self) if apply is not None else None
        return self._view.html(self._body.content, self._page, self._notes.broken, hook)

    @property
    def summary(self) -> Markup:
        """The summary's HTML."""
        return self._view.html(self._page.summary, self._page) if self._page else Markup()

    @property
    def toc(self) -> tuple[TocEntry, ...]:
        """The table of contents, nested; a heading that is the page's title stands above it and is left out."""
        headings = self._body.headings if self._body else ()
        if self.has_heading and headings:
            headings = headings[1:]
        return _nested(headings)

    @property
    def pages(self) -> tuple[PageRef, ...]:
        """The pages of a section in list order, or those of a term, newest first; empty for other kinds."""
        if self._route.kind is RouteKind.TERM:
            taxonomy, place = self._route.key
            return self._view.refs(self._site.taxonomies[str(taxonomy)].terms[int(place)].pages)
        return self._here.pages if self._route.kind in {RouteKind.SECTION, RouteKind.HOME} else ()

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
        return self._neighbours[0]

    @property
    def next(self) -> PageRef | None:
        """The page after this one in the reading order of its section."""
        return self._neighbours[1]

    def terms(self, taxonomy: str) -> tuple[TermRef, ...]:
        """The page's terms in a taxonomy, in the order of the front matter."""
        return self._view.page_terms(self._page, taxonomy) if self._page else ()

    @cached_property
    def _neighbours(self) -> tuple[PageRef | None, PageRef | None]:
        if self._page is None or self._route.kind is not RouteKind.PAGE:
            return None, None
        return self._view.neighbours(self._page, int(self._route.key[0]))

    @property
    def _here(self) -> SectionRef:
        return self._view.section(self._folder())

    def _folder(self) -> str:
        return str(self._route.key[0]) if self._route.kind is RouteKind.SECTION else ""

    def _title(self) -> str:
        match self._route.kind:
            case RouteKind.HOME:
                return self._view.title
            case RouteKind.SECTION:
                return self._here.title
            case RouteKind.TAXONOMY:
                return str(self._route.key[0]).replace("-", " ").replace("_", " ").capitalize()
            case RouteKind.TERM:
                taxonomy, place = self._route.key
                return self._site.taxonomies[str(taxonomy)].terms[int(place)].name
            case RouteKind.NOT_FOUND:
                return "Page not found"
            case _:
                return ""


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
