"""What can be asked of a site and a theme, as digests: so that a later build can tell whether an answer is another."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import msgspec

from ssg.digests import digest
from ssg.memory import Memory
from ssg.model import Query
from ssg.render.projections import Projections, World
from ssg.render.reads import DOMAINS, domain


class Answers:
    """The answers of one build, each worked out when it is first asked for."""

    def __init__(self, world: World, memory: Memory) -> None:
        """Take what can be asked, and what this process remembers of the last build."""
        self._world = world
        self._memory = memory
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
        files = [(one.url, one.source, one.digest, one.width, one.height, one.picture) for one in world.manifest.files]
        packed = [(one.written, one.url, one.integrity, one.imports) for one in world.manifest.files if one.logical]
        found = {
            "shown": [mark.shown for mark in world.marks],
            "theme": (world.theme.templates, world.theme.options, world.theme.texts),
            "assets": (packed, list(world.manifest.bundles.items()), world.manifest.cdn, files),
            "data": list(site.data.items()),
            "environment": list(world.inputs.environment.items()),
        }
        urls = [one.written for one in world.manifest.files]
        placed = self._memory.recall("guard of the site", (world.standing.name, urls), self._placed)
        return {name: _packed(found[name]) if name in found else "" for name in DOMAINS} | {"site": placed}

    def _placed(self) -> str:
        """Give a digest of the site but for what lists may show of pages: it follows from its standing and files."""
        config, site = self._world.config, self._world.site
        told = (config.site, config.content, config.languages, config.menus, config.search)
        marks = zip(site.pages, self._world.marks, strict=True)
        placed = [f"{page.source}\0{mark.placed}" for page, mark in marks]
        urls = [one.written for one in self._world.manifest.files]  # a link may lead to any of them
        return _packed((told, placed, list(site.files.items()), sorted(site.hidden), urls))


def _packed(value: Any) -> str:
    return digest(msgspec.msgpack.encode(value))
