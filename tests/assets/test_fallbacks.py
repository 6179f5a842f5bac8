"""Fonts of a site: sheets name a fallback in their measures, and say it again when the font is another."""

import pytest

from ssg.assets.faces import font_variables
from tests.assets.test_fonts import font
from tests.site_test import SiteTest

SHEET = """@font-face { font-family: Boxes; src: url("fonts/boxes.woff2") }
:root { --text: Boxes, serif; --label: Boxes }
body { font-family: var(--text) }
h1::before { content: var(--label) }
"""


@pytest.fixture
def lettered(site: SiteTest) -> SiteTest:
    site.write("content/a.md", "# A\n").write("assets/base.css", SHEET).write("assets/fonts/boxes.woff2", font())
    return site.write("assets/other.css", "h2 { font: 1rem boxes }")


def test_a_sheet_names_a_fallback_in_the_measures_of_its_font(lettered: SiteTest) -> None:
    sheet = lettered.built().packed("base.css")
    assert "font-display:swap" in sheet
    assert sheet.count("@font-face") == 2
    assert "size-adjust:" in sheet
    assert "local(Arial)" in sheet
    assert '--text:Boxes, "Boxes fallback", serif' in sheet  # fmt: skip
    assert "--label:Boxes}" in sheet
    assert "Boxes fallback" in lettered.packed("other.css")


def test_another_font_has_other_measures(lettered: SiteTest) -> None:
    before = lettered.built().packed("base.css")
    lettered.write("assets/fonts/boxes.woff2", font(advance=700)).built()
    after = lettered.packed("base.css")
    assert before.split("size-adjust:")[1] != after.split("size-adjust:")[1]


def test_a_font_of_static_is_known_too(lettered: SiteTest) -> None:
    lettered.remove("assets/fonts/boxes.woff2").write("static/f/b.woff2", font())
    lettered.write("assets/base.css", SHEET.replace("fonts/boxes.woff2", "/f/b.woff2"))
    before = lettered.built().packed("base.css")
    assert "size-adjust" in before
    lettered.write("static/f/b.woff2", font(advance=700)).built()
    assert lettered.packed("base.css") != before


def test_fallbacks_can_be_left_out(lettered: SiteTest) -> None:
    toml = (lettered.root / "site.toml").read_text()
    lettered.write("site.toml", toml + "[fonts]\nfallbacks = false\n").built()
    assert "fallback" not in lettered.packed("base.css")
    assert "font-display:swap" in lettered.packed("base.css")


def test_a_broken_font_is_one_warning_each_time(lettered: SiteTest) -> None:
    lettered.write("assets/fonts/boxes.woff2", b"wOF2 no font").built()
    said = lettered.said()
    assert said.startswith("assets/fonts/boxes.woff2: warning: is no font that can be read: ")
    assert said.count("\n") == 1
    assert lettered.write("content/b.md", "# B\n").built().said() == said
    assert "fallback" not in lettered.packed("base.css")


def test_a_sheet_of_another_encoding_stays_as_it_is(lettered: SiteTest) -> None:
    toml = (lettered.root / "site.toml").read_text()
    lettered.write("site.toml", toml + "[assets]\nminify = false\n")
    body = SHEET.replace("Boxes, serif", "Böxes").encode("latin-1")
    lettered.write("assets/base.css", b'@charset "latin1";' + body).built()
    assert "size-adjust" not in (lettered.public / lettered.asset("base.css")).read_bytes().decode("latin-1")


def test_which_variables_hold_fonts() -> None:
    sheets = [
        "a { font: 1rem var(--a) }",
        ":root { --a: var( --b, x); --b: Inter; --c: Inter }",
        "b { color: var(--c) }",
    ]
    assert font_variables(sheets) == {"--a", "--b"}
