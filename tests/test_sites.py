"""Whole sites with the output that is expected of them, byte for byte, cold and warm.

One of them is written with compressed forms, which must be those of its files; so no library's bytes are golden.
"""

import gzip
import shutil
from pathlib import Path

import brotli
import pytest

from tests.site_test import SiteTest, tree

ENCODED = "blog"
DECODERS = {".br": brotli.decompress, ".gz": gzip.decompress}
CASES = sorted(path for path in (Path(__file__).parent / "sites").iterdir() if path.is_dir())


@pytest.mark.parametrize("mode", ["cold", "warm"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_output(case: Path, mode: str, tmp_path: Path, *, update_golden: bool) -> None:
    expected = case / "expected"
    site = SiteTest(tmp_path / "site").copy(case)
    shutil.rmtree(site.root / "expected", ignore_errors=True)
    site.encodings = None if case.name == ENCODED else ()
    site.built()
    if mode == "warm":
        shutil.rmtree(site.public)
        site.built()
    assert site.said() == ""
    if update_golden:
        shutil.rmtree(expected, ignore_errors=True)
        shutil.copytree(site.public, expected, ignore=shutil.ignore_patterns(*(f"*{one}" for one in DECODERS)))
    wanted = tree(expected)
    found = {path: body for path, body in site.tree().items() if Path(path).suffix not in DECODERS}
    forms = {path: body for path, body in site.tree().items() if path not in found}
    assert len(forms) > len(found) if case.name == ENCODED else not forms
    assert found.keys() == wanted.keys()
    for path, body in forms.items():
        assert DECODERS[Path(path).suffix](body) == wanted[path.rpartition(".")[0]], path
    for path, body in found.items():
        assert body.decode(errors="replace") == wanted[path].decode(errors="replace"), path
