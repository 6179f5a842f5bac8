"""The pages about hosts show what is really written for them."""

import re
import textwrap
from pathlib import Path

import pytest

from ssg.delivery import EMITTERS, Policy, object_headers
from tests.site_test import SiteTest

PAGES = Path(__file__).parent.parent.parent / "content/guide/hosts"
_BLOCK = re.compile(r'^( *)```\w+ title="([^"]+)"\n(.*?)^ *```$', re.MULTILINE | re.DOTALL)
_NAMES = sorted(file.stem for file in PAGES.glob("[!_]*.md"))


def _blocks(name: str) -> list[tuple[str, str]]:
    """Give the titled blocks of a page, each with its title; those in a list stand as deep as their list."""
    text = (PAGES / f"{name}.md").read_text(encoding="utf-8")
    return [(title, textwrap.dedent(body) if indent else body) for indent, title, body in _BLOCK.findall(text)]


@pytest.mark.parametrize("name", _NAMES)
def test_a_page_shows_what_is_written(site: SiteTest, name: str) -> None:
    (_, config), *shown = _blocks(name)
    site.write("site.toml", config).write("content/_index.md", "---\ntitle: Pond\n---\n").built()
    assert shown, "it shows nothing"
    for path, body in shown:
        if path == "objects":
            _stored(site, body)
            continue
        written = (site.root / path).read_text(encoding="utf-8")
        at = 0
        for part in body.split("…\n"):
            found = written.find(part, at)
            assert found >= 0, f"{path} has no\n{part}"
            at = found + len(part)


def _stored(site: SiteTest, body: str) -> None:
    """Compare lines of paths and `Cache-Control` with what a deploy stores; these sites have no policy of their own."""
    for line in body.splitlines():
        path, _, value = line.partition(": ")
        assert (site.public / path).is_file(), path
        assert object_headers(Policy("", ()), path, purged=False)["Cache-Control"] == value


@pytest.mark.parametrize("name", _NAMES)
def test_a_page_says_what_was_tried(name: str) -> None:
    text = (PAGES / f"{name}.md").read_text(encoding="utf-8")
    assert text.count("\n## What was tried\n") == 1
    assert "Not tried: " in text.partition("## What was tried")[2].replace("\n", " ")
    for path in re.findall(r"`(tests/[\w/.]+\.py)`", text):
        assert (PAGES.parent.parent.parent / path).is_file(), path


def test_every_host_has_a_page_and_a_line() -> None:
    table = (PAGES / "_index.md").read_text(encoding="utf-8")
    assert set(EMITTERS) <= set(_NAMES)
    for name in _NAMES:
        line = next(line for line in table.splitlines() if f"({name}.md)" in line)
        assert f"| `{name}` |" in line if name in EMITTERS else "| none |" in line
