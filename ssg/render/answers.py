"""What can be asked of a site and a theme, as digests: so that a later build can tell whether an answer is another."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import msgspec

from ssg.model import Query, digest
from ssg.render.projections import Projections, World
from ssg.render.reads import DOMAINS, domain


class Answers:
    """The answers of one build, each worked out when it is first asked for."""

    def __init__(self, world: World) -> None:
        """Take what can be asked."""
        self._world = world
        self._known: dict[Query, str] = {}
        self.clock: set[Query] = set()

    def domain(self, query: Query) -> str:
        """Give the domain of a question."""
        return domain(query)

    def answer(self, query: Query) -> str:
        """Give a digest of the answer to a question; an empty one where what it asks about is not there."""
        known = self._known.get(query)
        if known is None:
            kind, *about = query
            if domain(query) == "clock":
                self.clock.add(query)
            try:
                known = _packed(getattr(self._projections, str(kind))(*about))
            except (KeyError, IndexError):
                known = ""
            self._known[query] = known
        return known

    @cached_property
    def _projections(self) -> Projections:
        return Projections(self._world)

    @cached_property
    def guards(self) -> Mapping[str, str]:
        """A digest for each domain of all that its answers come from; an empty one for the clock, which goes on."""
        world, site = self._world, self._projections.site_
        config = world.config
        told = (config.site, config.content, config.languages, config.menus, config.search)
        marks = [world.marks[page.source] for page in site.pages]
        placed = [f"{page.source}\0{mark.placed}" for page, mark in zip(site.pages, marks, strict=True)]
        sizes = [(one.url, one.width, one.height) for one in world.manifest.files]
        found = {
            "site": (told, placed, list(site.files.items()), sorted(site.hidden)),
            "shown": [mark.shown for mark in marks],
            "theme": (world.theme.templates, world.theme.options, world.theme.texts),
            "assets": (list(world.manifest.urls.items()), sizes),
            "data": list(site.data.items()),
            "environment": list(world.inputs.environment.items()),
        }
        return {name: _packed(found[name]) if name in found else "" for name in DOMAINS}


def _packed(value: Any) -> str:
    return digest(msgspec.msgpack.encode(value))
