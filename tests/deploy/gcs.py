"""What Google Cloud Storage does for requests of its XML API (cloud.google.com/storage/docs/xml-api)."""

import contextlib
import http.server
import threading
from collections.abc import Iterator
from typing import Any, ClassVar
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

import msgspec

_STORED = ("cache-control", "content-type", "content-encoding")


class Blob(msgspec.Struct, frozen=True):
    """An object: bytes, headers and metadata, and the number of its generation."""

    body: bytes
    headers: dict[str, str]
    generation: int


class _Storage(http.server.BaseHTTPRequestHandler):
    """One bucket. Every write gives an object another generation, which conditions are about."""

    blobs: ClassVar[dict[str, Blob]]
    protocol_version = "HTTP/1.1"

    @property
    def _key(self) -> str:
        return unquote(urlsplit(self.path).path).partition("/")[2].partition("/")[2]

    def do_GET(self) -> None:
        asked = parse_qs(urlsplit(self.path).query)
        if "list-type" in asked:
            self._answer(200, self._listing(asked.get("prefix", [""])[0]).encode())
            return
        blob = self.blobs.get(self._key)
        if blob is None:
            self._answer(404, b"<Error><Code>NoSuchKey</Code></Error>")
        else:
            self._answer(200, blob.body, blob)

    do_HEAD = do_GET  # noqa: N815 - a name of the library's

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        there = self.blobs.get(self._key)
        wanted = self.headers.get("x-goog-if-generation-match")
        if wanted is not None and int(wanted) != (there.generation if there else 0):
            self._answer(412, b"<Error><Code>PreconditionFailed</Code></Error>")
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        kept = {name: value for name, value in headers.items() if name in _STORED or name.startswith("x-goog-meta-")}
        source = self.headers.get("x-goog-copy-source")
        if source:
            copied = self.blobs.get(unquote(source).strip("/").partition("/")[2])
            if copied is None:
                self._answer(404, b"<Error><Code>NoSuchKey</Code></Error>")
                return
            body, kept = copied.body, copied.headers
        self.blobs[self._key] = Blob(body, kept, max([0, *(one.generation for one in self.blobs.values())]) + 1)
        self._answer(200, b"", self.blobs[self._key])

    def do_DELETE(self) -> None:
        self._answer(204 if self.blobs.pop(self._key, None) else 404, b"")

    def _listing(self, prefix: str) -> str:
        rows = "".join(
            f"<Contents><Key>{escape(key)}</Key><LastModified>2026-11-24T12:00:00.000Z</LastModified>"
            f'<ETag>"{blob.generation}"</ETag><Size>{len(blob.body)}</Size></Contents>'
            for key, blob in sorted(self.blobs.items())
            if key.startswith(prefix)
        )
        return f"<ListBucketResult>{rows}</ListBucketResult>"

    def _answer(self, status: int, body: bytes, blob: Blob | None = None) -> None:
        self.send_response(status)
        if blob is not None:
            self.send_header("ETag", f'"{blob.generation}"')
            self.send_header("x-goog-generation", str(blob.generation))
            self.send_header("Last-Modified", "Tue, 24 Nov 2026 12:00:00 GMT")
            for name, value in blob.headers.items():
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@contextlib.contextmanager
def storage() -> Iterator[tuple[str, dict[str, Blob]]]:
    """Serve an empty bucket; give the address and the objects by key."""

    class Storage(_Storage):
        blobs: ClassVar[dict[str, Blob]] = {}

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Storage) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", Storage.blobs
        finally:
            server.shutdown()
