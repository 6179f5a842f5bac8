"""Finished files → the same with their compressed forms, each made once for the same bytes, over all cores."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain
from typing import NamedTuple

import msgspec

from ssg import delivery, output
from ssg.build.setting import Setting
from ssg.cache import Item, Memo, Shelf, Store, by_row, pack
from ssg.digests import digest
from ssg.errors import arrange, has_errors
from ssg.model import Artifact, Ref, Release, Variant
from ssg.workers import Workers

# Bytes of a file that are one piece of work: brotli takes 2 ms for them.
_PIECE = 1 << 10
# A file of so many bytes takes longer than a chunk of small ones: it is not to be the last.
_LARGE = 64 << 10
# Bytes of the files after which what was made is remembered: half a minute's work for one core.
_BATCH = 16 << 20


class Encoded(NamedTuple):
    """A release with compressed forms, and where those that were made now lie in the store, by path."""

    release: Release
    kept: Mapping[str, Ref]


class _Form(msgspec.Struct, frozen=True, array_like=True):
    """What bytes are in an encoding: where that lies in the store, and its digest; no place where it saves little."""

    body: Ref | None
    digest: str


class _Fresh(NamedTuple):
    """A form that was made now, by the digest of the file and its encoding, and where it lies in this build."""

    file: str
    encoding: str
    form: _Form
    body: Ref | None


class _Work(NamedTuple):
    """A file with the encodings that are missing."""

    artifact: Artifact
    encodings: tuple[str, ...]


_Forms = Mapping[tuple[str, str], Variant | None]


def encode_all(release: Release, setting: Setting, workers: Workers, *, strict: bool) -> Encoded:
    """Give a release with the compressed forms that a host of the site sends; one with errors stays as it is.

    A form is remembered by the digest of its file, whatever the file is called, and by how it is made. Files of the
    site that stand where a form goes are errors.
    """
    config, shelf = setting.config.output, setting.shelf
    encodings = delivery.encodings(setting.config.delivery.targets, dict.fromkeys(config.encodings))
    if not encodings or has_errors(release.diagnostics):
        return Encoded(release, {})
    wanted = {one.digest: one for one in release.artifacts if output.encodable(one, config.min_bytes)}
    memos = {name: Memo(f"encode-{name}", output.encoder_key(name), shelf.store, _Form) for name in encodings}
    rows = by_row([Item(name, "") for name in wanted], wanted)
    known = _known(memos, rows, shelf.store)
    missing = [
        _Work(one, tuple(encoding for encoding in encodings if (name, encoding) not in known))
        for name, one in wanted.items()
    ]
    work = sorted((one for one in missing if one.encodings), key=_order)
    shelf.store.fetch({one.artifact.body.file for one in work if one.artifact.body.kept})
    made: list[_Fresh] = []
    for batch in _batches(work):
        sizes = [1 + one.artifact.body.size // _PIECE for one in batch]
        fresh = [*chain.from_iterable(workers.map(partial(_encode_chunk, shelf), batch, "encode", sizes))]
        _keep(memos, rows, fresh)
        made += fresh
    forms = {**known, **{(one.file, one.encoding): _variant(one.encoding, one.form, one.body) for one in made}}
    artifacts = tuple(
        _whole(one, forms, encodings) if output.encodable(one, config.min_bytes) else one for one in release.artifacts
    )
    collisions = (*output.sibling_collisions(artifacts),)
    said = arrange((*release.diagnostics, *collisions), strict=strict) if collisions else release.diagnostics
    whole = msgspec.structs.replace(release, artifacts=artifacts, diagnostics=said)
    return Encoded(whole, dict(_kept(artifacts, made)))


def _order(work: _Work) -> tuple[int, int, str, int]:
    """Put large files first, the largest before all, so that nobody waits for one at the end; then as they lie."""
    body = work.artifact.body
    return (0, -body.size, body.file, body.offset) if body.size >= _LARGE else (1, 0, body.file, body.offset)


def _batches(work: Sequence[_Work]) -> Iterator[Sequence[_Work]]:
    """Cut work into parts that are remembered one by one: a build that is ended has not worked for nothing."""
    begin = size = 0
    for place, one in enumerate(work, 1):
        size += one.artifact.body.size
        if size >= _BATCH or place == len(work):
            yield work[begin:place]
            begin, size = place, 0


def _known(memos: Mapping[str, Memo[_Form]], rows: Mapping[int, Sequence[Item]], store: Store) -> _Forms:
    """Give the forms that earlier builds have made, by the digest of the file and the encoding."""
    known: dict[tuple[str, str], Variant | None] = {}
    for encoding, memo in memos.items():
        for answered in memo.look_up(rows).values():
            for name, form in answered.found.items():
                known[name, encoding] = _variant(encoding, form, form.body)
    store.renew({one.body.file for one in known.values() if one is not None})
    return known


def _variant(encoding: str, form: _Form, body: Ref | None) -> Variant | None:
    return Variant(encoding, body, form.digest) if body is not None else None


def _encode_chunk(shelf: Shelf, work: Sequence[_Work]) -> list[_Fresh]:
    """Make forms, and put them into the store together."""
    made: list[tuple[str, str, bytes | None]] = []
    for artifact, encodings in work:
        body = shelf.get(artifact.body)
        if digest(body) == artifact.digest:  # else it was saved a moment ago: the next build has it
            made += ((artifact.digest, one, output.encode(body, one)) for one in encodings)
    bodies = [body for _, _, body in made if body is not None]
    refs, entries = pack(bodies)
    shelf.store.put(entries)
    rest = iter(refs)
    return [
        _Fresh(file, encoding, _Form(None, ""), None)
        if body is None
        else _Fresh(file, encoding, _Form(next(rest), digest(body)), shelf.put(body))
        for file, encoding, body in made
    ]


def _keep(memos: Mapping[str, Memo[_Form]], rows: Mapping[int, Sequence[Item]], made: Iterable[_Fresh]) -> None:
    """Remember forms, each row of the store once."""
    fresh = {encoding: {one.file: one.form for one in made if one.encoding == encoding} for encoding in memos}
    for encoding, forms in fresh.items():
        for number, items in rows.items():
            if any(item.name in forms for item in items):
                memos[encoding].keep(number, items, forms)


def _whole(artifact: Artifact, forms: _Forms, encodings: Sequence[str]) -> Artifact:
    found = (forms.get((artifact.digest, encoding)) for encoding in encodings)
    return msgspec.structs.replace(artifact, variants=tuple(one for one in found if one is not None))


def _kept(artifacts: Iterable[Artifact], made: Iterable[_Fresh]) -> Iterator[tuple[str, Ref]]:
    """Give where forms that were made now lie in the store, by path."""
    places = {(one.file, one.encoding): one.form.body for one in made}
    for artifact in artifacts:
        for variant in artifact.variants:
            place = places.get((artifact.digest, variant.encoding))
            if place is not None:
                yield output.sibling(artifact.path, variant), place
