"""How a deployed site is asked, and what is said when it is none: with a server of this test's own."""

import contextlib
import gzip
import json
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from ssg.cli import main
from ssg.digests import digest
from ssg.live.asking import Client, Manner
from ssg.live.values import Answer, Question, Unanswered
from tests.delivery.servers import free_port
from tests.site_test import SiteTest

Said = tuple[int, dict[str, str], bytes]
Answers = Callable[[BaseHTTPRequestHandler, int], Said | None]
"""Takes a request and how many came before it; None breaks the connection off."""


@contextlib.contextmanager
def answering(answers: Answers) -> Iterator[int]:
    """Run a server on loopback; gives its port."""
    came = 0

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            nonlocal came
            said = answers(self, came)
            came += 1
            if said is None:
                self.close_connection = True
                return
            status, headers, body = said
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                for one in value.split("\n"):
                    self.send_header(name, one)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def asked(port: int, question: Question, **manner: Any) -> tuple[Answer | Unanswered, list[float]]:
    pauses: list[float] = []
    with Client(f"http://127.0.0.1:{port}", Manner(sleep=pauses.append, **manner)) as client:
        return client(question), pauses


def test_an_answer_is_kept_as_it_came() -> None:
    body = gzip.compress(b"hello " * 100)
    headers = {"Content-Encoding": "gzip", "Cache-Control": "public\nmax-age=1", "ETag": '"1"'}
    with answering(lambda *_: (200, headers, body)) as port:
        found, _ = asked(port, Question("/", "gzip"))
    assert isinstance(found, Answer)
    assert (found.status, found.encoding, found.size) == (200, "gzip", len(body))
    assert found.digest == digest(b"hello " * 100)
    assert found.header("cache-control") == "public, max-age=1"


@pytest.mark.parametrize("encoding", ["br", "gzip", "zstd", "deflate"])
def test_a_body_in_another_encoding_than_it_says_is_broken(encoding: str) -> None:
    with answering(lambda *_: (200, {"Content-Encoding": encoding}, b"plain text")) as port:
        found, _ = asked(port, Question("/", encoding))
    assert isinstance(found, Answer)
    assert found.broken


def test_what_is_sent() -> None:
    sent: list[dict[str, str]] = []

    def answers(request: BaseHTTPRequestHandler, _: int) -> Said:
        sent.append({name.lower(): value for name, value in request.headers.items()})
        return 304, {}, b""

    with answering(answers) as port:
        asked(port, Question("/", "br;q=0", '"tag"'), headers={"Authorization": "Basic abc"})
    assert sent[0]["accept-encoding"] == "br;q=0"
    assert sent[0]["if-none-match"] == '"tag"'
    assert sent[0]["authorization"] == "Basic abc"
    assert sent[0]["user-agent"].startswith("ssg/")


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_what_may_succeed_later_is_asked_again_after_a_pause(status: int) -> None:
    with answering(lambda _, came: (status if came < 2 else 200, {}, b"")) as port:
        found, pauses = asked(port, Question("/"))
    assert isinstance(found, Answer)
    assert found.status == 200
    assert len(pauses) == 2
    assert 0 <= pauses[0] <= 0.5
    assert 0 <= pauses[1] <= 1


def test_a_host_says_how_long_to_wait() -> None:
    with answering(lambda _, came: (429, {"Retry-After": ("7", "9999", "soon")[came]}, b"")) as port:
        found, pauses = asked(port, Question("/"), attempts=3)
    assert isinstance(found, Answer)
    assert found.status == 429
    assert pauses == [7, 20]


def test_a_connection_that_breaks_is_tried_again() -> None:
    with answering(lambda _, came: None if came == 0 else (200, {}, b"ok")) as port:
        found, pauses = asked(port, Question("/"))
    assert isinstance(found, Answer)
    assert len(pauses) == 1


def test_a_kept_connection_that_was_closed_is_opened_again_without_a_pause() -> None:
    with answering(lambda _, came: None if came == 1 else (200, {}, b"ok")) as port:
        pauses: list[float] = []
        with Client(f"http://127.0.0.1:{port}", Manner(sleep=pauses.append)) as client:
            assert [isinstance(client(Question("/")), Answer) for _ in range(2)] == [True, True]
    assert pauses == []


def test_nobody_is_asked_for_ever() -> None:
    with answering(lambda *_: None) as port, Client(f"http://127.0.0.1:{port}", Manner(attempts=1)) as client:
        found = [client(Question(f"/{number}")) for number in range(12)]
        assert client.requests == 10
    assert all(isinstance(one, Unanswered) for one in found)
    assert isinstance(found[-1], Unanswered)
    assert found[-1].reason == "is not asked any more, since many requests in a row were not answered"


def test_who_is_stopped_asks_nothing_more() -> None:
    with answering(lambda *_: (200, {}, b"ok")) as port, Client(f"http://127.0.0.1:{port}", Manner()) as client:
        assert isinstance(client(Question("/")), Answer)
        client.stop()
        assert isinstance(client(Question("/")), Unanswered)
        assert client.requests == 1


def test_a_server_that_is_silent() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        found, pauses = asked(silent.getsockname()[1], Question("/"), timeout=0.05, attempts=2)
    assert found == Unanswered("does not answer within 0.05 s", passing=True)
    assert len(pauses) == 1


@pytest.fixture
def small(site: SiteTest) -> SiteTest:
    return site.write("content/_index.md", "# Home\n").write("content/a.md", "# A\n").built()


def run(site: SiteTest, url: str, *options: str) -> Result:
    return CliRunner().invoke(main, ["check", "--site", str(site.root), "--live", url, *options])


HTML = {"Content-Type": "text/html; charset=utf-8"}


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ((401, {}, b""), "wants a login: it answers 401; send one: --header 'Authorization: …'"),
        ((403, HTML, b"no"), "wants a login: it answers 403; "),
        ((404, HTML, b""), "has no page of the site: it answers 404; is it the right URL"),
        ((302, {"Location": "https://login.example/"}, b""), "leads to https://login.example/; check the site at"),
        ((200, {"Content-Type": "application/json"}, b"{}"), "answers with application/json instead of a page; "),
        ((501, {}, b""), "fails with 501; look at the log of the host"),
    ],
)
def test_what_is_no_site_is_one_line(said: Said, message: str, small: SiteTest) -> None:
    with answering(lambda *_: said) as port:
        done = run(small, f"http://127.0.0.1:{port}/")
        assert done.exit_code == 1
        first, last = done.output.splitlines()
        assert first.startswith(f"http://127.0.0.1:{port}/: {message}")
        assert last == "1 error; nothing was compared"
        found = json.loads(run(small, f"http://127.0.0.1:{port}/", "--json").stdout)
        assert found["ok"] is False
        assert found["errors"][0]["code"] == "live"


def test_a_server_that_is_not_there(small: SiteTest) -> None:
    done = run(small, f"http://127.0.0.1:{free_port()}")
    assert done.exit_code == 1
    assert "refuses the connection; is the server running, at this port?" in done.output


def test_a_name_that_is_not_there(small: SiteTest, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    done = run(small, "https://nowhere.example/")
    assert done.exit_code == 1
    assert "https://nowhere.example/: has a name that no address is known for" in done.output


def test_a_server_that_does_not_speak_tls(small: SiteTest) -> None:
    with answering(lambda *_: (200, HTML, b"")) as port:
        done = run(small, f"https://127.0.0.1:{port}/")
    assert done.exit_code == 1
    assert "does not speak TLS as it should; does it speak HTTPS at this port?" in done.output


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("example.org", "is not the URL of a site; write it like https://example.org/"),
        ("ftp://example.org/", "is not the URL of a site"),
        ("https://example.org:port/", "is no URL"),
        ("https://example.org/?a=b", "is not the URL of a site"),
        ("https://me:secret@example.org/", "example.org: holds a name or password; pass them as a header"),
        ("https://example.org/docs/", "has the path /docs/, and the site was built for /; check it there, or build it"),
    ],
)
def test_a_url_that_is_not_one(url: str, message: str, small: SiteTest) -> None:
    done = run(small, url)
    assert done.exit_code == 2
    assert message in done.output
    assert "secret" not in done.output


def test_wrong_usage(small: SiteTest) -> None:
    done = CliRunner().invoke(main, ["check", "--site", str(small.root)])
    assert done.exit_code == 2
    assert "name a deployed site: ssg check --live https://example.org/" in done.output


def test_nothing_passes_where_nothing_was_built(site: SiteTest) -> None:
    done = run(site, "https://example.org/")
    assert done.exit_code == 2
    assert 'holds nothing to compare with; run "ssg build" first' in done.output


def test_nothing_passes_where_what_hosts_were_told_is_not_there(site: SiteTest) -> None:
    toml = (site.root / "site.toml").read_text() + '[delivery]\ntargets = ["nginx"]\n'
    site.write("site.toml", toml).write("content/_index.md", "# Home\n").built()
    (site.root / "delivery/policy.json").unlink()
    done = run(site, "https://example.org/")
    assert done.exit_code == 2
    assert 'policy.json: does not say what hosts were told; run "ssg build" first' in done.output


@pytest.mark.parametrize("header", ["secret", "a b: secret", "ä: secret", "X: secrét", "X: sec\nret", ": secret"])
def test_what_is_no_header(header: str, small: SiteTest) -> None:
    done = run(small, "https://example.org/", "--header", header)
    assert done.exit_code == 2
    assert "--header: is no header; write it like" in done.output
    assert "sec" not in done.output


def test_a_folder_from_another_machine_is_read(small: SiteTest, tmp_path: Path) -> None:
    moved = tmp_path / "moved"
    moved.mkdir()
    (moved / "index.html").write_bytes((small.public / "index.html").read_bytes())
    body = (moved / "index.html").read_bytes()
    headers = {**HTML, "ETag": '"1"', "Cache-Control": "public, max-age=0, must-revalidate"}
    with answering(lambda request, _: (200 if request.path == "/" else 404, headers, body)) as port:
        done = run(small, f"http://127.0.0.1:{port}/", "--output", str(moved), "--json")
    found = json.loads(done.stdout)
    assert found["extent"]["of"] == 1
    again, unsaid = found["findings"]
    assert (unsaid["code"], unsaid["urls"]) == ("headers", ["/"])
    assert unsaid["message"].startswith("is sent without ")
    assert again["message"] == "answers 200 to the ETag that it has sent, instead of 304"
