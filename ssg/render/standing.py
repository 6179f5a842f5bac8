"""What follows from where the pages of a site stand: indexes that are the same while nothing but texts change.

Nothing here reads of a page what `Marks.placed` does not stand for, so what was indexed for one build is right for the
next one of a site of the same standing.
"""

from collections.abc import Mapping
from functools import cached_property

from ssg.manifest import AssetManifest
from ssg.model import Route, Site
from ssg.render.index import Index
from ssg.render.links import Targets
from ssg.render.translations import Translations


class Standing:
    """The pages and routes of a site by what is asked of them; each index is made when it is first needed."""

    def __init__(self, name: str, site: Site, manifest: AssetManifest, content: str) -> None:
        """Take what names all that places the pages, the site, the files beside it, and the content folder."""
        self.name = name
        self._site = site
        self._indexes: dict[str, Index] = {}
        self.targets = Targets(site, manifest, content)
        self.translations = Translations(site)

    def index(self, language: str) -> Index:
        """Give the site in one of its languages."""
        if language not in self._indexes:
            self._indexes[language] = Index(self._site, language)
        return self._indexes[language]

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        """The positions of the pages by source."""
        return {page.source: number for number, page in enumerate(self._site.pages)}

    @cached_property
    def routes(self) -> Mapping[tuple[str, str], Route]:
        """The routes by language and URL."""
        return {(route.language, route.url): route for route in self._site.routes}
