"""A site that is an app, in a real browser: its service worker with a network, without one, and over releases."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from ssg.audit.host import hosted
from ssg.budget.values import Label, Phase
from ssg.build.weighing import weigh_folder
from ssg.urls import media_type
from tests import chromium
from tests.delivery.servers import Host, free_port, running
from tests.site_test import SiteTest

TOML = """[site]
title = "Pond"
base_url = "https://example.org{}/"
[html]
critical_css = "off"
[delivery]
targets = ["nginx"]
[pwa]
icon = "icon.svg"
theme_color = "#123456"
"""
ICON = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><rect width="10" height="10" fill="red"/></svg>'
ACTIVE = "navigator.serviceWorker.ready.then(r => r.active.state == 'activated')"
KEPT = """caches.keys().then(names => Promise.all(names.sort().map(async name =>
[name, (await (await caches.open(name)).keys()).map(one => new URL(one.url).pathname).sort()])))"""


def make(site: SiteTest, base: str = "", more: str = "") -> SiteTest:
    site.write("site.toml", TOML.format(base) + more).write("assets/icon.svg", ICON)
    site.write("assets/photo.svg", ICON.replace("red", "blue"))
    site.write("content/offline.md", "---\ntitle: Offline\n---\n\nNo network here.\n")
    site.write("content/_index.md", "# Home\n\nfirst release\n").write("content/a.md", "# A\n\nalpha\n")
    return site.write("content/b.md", "# B\n\n![p](/assets/photo.svg)\n").built()


@contextmanager
def served(site: SiteTest, port: int, folder: Path) -> Iterator[Host]:
    folder.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "ssg", "serve", "--site", str(site.root), "--port", str(port)]
    with running("ssg", command, port, folder / "log") as host:
        yield host


def kept(tab: chromium.Tab) -> dict[str, list[str]]:
    return dict(tab.ask(KEPT))


def text(tab: chromium.Tab, url: str) -> str:
    found: str = tab.open(url).ask("document.body.innerText")
    return found


@pytest.mark.parametrize("base", ["", "/docs"])
def test_an_app_works_without_a_network(base: str, site: SiteTest, tmp_path: Path) -> None:
    make(site, base)
    port = free_port()
    home = f"http://127.0.0.1:{port}{base}/"
    with chromium.chromium(tmp_path / "profile") as browser:
        tab = browser.tab()
        tab.send("Log.enable")
        with served(site, port, tmp_path / "host") as host:
            assert host.ask(f"{base}/sw.js").header("cache-control") == "no-cache"
            assert "script-src 'self' 'sha256-" in host.ask(f"{base}/a/").header("content-security-policy")
            tab.open(f"{home}a/").wait(ACTIVE)
            manifest = tab.send("Page.getAppManifest")
            assert manifest["errors"] == []
            assert manifest["url"] == f"{home}manifest.webmanifest"
            assert tab.send("Page.getInstallabilityErrors")["installabilityErrors"] == []
            tab.wait(
                f"caches.open('ssg {base}/ pages').then(c => c.match('{base}/a/')).then(Boolean)"
            )  # the page that brought it
            tab.open(f"{home}b/").wait(
                f"caches.open('ssg {base}/ assets').then(c => c.match(document.images[0].src)).then(Boolean)"
            )
            assert [one for one in browser.events if "Content Security Policy" in str(one)] == []
        assert "alpha" in text(tab, f"{home}a/")
        assert tab.open(f"{home}b/?from=mail").ask("document.images[0].naturalWidth") > 0
        assert tab.ask("getComputedStyle(document.querySelector('main')).display") == "block"
        assert "No network here" in text(tab, f"{home}nowhere/")
        assert (
            tab.ask("document.styleSheets.length")
            == tab.ask("document.querySelectorAll('link[rel~=stylesheet],style').length")
            > 0
        )


@pytest.fixture
def tab(tmp_path: Path) -> Iterator[chromium.Tab]:
    """A page of a new browser."""
    with chromium.chromium(tmp_path / "profile") as browser:
        yield browser.tab()


def test_a_new_release_takes_the_place_of_the_old_one(site: SiteTest, tab: chromium.Tab, tmp_path: Path) -> None:
    make(site, more='precache = ["/"]\n')
    port = free_port()
    home = f"http://127.0.0.1:{port}/"
    with served(site, port, tmp_path / "host"):
        tab.open(home).wait(ACTIVE)
        tab.open(f"{home}b/").wait("Boolean(navigator.serviceWorker.controller)")
        tab.wait("caches.open('ssg / assets').then(c => c.match(document.images[0].src)).then(Boolean)")
        before = kept(tab)
        old = site.asset("photo.svg")
    site.write("content/_index.md", "# Home\n\nsecond release\n").write(
        "content/offline.md", "# Offline\n\nStill none.\n"
    )
    site.write("assets/photo.svg", ICON.replace("red", "green")).built()
    assert old not in site.tree()
    with served(site, port, tmp_path / "host"):
        # A page of the old release is open, and its image has gone from the host: the worker has it.
        assert tab.ask(f"fetch('/{old}').then(r => r.status)") == 200
        assert "second release" in text(tab, home)
        tab.wait("caches.match('/offline/').then(r => r.text()).then(t => t.includes('Still none'))")
        tab.wait(f"caches.keys().then(k => k.length == {len(before)})")
        after = kept(tab)
        assert tab.ask(f"fetch('/{old}').then(r => r.status)") == 200
    assert len(after.keys() - before.keys()) == 1
    assert [one.partition(" / ")[2] for one in sorted(before.keys() & after.keys())] == ["assets", "pages"]
    assert "second release" in text(tab, home)
    assert "Still none" in text(tab, f"{home}nowhere/")


def test_an_app_that_is_removed_leaves_nothing(site: SiteTest, tab: chromium.Tab, tmp_path: Path) -> None:
    make(site)
    port = free_port()
    home = f"http://127.0.0.1:{port}/"
    with served(site, port, tmp_path / "host"):
        tab.open(home).wait(ACTIVE)
    make(site, more="remove = true\n")
    assert "serviceWorker" not in site.text("index.html")
    with served(site, port, tmp_path / "host"):
        tab.open(f"{home}a/")
        tab.wait("caches.keys().then(k => k.length == 0)")
        tab.wait("navigator.serviceWorker.getRegistrations().then(r => r.length == 0)")


def test_what_is_fetched_is_what_was_weighed(site: SiteTest, tmp_path: Path) -> None:
    make(site, more='precache = ["/b/"]\n')
    folder = site.public
    with hosted(folder) as host, chromium.chromium(tmp_path / "profile") as browser:
        name = "one.localhost"
        tab = browser.tab(f"{host.origin(name)}/a/")
        tab.wait(ACTIVE)
        tab.wait("caches.open('ssg / pages').then(c => c.match('/a/')).then(Boolean)")
        logged = {one.path for one in host.log.of(name)}
    [weight, *_] = [one for one in weigh_folder(str(folder)).weights if one.url == "/a/"]
    lazy = {one.url for one in weight.fetches if one.phase is Phase.LAZY}
    assert lazy == {"/sw.js", "/offline/", "/b/", f"/{site.asset('photo.svg')}"}
    assert lazy <= logged
    assert logged <= {one.url for one in weight.fetches}
    assert all(one.label is Label.UPPER for one in weight.fetches if one.url in lazy)


class Fickle(BaseHTTPRequestHandler):
    """Serves a folder, and does to some paths what hosts and networks do: `how` says so by path."""

    folder: Path
    how: dict[str, str]
    seen: list[tuple[str, str]]

    def log_message(self, *_: object) -> None:
        pass

    def do_POST(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        how = self.how.get(path, "")
        self.seen.append((self.path, self.headers.get("Range", "")))
        file = self.folder / (path.lstrip("/") + ("index.html" if path.endswith("/") else ""))
        if how == "slow":
            time.sleep(3)
        status = {"broken": 500, "moved": 302}.get(how, 200 if file.is_file() else 404)
        body = file.read_bytes() if file.is_file() else b"<!doctype html>nothing"
        self.send_response(206 if self.headers.get("Range") else status)
        if how == "moved":
            self.send_header("Location", "/b/")
        if how == "private":
            self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Type", media_type(file.name))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def fickle(folder: Path) -> Iterator[tuple[str, type[Fickle]]]:
    handler = type("Handler", (Fickle,), {"folder": folder, "how": {}, "seen": []})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", handler
        finally:
            server.shutdown()


def test_what_is_not_whole_is_not_kept_and_what_is_not_a_pages_is_left_alone(site: SiteTest, tmp_path: Path) -> None:
    for name in "cdefgh":
        site.write(f"content/{name}.md", f"# {name}\n")
    make(site, more='timeout = "0.5 s"\n')
    with fickle(site.public) as (origin, host), chromium.chromium(tmp_path / "profile") as browser:
        tab = browser.tab()
        tab.open(f"{origin}/a/").wait(ACTIVE)
        tab.wait("Boolean(navigator.serviceWorker.controller)")
        host.how |= {"/c/": "broken", "/d/": "moved", "/e/": "private"}
        for name in "cdef":
            tab.open(f"{origin}/{name}/?q=1")
        tab.wait("caches.open('ssg / pages').then(c => c.match('/f/')).then(Boolean)")
        assert kept(tab)["ssg / pages"] == ["/a/", "/b/", "/f/"]
        # The image is asked for whole by the page, in part and by a form here; a missing one is not kept.
        image = f"/{site.asset('photo.svg')}"
        tab.ask(f"caches.delete('ssg / assets').then(() => fetch('{image}', {{headers: {{Range: 'bytes=0-9'}}}}))")
        tab.ask(f"fetch('{image}', {{method: 'POST'}})")
        tab.ask("fetch('/assets/gone.0123456789.css').then(r => r.status)")
        assert (image, "bytes=0-9") in host.seen
        assert kept(tab).get("ssg / assets", []) == []
        assert tab.ask(f"fetch('{image}').then(r => r.status)") == 200
        tab.wait("caches.open('ssg / assets').then(c => c.keys()).then(k => k.length == 1)")
        asked = len([one for one in host.seen if one[0] == image])
        tab.ask(f"fetch('{image}')")
        assert len([one for one in host.seen if one[0] == image]) == asked
        # A page that is late is shown as it was; one that was never opened is waited for.
        site.write("content/f.md", "# f\n\nnewer\n").built()
        host.how |= {"/f/": "slow", "/g/": "slow"}
        assert "newer" not in text(tab, f"{origin}/f/")
        tab.wait(
            "caches.open('ssg / pages').then(c => c.match('/f/')).then(r => r.text()).then(t => t.includes('newer'))"
        )
        assert text(tab, f"{origin}/g/").strip().startswith("Skip to content")
        host.how["/f/"] = ""
        assert "newer" in text(tab, f"{origin}/f/")


def test_what_is_kept_is_bounded(site: SiteTest, tmp_path: Path) -> None:
    make(site)
    with fickle(site.public) as (origin, _), chromium.chromium(tmp_path / "profile") as browser:
        tab = browser.tab()
        tab.open(f"{origin}/a/").wait(ACTIVE)
        tab.wait("Boolean(navigator.serviceWorker.controller)")
        first = kept(tab)["ssg / assets"]
        assert len(first) == 1
        folder = site.public / "assets"
        for number in range(250):
            (folder / f"x.{number:010x}.svg").write_bytes(ICON.encode())
        name = "'/assets/x.' + n.toString(16).padStart(10, 0) + '.svg'"
        tab.ask(f"Promise.all([...Array(250).keys()].map(n => fetch({name}))).then(all => all.length)")
        tab.wait("caches.open('ssg / assets').then(c => c.keys()).then(k => k.length <= 241)")
        assert first[0] in kept(tab)["ssg / assets"]
