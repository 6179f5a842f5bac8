"""A font that the critical part and the whole sheet both declare is fetched once, and text changes to it once."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.assets.test_fonts import font
from tests.chromium import Tab
from tests.site_test import SiteTest
from tests.test_browser import Quiet, served

CSS = (
    '@font-face{font-family:"A";src:url(fonts/a.woff2) format("woff2")}'
    'p{font:20px/1 "A",monospace;display:inline-block}'
)
HEAD = '<!doctype html><head><title>T</title><link rel=stylesheet href="{{ asset_url("a.css") }}"></head><body>'
# The widths that the text has had from frame to frame, and how often fonts have come: one whose rule comes once more
# comes once more, too, but from memory.
WATCH = """window.widths = []; window.came = 0;
document.fonts.addEventListener("loadingdone", () => { came += 1 });
(function look() {
  const width = document.querySelector("p")?.getBoundingClientRect().width;
  if (width && width !== widths.at(-1)) widths.push(width);
  requestAnimationFrame(look);
})();"""
_LATE = {".woff2": 0.15, ".css": 0.3}  # seconds


@contextmanager
def logged(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Serve a folder on loopback, fonts and style sheets late; give the address, and the paths that were asked for."""
    asked: list[str] = []

    class Logging(Quiet):
        def do_GET(self) -> None:  # noqa: N802 - as the library calls it
            asked.append(self.path)
            time.sleep(next((late for ending, late in _LATE.items() if self.path.endswith(ending)), 0))
            super().do_GET()

    with served(folder, Logging) as host:
        yield host, asked


@pytest.mark.parametrize("preload", ["true", "false"])
@pytest.mark.parametrize("body", ["<p>the quick brown fox", "<p>the quick brown fox<style>.none{}</style>"])
def test_a_font_is_fetched_once_and_text_changes_once(site: SiteTest, page: Tab, preload: str, body: str) -> None:
    toml = '[site]\ntitle = "T"\n[html]\ninline_css = "10 B"\n[fonts]\nfallbacks = false\n'
    site.write("site.toml", f"{toml}preload = {preload}\n").write("content/_index.md", "# T\n")
    unused = "".join(f".none{number}{{color:red}}" for number in range(40))
    site.write("assets/a.css", CSS + unused).write("assets/fonts/a.woff2", font(800))
    site.write("templates/home.html", HEAD + body).built()
    text = site.text("index.html")
    assert text.count("@font-face") == site.packed("a.css").count("@font-face") == 1
    assert ("rel=preload" in text) == (preload == "true")
    page.send("Page.enable")
    page.send("Page.addScriptToEvaluateOnNewDocument", source=WATCH)
    with logged(site.public) as (host, asked):
        page.open(f"{host}/")
        page.wait("!document.querySelector('[data-ssg-media]') && document.fonts.status == 'loaded' && came")
        page.ask("new Promise(done => setTimeout(done, 200))")
        assert [path for path in asked if path.endswith(".woff2")] == [f"/{site.asset('fonts/a.woff2')}"]
        assert [path for path in asked if path.endswith(".css")] == [f"/{site.asset('a.css')}"]
        widths = page.ask("widths")
        assert widths[-1] == 800 / 1000 * 20 * len("the quick brown fox")
        assert len(widths) <= 2
