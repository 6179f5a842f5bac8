"""Every mistake is a line that says where, what, and what to do; and nothing is written."""

from pathlib import Path

import pytest

from ssg.build import Choices
from tests.site_test import SiteTest

CASES = sorted(path for path in (Path(__file__).parent / "broken").iterdir() if path.is_dir())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
@pytest.mark.parametrize("mode", ["cold", "warm"])
def test_the_printed_error(case: Path, mode: str, tmp_path: Path, *, update_golden: bool) -> None:
    site = SiteTest(tmp_path / "site").copy(case)
    site.encodings = None
    golden = case / "error.txt"
    for _ in range(2 if mode == "warm" else 1):
        site.build(Choices(strict=(case / "strict").exists()))
    assert site.failed is not None
    said = site.said().replace(str(site.root), "SITE") + f"exit {site.failed.exit_code}\n"
    if update_golden:
        golden.write_text(said, encoding="utf-8")
    assert said == golden.read_text(encoding="utf-8")
    assert not site.public.exists()
    assert "Traceback" not in said


def test_every_line_says_what_to_do() -> None:
    for case in CASES:
        for line in (case / "error.txt").read_text(encoding="utf-8").splitlines()[:-1]:
            assert "; " in line, f"{case.name}: {line}"


def test_an_error_leaves_the_last_good_output(site: SiteTest) -> None:
    site.write("content/a.md", "# A\n").built()
    before = site.tree()
    site.write("content/a.md", "---\ntitle: A: B\n---\n").write("content/b.md", "# B\n").build()
    assert site.failed is not None
    assert site.tree() == before
