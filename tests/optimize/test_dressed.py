"""Pages that wear style sheets which people use look the same by the critical part, by all of it, and by both."""

import re
from pathlib import Path
from typing import NamedTuple

import pytest
import turbohtml

from ssg.optimize.critical import LOADER, Limits, Memo, Way, apply
from tests.chromium import Tab
from tests.optimize.dressed import ATTRIBUTES, SHEETS, VIEWPORTS, body, moved, resized, sheet, unlike
from tests.site_test import SiteTest

LINK = re.compile(r"<link [^>]*rel=\"?stylesheet[^>]*>")
NOSCRIPT = re.compile(r"<noscript>.*?</noscript>", re.DOTALL)
# After this, a sheet cannot follow at the end of the body.
FIXED = "<style>.none{}</style></body>"


class Dressed(NamedTuple):
    """A built site of one page that wears a sheet, the page without critical CSS, and the sheet as it is published."""

    site: SiteTest
    html: str
    css: str


@pytest.fixture(scope="module", params=SHEETS)
def dressed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Dressed:
    name, folder = request.param, tmp_path_factory.mktemp("dressed")
    site = SiteTest(folder / "site").write("content/_index.md", "# T\n").write("assets/app.css", sheet(name, folder))
    head = f"<!doctype html><html{ATTRIBUTES.get(name, '')}><head><meta charset=utf-8><title>T</title>"
    link = "<link rel=stylesheet href=\"{{ asset_url('app.css') }}\">"
    site.write("templates/home.html", f"{head}{link}</head><body>{{% raw %}}{body(name)}{{% endraw %}}</body></html>")
    site.write("site.toml", '[site]\ntitle = "T"\n[html]\ncritical_css = "off"\nminifier = "none"\n').built()
    return Dressed(site, site.text("index.html"), site.packed("app.css"))


def applied(html: str, css: str, ways: set[Way]) -> str:
    tree = turbohtml.parse(html)
    done = apply(tree, lambda _: css, Memo(), Limits(inline=0, share=1))
    assert done is not None
    assert done.placement.way in ways, done.placement
    return tree.html


def test_no_element_looks_other(dressed: Dressed, page: Tab) -> None:
    full = f"<style>{dressed.css}</style>"
    changed = NOSCRIPT.sub("", applied(dressed.html, dressed.css, {Way.END, Way.MEDIA}))
    others = {"critical part alone": LINK.sub("", changed), "both": LINK.sub(lambda _: full, changed)}
    assert unlike(page, LINK.sub(lambda _: full, dressed.html), others) == []


@pytest.mark.parametrize("ways", [{Way.END, Way.MEDIA}, {Way.MEDIA}], ids=["chosen", "in place"])
def test_nothing_moves_while_the_rest_arrives(dressed: Dressed, page: Tab, ways: set[Way]) -> None:
    html = dressed.html if len(ways) > 1 else dressed.html.replace("</body>", FIXED)
    written = applied(html, dressed.css, ways)
    (dressed.site.public / "changed.html").write_text(written, encoding="utf-8")
    for width, height in VIEWPORTS:
        resized(page, width, height)
        assert moved(page, dressed.site.public, "changed.html") == 0


def test_what_moves_is_seen(tmp_path: Path, page: Tab) -> None:
    link = "<link rel=stylesheet href=a.css data-ssg-media=all media=print>"
    (tmp_path / "a.css").write_text("p{margin:200px}")
    (tmp_path / "a.html").write_text(f"<!doctype html><script>{LOADER}</script>{link}<p>text<p>text<p>text")
    assert moved(page, tmp_path, "a.html") > 0
