"""Layers, fonts, animations, and sheets that are broken or meant to do harm."""

import msgspec
import pytest
import tinycss2
import turbohtml
from hypothesis import given, settings
from hypothesis import strategies as st

from ssg.optimize.critical.compile import compile_sheet, escaped
from ssg.optimize.critical.select import select, signature
from ssg.optimize.critical.sheet import ALL_NAMES, Sheet
from ssg.optimize.critical.tokens import tokens_of


def critical(css: str, body: str = "<p class=a>", start: str = "<!doctype html>") -> str:
    sheet = compile_sheet(css)
    assert not sheet.refusal
    return select(sheet, signature(sheet, tokens_of(turbohtml.parse(start + body, positions=False))))


def test_every_layer_is_named_first_in_its_order() -> None:
    css = "@layer base{}@layer gone{.x{c:d}}@layer over{p{c:d}}@layer base.low,base{.y{c:d}}@layer base{p{e:f}}"
    assert critical(css).startswith("@layer base,gone,over")
    assert critical("@layer a;p{c:d}@layer b,c.d;") == "@layer a,b,c.d;p{c:d}"


def test_a_layer_within_a_condition_is_named_within_it() -> None:
    css = "@media print{@layer a{.x{c:d}}}@layer b{p{c:d}}@layer a{p{c:e}}"
    assert critical(css) == "@media print{@layer a;}@layer b,a;@layer b{p{c:d}}@layer a{p{c:e}}"


def test_a_layer_in_a_rule_that_matches_nothing_is_named() -> None:
    assert critical(".x{@layer a{c:d}}@layer b{p{c:d}}").startswith("@layer a,b;")


def test_a_layer_of_a_reserved_name_does_not_spoil_the_list() -> None:
    assert critical("@layer a,initial;@layer b{p{c:d}}").startswith("@layer b;")


def test_a_namespace_stands_first_and_late_ones_are_dropped() -> None:
    css = "@layer a;@namespace s url(x);p{c:d}@namespace late url(y);"
    assert critical(css) == "@namespace s url(x);@layer a;p{c:d}"


@pytest.mark.parametrize(
    ("css", "reason"),
    [
        ("@layer{p{c:d}}", "it has a layer without a name"),
        ("@import url(https://example.com/x.css);p{c:d}", "it imports another sheet"),
        ("p{--x:</style>}", "it holds `</style` outside of a string"),
        ("p{a:" + "(" * 100 + "}", "its brackets stand too deep in one another"),
        ("@media x{" * 5_000, "its brackets stand too deep in one another"),
    ],
)
def test_what_cannot_be_parted_says_why(css: str, reason: str) -> None:
    assert compile_sheet(css).refusal == reason


def test_fonts_and_animations_in_use() -> None:
    faces = '@font-face{font-family:"Open Sans";src:url(/o)}@font-face{font-family:Other;src:local(x)}'
    assert critical(faces + "p{font:1rem/2 open  sans,serif}") == (
        '@font-face{font-family:"Open Sans";src:url(/o)}p{font:1rem/2 open  sans,serif}'
    )
    assert "Other" in critical(faces + ":root{--f:'Other'}p{font-family:var(--f)}")
    assert "Open" in critical(faces + r'p{font-family:"Op\65n Sans"}')
    frames = "@keyframes in{to{c:d}}@keyframes out{to{font-family:Other}}"
    assert critical(frames + "p{animation:1s out infinite}") == (
        "@keyframes out{to{font-family:Other}}p{animation:1s out infinite}"
    )
    assert "Other;src" in critical(faces + frames + "p{animation-name:out}")
    assert critical(frames + "p{animation:var(--a)}").count("@keyframes") == 2
    assert "keyframes" not in critical(frames + ".x{animation:in 1s}")
    sheet = compile_sheet(frames + faces)
    assert select(sheet, frozenset(), frozenset((ALL_NAMES,))) == frames + faces
    assert select(sheet, frozenset(), frozenset(("frames:in",))) == "@keyframes in{to{c:d}}"


def test_style_attributes_and_scripts_use_animations() -> None:
    assert "@keyframes" in critical("@keyframes spin{to{c:d}}", "<script>e.style.animation = 'spin 1s'</script>")


def test_names_ignore_case_since_quirks_mode_does() -> None:
    assert critical(".CARD{c:d}", "<p class=card>", start="") == ".CARD{c:d}"


def test_a_class_is_parted_by_the_white_space_of_html_alone() -> None:
    assert critical(".a\\a0 b{c:d}", "<p class='a\N{NO-BREAK SPACE}b'>") == ".a\N{NO-BREAK SPACE}b{c:d}"
    assert critical(".a\\b c{c:d}", "<p class='a\x0bc'>").endswith("c{c:d}")


def test_the_end_of_the_element_is_escaped() -> None:
    css = 'p{content:"</STYLE><script>"}'
    assert critical(css) == 'p{content:"<\\/STYLE><script>"}'
    value = tinycss2.parse_stylesheet(escaped(css))[0].content[2].value
    assert value == "</STYLE><script>"


def test_small_rules_come_with_what_they_stand_in() -> None:
    css = ".code .k{c:d}.code .s,.code .t{c:d}.x{c:d}"
    assert critical(css, "<p class=code>") == ".code .k{c:d}.code .s,.code .t{c:d}"
    assert critical(css, "<p class=k>") == ""
    large = f".code .k{{c:{'d' * 3000}}}.code{{e:f}}"
    assert critical(large, "<p class=code>") == ".code{e:f}"


BROKEN = ["p{c:d", "p{c:d}}.x{", ".a{;;{}}", "@media", "@media{", "@layer a", '"', "url(", "<!--p{c:d}-->", "{}", "\\",
    "p{/*", "@", "}", ")]}", ".a,{c:d}", "::{}", ".{}", "[]{}", "&{c:d}", "@scope{p{c:d}}", "@font-face{}",
    "@keyframes{}", "a:is(){c:d}", "\x00p{c:d}", '@charset "x";p{c:d}']  # fmt: skip


@pytest.mark.parametrize("css", BROKEN)
def test_broken_css_is_no_error_and_what_is_left_stands(css: str) -> None:
    sheet = compile_sheet(f"p{{e:f}}{css}")
    assert "p{e:f}" in select(sheet, frozenset(("p",)))


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="ab.#:*&>+~(){}[];,@\"'\\/ -<!|=\nlayermdi\x00é", max_size=60))
def test_any_text_compiles_to_a_value_that_can_be_stored(css: str) -> None:
    sheet = compile_sheet(css)
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(sheet), type=Sheet) == sheet
    assert compile_sheet(css) == sheet
    part = select(sheet, frozenset(sheet.vocabulary))
    assert "</style" not in part.lower()
