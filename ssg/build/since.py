"""The files of a site as they were when the line of a page came into `budgets.lock`, by git."""

import functools
import subprocess
from collections.abc import Sequence

from ssg.budget.values import LOCK
from ssg.build.revision import read_revision
from ssg.errors import ConfigError

_NONE = "0" * 40  # what git blames for lines that are not committed


class Since:
    """Asks git of a site folder; where it knows nothing, nothing has changed."""

    def __init__(self, root: str) -> None:
        self._root = root
        self._changed: dict[str, frozenset[str]] = {}

    @functools.lru_cache(maxsize=1024)  # noqa: B019 - as long as a build explains
    def revision(self, url: str) -> str:
        """Give the commit that the line of a page in the lock is from; empty where that is not known.

        `url` is as the lock writes it.
        """
        for number, line in enumerate(self._lines, 1):
            if line.startswith(f"page {url} "):
                said = _git(self._root, "blame", "--porcelain", "-L", f"{number},{number}", "--", LOCK)
                found = said.partition(" ")[0]
                return found if found != _NONE else ""
        return ""

    def changed(self, revision: str) -> frozenset[str]:
        """Give the files of the site folder that are not as they were, by their paths below it; new ones too."""
        if revision not in self._changed:
            told = _git(self._root, "diff", "--name-only", "--relative", "--no-renames", "-z", revision, "--", ".")
            new = _git(self._root, "ls-files", "--others", "--exclude-standard", "-z", "--", ".")
            self._changed[revision] = frozenset(filter(None, (told + new).split("\0")))
        return self._changed[revision]

    def text(self, revision: str, path: str) -> str:
        """Give the text that a file had; empty where it was not there."""
        try:
            return read_revision(self._root, revision, path)
        except ConfigError:
            return ""

    @functools.cached_property
    def _lines(self) -> Sequence[str]:
        try:
            with open(f"{self._root}/{LOCK}", encoding="utf-8") as file:  # noqa: PTH123
                return file.read().split("\n")
        except OSError:
            return ()


def _git(root: str, *command: str) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - a fixed command
            ["git", "-C", root, *command],  # noqa: S607 - git is where the user has it
            capture_output=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except OSError:
        return ""
    return done.stdout.decode(errors="replace") if not done.returncode else ""
