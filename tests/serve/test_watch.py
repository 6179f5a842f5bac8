"""What was saved comes out in bursts, and nothing is missed."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.config import AssetsConfig, CommandConfig, Config, ContentConfig, ExtensionConfig, MarkdownConfig, OutputConfig
from ssg.serve.watch import _LONGEST, _QUIET, _UNFINISHED, Burst, Watching, passed_over, sources


def test_a_burst_is_over_a_moment_after_its_last_change() -> None:
    burst = Burst()
    assert burst.wait(1.0) is None
    burst.note("a", 1.0, finished=False)
    assert burst.wait(1.0) == pytest.approx(_UNFINISHED)
    burst.note("a", 1.01, finished=True)
    assert burst.wait(1.01) == pytest.approx(_QUIET)
    burst.note("b", 1.01, finished=False)
    assert burst.wait(1.02) == pytest.approx(_UNFINISHED - 0.01)
    assert burst.wait(1.1) == 0
    assert burst.take() == ("a", "b")
    assert burst.wait(1.1) is None
    assert burst.take() == ()


@given(st.lists(st.floats(0.0, 0.05), min_size=1, max_size=200))
def test_a_burst_that_does_not_end_is_taken_apart(pauses: list[float]) -> None:
    burst, now = Burst(), 0.0
    for pause in pauses:
        burst.note("a", now, finished=False)
        wait = burst.wait(now)
        assert wait is not None
        assert now + wait <= _LONGEST or wait == 0
        now += pause


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("content/a.md", False),
        ("content/.a.md.swp", True),
        ("content/.hidden/a.md", True),
        ("content/a.md~", True),
        ("content/#a.md#", True),
        ("content/4913", True),
        ("content/a.md___jb_tmp___", True),
        ("static/.well-known/x", False),
        ("static/.git/x", True),
        (".ssg/store.sqlite", True),
        (".git/index", True),
        ("public/index.html", True),
        ("publications/a.md", False),
        ("themes/x/node_modules/y", True),
    ],
)
def test_what_is_passed_over(path: str, expected: bool) -> None:
    assert passed_over(path, "public") is expected


def test_what_a_build_reads() -> None:
    assert "content" in sources(Config())
    config = Config(
        content=ContentConfig(dir="docs"),
        markdown=MarkdownConfig(
            engine="markdown",
            extensions=("pymdownx.snippets",),
            extension_configs={"pymdownx.snippets": {"base_path": ["parts"]}},
        ),
        extensions={"own": ExtensionConfig(use="tools/own.py:Own")},
    )
    assert {"docs", "parts", "tools"} <= set(sources(config))
    commands = {"sass": CommandConfig(inputs=("src/css/**/*.scss", "lock.json"))}
    assert {"src/css", "."} <= set(sources(Config(assets=AssetsConfig(commands=commands))))
    anywhere = Config(markdown=MarkdownConfig(engine="markdown", extensions=("pymdownx.snippets",)))
    assert "." in sources(anywhere)


class Seen:
    """What a watch says, taken in a thread."""

    def __init__(self, watching: Watching) -> None:
        self.watching = watching

    def wait(self, seconds: float = 10) -> tuple[str, ...]:
        """Wait for one burst; give nothing where there is none in time."""
        timer = threading.Timer(seconds, self.watching.end, [TimeoutError()])
        timer.start()
        try:
            return self.watching.wait()
        except TimeoutError:
            return ()
        finally:
            timer.cancel()
            timer.join()

    def until(self, path: str) -> set[str]:
        """Wait until a path is said; give all that was said."""
        said: set[str] = set()
        while path not in said:
            burst = self.wait()
            assert burst, f"{path} was never said; {said}"
            said |= set(burst)
        return said


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "content").mkdir()
    (tmp_path / "content/a.md").write_text("# A\n")
    (tmp_path / "site.toml").write_text("")
    return tmp_path


@pytest.fixture
def seen(root: Path) -> Iterator[Seen]:
    with Watching(str(root)) as watching:
        yield Seen(watching)


def moved_into_place(root: Path) -> None:
    (root / "content/.a.md.new").write_text("# B\n")
    (root / "content/.a.md.new").rename(root / "content/a.md")


def moved_away_and_written(root: Path) -> None:
    (root / "content/a.md").rename(root / "content/a.md~")
    (root / "content/a.md").write_text("# B\n")
    (root / "content/a.md~").unlink()


def deleted_and_written(root: Path) -> None:
    (root / "content/a.md").unlink()
    (root / "content/a.md").write_text("# B\n")


@pytest.mark.parametrize(
    "save",
    [
        lambda root: (root / "content/a.md").write_text("# B\n"),
        moved_into_place,
        moved_away_and_written,
        deleted_and_written,
        lambda root: (root / "content/a.md").unlink(),
    ],
    ids=["written", "moved into place", "moved away and written", "deleted and written", "deleted"],
)
def test_a_save_is_one_burst(root: Path, seen: Seen, save: Callable[[Path], object]) -> None:
    save(root)
    assert seen.wait() == ("content/a.md",)
    assert seen.wait(0.3) == ()


def test_reading_is_no_change(root: Path, seen: Seen) -> None:
    (root / "content/a.md").read_text()
    list(os.walk(root))
    assert seen.wait(0.3) == ()


def test_what_is_none_of_a_site_is_not_said(root: Path, seen: Seen) -> None:
    (root / "public").mkdir()
    (root / "public/index.html").write_text("")
    (root / ".ssg").mkdir()
    (root / ".ssg/store").write_text("")
    (root / "notes.txt").write_text("")
    (root / "content/.a.md.swp").write_text("")
    assert seen.wait(0.3) == ()


def test_many_files_at_once_are_few_bursts(root: Path, seen: Seen) -> None:
    for number in range(100):
        (root / f"content/{number}.md").write_text("# A\n")
    said, bursts = set(seen.wait()), 1
    while len(said) < 100:
        burst = seen.wait()
        assert burst, "a file was missed"
        said |= set(burst)
        bursts += 1
    assert bursts < 50


def test_a_folder_that_appears_is_watched(root: Path, seen: Seen) -> None:
    (root / "data").mkdir()
    seen.until("data")
    (root / "data/a.toml").write_text("a = 1\n")
    seen.until("data/a.toml")
    (root / "content/deep/er").mkdir(parents=True)
    (root / "content/deep/er/b.md").write_text("# B\n")
    seen.until("content/deep/er/b.md")


def test_a_folder_that_is_another_is_watched(root: Path, seen: Seen) -> None:
    shutil.copytree(root / "content", root / "other")
    (root / "content").rename(root / "old")
    seen.until("content")
    (root / "other").rename(root / "content")
    seen.until("content")
    (root / "content/a.md").write_text("# New\n")
    seen.until("content/a.md")
    shutil.rmtree(root / "content")
    seen.until("content")
    (root / "content").mkdir()
    seen.until("content")
    (root / "content/b.md").write_text("# B\n")
    seen.until("content/b.md")


def test_another_configuration_moves_the_watch(root: Path, seen: Seen) -> None:
    (root / "docs").mkdir()
    seen.watching.follow(Config(content=ContentConfig(dir="docs"), output=OutputConfig(dir="docs/../out")))
    assert "docs" in seen.wait(), "a folder that is new to the watch counts as changed"
    (root / "docs/a.md").write_text("# A\n")
    seen.until("docs/a.md")
    (root / "content/a.md").write_text("# B\n")
    assert seen.wait(0.3) == ()


def test_a_save_while_nobody_waits_is_kept(root: Path, seen: Seen) -> None:
    (root / "content/a.md").write_text("# B\n")
    (root / "site.toml").write_text("# changed\n")
    threading.Event().wait(0.3)
    assert set(seen.wait(1)) == {"content/a.md", "site.toml"}


def test_the_end_comes_through(seen: Seen) -> None:
    seen.watching.end(RuntimeError("the server failed"))
    with pytest.raises(RuntimeError, match="the server failed"):
        seen.watching.wait()
