"""The search index: what is in it, that it is the same for the same pages, and that a browser finds a page by it."""

import gzip
import itertools
import json
import shutil
import sqlite3
import sys
from pathlib import Path
from typing import Any

import cbor2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ssg import output
from ssg.build import Choices
from ssg.output import search
from ssg.output.settle import settle
from tests.chromium import tab
from tests.site_test import SiteTest
from tests.test_browser import served
from tests.test_determinism import command

CONFIG = """
[site]
title = "Ferns"
base_url = "https://example.org/docs/"
[search]
engine = "pagefind"
[content]
taxonomies = ["tags", "places"]
[languages.fr]
"""


@pytest.fixture
def ferns(site: SiteTest) -> SiteTest:
    """A small site in two languages with a search."""
    site.write("site.toml", CONFIG)
    page = "---\ntitle: {}\ndate: 2026-01-0{}\ntags: [{}]\nplaces: [{}]\n---\n\n{}\n"
    site.write("content/guide/bracken.md", page.format("'Bracken, & more'", 1, "Green, tall", "wood", "It uncurls."))
    site.write("content/guide/moss.md", page.format("Moss", 2, "green, low", "wall, wood", "It is damp."))
    site.write("content/guide/secret.md", "---\nsearch: false\n---\n# Secret\n\nIt uncurls too.\n")
    site.write("content/guide/material.md", "---\nsearch:\n  exclude: true\n---\n# Material\n\nIt uncurls too.\n")
    site.write("content/guide/_index.md", "# Guide\n\nIt uncurls here.\n")
    return site.write("content/fougère.fr.md", "# Fougère\n\nElle se déroule.\n")


def fragments(folder: Path) -> dict[str, dict[str, Any]]:
    """Give what the index holds of each page, by URL."""
    files = sorted((folder / "pagefind/fragment").iterdir())
    found = [json.loads(gzip.decompress(file.read_bytes()).removeprefix(b"pagefind_dcd")) for file in files]
    return {one["url"]: one for one in found}


@pytest.mark.parametrize("minifier", ["turbohtml", "none"])
def test_what_is_indexed(ferns: SiteTest, minifier: str) -> None:
    ferns.write("site.toml", f'{CONFIG}[html]\nminifier = "{minifier}"\n').built(Choices(strict=True))
    found = fragments(ferns.public)
    assert found.keys() == {"/guide/bracken/", "/guide/moss/", "/fr/fougère/"}
    bracken = found["/guide/bracken/"]
    assert bracken["meta"] == {"title": "Bracken, & more", "date": "2026-01-01"}
    assert bracken["filters"] == {"tags": ["Green", "tall"], "places": ["wood"]}
    assert bracken["content"].startswith("Bracken, & more. It uncurls.")
    assert found["/fr/fougère/"]["meta"]["title"] == "Fougère"
    languages = json.loads(ferns.text("pagefind/pagefind-entry.json"))["languages"]
    assert {name: about["page_count"] for name, about in languages.items()} == {"en": 2, "fr": 1}


def test_pages_link_to_the_search_page_of_their_language(ferns: SiteTest) -> None:
    ferns.built()
    assert 'action="/docs/search/"' in ferns.text("guide/moss/index.html")
    assert 'action="/docs/fr/search/"' in ferns.text("fr/fougère/index.html")
    assert "<h1>Rechercher</h1>" in ferns.text("fr/search/index.html")
    assert "search" not in ferns.text("sitemap.xml")


def test_without_a_search_nothing_speaks_of_it(ferns: SiteTest) -> None:
    ferns.write("site.toml", CONFIG.replace("pagefind", "none")).built()
    assert not [path for path in ferns.tree() if "search" in path or "pagefind" in path]
    assert "pagefind" not in ferns.text("guide/moss/index.html")
    assert "role=search" not in ferns.text("guide/moss/index.html")


def test_a_page_of_the_site_takes_the_place_of_the_search_page(ferns: SiteTest) -> None:
    ferns.write("content/search.md", "---\ntemplate: search.html\n---\n# Seek\n").built()
    assert "data-index" in ferns.text("search/index.html")


def test_a_site_without_pages_has_no_index(site: SiteTest) -> None:
    site.write("site.toml", CONFIG.replace("[languages.fr]", "")).write("content/_index.md", "# Home\n").built()
    assert not (site.public / "pagefind").exists()


def test_unchanged_pages_are_not_indexed_again(ferns: SiteTest, monkeypatch: pytest.MonkeyPatch) -> None:
    first = ferns.built().tree()
    monkeypatch.setattr(output, "make_index", lambda *_: pytest.fail("indexed again"))
    assert ferns.built().tree() == first
    assert ferns.report is not None
    assert ferns.report.written == 0
    ferns.write("content/guide/_index.md", "# Guide\n\nA list is not in the index.\n").built()
    assert ferns.report.written == 1


def test_an_index_of_which_a_file_is_lost_is_made_again(ferns: SiteTest) -> None:
    first = ferns.built().tree()
    with sqlite3.connect(ferns.root / ".ssg/store.sqlite") as store:
        store.execute("DELETE FROM kept WHERE key LIKE 'blob:%' AND size > 40000")
    store.close()
    shutil.rmtree(ferns.public)
    assert ferns.built().tree() == first
    shutil.rmtree(ferns.public)
    assert ferns.built().tree() == first
    assert ferns.last is not None
    assert not ferns.last.reasons


def test_hash_seeds_workers_and_the_cache(ferns: SiteTest, tmp_path: Path) -> None:
    for number in range(60):
        tags = f"t{number % 7}, t{number % 5}, é"
        text = f"---\ntitle: Page {number}\ntags: [{tags}]\nplaces: [p{number % 3}]\n---\n\nCafé café cafe {number}.\n"
        ferns.write(f"content/p{number}.md", text)
    runs = [
        command(ferns.root, tmp_path / "1", "--no-cache", "--jobs", "1", PYTHONHASHSEED="1"),
        command(ferns.root, tmp_path / "2", "--no-cache", "--jobs", "2", PYTHONHASHSEED="2"),
        command(ferns.root, tmp_path / "3", "--jobs", "2", PYTHONHASHSEED="3"),
        command(ferns.root, tmp_path / "4", "--jobs", "1", PYTHONHASHSEED="4"),
    ]
    assert sum(path.startswith("pagefind/filter/") for path in runs[0]) == 2
    for run in runs[1:]:
        assert run == runs[0]


NAMES = st.text(min_size=1, max_size=4)
FILTERS = st.dictionaries(NAMES, st.dictionaries(NAMES, st.lists(st.integers(0, 9)), max_size=4), max_size=4)
SORTS = st.dictionaries(NAMES, st.lists(st.integers(0, 9)), max_size=4)


@settings(max_examples=50)
@given(st.dictionaries(st.sampled_from(["en", "fr", "de"]), st.tuples(FILTERS, SORTS), min_size=1), st.randoms())
def test_settled_files_do_not_depend_on_the_order_of_pagefind(languages: dict[str, Any], random: Any) -> None:
    def shuffled(items: Any) -> list[Any]:
        mixed = list(items)
        random.shuffle(mixed)
        return mixed

    numbers = itertools.count()

    def made() -> dict[str, bytes]:
        entry: dict[str, Any] = {"version": "1", "languages": {}}
        files: dict[str, bytes] = {"pagefind.js": b"script"}
        for language, (filters, sorts) in shuffled(languages.items()):
            listed = []
            for name, values in shuffled(filters.items()):
                number = f"{language}_{next(numbers)}"
                files[f"filter/{number}.pf_filter"] = packed([name, shuffled([*pair] for pair in values.items())])
                listed.append([name, number])
            number = f"{language}_{next(numbers)}"
            main = ["1", [], [], listed, shuffled([*pair] for pair in sorts.items()), []]
            files[f"pagefind.{number}.pf_meta"] = packed(main)
            entry["languages"][language] = {"hash": number, "wasm": None}
        return {**dict(shuffled(files.items())), "pagefind-entry.json": json.dumps(entry).encode()}

    first, second = settle(made()), settle(made())
    assert list(first.items()) == list(second.items())
    for language, (filters, sorts) in languages.items():
        about = json.loads(first["pagefind-entry.json"])["languages"][language]
        main = unpacked(first[f"pagefind.{about['hash']}.pf_meta"])
        assert dict(main[4]) == sorts
        assert {name: dict(unpacked(first[f"filter/{at}.pf_filter"])[1]) for name, at in main[3]} == filters


def packed(value: Any) -> bytes:
    return gzip.compress(b"pagefind_dcd" + cbor2.dumps(value))


def unpacked(body: bytes) -> Any:
    return cbor2.loads(gzip.decompress(body).removeprefix(b"pagefind_dcd"))


def test_a_search_that_is_not_installed(ferns: SiteTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "_binary", lambda: "")
    ferns.write("content/late.md", "---\ntitle: A: B\n---\n").build()
    assert ferns.failed is not None
    assert ferns.failed.exit_code == 2
    assert 'site.toml:6: engine = "pagefind" needs Pagefind; install ssg[search]' in ferns.said()
    assert "content/late.md:2" in ferns.said()
    assert not ferns.public.exists()


REFUSING = f"""#!{sys.executable}
import base64, sys
for said in ({{"type": "NewIndex"}}, {{"type": "Error", "message": "no HTML"}}):
    while sys.stdin.buffer.read(1) != b",":
        pass
    answer = str({{"payload": said}}).replace("'", '"').encode()
    sys.stdout.buffer.write(base64.b64encode(answer) + b",")
    sys.stdout.flush()
"""


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("#!/bin/sh\necho out of luck >&2\n", "Pagefind failed: out of luck; try another version of it"),
        ("#!/bin/sh\n", "Pagefind failed: it ended without an answer; try another version of it"),
        ("#!/nowhere\n", "Pagefind failed: cannot be run: No such file or directory; try another version of it"),
        (
            REFUSING,
            'content/fougère.fr.md: Pagefind failed: no HTML; leave the page out with "search: false"',
        ),
    ],
)
def test_a_search_that_fails(
    ferns: SiteTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, said: str
) -> None:
    program = tmp_path / "pagefind"
    program.write_text(script)
    program.chmod(0o755)
    monkeypatch.setattr(search, "_executable", lambda: str(program))
    ferns.write("content/zebra.md", "# Zebra\n\n[gone](gone.md)\n").build(Choices(cache=False))
    assert said in ferns.said()
    assert "content/zebra.md:3: warning" in ferns.said()
    assert not ferns.public.exists()


def test_a_reader_types_a_word_and_gets_the_page(ferns: SiteTest, tmp_path: Path) -> None:
    """Below a base path, by keyboard alone, in both languages; no script and no index before the search page."""
    ferns.built()
    (tmp_path / "host").mkdir()
    (tmp_path / "host/docs").symlink_to(ferns.public)
    loaded = "performance.getEntriesByType('resource').map(one => one.name).join()"
    results = "[...document.querySelectorAll('#results a')].map(one => one.pathname).join()"
    with served(tmp_path / "host") as address, tab(tmp_path / "profile") as page:
        page.open(f"{address}/docs/guide/moss/")
        assert "pagefind" not in page.ask(loaded)
        assert page.ask("document.scripts.length") == page.ask("document.querySelectorAll('[type*=json]').length")
        page.ask("document.querySelector('header input').focus()")
        page.type("uncurled\n")
        page.wait("location.pathname == '/docs/search/' && document.readyState == 'complete'")
        assert page.wait(results) == "/docs/guide/bracken/"
        assert page.ask("document.querySelector('#found').textContent") == "Results: 1"
        assert page.ask("document.querySelector('#results a').textContent") == "Bracken, & more"
        assert page.ask("document.querySelector('#results mark').textContent") == "uncurls."
        page.ask("document.querySelector('main input').select()")
        page.type("damp")
        page.wait(f"{results} == '/docs/guide/moss/'")
        assert page.ask("location.search") == "?q=damp"
        page.ask("document.querySelector('main input').select()")
        page.type("nowhere")
        page.wait("document.querySelector('#found').textContent == 'Results: 0'")
        page.open(f"{address}/docs/fr/search/?q=fougere")
        assert page.wait(results) == "/docs/fr/foug%C3%A8re/"
        page.press_tab()
        page.wait("document.activeElement.matches('#results a')")
        page.type("\n")
        page.wait("location.pathname == '/docs/fr/foug%C3%A8re/'")
