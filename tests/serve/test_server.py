"""The preview over HTTP."""

import asyncio
import http.client
import json
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import brotli
import msgspec
import pytest

from ssg.cache import NullStore
from ssg.config import Config, OutputConfig
from ssg.digests import digest
from ssg.errors import ConfigError, Location, error
from ssg.model import Artifact, Ref, Release
from ssg.serve import respond
from ssg.serve.app import make_app
from ssg.serve.hub import Hub
from ssg.serve.mistakes import Mistakes, describe
from ssg.serve.published import Published
from ssg.serve.rebuild import Resting
from ssg.serve.respond import Form
from ssg.serve.server import Address, Server, listen
from ssg.serve.snapshot import Snapshot
from ssg.urls import media_type
from tests.serve.watching import Stream

LARGE = bytes(range(256)) * 40_000
FILES = {
    "404.html": b"<p>nothing here",
    "a/index.html": b"<p>a page",
    "app.js": b"let a\n",
    "fr/404.html": b"<p>rien",
    "index.html": b"<p>home</body></html>",
    "large.bin": LARGE,
    "style.css": b"p { color: red }\n",
    ".htaccess": b"secret",
}


def snapshot(folder: Path, files: Mapping[str, bytes] = FILES, base_path: str = "") -> Snapshot:
    """Give a snapshot of files, as they lie in a folder."""
    artifacts = []
    for path, body in sorted(files.items()):
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(body)
        artifacts.append(Artifact(path, Ref(str(place), 0, len(body)), digest(body), media_type(path), path))
    published = Published(Release(tuple(artifacts), (), len(artifacts)), base_path)
    return Snapshot(published=published, read=Resting(NullStore()).read)


class Preview:
    """A running server."""

    def __init__(self, hub: Hub, address: Address, server: Server, folder: Path) -> None:
        self.hub, self.address, self.server, self.folder = hub, address, server, folder

    def ask(self, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.address.port, timeout=10)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.putrequest(method, path, skip_host="Host" in named, skip_accept_encoding=True)
            for name, value in named.items():
                connection.putheader(name, value)
            connection.endheaders()
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        finally:
            connection.close()

    def stream(self, page: str, release: str) -> "Stream":
        return Stream(self.address.port, page, release)

    def publish(self, new: Snapshot, mistakes: Mistakes | None = None) -> None:
        self.server.publish(new, mistakes or Mistakes())
        deadline = time.monotonic() + 5
        while self.hub.snapshot is not new and time.monotonic() < deadline:
            time.sleep(0.001)


def failed(reason: BaseException) -> None:
    raise AssertionError("the server failed") from reason


@pytest.fixture
def preview(tmp_path: Path) -> Iterator[Preview]:
    hub = Hub(snapshot(tmp_path / "one"), Mistakes())
    address = listen("127.0.0.1", 0)
    app = make_app(hub, (address.host, "allowed.example"), reload=True)
    with Server(app, hub, address, failed) as server:
        yield Preview(hub, address, server, tmp_path)


def test_a_page(preview: Preview) -> None:
    status, headers, body = preview.ask("/a/")
    release = preview.hub.snapshot.digest
    assert status == 200
    assert headers["content-type"] == "text/html; charset=utf-8"
    assert headers["cache-control"] == "no-cache"
    assert body == f'<p>a page<script type="module" src="/_ssg/client.js?release={release}"></script>'.encode()
    assert preview.ask("/")[2].endswith(b"</script></body></html>")
    status, _, body = preview.ask("/a/", If_None_Match=headers["etag"])
    assert (status, body) == (304, b"")
    preview.publish(snapshot(preview.folder / "two", FILES | {"app.js": b"let b\n"}))
    assert preview.ask("/a/", If_None_Match=headers["etag"])[0] == 200, "a page names the release that it is part of"


def test_a_file(preview: Preview) -> None:
    status, headers, body = preview.ask("/style.css")
    assert (status, body) == (200, FILES["style.css"])
    assert headers["content-type"] == "text/css; charset=utf-8"
    assert headers["etag"] == f'"{digest(body)}"'
    assert preview.ask("/style.css", If_None_Match=f'"x", W/{headers["etag"]}')[0] == 304
    assert preview.ask("/style.css", If_None_Match='"x"')[0] == 200
    assert preview.ask("/large.bin")[2] == LARGE
    status, headers, body = preview.ask("/style.css", "HEAD")
    assert (status, headers["content-length"], body) == (200, "17", b"")
    status, headers, body = preview.ask("/large.bin", "HEAD")
    assert (status, headers["content-length"], body) == (200, str(len(LARGE)), b"")


@pytest.mark.parametrize("path", ["/style.css", "/large.bin"])
def test_parts_of_a_file(preview: Preview, path: str) -> None:
    whole = FILES[path[1:]]
    etag = preview.ask(path, "HEAD")[1]["etag"]
    status, headers, body = preview.ask(path, Range="bytes=2-9")
    assert (status, body) == (206, whole[2:10])
    assert headers["content-range"] == f"bytes 2-9/{len(whole)}"
    assert headers["content-length"] == "8"
    assert preview.ask(path, Range="bytes=-5")[2] == whole[-5:]
    assert preview.ask(path, Range="bytes=2-9", If_Range=etag)[0] == 206
    for other in ('"x"', f"W/{etag}", "Tue, 24 Nov 2026 08:00:00 GMT"):
        assert preview.ask(path, Range="bytes=2-9", If_Range=other)[0] == 200
    status, headers, _ = preview.ask(path, Range=f"bytes={len(whole)}-")
    assert (status, headers["content-range"]) == (416, f"bytes */{len(whole)}")
    assert preview.ask(path, "HEAD", Range="bytes=2-9")[0] == 200


def test_a_large_part_in_pieces(preview: Preview) -> None:
    assert preview.ask("/large.bin", Range="bytes=100-9000000")[2] == LARGE[100:9000001]


def test_what_is_not_there(preview: Preview) -> None:
    status, _, body = preview.ask("/nowhere/")
    assert status == 404
    assert body.startswith(b"<p>nothing here<script")
    assert preview.ask("/fr/nowhere/")[2].startswith(b"<p>rien")
    for path in ("/.htaccess", "/../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/..%2f..%2fetc/passwd", "/%2ehtaccess"):
        assert preview.ask(path)[0] == 404
    assert preview.ask("/_ssg/app.py")[0] == 404
    assert preview.ask("/_ssg/../app.py")[0] == 404
    assert preview.ask("/_ssg/%2e%2e%2fapp.py")[0] == 404


def test_moves_keep_the_query(preview: Preview) -> None:
    status, headers, _ = preview.ask("/a?x=1&y=%20")
    assert (status, headers["location"]) == (308, "/a/?x=1&y=%20")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"])
def test_other_methods(preview: Preview, method: str) -> None:
    status, headers, _ = preview.ask("/", method)
    assert (status, sorted(headers["allow"].split(", "))) == (405, ["GET", "HEAD"])
    assert preview.ask("/_ssg/client.js", method)[0] == 405


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("localhost:8000", 200),
        ("LOCALHOST", 200),
        ("localhost.", 200),
        ("127.0.0.1:1", 200),
        ("[::1]:8000", 200),
        ("allowed.example", 200),
        ("evil.example", 403),
        ("127.0.0.1.evil.example", 403),
        ("localhost:8000@evil.example", 403),
        ("localhost, evil.example", 403),
        ("192.168.0.1", 403),
        ("", 403),
        ("[::1", 403),
    ],
)
def test_names(preview: Preview, host: str, expected: int) -> None:
    assert preview.ask("/", Host=host)[0] == expected
    assert preview.ask("/_ssg/client.js", Host=host)[0] == expected
    if expected == 403:
        assert preview.ask("/_ssg/events?page=/", Host=host)[0] == expected


def test_the_scripts_of_the_preview(preview: Preview) -> None:
    for name in ("client.js", "morph.js", "overlay.js", "idiomorph.js"):
        status, headers, body = preview.ask(f"/_ssg/{name}?release=x")
        assert status == 200
        assert headers["content-type"] == "text/javascript; charset=utf-8"
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert preview.ask(f"/_ssg/{name}", If_None_Match=headers["etag"])[0] == 304
        assert b"eval(" not in body


def test_a_file_that_is_being_saved_waits_for_the_build(preview: Preview) -> None:
    (preview.folder / "one/style.css").write_bytes(b"p { color: blue }\n")
    new = snapshot(preview.folder / "two", FILES | {"style.css": b"p { color: blue }\n"})
    timer = threading.Timer(0.2, preview.publish, [new])
    timer.start()
    status, headers, body = preview.ask("/style.css")
    timer.join()
    assert (status, body) == (200, b"p { color: blue }\n")
    assert headers["etag"] == f'"{digest(body)}"'


def test_a_file_that_no_build_takes_is_sent_as_it_is(preview: Preview, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ssg.serve.app._PATIENCE", 0.05)
    (preview.folder / "one/style.css").write_bytes(b"p {}")
    status, headers, body = preview.ask("/style.css")
    assert (status, body, headers["etag"]) == (200, b"p {}", f'"{digest(b"p {}")}"')
    (preview.folder / "one/style.css").unlink()
    assert preview.ask("/style.css")[0] == 404


def test_a_site_below_a_path(preview: Preview) -> None:
    preview.publish(snapshot(preview.folder / "two", base_path="/docs"))
    assert preview.ask("/docs/a/")[0] == 200
    assert preview.ask("/")[:1] == (307,)
    assert preview.ask("/docs")[1]["location"] == "/docs/"
    assert preview.ask("/a/")[2].startswith(b"<p>nothing here")
    assert preview.ask("/_ssg/client.js")[0] == 200


def test_before_there_is_a_release(preview: Preview) -> None:
    preview.publish(Snapshot(diagnostics=(error("yaml", "is wrong", Location("a.md", 1)),)))
    status, headers, body = preview.ask("/a/")
    assert (status, headers["cache-control"]) == (503, "no-store")
    assert b"a.md:1: is wrong" in body
    assert b"client.js?release=none" in body


def test_events(preview: Preview) -> None:
    one = preview.hub.snapshot
    two = snapshot(preview.folder / "two", FILES | {"a/index.html": b"<p>new"})
    mistakes = describe((error("yaml", "is wrong", Location("a.md", 1)),), str(preview.folder))
    with preview.stream("/a/", one.digest) as tab, preview.stream("/", one.digest) as other:
        assert tab.answer.headers["content-type"].startswith("text/event-stream")
        assert tab.event() == {
            "release": one.digest,
            "page": "same",
            "styles": [],
            "files": [],
            "mistakes": {"shown": [], "more": 0},
        }
        other.event()
        assert preview.hub.shown() == ("/", "/a/")
        preview.publish(two)
        assert (tab.event()["page"], other.event()["page"]) == ("changed", "same")
        preview.publish(Snapshot(published=two.published, read=two.read), mistakes)
        for stream in (tab, other):
            told = stream.event()
            assert (told["page"], told["release"]) == ("same", two.digest)
            assert told["mistakes"]["shown"][0]["place"] == "a.md:1"
    with preview.stream("/a/", one.digest) as late, preview.stream("/", one.digest) as unmoved:
        assert late.event()["page"] == "changed", "a tab that comes back is told what it missed"
        assert unmoved.event()["page"] == "same"
    with preview.stream("/a/", "unknown") as stranger:
        assert stranger.event()["page"] == "reload"


def test_a_tab_that_is_closed_is_forgotten(preview: Preview) -> None:
    with preview.stream("/a/", "x") as tab:
        tab.event()
        assert preview.hub.shown() == ("/a/",)
    deadline = time.monotonic() + 5
    while preview.hub.shown() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert preview.hub.shown() == ()


def test_a_tab_that_takes_nothing_does_not_grow(tmp_path: Path) -> None:
    one, two = snapshot(tmp_path / "one"), snapshot(tmp_path / "two", FILES | {"a/index.html": b"<p>new"})

    async def slept() -> list[str]:
        hub = Hub(one, Mistakes())
        stream = aiter(hub.stream("/a/", one.digest))
        await anext(stream)
        for _ in range(100):
            hub.publish(two, Mistakes())
            hub.publish(one, Mistakes())
        [tab] = hub._tabs
        assert tab.waiting.qsize() <= 16
        assert len(hub._past) == 8
        hub.close()
        return [json.loads(message.partition(b"data: ")[2])["page"] async for message in stream]

    pages = asyncio.run(slept())
    assert "reload" in pages
    assert len(pages) <= 16


def test_encodings_that_a_release_holds(preview: Preview, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A file with forms is sent in the one that the browser likes best; each has its own entity tag."""
    (tmp_path / "style.css.br").write_bytes(b"brotli")
    form = Form("br", Ref(str(tmp_path / "style.css.br"), 0, 6), digest(b"brotli"))
    forms = respond.forms
    monkeypatch.setattr(respond, "forms", lambda artifact: (form, *forms(artifact)))
    status, headers, body = preview.ask("/style.css", Accept_Encoding="gzip, br")
    assert (status, body, headers["content-encoding"], headers["vary"]) == (200, b"brotli", "br", "accept-encoding")
    status, plain, body = preview.ask("/style.css", Accept_Encoding="gzip")
    assert (status, body, plain["vary"]) == (200, FILES["style.css"], "accept-encoding")
    assert "content-encoding" not in plain
    assert plain["etag"] != headers["etag"]
    assert preview.ask("/a/", Accept_Encoding="br")[2].startswith(b"<p>a page"), "the script goes into plain text"


@pytest.fixture
def text(tmp_path: Path) -> Iterator[Preview]:
    """A preview of files that are worth compressing."""
    files = {"index.html": b"<p>" + b"a page " * 200, "long.css": b"p { color: red }\n" * 100, "long.png": bytes(5000)}
    hub = Hub(snapshot(tmp_path / "text", files), Mistakes())
    address = listen("127.0.0.1", 0)
    with Server(make_app(hub, (), reload=True), hub, address, failed) as server:
        yield Preview(hub, address, server, tmp_path)


def test_a_file_is_compressed_when_it_is_asked_for(text: Preview) -> None:
    body = text.ask("/long.css")[2]
    for header in ("gzip, deflate, br, zstd", "br;q=0.5", "*"):
        status, headers, form = text.ask("/long.css", Accept_Encoding=header)
        assert (status, headers["content-encoding"], headers["vary"]) == (200, "br", "accept-encoding")
        assert (len(form) < len(body), brotli.decompress(form)) == (True, body)
        assert headers["content-length"] == str(len(form))
        assert headers["content-type"] == "text/css; charset=utf-8"
    tag = headers["etag"]
    status, again, form = text.ask("/long.css", Accept_Encoding="br", If_None_Match=tag)
    assert (status, form, again["etag"], again["vary"]) == (304, b"", tag, "accept-encoding")
    status, headed, form = text.ask("/long.css", "HEAD", Accept_Encoding="br")
    assert (status, headed["content-length"], form) == (200, headers["content-length"], b"")
    assert text.ask("/long.css", Accept_Encoding="gzip", If_None_Match=tag)[0] == 200, "that is of another form"


def test_who_does_not_take_brotli_gets_the_file(text: Preview) -> None:
    body = b"p { color: red }\n" * 100
    for accepted in ({}, {"Accept_Encoding": "gzip"}, {"Accept_Encoding": "br;q=0"}, {"Accept_Encoding": "identity"}):
        status, headers, found = text.ask("/long.css", **accepted)
        assert (status, found, headers["vary"]) == (200, body, "accept-encoding")
        assert "content-encoding" not in headers
        assert headers["etag"] == f'"{digest(body)}"'
    status, headers, part = text.ask("/long.css", Accept_Encoding="br", Range="bytes=0-9")
    assert (status, part, "content-encoding" in headers) == (206, body[:10], False)


def test_a_page_is_compressed_with_its_script(text: Preview) -> None:
    status, headers, form = text.ask("/", Accept_Encoding="br")
    assert (status, headers["content-encoding"]) == (200, "br")
    assert brotli.decompress(form) == text.ask("/")[2]
    assert b"/_ssg/client.js?release=" in brotli.decompress(form)
    assert text.ask("/", Accept_Encoding="br", If_None_Match=headers["etag"])[0] == 304
    assert headers["etag"] != text.ask("/")[1]["etag"]


def test_what_is_not_worth_it_or_not_wanted_is_not_compressed(text: Preview) -> None:
    assert "vary" not in text.ask("/long.png", Accept_Encoding="br")[1]
    off = Config(output=OutputConfig(encodings=()))
    text.publish(msgspec.structs.replace(text.hub.snapshot, config=off))
    headers = text.ask("/long.css", Accept_Encoding="br")[1]
    assert not {"vary", "content-encoding"} & headers.keys()


def test_ending_is_at_once_with_open_streams(tmp_path: Path) -> None:
    hub = Hub(snapshot(tmp_path / "one"), Mistakes())
    address = listen("127.0.0.1", 0)
    with Server(make_app(hub, (), reload=True), hub, address, failed) as server:
        streams = [Preview(hub, address, server, tmp_path).stream("/a/", "x") for _ in range(3)]
        for one in streams:
            one.event()
        begin = time.monotonic()
    assert time.monotonic() - begin < 1
    for one in streams:
        assert one.answer.read().strip() == b""
        one.__exit__()


def test_without_reloading_pages_are_left_alone(tmp_path: Path) -> None:
    hub = Hub(snapshot(tmp_path / "one"), Mistakes())
    address = listen("127.0.0.1", 0)
    with Server(make_app(hub, (), reload=False), hub, address, failed) as server:
        preview = Preview(hub, address, server, tmp_path)
        assert preview.ask("/a/")[2] == FILES["a/index.html"]
        assert preview.ask("/_ssg/events?page=/")[0] == 404


def test_a_port_in_use_gives_the_next() -> None:
    first = listen("127.0.0.1", 0)
    second = listen("127.0.0.1", first.port)
    try:
        assert second.port > first.port
        assert second.origin == f"http://127.0.0.1:{second.port}"
    finally:
        first.socket.close()
        second.socket.close()


def test_addresses() -> None:
    assert Address(None, "::1", 8000).origin == "http://[::1]:8000"
    assert Address(None, "::", 8000).origin == "http://[::1]:8000"
    assert Address(None, "0.0.0.0", 8000).origin == "http://127.0.0.1:8000"  # noqa: S104
    with pytest.raises(ConfigError, match="is no address of this machine"):
        listen("no.such.host.invalid", 0)
    with pytest.raises(ConfigError, match="cannot be listened at"):
        listen("192.0.2.1", 0)  # an address for documentation (RFC 5737), which no machine has


def test_both_loopback_addresses() -> None:
    if not socket.has_ipv6:
        pytest.skip("no IPv6 here")
    try:
        address = listen("[::1]", 0)
    except ConfigError:
        pytest.skip("no IPv6 here")
    assert address.socket.family == socket.AF_INET6
    address.socket.close()
