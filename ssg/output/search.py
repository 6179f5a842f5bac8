"""Finished pages → the files of a search index, by Pagefind. Needs the extra `ssg[search]`.

The binary is spoken to as Pagefind's own wrapper for Python does: a request is JSON in base64 with a comma after it,
and so is the answer. The wrapper itself waits a tenth of a second for each answer, and reads none above 2 MiB
(pagefind 1.5.2, `service/__init__.py`), which a site of a thousand pages would not forgive. The files come back as an
answer and not by way of a folder: Pagefind 1.5 says that it has written them before it has.
"""

import base64
import functools
import importlib
import importlib.util
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from io import BufferedReader
from typing import IO, TYPE_CHECKING, Any, cast

import msgspec

from ssg.config import SearchConfig, place
from ssg.errors import Diagnostic, Location, SiteError, error, has_errors
from ssg.model import Artifact, Ref, RouteKind, Site
from ssg.output.release import artifact_path
from ssg.output.settle import settle
from ssg.routes import SEARCH_INDEX
from ssg.urls import HTML, href
from ssg.versions import code_of

if TYPE_CHECKING:
    import subprocess

# The first cuts Chinese, Japanese and Thai into words, and is taken where it is installed.
_BINARIES = ("pagefind_bin_extended", "pagefind_bin")
_PIECE = 1 << 20


class _File(msgspec.Struct):
    path: str
    content: bytes


class _Answer(msgspec.Struct):
    """What Pagefind says to a request; `type` is `Error` where it cannot be met."""

    type: str
    message: str = ""
    files: tuple[_File, ...] = ()


class _Message(msgspec.Struct):
    payload: _Answer


def check_search(config: SearchConfig, root: str) -> tuple[Diagnostic, ...]:
    """Say so where the site of folder `root` asks for a search and Pagefind is not installed."""
    if config.engine == "none" or _available():
        return ()
    where = place(root, ("search",), "engine")
    return (error("search", 'engine = "pagefind" needs Pagefind', where, "install ssg[search]"),)


def searched(site: Site, documents: Iterable[Artifact], config: SearchConfig) -> dict[str, Artifact]:
    """Give the documents of the pages that a search may find, by URL from the site's root.

    There are none where search is off, or where a document has an error, as nothing is published then.
    """
    if config.engine == "none" or not _available():
        return {}
    finished = {document.path: document for document in documents}
    if any(has_errors(document.diagnostics) for document in finished.values()):
        return {}
    pages = (route for route in site.routes if route.kind is RouteKind.PAGE and route.format == HTML)
    routes = (route for route in pages if site.pages[int(route.key[0])].search)
    placed = ((href(route.url), artifact_path(route.url)) for route in routes)
    return {url: finished[path] for url, path in placed if path in finished}


def index_key(pages: Mapping[str, Artifact]) -> bytes:
    """Give the bytes that decide what the index over documents is: this code, its libraries, and theirs by digest."""
    code = code_of(("output/search.py", "output/settle.py"), (_binary().replace("_", "-"), "cbor2"))
    return msgspec.msgpack.encode((code, [(url, one.digest) for url, one in pages.items()]))


def make_index(pages: Mapping[str, Artifact], read: Callable[[Ref], bytes], spool: str) -> dict[str, bytes]:
    """Give the files of the index over documents, by path below its folder.

    Takes the documents by URL, in the order that breaks ties among results, what reads their bytes, and a folder for
    temporary files. There is an index for each language, by the `lang` of `<html>`.

    Raises:
        SiteError: Pagefind cannot be run, or refuses a page.
    """
    with tempfile.TemporaryDirectory(dir=spool) as folder, _started(folder) as pagefind:
        pagefind.ask({"type": "NewIndex", "config": {}})
        for url, page in pages.items():
            text = read(page.body).decode()
            pagefind.ask({"type": "AddFile", "index_id": 0, "url": url, "file_contents": text}, page.source)
        files = pagefind.ask({"type": "GetFiles", "index_id": 0}).files
    return settle({file.path: file.content for file in files})


def _available() -> bool:
    return _binary() != "" and importlib.util.find_spec("cbor2") is not None


@contextmanager
def _started(folder: str) -> Iterator["_Pagefind"]:
    import subprocess  # noqa: PLC0415 - 2 ms, for sites with a search

    with tempfile.TemporaryFile(dir=folder) as said:
        try:
            # Without an environment and in an empty folder, as both can configure it.
            process = subprocess.Popen(  # noqa: S603 - an installed package's own
                [_executable(), "--service"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=said,
                cwd=folder,
                env={},
            )
        except OSError as reason:
            raise _failed(f"cannot be run: {reason.strerror}", "") from reason
        try:
            yield _Pagefind(process, said)
        finally:
            process.kill()
            process.communicate()


class _Pagefind:
    """The binary as a service, and the file that it writes its complaints to."""

    def __init__(self, process: "subprocess.Popen[bytes]", said: IO[bytes]) -> None:
        self._process = process
        self._said = said

    def ask(self, request: Mapping[str, Any], source: str = "") -> _Answer:
        """Make one request and wait for its answer; `source` names the page that it is about."""
        answer = self._exchange(base64.b64encode(msgspec.json.encode({"message_id": 1, "payload": request})), source)
        found = msgspec.json.decode(base64.b64decode(answer), type=_Message).payload
        if found.type == "Error":
            raise _failed(found.message, source)
        return found

    def _exchange(self, request: bytes, source: str) -> bytes:
        stdin, stdout = cast("IO[bytes]", self._process.stdin), cast("BufferedReader", self._process.stdout)
        try:
            stdin.write(request + b",")
            stdin.flush()
            pieces = [stdout.read1(_PIECE)]
            while pieces[-1] and not pieces[-1].endswith(b","):
                pieces.append(stdout.read1(_PIECE))
        except BrokenPipeError:
            pieces = [b""]
        if not pieces[-1]:
            self._said.seek(0)
            said = self._said.read().decode(errors="replace").strip().rpartition("\n")[2]
            raise _failed(said or "it ended without an answer", source)
        return b"".join(pieces)[:-1]


@functools.cache
def _binary() -> str:
    return next((name for name in _BINARIES if importlib.util.find_spec(name)), "")


def _executable() -> str:
    return str(importlib.import_module(_binary()).get_executable())


def _failed(message: str, source: str) -> SiteError:
    where = Location(source or SEARCH_INDEX)
    hint = 'leave the page out with "search: false"' if source else 'try another version of it, or set engine = "none"'
    return SiteError(error("search", f"Pagefind failed: {message}", where, hint))
