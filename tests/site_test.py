"""A site to test with: write files, build, look at what came out, change files, build again."""

import re
import shutil
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, Self

import msgspec

from ssg.build import Built, Choices, Crew, WriteReport, produce
from ssg.build.checked import Checked
from ssg.config import Overrides, load_config, output_folder
from ssg.errors import Diagnostic, SsgError
from ssg.model import Inputs, Release
from ssg.spans import UNTIMED, Timer

THEMES = Path(__file__).parent.parent / "themes"
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


class SiteTest:
    """A site folder and the last build of it. The chained methods give the site itself.

    Files are compressed where the test says so, `encodings = None` for what the site's configuration says: brotli takes
    longer than all the rest of a small site. Budgets are checked where it sets `budgets`.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.encodings: tuple[Literal["br", "gzip", "zstd"], ...] | None = ()
        self.release: Release | None = None
        self.last: Built | None = None
        self.report: WriteReport | None = None
        self.budgets = False
        self.checked: Checked | None = None
        self.diagnostics: Sequence[Diagnostic] = ()
        self.failed: SsgError | None = None
        root.mkdir(parents=True, exist_ok=True)

    @property
    def public(self) -> Path:
        return self.root / "public"

    def copy(self, folder: Path) -> Self:
        shutil.copytree(folder, self.root, dirs_exist_ok=True, symlinks=True)
        return self

    def write(self, path: str, text: str | bytes) -> Self:
        place = self.root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text.encode() if isinstance(text, str) else text)
        return self

    def remove(self, path: str) -> Self:
        (self.root / path).unlink()
        return self

    def build(
        self,
        choices: Choices | None = None,
        *,
        jobs: int = 1,
        now: datetime = NOW,
        environment: Mapping[str, str] | None = None,
        timer: Timer = UNTIMED,
    ) -> Self:
        """Build and write; a failure is kept in `failed`, not raised."""
        self.release = self.last = self.report = self.failed = self.checked = None
        try:
            config = load_config(self.root, Overrides(encodings=self.encodings))
            folder = output_folder(self.root, config)
            inputs = Inputs(str(self.root), (str(THEMES),), now, environment or {})
            if not self.budgets:
                config = msgspec.structs.replace(config, budgets="off")
            made = produce(inputs, config, folder, choices or Choices(), Crew(jobs, None, timer))
            self.last, self.report, self.checked = made
            self.release = self.last.release
            self.diagnostics = self.release.diagnostics
        except SsgError as reason:
            self.failed = reason
            self.diagnostics = reason.diagnostics
        return self

    def built(self, choices: Choices | None = None, *, jobs: int = 1, now: datetime = NOW) -> Self:
        """Build, and fail the test where that fails."""
        self.build(choices, jobs=jobs, now=now)
        assert self.failed is None, self.said()
        return self

    def rendered(self) -> set[str]:
        """Give the URLs that the last build rendered."""
        assert self.last is not None
        return set(self.last.reasons)

    def text(self, path: str) -> str:
        return (self.public / path).read_text(encoding="utf-8")

    def asset(self, path: str) -> str:
        """Give the path in the output of a file of `assets/`, whose name holds a digest; fail where it is not one."""
        stem, dot, ending = path.rpartition(".")
        name = re.compile(rf"assets/{re.escape(stem)}\.[0-9a-f]{{10}}{re.escape(dot + ending)}")
        [found] = [one for one in self.tree() if name.fullmatch(one)]
        return found

    def packed(self, path: str) -> str:
        """Give the text of a file of `assets/` as it is published."""
        return self.text(self.asset(path))

    def said(self) -> str:
        return "".join(f"{diagnostic}\n" for diagnostic in self.diagnostics)

    def tree(self) -> dict[str, bytes]:
        """Give the bytes of every file of the output by path."""
        return tree(self.public)


def tree(folder: Path) -> dict[str, bytes]:
    return {
        file.relative_to(folder).as_posix(): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()
    }
