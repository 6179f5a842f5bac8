"""`trace`: a stage with reads of its own choosing that remembers its results.

A result is valid when its key is the same and every question that its making asked has the answer that it had then
("constructive traces", Mokhov, Mitchell, Peyton Jones: Build Systems à la Carte, section 4.2.4). Questions belong to
domains. An answer can differ only where its domain differs, so a domain whose guard, a digest of all that its answers
come from, is the same is not asked at all.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Generic, NamedTuple, Protocol, TypeVar

import msgspec

from ssg.cache.memo import Item
from ssg.cache.reasons import AnswerChanged, New, Reason, SourceChanged, VersionChanged
from ssg.cache.rows import Rows
from ssg.cache.store import Store
from ssg.digests import digest
from ssg.memory import Memory
from ssg.model import Query

T = TypeVar("T")


class Answers(Protocol):
    """What can be asked, as it is in this build."""

    @property
    def guards(self) -> Mapping[str, str]:
        """A digest for each domain of all that its answers come from; an empty one where they are always asked."""
        ...

    def domain(self, query: Query) -> str:
        """Give the domain of a question."""
        ...

    def answer(self, query: Query) -> str:
        """Give a digest of the answer to a question."""
        ...


class _Result(msgspec.Struct, frozen=True, array_like=True):
    """A result with its key and the places of its questions in the row's."""

    key: str
    reads: tuple[int, ...]
    result: msgspec.Raw


class _Row(msgspec.Struct, frozen=True, array_like=True):
    """Results by name, and all questions that their making asked, with the answers, each once.

    The questions of a domain lie together, from one place to another. `id` is a digest of the rest.
    """

    id: str
    guards: Mapping[str, str]
    domains: Mapping[str, tuple[int, int]]
    queries: tuple[Query, ...]
    answers: tuple[str, ...]
    results: Mapping[str, _Result]


class Made(NamedTuple, Generic[T]):
    """A fresh result, with the questions that its making asked."""

    result: T
    reads: frozenset[Query]


class Traced(NamedTuple, Generic[T]):
    """What is known of the items of a row: valid results by name, why there is none of the others, the row's id."""

    found: Mapping[str, T]
    missing: Mapping[str, Reason]
    row: str = ""


class Trace(Generic[T]):
    """The results of a stage with recorded reads, in rows over a store."""

    def __init__(self, stage: str, version: str, store: Store, result: type[T], memory: Memory) -> None:
        """Take the stage's name, its version, the store, the type of a result, and what this process remembers."""
        self._stage, self._version = stage, version
        self._memory = memory
        self._rows: Rows[_Row] = Rows(stage, version, store, _Row)
        self._confirmed: Rows[dict[int, tuple[str, dict[str, str]]]] = Rows(
            f"{stage}-guards", version, store, dict[int, tuple[str, dict[str, str]]]
        )
        self._decoder = msgspec.msgpack.Decoder(result)
        self._store = store
        self._current = f"{stage}-version"

    def look_up(self, rows: Mapping[int, Sequence[Item]], ask: Callable[[], Answers]) -> Mapping[int, Traced[T]]:
        """Give what is valid of the items of each row; `ask` gives the answers of this build where they are needed."""
        kept = self._load(rows)
        if not kept:
            why = self._unknown()
            return {
                number: Traced({}, dict.fromkeys((item.name for item in items), why)) for number, items in rows.items()
            }
        answers = ask()
        before = self._before()
        confirmed = dict(before)
        guards = dict(answers.guards)
        found: dict[int, Traced[T]] = {}
        for number, items in rows.items():
            row = kept.get(number)
            if row is None:
                found[number] = Traced({}, {item.name: New() for item in items})
                continue
            name, later = confirmed.get(number, ("", {}))
            changed = _changed(row, later if name == row.id else row.guards, answers)
            found[number] = self._traced(number, row, items, changed)
            if (name, later) == (row.id, guards):
                continue
            if not found[number].missing and row.results.keys() == {item.name for item in items}:
                confirmed[number] = (row.id, guards)
        if confirmed != before:  # rows that are not written again, and the guards under which they were found valid
            self._confirmed.keep(0, lambda _: confirmed)
            self._memory.keep((self._stage, "guards"), self._version, confirmed)
        return found

    def _unknown(self) -> Reason:
        """Say why nothing is known at all: there was no build, or one of another version of this stage."""
        known = self._store.get([self._current]).get(self._current, b"").decode()
        if known != self._version:
            self._store.put([(self._current, self._version.encode())])
        return VersionChanged() if known not in {"", self._version} else New()

    def _load(self, numbers: Iterable[int]) -> Mapping[int, _Row]:
        """Give those rows that are kept. What was valid once for its answers is so for good, whatever the store has."""
        known = {number: self._memory.get((self._stage, "row", number), self._version) for number in numbers}
        loaded = self._rows.load([number for number, row in known.items() if row is None])
        for number, row in loaded.items():
            self._memory.keep((self._stage, "row", number), self._version, row)
        return {number: row for number, row in {**known, **loaded}.items() if row is not None}

    def _before(self) -> dict[int, tuple[str, dict[str, str]]]:
        return self._memory.recall((self._stage, "guards"), self._version, lambda: self._confirmed.load([0]).get(0, {}))

    def _traced(self, number: int, row: _Row, items: Sequence[Item], changed: Mapping[int, Query]) -> Traced[T]:
        """Give what is valid of a row; one of the same id has the same results."""
        if changed:
            return self._compared(row, items, changed)
        key = (self._version, row.id, items)
        return self._memory.recall((self._stage, "traced", number), key, lambda: self._compared(row, items, changed))

    def _compared(self, row: _Row, items: Sequence[Item], changed: Mapping[int, Query]) -> Traced[T]:
        found: dict[str, T] = {}
        missing: dict[str, Reason] = {}
        for item in items:
            known = row.results.get(item.name)
            if known is None:
                missing[item.name] = New()
            elif known.key != item.key:
                missing[item.name] = SourceChanged()
            elif changed and (differing := changed.keys() & set(known.reads)):
                missing[item.name] = AnswerChanged(changed[min(differing)])
            else:
                try:
                    found[item.name] = self._decoder.decode(known.result)
                except msgspec.DecodeError:  # of another form
                    missing[item.name] = VersionChanged()
        return Traced(found, missing, row.id)

    def keep(
        self,
        number: int,
        items: Sequence[Item],
        known: Traced[T],
        fresh: Mapping[str, Made[T]],
        answers: Answers,
        also: Iterable[tuple[str, bytes]] = (),
    ) -> None:
        """Keep fresh results, by name, and those of a row that `look_up` found valid in this build.

        Results of items that are gone are forgotten: nobody would know under which guards they are valid. `also` are
        values that the results name; they are kept in the same transaction.
        """

        def renew(row: _Row | None) -> _Row:
            if row is not None and row.id != known.row:
                row = None  # another build has written it: what it found valid is not known to be so here
            kept: dict[str, tuple[str, Iterable[Query], msgspec.Raw]] = {}
            for item in items:
                if item.name in fresh:
                    result, reads = fresh[item.name]
                    kept[item.name] = (item.key, reads, msgspec.Raw(msgspec.msgpack.encode(result)))
                elif row is not None and item.name in known.found:
                    old = row.results[item.name]
                    kept[item.name] = (item.key, [row.queries[place] for place in old.reads], old.result)
            return _row(kept, answers)

        self._rows.keep(number, renew, also)

    def forget(self, numbers: Iterable[int]) -> None:
        """Forget rows that other processes have kept anew."""
        for number in numbers:
            self._memory.forget((self._stage, "row", number))

    def reads(self, item: Item, number: int) -> Mapping[Query, str]:
        """Give the questions that the making of a result asked, with their answers; for explanations."""
        row = self._rows.load([number]).get(number)
        known = row.results.get(item.name) if row is not None else None
        if row is None or known is None:
            return {}
        return {row.queries[place]: row.answers[place] for place in known.reads}


def _row(kept: Mapping[str, tuple[str, Iterable[Query], msgspec.Raw]], answers: Answers) -> _Row:
    """Give results, each with its key and questions, as a row."""
    queries = sorted({query for _, reads, _ in kept.values() for query in reads}, key=_order(answers))
    places = {query: place for place, query in enumerate(queries)}
    domains: dict[str, tuple[int, int]] = {}
    for place, query in enumerate(queries):
        begin, _ = domains.get(answers.domain(query), (place, place))
        domains[answers.domain(query)] = (begin, place + 1)
    told = tuple(map(answers.answer, queries))
    results = {
        name: _Result(key, tuple(sorted(places[query] for query in reads)), raw)
        for name, (key, reads, raw) in kept.items()
    }
    name = digest(msgspec.msgpack.encode((queries, told, results)))
    return _Row(name, dict(answers.guards), domains, tuple(queries), told, results)


def _order(answers: Answers) -> Callable[[Query], tuple[str, str]]:
    return lambda query: (answers.domain(query), repr(query))


def _changed(row: _Row, guards: Mapping[str, str], answers: Answers) -> Mapping[int, Query]:
    """Give those questions of a row, by their place, that have another answer now."""
    return {
        place: row.queries[place]
        for domain, (begin, end) in row.domains.items()
        if not answers.guards[domain] or guards.get(domain) != answers.guards[domain]
        for place in range(begin, end)
        if answers.answer(row.queries[place]) != row.answers[place]
    }
