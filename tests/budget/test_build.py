"""A build holds its pages against their budgets: warm as cold, whatever was edited, and the command says so."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from ssg.budget.assess import Terms
from ssg.budget.check import check
from ssg.budget.facts import PageFacts
from ssg.budget.page import read_page
from ssg.budget.values import Weight
from ssg.build import Choices, Crew, made
from ssg.build.budgeting import Weighed
from ssg.build.checking import weigh_built
from ssg.build.weighing import weigh_folder
from ssg.config import Overrides, load_config
from ssg.model import Inputs
from tests.render.test_functions import png
from tests.site_test import NOW, THEMES, SiteTest
from tests.test_cli import ssg

BASE = (
    '<!doctype html><html lang="en"><head><title>x</title><link rel="icon" href="data:,">'
    '<link rel="stylesheet" href="/assets/a.css"><script src="{{ asset_url("a.js") }}" defer></script></head>'
    "<body>{% block main %}{% endblock %}</body></html>"
)
PAGE = '{% extends "base.html" %}{% block main %}{{ page.content }}{% endblock %}'
CONFIG = '[site]\ntitle = "T"\nbase_url = "https://example.org/"\n'
RANDOM = "".join(f".a{number * number}{{top:{number}px}}" for number in range(999))
COLD = Choices(cache=False)
ADDING = """
import msgspec

class Adding:
    name, version, after = "adding", "1", "minify"

    def __init__(self, options):
        pass

    def refine(self, document):
        return msgspec.structs.replace(document, text=document.text + "<img src=/added.png alt>")
"""


@pytest.fixture
def site(site: SiteTest) -> SiteTest:
    site.budgets = True
    site.encodings = None
    site.write("site.toml", CONFIG).write("templates/base.html", BASE).write("templates/page.html", PAGE)
    site.write("templates/section.html", PAGE).write("templates/404.html", "<!doctype html><title>gone</title>")
    site.write("assets/a.js", "f();" * 400).write("assets/a.css", "p { color: red }\n" * 40).write(
        "static/frame.html", "<!doctype html><title>f</title>"
    )
    site.write("content/a.md", "# A\n\n![x](x.png)\n").write("content/x.png", png(64, 40, 0))
    return site.write("content/b.md", '# B\n\n<iframe src="/frame.html" title="f"></iframe>\n')


def weighed(site: SiteTest, choices: Choices | None = None, jobs: int = 1) -> Weighed:
    """Build once more, over what is remembered, and weigh."""
    config = load_config(site.root, Overrides(encodings=site.encodings))
    inputs = Inputs(str(site.root), (str(THEMES),), NOW, {})
    return made(inputs, config, choices or Choices(), Crew(jobs), weigh_built)[1]


def page(found: Weighed, url: str) -> Weight:
    return next(one for one in found.weights if one.url == url)


def words(site: SiteTest) -> list[str]:
    assert site.checked is not None, site.said()
    return [f"{one.code} {one.path}:{one.line} {one.message}" for one in site.checked.findings]


EDITS: dict[str, Callable[[SiteTest], object]] = {
    "a page": lambda site: site.write("content/a.md", "# A\n\n" + "longer " * 900),
    "a sheet": lambda site: site.write("assets/a.css", "p { background: url(/x.svg) }"),
    "a file that a sheet asks for": lambda site: site.write("static/x.svg", "<svg/>" * 30),
    "an image": lambda site: site.write("content/x.png", png(640, 400, 0)),
    "a page in a frame": lambda site: site.write("static/frame.html", '<!doctype html><img src="/y.png" alt="">'),
    "a file that a frame asks for": lambda site: site.write("static/y.png", png(40, 20, 0)),
    "a frame goes": lambda site: site.remove("static/frame.html"),
    "a frame comes": lambda site: site.write("static/frame.html", "<!doctype html><p>here again"),
    "a missing file": lambda site: site.write("content/a.md", '# A\n\n<img src="/gone.svg" alt="">\n'),
    "the missing file comes": lambda site: site.write("static/gone.svg", "<svg/>"),
    "front matter": lambda site: site.write("content/a.md", "---\nbudgets: {html: 10 B, reason: tiny}\n---\n# A\n"),
    "a rule": lambda site: site.write("site.toml", f'{CONFIG}[[budgets]]\nmatch = "/b/"\nhtml = "20 B"\n'),
    "a ratchet": lambda site: site.write("site.toml", f'{CONFIG}[budget]\nmode = "ratchet"\n'),
    "growth over the lock": lambda site: site.write("assets/a.css", RANDOM),
    "the lock": lambda site: site.write(
        "budgets.lock", (site.root / "budgets.lock").read_text().replace("css=", "css=9")
    ),
    "the lock goes": lambda site: site.remove("budgets.lock"),
    "no encodings": lambda site: site.write("site.toml", f"{CONFIG}[output]\nencodings = []\n"),
    "one encoding": lambda site: site.write("site.toml", f'{CONFIG}[output]\nencodings = ["gzip"]\n'),
    "a base path": lambda site: site.write("site.toml", CONFIG.replace("example.org/", "example.org/docs/")),
    "a CDN": lambda site: site.write("site.toml", f'{CONFIG}[assets]\ncdn = "https://cdn.example.org"\n'),
    "a page for what is not there": lambda site: site.write("templates/404.html", f"<!doctype html>{'x' * 3_000}"),
    "a page goes": lambda site: site.remove("content/b.md"),
}  # fmt: skip


@pytest.mark.parametrize("jobs", [1, 2])
def test_after_any_edit_a_warm_build_weighs_and_says_what_a_cold_one_does(site: SiteTest, jobs: int) -> None:
    site.built(jobs=jobs)
    lock = site.root / "budgets.lock"
    for name, edit in EDITS.items():
        edit(site)
        before = lock.read_bytes() if lock.exists() else None
        site.built(jobs=jobs)
        warm, after = site.checked, lock.read_bytes() if lock.exists() else None
        assert weighed(site, jobs=jobs) == weighed(site, COLD), name
        lock.unlink(missing_ok=True)
        if before is not None:
            lock.write_bytes(before)
        site.built(COLD)
        assert site.checked == warm, name
        assert (lock.read_bytes() if lock.exists() else None) == after, name


def test_the_very_same_site_is_not_weighed_again_and_says_the_same(
    site: SiteTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = site.write("content/a.md", '# A\n\n<img src="/gone.svg" alt="">\n').built().checked
    assert words(site) == ["missing-file content/a.md:0 /gone.svg would be fetched, and there is no such file on /a/"]
    monkeypatch.setattr("ssg.build.checking.assess_built", pytest.fail)
    assert site.built().checked == first


def test_what_is_said_is_of_the_pages_that_are_there_at_the_time(site: SiteTest) -> None:
    site.write("content/c.md", "---\nexpires: 2026-11-21\nbudgets: {html: 9 B, reason: x}\n---\n# C\n").built()
    assert len(words(site)) == 1
    assert not words(site.built(now=NOW + timedelta(days=2)))
    assert len(words(site.built())) == 1


def test_a_new_lock_counts_although_the_site_is_the_same(site: SiteTest) -> None:
    site.write("site.toml", f'{CONFIG}[budget]\nmode = "delta"\n').built()
    assert words(site) == ["no-lock budgets.lock:0 is not there, so no page is held against what it was"]
    lock = site.root / "budgets.lock"
    assert not words(site.built())
    site.write("budgets.lock", re.sub(r" (html|total)=[0-9:]+", r" \1=1:1", lock.read_text(encoding="utf-8")))
    site.write("content/a.md", "# A\n\n" + " ".join(map(str, range(2_000))))
    assert any(one.startswith("growth content/a.md") for one in words(site.built()))
    site.write("budgets.lock", "nonsense\n").build()
    assert site.said().startswith("budgets.lock:1: ")


@pytest.mark.parametrize("cdn", ["", "https://cdn.example.org"])
@pytest.mark.parametrize("path", ["", "docs/"])
def test_files_of_the_site_are_its_own_below_a_path_and_on_a_cdn(site: SiteTest, path: str, cdn: str) -> None:
    config = CONFIG.replace("example.org/", f"example.org/{path}") + (f'[assets]\ncdn = "{cdn}"\n' if cdn else "")
    site.write("site.toml", config).built()
    assert not words(site)
    found = page(weighed(site), "/a/")
    assert not any(one.third_party for one in found.fetches)
    assert {str(one.kind) for one in found.fetches} == {"html", "js", "image"}
    assert all(one.sizes is not None for one in found.fetches)


def test_sizes_are_those_of_the_files_as_they_are_written(site: SiteTest) -> None:
    site.built()
    found = weighed(site)
    for one in page(found, "/a/").fetches:
        path = one.url.lstrip("/") + ("index.html" if one.url.endswith("/") else "")
        assert one.sizes is not None
        assert one.sizes.raw == (site.public / path).stat().st_size
        br = site.public / f"{path}.br"
        assert one.sizes.br == (br.stat().st_size if br.exists() else None)


@pytest.mark.parametrize("path", ["", "docs/"])
def test_a_folder_weighs_what_the_build_has_weighed(site: SiteTest, path: str) -> None:
    site.write("site.toml", CONFIG.replace("example.org/", f"example.org/{path}"))
    site.write("content/c.md", f'<img src="https://example.org/{path}x.png" alt="">\n').built()
    ours, theirs = weighed(site), weigh_folder(str(site.public), f"https://example.org/{path}")
    assert {(one.url, one.profile): one for one in ours.weights} == {
        (one.url, one.profile): one for one in theirs.weights
    }
    report = check(theirs.subjects, theirs.weights, Terms())
    assert not report.over


def test_budgets_that_are_off_are_neither_weighed_nor_silent(site: SiteTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ssg.build.checking.assess_built", pytest.fail)
    site.write("site.toml", f'budgets = "off"\n{CONFIG}').built()
    assert site.checked is not None
    assert (site.checked.summary, site.checked.over) == ("budgets are off: nothing was checked", False)


@pytest.fixture
def heavy(site: SiteTest) -> Path:
    """A site with one page over its budget, and one over a warning."""
    rules = '[[budgets]]\nmatch = "/a/"\nhtml = "20 B"\n[[budgets]]\nmatch = "/b/"\nhtml = { warn = "20 B" }\n'
    return site.write("site.toml", CONFIG + rules).root


def test_a_build_over_its_budget_is_written_and_fails(heavy: Path) -> None:
    done = ssg("build", cwd=heavy, code=1)
    assert (heavy / "public/a/index.html").is_file()
    assert 'content/a.md: "html" is ' in done.stdout + done.stderr
    assert "1 error and 1 warning" in done.stdout
    again = ssg("build", cwd=heavy, code=1)
    assert "0 written" in again.stdout
    assert 'content/a.md: "html" is ' in again.stdout + again.stderr
    assert ssg("build", "--no-fail", cwd=heavy).stdout.splitlines()[-1] == done.stdout.splitlines()[-1]


def test_warnings_fail_no_build_nor_does_strict_make_errors_of_them(heavy: Path) -> None:
    warned = (heavy / "site.toml").read_text().replace('html = "20 B"', 'html = { warn = "20 B" }')
    (heavy / "site.toml").write_text(warned)
    assert ssg("build", cwd=heavy).stdout.splitlines()[-1].endswith(": 2 warnings")
    ssg("build", "--strict", cwd=heavy)


def test_json_of_a_build_has_the_budget(heavy: Path) -> None:
    told = json.loads(ssg("build", "--json", cwd=heavy, code=1).stdout)
    assert told["budget"]["over"] is True
    assert [(one["code"], one["level"], one["path"]) for one in told["budget"]["findings"]] == [
        ("over-budget", "error", "content/a.md"),
        ("over-budget", "warn", "content/b.md"),
    ]
    assert told["budget"]["summary"].endswith("1 error and 1 warning")
    off = (heavy / "site.toml").read_text().partition("[[budgets]]")[0]
    (heavy / "site.toml").write_text(f'budgets = "off"\n{off}')
    assert json.loads(ssg("build", "--json", cwd=heavy).stdout)["budget"]["summary"].startswith("budgets are off")


def test_a_broken_limit_is_wrong_usage_before_anything_is_built(site: SiteTest) -> None:
    site.write("site.toml", f"{CONFIG}[[budgets]]\njs = 60\n")
    assert "60 kB" in ssg("build", cwd=site.root, code=2).stderr
    assert not site.public.exists()


def test_a_lock_that_cannot_be_written_is_told_after_the_site(site: SiteTest) -> None:
    site.write("site.toml", f'{CONFIG}[budget]\nmode = "ratchet"\n').write("content/_index.md", "# Home\n")
    (site.root / "budgets.lock.new").mkdir()
    done = ssg("build", cwd=site.root, code=2)
    assert "budgets.lock: cannot be written: " in done.stderr
    assert done.stderr.splitlines()[-1] == "1 error; the site is written"
    assert (site.public / "index.html").exists()


def test_pages_are_weighed_as_they_are_written(site: SiteTest, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def noted(html: str, url: str, origins: tuple[str, ...]) -> PageFacts:
        read.append(url)
        return read_page(html, url, origins)

    monkeypatch.setattr("ssg.build.scales.read_page", noted)
    site.remove("content/b.md")
    taken = weighed(site, COLD)
    assert read == ["/frame.html"]  # nobody has rendered it
    monkeypatch.setattr("ssg.build.taking.Taker.take", lambda *_, **__: b"")
    assert weighed(site, COLD) == taken
    assert {"/a/", "/404.html"} < {*read}


def test_what_a_pass_adds_behind_the_minifier_is_weighed(site: SiteTest) -> None:
    site.write("extensions/adding.py", ADDING).write(
        "site.toml", f'{CONFIG}[extensions.adding]\nuse = "extensions/adding.py:Adding"\n'
    )
    urls = [one.url for one in page(weighed(site, COLD), "/a/").fetches]
    assert "/added.png" in urls
