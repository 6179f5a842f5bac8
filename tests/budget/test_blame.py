"""What wrote the bytes of a page that is over a limit, and what a change saves: tried out by building again."""

import io
import random
import re
from pathlib import Path

import pytest
import pyvips

from ssg.budget.values import Cause, Finding
from tests.site_test import SiteTest

BASE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{% block title %}{{ page.title }}{% endblock %}</title>
<link rel="icon" href="data:,">
{% block styles %}{% endblock %}
</head><body>
{% block nav %}<nav><a href="/">Home</a></nav>{% endblock %}
<main>{% block main %}{{ page.content }}{% endblock %}</main>
{% block foot %}{% endblock %}
</body></html>
"""
PAGE = '{% extends "base.html" %}\n'
TEXT = "---\ntitle: A trip\n---\n\nWe went up, and down again.\n"


def words(number: int, seed: int = 1) -> str:
    """Give words that no compressor makes small, some 7 bytes each."""
    chance = random.Random(seed)
    return " ".join(f"{chance.getrandbits(32):x}" for _ in range(number))


class Site(SiteTest):
    """A site with one page, `/trip/`, whose theme has two templates."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.budgets = True
        self.encodings = None
        self.configure("")
        self.write("themes/own/theme.toml", 'name = "own"\n')
        self.write("themes/own/templates/base.html", BASE)
        self.write("themes/own/templates/page.html", PAGE)
        for name in ("home.html", "section.html", "404.html"):
            self.write(f"themes/own/templates/{name}", PAGE)
        self.write("content/trip/index.md", TEXT)

    def configure(self, text: str) -> None:
        self.write("site.toml", f'[site]\ntitle = "T"\n[theme]\nname = "own"\n{text}\n')

    def finding(self, key: str) -> Finding:
        """Build, and give what is said of a limit on the page."""
        self.built()
        assert self.checked is not None
        found = [one for one in self.checked.findings if one.verdict is not None and one.verdict.key == key]
        assert len(found) == 1, self.checked.findings
        return found[0]

    def first(self, key: str) -> Cause:
        return self.finding(key).causes[0]


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path / "site")


def rule(limits: str) -> str:
    return f'[[budgets]]\nmatch = "/trip/"\n{limits}\n'


def test_an_include_is_named(site: Site) -> None:
    site.write("themes/own/templates/icons.html", f'<svg><path d="{words(900)}"></svg>\n')
    site.write("themes/own/templates/page.html", PAGE + '{% block foot %}<footer>{% include "icons.html" %}</footer>{% endblock %}')
    site.configure(rule('html = "5 kB"'))
    finding = site.finding("html")
    print(finding)
    cause = finding.causes[0]
    assert cause.path == "themes/own/templates/icons.html"
    assert cause.passes
