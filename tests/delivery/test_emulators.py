"""What hosts run on one's own machine, and their parsers, make of the files that ssg writes for them."""

import json
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import require
from tests.delivery.servers import Host, node_program, pages, superstatic, workers
from tests.delivery.test_servers import ASK, IMMUTABLE, TOML, make
from tests.site_test import SiteTest

SERVERS: dict[str, Callable[..., AbstractContextManager[Host]]] = {
    "cloudflare-pages": pages,
    "cloudflare-workers": workers,
    "firebase": superstatic,
}


def site_for(target: str, folder: Path, more: str = "") -> SiteTest:
    toml = TOML.replace('["nginx", "caddy", "apache"]', f'["{target}"]').replace(
        '"X-Frame-Options" = "SAMEORIGIN", ', more
    )
    return make(SiteTest(folder / "site"), toml)


@pytest.fixture(scope="module", params=[*SERVERS])
def served(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[SiteTest, Host]]:
    folder = tmp_path_factory.mktemp(request.param)
    site = site_for(request.param, folder, '"X-Frame-Options" = "SAMEORIGIN", ')
    with SERVERS[request.param](site.root, folder / "host") as host:
        yield site, host


def test_no_compressed_forms_are_published(served: tuple[SiteTest, Host]) -> None:
    assert not [path for path in served[0].tree() if path.endswith((".br", ".zst"))]


def test_pages_and_hashed_files(served: tuple[SiteTest, Host]) -> None:
    site, host = served
    asset = f"/{site.asset('app.css')}"
    home, page, style = host.ask("/"), host.ask("/a/"), host.ask(asset)
    assert (home.status, page.status, style.status) == (200, 200, 200)
    assert home.body == (site.public / "index.html").read_bytes()
    assert page.header("cache-control") == home.header("cache-control") == ASK
    assert style.header("cache-control") == IMMUTABLE
    assert style.header("content-type") == "text/css; charset=utf-8"
    assert style.body == (site.public / asset[1:]).read_bytes()
    assert page.header("x-content-type-options") == "nosniff"
    assert page.header("content-security-policy").endswith("frame-ancestors 'none'")
    assert page.header("link") == f"<{asset}>; rel=preload; as=style"


def test_a_missing_file_is_never_immutable(served: tuple[SiteTest, Host]) -> None:
    site, host = served
    for url in ("/nothing", "/nothing/", "/assets/app.0000000000.css", "/assets/"):
        answer = host.ask(url)
        assert answer.status == 404
        assert "max-age=3" not in answer.header("cache-control")
        assert answer.body == (site.public / "404.html").read_bytes()


def test_rules_take_the_place_of_others(served: tuple[SiteTest, Host]) -> None:
    _, host = served
    assert host.ask("/framed/").header("x-frame-options") == "SAMEORIGIN"
    assert host.ask("/a/").header("x-frame-options") == "DENY"
    note = host.ask("/files/note.txt")
    assert note.header("x-robots-tag") == "noindex"
    assert note.header("cache-control") == "public, max-age=60"


@pytest.mark.parametrize(
    ("url", "status", "location"),
    [
        ("/old/", 301, "/a/"),
        ("/gone/", 301, "/a/"),
        ("/blog/x", 301, "/a/x"),
        ("/blog/x/y", 301, "/a/x/y"),
        ("/ext", 302, "https://example.com/x?y=1&z=%2F"),
        ("/fr%C3%BCher/", 301, "/%C3%A4/"),
    ],
)
def test_redirects(url: str, status: int, location: str, served: tuple[SiteTest, Host]) -> None:
    answer = served[1].ask(url)
    found = answer.header("location")
    if served[1].name == "firebase" and "?" in location:  # superstatic encodes a query once more
        found, location = found.partition("?")[0], location.partition("?")[0]
    assert (answer.status, found) == (status, location)


def parsed(host: str, site: SiteTest) -> Any:
    node_program("wrangler")
    command = [require("node"), str(Path(__file__).parent / "parse.mjs"), host, str(site.public)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_netlify_reads_every_line(tmp_path: Path) -> None:
    site = site_for("netlify", tmp_path)
    found = parsed("netlify", site)
    assert found["headers"]["errors"] == found["redirects"]["errors"] == []
    rules = {one["for"]: one["values"] for one in found["headers"]["headers"]}
    assert rules["/assets/*"] == {"Cache-Control": IMMUTABLE}
    assert rules["/files/*"]["Cache-Control"] == "public, max-age=60"
    assert "Cache-Control" not in rules["/*"]
    assert rules["/*"]["X-Frame-Options"] == "DENY"
    moved = {one["from"]: (one["to"], one["status"], one["force"]) for one in found["redirects"]["redirects"]}
    assert moved["/old/"] == ("/a/", 301, True)
    assert moved["/blog/*"] == ("/a/:splat", 301, True)
    assert moved["/ext"] == ("https://example.com/x?y=1&z=%2F", 302, True)
    assert len(moved) == 5


def test_vercel_takes_the_configuration(tmp_path: Path) -> None:
    site = site_for("vercel", tmp_path)
    found = parsed("vercel", site)
    assert found["error"] is None
    routes = found["routes"]
    for url, expected in (
        (f"/{site.asset('app.css')}", IMMUTABLE),
        ("/assets/app.0000000000.css", None),
        ("/a/", None),
        ("/files/note.txt", "public, max-age=60"),
    ):
        matching = [one for one in routes if "headers" in one and _matches(one["src"], url) and one.get("continue")]
        caches = [one["headers"]["Cache-Control"] for one in matching if "Cache-Control" in one["headers"]]
        assert caches == ([expected] if expected else [])
    moved = {url: _moved(routes, url) for url in ("/old/", "/ext/", "/blog/x/y", "/a/")}
    assert moved == {"/old/": "/a/", "/ext/": "https://example.com/x?y=1&z=%2F", "/blog/x/y": "/a/$1", "/a/": None}


def _matches(expression: str, url: str) -> bool:
    import re

    return re.search(expression, url) is not None


def _moved(routes: list[dict[str, Any]], url: str) -> str | None:
    """Give where the first redirect of a URL leads that ends with a slash, or has a file's name."""
    found = (
        one["headers"]["Location"] for one in routes if one.get("status") in {301, 302} and _matches(one["src"], url)
    )
    return next(found, None)
