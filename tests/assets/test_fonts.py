"""Fonts: what stands in for one has its measures; what a subset keeps looks as before."""

import io

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

from ssg.assets.faces import Face, add_display, add_fallbacks, declared_faces
from ssg.assets.fonts import FontMetrics, fallback_face, read_metrics, subset_font
from ssg.errors import Diagnostic

LETTERS = " abcdefghijklmnopqrstuvwxyzABCé"


def font(
    advance: int = 500,
    *,
    flavor: str | None = "woff2",
    typo: bool = False,
    fixed: bool = False,
    letters: str = LETTERS,
) -> bytes:
    """Make a font whose letters are boxes of one width, 1000 units to the em."""
    names = [".notdef", *(f"uni{ord(letter):04X}" for letter in letters)]
    glyphs = {}
    for number, name in enumerate(names):
        pen = TTGlyphPen(None)
        pen.moveTo((0, 0))
        pen.lineTo((0, 300 + number))
        pen.lineTo((advance - 10, 300 + number))
        pen.closePath()
        glyphs[name] = pen.glyph()
    builder = FontBuilder(1000)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({ord(letter): f"uni{ord(letter):04X}" for letter in letters})
    builder.setupGlyf(glyphs)
    builder.setupHorizontalMetrics(dict.fromkeys(names, (advance, 0)))
    builder.setupHorizontalHeader(ascent=950, descent=-250, lineGap=30)
    builder.setupNameTable({"familyName": "Boxes", "styleName": "Regular"})
    builder.setupOS2(
        version=4, sTypoAscender=800, sTypoDescender=-200, sTypoLineGap=90, fsSelection=1 << 7 if typo else 0
    )
    builder.setupPost(isFixedPitch=int(fixed))
    builder.font["head"].created = builder.font["head"].modified = 3_600_000_000
    builder.font.recalcTimestamp = False
    builder.font.flavor = flavor
    written = io.BytesIO()
    builder.save(written)
    return written.getvalue()


def measured(body: bytes) -> FontMetrics:
    found = read_metrics("a.woff2", body)
    assert isinstance(found, FontMetrics)
    return found


@pytest.mark.parametrize("flavor", ["woff2", "woff", None])
def test_the_measures_of_a_font(flavor: str | None) -> None:
    assert measured(font(flavor=flavor)) == FontMetrics(0.95, 0.25, 0.03, 0.5, "sans-serif")


def test_a_font_says_which_heights_count_and_what_kind_it_is() -> None:
    assert measured(font(600, typo=True, fixed=True)) == FontMetrics(0.8, 0.2, 0.09, 0.6, "monospace")


def test_a_fallback_has_the_measures_of_its_font() -> None:
    (face,) = declared_faces("@font-face { font-family: Boxes; src: url(a.woff2); unicode-range: U+0-FF }")
    assert fallback_face(face, measured(font())) == (
        '@font-face {font-family: "Boxes fallback"; '
        'src: local("Arial"), local("Helvetica"), local("Liberation Sans"), local("Arimo"); unicode-range: U+0-FF; '
        "size-adjust: 113.79%; ascent-override: 83.49%; descent-override: 21.97%; line-gap-override: 2.64%}\n"
    )


def test_a_bold_italic_falls_back_to_one() -> None:
    sheet = '@font-face { font-family: "B"; src: url(a); font-weight: bold; font-style: italic }'
    (face,) = declared_faces(sheet)
    written = fallback_face(face, FontMetrics(1, 0, 0, 0.5, "serif"))
    assert 'local("Times New Roman Bold Italic")' in written
    assert "font-weight: bold; font-style: italic" in written
    (again,) = declared_faces(written.replace("local(", "url("))
    assert (again.weight, again.style, again.family) == (700, "italic", "B fallback")


@given(st.builds(FontMetrics, *(st.floats(0.01, 2) for _ in range(4)), st.sampled_from(["serif", "sans-serif"])))
def test_heights_and_widths_come_out_as_those_of_the_font(metrics: FontMetrics) -> None:
    written = fallback_face(Face("B", ("a",), "normal", 400, "normal", "", "", 1), metrics)
    said = dict(one.split(": ") for one in written.removeprefix("@font-face {").rstrip("}\n").split("; "))
    adjust, ascent, descent, gap = (
        float(said[name].rstrip("%")) / 100
        for name in ("size-adjust", "ascent-override", "descent-override", "line-gap-override")
    )
    for override, height in ((ascent, metrics.ascent), (descent, metrics.descent), (gap, metrics.line_gap)):
        assert adjust * override == pytest.approx(height, rel=0.05, abs=0.01)


def test_a_subset_is_smaller_the_same_each_time_and_draws_the_same() -> None:
    body = font()
    small = subset_font("a.woff2", body, ["abba", "é"])
    assert isinstance(small, bytes)
    assert small == subset_font("a.woff2", body, {"é", "ab"})
    assert len(small) < len(body)
    before, after = TTFont(io.BytesIO(body)), TTFont(io.BytesIO(small))
    assert after.flavor == "woff2"
    assert {chr(code) for code in after.getBestCmap()} == {"a", "b", "é"}
    for letter in "abé":
        old, new = (one.getGlyphSet()[one.getBestCmap()[ord(letter)]] for one in (before, after))
        assert old.width == new.width
    assert measured(small) == measured(body)


def test_a_subset_of_everything_is_the_font() -> None:
    body = font()
    whole = subset_font("a.woff2", body, [LETTERS])
    assert isinstance(whole, bytes)
    assert len(whole) <= len(body)
    assert set(TTFont(io.BytesIO(whole)).getBestCmap()) == set(map(ord, LETTERS))


@pytest.mark.parametrize("body", [b"", b"wOF2", b"Dear reader", font()[:300], font(flavor=None)[:900]])
def test_a_broken_font_is_one_warning(body: bytes) -> None:
    for found in (read_metrics("fonts/a.woff2", body), subset_font("fonts/a.woff2", body, "a")):
        assert isinstance(found, Diagnostic)
        assert str(found).startswith("fonts/a.woff2: warning: is no font that can be read: ")
        assert "\n" not in str(found)


SHEET = """/* @font-face { font-family: No } */
@font-face { font-family: "Inter"; src: url("inter.woff2") format("woff2"), url(data:font/woff;base64,AA;==);
  font-weight: 100 900 }
@FONT-FACE { font-family: Boxes; src: local(Boxes), url( 'b.woff2' ); font-display: optional; font-style: italic }
body { font: italic 1rem/1.5 Inter, sans-serif; color: red }
:root { --text: 'Inter' , serif; --other: "Interx" }
@media (width > 9px) { b { font-family: /* first */ inter!important; quotes: "}" } code { font-family: Mono } }
"""


def test_the_faces_of_a_sheet() -> None:
    assert declared_faces(SHEET) == (
        Face("Inter", ("inter.woff2", "data:font/woff;base64,AA;=="), "100 900", 100, "normal", "", "", 2),
        Face("Boxes", ("b.woff2",), "normal", 400, "italic", "", "optional", 4),
    )


def test_text_shows_before_its_font_is_there() -> None:
    shown = add_display(SHEET)
    assert [face.display for face in declared_faces(shown)] == ["swap", "optional"]
    assert shown.replace("font-display: swap;", "", 1) == SHEET
    assert add_display(shown) == shown


@pytest.mark.parametrize(
    "before",
    [
        "16px",
        "1em/1.5",
        "calc(1rem + (2vw / 3))",
        "var(--size)/var(--line)",
        "italic small-caps 700 clamp(1rem, calc(1vw + (1px * 2)), 2rem) / normal",
        "medium",
        "bold x-LARGE/1.2",
        "smaller",
    ],
)
def test_a_family_is_found_after_any_size(before: str) -> None:
    sheet = f"p {{ font: {before} Inter, serif }}"
    assert add_fallbacks(sheet, ["Inter"]) == sheet.replace("Inter,", 'Inter, "Inter fallback",')
    assert (
        add_fallbacks(f"p {{ font: {before} My Inter, serif }}", ["Inter"]) == f"p {{ font: {before} My Inter, serif }}"
    )


def test_fallbacks_stand_after_their_families() -> None:
    named = add_fallbacks(SHEET, ["Inter", "Boxes"])
    assert 'font: italic 1rem/1.5 Inter, "Inter fallback", sans-serif;' in named
    assert "--text: 'Inter', \"Inter fallback\" , serif;" in named
    assert 'font-family: /* first */ inter, "Inter fallback"!important;' in named
    assert named.count(", ") == SHEET.count(", ") + 3
    assert named.replace(', "Inter fallback"', "") == SHEET
    assert add_fallbacks(named, ["Inter", "Boxes"]) == named


PARTS = "@font-face|{|}|;|,|(|)|font-family:|font:|--a:|Inter|'Inter'|'x}|/*|*/|url(a;b)|1rem|a| |\n|\"|\\|src:|!x"
css = st.lists(st.sampled_from(PARTS.split("|"))).map("".join)


@given(css)
def test_any_sheet_stays_what_it_was_but_for_what_is_added(sheet: str) -> None:
    named = add_fallbacks(sheet, ["Inter"])
    assert named.replace(', "Inter fallback"', "") == sheet
    shown = add_display(sheet)
    assert shown.replace("font-display: swap;", "") == sheet
    assert [(face.family, face.urls) for face in declared_faces(shown)] == [
        (face.family, face.urls) for face in declared_faces(sheet)
    ]
