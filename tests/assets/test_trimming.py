"""Fonts with the characters of the site alone: told before a page is rendered, never too few."""

import io
import json

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

from ssg.assets.characters import characters_of
from ssg.build import Choices
from tests.assets.test_fonts import LETTERS, font
from tests.site_test import SiteTest

CSS = '@font-face{font-family:"A";src:url(fonts/a.woff2) format("woff2")}body{font-family:"A"}'
HEAD = (
    '<!doctype html><head><link rel=stylesheet href="{{ asset_url("a.css") }}"></head><main>{{ page.content }}</main>'
)
FAR = "".join(map(chr, range(0x410, 0x450)))  # Cyrillic letters


def kept(site: SiteTest) -> set[str]:
    """Give the letters of the published font, of those that are not always kept."""
    font_file = TTFont(io.BytesIO((site.public / site.asset("fonts/a.woff2")).read_bytes()))
    return {chr(number) for number in font_file.getBestCmap()} & set(FAR)


@pytest.fixture
def lettered(site: SiteTest) -> SiteTest:
    toml = (site.root / "site.toml").read_text()
    site.write("site.toml", f"{toml}[fonts]\nsubset = true\n")
    site.write("assets/a.css", CSS).write("assets/fonts/a.woff2", font(letters=LETTERS + FAR))
    return site.write("templates/page.html", HEAD).write("content/a.md", "# Ж\n\nи &#1071; \\\\u0429\n").built()


def test_a_font_has_the_letters_of_the_site(lettered: SiteTest) -> None:
    assert kept(lettered) == set("ЖжИиЯяЩщ")
    before = (lettered.root / "assets/fonts/a.woff2").read_bytes()
    assert len((lettered.public / lettered.asset("fonts/a.woff2")).read_bytes()) < len(before)
    assert f"/{lettered.asset('fonts/a.woff2')}" in lettered.packed("a.css")


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("content/b.md", "# Ш\n"),
        ("content/b.md", "---\ntitle: Ш\n---\n"),
        ("data/b.json", '{"a": "\\u0428"}'),
        ("data/b.csv", "a,Ш\n"),
        ("templates/partial.html", "{{ '&#x428;' }}"),
        ("i18n/en.toml", 'a = "Ш"\n'),
        ("assets/b.js", "let a = '\\u{428}'"),
        ("assets/b.css", "a::before{content:'\\428 '}"),
        ("static/b.html", "<p>ш"),
    ],
)
def test_a_new_letter_changes_the_font_and_the_pages_with_it(lettered: SiteTest, path: str, text: str) -> None:
    before = lettered.asset("fonts/a.woff2")
    lettered.write(path, text).built()
    assert kept(lettered) == set("ЖжИиЯяЩщШш")
    assert lettered.asset("fonts/a.woff2") != before
    assert f"/{lettered.asset('fonts/a.woff2')}" in lettered.text("a/index.html")
    warm = lettered.tree()
    assert lettered.built(Choices(cache=False)).tree() == warm
    lettered.remove(path).built()
    assert lettered.asset("fonts/a.woff2") == before


def test_characters_can_be_named_and_dates_count(lettered: SiteTest) -> None:
    toml = (lettered.root / "site.toml").read_text()
    lettered.write("site.toml", f'{toml}characters = "Ы"\n').built()
    assert kept(lettered) == set("ЖжИиЯяЩщЫы")
    lettered.write("site.toml", toml.replace("[site]", '[site]\nlanguage = "ru"')).built()
    assert kept(lettered) > set("январьфевраль")
    lettered.write("site.toml", toml.replace("subset = true", "")).built()
    assert kept(lettered) == set(FAR)


@pytest.mark.parametrize("fallbacks", ["true", "false"])
def test_a_damaged_font_stays_as_it_is(lettered: SiteTest, fallbacks: str) -> None:
    toml = (lettered.root / "site.toml").read_text()
    lettered.write("site.toml", f"{toml}fallbacks = {fallbacks}\n").write(
        "assets/fonts/a.woff2", b"wOF2nothing"
    ).built()
    assert lettered.said().startswith("assets/fonts/a.woff2: warning: is no font that can be read")
    assert lettered.said().count("\n") == 1
    assert (lettered.public / lettered.asset("fonts/a.woff2")).read_bytes() == b"wOF2nothing"
    assert lettered.built().said().count("\n") == 1


def test_escapes_are_read_as_each_language_has_them() -> None:
    assert characters_of([r"\u0416 \U00000428 \u{42F} \ud83d\ude00 \42B "]) >= set("ЖШЯ😀Ы")
    assert characters_of(["&Zcy; &#1046; &#x428;"]) >= set("ЗЖШ")


@given(st.text())
def test_no_character_of_a_text_is_lost(text: str) -> None:
    found = characters_of([text])
    assert found >= set(text)
    assert found >= set("".join(letter.upper() + letter.lower() for letter in text if not letter.isascii()))
    assert characters_of([json.dumps(text)]) >= {letter for letter in text if letter >= " "}
