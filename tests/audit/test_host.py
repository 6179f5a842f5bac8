"""The server of audits sends what a host would, and its log says what was sent."""

import http.client
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ssg.audit.host import Host, hosted


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    site = tmp_path / "site"
    for name, body in {
        "a/index.html": b"page",
        "a.css": b"plain",
        "a.css.br": b"br",
        "a.css.gz": b"gzip",
        "b.wav": b"0123456789",
        "404.html": b"nothing here",
        "one/index.html": b"one",
        "a b.png": b"png",
    }.items():
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_bytes(body)
    (tmp_path / "secret.txt").write_bytes(b"secret")
    with hosted(site) as running:
        yield running


def get(
    host: Host, path: str, name: str = "127.0.0.1", method: str = "GET", **headers: str
) -> tuple[int, bytes, dict[str, str]]:
    connection = http.client.HTTPConnection("127.0.0.1", host.port)
    said = {"Host": f"{name}:{host.port}", **{key.replace("_", "-"): value for key, value in headers.items()}}
    connection.request(method, path, headers=said)
    answer = connection.getresponse()
    found = answer.status, answer.read(), dict(answer.getheaders())
    connection.close()
    return found


def test_a_folder_is_answered_with_its_page(host: Host) -> None:
    assert get(host, "/a/")[:2] == (200, b"page")
    assert get(host, "/a%20b.png")[:2] == (200, b"png")


@pytest.mark.parametrize(
    ("taken", "encoding", "body"),
    [
        ("gzip, deflate, br, zstd", "br", b"br"),
        ("gzip", "gzip", b"gzip"),
        ("identity", None, b"plain"),
        ("", None, b"plain"),
    ],
)
def test_the_best_form_that_is_taken_is_sent(host: Host, taken: str, encoding: str | None, body: bytes) -> None:
    status, found, headers = get(host, "/a.css", Accept_Encoding=taken)
    assert (status, found, headers.get("Content-Encoding")) == (200, body, encoding)
    assert headers["Content-Type"] == "text/css; charset=utf-8"
    assert headers["Vary"] == "Accept-Encoding"


def test_what_is_not_there_is_answered_with_the_page_for_that(host: Host) -> None:
    for path in ("/none", "/a", "/../secret.txt", "/%2e%2e/secret.txt", "/a/..%2f..%2fsecret.txt", "/%00"):
        assert get(host, path)[:2] == (404, b"nothing here"), path


def test_a_part_is_sent_where_one_is_asked_for(host: Host) -> None:
    status, body, headers = get(host, "/b.wav", Range="bytes=2-4")
    assert (status, body, headers["Content-Range"]) == (206, b"234", "bytes 2-4/10")
    assert get(host, "/b.wav", Range="bytes=8-")[:2] == (206, b"89")
    assert get(host, "/b.wav", Range="bytes=10-")[0] == 416


def test_a_name_below_localhost_has_a_folder_of_its_own(host: Host) -> None:
    assert get(host, "/", "one.localhost")[1] == b"one"
    assert get(host, "/", "x.one.localhost")[1] == b"one"
    assert get(host, "/a/", "none.localhost")[1] == b"page"


def test_the_log_has_what_was_sent(host: Host) -> None:
    get(host, "/a.css?x=1", "x.one.localhost")
    get(host, "/a.css?x=1", "y.localhost", Accept_Encoding="br")
    get(host, "/b.wav", "y.localhost", Range="bytes=0-3")
    get(host, "/a/", "y.localhost", "HEAD")
    while host.log.busy("y.localhost"):  # the answer is there before the note of it
        time.sleep(0.001)
    seen = [(one.path, one.status, one.encoding, one.bytes, one.complete) for one in host.log.of("y.localhost")]
    assert seen == [
        ("/a.css?x=1", 200, "br", 2, True),
        ("/b.wav", 206, "identity", 4, False),
        ("/a/", 200, "identity", 0, True),
    ]
    assert [one.path for one in host.log.of("x.one.localhost")] == ["/a.css?x=1"]
    assert not host.log.busy("y.localhost")
