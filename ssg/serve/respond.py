"""A file of the release as an HTTP response."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec
from starlette.responses import Response, StreamingResponse

from ssg.digests import digest
from ssg.model import Artifact, Ref
from ssg.output.encode import encode_quickly
from ssg.output.siblings import encodable
from ssg.serve.inject import inject
from ssg.serve.negotiate import Span, Unsatisfiable, matches, preferred, span
from ssg.serve.snapshot import Read
from ssg.urls import content_type

# Bytes above which a file is sent in pieces, and the size of a piece.
_LARGE, _PIECE = 8 << 20, 256 << 10


class ChangedError(Exception):
    """The file on disk is no longer the one that the release is made of: the next build has not come yet."""


class Form(msgspec.Struct, frozen=True):
    """One of the forms in which a file can be sent: its content encoding, and the reference and digest of its bytes."""

    encoding: str
    body: Ref
    digest: str


class Asked(msgspec.Struct, frozen=True):
    """What of a request decides how a file is sent, headers by their lower-case names."""

    method: str
    headers: Mapping[str, str]


Told = Callable[[Artifact, int], Mapping[str, str]]
"""Gives the headers of a file that is sent with a status, by their lower-case names."""


class Sending(msgspec.Struct, frozen=True):
    """How the preview sends files: `release` is put into pages (nothing where pages are sent as they are).

    `exact` refuses a file that has changed since the build; otherwise it is sent as it now is. Files of `least` bytes
    or more are compressed when they are asked for; none where that is None. `told` gives the headers of a file by its
    status; without it a browser asks each time whether a file has changed.
    """

    read: Read
    release: str
    exact: bool = True
    least: int | None = None
    told: Told | None = None


def forms(artifact: Artifact) -> tuple[Form, ...]:
    """Give the forms that a release holds of a file, best first; every file has the one without an encoding."""
    encoded = (Form(one.encoding, one.body, one.digest) for one in artifact.variants)
    return (*encoded, Form("identity", artifact.body, artifact.digest))


def headers(artifact: Artifact, status: int, told: Told | None = None) -> dict[str, str]:
    """Give what is said of a file: its type, and how long it may be kept."""
    more = told(artifact, status) if told is not None else {"cache-control": "no-cache"}
    return {"content-type": content_type(artifact.media_type), **more}


async def respond(artifact: Artifact, status: int, asked: Asked, sending: Sending) -> Response:
    """Answer a request with a file: whole, in part (206, 416), or not at all where the browser has it (304).

    Raises:
        ChangedError: the file has changed since the build, and `exact` asks for the release's.
        OSError: the file cannot be read.
    """
    choice = forms(artifact)
    said = headers(artifact, status, sending.told)
    page = artifact.media_type == "text/html" and bool(sending.release)
    form = choice[-1] if page else _chosen(choice, asked)
    encoded_now = len(choice) == 1 and _encoded_now(artifact, sending)
    if len(choice) > 1 or encoded_now:
        said["vary"] = "accept-encoding"
    if form.encoding != "identity":
        said["content-encoding"] = form.encoding
    if form.body.size > _LARGE and not page:
        said["etag"] = f'"{form.digest}"'
        return _answer(form.body.size, status, asked, said) or _streamed(form.body, asked, said, sending.read)
    body = await asyncio.to_thread(_whole, form, sending)
    said["etag"] = f'"{digest(body)}"'
    if page:
        body = inject(body, sending.release)
        said["etag"] = f'"{form.digest}-{sending.release}"'
    packed = encoded_now and _takes_brotli(asked)
    if packed:
        said |= {"content-encoding": "br", "etag": f'{said["etag"][:-1]}-br"'}
    if (answer := _answer(len(body), status, asked, said)) is not None:
        return answer
    if packed:  # not before: a browser that reloads a page has most of its files
        body = await asyncio.to_thread(encode_quickly, body)
    return _sent(body, status, asked, said)


def _chosen(choice: Sequence[Form], asked: Asked) -> Form:
    names = [form.encoding for form in choice if form.encoding != "identity"]
    name = preferred(asked.headers.get("accept-encoding", ""), names)
    return next(form for form in choice if form.encoding == name)


def _encoded_now(artifact: Artifact, sending: Sending) -> bool:
    """Tell whether a file is one to compress when it is asked for."""
    if sending.least is None or artifact.body.size > _LARGE:
        return False
    return encodable(artifact, sending.least)


def _takes_brotli(asked: Asked) -> bool:
    """Tell whether a browser prefers brotli; a part of a file is sent as it is."""
    return "range" not in asked.headers and preferred(asked.headers.get("accept-encoding", ""), ("br",)) == "br"


def _whole(form: Form, sending: Sending) -> bytes:
    try:
        body = sending.read(form.body)
    except OSError:
        body = None
    if body is not None and digest(body) == form.digest:
        return body
    if sending.exact:
        raise ChangedError
    return Path(form.body.file).read_bytes()  # only a file of the site can change, and it is whole


def _answer(size: int, status: int, asked: Asked, said: dict[str, str]) -> Response | None:
    """Answer without a body where the request asks for none: 304 or 416."""
    if status != 200:  # noqa: PLR2004
        return None
    said["accept-ranges"] = "bytes"
    known = asked.headers.get("if-none-match")
    if known is not None and matches(known, said["etag"]):
        return Response(status_code=304, headers={name: said[name] for name in said if name != "content-type"})
    if isinstance(_part(size, asked, said), Unsatisfiable):
        return Response(status_code=416, headers={"content-range": f"bytes */{size}"})
    return None


def _part(size: int, asked: Asked, said: Mapping[str, str]) -> Span | Unsatisfiable | None:
    """Give the part of a file that is asked for; `If-Range` must name exactly this file (section 13.1.5)."""
    wanted = asked.headers.get("range")
    if wanted is None or asked.method != "GET" or asked.headers.get("if-range", said["etag"]) != said["etag"]:
        return None
    return span(wanted, size)


def _partial(size: int, asked: Asked, said: dict[str, str]) -> Span | None:
    part = _part(size, asked, said)
    if not isinstance(part, Span):
        return None
    said["content-range"] = f"bytes {part.start}-{part.stop - 1}/{size}"
    return part


def _sent(body: bytes, status: int, asked: Asked, said: dict[str, str]) -> Response:
    part = _partial(len(body), asked, said) if status == 200 else None  # noqa: PLR2004
    if part is not None:
        return Response(body[part.start : part.stop], 206, said)
    return Response(body, status, said)


def _streamed(ref: Ref, asked: Asked, said: dict[str, str], read: Read) -> Response:
    """Send a large file piece by piece."""
    part = _partial(ref.size, asked, said)
    start, stop = (part.start, part.stop) if part is not None else (0, ref.size)
    said["content-length"] = str(stop - start)
    if asked.method == "HEAD":
        return Response(status_code=200, headers=said)
    pieces = _pieces(Ref(ref.file, ref.offset + start, stop - start), read)
    return StreamingResponse(_threaded(pieces), 206 if part is not None else 200, said)


def _pieces(ref: Ref, read: Read) -> Iterator[bytes]:
    for start in range(0, ref.size, _PIECE):
        yield read(Ref(ref.file, ref.offset + start, min(_PIECE, ref.size - start)))


async def _threaded(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    """Take pieces in a thread, so that a slow disk holds nobody else up."""
    while piece := await asyncio.to_thread(next, pieces, b""):
        yield piece
