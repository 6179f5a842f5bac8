"""One table of requests and answers, asserted on the answers of real servers."""

import gzip
import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import NamedTuple

import brotli
import pytest

from tests.delivery.servers import Host, apache, caddy, nginx, ssg
from tests.site_test import SiteTest

IMMUTABLE = "public, max-age=31536000, immutable"
ASK = "public, max-age=0, must-revalidate"
FEED = "public, max-age=300, stale-while-revalidate=3600"
HOUR = "public, max-age=3600"
HTML, CSS, JS = "text/html; charset=utf-8", "text/css; charset=utf-8", "text/javascript; charset=utf-8"
XML, TEXT = "text/xml; charset=utf-8", "text/plain; charset=utf-8"
VARIES = "Accept-Encoding"

TOML = """[site]
title = "Test"
base_url = "https://example.org/"
[output]
encodings = ["br", "gzip", "zstd"]
[delivery]
targets = ["nginx", "caddy", "apache"]
preload = ["app.css"]
[delivery.headers]
"/files/*" = { "X-Robots-Tag" = "noindex", "Cache-Control" = "public, max-age=60" }
"/framed/" = { "X-Frame-Options" = "SAMEORIGIN", "X-Price" = '5$ {a} 10% "q" \\ $uri' }
[delivery.redirects]
"/gone/" = "/a/"
"/blog/*" = "/a/:splat"
"/ext" = { to = "https://example.com/x?y=1&z=%2F", status = 302 }
"/früher/" = "/ä/"
[languages.fr]
name = "Français"
"""


def make(site: SiteTest, toml: str = TOML) -> SiteTest:
    site.encodings = None
    many = "".join(f".a{number} {{ margin: {number}px }}\n" for number in range(200))
    site.write("site.toml", toml)
    site.write("content/_index.md", "# Home\n").write("content/framed.md", "# Framed\n")
    site.write("content/a.md", '---\naliases: ["/old/"]\n---\n# A\n\n' + "Some words. " * 200)
    site.write("assets/app.css", many).write("static/sw.js", "addEventListener('fetch', () => 0)\n" * 40)
    site.write("static/files/note.txt", "a note\n" * 200).write("static/files/all.tar.gz", gzip.compress(b"x", mtime=0))
    site.write("content/_index.fr.md", "# Accueil\n").write("content/a.fr.md", "# A\n")
    return site.write("static/tiny.txt", "tiny\n").built()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> SiteTest:
    folder = tmp_path_factory.mktemp("served")
    return make(SiteTest(folder / "site"))


SERVERS: tuple[Callable[..., AbstractContextManager[Host]], ...] = (nginx, caddy, apache, ssg)


@pytest.fixture(scope="module", params=SERVERS, ids=lambda one: one.__name__)
def host(request: pytest.FixtureRequest, served: SiteTest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    with request.param(served.root, tmp_path_factory.mktemp("host") / request.param.__name__) as one:
        yield one


class Row(NamedTuple):
    """What is asked, and what must be answered; `file` is whose bytes come, once they are decoded."""

    url: str
    accept: str
    status: int
    cache: str
    encoding: str
    type: str
    vary: str
    file: str


CSS_FILE = "assets/app.css"
ROWS = (
    Row("/", "", 200, ASK, "", HTML, VARIES, "index.html"),
    Row("/", "br", 200, ASK, "br", HTML, VARIES, "index.html"),
    Row("/a/", "gzip, br", 200, ASK, "br", HTML, VARIES, "a/index.html"),
    Row("/a/", "gzip", 200, ASK, "gzip", HTML, VARIES, "a/index.html"),
    Row("/a/", "br;q=0, gzip", 200, ASK, "gzip", HTML, VARIES, "a/index.html"),
    Row("/a/", "br;q=0, gzip;q=0", 200, ASK, "", HTML, VARIES, "a/index.html"),
    Row("/a/index.html", "br", 200, ASK, "br", HTML, VARIES, "a/index.html"),
    Row(CSS_FILE, "", 200, IMMUTABLE, "", CSS, VARIES, CSS_FILE),
    Row(CSS_FILE, "br, gzip", 200, IMMUTABLE, "br", CSS, VARIES, CSS_FILE),
    Row("/sitemap.xml", "", 200, FEED, "", XML, "", "sitemap.xml"),
    Row("/sw.js", "br", 200, "no-cache", "br", JS, VARIES, "sw.js"),
    Row("/files/note.txt", "gzip", 200, "public, max-age=60", "gzip", TEXT, VARIES, "files/note.txt"),
    Row("/files/all.tar.gz", "br, gzip", 200, "public, max-age=60", "", "application/gzip", "", "files/all.tar.gz"),
    Row("/tiny.txt", "br", 200, HOUR, "", TEXT, "", "tiny.txt"),
    Row("/nothing", "", 404, "no-cache", "", HTML, VARIES, "404.html"),
    Row("/nothing/", "gzip", 404, "no-cache", "gzip", HTML, VARIES, "404.html"),
    Row("/assets/app.0000000000.css", "br", 404, "no-cache", "br", HTML, VARIES, "404.html"),
    Row("/assets/", "br", 404, "no-cache", "br", HTML, VARIES, "404.html"),
    Row("/files/nothing.txt", "", 404, "no-cache", "", HTML, VARIES, "404.html"),
    Row("/fr/nothing", "br", 404, "no-cache", "br", HTML, VARIES, "fr/404.html"),
    Row("/fr/nothing/", "", 404, "no-cache", "", HTML, VARIES, "fr/404.html"),
    Row("/fr/a/", "gzip", 200, ASK, "gzip", HTML, VARIES, "fr/a/index.html"),
    Row("/frx", "", 404, "no-cache", "", HTML, VARIES, "404.html"),
    Row(f"{CSS_FILE}.br", "br", 404, "no-cache", "br", HTML, VARIES, "404.html"),
    Row("/a/index.html.gz", "", 404, "no-cache", "", HTML, VARIES, "404.html"),
)


def decoded(body: bytes, encoding: str) -> bytes:
    plain: bytes = {"": bytes, "gzip": gzip.decompress, "br": brotli.decompress}[encoding](body)
    return plain


def placed(site: SiteTest, path: str) -> str:
    """Give a path with the name under which a file of `assets/` is published."""
    return path.replace(CSS_FILE, f"/{site.asset('app.css')}")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.url}-{row.accept or 'identity'}")
def test_the_table(row: Row, host: Host, served: SiteTest) -> None:
    answer = host.ask(placed(served, row.url), Accept_Encoding=row.accept)
    found = answer.status, answer.header("cache-control"), answer.header("content-encoding")
    assert found == (row.status, row.cache, row.encoding)
    assert answer.header("content-type").replace("UTF-8", "utf-8") == row.type
    if row.vary:
        assert row.vary.lower() in re.split(r", *", answer.header("vary").lower())
    body = decoded(answer.body, row.encoding)
    expected = (served.public / placed(served, row.file).lstrip("/")).read_bytes()
    assert hashlib.sha256(body).hexdigest() == hashlib.sha256(expected).hexdigest()


@pytest.mark.parametrize("accept", ["", "br", "gzip"])
@pytest.mark.parametrize("url", ["/", "/a/", CSS_FILE])
def test_what_a_browser_has_is_not_sent_again(url: str, accept: str, host: Host, served: SiteTest) -> None:
    first = host.ask(placed(served, url), Accept_Encoding=accept)
    again = host.ask(placed(served, url), Accept_Encoding=accept, If_None_Match=first.header("etag"))
    assert (again.status, again.body) == (304, b"")
    assert again.header("etag") == first.header("etag")
    assert again.header("cache-control") == first.header("cache-control")


def test_no_two_encodings_have_one_etag(host: Host) -> None:
    tags = [host.ask("/a/", Accept_Encoding=accept).header("etag") for accept in ("", "br", "gzip")]
    assert len({*tags}) == 3


@pytest.mark.parametrize(
    ("url", "status", "location"),
    [
        ("/old/", 301, "/a/"),
        ("/gone/", 301, "/a/"),
        ("/blog/x/y/", 301, "/a/x/y/"),
        ("/blog/%C3%A4%20b/", 301, "/a/%C3%A4%20b/"),
        ("/ext", 302, "https://example.com/x?y=1&z=%2F"),
        ("/fr%C3%BCher/", 301, "/%C3%A4/"),
    ],
)
def test_redirects(url: str, status: int, location: str, host: Host) -> None:
    answer = host.ask(url)
    assert answer.status == status
    assert answer.header("location").removeprefix(f"http://127.0.0.1:{host.port}") == location


def test_a_redirect_carries_no_line_break(host: Host) -> None:
    answer = host.ask("/blog/%0D%0AX-Injected:%20yes")
    assert "x-injected" not in answer.headers


def test_a_folder_is_led_to_its_page(host: Host) -> None:
    answer = host.ask("/a")
    assert answer.status in {301, 308}
    assert answer.header("location").removeprefix(f"http://127.0.0.1:{host.port}") == "/a/"


def test_headers_of_pages_and_files(host: Host, served: SiteTest) -> None:
    page, file, missing = host.ask("/a/"), host.ask("/files/note.txt"), host.ask("/nothing")
    for answer in (page, file, missing):
        assert answer.header("x-content-type-options") == "nosniff"
        assert answer.header("referrer-policy") == "strict-origin-when-cross-origin"
    for answer in (page, missing):
        assert answer.header("x-frame-options") == "DENY"
        assert "frame-ancestors 'none'" in answer.header("content-security-policy")
        assert answer.header("link") == f"<{placed(served, CSS_FILE)}>; rel=preload; as=style"
    for name in ("x-frame-options", "content-security-policy", "permissions-policy", "link"):
        assert name not in file.headers
    assert file.header("x-robots-tag") == "noindex"
    assert "x-robots-tag" not in page.headers


def test_a_rule_takes_the_place_of_a_header_for_all(host: Host) -> None:
    framed = host.ask("/framed/", Accept_Encoding="br")
    assert framed.header("x-frame-options") == "SAMEORIGIN"
    assert framed.header("x-price") == '5$ {a} 10% "q" \\ $uri'


def test_a_part_of_a_file(host: Host, served: SiteTest) -> None:
    answer = host.ask(placed(served, CSS_FILE), Range="bytes=0-9")
    assert answer.status == 206
    assert answer.body == (served.public / placed(served, CSS_FILE)[1:]).read_bytes()[:10]
    assert answer.header("cache-control") == IMMUTABLE


@pytest.mark.parametrize("server", SERVERS, ids=lambda one: one.__name__)
def test_a_site_below_a_path(server: Callable[..., AbstractContextManager[Host]], tmp_path: Path) -> None:
    site = make(SiteTest(tmp_path / "site"), TOML.replace("example.org/", "example.org/docs/"))
    root = tmp_path / "root"
    root.mkdir()
    site.public.rename(root / "docs")
    with server(site.root, tmp_path / "host", root) as host:
        page = host.ask("/docs/a/", Accept_Encoding="br")
        assert (page.status, page.header("cache-control"), page.header("content-encoding")) == (200, ASK, "br")
        asset = next((root / "docs" / "assets").glob("app.*.css"))
        assert host.ask(f"/docs/assets/{asset.name}").header("cache-control") == IMMUTABLE
        for url in ("/docs/old/", "/docs/gone/"):
            moved = host.ask(url)
            assert moved.status == 301
            assert moved.header("location").removeprefix(f"http://127.0.0.1:{host.port}") == "/docs/a/"
        missing = host.ask("/docs/nothing")
        assert (missing.status, missing.header("cache-control")) == (404, "no-cache")
        assert missing.body == (root / "docs" / "404.html").read_bytes()
        assert host.ask("/docs/framed/").header("x-frame-options") == "SAMEORIGIN"
