"""What the queries of templates answer with: projections (title, URL, date…), never whole pages with their bodies.

What a render has asked is then all that it depends on.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

import msgspec
from markupsafe import Markup

from ssg.model import Page, Section
from ssg.render.links import Links
from ssg.render.reads import Reads
from ssg.urls import media_type, output_url


class Origin(Protocol):
    """What a reference asks the view that it came from."""

    @property
    def reads(self) -> Reads:
        """What takes every question."""
        ...

    @property
    def language(self) -> str:
        """The language of the view."""
        ...

    @property
    def links(self) -> Links:
        """All that a link of the site can lead to."""
        ...

    def permalink(self, url: str) -> str:
        """Give the absolute URL of a site URL."""
        ...

    def image(self, url: str, alt: str, attributes: Mapping[str, object]) -> Markup:
        """Give an `<img>` for a URL."""
        ...

    def summary(self, page: Page, ref: "PageRef") -> Markup:
        """Give the HTML of a page's summary."""
        ...

    def related(self, page: Page, limit: int) -> "tuple[PageRef, ...]":
        """Give the pages that share most terms with one."""
        ...

    def page_terms(self, page: Page, taxonomy: str) -> "tuple[TermRef, ...]":
        """Give the terms of a page in one taxonomy."""
        ...

    def refs(self, numbers: Sequence[int]) -> "tuple[PageRef, ...]":
        """Give the pages at these positions."""
        ...

    def sections_of(self, section: Section) -> "tuple[SectionRef, ...]":
        """Give the sections directly below a section."""
        ...


class Mistake(Exception):  # noqa: N818 - the template author's mistake, not ssg's
    """A template asked for something that is not there; the message names it, the hint says what may be meant."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class TermRef(msgspec.Struct, frozen=True):
    """What `site.terms()` and `page.terms()` give."""

    name: str
    url: str
    count: int


class MenuRef(msgspec.Struct, frozen=True):
    """What `menu()` gives."""

    name: str
    url: str


class LanguageRef(msgspec.Struct, frozen=True):
    """What `site.languages` gives."""

    language: str
    name: str
    url: str


class TranslationRef(msgspec.Struct, frozen=True):
    """What `page.translations` gives."""

    language: str
    name: str
    title: str
    url: str
    permalink: str


class FeedRef(msgspec.Struct, frozen=True):
    """What `site.feeds` and `page.feeds` give."""

    type: str
    url: str


class OutputRef(msgspec.Struct, frozen=True):
    """What `page.outputs` gives."""

    format: str
    type: str
    url: str
    permalink: str


class Address(msgspec.Struct, frozen=True):
    """A URL as a sitemap lists it."""

    permalink: str
    modified: datetime | None
    translations: tuple[tuple[str, str], ...] = ()
    """The address in every language that has it, this one too, as pairs of language and absolute URL."""


def output_refs(view: Origin, url: str, formats: Sequence[str]) -> tuple[OutputRef, ...]:
    """Give what lies at a URL, from the site's root, in each of its formats."""
    places = ((name, output_url(url, name)) for name in formats)
    return tuple(
        OutputRef(name, media_type(f"index.{name}"), view.links.public(place), view.permalink(place))
        for name, place in places
    )


class PageRef:
    """What `site.pages()`, `page.pages`, `page.previous` and others give."""

    __slots__ = ("_page", "_view", "date", "description", "section", "title", "updated", "url", "weight")

    def __init__(self, view: Origin, page: Page) -> None:
        self._view = view
        self._page = page
        self.url = view.links.public(page.url)
        self.title = page.title
        self.description = page.description
        self.date: datetime | None = page.date
        self.updated: datetime | None = page.updated
        self.weight = page.weight
        self.section = page.section

    @property
    def permalink(self) -> str:
        """The absolute URL, percent-encoded; from the root where `base_url` is not set."""
        return self._view.permalink(self._page.url)

    @property
    def modified(self) -> datetime | None:
        """When the page was last changed, as far as its front matter says: `updated`, else `date`."""
        return self.updated or self.date

    @property
    def summary(self) -> Markup:
        """The summary's HTML: what stands before `<!--more-->`, else the first paragraph."""
        self._view.reads.ask("summary", self._page.source)
        return self._view.summary(self._page, self)

    @property
    def extra(self) -> Mapping[str, Any]:
        """The front matter that ssg does not know."""
        self._view.reads.ask("extra", self._page.source)
        return self._page.extra

    @property
    def words(self) -> int:
        """The number of words in the body."""
        self._view.reads.ask("words", self._page.source)
        return self._page.words

    @property
    def minutes(self) -> int:
        """How many minutes the body takes to read, at 200 words a minute, rounded up."""
        return -(-self.words // 200)

    @property
    def language(self) -> str:
        """The language of the page (BCP 47)."""
        return self._page.language

    @property
    def outputs(self) -> tuple[OutputRef, ...]:
        """The page in each format that it is published in, the one that `url` leads to first."""
        return output_refs(self._view, self._page.url, self._page.outputs)

    def link(self, url: str, line: int = 0) -> str:  # noqa: ARG002 - what leads nowhere is said of the page itself
        """Give the final URL for one that is written as in the page's Markdown: `photo.jpg` lies beside it."""
        return self._view.links.resolve(url, self._page)[0]

    def image(self, path: str, alt: str = "", **attributes: object) -> Markup:
        """Give an `<img>` with width and height in px for a path that is written as in the page's Markdown."""
        return self._view.image(self.link(path), alt, attributes)

    def related(self, limit: int = 5) -> tuple["PageRef", ...]:
        """The pages that share most terms with this one, rare terms counting more; at most `limit`."""
        self._view.reads.ask("terms_of", self._page.source)
        return self._view.related(self._page, limit)

    def terms(self, taxonomy: str) -> tuple[TermRef, ...]:
        """The page's terms in a taxonomy, in the order of the front matter."""
        self._view.reads.ask("terms_of", self._page.source)
        return self._view.page_terms(self._page, taxonomy)


class SectionRef:
    """What `site.sections`, `page.ancestors` and others give."""

    __slots__ = ("_section", "_view", "description", "folder", "title", "url", "weight")

    def __init__(self, view: Origin, section: Section, own: Page | None) -> None:
        self._view = view
        self._section = section
        self.folder = section.folder
        self.url = view.links.public(section.url)
        self.title = section.title
        self.description = own.description if own else ""
        self.weight = own.weight if own else None

    @property
    def permalink(self) -> str:
        """The absolute URL, percent-encoded."""
        return self._view.permalink(self._section.url)

    @property
    def outputs(self) -> tuple[OutputRef, ...]:
        """The section in each format that it is published in, the one that `url` leads to first."""
        return output_refs(self._view, self._section.url, self._section.outputs)

    @property
    def pages(self) -> tuple[PageRef, ...]:
        """The pages of the section itself, in list order."""
        self._view.reads.ask("section_pages", self._view.language, self.folder)
        return self._view.refs(self._section.pages)

    @property
    def sections(self) -> tuple["SectionRef", ...]:
        """The sections directly below."""
        return self._view.sections_of(self._section)
