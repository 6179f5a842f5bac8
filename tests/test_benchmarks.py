"""The benchmarks work, at a small size, and the replay of a history finds what differs. No test here knows a time."""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from benchmarks.history import History, lay_out
from benchmarks.replay import at, difference
from tests.assets.test_images import animation, photograph
from tests.conftest import require

ROOT = Path(__file__).parent.parent


def run(*command: str, cwd: Path = ROOT, code: int = 0) -> str:
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    done = subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, check=False, env=environment | {"PYTHONPATH": path}
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_the_benchmark_of_repeated_builds_and_of_the_preview(tmp_path: Path) -> None:
    for name in "abc":
        (tmp_path / f"{name}.md").write_text(f"# {name}\n\nText of it.\n\n```python\nx = 1\n```\n\nMore.\n")
    options = ("--only", "warm", "watch", "--pages", "40", "--runs", "1", "--corpus", str(tmp_path))
    said = run(sys.executable, "-m", "benchmarks.bench", *options)
    assert re.search(r"^ +40  nothing changed +\d+\.\d\d s$", said, re.MULTILINE)
    assert re.search(r"^ +40  the same, to Hugo +\d+\.\d+ of hugo --minify ", said, re.MULTILINE)
    assert re.search(r"^ +40  one body edited +\d+\.\d\d s, 1 rendered$", said, re.MULTILINE)
    assert re.search(r", 4 rendered, exactly those that show it$", said, re.MULTILINE), said
    assert re.search(r"^ +40  cold, with the store +\d+\.\d\d of --no-cache ", said, re.MULTILINE)
    assert re.search(r"^ +40  size of the store +\d+\.\d\d of the output's ", said, re.MULTILINE)
    assert re.search(r"^ +40  saved to reload event +\d+ ms, at the most \d+ ms in 4 saves$", said, re.MULTILINE)


def test_the_benchmark_of_compressed_forms(tmp_path: Path) -> None:
    for name in "abc":
        (tmp_path / f"{name}.md").write_text(f"# {name}\n\n" + "Text of it.\n\n" * 100)
    said = run(sys.executable, "-m", "benchmarks.bench", "--only", "encode", "--pages", "10", "--corpus", str(tmp_path))
    assert re.search(
        r"^ +10  compressed forms +\d+\.\d+ of the compressors' own \d+\.\d\d s on ", said, re.MULTILINE
    ), said


def test_the_benchmark_of_images(tmp_path: Path) -> None:
    photograph(900, 600).write_to_file(str(tmp_path / "a.jpg"))
    photograph(300, 200).write_to_file(str(tmp_path / "b.png"))
    animation().write_to_file(str(tmp_path / "c.gif"))
    (tmp_path / "d.png").write_bytes(b"")
    options = ("--only", "images", "--runs", "1", "--photographs", "3")
    for given in (str(tmp_path), str(tmp_path / "none")):
        said = run(sys.executable, "-m", "benchmarks.bench", *options, "--images", given)
        drawn = given.endswith("none")
        assert re.search(rf"^ +3  images, {27 if drawn else 8} files ", said, re.MULTILINE), said
        assert re.search(r"  the same, to libvips +\d+\.\d\d, CPU \d+\.\d\d +at most 1\.2 of libvips ", said)


class Repository:
    """A git repository that a test makes."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir()
        self.git("init", "--quiet", "--initial-branch", "main")

    def git(self, *arguments: str) -> str:
        require("git")
        told = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
        return run("git", *told, *arguments, cwd=self.root)

    def commit(self, files: Mapping[str, str | None]) -> None:
        """Commit files by path below `docs/`; None removes one."""
        for path, text in files.items():
            place = self.root / "docs" / path
            if text is None:
                place.unlink()
            else:
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_text(text, encoding="utf-8")
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "work")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = Repository(tmp_path / "repository")
    made.commit({"index.md": "# Home\n\n[a](a.md)\n", "a.md": "# A\n\nOne.\n"})
    made.commit({"b/c.md": "# C\n\nSee [a](../a.md).\n"})
    made.commit({"a.md": "# A again\n\nOne.\n"})
    made.commit({"b/c.md": None, "b.md": "---\ntitle: a: b\n---\n"})
    made.commit({"b.md": "# B\n\n[gone](gone.md)\n"})
    return made


def replay(repository: Path, folder: str, *options: str, code: int = 0) -> str:
    script = str(ROOT / "benchmarks" / "replay.py")
    return run(sys.executable, script, str(repository), folder, "--every", "2", *options, code=code)


def test_a_replay(repository: Repository, tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    repository.git("clone", "--quiet", "--bare", ".", str(bare))
    said = replay(bare, "docs")
    assert said.startswith("docs of bare: 5 commits\n")
    assert re.search(r"^ +2 \w{10}  1 files changed, \d+ rendered; as a clean build$", said, re.MULTILINE)
    assert re.search(r"^ +4 \w{10}  2 files changed, errors; as a clean build$", said, re.MULTILINE)
    assert re.search(r"^3 builds over the store: p50 [\d.]+ s, p95 [\d.]+ s$", said, re.MULTILINE)
    assert re.search(r"^rendered a commit: p50 \d, p95 \d, most \d$", said, re.MULTILINE)
    assert "3 compared with clean builds, all equal" in said
    assert "1 commits have errors" in said
    assert "no commit of " in replay(bare, "nowhere", code=1)


def test_a_replay_leaves_the_work_tree_alone(repository: Repository) -> None:
    (repository.root / "docs/a.md").write_text("not committed")
    assert "1 compared with clean builds, all equal" in replay(repository.root, "docs", "--last", "1")
    assert (repository.root / "docs/a.md").read_text() == "not committed"
    assert repository.git("status", "--porcelain") == " M docs/a.md\n"
    assert len(repository.git("worktree", "list").splitlines()) == 1


IMPURE = """\
import time

class Impure:
    name = "impure"
    version = "1"
    filters = {}

    def __init__(self, options):
        self.functions = {"count": time.time_ns}
"""


def test_a_replay_tells_a_build_that_is_not_the_clean_one(repository: Repository) -> None:
    """A function of an extension that is not pure breaks the promise; so a replay must see it."""
    repository.commit({"site.toml": '[extensions.x]\nuse = "extensions/x.py:Impure"\n', "extensions/x.py": IMPURE})
    repository.commit({"templates/page.html": "<p>{{ count() }}</p>", "content/a.md": "# A\n"})
    said = replay(repository.root, "docs", "--last", "2", code=1)
    assert "the build over the store is not the clean one: a/index.html: line 1, '<p>" in said
    assert "' in place of '<p>" in said


def test_a_folder_is_brought_from_commit_to_commit(repository: Repository, tmp_path: Path) -> None:
    site = tmp_path / "site"
    (repository.root / "docs/link").symlink_to("a.md")
    repository.commit({"a/b.md": ""})
    with History(repository.root, "docs") as history:
        first, second, third, fourth, *_, last = history.commits()
        assert lay_out(history, history.changes(None, first), site) == 2
        before = (site / "index.md").stat().st_mtime_ns
        lay_out(history, history.changes(first, second), site)
        assert (site / "b/c.md").exists()
        lay_out(history, history.changes(second, third), site)
        assert (site / "a.md").read_text() == "# A again\n\nOne.\n"
        lay_out(history, history.changes(third, fourth), site)
        assert not (site / "b").exists()
        lay_out(history, history.changes(fourth, last), site)
        assert (site / "link").readlink() == Path("a.md")
        assert (site / "index.md").stat().st_mtime_ns == before, "a file that is the same was touched"


def test_the_first_difference(tmp_path: Path) -> None:
    for name, text in (("warm", "one\ntwo"), ("clean", "one\ntoo")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.html").write_text(text)
    assert difference(tmp_path / "warm", tmp_path / "warm") == ""
    assert difference(tmp_path / "warm", tmp_path / "clean").startswith("a.html: line 2, ")
    (tmp_path / "clean" / "B.html").write_text("")
    assert difference(tmp_path / "warm", tmp_path / "clean") == "B.html: it is missing"
    (tmp_path / "warm" / "A.html").write_text("")
    assert difference(tmp_path / "warm", tmp_path / "clean") == "A.html: it should not be there"


def test_percentiles() -> None:
    assert at([3, 1, 2], 0.5) == 2
    assert at([1], 0.95) == 1
    assert at(list(range(1, 101)), 0.95) == 95
