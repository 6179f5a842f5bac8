"""Builds the history of a site: every commit over the store of those before it, as its author would have.

    python benchmarks/replay.py REPO SUBDIR

SUBDIR is a site, or a folder of pages, for which a site.toml is made. Every tenth commit and the last are compared with
a clean build, byte for byte and warning for warning; the first difference is explained, and the exit code is 1 then.
The repository may be bare; its work tree is not touched. A build takes the time of its commit for now.
"""

import argparse
import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

_ROOT = Path(__file__).parent.parent
if str(_ROOT) not in sys.path:
    sys.path.insert(0, str(_ROOT))

from benchmarks.history import Commit, History, lay_out  # noqa: E402 - as a script, its folder is the only one known
from ssg.build.verifying import first_difference  # noqa: E402

_MADE = '[site]\ntitle = "Replay"\nbase_url = "https://example.org/"\n'


class Build(NamedTuple):
    """A build: wall time in seconds of the whole process, and what it printed as JSON."""

    wall: float
    told: dict[str, Any]

    @property
    def good(self) -> bool:
        """Whether the site had no errors."""
        return bool(self.told["ok"])


class Step(NamedTuple):
    """A commit that was built, the number of files that it changed, and the clean build it was compared with."""

    commit: Commit
    changed: int
    warm: Build
    clean: Build | None


def main() -> None:
    """Replay a history and print what it cost."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("repository", type=Path, metavar="REPO", help="a git repository, bare or not")
    parser.add_argument("folder", metavar="SUBDIR", help="the site or the folder of pages in it; . for all of it")
    parser.add_argument("--every", type=int, default=10, metavar="N", help="compare every Nth commit (default: 10)")
    parser.add_argument("--last", type=int, metavar="N", help="only the last N commits")
    parser.add_argument("--config", type=Path, metavar="FILE", help="a site.toml for a folder of pages")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="an empty folder to build in, which stays")
    options = parser.parse_args()
    config = options.config.read_text(encoding="utf-8") if options.config else _MADE
    with (
        tempfile.TemporaryDirectory(prefix="ssg-replay-") as folder,
        History(options.repository, options.folder) as history,
    ):
        commits = history.commits()[-(options.last or 0) :]
        if not commits:
            sys.exit(f"no commit of {options.repository} has changed {options.folder}")
        replay = Replay(history, options.keep or Path(folder), config)
        print(f"{options.folder} of {options.repository.name}: {len(commits)} commits", flush=True)
        try:
            steps = replay.run(commits, options.every)
        except LookupError as missing:
            sys.exit(f"{options.repository} lacks the file {missing}; a partial clone does not do")
    _summarize(steps)


class Replay:
    """A site folder that goes through a history, with the output of the builds over the store, and of clean ones."""

    def __init__(self, history: History, folder: Path, config: str) -> None:
        """Take the history, an empty folder, and the `site.toml` that a folder of pages gets."""
        self._history = history
        self._site, self._warm, self._clean = folder / "site", folder / "warm", folder / "clean"
        self._config = config

    def run(self, commits: Sequence[Commit], every: int) -> list[Step]:
        """Build each commit; leave with the exit code 1 at the first that differs from a clean build."""
        files = self._prepared(commits[-1])
        steps: list[Step] = []
        before: Commit | None = None
        for number, commit in enumerate(commits, 1):
            changed = lay_out(self._history, self._history.changes(before, commit), files)
            warm = self._built(commit, self._warm)
            clean = None
            if number % every == 0 or number == len(commits):
                clean = self._compared(commit, warm)
                said = f"{warm.told['rendered']} rendered" if warm.good else "errors"
                print(f"{number:>6} {commit.name[:10]}  {changed} files changed, {said}; as a clean build", flush=True)
            steps.append(Step(commit, changed, warm, clean))
            before = commit
        return steps

    def _prepared(self, last: Commit) -> Path:
        """Make the site folder; give where the files of the history go."""
        self._site.mkdir(parents=True)
        if self._history.holds(last, "site.toml"):
            return self._site
        (self._site / "site.toml").write_text(self._config, encoding="utf-8")
        (self._site / "content").mkdir()
        return self._site / "content"

    def _built(self, commit: Commit, output: Path, *options: str) -> Build:
        """Build the site as it is, at the time of the commit; a build whose site has errors prints JSON too."""
        command = [sys.executable, "-m", "ssg", "build", "--json", "--output", str(output), *options]
        known = os.environ.get("PYTHONPATH")
        path = str(_ROOT) if known is None else f"{_ROOT}{os.pathsep}{known}"
        environment = os.environ | {"SOURCE_DATE_EPOCH": str(commit.when), "PYTHONPATH": path}
        begin = time.perf_counter()
        done = subprocess.run(command, cwd=self._site, env=environment, capture_output=True, check=False)
        wall = time.perf_counter() - begin
        try:
            return Build(wall, json.loads(done.stdout))
        except ValueError:
            sys.exit(f"{commit.name}: ssg failed:\n{done.stderr.decode()}")

    def _compared(self, commit: Commit, warm: Build) -> Build:
        """Build from nothing, and compare."""
        shutil.rmtree(self._clean, ignore_errors=True)
        clean = self._built(commit, self._clean, "--no-cache")
        said = _saying(warm, clean) or (difference(self._warm, self._clean) if clean.good else "")
        if said:
            sys.exit(f"{commit.name}: the build over the store is not the clean one: {said}")
        return clean


def _saying(warm: Build, clean: Build) -> str:
    """Say how what two builds printed differs; nothing where it does not."""
    for severity in ("errors", "warnings"):
        ours, theirs = warm.told[severity], clean.told[severity]
        if ours != theirs:
            one = next(one for one in [*ours, *theirs] if one not in ours or one not in theirs)
            lacking = "does not say" if one in theirs else "says"
            return f"it {lacking} {one['path']}:{one['line']}: {one['message']}"
    return ""


def difference(warm: Path, clean: Path) -> str:
    """Say what the first file is that differs between two output folders, and where; nothing where none does."""
    ours, theirs = _files(warm), _files(clean)
    for path in sorted(ours.keys() | theirs.keys()):
        if path not in ours or path not in theirs:
            return f"{path}: it {'is missing' if path in theirs else 'should not be there'}"
        pair = ours[path].read_bytes(), theirs[path].read_bytes()
        if pair[0] != pair[1]:
            return f"{path}: {first_difference(*pair)}"
    return ""


def _files(folder: Path) -> dict[str, Path]:
    return {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}


def _summarize(steps: Sequence[Step]) -> None:
    """Print times and numbers of pages; the first build is a clean one, and stands by itself."""
    first, rest = steps[0], [step for step in steps[1:] if step.warm.good]
    pages = steps[-1].warm.told.get("pages", 0)
    print(f"first build: {first.warm.wall:.2f} s; {pages} pages in the end")
    if rest:
        walls = [step.warm.wall for step in rest]
        rendered = [step.warm.told["rendered"] for step in rest]
        print(f"{len(rest)} builds over the store: p50 {at(walls, 0.5):.2f} s, p95 {at(walls, 0.95):.2f} s")
        print(f"rendered a commit: p50 {at(rendered, 0.5):.0f}, p95 {at(rendered, 0.95):.0f}, most {max(rendered)}")
    clean = [step.clean.wall for step in steps if step.clean is not None]
    print(f"{len(clean)} compared with clean builds, all equal; those took p50 {at(clean, 0.5):.2f} s")
    failed = sum(not step.warm.good for step in steps)
    if failed:
        print(f"{failed} commits have errors; what was compared there is the errors")


def at(values: Sequence[float], part: float) -> float:
    """Give the value that a part of all reach at the most (nearest rank)."""
    return sorted(values)[max(0, math.ceil(part * len(values)) - 1)]


if __name__ == "__main__":
    main()
