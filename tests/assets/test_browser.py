"""A browser sees the same page with packed files as with the files that the author wrote."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.chromium import Chromium, chromium
from tests.site_test import SiteTest

SHEETS = {
    "main.css": """@charset "utf-8";
@layer reset, late, theme;
@import url("theme.css") layer(theme);
@import 'late.css' layer(late) screen and (min-width: 1px);
@import "print.css" print;
@import url(grid.css) supports(display: grid);
@import "no.css" supports(display: nothing);
@import "twice.css";
@import "deep/one.css";
@import "twice.css";
p { color: rgb(1, 1, 1) }
article { & p { color: rgb(2, 2, 2); .x & { color: rgb(3, 3, 3) } } }
""",
    "theme.css": "h1 { color: rgb(10, 0, 0) } h2 { color: rgb(10, 0, 0) !important } h4 { color: rgb(10, 0, 0) }",
    "late.css": "h1 { color: rgb(11, 0, 0) } h2 { color: rgb(11, 0, 0) !important } @layer in { h4 { color: red } }",
    "print.css": "h1, h3 { color: rgb(12, 0, 0) !important }",
    "grid.css": "h3 { color: rgb(13, 0, 0) }",
    "no.css": "h3 { color: rgb(14, 0, 0) !important }",
    "twice.css": "b { color: rgb(15, 0, 0) }",
    "deep/one.css": "@import '../twice.css'; @import 'two.css' layer; b { color: rgb(16, 0, 0) } i { color: rgb(17, 0, 0) }",
    "deep/two.css": "i { color: rgb(18, 0, 0) } u { background-image: url(../dot.svg) } u::after { content: 'é</style>' }",
}
BODY = "<h1>1</h1><h2>2</h2><h3>3</h3><h4>4</h4><p>p</p><article class=x><p>p</p></article><article><p>p</p></article><b>b</b><i>i</i><u>u</u>"
STYLES = """[...document.body.querySelectorAll("*")].map((one) =>
  [one.localName, getComputedStyle(one).color, getComputedStyle(one).backgroundImage !== "none",
   getComputedStyle(one, "::after").content].join(" "))"""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    with chromium(tmp_path_factory.mktemp("profile")) as running:
        yield running


@pytest.mark.parametrize("settings", ["", "minify = false", 'targets = "chrome 80"'])
def test_styles_are_those_of_the_author(site: SiteTest, browser: Chromium, settings: str) -> None:
    for name, text in SHEETS.items():
        site.write(f"assets/{name}", text).write(f"static/plain/{name}", text)
    dot = '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"/>'
    site.write("assets/dot.svg", dot).write("static/plain/dot.svg", dot)
    page = (
        "<!doctype html><html><head><meta charset=utf-8><link rel=stylesheet href='{}'>{}</head><body>{}</body></html>"
    )
    site.write("static/plain/index.html", page.format("main.css", "", BODY)).write("content/a.md", "# A\n")
    site.write("content/b.md", "# B\n").write("site.toml", f"[bundles.css]\nall = ['main.css']\n[assets]\n{settings}\n")
    linked = page.format("{{ asset_url('main.css') if page.title == 'A' else css_bundle('all') }}", "", BODY)
    site.write("templates/page.html", linked).built()
    assert "@import" not in site.packed("main.css")
    with served(site.public) as address:
        plain = browser.tab(f"{address}/plain/").ask(STYLES)
        assert browser.tab(f"{address}/a/").ask(STYLES) == plain
        assert browser.tab(f"{address}/b/").ask(STYLES) == plain
    assert len({style.partition(" ")[2] for style in plain}) > 6


def test_modules_run(site: SiteTest, browser: Chromium) -> None:
    site.write(
        "assets/app.js",
        "import { a } from './a.js';\nimport b from './lib/b.js'\nconst late = await import('./late.js')\nwindow.said = [a(), b, late.c, new URL('dot.txt', import.meta.url).pathname]\n",
    )
    site.write(
        "assets/a.js",
        "import b from './lib/b.js'\n// of b\nexport function a() { return `a${ /* x */ b }` }\nexport const r = /[/]'/\n",
    )
    site.write("assets/lib/b.js", "import { a } from '../a.js'\nexport default typeof a\n").write(
        "assets/late.js", "export const c = 4 / 2 / 1\n"
    )
    site.write("assets/dot.txt", "x").write("content/a.md", "# A\n")
    site.write(
        "templates/page.html",
        "<!doctype html><html><body>{% set app = asset_url('app.js') %}{% for one in app.modules %}<link rel=modulepreload href='{{ one }}'>{% endfor %}<script type=module src='{{ app }}' integrity='{{ app.integrity }}'></script></body></html>",
    ).built()
    with served(site.public) as address:
        tab = browser.tab(f"{address}/a/")
        tab.wait("window.said")
        assert tab.ask("window.said") == ["afunction", "function", 2, f"/{site.asset('dot.txt')}"]
    assert site.text("a/index.html").count("modulepreload") == 2
