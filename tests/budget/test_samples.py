"""What the guide shows of reports is what ssg prints of the sites that are described here.

Sizes of images and compressed files depend a little on the versions of other libraries: figures may be 4 % off. All else
is the same, character by character. `--update-golden` writes what is printed now into the guide.
"""

import functools
import re
import subprocess
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from ssg.budget.values import PROFILES, BudgetReport, Phase
from ssg.budget_console import shown_report
from ssg.build import Choices, Crew, made
from ssg.build.checking import report_of
from ssg.cli import main
from ssg.config import Overrides, load_config
from ssg.model import Inputs
from ssg.optimize.critical import LOADER
from tests.budget.site import fetched
from tests.budget.test_blame import picture, words
from tests.conftest import require
from tests.site_test import NOW, THEMES, SiteTest

GUIDE = Path(__file__).parent.parent.parent / "content" / "guide"
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
VERSION = re.compile(r"(brotli|zlib|as it was in) [\da-f.]+")
FENCED = re.compile(r"^```(?:text|console)\n(.*?)^```$", re.DOTALL | re.MULTILINE)

BASE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>{{ page.title }}</title>
<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">
{% block styles %}{% endblock %}
</head>
<body>
{% include "partials/icons.svg" %}
<main>{% block main %}{{ page.content }}{% endblock %}</main>
</body>
</html>
"""
PAGE = '{% extends "base.html" %}\n'
LIST = PAGE + (
    "{% block main %}\n<ol>\n{% for one in page.pages %}"
    '<li><a href="{{ one.url }}">{{ one.title }}</a> {{ one.summary }}</li>\n{% endfor %}</ol>\n{% endblock %}\n'
)
LONG = f"---\ntitle: A trip\n---\n\nWe went up.\n\n{words(400, 9)}"
CONFIG = """[site]
title = "Trips"

[theme]
name = "own"

[images]
enabled = false

[content]
shortcodes = true
"""


def trips(root: Path) -> SiteTest:
    """Write a site of trips: one page with a large image, and an archive that lists many."""
    site = SiteTest(root)
    site.encodings = None
    for name in ("page", "home", "404"):
        site.write(f"themes/own/templates/{name}.html", PAGE)
    site.write("themes/own/templates/base.html", BASE).write("themes/own/templates/section.html", LIST)
    site.write("themes/own/templates/partials/icons.svg", '<svg hidden><path d="M0 0h1"/></svg>\n')
    site.write("content/trip.md", "---\ntitle: A trip\n---\n\nWe went up.\n\n![The summit](hero.png)\n")
    site.write("content/hero.png", picture(720, 360))
    site.write("site.toml", CONFIG)
    return site


def archived(site: SiteTest, number: int) -> None:
    """Write so many old entries, each with a summary of its own."""
    for at in range(number):
        text = words(24, at)
        site.write(f"content/archive/{at:03}.md", f"---\ntitle: Day {at}\n---\n\n{text}\n")


def report(site: SiteTest, only: str = "") -> BudgetReport:
    inputs = Inputs(str(site.root), (str(THEMES),), NOW, {})
    use = functools.partial(report_of, only=only)
    return made(inputs, load_config(site.root, Overrides()), Choices(), Crew(1), use)[1]


def with_archive(root: Path) -> SiteTest:
    """Write 120 entries into the archive, which is to have 9 kB."""
    site = trips(root)
    archived(site, 120)
    return site.write("site.toml", f'{CONFIG}\n[[budgets]]\nsection = "archive"\nhtml = {{ warn = "9 kB" }}\n')


def with_icons(root: Path) -> SiteTest:
    """Write 40 icons into each page, and a chart and some rules of CSS into one."""
    site = trips(root)
    archived(site, 11)
    drawn = "\n".join(f'<symbol id="icon-{at}"><path d="{words(24, at)}"/></symbol>' for at in range(40))
    site.write("themes/own/templates/partials/icons.svg", f"<svg hidden>\n{drawn}\n</svg>\n")
    site.write("shortcodes/chart.html", f"<figure>{words(300, 77)}</figure>\n")
    cards = "".join(f".card-{at} {{ background: #{at:03} }}\n" for at in range(100, 200))
    site.write("assets/style.css", f"p {{ margin: 0 }}\n{cards}")
    link = """<link rel="stylesheet" href="{{ asset_url('style.css') }}">"""
    site.write("themes/own/templates/page.html", f"{PAGE}{{% block styles %}}{link}{{% endblock %}}\n")
    used = "".join(f'<i class="card-{at}"></i>' for at in range(100, 200))
    text = f"---\ntitle: A trip\n---\n\nWe went up.\n\n{{{{< chart >}}}}\n\n{words(200, 5)}\n\n{used}\n"
    site.write("content/trip.md", text)
    return site.write("site.toml", f'{CONFIG}\n[[budgets]]\nhtml = "3 kB"\nfirst-flight = "off"\n')


def with_many_elements(root: Path) -> SiteTest:
    """Write a long list, and a page with a long table of which the last part could stand elsewhere."""
    site = trips(root)
    archived(site, 120)
    parts = ""
    for year in range(2020, 2026):
        rows = "".join(f"| {day} | {day % 7} |\n" for day in range(1, 61))
        parts += f"\n## {year}\n\n| day | km |\n|---|---|\n{rows}"
    site.write("content/trip.md", f"---\ntitle: A trip\n---\n\nWe went up.\n{parts}")
    return site.write(
        "site.toml", f"{CONFIG}\n[[budgets]]\ndom-nodes = 300\n[[budgets]]\nmatch = '/trip/'\ndom-nodes = 1_000\n"
    )


def with_growth(root: Path) -> SiteTest:
    """Commit a site with its lock; then its page gets longer, and an icon comes into all pages."""
    site = trips(root)
    archived(site, 11)
    site.remove("content/hero.png").write("content/trip.md", f"{LONG}\n")
    site.write("site.toml", f'{CONFIG}\n[budget]\nmode = "ratchet"\ngrowth = "500 B"\n')
    site.budgets = True
    site.built()
    git(site, "init", "-q")
    git(site, "add", "content", "themes", "site.toml", "budgets.lock")
    git(site, "commit", "-qm", "first", "--date", "2026-11-20T12:00:00Z")
    git(site, "update-ref", "refs/remotes/origin/main", "HEAD")
    site.write("themes/own/templates/partials/icons.svg", f'<svg hidden><path d="{words(240)}"/></svg>\n')
    return site.write("content/trip.md", f"{LONG}\n\n{words(90, 2)}\n")


def git(site: SiteTest, *command: str) -> None:
    name = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", "-C", str(site.root), *name, *command], check=True, capture_output=True)


def of_key(found: BudgetReport, key: str, *urls: str) -> BudgetReport:
    """Give a report of the findings of one limit alone, on some pages."""
    over = [one for one in found.findings if one.verdict is not None and one.verdict.key == key]
    some = tuple(one for one in over if one.verdict is not None and one.verdict.url in (urls or {one.verdict.url}))
    return msgspec.structs.replace(found, findings=some, site=(), pages=())


def lines(found: BudgetReport) -> str:
    """Give findings as `ssg budget` prints them, without the summary."""
    return "".join(shown_report(found).splitlines(keepends=True)[:-1])


def locked(root: Path) -> str:
    """Give the line of a page in the lock, once somebody has agreed to what it has become."""
    site = with_growth(root)
    done = CliRunner().invoke(
        main, ["budget", "accept", "--site", str(site.root), "/trip/", "--reason", "two more valleys"]
    )
    assert done.exit_code == 0, done.output
    return next(one for one in (site.root / "budgets.lock").read_text().splitlines(keepends=True) if "/trip/" in one)


def compared_with_main(root: Path) -> str:
    site = with_growth(root)
    done = CliRunner().invoke(main, ["budget", "diff", "--site", str(site.root), "--base", "origin/main"])
    assert done.exit_code == 0, done.output
    return f"$ ssg budget diff --base origin/main\n{done.output}"


SAMPLES = {
    ("budget-report.md", 0): lambda root: shown_report(report(with_archive(root)), 100, colour=False),
    ("budgets.md", 0): lambda root: lines(of_key(report(trips(root)), "image")),
    ("budgets.md", 1): lambda root: lines(of_key(report(with_icons(root)), "html", "/trip/")),
    ("budgets.md", 2): lambda root: lines(of_key(report(with_many_elements(root)), "dom-nodes")),
    ("budgets.md", 3): lambda root: lines(of_key(report(with_growth(root)), "html", "/trip/")),
    ("budgets.md", 4): locked,
    ("budgets.md", 5): compared_with_main,
}


@pytest.mark.parametrize(("name", "at"), SAMPLES)
def test_the_guide_shows_what_is_printed(name: str, at: int, tmp_path: Path, *, update_golden: bool) -> None:
    check(name, at, SAMPLES[name, at](tmp_path / "site"), update_golden=update_golden)


def check(name: str, at: int, printed: str, *, update_golden: bool) -> None:
    """See that the sample of a page of the guide, by its position, is what is printed."""
    file = GUIDE / name
    text = file.read_text(encoding="utf-8")
    sample = list(FENCED.finditer(text))[at]
    if update_golden and not alike(sample[1], printed):
        file.write_text(text[: sample.start(1)] + printed + text[sample.end(1) :], encoding="utf-8")
        return
    assert alike(sample[1], printed), printed


def alike(shown: str, printed: str) -> bool:
    """Tell whether two texts differ in no more than their figures, and those by no more than 4 %."""
    shown, printed = (VERSION.sub(r"\1", text.rstrip()) for text in (shown, printed))
    if NUMBER.sub("0", shown) != NUMBER.sub("0", printed):
        return False
    pairs = zip(NUMBER.findall(shown), NUMBER.findall(printed), strict=True)
    return all(
        float(one.replace(",", "")) == pytest.approx(float(other.replace(",", "")), rel=0.04) for one, other in pairs
    )


HOME = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>{{ page.title }}</title><meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,"><link rel="stylesheet" href="{{ asset_url('app.css') }}"></head>
<body><h1>Trips</h1>{{ page.content }}</body>
</html>
"""


def test_the_guide_shows_what_an_audit_prints(tmp_path: Path, *, update_golden: bool) -> None:
    """Times are those of a machine: of them, only that they are there is the same."""
    require("chromium")
    site = trips(tmp_path / "site")
    site.write("themes/own/templates/home.html", HOME).write("assets/app.css", "h1 { color: teal }\n")
    site.write("content/_index.md", "---\ntitle: Trips\n---\n\n![The summit](hero.png)\n")
    site.write("content/hero.png", picture(320, 180))
    slow = '[[budgets]]\nlcp = "60 s"\nfcp = "60 s"\ntbt = "60 s"\n'
    site.write("site.toml", f'{CONFIG}\n[html]\ncritical_css = "off"\n{slow}').built()
    done = CliRunner().invoke(main, ["audit", "--site", str(site.root), "--no-fail", "--runs", "1"])
    assert done.exit_code == 0, done.output
    printed = PORT.sub(":41023", done.output)
    printed = "".join(one for one in printed.splitlines(keepends=True) if "without a sandbox" not in one)
    file = GUIDE / "audit.md"
    text = file.read_text(encoding="utf-8")
    sample = next(FENCED.finditer(text))
    if update_golden and not alike(untimed(sample[1]), untimed(printed)):
        file.write_text(text[: sample.start(1)] + printed + text[sample.end(1) :], encoding="utf-8")
        return
    assert alike(untimed(sample[1]), untimed(printed)), printed


PORT = re.compile(r"(?<=127\.0\.0\.1):\d+")
TIME = re.compile(r"\b[\d.]+ m?s\b")


def untimed(text: str) -> str:
    """Give an audit without its times and the version of its browser, and with single spaces."""
    return re.sub(r"Chrome/[\d.]+", "Chrome", re.sub(" +", " ", TIME.sub("T", text)))


def test_the_phases_of_the_guide_are_those_of_its_page() -> None:
    """The page that the guide shows, with a sheet whose font its text is set in, is weighed as its table says."""
    text = (GUIDE / "weight.md").read_text(encoding="utf-8")
    [page] = re.findall(r"^```html\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    sheet = '@font-face { font-family: A; src: url("/a.woff2") format("woff2") } body { font-family: A }'
    found = {
        profile: fetched(f"<!doctype html><head>{page}</head><p>Text</p>", {"/assets/site.css": sheet}, profile)
        for profile in PROFILES
    }
    phases = {url: one.phase for fetches in found.values() for url, one in fetches.items()}
    told = dict(re.findall(r"^\| `(/[^`]+)`(?: or `[^`]+`)? \| (\w+) \|", text, re.MULTILINE))
    assert told == {"/assets/site.css": "critical", "/s.avif": "initial", "/map.png": "lazy"}
    assert [phases["/assets/site.css"], phases["/map.png"]] == [Phase.CRITICAL, Phase.LAZY]
    assert {phases[url] for url in phases if url.endswith(".avif")} == {Phase.INITIAL}
    assert phases["/a.woff2"] is Phase.INITIAL
    assert {url for url in phases if url.endswith(".avif")} <= {"/s.avif", "/l.avif"}
    assert all(any(url.endswith(".avif") for url in fetches) for fetches in found.values())


def test_the_script_that_lets_sheets_hold_is_as_long_as_the_guide_says() -> None:
    text = (GUIDE / "critical-css.md").read_text(encoding="utf-8")
    assert f"a constant script of {len(LOADER)} bytes" in text
