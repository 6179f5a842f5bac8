"""Pages that wear style sheets which people use look the same by the critical part, by all of it, and by both."""

import re
from pathlib import Path

import pytest
import turbohtml

from ssg.optimize.critical import Limits, Memo, Way, apply
from tests.chromium import tab
from tests.optimize.dressed import ATTRIBUTES, SHEETS, body, sheet, unlike
from tests.site_test import SiteTest

LINK = re.compile(r"<link [^>]*rel=\"?stylesheet[^>]*>")
NOSCRIPT = re.compile(r"<noscript>.*?</noscript>", re.DOTALL)


@pytest.mark.parametrize("name", SHEETS)
def test_no_element_looks_other(name: str, site: SiteTest, tmp_path: Path) -> None:
    site.write("assets/app.css", sheet(name, tmp_path)).write("content/_index.md", "# T\n")
    head = f"<!doctype html><html{ATTRIBUTES.get(name, '')}><head><meta charset=utf-8><title>T</title>"
    link = "<link rel=stylesheet href=\"{{ asset_url('app.css') }}\">"
    site.write("templates/home.html", f"{head}{link}</head><body>{{% raw %}}{body(name)}{{% endraw %}}</body></html>")
    site.write("site.toml", '[site]\ntitle = "T"\n[html]\ncritical_css = "off"\n').built()
    html, css = site.text("index.html"), site.packed("app.css")
    full = f"<style>{css}</style>"
    tree = turbohtml.parse(html)
    done = apply(tree, lambda _: css, Memo(), Limits(inline=0, share=1))
    assert done is not None
    assert done.placement.way in {Way.END, Way.MEDIA}, done.placement
    changed = NOSCRIPT.sub("", tree.html)
    others = {"critical part alone": LINK.sub("", changed), "both": LINK.sub(lambda _: full, changed)}
    with tab(tmp_path / "profile") as page:
        assert unlike(page, LINK.sub(lambda _: full, html), others) == []
