"""Real servers for tests of deploys, on loopback: SeaweedFS, moto, Azurite, and what stands before or beside them."""

import base64
import contextlib
import hashlib
import hmac
import http.client
import http.server
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from email.utils import formatdate
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
import obstore
from obstore.store import S3Store

from tests.conftest import require

KEYS = {"AWS_ACCESS_KEY_ID": "KEY", "AWS_SECRET_ACCESS_KEY": "SECRET", "AWS_REGION": "us-east-1"}
# The account that Azurite comes with; it is public (learn.microsoft.com, "Use the Azurite emulator").
AZURE_ACCOUNT = "devstoreaccount1"
AZURE_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="


def free_port() -> int:
    """Give a free port that has a free one 10,000 above, where SeaweedFS would want it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def _program(command: list[str], folder: Path, ready: Callable[[], bool], **more: Any) -> Iterator[None]:
    """Run a program until its end is asked for; it is ready when `ready` says so."""
    with (
        (folder / "log").open("wb") as log,
        subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, **more) as one,
    ):
        try:
            for _ in range(600):
                with contextlib.suppress(OSError, http.client.HTTPException):
                    if ready():
                        break
                assert one.poll() is None, (folder / "log").read_text(encoding="utf-8", errors="replace")[-2000:]
                time.sleep(0.1)
            else:
                raise AssertionError(f"{command[0]} did not start")
            yield
        finally:
            one.kill()


def answer(
    url: str, method: str = "GET", headers: Mapping[str, str] | None = None, body: bytes | None = None
) -> tuple[int, dict[str, str], bytes]:
    """Give the status, headers (names in lower case) and body of an answer, whatever its status."""
    asked = urllib.request.Request(url, body, dict(headers or {}), method=method)  # noqa: S310 - a server of a test
    try:
        with urllib.request.urlopen(asked, timeout=10) as got:  # noqa: S310 - as above
            return got.status, {name.lower(): value for name, value in got.headers.items()}, got.read()
    except urllib.error.HTTPError as reason:
        with reason:
            return reason.code, {name.lower(): value for name, value in reason.headers.items()}, reason.read()


@contextlib.contextmanager
def seaweed(folder: Path) -> Iterator[str]:
    """Run SeaweedFS, whose objects everyone can read; give its endpoint."""
    program = require("weed")
    identities = [
        {
            "name": "admin",
            "credentials": [{"accessKey": KEYS["AWS_ACCESS_KEY_ID"], "secretKey": KEYS["AWS_SECRET_ACCESS_KEY"]}],
            "actions": ["Admin", "Read", "Write", "List", "Tagging"],
        },
        {"name": "anonymous", "actions": ["Read"]},
    ]
    (folder / "s3.json").write_bytes(msgspec.json.encode({"identities": identities}))
    flags = ("master.port", "volume.port", "filer.port", "s3.port")
    ports = {flag: free_port() for flag in (*flags, *(f"{flag}.grpc" for flag in flags))}
    endpoint = f"http://127.0.0.1:{ports['s3.port']}"
    off = ["-s3.port.iceberg=0", "-s3.port.lance=0"]
    command = [program, "server", "-dir=.", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-s3", "-s3.config=s3.json"]
    command += [
        *off,
        "-volume.max=300",
        "-master.volumeSizeLimitMB=64",
        *(f"-{flag}={port}" for flag, port in ports.items()),
    ]

    def ready() -> bool:
        return answer(f"{endpoint}/ready/x")[0] == 404 and writable(ports["master.port"])

    with _program(command, folder, ready):
        yield endpoint


def writable(master: int) -> bool:
    """Tell whether SeaweedFS has a volume to write to."""
    return b'"fid"' in answer(f"http://127.0.0.1:{master}/dir/assign")[2]


def make_bucket(endpoint: str, name: str) -> None:
    """Make a bucket of SeaweedFS, by writing into it."""
    key, secret, region = KEYS.values()
    store = S3Store(
        name,
        endpoint=endpoint,
        access_key_id=key,
        secret_access_key=secret,
        region=region,
        client_options={"allow_http": True},
    )
    obstore.put(store, "beside.txt", b"beside the site", use_multipart=False)


@contextlib.contextmanager
def moto(folder: Path) -> Iterator[str]:
    """Run moto, which stands for S3 and CloudFront; give its endpoint."""
    program = require("moto_server")
    port = free_port()
    endpoint = f"http://127.0.0.1:{port}"
    with _program(
        [program, "-H", "127.0.0.1", "-p", str(port)], folder, lambda: answer(f"{endpoint}/moto-api/")[0] == 200
    ):
        yield endpoint


def open_to_readers(endpoint: str, name: str) -> None:
    """Make a bucket of moto whose objects everyone can read."""
    allowed = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{name}/*"}
    policy = msgspec.json.encode({"Version": "2012-10-17", "Statement": [allowed]})
    assert answer(f"{endpoint}/{name}", "PUT")[0] == 200
    assert answer(f"{endpoint}/{name}?policy", "PUT", {"Content-Type": "application/json"}, policy)[0] in {200, 204}


@contextlib.contextmanager
def azurite(folder: Path) -> Iterator[str]:
    """Run Azurite with containers `site` and `$web` that everyone can read; give the endpoint with the account."""
    program = require("azurite-blob")
    port = free_port()
    command = [
        program,
        "--silent",
        "--skipApiVersionCheck",
        "--blobHost",
        "127.0.0.1",
        "--blobPort",
        str(port),
        "-l",
        ".",
    ]
    endpoint = f"http://127.0.0.1:{port}/{AZURE_ACCOUNT}"
    with _program(command, folder, lambda: bool(answer(endpoint)[0])):
        assert _make_container(f"{endpoint}/site") == _make_container(f"{endpoint}/$web") == 201
        yield endpoint


def _make_container(url: str) -> int:
    """Make a container (learn.microsoft.com, "Authorize with Shared Key")."""
    headers = {"x-ms-blob-public-access": "blob", "x-ms-date": formatdate(usegmt=True), "x-ms-version": "2021-08-06"}
    named = "".join(f"{name}:{value}\n" for name, value in headers.items())
    text = f"PUT\n\n\n\n\n\n\n\n\n\n\n\n{named}/{AZURE_ACCOUNT}{urlsplit(url).path}\nrestype:container"
    signed = hmac.new(base64.b64decode(AZURE_KEY), text.encode(), hashlib.sha256).digest()
    told = f"SharedKey {AZURE_ACCOUNT}:{base64.b64encode(signed).decode()}"
    return answer(f"{url}?restype=container", "PUT", {**headers, "Authorization": told, "Content-Length": "0"})[0]


class Asked(msgspec.Struct, frozen=True):
    """A request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class Desk:
    """What a server says to requests, and which came. `say` gives the status for a request; 0 passes it on."""

    def __init__(self) -> None:
        self.headers: dict[str, str] = {}
        self.body = b""
        self.asked: list[Asked] = []
        self.say: Callable[[Asked], int] = lambda _: 0

    def paths(self, method: str) -> list[str]:
        return [one.path for one in self.asked if one.method == method]


@contextlib.contextmanager
def before(endpoint: str = "") -> Iterator[tuple[str, Desk]]:
    """Run a server before another one: it notes requests, refuses some, and passes the others on as they are.

    Without an endpoint it answers all that is not refused with 200.
    """
    desk = Desk()

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            one = Asked(self.command, self.path, {name.lower(): text for name, text in self.headers.items()}, body)
            desk.asked.append(one)
            status = desk.say(one)
            if status or not endpoint:
                self._answer(status or 200, desk.headers, desk.body)
                return
            host = endpoint.removeprefix("http://")
            with contextlib.closing(http.client.HTTPConnection(host, timeout=20)) as there:
                there.request(self.command, self.path, body or None, dict(self.headers.items()))
                got = there.getresponse()
                self._answer(got.status, dict(got.getheaders()), got.read())

        do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = _serve  # noqa: N815 - names of the library's

        def _answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
            self.send_response_only(status)
            for name, value in headers.items():
                if name.lower() not in {"content-length", "connection", "transfer-encoding"}:
                    self.send_header(name, value)
            length = headers.get("Content-Length", "0") if self.command == "HEAD" else str(len(body))
            self.send_header("Content-Length", length)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    class Quiet(http.server.ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """Say nothing of clients that were killed."""

    with Quiet(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", desk
        finally:
            server.shutdown()
