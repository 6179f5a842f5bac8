"""Whole sites with the output that is expected of them, byte for byte, cold and warm."""

import shutil
from pathlib import Path

import pytest

from tests.site_test import SiteTest, tree

CASES = sorted(path for path in (Path(__file__).parent / "sites").iterdir() if path.is_dir())


@pytest.mark.parametrize("mode", ["cold", "warm"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_output(case: Path, mode: str, tmp_path: Path, *, update_golden: bool) -> None:
    expected = case / "expected"
    site = SiteTest(tmp_path / "site").copy(case)
    shutil.rmtree(site.root / "expected", ignore_errors=True)
    site.built()
    if mode == "warm":
        shutil.rmtree(site.public)
        site.built()
    assert site.said() == ""
    if update_golden:
        shutil.rmtree(expected, ignore_errors=True)
        shutil.copytree(site.public, expected)
    wanted = tree(expected)
    assert site.tree().keys() == wanted.keys()
    for path, body in site.tree().items():
        assert body.decode(errors="replace") == wanted[path].decode(errors="replace"), path
