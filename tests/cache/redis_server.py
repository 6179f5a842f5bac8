"""A Redis server for tests, and things that look like one or like a bucket."""

import contextlib
import http.server
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from typing import ClassVar

import redis

from tests.conftest import require


@contextlib.contextmanager
def redis_server(*options: str) -> Iterator[str]:
    """Run a server on a free loopback port; give its address."""
    program = require("redis-server")
    port = free_port()
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", *options]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd="/") as server:
        try:
            _await(port)
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            server.kill()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await(port: int) -> None:
    for _ in range(200):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.02)
    raise AssertionError("the Redis server did not start")


@contextlib.contextmanager
def sleeping_server() -> Iterator[str]:
    """Listen, and never answer."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"redis://127.0.0.1:{server.getsockname()[1]}/0"


def client_of(url: str) -> "redis.Redis":
    return redis.Redis.from_url(url)


class _Bucket(http.server.BaseHTTPRequestHandler):
    """What S3 does for GET and PUT of an object (docs.aws.amazon.com/AmazonS3/latest/API)."""

    objects: ClassVar[dict[str, bytes]]
    asked: ClassVar[list[str]]

    def do_GET(self) -> None:
        self.asked.append(self.headers.get("Authorization", ""))
        body = self.objects.get(self.path)
        self.send_response(404 if body is None else 200)
        self.send_header("Content-Length", str(len(body or b"")))
        self.send_header("ETag", '"1"')
        self.send_header("Last-Modified", "Fri, 20 Nov 2026 12:00:00 GMT")
        self.end_headers()
        self.wfile.write(body or b"")

    def do_PUT(self) -> None:
        self.asked.append(self.headers.get("Authorization", ""))
        self.objects[self.path] = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("ETag", '"1"')
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@contextlib.contextmanager
def bucket_server() -> Iterator[tuple[str, dict[str, bytes], list[str]]]:
    """Serve a bucket; give the endpoint, its objects by path, and the authorizations of all requests."""

    class Bucket(_Bucket):
        objects: ClassVar[dict[str, bytes]] = {}
        asked: ClassVar[list[str]] = []
        protocol_version = "HTTP/1.1"

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Bucket) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", Bucket.objects, Bucket.asked
        finally:
            server.shutdown()
