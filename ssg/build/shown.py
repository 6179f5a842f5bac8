"""Pages of a release → the files that they are shown with, remembered until one that decides it changes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from ssg.budget.addresses import path_of
from ssg.budget.page import read_page
from ssg.budget.values import PROFILES, Fetch, Kind, Phase
from ssg.build.taking import requested
from ssg.build.world import HTML_TYPE, Scales, World, asked_of
from ssg.cache import Shelf
from ssg.digests import digest
from ssg.model import Artifact
from ssg.versions import everything

_SHOWN = frozenset((Kind.CSS, Kind.JS, Kind.FONT, Kind.IMAGE))


class _Shown(msgspec.Struct, frozen=True, array_like=True):
    """What pages are shown with, by URL path, and all files that decided it, with their marks."""

    paths: tuple[str, ...]
    asked: Mapping[str, str]


def shown_with(pages: Iterable[Artifact], world: World, shelf: Shelf) -> set[str]:
    """Give the URL paths of the style sheets, scripts, fonts and images that pages of a release are shown with.

    What waits for a reader, and what is another host's, is not among them; files that are no pages bring nothing. It is
    remembered by the bytes of the pages, and of all files that decide it.
    """
    wanted = [one for one in pages if one.media_type == HTML_TYPE]
    told = everything(), world.base_path, world.origins, [(one.path, one.digest) for one in wanted]
    name = f"shown:{digest(msgspec.msgpack.encode(told))}"
    stored = shelf.store.get([name]).get(name)
    if stored is not None:
        known = msgspec.msgpack.decode(stored, type=_Shown)
        if all(world.mark(path) == mark for path, mark in known.asked.items()):
            return set(known.paths)
    scales = Scales(world, shelf)
    urls = [world.base_path + requested(one.path) for one in wanted]
    bodies = (shelf.get(one.body).decode("utf-8-sig", "replace") for one in wanted)
    facts = [read_page(text, url, world.origins) for text, url in zip(bodies, urls, strict=True)]
    found = [scales.weigher.weigh(one, profile).fetches for one in facts for profile in PROFILES]
    paths = {path for fetches in found for path in _shown(fetches) if path in world.files}
    # A page is its own first fetch: another one decides nothing but by what it names.
    asked = asked_of((fetches[1:] for fetches in found), world)
    shelf.store.put([(name, msgspec.msgpack.encode(_Shown(tuple(sorted(paths)), asked)))])
    return paths


def _shown(fetches: Sequence[Fetch]) -> Iterator[str]:
    """Give the URL paths of what is seen of a page or runs in it; icons that an app's manifest brings do not."""
    others = {one.url for one in fetches if one.kind is Kind.OTHER}
    for one in fetches:
        wanted = not one.third_party and one.phase is not Phase.LAZY and one.kind in _SHOWN
        if wanted and one.via not in others:
            yield path_of(one.url)
