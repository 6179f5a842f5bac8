"""`ssg budget` as people use it; what pages weigh is made up."""

import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ssg.budget.values import Kind
from ssg.build.budgeting import Weighed, judge, load_lock, renew_lock
from ssg.commands.budget import budget_group
from ssg.config import Config, Overrides, load_config
from tests.budget.weighing import fetch, subject, weights
from tests.conftest import require

COMPRESSORS = {"brotli": "1.1.0"}


class Site:
    """A site folder whose pages weigh what a test says."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.html = {"/": 5_000, "/a/": 5_000}
        self.script = 10_000
        self.folders: list[str | None] = []

    def configure(self, text: str) -> Config:
        (self.root / "site.toml").write_text(text, encoding="utf-8")
        return load_config(self.root, Overrides())

    def weigh(self, _site: str, _config: Config, folder: str | None) -> Weighed:
        self.folders.append(folder)
        return self.weighed()

    def weighed(self) -> Weighed:
        files = [fetch("/assets/app.0123456789.js", Kind.JS, self.script)]
        made = [one for url, size in self.html.items() for one in weights(url, size, files)]
        return Weighed(tuple(subject(url) for url in self.html), tuple(made), 99, COMPRESSORS)

    def run(self, *arguments: str) -> Result:
        first = arguments[:1] if arguments[:1] in {("diff",), ("accept",)} else ()
        given = [*first, "--site", str(self.root), *arguments[len(first) :]]
        return CliRunner().invoke(budget_group(self.weigh), given)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    made = Site(tmp_path)
    made.configure('[budget]\nmode = "ratchet"\n')
    return made


def test_exit_codes(site: Site) -> None:
    site.configure("")
    assert site.run().exit_code == 0
    site.html["/a/"] = 60_000
    over = site.run()
    assert over.exit_code == 1
    assert '"html" is 60 kB, over the limit of 50 kB on /a/' in over.output
    assert site.run("--no-fail").exit_code == 0
    (site.root / "site.toml").write_text("[[budgets]]\njss = 3\n")
    wrong = site.run()
    assert wrong.exit_code == 2
    assert 'site.toml:2: [[budgets]]: there is no limit "jss"; did you mean "js"?' in wrong.output


def test_a_pattern_shows_those_pages_alone(site: Site) -> None:
    site.configure("")
    site.html["/a/"] = 60_000
    assert site.run("/").exit_code == 0
    assert site.run("/a/**").exit_code == 1
    none = site.run("/b/")
    assert none.exit_code == 2
    assert "/b/: is no page of the site, and no folder; name a page by its URL" in none.output
    assert site.folders == [None, None, None]


def test_a_folder_of_another_tool_needs_no_site(site: Site, tmp_path: Path) -> None:
    (site.root / "site.toml").unlink()
    (tmp_path / "out").mkdir()
    (tmp_path / "out/index.html").write_text("<p>")
    assert site.run(str(tmp_path / "out")).exit_code == 0
    assert site.folders == [str(tmp_path / "out")]
    assert site.run().exit_code == 2


@pytest.mark.parametrize("form", ["json", "junit", "sarif", "github", "markdown", "html"])
def test_every_format_has_what_is_wrong(site: Site, form: str) -> None:
    site.configure("")
    site.html["/a/"] = 60_000
    done = site.run("--format", form)
    assert done.exit_code == 1
    assert "content/a.md" in done.output


@pytest.mark.parametrize("form", ["github", "sarif"])
def test_sources_are_named_from_the_folder_that_ci_works_in(
    site: Site, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    site.configure("")
    site.html["/a/"] = 60_000
    monkeypatch.chdir(site.root.parent)
    assert f"{site.root.name}/content/a.md" in site.run("--format", form).output
    monkeypatch.chdir(site.root)
    assert f"{site.root.name}/content/a.md" not in site.run("--format", form).output


def test_the_site_may_be_named_before_the_word(site: Site) -> None:
    site.run("accept", "/**", "--reason", "the beginning")
    for named in (("--site", str(site.root)), (f"--site={site.root}",)):
        done = CliRunner().invoke(budget_group(site.weigh), [*named, "diff"])
        assert (done.exit_code, done.output) == (0, "nothing has grown\n")


def test_budgets_that_are_off_are_said(site: Site) -> None:
    site.configure('budgets = "off"\n')
    site.html["/a/"] = 60_000
    done = site.run()
    assert done.exit_code == 0
    assert "off" in done.output


def test_the_ratchet(site: Site) -> None:
    config = load_config(site.root, Overrides())
    assert renew_lock(str(site.root), config, site.weighed())
    assert not renew_lock(str(site.root), config, site.weighed())
    site.html["/a/"] = 4_000
    assert renew_lock(str(site.root), config, site.weighed())
    site.html["/a/"] = 5_500
    assert not renew_lock(str(site.root), config, site.weighed())
    grown = site.run()
    assert grown.exit_code == 1
    assert '"html" grew from 4 kB to 5.5 kB on /a/' in grown.output
    accepted = site.run("accept", "/a/", "--reason", "a new chapter")
    assert (accepted.exit_code, accepted.output) == (0, "budgets.lock: 1 page changed\n")
    assert site.run().exit_code == 0
    assert "page /a/ html=5500:16500 js=10000:30000 total=15500:46500 # a new chapter" in (
        site.root / "budgets.lock"
    ).read_text(encoding="utf-8")


def test_accepting_needs_a_reason_and_a_page(site: Site) -> None:
    assert site.run("accept", "/a/").exit_code == 2
    assert "gives no reason" in site.run("accept", "/a/", "--reason", " ").output
    assert site.run("accept", "--reason", "x").exit_code == 2
    assert site.run("accept", "/b/", "--reason", "x").exit_code == 2
    assert not (site.root / "budgets.lock").exists()


def test_without_a_mode_there_is_no_lock(site: Site) -> None:
    assert not renew_lock(str(site.root), site.configure(""), site.weighed())
    assert load_lock(str(site.root)) is None
    assert not judge(str(site.root), Config(), site.weighed()).findings


def test_what_grew(site: Site) -> None:
    missing = site.run("diff")
    assert missing.exit_code == 2
    assert "budgets.lock: is not there" in missing.output
    site.run("accept", "/**", "--reason", "the beginning")
    assert site.run("diff").output == "nothing has grown\n"
    site.script = 12_000
    assert site.run("diff").output == "js +2 kB, +20% to 12 kB on 2 pages, most on /: /assets/app.js (+2 kB)\n"


def test_what_grew_since_a_revision(site: Site) -> None:
    git = [require("git"), "-C", str(site.root), "-c", "user.name=a", "-c", "user.email=a@example.org"]
    outside = site.run("diff", "--base", "HEAD")
    assert outside.exit_code == 2
    assert "HEAD:budgets.lock: cannot be read: not a git repository" in outside.output
    site.run("accept", "/**", "--reason", "the beginning")
    for arguments in (["init", "-q"], ["add", "budgets.lock"], ["commit", "-q", "-m", "The lock"]):
        subprocess.run([*git, *arguments], check=True)
    site.script = 12_000
    site.run("accept", "/**", "--reason", "more")
    assert site.run("diff").output == "nothing has grown\n"
    assert "js +2 kB" in site.run("diff", "--base", "HEAD").output
    assert site.run("diff", "--base", "nowhere").exit_code == 2
    assert "is no revision" in site.run("diff", "--base", "--output=x").output


def test_a_lock_with_both_sides_of_a_merge(site: Site) -> None:
    (site.root / "budgets.lock").write_text("measure br\n<<<<<<< HEAD\n=======\n>>>>>>> other\n")
    done = site.run()
    assert done.exit_code == 2
    assert "budgets.lock:2: holds both sides of a merge; take the lines of one side" in done.output
