"""A deployed site on real servers: nothing is found where all is right, and one fault is one finding."""

import json
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from ssg.cli import main
from tests.delivery.servers import (
    PATIENCE,
    Host,
    apache,
    caddy,
    free_port,
    nginx,
    pages,
    program,
    running,
    workers,
)
from tests.delivery.servers import ssg as ssg_serve
from tests.delivery.test_servers import TOML, make
from tests.site_test import SiteTest

TARGETS = '["nginx", "caddy", "apache"]'
SITE = TOML.replace('"/ä/"', '"/framed/"').replace('"/blog/*" = "/a/:splat"', '"/blog/*" = "/files/:splat"')
SERVERS: tuple[Callable[..., AbstractContextManager[Host]], ...] = (nginx, caddy, apache, ssg_serve)


def check(site: SiteTest, host: Host, *options: str, path: str = "/") -> Result:
    url = f"http://127.0.0.1:{host.port}{path}"
    return CliRunner().invoke(main, ["check", "--site", str(site.root), "--live", url, *options])


def findings(site: SiteTest, host: Host, *options: str) -> list[dict[str, Any]]:
    done = check(site, host, "--json", *options)
    found = json.loads(done.stdout)
    assert done.exit_code == (0 if found["ok"] else 1)
    return list(found["findings"])


def told(one: dict[str, Any]) -> tuple[str, str, int, str]:
    return one["level"], one["code"], one["count"], one["urls"][0]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> SiteTest:
    return make(SiteTest(tmp_path_factory.mktemp("live") / "site"), SITE)


@pytest.mark.parametrize("server", SERVERS, ids=lambda one: one.__name__)
def test_what_was_built_and_configured_has_no_fault(
    server: Callable[..., AbstractContextManager[Host]], served: SiteTest, tmp_path: Path
) -> None:
    with server(served.root, tmp_path / "host") as host:
        done = check(served, host)
        assert done.exit_code == 0, done.output
        first, last = done.output.splitlines()
        assert first.startswith(f"http://127.0.0.1:{host.port}/: 13 files, 13 of them in every encoding, 5 redirects, ")
        assert last == "0 errors, 0 notes"


@pytest.mark.parametrize(("target", "server"), [("cloudflare-pages", pages), ("cloudflare-workers", workers)])
def test_a_host_that_compresses_by_itself(
    target: str, server: Callable[..., AbstractContextManager[Host]], tmp_path: Path
) -> None:
    site = make(SiteTest(tmp_path / "site"), SITE.replace(TARGETS, f'["{target}"]'))
    with server(site.root, tmp_path / "host") as host:
        found = findings(site, host)
    # On one's own machine, wrangler compresses without Vary.
    assert {told(one)[:2] for one in found} == {("note", "vary")}


@pytest.mark.parametrize("server", SERVERS, ids=lambda one: one.__name__)
def test_a_site_below_a_path(server: Callable[..., AbstractContextManager[Host]], tmp_path: Path) -> None:
    site = make(SiteTest(tmp_path / "site"), SITE.replace("example.org/", "example.org/docs/"))
    root = tmp_path / "root"
    root.mkdir()
    (root / "docs").symlink_to(site.public)
    with server(site.root, tmp_path / "host", root) as host:
        below = check(site, host, path="/docs/")
        assert below.exit_code == 0, below.output
        wrong = check(site, host)
        assert wrong.exit_code == 2
        assert "has the path /, and the site was built for /docs/; check it there" in wrong.output


@pytest.fixture
def altered(tmp_path: Path) -> SiteTest:
    return make(SiteTest(tmp_path / "site"), SITE.replace(TARGETS, '["nginx"]'))


def replace(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


PAGES = "public, max-age=0, must-revalidate"
IMMUTABLE = "public, max-age=31536000, immutable"
FAULTS = {
    "cache": ({"http.conf": (PAGES, "public, max-age=86400")}, ("error", "cache", 5, "/")),
    "vary": ({"server.conf": ("gzip_vary on;", "")}, ("error", "vary", 10, "/")),
    "redirect": ({"server.conf": ('location = "/gone/"', 'location = "/other/"')}, ("error", "redirect", 1, "/gone/")),
    "missing": ({"server.conf": ("error_page 404 ", "error_page 404 =200 ")}, ("error", "missing", 5, "/assets/ssg-")),
    "immutable": (
        {
            "http.conf": (
                'map "$status:$uri" $ssg_cache_control {',
                f'map "$status:$request_uri" $ssg_cache_control {{ "~^404:/assets/" "{IMMUTABLE}";',
            )
        },
        ("error", "missing", 2, "/assets/ssg-"),
    ),
    "brotli": ({"brotli.conf": ("brotli_static on;", "")}, ("error", "encoding", 10, "/")),
    "header": ({"server.conf": ("add_header X-Frame-Options", "add_header X-Other")}, ("error", "headers", 7, "/")),
    "charset": ({"server.conf": ("charset utf-8;", "")}, ("note", "type", 10, "/")),
    "status": ({"server.conf": ("return 302", "return 301")}, ("error", "redirect", 1, "/ext")),
    "etag": ({"server.conf": ("index index.html;", "index index.html; etag off;")}, ("error", "etag", 13, "/")),
    "slash": (
        {"server.conf": ("index index.html;", 'index index.html; location = "/a" { return 302 /; }')},
        ("error", "slash", 1, "/a"),
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_one_fault_is_one_finding(fault: str, altered: SiteTest, tmp_path: Path) -> None:
    edits, expected = FAULTS[fault]
    for name, (old, new) in edits.items():
        replace(altered.root / "delivery/nginx" / name, old, new)
    with nginx(altered.root, tmp_path / "host") as host:
        [found] = findings(altered, host)
        level, code, count, first = told(found)
        assert (level, code, count) == expected[:3], found
        assert first.startswith(expected[3])
        assert found["hint"]


@pytest.mark.parametrize("server", SERVERS, ids=lambda one: one.__name__)
def test_files_of_an_older_release(server: Callable[..., AbstractContextManager[Host]], tmp_path: Path) -> None:
    site = make(SiteTest(tmp_path / "site"), SITE)
    old = tmp_path / "kept" / "old"
    old.parent.mkdir()
    site.public.rename(old)
    site.write("content/a.md", '---\naliases: ["/old/"]\n---\n# A\n\n' + "Other words. " * 200).built()
    with server(site.root, tmp_path / "host", old.parent if server is ssg_serve else old) as host:
        [found] = findings(site, host)
    assert told(found)[:2] == ("error", "stale")
    assert "/a/" in found["urls"]
    assert found["message"] == "is not what was built"


def test_a_host_without_a_page_for_what_is_missing(tmp_path: Path) -> None:
    site = make(SiteTest(tmp_path / "site"), SITE.replace(TARGETS, '["cloudflare-pages"]'))
    (site.public / "404.html").unlink()
    with pages(site.root, tmp_path / "host") as host:
        [found] = [one for one in findings(site, host) if one["level"] == "error"]
    assert told(found)[:3] == ("error", "missing", 4)
    assert found["message"] == "does not exist, and answers 200 instead of 404"


def test_a_file_that_is_not_published(altered: SiteTest, tmp_path: Path) -> None:
    (altered.public / "tiny.txt").unlink()
    with nginx(altered.root, tmp_path / "host") as host:
        [found] = findings(altered, host)
    assert told(found) == ("error", "status", 1, "/tiny.txt")


def test_forms_that_are_not_published_or_made_again(altered: SiteTest, tmp_path: Path) -> None:
    import gzip

    (altered.public / "a/index.html.br").unlink()
    (altered.public / "a/index.html.gz").write_bytes(gzip.compress((altered.public / "a/index.html").read_bytes(), 1))
    with nginx(altered.root, tmp_path / "host") as host:
        missing, size = findings(altered, host)
    assert (told(missing), missing["message"]) == (("error", "encoding", 1, "/a/"), "is not sent in br")
    assert told(size) == ("error", "size", 1, "/a/")


def test_the_manifest_of_a_deploy_says_whose_bytes_are_there(tmp_path: Path) -> None:
    www = tmp_path / "www"
    toml = SITE.replace(TARGETS, '["nginx"]') + f'[deploy.live]\nurl = "file://{www}"\nencodings = "files"\n'
    site = make(SiteTest(tmp_path / "site"), toml)
    deployed = CliRunner().invoke(main, ["deploy", "--site", str(site.root)])
    assert deployed.exit_code == 0, deployed.output
    release = deployed.output.split()[-1]
    with nginx(site.root, tmp_path / "host", www) as host:
        assert findings(site, host) == []
        site.write("content/framed.md", "# Framed again\n").built()
        found = findings(site, host)
        assert {one["message"] for one in found} == {f"is of the release {release}, not what was built"}
        assert CliRunner().invoke(main, ["deploy", "--site", str(site.root)]).exit_code == 0
        assert findings(site, host) == []
        for name in ("index.html", "index.html.br", "index.html.gz", "index.html.zst"):  # what a network would keep
            (www / "framed" / name).unlink(missing_ok=True)
        (www / "framed/index.html").write_text("<!doctype html>old")
        messages = {one["code"]: one["message"] for one in findings(site, host)}
        assert messages["stale"].startswith("is older than the release ")


def test_a_sample_is_told(served: SiteTest, tmp_path: Path) -> None:
    with nginx(served.root, tmp_path / "host") as host:
        some, everything = check(served, host, "--sample", "4").output, check(served, host, "--all").output
    assert "/: 4 of 13 files, 4 of them in every encoding" in some
    assert "/: 13 files, " in everything


def test_a_site_for_hosts_that_differ(tmp_path: Path) -> None:
    site = make(SiteTest(tmp_path / "site"), SITE.replace(TARGETS, '["nginx", "firebase"]'))
    with nginx(site.root, tmp_path / "host") as host:
        unnamed = check(site, host)
        assert unnamed.exit_code == 2
        assert (
            "the hosts of the site, nginx, firebase, differ; name the one that is checked: --target" in unnamed.output
        )
        assert check(site, host, "--target", "nginx").exit_code == 0
        assert '"apache" is not a host of the site; targets in' in check(site, host, "--target", "apache").output


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[SiteTest, Host]]:
    """A site for no host, whose forms and headers are nobody's but those of `ssg serve`."""
    folder = tmp_path_factory.mktemp("plain")
    site = SiteTest(folder / "site").write("site.toml", '[site]\ntitle = "T"\nbase_url = "https://example.org/"\n')
    site.encodings = None
    site.write("content/_index.md", "# Home\n").write("content/a.md", "# A\n\n" + "Some words. " * 200).built()
    with ssg_serve(site.root, folder / "host") as host:
        yield site, host


def test_a_site_for_no_host(plain: tuple[SiteTest, Host]) -> None:
    done = check(*plain)
    assert done.exit_code == 0, done.output
    assert "0 redirects" in done.output


@contextmanager
def secure(site: SiteTest, folder: Path, protocols: str) -> Iterator[int]:
    """Run Caddy with a certificate of its own, for localhost; gives its port."""
    port = free_port()
    folder.mkdir()
    (folder / "Caddyfile").write_text(
        f"""{{
	admin off
	auto_https disable_redirects
	persist_config off
	skip_install_trust
	storage file_system {folder}/storage
	servers {{
		protocols {protocols}
	}}
}}
https://localhost:{port} {{
	tls internal
	root * {site.public}
	import {site.root}/delivery/caddy/site.caddy
}}
"""
    )
    command = [program("caddy"), "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]
    with running("caddy", command, port, folder / "log"):
        _until_certified(port)
        yield port


def _until_certified(port: int) -> None:
    """Wait until a server has made its certificate."""
    anyone = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    anyone.check_hostname, anyone.verify_mode = False, ssl.CERT_NONE
    end = time.monotonic() + PATIENCE
    while True:
        try:
            with (
                socket.create_connection(("localhost", port), 5) as plain,
                anyone.wrap_socket(plain, server_hostname="localhost"),
            ):
                return
        except OSError:
            assert time.monotonic() < end
            time.sleep(0.05)


@pytest.mark.parametrize(("protocols", "notes"), [("h1 h2", set()), ("h1", {"http2"})])
def test_a_site_over_https(
    protocols: str, notes: set[str], served: SiteTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with secure(served, tmp_path / "host", protocols) as port:
        options = ["check", "--site", str(served.root), "--live", f"https://localhost:{port}/", "--target", "caddy"]
        unknown = CliRunner().invoke(main, options)
        assert unknown.exit_code == 1
        assert "/: has a certificate that is not accepted: " in unknown.output
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "host/storage/pki/authorities/local/root.crt"))
        found = json.loads(CliRunner().invoke(main, [*options, "--json"]).stdout)
        # Caddy's own certificates hold for half a day.
        assert {one["code"] for one in found["findings"]} == {"tls"} | notes
        assert found["ok"] is True
