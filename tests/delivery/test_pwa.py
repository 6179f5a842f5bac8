"""A site that is an app: its icons, its manifest, what its pages say, and the worker that follows from the release."""

import json
import re
from pathlib import Path

import msgspec
import pytest
import pyvips
from hypothesis import given
from hypothesis import strategies as st

from ssg import assets, output
from ssg.assets.icons import make_icons
from ssg.budget.apps import listed_files, manifest_icons
from ssg.config import Overrides, PwaConfig, load_config
from ssg.deploy.planning import phase_of
from ssg.deploy.values import Phase
from ssg.digests import digest
from ssg.errors import Diagnostic
from ssg.urls import uri
from tests.optimize.pages import PAGES, configured, refined
from tests.site_test import SiteTest

TOML = """[site]
title = "Pond"
base_url = "https://example.org/docs/"
description = "Frogs"
[pwa]
icon = "icon.svg"
short_name = "P"
theme_color = "#123456"
"""
ICON = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><rect width="10" height="10" fill="#ff0000"/></svg>'
GREEN = (0, 128, 0)


def app(site: SiteTest, more: str = "", toml: str = TOML) -> SiteTest:
    site.write("site.toml", toml + more).write("assets/icon.svg", ICON)
    site.write("content/_index.md", "# Home\n").write("content/a.md", "---\naliases: [/old/]\n---\n\n# A\n")
    return site.write("content/offline.md", "# Offline\n")


def files(site: SiteTest) -> list[str]:
    found: list[str] = json.loads(re.findall(r"FILES=(\[.*?\])", site.text("sw.js"))[0])
    return found


def version(site: SiteTest) -> str:
    return str(re.findall(r'VERSION="(\w+)"', site.text("sw.js"))[0])


def pixels(png: bytes) -> pyvips.Image:
    return pyvips.Image.new_from_buffer(png, "")


def png(width: int, height: int, bands: int = 3) -> bytes:
    plain = pyvips.Image.black(width, height, bands=bands) + ([*GREEN, 255][:bands])
    body: bytes = plain.cast("uchar").copy(interpretation="srgb").write_to_buffer(".png")
    return body


def test_a_site_without_the_table_is_no_app(site: SiteTest) -> None:
    app(site, toml=TOML.partition("[pwa]")[0]).built()
    assert not [path for path in site.tree() if "sw.js" in path or "manifest" in path or "app-icon" in path]
    assert "serviceWorker" not in site.text("a/index.html")


@pytest.mark.parametrize(
    ("name", "body"),
    [("i.svg", ICON.encode()), ("i.png", png(600, 600)), ("i.png", png(512, 900, 4))],
    ids=["svg", "png", "tall"],
)
def test_icons_have_their_sizes_and_the_maskable_ones_a_safe_zone(name: str, body: bytes) -> None:
    icons = make_icons(name, body, "#0a0b0c")
    assert not isinstance(icons, Diagnostic)
    sides = {url: (pixels(one).width, pixels(one).height) for url, one in icons.items()}
    assert sides == {url: (one.side, one.side) for url, one in assets.ICONS.items()}
    assert sorted(one[0] for one in sides.values()) == [180, 192, 192, 512, 512]
    assert icons == make_icons(name, body, "#0a0b0c")
    for url in ("/assets/app-icon-maskable-192.png", "/assets/app-icon-maskable-512.png"):
        image = pixels(icons[url])
        assert not image.hasalpha()
        place = pyvips.Image.xyz(image.width, image.height)
        across, down = (place[band] - (image.width - 1) / 2 for band in (0, 1))
        outside = (across * across + down * down) > (0.4 * image.width) ** 2
        other = (image != [10, 11, 12]).bandor()
        assert (outside & other).max() == 0
        assert other.max() == 255
    assert not pixels(icons["/assets/apple-touch-icon.png"]).hasalpha()


def test_a_small_or_damaged_image_gives_no_icons() -> None:
    small = make_icons("i.png", png(511, 900), "#ffffff")
    assert isinstance(small, Diagnostic)
    assert "511 by 900 px" in small.message
    for name, body in {"i.svg": b"<svg", "i.png": b"\x89PNG\r\n\x1a\n", "i.txt": b"x", "i.jpg": b""}.items():
        assert isinstance(make_icons(name, body, "#ffffff"), Diagnostic), name


def test_the_manifest_names_what_is_published(site: SiteTest) -> None:
    app(site).built()
    said = json.loads(site.text("manifest.webmanifest"))
    icons = said.pop("icons")
    assert said == {
        "name": "Pond",
        "short_name": "P",
        "description": "Frogs",
        "lang": "en",
        "id": "/docs/",
        "start_url": "/docs/",
        "scope": "/docs/",
        "display": "standalone",
        "theme_color": "#123456",
        "background_color": "#ffffff",
    }
    assert [(one["sizes"], one["purpose"]) for one in icons] == [
        ("192x192", "any"),
        ("512x512", "any"),
        ("192x192", "maskable"),
        ("512x512", "maskable"),
    ]
    for one in icons:
        assert pixels(site.tree()[one["src"].removeprefix("/docs/")]).width == int(one["sizes"].partition("x")[0])


def test_pages_say_what_the_app_is_once() -> None:
    config = configured(pwa={"icon": "i.svg", "theme_color": "#123456"})
    page = "<!doctype html><html><head><title>T</title></head><body><p>a</p></body></html>"
    made = refined(page, config)
    for part in (
        "<link rel=manifest href=/docs/manifest.webmanifest>",
        "content=#123456",
        'register("/docs/sw.js")',
    ):
        assert made.text.count(part) == 1, part
    assert [one for one in made.inlined if one.startswith("script-src 'sha256-")]
    assert refined(made.text, config).text == made.text
    own = page.replace("<title>", '<link rel=manifest href=/x.json><meta name=theme-color content="#fff"><title>')
    assert "manifest.webmanifest" not in refined(own, config).text
    assert "#123456" not in refined(own, config).text
    for other in ("<p>a fragment", page.replace("<title>", '<meta http-equiv=refresh content="0; url=/b/"><title>')):
        assert "serviceWorker" not in refined(other, config).text
    for without in (configured(), configured(pwa={"icon": "i.svg", "remove": True})):
        assert "serviceWorker" not in refined(page, without).text
    assert "serviceWorker" not in refined(page, config, off=("pwa",)).text


@given(PAGES)
def test_any_page_is_the_same_after_a_second_time(page: str) -> None:
    config = configured(pwa={"icon": "i.svg", "theme_color": "#123456"})
    once = refined(f"<!doctype html>{page}".replace(" data-ssg-skip", ""), config).text
    assert refined(once, config).text == once
    assert once.count("serviceWorker.register(") == 1


def test_the_worker_has_the_page_for_no_network_and_what_that_is_shown_with(site: SiteTest) -> None:
    app(site, "[html]\ncritical_css = 'off'\n").built()
    assert files(site) == [f"/docs/{site.asset('style.css')}", "/docs/offline/"]
    assert len(site.text("sw.js")) < 3000
    app(site, 'precache = ["/*"]\n').built()
    listed = files(site)
    assert {"/docs/", "/docs/a/", "/docs/robots.txt", "/docs/offline/"} <= set(listed)
    assert not [one for one in listed if "sw.js" in one or "404" in one or "/old/" in one]
    assert listed == sorted(listed)


@pytest.mark.parametrize("csp", ["header", "pages"])
def test_the_version_follows_from_the_bytes_that_are_published(csp: str, site: SiteTest) -> None:
    many = "".join(f"<script>window.x{n} = 1</script>" for n in range(60 if csp == "pages" else 1))
    base = (Path(__file__).parents[2] / "themes/default/templates/base.html").read_text(encoding="utf-8")
    site.write("templates/base.html", base.replace("</body>", f"{many}</body>"))
    app(site, '[delivery]\ntargets = ["nginx"]\n').built()
    assert ("content-security-policy" in site.text("offline/index.html")) == (csp == "pages")
    there = {
        url: digest(site.tree()[url.removeprefix("/docs/") + ("index.html" if url.endswith("/") else "")])
        for url in files(site)
    }
    script = site.text("sw.js").partition(";")[2].rstrip("\n")
    assert output.worker_script(script, "/docs/", "/docs/offline/", 3000, there) == site.text("sw.js")


def test_the_version_changes_with_what_is_kept_and_only_then(site: SiteTest, tmp_path: Path) -> None:
    first = version(app(site).built())
    assert version(site.write("content/a.md", "# A\n\nother\n").built()) == first
    second = version(site.write("content/offline.md", "# Offline\n\nother\n").built())
    assert second != first
    assert version(site.write("content/offline.md", "# Offline\n").built()) == first
    clean = app(SiteTest(tmp_path / "clean")).write("content/a.md", "# A\n\nother\n").built()
    assert clean.tree() == site.tree()


def test_addresses_are_those_that_browsers_ask_for(site: SiteTest) -> None:
    app(site, toml=TOML.replace("/docs/", "/döcs/") + 'offline = "/kein/nétz/"\n[html]\ncritical_css = "off"\n')
    site.write("content/netz.md", "---\npermalink: /kein/nétz/\n---\n").built()
    assert files(site) == [f"/d%C3%B6cs/{site.asset('style.css')}", "/d%C3%B6cs/kein/n%C3%A9tz/"]
    assert 'BASE="/d%C3%B6cs/",OFFLINE="/d%C3%B6cs/kein/n%C3%A9tz/"' in site.text("sw.js")
    encoded = site.text("sw.js")
    site.write("site.toml", (site.root / "site.toml").read_text().replace("/döcs/", "/d%C3%B6cs/")).built()
    assert site.text("sw.js").partition(",VERSION")[0] == encoded.partition(",VERSION")[0]


def test_what_a_page_is_shown_with_is_looked_up_until_a_file_of_it_changes(site: SiteTest) -> None:
    app(site, '[html]\ncritical_css = "off"\n').write("static/logo.svg", ICON)
    site.write("assets/style.css", "body{background:url(/logo.svg)}").built()
    assert files(site) == [f"/docs/{site.asset('style.css')}", "/docs/logo.svg", "/docs/offline/"]
    first = version(site)
    assert version(site.write("content/a.md", "# A\n\nother\n").built()) == first
    assert version(site.write("static/logo.svg", ICON.replace("#ff0000", "blue")).built()) != first
    assert "/docs/logo.svg" not in files(site.remove("static/logo.svg").built())
    site.write("static/logo.svg", ICON).built()
    assert version(site) == first
    site.write("assets/style.css", "body{color:red}").built()
    assert files(site) == [f"/docs/{site.asset('style.css')}", "/docs/offline/"]


def test_icons_are_made_once(site: SiteTest, monkeypatch: pytest.MonkeyPatch) -> None:
    app(site).built()
    before = site.tree()
    monkeypatch.setattr(assets, "make_icons", None)
    site.write("content/b.md", "# B\n").built()
    assert {path: body for path, body in site.tree().items() if "icon" in path} == {
        path: body for path, body in before.items() if "icon" in path
    }


def test_files_on_a_cdn_are_left_to_it(site: SiteTest) -> None:
    app(site, '[html]\ncritical_css = "off"\n[assets]\ncdn = "https://cdn.example.com"\n').built()
    assert files(site) == ["/docs/offline/"]
    assert "site.toml:12: warning: files on the CDN are not there without a network" in site.said()
    icons = json.loads(site.text("manifest.webmanifest"))["icons"]
    assert all(one["src"].startswith("https://cdn.example.com/assets/") for one in icons)


def test_an_app_that_is_removed_has_a_worker_that_removes_itself(site: SiteTest) -> None:
    app(site, "remove = true\n").built()
    assert "unregister()" in site.text("sw.js")
    assert 'BASE="/docs/"' in site.text("sw.js")
    assert not [path for path in site.tree() if "manifest" in path or "app-icon" in path]
    assert "serviceWorker" not in site.text("a/index.html")


def test_a_preview_has_no_worker(site: SiteTest) -> None:
    app(site)
    assert load_config(site.root, Overrides(delivery=False)).pwa == PwaConfig(
        icon="icon.svg", short_name="P", theme_color="#123456", remove=True
    )


def test_the_worker_is_uploaded_last() -> None:
    assert phase_of("sw.js", frozenset()) is phase_of("sw.js.br", frozenset()) is max(Phase)
    assert phase_of("a/sw.js", frozenset()) is Phase.FILE


def test_a_browser_fetches_one_icon_of_a_manifest() -> None:
    icons = [
        {"src": "small.png", "sizes": "96x96"},
        {"src": "/b.png", "sizes": "512x512 1024x1024"},
        {"src": "a.png", "sizes": "192x192", "purpose": "any monochrome"},
        {"src": "m.png", "sizes": "256x256", "purpose": "maskable"},
        {"src": "wide.png", "sizes": "200x100"},
        {"src": "data:,x", "sizes": "144x144"},
    ]
    text = json.dumps({"name": "x", "icons": icons})
    assert manifest_icons(text, "/docs/m.json", (), mobile=False) == ("/docs/a.png",)
    assert manifest_icons(text, "/docs/m.json", (), mobile=True) == ("/docs/a.png", "/docs/m.png")
    assert manifest_icons('{"icons": [{"src": "a.svg", "sizes": "any"}]}', "/m", (), mobile=False) == ("/a.svg",)


@given(
    st.one_of(st.text(), st.recursive(st.none() | st.text() | st.integers(), st.lists).map(json.dumps)), st.booleans()
)
def test_any_manifest_and_worker_can_be_read(text: str, mobile: bool) -> None:
    assert manifest_icons(text, "/m", (), mobile=mobile) == ()
    assert manifest_icons(f'{{"icons": [{{"src": {json.dumps(text)}}}]}}', "/m", (), mobile=mobile) == ()
    assert listed_files(text) == ()


paths = st.text(min_size=1, max_size=9).map(lambda text: f"/{text}")


@given(st.dictionaries(paths.map(lambda path: output.artifact_path(path) and path), st.text("0123456789abcdef")))
def test_what_a_worker_lists_is_read_again(found: dict[str, str]) -> None:
    listed = {uri(url): mark for url, mark in found.items() if not url.isspace()}
    script = output.worker_script("0", "/", "/offline/", 1, listed)
    assert listed_files(script) == tuple(sorted(listed))
    assert msgspec.json.encode(sorted(listed)).decode() in script.replace(", ", ",")
