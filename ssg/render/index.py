"""The site by what is asked of it, as positions of pages: what views show as references, and answers are digests of."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property

from ssg.model import Edition, Page, Route, RouteKind, Section, Site, Taxonomy, Term

# Pages of a term that are looked at for related ones.
_LOOKED_AT = 100
# Entries of a feed: enough for a reader who looks once a week.
_FED = 20


class Index:
    """One language of a site."""

    def __init__(self, site: Site, language: str) -> None:
        """Take the site; what is asked is indexed when it is first asked."""
        self.site = site
        self.edition: Edition = site.editions[language]
        self._by_name: dict[str, Mapping[str, Term]] = {}
        self._places: dict[str, dict[int, int]] = {}

    def pages(self, section: str | None, limit: int | None) -> Sequence[int]:
        """Give the pages in and below a section, or all, newest first."""
        numbers: Sequence[int] = self.edition.newest
        if section is not None:
            pages = self.site.pages
            below = f"{section}/"
            numbers = [n for n in numbers if pages[n].section == section or pages[n].section.startswith(below)]
        return numbers[:limit]

    def listed(self, route: Route) -> tuple[Sequence[int], int]:
        """Give the pages that a route lists over all its parts, and how many a part shows (0 for all)."""
        if route.kind is RouteKind.TERM:
            return self.term_of(route).pages, self.edition.taxonomies[str(route.key[0])].size
        if route.kind in {RouteKind.SECTION, RouteKind.HOME}:
            section = self.section_of(route)
            return section.pages, section.size
        return (), 0

    def part(self, route: Route) -> Sequence[int]:
        """Give the pages that a route lists."""
        numbers, size = self.listed(route)
        begin = (route.part - 1) * size
        return numbers[begin : begin + size] if size else numbers

    def entries(self, route: Route) -> Sequence[int]:
        """Give the newest pages with a date of what a feed is of, newest first."""
        if route.kind is not RouteKind.FEED:
            return ()
        scope = route.key[1]
        numbers = (
            self.section_of(route).pages
            if scope == "section"
            else self.term_of(route).pages
            if scope == "term"
            else self.edition.newest
        )
        pages = self.site.pages
        return sorted((number for number in numbers if pages[number].date is not None), key=self.rank)[:_FED]

    def section_of(self, route: Route) -> Section:
        """Give the section that a route shows or is the feed of."""
        folder = str(route.key[-1]) if route.kind in {RouteKind.SECTION, RouteKind.FEED} else ""
        return self.edition.sections[folder]

    def term_of(self, route: Route) -> Term:
        """Give the term that a route shows or is the feed of."""
        taxonomy, number = route.key[-2:]
        return self.edition.taxonomies[str(taxonomy)].terms[int(number)]

    def beside(self, page: Page, number: int, side: str) -> int | None:
        """Give the page before or after one (`previous`, `next`) in the reading order of its section."""
        reading = self.edition.sections[page.section].reading
        if page.section not in self._places:
            self._places[page.section] = {position: place for place, position in enumerate(reading)}
        place = self._places[page.section].get(number)
        if place is None:
            return None
        place += -1 if side == "previous" else 1
        return reading[place] if 0 <= place < len(reading) else None

    def taxonomy(self, name: str) -> Taxonomy | None:
        """Give a taxonomy, or nothing."""
        return self.edition.taxonomies.get(name)

    def terms(self, taxonomy: str) -> Mapping[str, Term]:
        """Give the terms of a taxonomy by their names without case."""
        if taxonomy not in self._by_name:
            terms = self.edition.taxonomies[taxonomy].terms
            self._by_name[taxonomy] = {term.name.casefold(): term for term in terms}
        return self._by_name[taxonomy]

    def newest_of_term(self, taxonomy: str, name: str) -> Sequence[int]:
        """Give the pages of a term that are looked at for related ones."""
        return self.terms(taxonomy)[name].pages[:_LOOKED_AT]

    def related(self, page: Page, limit: int) -> Sequence[int]:
        """Give the pages that share most terms with one.

        A term counts the more the fewer pages have it. Of each term the newest pages are looked at, so that the work
        for all pages grows with their number, not with its square.
        """
        scores: dict[int, float] = defaultdict(float)
        for taxonomy, names in page.terms.items():
            for name in names:
                weight = 1 / len(self.terms(taxonomy)[name.casefold()].pages)
                for number in self.newest_of_term(taxonomy, name.casefold()):
                    scores[number] += weight
        alike: dict[float, list[int]] = defaultdict(list)
        for number, score in scores.items():
            alike[score].append(number)
        found: list[int] = []
        for score in sorted(alike, reverse=True):
            found += sorted(alike[score], key=self.rank)
            if len(found) > limit:  # one of them is the page itself
                break
        return [number for number in found if self.site.pages[number].source != page.source][:limit]

    def rank(self, number: int) -> int:
        """Give the place of a page among all, newest first."""
        return self._ranks.get(number, len(self._ranks))

    @cached_property
    def _ranks(self) -> Mapping[int, int]:
        return {position: place for place, position in enumerate(self.edition.newest)}

    @cached_property
    def feeds(self) -> Mapping[tuple[str | int, ...], Sequence[Route]]:
        """The feeds by what they are of."""
        found: dict[tuple[str | int, ...], list[Route]] = defaultdict(list)
        for route in self.site.routes:
            if route.kind is RouteKind.FEED and route.language == self.edition.language:
                found[route.key[1:]].append(route)
        return found
