"""What a URL is in the other languages of the site."""

from collections import defaultdict
from collections.abc import Mapping

import msgspec

from ssg.model import Route, RouteKind, Site
from ssg.routes import LISTED, outputs


class Place(msgspec.Struct, frozen=True):
    """A translation: its language, its URL from the site's root, and its title."""

    language: str
    url: str
    title: str


_Key = tuple[str | int, ...]


class Translations:
    """The routes of a site that are translations of each other: pages by their file, lists by what they list."""

    def __init__(self, site: Site) -> None:
        """Index the site; one with a single language has nothing to index."""
        self._site = site
        self._order = {language: place for place, language in enumerate(site.editions)}
        self._found: Mapping[_Key, list[Place]] = self._index() if len(site.editions) > 1 else {}

    def of(self, route: Route) -> tuple[Place, ...]:
        """Give the translations of a route, itself left out, in the order of the site's languages."""
        if not self._found or route.part > 1 or route.kind not in LISTED:
            return ()
        places = self._found.get(self._key(route), ())
        return tuple(place for place in places if place.language != route.language)

    def _index(self) -> Mapping[_Key, list[Place]]:
        found: dict[_Key, list[Place]] = defaultdict(list)
        for route in self._site.routes:
            if route.kind in LISTED and route.part == 1 and route.format == outputs(self._site, route)[0]:
                found[self._key(route)].append(Place(route.language, route.url, self._title(route)))
        for places in found.values():
            places.sort(key=lambda place: self._order[place.language])
        return found

    def _key(self, route: Route) -> _Key:
        match route.kind:
            case RouteKind.PAGE:
                return ("page", self._site.pages[int(route.key[0])].original)
            case RouteKind.TERM:
                name, number = route.key
                term = self._site.editions[route.language].taxonomies[str(name)].terms[int(number)]
                return ("term", name, term.slug)
            case _:
                return (route.kind.value, *route.key)

    def _title(self, route: Route) -> str:
        edition = self._site.editions[route.language]
        match route.kind:
            case RouteKind.PAGE:
                return self._site.pages[int(route.key[0])].title
            case RouteKind.TERM:
                return edition.taxonomies[str(route.key[0])].terms[int(route.key[1])].name
            case RouteKind.TAXONOMY:
                return str(route.key[0])
            case _:
                return edition.sections[str(route.key[0])].title
