"""`ssg audit` in a real browser, and without one."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from ssg.cli import main
from tests.budget.proof.fixtures import made
from tests.conftest import require

LIMITS = """
[[budgets]]
match = "/heavy/"
image = "100 B"
requests = 4
critical = { requests = 1 }
lcp = { warn = "1 ms" }

[[budgets]]
match = "/light/"
lcp = "60 s"

[[budgets]]
template = "page.html"
total = "1 B"
"""
VIEWPORT = '<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Page</title>'
HEAVY = f"""{VIEWPORT}<link rel="stylesheet" href="/docs/a.css"><link rel="icon" href="data:,">
<h1>Heavy</h1><div id="late"></div><p>moved</p><img src="/docs/a.png" alt="" id="hero" width="300" height="300">
<script src="/docs/a.js"></script><script>
// After two frames the page is painted: from then on, what moves is a shift, and what takes long blocks.
addEventListener("load", () => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => {{
  document.getElementById("late").style.height = "400px";
  const end = performance.now() + 300;
  while (performance.now() < end);
}}, 100))));
</script>"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    config = f'[site]\ntitle = "Test"\nbase_url = "https://example.org/docs/"\n{LIMITS}'
    (tmp_path / "site.toml").write_text(config, encoding="utf-8")
    for name, body in {
        "index.html": f'{VIEWPORT}<link rel="icon" href="data:,"><p>First',
        "light/index.html": f'{VIEWPORT}<link rel="icon" href="data:,"><p>Light',
        "heavy/index.html": HEAVY,
        "a.css": "p { color: red }",
        "a.js": "let a;",
    }.items():
        (tmp_path / "public" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "public" / name).write_text(body, encoding="utf-8")
    (tmp_path / "public" / "a.png").write_bytes(made("a.png", "300x300"))
    return tmp_path


def run(site: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["audit", "--site", str(site), "--output", str(site / "public"), *arguments])


def test_without_a_browser_it_says_what_to_install(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(site))
    done = run(site)
    assert done.exit_code == 2
    assert "there is no browser to measure with; install Chromium" in done.output


@pytest.mark.parametrize("path", ["/none/", "/light", "/../site.toml", "/%2e%2e/site.toml", "heavy/none.html"])
def test_a_page_that_is_not_there_is_wrong_usage(site: Path, path: str) -> None:
    require("chromium")
    done = run(site, path)
    assert done.exit_code == 2
    assert "has no such page" in done.output


def test_a_heavy_page_is_over_and_a_light_one_is_not(site: Path) -> None:
    require("chromium")
    done = run(site, "/docs/heavy/", "/docs/light/", "--runs", "1", "--json")
    assert done.exit_code == 1, done.output
    found: dict[str, Any] = json.loads(done.output)
    assert found["ok"] is False
    pages = {(one["url"], one["profile"]): one for one in found["pages"]}
    assert len(pages) == 4
    for profile in ("mobile", "desktop"):
        heavy, light = pages["/docs/heavy/", profile], pages["/docs/light/", profile]
        files = ["a.css", "a.js", "a.png", "heavy/index.html"]
        assert heavy["bytes"] == sum((site / "public" / name).stat().st_size for name in files)
        assert (heavy["requests"], heavy["blocking"]) == (4, 1)
        assert heavy["cls"] > 0.05
        assert heavy["tbt"] > 0
        assert heavy["element"].startswith("img#hero http")
        assert heavy["shifts"]
        assert (light["requests"], light["blocking"], light["cls"], light["element"]) == (1, 0, 0, "p")
        assert 0 < light["fcp"] <= light["lcp"]
    errors = {(one["url"], one["key"]) for one in found["verdicts"] if one["level"] == "error"}
    assert {("/docs/heavy/", "image"), ("/docs/heavy/", "critical.requests")} <= errors
    assert "requests" not in {key for _, key in errors}
    assert not [one for one in errors if one[0] == "/docs/light/"]
    warned = {(one["key"], one["rule"]) for one in found["verdicts"] if one["level"] == "warn"}
    assert ("lcp", "[[budgets]] 1 (site.toml:5)") in warned


def test_the_first_page_is_measured_where_none_is_named(site: Path) -> None:
    require("chromium")
    done = run(site, "--runs", "1")
    assert done.exit_code == 0, done.output
    assert "/docs/ (desktop): the largest is p" in done.output
    assert "is not judged" not in done.output


def test_a_page_is_named_by_its_url_as_a_browser_writes_it(site: Path) -> None:
    require("chromium")
    (site / "public/été").mkdir()
    (site / "public/été/index.html").write_text(f'{VIEWPORT}<link rel="icon" href="data:,"><p>Summer', "utf-8")
    done = run(site, "/docs/%C3%A9t%C3%A9/", "--runs", "1")
    assert done.exit_code == 0, done.output
    assert "/docs/%C3%A9t%C3%A9/ (desktop): the largest is p" in done.output


def test_a_url_that_does_not_answer_is_an_error(site: Path) -> None:
    require("chromium")
    done = run(site, "http://127.0.0.1:9/", "--runs", "1")
    assert done.exit_code == 1
    assert "cannot be opened" in done.output
