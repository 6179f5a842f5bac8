"""Which rules an audit holds pages against: those of a build for pages of the site; and how its browser is started."""

import os
import stat
import sys
from pathlib import Path

import pytest

from ssg.audit.auditing import SiteRules
from ssg.audit.chromium import BrowserError, started
from ssg.build import Crew
from ssg.build.reading import read_subjects
from ssg.config import Overrides, load_config
from ssg.model import Inputs
from tests.site_test import NOW, THEMES

CONFIG = """
[site]
title = "Test"
base_url = "https://example.org/docs/"

[[budgets]]
section = "posts"
js = "1 kB"

[[budgets]]
template = "page.html"
css = "2 kB"

[[budgets]]
type = "tour"
font = "3 kB"

[[budgets]]
match = "/posts/**"
image = "4 kB"
"""
PAGES = {
    "posts/_index.md": "---\ntitle: Posts\n---\n",
    "posts/a.md": "---\ntitle: A\nslug: elsewhere\n---\n",
    "posts/b.md": "---\ntitle: B\ntype: tour\nbudgets: {html: 5 kB, reason: long}\n---\n",
    "top.md": "---\ntitle: Top\n---\n",
}


def rules(root: Path) -> SiteRules:
    (root / "site.toml").write_text(CONFIG, encoding="utf-8")
    for name, text in PAGES.items():
        (root / "content" / name).parent.mkdir(parents=True, exist_ok=True)
        (root / "content" / name).write_text(text, encoding="utf-8")
    config = load_config(root, Overrides())
    subjects = read_subjects(Inputs(str(root), (str(THEMES),), NOW, {}), config, Crew(1))
    return SiteRules(config, {one.url: one for one in subjects})


@pytest.mark.parametrize("form", ["/docs{}", "https://example.org/docs{}", "/docs{}index.html"])
def test_pages_of_the_site_have_the_limits_that_a_build_has(tmp_path: Path, form: str) -> None:
    found = rules(tmp_path)
    of_own = {url: found.limits(form.format(url)) for url in ("/posts/b/", "/top/", "/posts/")}
    own = {url: {key for key, one in limits.items() if one.own} for url, limits in of_own.items()}
    assert own == {
        "/posts/b/": {"js", "css", "font", "image", "html"},
        "/top/": {"css"},
        "/posts/": {"js", "image"},
    }
    assert of_own["/posts/b/"]["html"].rule == "content/posts/b.md:4"
    assert found.unjudged([form.format(url) for url in own]) == ()


def test_a_page_of_a_section_may_have_any_url(tmp_path: Path) -> None:
    found = rules(tmp_path)
    moved = [one for one in found.subjects.values() if one.source == "content/posts/a.md"]
    assert [one.section for one in moved] == ["posts"]
    assert moved[0].url != "/posts/a/"
    assert {"js", "css"} <= {key for key, one in found.limits(f"/docs{moved[0].url}").items() if one.own}


def test_pages_of_others_are_matched_by_url_alone(tmp_path: Path) -> None:
    found = rules(tmp_path)
    limits = found.limits("https://other.example/posts/b/")
    assert {key for key, one in limits.items() if one.own} == {"image"}
    assert found.unjudged(["/docs/top/", "https://other.example/"]) == (
        "[[budgets]] 1 (site.toml:6)",
        "[[budgets]] 2 (site.toml:10)",
        "[[budgets]] 3 (site.toml:14)",
    )


BROWSER = """#!{python}
import os, sys
if {needs} not in sys.argv:
    sys.exit(1)
while not (read := os.read(3, 9999)).endswith(b"\\0"):
    pass
os.write(4, b'{{"id": 1, "result": {{"product": "Fake/1"}}}}\\0')
os.read(3, 1)
"""


def program(root: Path, needs: str) -> str:
    """Write a browser that ends at once unless it has an option."""
    file = root / "browser"
    file.write_text(BROWSER.format(python=sys.executable, needs=repr(needs)), encoding="utf-8")
    file.chmod(stat.S_IRWXU)
    return str(file)


@pytest.mark.parametrize(
    ("user", "needs", "unconfined"),
    [(1000, "--headless", False), (1000, "--no-sandbox", True), (0, "--no-sandbox", True)],
)
def test_a_browser_is_confined_where_it_can_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, user: int, needs: str, *, unconfined: bool
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: user)
    with started(program(tmp_path, needs), trusted=True) as running:
        assert (running.version, running.unconfined) == ("Fake/1", unconfined)


def test_pages_of_others_are_opened_in_no_browser_that_cannot_confine_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(BrowserError), started(program(tmp_path, "--no-sandbox"), trusted=False):
        pass
