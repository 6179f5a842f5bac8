"""A folder served to a browser on this machine, with its compressed forms, and a note of every request."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

import msgspec

from ssg.urls import content_type, media_type

ENCODINGS = (("br", ".br"), ("gzip", ".gz"))
"""The compressed forms that may lie beside a file, by the name that HTTP gives them (RFC 9110, section 8.4.1), best
first, with their endings."""
_PIECE = 1 << 16
_NO_RANGE = (HTTPStatus.NOT_FOUND, HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE)


class Request(msgspec.Struct, frozen=True):
    """A request that was answered: for which host, the path with its query as it was asked, and the answer.

    `bytes` are those of the body as it was sent, in its encoding (`identity` for none); `complete` is false where the
    browser went away before the end, or where it asked for a part of the file.
    """

    host: str
    path: str
    status: int
    encoding: str
    bytes: int
    complete: bool


class Log:
    """The requests that a server has answered, in the order in which they ended, and how many are under way."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: list[Request] = []
        self._open: dict[str, int] = {}

    def begin(self, host: str) -> None:
        """Note that a request has come."""
        with self._lock:
            self._open[host] = self._open.get(host, 0) + 1

    def end(self, request: Request) -> None:
        """Note that one has been answered."""
        with self._lock:
            self._open[request.host] -= 1
            self._requests.append(request)

    def of(self, host: str) -> tuple[Request, ...]:
        """Give the requests for one host so far."""
        with self._lock:
            return tuple(one for one in self._requests if one.host == host)

    def busy(self, host: str) -> bool:
        """Tell whether a request for a host is under way."""
        with self._lock:
            return self._open.get(host, 0) > 0


class Host(msgspec.Struct, frozen=True):
    """A server on this machine: its port, and what it was asked for."""

    port: int
    log: Log

    def origin(self, name: str = "127.0.0.1") -> str:
        """Give the beginning of its URLs; any name below `localhost` leads to it as well (RFC 6761, section 6.3)."""
        return f"http://{name}:{self.port}"


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


@contextmanager
def hosted(folder: Path, base_path: str = "/") -> Iterator[Host]:
    """Serve a folder on a free port of this machine alone; `base_path` is what the site's URLs begin with.

    `/a/` is answered with `a/index.html`, and what is not there with `404.html` where there is one. A file that has a
    compressed form beside it, `a.css.br` or `a.css.gz`, is sent in the best one that the browser takes. For a name
    below `localhost`, like `one.localhost` or `x.one.localhost`, the folder `one` is served if there is one, so that
    sites, and visits to one of them, can be told apart.
    """
    log = Log()
    handler = type("Handler", (_Handler,), {"folder": folder, "base_path": base_path, "log": log})
    with _Server(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield Host(server.server_address[1], log)
        finally:
            server.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    """Answers the requests of one connection; `hosted` gives its subclass what it needs to know."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # an answer's head and body go out together
    disable_nagle_algorithm = True
    folder: Path
    base_path: str
    log: Log

    def do_GET(self) -> None:
        """Answer a GET."""
        self._respond()

    def do_HEAD(self) -> None:
        """Answer a HEAD: as a GET, without a body."""
        self._respond()

    def log_message(self, *_: object) -> None:
        """Print nothing: the log is kept."""

    def _respond(self) -> None:
        host = self.headers.get("Host", "").partition(":")[0]
        self.log.begin(host)
        sent, complete, status, encoding = 0, False, HTTPStatus.NOT_FOUND, "identity"
        try:
            file, status = self._found(host)
            form, encoding = self._form(file) if file is not None else (None, "identity")
            body = form.read_bytes() if form is not None else b""
            body, status, said = self._part(body, status, encoding)
            self._say(file, status, said, len(body))
            for start in range(0, len(body) if self.command == "GET" else 0, _PIECE):
                self.wfile.write(body[start : start + _PIECE])
                sent += len(body[start : start + _PIECE])
            self.wfile.flush()
            complete = status != HTTPStatus.PARTIAL_CONTENT
        except OSError:  # the browser has enough
            self.close_connection = True
        finally:
            self.log.end(Request(host, self.path, status, encoding, sent, complete))

    def _found(self, host: str) -> tuple[Path | None, HTTPStatus]:
        """Give the file that answers, and the status; a path that leads out of the folder finds nothing."""
        root = self._root(host)
        path = unquote(self.path.partition("?")[0].partition("#")[0])
        inside = path.startswith(self.base_path) and ".." not in PurePosixPath(path).parts and "\0" not in path
        file = root / path.removeprefix(self.base_path).lstrip("/")
        if inside and (path.endswith("/") or file == root):
            file /= "index.html"
        if inside and file.is_file():
            return file, HTTPStatus.OK
        missing = root / "404.html"
        return (missing if missing.is_file() else None), HTTPStatus.NOT_FOUND

    def _root(self, host: str) -> Path:
        name = host.removesuffix(".localhost").rpartition(".")[2]
        own = self.folder / name
        return own if host.endswith(".localhost") and name.isascii() and own.is_dir() else self.folder

    def _form(self, file: Path) -> tuple[Path, str]:
        """Give the form of a file that is sent, and its encoding."""
        taken = {part.partition(";")[0].strip() for part in self.headers.get("Accept-Encoding", "").split(",")}
        for name, ending in ENCODINGS:
            form = file.with_name(file.name + ending)
            if name in taken and form.is_file():
                return form, name
        return file, "identity"

    def _part(self, body: bytes, status: HTTPStatus, encoding: str) -> tuple[bytes, HTTPStatus, dict[str, str]]:
        """Give the part of a body that is asked for (RFC 9110, section 14): videos are read in such."""
        said = {"Vary": "Accept-Encoding"} | ({} if encoding == "identity" else {"Content-Encoding": encoding})
        unit, _, asked = self.headers.get("Range", "").partition("=")
        first, dash, last = asked.partition("-")
        if unit != "bytes" or not dash or not first.isdigit() or status in _NO_RANGE or encoding != "identity":
            return body, status, said
        stop = min(int(last), len(body) - 1) if last.isdigit() else len(body) - 1
        if int(first) > stop:
            said["Content-Range"] = f"bytes */{len(body)}"
            return b"", HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, said
        said["Content-Range"] = f"bytes {first}-{stop}/{len(body)}"
        return body[int(first) : stop + 1], HTTPStatus.PARTIAL_CONTENT, said

    def _say(self, file: Path | None, status: HTTPStatus, said: dict[str, str], size: int) -> None:
        kind = media_type(file.name) if file is not None else "text/plain"
        self.send_response(status)
        self.send_header("Content-Type", content_type(kind))
        self.send_header("Content-Length", str(size))
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Cache-Control", "max-age=3600")
        for name, value in said.items():
            self.send_header(name, value)
        self.end_headers()
