"""A release → what its pages weigh, as a browser sees them, and what that brings to the findings; remembered in rows.

A row is weighed again where its pages differ, or a file that their weights follow from: of its pages, those that do.
"""

import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

import msgspec

from ssg.budget.assess import Assessed, Assessor, Terms, keys_set
from ssg.budget.facts import PageFacts
from ssg.budget.page import read_page
from ssg.budget.values import PROFILES, Fetch, Subject, Weight
from ssg.build.take import Taken
from ssg.build.taking import facts_of
from ssg.build.world import Scales, World, asked_of, mark_of
from ssg.cache import Shelf, by_row
from ssg.digests import digest
from ssg.model import Artifact
from ssg.versions import everything
from ssg.workers import Workers

# Pieces of work that a row is of which most is known.
_SMALL = 4

T = TypeVar("T")
Page = tuple[str, Artifact, bytes]
"""A page with its URL, without the base path, and its facts, where those are known."""

_Mark = Callable[[str], str]


class _Page(msgspec.Struct, frozen=True, array_like=True):
    """The weights of a page, one for each profile, with what tells the page from any other.

    Their files beside the page stand in a table for all pages of a row: `rests` are their numbers there.
    """

    mark: str
    weights: tuple[Weight, ...]
    rests: tuple[int, ...]


class _Row(msgspec.Struct, frozen=True, array_like=True):
    """The weights of pages by URL."""

    fetches: tuple[tuple[Fetch, ...], ...] = ()
    pages: Mapping[str, _Page] = {}


class _Told(msgspec.Struct, frozen=True, array_like=True):
    """Where the weights of a row are kept, `body`, and what tells its pages from any others.

    `asked` are all files that decided them beside the pages, by URL, with their marks.
    """

    mark: str
    body: str
    asked: Mapping[str, str]


class _Task(msgspec.Struct, frozen=True):
    """A row of pages. `name` is where it is told what they weigh, and `mark` tells these pages from any others.

    `body` is where weights are kept that are right for pages with the same marks, empty where none are; `same` tells
    that all of them are there. `subjects` are the pages as rules see them, where somebody asks for that.
    """

    name: str
    mark: str
    pages: Sequence[Page]
    body: str = ""
    same: bool = False
    subjects: Sequence[Subject] = ()


class _Done(msgspec.Struct, frozen=True):
    """A row that was weighed: the weights, what is to be kept, and where; and what the row brings to the findings."""

    row: bytes
    body: str
    entries: tuple[tuple[str, bytes], ...]
    assessed: Assessed | None


def weigh_release(world: World, taken: Taken, workers: Workers, shelf: Shelf) -> tuple[Weight, ...]:
    """Weigh all pages of a release under every profile, in the order of profiles; their URLs are without the base path.

    `taken` are facts of pages as `ssg.build.taking` gives them: other pages are read.

    The weights of pages are remembered in rows, by the bytes of the pages, and of all files that their weights follow
    from: those that a browser fetches for them, and those that it would if they were there.
    """
    tasks = _tasks(world, taken, shelf)
    rows = {**shelf.store.get([one.body for one in tasks if one.same])}
    rest = [one for one in tasks if not one.same or one.body not in rows]
    made = {task.name: done.row for task, done in zip(rest, _map(world, None, rest, workers, shelf), strict=True)}
    found = (made[one.name] if one.name in made else rows[one.body] for one in tasks)
    return tuple(weight for row in found for weights in _whole(_read(row)).values() for weight in weights)


def assess_release(
    world: World, subjects: Mapping[str, Subject], terms: Terms, taken: Taken, workers: Workers, shelf: Shelf
) -> tuple[Assessed, ...]:
    """Hold all pages of a release against their limits; `subjects` are the pages as rules see them, by URL.

    `taken` are facts of pages as `ssg.build.taking` gives them: other pages are read.

    What they bring to the findings is remembered by their weights, and by all that these are held against.
    """
    terms = msgspec.structs.replace(terms, site_bytes=None, lock=None, brief=True)
    about = digest(msgspec.msgpack.encode((everything(), terms)))
    tasks = [_with_subjects(one, subjects) for one in _tasks(world, taken, shelf)]
    names = [_assessment(about, one, one.body) if one.same else "" for one in tasks]
    found = _decoded(shelf.store.get([*filter(None, names)]), Assessed)
    rest = [one for one, name in zip(tasks, names, strict=True) if name not in found]
    held = _Held(about, terms, keys_set(subjects.values()))
    made = dict(zip((one.name for one in rest), _map(world, held, rest, workers, shelf), strict=True))
    shelf.store.put(
        (_assessment(about, one, made[one.name].body), msgspec.msgpack.encode(made[one.name].assessed)) for one in rest
    )
    parts = (
        made[one.name].assessed if one.name in made else found[name] for one, name in zip(tasks, names, strict=True)
    )
    return tuple(part for part in parts if part is not None)


def weigh_pages(world: World, urls: Iterable[str], shelf: Shelf) -> Mapping[str, tuple[Weight, ...]]:
    """Give the weights of some pages, by their URLs without the base path."""
    scales = Scales(world, shelf)
    pages = {url: world.files.get(world.base_path + url) for url in urls}
    return {url: _weigh(scales, url, one) for url, one in pages.items() if one is not None}


def _tasks(world: World, taken: Taken, shelf: Shelf) -> list[_Task]:
    """Give the rows of a release, with what an earlier build has kept of each."""
    about = digest(msgspec.msgpack.encode((everything(), world.base_path, world.origins)))
    pages = list(world.pages)
    rows = {f"weights:{about}:{number}": row for number, row in by_row(pages, [one.path for _, one in pages]).items()}
    told = _decoded(shelf.store.get([*rows]), _Told)
    mark = functools.cache(world.mark)
    return [_task(name, row, taken, told.get(name), mark) for name, row in rows.items()]


def _task(name: str, row: Sequence[tuple[str, Artifact]], taken: Taken, told: _Told | None, mark: _Mark) -> _Task:
    own = digest("\0".join([f"{url} {mark_of(one)}" for url, one in row]).encode())
    pages = [(url, one, _taken(one, taken)) for url, one in row]
    if told is None or any(mark(url) != known for url, known in told.asked.items()):
        return _Task(name, own, pages)
    return _Task(name, own, pages, told.body, told.mark == own)


def _taken(page: Artifact, taken: Taken) -> bytes:
    """Give the facts of a page, if it is the same still; nothing where they are not known."""
    mark, facts = taken.get(page.path, ("", b""))
    return facts if mark == page.digest else b""


def _with_subjects(task: _Task, subjects: Mapping[str, Subject]) -> _Task:
    return msgspec.structs.replace(
        task, subjects=[subjects.get(url) or Subject(url, one.source) for url, one, _ in task.pages]
    )


def _assessment(about: str, task: _Task, body: str) -> str:
    """Name what a row brings to the findings by all that this follows from."""
    return f"assessed:{digest(msgspec.msgpack.encode((about, body, task.subjects)))}"


def _map(world: World, held: "_Held | None", tasks: Sequence[_Task], workers: Workers, shelf: Shelf) -> list[_Done]:
    """Weigh rows, and keep the weights; with terms, their pages are held against their limits too."""
    work = functools.partial(_weigh_rows, Scales(world, shelf), held)
    sizes = [_SMALL if one.body else len(one.pages) for one in tasks]
    done = [one for some in workers.map(work, tasks, "budget", sizes) for one in some]
    shelf.store.put(entry for one in done for entry in one.entries)
    return done


class _Held:
    """What pages are held against, and the keys of limits in their front matters; `about` tells it from any other."""

    def __init__(self, about: str, terms: Terms, keys: frozenset[str]) -> None:
        self.about = (about, keys)
        self.terms = terms

    def __hash__(self) -> int:
        return hash(self.about)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held) and self.about == other.about


@functools.lru_cache(maxsize=1)
def _assessor(held: _Held) -> Assessor:
    """Give what judges pages, once in each process: what many pages have in common is looked at once."""
    return Assessor(held.terms, held.about[1])


def _weigh_rows(scales: Scales, held: _Held | None, tasks: Sequence[_Task]) -> list[_Done]:
    assessor = _assessor(held) if held is not None else None
    kept = scales.shelf.store.get([task.body for task in tasks if task.body])
    return [_weigh_row(scales, assessor, task, _read(kept.get(task.body))) for task in tasks]


def _weigh_row(scales: Scales, assessor: Assessor | None, task: _Task, known: _Row) -> _Done:
    weights = _whole(known)
    marks = {url: mark_of(one) for url, one, _ in task.pages}
    for url, one, taken in task.pages:
        if url not in known.pages or known.pages[url].mark != marks[url]:
            weights[url] = _weigh(scales, url, one, taken)
    table: dict[tuple[Fetch, ...], int] = {}
    pages = {url: _page(mark, weights[url], table) for url, mark in marks.items()}
    row = msgspec.msgpack.encode(_Row(tuple(table), pages))
    body = f"weighed:{digest(row)}"
    told = _Told(task.mark, body, asked_of(table, scales.world))
    assessed = assessor.assess(task.subjects, weights)[1] if assessor is not None else None
    return _Done(row, body, ((body, row), (task.name, msgspec.msgpack.encode(told))), assessed)


def _weigh(scales: Scales, url: str, page: Artifact, taken: bytes = b"") -> tuple[Weight, ...]:
    """Weigh a page under every profile."""
    facts = facts_of(taken, scales.shelf) if taken else _read_facts(scales, url, page)
    return tuple(msgspec.structs.replace(scales.weigher.weigh(facts, profile), url=url) for profile in PROFILES)


def _read_facts(scales: Scales, url: str, page: Artifact) -> PageFacts:
    text = scales.shelf.get(page.body).decode("utf-8-sig", "replace")
    return read_page(text, scales.world.base_path + url, scales.world.origins)


def _page(mark: str, weights: tuple[Weight, ...], table: dict[tuple[Fetch, ...], int]) -> _Page:
    replace = msgspec.structs.replace
    rests = tuple(table.setdefault(one.fetches[1:], len(table)) for one in weights)
    return _Page(mark, tuple(replace(one, fetches=one.fetches[:1]) for one in weights), rests)


def _whole(row: _Row) -> dict[str, tuple[Weight, ...]]:
    """Give the weights of a row by URL."""
    replace = msgspec.structs.replace
    return {
        url: tuple(
            replace(one, fetches=(*one.fetches, *row.fetches[rest]))
            for one, rest in zip(page.weights, page.rests, strict=True)
        )
        for url, page in row.pages.items()
    }


def _read(kept: bytes | None) -> _Row:
    """Give a row that was kept; an empty one where there is none, or one of another form."""
    try:
        return msgspec.msgpack.decode(kept, type=_Row) if kept is not None else _Row()
    except msgspec.DecodeError:
        return _Row()


def _decoded(kept: Mapping[str, bytes], form: type[T]) -> dict[str, T]:
    """Give what is kept by name, without values of another form."""
    found: dict[str, T] = {}
    for name, value in kept.items():
        try:
            found[name] = msgspec.msgpack.decode(value, type=form)
        except msgspec.DecodeError:
            continue
    return found
