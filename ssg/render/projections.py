"""The answers to all that a template can ask beside its own page, as plain values: a method for a kind of question."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from typing import Any, NamedTuple

import msgspec

from ssg.config import Config
from ssg.digests import digest
from ssg.manifest import AssetManifest
from ssg.model import Inputs, Marks, Page, Route, Site
from ssg.render.closure import closure
from ssg.render.index import Index
from ssg.render.standing import Standing
from ssg.render.theme import Theme
from ssg.render.view import SiteView
from ssg.routes import outputs


class World(NamedTuple):
    """All that can be asked: the site in each language, the theme, assets, and what the build takes beside files.

    `marks` are those of the site's pages, by their positions.
    """

    view: Callable[[str], SiteView]
    site: Site
    standing: Standing
    theme: Theme
    manifest: AssetManifest
    config: Config
    inputs: Inputs
    marks: Sequence[Marks]


class Projections:
    """What views give, without the numbers that pages and terms have in one build alone."""

    def __init__(self, world: World) -> None:
        """Take all that can be asked."""
        self._world = world
        self.site_ = world.site
        self._links = world.view("").links
        self._shown: dict[int, str] = {}

    # Of the site.

    def site(self, language: str, name: str) -> Any:
        """Give a fact of the site: its title, its feeds."""
        return self._view(language).facts[name]

    def languages(self, language: str) -> Any:
        """Give the languages of the site."""
        return self._view(language).spoken()

    def translations(self, language: str, url: str) -> Any:
        """Give the translations of a route."""
        return self._view(language).translations(self._route(language, url))

    def section(self, language: str, folder: str) -> Any:
        """Give what a section shows of itself."""
        section = self._index(language).edition.sections[folder]
        own = self.site_.pages[section.page] if section.page is not None else None
        return section.title, section.url, section.outputs, own and (own.description, own.weight)

    def section_pages(self, language: str, folder: str) -> list[str]:
        """Give the pages of a section."""
        return self._refs(self._index(language).edition.sections[folder].pages)

    def sections(self, language: str, folder: str) -> Any:
        """Give the sections below a section, with what each shows of itself."""
        below = self._index(language).edition.sections[folder].sections
        return [(one, self.section(language, one)) for one in below]

    def pages(self, language: str, section: str | None, limit: int | None) -> list[str]:
        """Give pages, newest first."""
        return self._refs(self._index(language).pages(section, limit))

    def feeds(self, language: str, url: str) -> Any:
        """Give the feeds of a section or term."""
        return self._view(language).feeds_of(self._route(language, url))

    def outputs(self, language: str, url: str) -> Any:
        """Give the formats of a route."""
        return outputs(self.site_, self._route(language, url))

    def addresses(self, language: str, first: int, limit: int) -> Any:
        """Give what a sitemap lists."""
        return self._view(language).addresses(first, limit)

    def sitemaps(self, language: str, url: str) -> Any:
        """Give how many sitemaps an index lists."""
        return self._route(language, url).key

    def taxonomy(self, language: str, name: str) -> str:
        """Give the URL of a taxonomy."""
        return self._index(language).edition.taxonomies[name].url

    def terms(self, language: str, taxonomy: str) -> Any:
        """Give the terms of a taxonomy."""
        return self._view(language).terms(taxonomy)

    def term(self, language: str, taxonomy: str, name: str) -> Any:
        """Give a term."""
        found = self._index(language).terms(taxonomy)[name]
        return found.name, found.url, len(found.pages)

    def term_of(self, language: str, url: str) -> Any:
        """Give the term that a route shows or is the feed of."""
        found = self._index(language).term_of(self._route(language, url))
        return found.name, found.url

    def term_pages(self, language: str, taxonomy: str, name: str) -> Any:
        """Give the pages of a term that are looked at for related ones, and how many it has."""
        index = self._index(language)
        return len(index.terms(taxonomy)[name].pages), self._refs(index.newest_of_term(taxonomy, name))

    def terms_of(self, source: str) -> Any:
        """Give the terms of a page."""
        return list(self._page(source).terms.items())

    def menu(self, language: str, name: str) -> Any:
        """Give the entries of a menu."""
        return self._view(language).menu(name)

    def previous(self, language: str, source: str) -> str:
        """Give the page before a page."""
        return self._beside(language, source, "previous")

    def next(self, language: str, source: str) -> str:
        """Give the page after a page."""
        return self._beside(language, source, "next")

    def _beside(self, language: str, source: str, side: str) -> str:
        number = self._world.standing.numbers[source]
        found = self._index(language).beside(self.site_.pages[number], number, side)
        return self._ref(found) if found is not None else ""

    def target(self, language: str, url: str) -> str:
        """Give the page that an alias leads to."""
        return self._ref(int(self._route(language, url).key[0]))

    def listed(self, language: str, url: str) -> list[str]:
        """Give the pages that a route lists."""
        return self._refs(self._index(language).part(self._route(language, url)))

    def parts(self, language: str, url: str) -> tuple[int, int]:
        """Give how many pages a list has over all its parts, and how many a part shows."""
        numbers, size = self._index(language).listed(self._route(language, url))
        return len(numbers), size

    def entries(self, language: str, url: str) -> list[str]:
        """Give the entries of a feed."""
        return self._refs(self._index(language).entries(self._route(language, url)))

    def link(self, source: str, url: str) -> str | None:
        """Give where a link leads; what is said of one that leads nowhere follows from the names that there are."""
        return self._links.target(url, self._page(source))

    def find(self, language: str, path: str) -> str | None:
        """Give where a path leads that is named from the content folder."""
        return self._links.find(path, language)

    def names(self) -> Sequence[str]:
        """Give all paths that a link may name."""
        return self._links.names

    # Of what lists may show of a page.

    def summary(self, source: str) -> Any:
        """Give the summary of a page, its links open."""
        return self._page(source).summary

    def extra(self, source: str) -> Any:
        """Give the front matter of a page that ssg does not know, in its order."""
        return list(self._page(source).extra.items())

    def words(self, source: str) -> int:
        """Give the number of words of a page."""
        return self._page(source).words

    def anchors(self, url: str) -> Sequence[str]:
        """Give the ids of a page."""
        return self._links.anchors(url)

    # Of the theme.

    def template(self, name: str) -> str:
        """Give what a template and all that it needs hold; nothing where there is none."""
        return closure(self._world.theme, name)

    def templates(self) -> list[str]:
        """Give the names of all templates."""
        return [template.name for template in self._world.theme.templates]

    def option(self, name: str) -> Any:
        """Give an option of the theme."""
        return self._options.get(name)

    def options(self) -> Any:
        """Give all options of the theme."""
        return list(self._options.items())

    def texts(self) -> bytes:
        """Give the theme's texts in all languages."""
        return self._world.theme.texts

    # Of assets, data, the environment and the clock.

    def asset(self, url: str) -> Any:
        """Give what a template may show of an asset, by the URL that authors write, and of the modules it needs."""
        manifest = self._world.manifest
        found = manifest.find(url)
        if found is None:
            return None
        needed = [one.url for one in map(manifest.find, found.imports) if one is not None]
        return found.url, found.integrity, needed, manifest.cdn, found.digest

    def bundle(self, name: str) -> str | None:
        """Give the URL of a bundle, by its kind and name."""
        return self._world.manifest.bundles.get(name)

    def size(self, url: str) -> tuple[int, int] | None:
        """Give width and height of an image."""
        return self._view("").sizes.get(url)

    def resource(self, url: str) -> Any:
        """Give what a page holds of the file at a URL."""
        found = self._world.manifest.find(url)
        if found is None:
            return None
        modules = [
            (one, module and module.url) for one in found.imports for module in (self._world.manifest.find(one),)
        ]
        return found.url, found.logical, found.source, found.integrity, modules, self._world.manifest.cdn

    def image(self, url: str) -> Any:
        """Give what a page offers of an image, by a URL of it: its size, and its variants."""
        found = self._world.manifest.find(url)
        if found is None:
            return None
        return found.url, found.width, found.height, found.picture, self._world.manifest.cdn

    def content(self, url: str) -> str | None:
        """Give a digest of the bytes of a file."""
        found = self._world.manifest.find(url)
        return found.digest if found is not None else None

    def data(self, name: str) -> Any:
        """Give the value of a data file."""
        return self.site_.data[name]

    def env(self, name: str) -> str | None:
        """Give an environment variable."""
        return self._world.inputs.environment.get(name)

    def today(self) -> date:
        """Give the date of the build."""
        return self._world.inputs.now.date()

    def now(self) -> datetime:
        """Give the moment of the build."""
        return self._world.inputs.now

    def _view(self, language: str) -> SiteView:
        return self._world.view(language)

    def _index(self, language: str) -> Index:
        return self._world.view(language).index

    def _page(self, source: str) -> Page:
        return self.site_.pages[self._world.standing.numbers[source]]

    def _route(self, language: str, url: str) -> Route:
        return self._world.standing.routes[language, url]

    @cached_property
    def _options(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = msgspec.json.decode(self._world.theme.options)
        return found

    def _refs(self, numbers: Sequence[int]) -> list[str]:
        return [self._ref(number) for number in numbers]

    def _ref(self, number: int) -> str:
        """Give a digest of what a reference to a page shows by itself."""
        known = self._shown.get(number)
        if known is None:
            page = self.site_.pages[number]
            values = (page.source, page.url, page.title, page.description, page.section, page.language, page.outputs)
            dates = (page.date, page.updated, page.weight)
            known = self._shown[number] = digest(msgspec.msgpack.encode((values, dates)))
        return known
