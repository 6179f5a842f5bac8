"""The fonts of the first screen are preloaded: those that a browser is sure to fetch, and no more than two."""

import re

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg import optimize
from ssg.build import Choices
from ssg.config import Config
from ssg.errors import Location
from ssg.model import Document
from ssg.optimize.critical.compile import compile_sheet
from ssg.optimize.lettering import read_letters, specificity
from tests.assets.test_fonts import font
from tests.optimize.pages import attributes, configured
from tests.site_test import SiteTest

PAGE = "<!doctype html><head><meta charset=utf-8><title>T</title>{}</head><body><main><h1>A</h1><p>It is soft.</main>"
LINK = "<link rel=stylesheet href=/assets/a.css>"


def face(family: str, file: str, more: str = "") -> str:
    return f'@font-face{{font-family:"{family}";src:url(/assets/{file}.woff2) format("woff2");{more}}}'


INTER, SERIF = face("Inter", "inter"), face("Big Serif", "serif")


def refined(css: str, head: str = LINK, config: Config | None = None, off: tuple[str, ...] = ()) -> Document:
    """Take a page through all passes, on a site that has every file of `/assets/`, each under its own name."""

    def find(url: str) -> optimize.Resource | None:
        return optimize.Resource(url, url[8:], url) if url.startswith("/assets/") else None

    where = Location("site.toml")
    config = config or msgspec.convert({}, Config)
    page = optimize.Context("/a/", "a.md", config, off, find, {"/assets/a.css": css}.get)
    once = optimize.refine(
        Document("/a/", PAGE.format(head), "a.md"), optimize.arrange(config, (), lambda _: where, lambda: where), page
    )
    again = optimize.refine(once, optimize.arrange(config, (), lambda _: where, lambda: where), page)
    assert again.text == once.text or "data-ssg-skip" in head  # which is not published
    return once


def preloaded(css: str, head: str = LINK) -> list[str]:
    """Give the names of the files that a page with a style sheet preloads."""
    found = attributes(refined(css, head).text, "link[rel=preload]")
    return [one["href"].removeprefix("/assets/").removesuffix(".woff2") for one in found]


@pytest.mark.parametrize(
    ("rules", "files"),
    [
        ('body{font-family:"Inter",sans-serif}', ["inter"]),
        ("body{font:300 calc(1rem + 1px)/1.5 inter, serif}", ["inter"]),
        ("body{font:var(--a)}:root{--a:1em Inter}", ["inter"]),
        ("h1{font-family:var(--b,Big  serif)}:root{--a:'Inter'}html{font-family:var(--a)}", ["inter", "serif"]),
        ("body{font-family:Inter}h1{font-family:inherit}", ["inter"]),
        ("@layer base{body{font-family:Big Serif}}body{font-family:Inter}", ["inter"]),
        ("main p{font-family:Inter}p{font-family:Big Serif}", ["inter"]),
        ("p{font-family:Big Serif!important}main p{font-family:Inter}", ["serif"]),
        ("p:hover,main>*{font-family:Big Serif}", ["serif"]),
        # What the first screen does not use, or may not.
        ("code{font-family:Inter}", []),
        ("body{font-family:Helvetica,Inter}", []),
        ("body{font-family:system-ui}", []),
        ("@media (min-width:50em){body{font-family:Inter}}", []),
        ("p::first-letter{font-family:Inter}", []),
        ("", []),
    ],
)
def test_what_the_first_texts_are_set_in_is_preloaded(rules: str, files: list[str]) -> None:
    assert preloaded(INTER + SERIF + rules) == files


@pytest.mark.parametrize(
    ("faces", "files"),
    [
        (face("A", "thin", "font-weight:100") + face("A", "bold", "font-weight:700"), ["thin", "bold"]),
        (face("A", "all", "font-weight:100 900"), ["all"]),
        (face("A", "slanted", "font-style:italic") + face("A", "upright"), ["upright"]),
        (face("A", "greek", "unicode-range:U+370-3FF") + face("A", "latin", "unicode-range:U+0-FF,U+2122"), ["latin"]),
        (face("A", "greek", "unicode-range:U+3??"), []),
        ('@font-face{font-family:A;src:local("A"),url(/assets/a.woff2)}', []),
        ("@font-face{font-family:A;src:url(/assets/a.woff)}", []),
        ("@font-face{font-family:A;src:url(//other.example/a.woff2)}", []),
    ],
)
def test_of_the_faces_of_a_family_the_one_that_fits(faces: str, files: list[str]) -> None:
    assert preloaded(faces + "body{font-family:A}") == files


def test_a_preload_is_such_that_the_style_sheet_finds_it() -> None:
    text = refined(INTER + "body{font-family:Inter}").text
    link = "<link rel=preload href=/assets/inter.woff2 as=font type=font/woff2 crossorigin>"
    assert text.startswith(f"<!DOCTYPE html><meta charset=utf-8>{link}<title>T</title><style>")


def test_it_can_be_switched_off() -> None:
    css = INTER + "body{font-family:Inter}"
    assert "preload" in refined(css).text
    assert "preload" not in refined(css, config=configured(fonts={"preload": False})).text
    assert "preload" not in refined(css, off=("fonts",)).text
    assert "preload" not in refined(css, "<link rel=stylesheet href=/assets/a.css data-ssg-skip>").text
    own = "<link rel=preload href=/assets/mine.woff2 as=font crossorigin>"
    assert preloaded(css, own + LINK) == ["mine"]
    assert preloaded(css, "<link rel=stylesheet href=/assets/a.css media=print>") == []
    assert preloaded("", f"<style>{css}</style>") == ["inter"]


RULES = st.builds(
    "{}{{font-family:{}}}".format,
    st.sampled_from(["body", "h1", "p", "main p", "code", ":root", ".x"]),
    st.sampled_from(["Inter", "Big Serif", "serif", "inherit", "var(--x)", '"Inter",serif']),
)


@given(st.lists(RULES, max_size=6).map("".join), st.booleans())
def test_no_more_than_two_and_none_twice(rules: str, inline: bool) -> None:
    css = f"{INTER}{SERIF}:root{{--x:Inter}}{rules}"
    files = preloaded(css, f"<style>{css}</style>" if inline else LINK)
    assert len(set(files)) == len(files) <= 2
    assert set(files) <= {"inter", "serif"}


def test_a_sheet_is_read_whatever_it_holds() -> None:
    css = "@font-face{}@font-face{font-family:A;src:url()}a{font:}b{font-family}@supports (a:b){c{font:1em D}}"
    letters = read_letters(compile_sheet(css))
    assert letters.faces == ()
    assert [(one.selector, one.value) for one in letters.choices] == [("a", ""), ("c", "1em D")]


def test_more_special_selectors_come_later() -> None:
    written = ["*", ":where(#a)", "p", "main p", ".a", "p.a:hover", "#a", "#a .b"]
    assert sorted(written, key=specificity) == written


def test_the_url_is_that_of_the_style_sheet(site: SiteTest) -> None:
    css = '@font-face{font-family:"A";src:url(fonts/a.woff2) format("woff2")}body{font-family:"A"}'
    site.write("assets/a.css", css).write("assets/fonts/a.woff2", font()).write("content/a.md", "# A\n\ntext\n")
    head = '<!doctype html><head><link rel=stylesheet href="{{ asset_url("a.css") }}"></head>'
    site.write("templates/page.html", f"{head}<main>{{{{ page.content }}}}</main>").built()
    found = re.search(r"<link rel=preload href=(\S+) as=font", site.text("a/index.html"))
    assert found is not None
    assert found[1] == f"/{site.asset('fonts/a.woff2')}"
    assert f"url({found[1]})" in site.packed("a.css")
    warm = site.tree()
    assert site.built(Choices(cache=False)).tree() == warm
    toml = (site.root / "site.toml").read_text()
    site.write("site.toml", f'{toml}[assets]\ncdn = "https://cdn.example"\n').built()
    assert "<link rel=preload href=https://cdn.example/assets/fonts/a." in site.text("a/index.html")
