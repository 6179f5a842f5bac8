"""Sources → pages: each parsed once for its bytes, in every process, and remembered."""

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import msgspec

from ssg import content
from ssg.build.code import form
from ssg.build.setting import Setting, dialect_of
from ssg.cache import Item, Memo, NullStore, Stamps, Tally, blob, by_row
from ssg.errors import Diagnostic
from ssg.model import Fragment, Marks, Page, Ref, Source, digest
from ssg.workers import Workers


class Parsed(msgspec.Struct, frozen=True):
    """All sources after parsing: the pages, where the body of each lies, its marks, and what was said."""

    pages: tuple[Page, ...]
    bodies: Mapping[str, Ref]
    marks: Mapping[str, Marks]
    diagnostics: tuple[Diagnostic, ...]
    tally: Tally


class _Kept(msgspec.Struct, frozen=True, array_like=True):
    """One source after parsing, as it is remembered: the page, where its body lies in the store, marks, diagnostics."""

    page: Page | None
    body: Ref | None
    marks: Marks
    diagnostics: tuple[Diagnostic, ...]


class _Done(msgspec.Struct, frozen=True, array_like=True):
    """One source after parsing, as it crosses between processes: where the body lies."""

    source: str
    kept: _Kept
    body: Ref | None


class _Result(msgspec.Struct, frozen=True, array_like=True):
    """The sources of a chunk after parsing."""

    done: tuple[_Done, ...]
    tally: Tally


class _Row(msgspec.Struct, frozen=True):
    """The sources of a row of the store."""

    number: int
    sources: tuple[Source, ...]


_Parse = Callable[[Source, bytes, Setting], tuple[_Kept, tuple[str, bytes] | None]]


def parse_all(sources: Sequence[Source], setting: Setting, stamps: Stamps, workers: Workers) -> Parsed:
    """Parse all sources; those whose bytes are known to be those of an earlier build are answered from the store."""
    rows = [_Row(number, tuple(part)) for number, part in by_row(sources, [one.path for one in sources]).items()]
    answered = dict(_answered(rows, setting, stamps)) if stamps.known else {}
    rest = [row for row in rows if row.number not in answered]
    _memo(setting).fetch(row.number for row in rest)
    stage = functools.partial(_parse_rows, setting)
    chunks = workers.map(stage, rest, "parse", [len(row.sources) for row in rest])
    return _gathered([*answered.values(), *(msgspec.msgpack.decode(one, type=_Result) for one in chunks)])


def _gathered(results: Iterable[_Result]) -> Parsed:
    pages: list[Page] = []
    bodies: dict[str, Ref] = {}
    marks: dict[str, Marks] = {}
    said: list[Diagnostic] = []
    tally = Tally()
    for result in results:
        tally += result.tally
        for one in result.done:
            said += one.kept.diagnostics
            if one.kept.page is not None and one.body is not None:
                pages.append(one.kept.page)
                bodies[one.source] = one.body
                marks[one.source] = one.kept.marks
    return Parsed(tuple(pages), bodies, marks, tuple(said), tally)


def _answered(rows: Sequence[_Row], setting: Setting, stamps: Stamps) -> Iterator[tuple[int, _Result]]:
    """Give the rows of which every file is known to be the same, and everything is in the store."""
    digests = {row.number: [stamps.digest(one.file, one.stamp) for one in row.sources] for row in rows}
    known = [row for row in rows if all(digests[row.number])]
    found = _memo(setting).look_up({row.number: _items(row.sources, digests[row.number]) for row in known})
    for row in known:
        if not found[row.number].missing:
            kept = found[row.number].found
            done = tuple(_stored(source.path, kept[source.path]) for source in row.sources)
            yield row.number, _Result(done, Tally(hits=len(done)))


def _stored(path: str, kept: _Kept) -> _Done:
    return _Done(path, kept, kept.body)


def _items(sources: Sequence[Source], digests: Sequence[str]) -> list[Item]:
    """Name sources with their keys: a page depends on its bytes, and on what the other files make of its own."""
    return [
        Item(source.path, f"{mark} {source.kind.value} {source.language} {source.prefix}")
        for source, mark in zip(sources, digests, strict=True)
    ]


def _memo(setting: Setting) -> Memo[_Kept]:
    config = setting.config
    dialect, identity = dialect_of(config, setting.inputs.root, setting.elements)
    told = digest(msgspec.msgpack.encode((config.markdown, config.content, setting.elements)))
    store = setting.shelf.store if dialect.pure else NullStore()
    return Memo("parse", digest((form() + content.version(config.markdown) + identity + told).encode()), store, _Kept)


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
    items = _items([source for source, _, _ in whole], [mark for _, _, mark in whole])
    [answered] = memo.look_up({row.number: items}).values()
    done = [
        _Done(source.path, _Kept(None, None, Marks(), (body,)), None)
        for source, body in read
        if isinstance(body, Diagnostic)
    ]
    fresh: dict[str, _Kept] = {}
    blobs: list[tuple[str, bytes]] = []
    for source, body, _ in whole:
        known = answered.found.get(source.path)
        if known is not None:
            done.append(_stored(source.path, known))
            continue
        kept, entry = parse(source, body, setting)
        fresh[source.path] = kept
        if entry is not None:
            blobs.append(entry)
        done.append(_Done(source.path, kept, setting.shelf.put(entry[1]) if entry is not None else None))
    if fresh:
        memo.keep(row.number, items, fresh, blobs)
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
    marks = Marks(
        whole=digest(msgspec.msgpack.encode(page) + ref.file.encode()),
        placed=digest(msgspec.msgpack.encode(hidden)),
        shown=digest(shown),
    )
    return _Kept(page, ref, marks, parsed.diagnostics), entry
