"""Sources → pages: each parsed once for its bytes, in every process, and remembered."""

import functools
import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import msgspec

from ssg import content
from ssg.build.setting import Setting, dialect_of
from ssg.cache import Item, Memo, NullStore, Tally, blob, by_row
from ssg.digests import digest
from ssg.errors import Diagnostic
from ssg.memory import NullMemory
from ssg.model import Fragment, Marks, Page, Ref, Source
from ssg.versions import form
from ssg.workers import Workers


class Parsed(msgspec.Struct, frozen=True):
    """All sources after parsing: the pages, in the same order their bodies and marks, and what was said.

    `digests` are those of the files that had to be read.
    """

    pages: tuple[Page, ...]
    bodies: tuple[Ref, ...]
    marks: tuple[Marks, ...]
    diagnostics: tuple[Diagnostic, ...]
    digests: Mapping[str, str]
    tally: Tally


class _Kept(msgspec.Struct, frozen=True, array_like=True):
    """One source after parsing, as it is remembered: the page, where its body lies in the store, marks, diagnostics."""

    page: Page | None
    body: Ref | None
    marks: Marks
    diagnostics: tuple[Diagnostic, ...]


class _Done(msgspec.Struct, frozen=True, array_like=True):
    """One source after parsing, as it crosses between processes: the digest of its bytes, and where the body lies."""

    source: str
    mark: str
    kept: _Kept
    body: Ref | None


class _Result(msgspec.Struct, frozen=True, array_like=True):
    """The sources of a chunk after parsing."""

    done: tuple[_Done, ...]
    tally: Tally


class _Row(msgspec.Struct, frozen=True):
    """The sources of a row of the store that are to be read, and the names of all that belong to it."""

    number: int
    sources: tuple[Source, ...]
    names: tuple[str, ...]


_Parse = Callable[[Source, bytes, Setting], tuple[_Kept, tuple[str, bytes] | None]]


class _Part(NamedTuple):
    """Sources of a row after parsing, and what they come to together."""

    done: Mapping[str, _Done]
    pages: tuple[Page, ...]
    bodies: tuple[Ref, ...]
    marks: tuple[Marks, ...]
    diagnostics: tuple[Diagnostic, ...]


def parse_all(sources: Sequence[Source], setting: Setting, digests: Mapping[str, str], workers: Workers) -> Parsed:
    """Parse all sources; of those whose digest is known by the file, what an earlier build made of the same bytes."""
    rows = setting.memory.recall("sources", sources, lambda: by_row(sources, [one.path for one in sources]))
    answers = _Answers(setting, digests)
    known = answers.known(rows)
    rest = [
        _Row(number, tuple(one for one in part if one.path not in known[number].done), tuple(one.path for one in part))
        for number, part in rows.items()
        if len(known[number].done) < len(part)
    ]
    _memo(setting).fetch(row.number for row in rest)
    chunks = workers.map(functools.partial(_parse_rows, setting), rest, "parse", [len(row.sources) for row in rest])
    results = [msgspec.msgpack.decode(one, type=_Result) for one in chunks]
    read = {one.source: one for result in results for one in result.done}
    parts = {
        row.number: answers.keep(
            row.number,
            rows[row.number],
            {**known[row.number].done, **{one.path: read[one.path] for one in row.sources}},
        )
        for row in rest
    }
    fresh = {one.file: read[one.path].mark for row in rest for one in row.sources}
    tally = sum((result.tally for result in results), Tally(hits=len(sources) - len(read)))
    return _gathered([parts.get(number) or known[number] for number in rows], fresh, tally)


def _gathered(parts: Sequence[_Part], digests: Mapping[str, str], tally: Tally) -> Parsed:
    return Parsed(
        pages=tuple(itertools.chain(*(part.pages for part in parts))),
        bodies=tuple(itertools.chain(*(part.bodies for part in parts))),
        marks=tuple(itertools.chain(*(part.marks for part in parts))),
        diagnostics=tuple(itertools.chain(*(part.diagnostics for part in parts))),
        digests=digests,
        tally=tally,
    )


def _part(done: Mapping[str, _Done]) -> _Part:
    found = ((one.kept.page, one.body, one.kept.marks) for one in done.values())
    shown = [(page, body, marks) for page, body, marks in found if page is not None and body is not None]
    return _Part(
        done,
        tuple(page for page, _, _ in shown),
        tuple(body for _, body, _ in shown),
        tuple(marks for _, _, marks in shown),
        tuple(itertools.chain(*(one.kept.diagnostics for one in done.values()))),
    )


class _Answers:
    """What memory and store have for files that are known to be the same as when they were read."""

    def __init__(self, setting: Setting, digests: Mapping[str, str]) -> None:
        self._memo = _memo(setting)
        self._version = _version(setting)
        self._digests = digests
        self._memory = setting.memory if _pure(setting) else NullMemory()

    def known(self, rows: Mapping[int, Sequence[Source]]) -> Mapping[int, _Part]:
        """Give what is known of each row."""
        if not any(self._digests.values()):
            return dict.fromkeys(rows, _part({}))
        found: dict[int, _Part] = {}
        marked: dict[int, Sequence[str]] = {}
        for number, sources in rows.items():
            marks = [self._digests[one.file] for one in sources]
            part: _Part | None = self._memory.get(("parsed", number), (self._version, sources, marks))
            if part is None:
                marked[number] = marks
            else:
                found[number] = part
        found |= self._asked({number: rows[number] for number in marked}, marked)
        return found

    def _asked(self, rows: Mapping[int, Sequence[Source]], marked: Mapping[int, Sequence[str]]) -> dict[int, _Part]:
        """Give what is known of rows of which something may have changed: what is not in memory, the store is asked."""
        done: dict[int, dict[str, _Done]] = {}
        asked: dict[int, dict[str, Item]] = {}
        for number, sources in rows.items():
            last: Mapping[str, _Done] = self._memory.get(("parse", number), (self._version, sources)) or {}
            marks = dict(zip((one.path for one in sources), marked[number], strict=True))
            done[number] = {
                path: last[path] for path, mark in marks.items() if path in last and last[path].mark == mark
            }
            asked[number] = {
                one.path: _item(one, marks[one.path])
                for one in sources
                if marks[one.path] and one.path not in done[number]
            }
        stored = self._memo.look_up({number: list(items.values()) for number, items in asked.items() if items})
        for number, answered in stored.items():
            for path, kept in answered.found.items():
                done[number][path] = _stored(path, asked[number][path].key.partition(" ")[0], kept)
        return {number: self.keep(number, rows[number], part) for number, part in done.items()}

    def keep(self, number: int, sources: Sequence[Source], done: Mapping[str, _Done]) -> _Part:
        """Give what a row comes to, as far as it is done; remember what is known to lie in the store."""
        part = _part({one.path: done[one.path] for one in sources if one.path in done})
        lasting = {path: one for path, one in part.done.items() if one.mark and (one.body is None or one.body.kept)}
        self._memory.keep(("parse", number), (self._version, sources), lasting)
        if len(lasting) == len(sources):
            marks = [lasting[one.path].mark for one in sources]
            self._memory.keep(("parsed", number), (self._version, sources, marks), part)
        return part


def _stored(path: str, mark: str, kept: _Kept) -> _Done:
    return _Done(path, mark, kept, kept.body)


def _item(source: Source, mark: str) -> Item:
    """Name a source with its key: a page depends on its bytes, and on what the other files make of its own."""
    return Item(source.path, f"{mark} {source.kind.value} {source.language} {source.prefix}")


def _version(setting: Setting) -> str:
    config = setting.config
    _, identity = dialect_of(config, setting.inputs.root, setting.elements)
    told = digest(msgspec.msgpack.encode((config.markdown, config.content, setting.elements)))
    return digest((form() + content.version(config.markdown) + identity + told).encode())


def _memo(setting: Setting) -> Memo[_Kept]:
    return Memo("parse", _version(setting), setting.shelf.store if _pure(setting) else NullStore(), _Kept)


def _pure(setting: Setting) -> bool:
    return dialect_of(setting.config, setting.inputs.root, setting.elements)[0].pure


def _parse_rows(setting: Setting, rows: Sequence[_Row]) -> bytes:
    """Read and parse the sources of rows, and remember what is new."""
    memo = _memo(setting)
    parse = setting.timer.timed("source", lambda source, *_: source.path, _parsed)
    results = [_parse_row(setting, memo, row, parse) for row in rows]
    done = tuple(one for result in results for one in result.done)
    tally = sum((result.tally for result in results), setting.shelf.store.tally())
    return msgspec.msgpack.encode(_Result(done, tally))


def _parse_row(setting: Setting, memo: Memo[_Kept], row: _Row, parse: _Parse) -> _Result:
    read = [(source, content.read(source)) for source in row.sources]
    whole = [(source, body, digest(body)) for source, body in read if isinstance(body, bytes)]
    items = {source.path: _item(source, mark) for source, _, mark in whole}
    [answered] = memo.look_up({row.number: list(items.values())}).values()
    done = [
        _Done(source.path, "", _Kept(None, None, Marks(), (body,)), None)
        for source, body in read
        if isinstance(body, Diagnostic)
    ]
    fresh: dict[str, _Kept] = {}
    blobs: list[tuple[str, bytes]] = []
    for source, body, mark in whole:
        known = answered.found.get(source.path)
        if known is not None:
            done.append(_stored(source.path, mark, known))
            continue
        kept, entry = parse(source, body, setting)
        fresh[source.path] = kept
        if entry is not None:
            blobs.append(entry)
        done.append(_Done(source.path, mark, kept, setting.shelf.put(entry[1]) if entry is not None else None))
    if fresh:
        memo.keep(row.number, [items.get(name, Item(name, "")) for name in row.names], fresh, blobs)
    return _Result(tuple(done), Tally(len(answered.found), len(fresh)))


def _parsed(source: Source, body: bytes, setting: Setting) -> tuple[_Kept, tuple[str, bytes] | None]:
    """Parse one source; give what is remembered of it, and the entry of the store that its body is."""
    dialect, _ = dialect_of(setting.config, setting.inputs.root, setting.elements)
    parsed = content.parse(source, body, setting.config.content, dialect)
    page = parsed.page
    if page is None or parsed.body is None:
        return _Kept(None, None, Marks(), parsed.diagnostics), None
    ref, entry = blob(msgspec.msgpack.encode(parsed.body))
    # What only the page's own rendering and lists read, and no other page's place depends on.
    shown = msgspec.msgpack.encode((page.summary, page.extra, page.words, page.anchors, page.has_heading))
    hidden = msgspec.structs.replace(page, summary=Fragment(), extra={}, words=0, anchors=(), has_heading=False)
    hidden = msgspec.structs.replace(hidden, unrefined=(), budgets={}, budgets_line=0)
    marks = Marks(
        whole=digest(msgspec.msgpack.encode(page) + ref.file.encode()),
        placed=digest(msgspec.msgpack.encode(hidden)),
        shown=digest(shown),
    )
    return _Kept(page, ref, marks, parsed.diagnostics), entry
