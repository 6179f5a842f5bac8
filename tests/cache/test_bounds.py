"""A store within bounds: what nobody uses goes, the oldest first, and no build is wrong for it."""

import os
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from ssg.cache import Bounds, LocalStore, trim
from ssg.cache.bounds import clear_store
from ssg.cli import main
from ssg.digests import digest
from tests.conftest import fresh_folder
from tests.site_test import NOW, SiteTest

ROOMY = 10**9
LARGE = os.urandom(400_000)


def days(folder: Path) -> dict[str, int]:
    with sqlite3.connect(folder / "store.sqlite") as database:
        found = dict(database.execute("SELECT key, day FROM kept"))
    database.close()
    return found


def disk(folder: Path) -> int:
    """Give the bytes of a folder's files, without what SQLite has to say between processes."""
    files = [path for path in folder.rglob("*") if path.is_file() and not path.name.endswith(("-wal", "-shm"))]
    return sum(path.stat().st_size for path in files)


def test_what_nobody_used_for_long_goes(tmp_path: Path) -> None:
    LocalStore(str(tmp_path), 100).put([("old", b"1"), ("used", b"2")])
    store = LocalStore(str(tmp_path), 120)
    assert store.get(["used"])
    store.put([("new", b"3")])
    trim(store, Bounds(ROOMY, 10))
    assert days(tmp_path) == {"used": 120, "new": 120}


def test_using_an_entry_is_written_down_once_a_week(tmp_path: Path) -> None:
    LocalStore(str(tmp_path), 100).put([("a", b"1"), ("b", b"2"), ("c", b"3")])
    LocalStore(str(tmp_path), 107).get(["a"])
    LocalStore(str(tmp_path), 107).renew(["b", "missing"])
    assert days(tmp_path) == {"a": 100, "b": 100, "c": 100}
    LocalStore(str(tmp_path), 108).get(["a"])
    LocalStore(str(tmp_path), 108).renew(["b", "missing"])
    assert days(tmp_path) == {"a": 108, "b": 108, "c": 100}


@settings(deadline=None, max_examples=20)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 60_000)), min_size=1, max_size=40), st.integers(5, 60))
def test_a_store_is_no_larger_than_it_may_be(written: list[tuple[int, int]], bound: int) -> None:
    with fresh_folder() as folder:
        for number, (day, size) in enumerate(written):
            LocalStore(str(folder), day).put([(str(number), os.urandom(size))])
        store = LocalStore(str(folder), 9)
        trim(store, Bounds(bound * 10_000, 30))
        assert disk(folder) <= bound * 10_000
        kept = days(folder)
        order = sorted(range(len(written)), key=lambda number: (written[number][0], number))
        assert [str(number) for number in order][len(written) - len(kept) :] == sorted(
            kept, key=lambda k: order.index(int(k))
        )


def test_files_of_large_values_go_with_their_entries(tmp_path: Path) -> None:
    store = LocalStore(str(tmp_path), 100)
    store.put([("a", LARGE), (f"blob:{digest(LARGE * 2)}", LARGE * 2)])
    orphan = tmp_path / "large" / "ab" / "abc.123"
    orphan.parent.mkdir(exist_ok=True)
    orphan.write_bytes(b"of a build that was killed")
    for path in (tmp_path / "large").glob("*/*"):
        os.utime(path, (0, 0))
    later = LocalStore(str(tmp_path), 200)
    later.put([("a", LARGE)])
    trim(later, Bounds(ROOMY, 30))
    [file] = [path for path in (tmp_path / "large").rglob("*") if path.is_file()]
    assert later.get(["a"]) == {"a": LARGE}
    assert file.name == digest(LARGE)


def test_a_file_that_another_build_has_just_written_stays(tmp_path: Path) -> None:
    LocalStore(str(tmp_path), 1).put([("old", b"1")])
    fresh = tmp_path / "large" / "ab" / "abc"
    fresh.parent.mkdir(parents=True)
    fresh.write_bytes(b"its entry comes next")
    trim(LocalStore(str(tmp_path), 100), Bounds(ROOMY, 30))
    assert fresh.exists()
    assert days(tmp_path) == {}


def test_the_file_shrinks(tmp_path: Path) -> None:
    LocalStore(str(tmp_path), 1).put([(str(number), os.urandom(50_000)) for number in range(100)])
    store = LocalStore(str(tmp_path), 100)
    store.put([("a", b"1")])
    trim(store, Bounds(ROOMY, 30))
    assert disk(tmp_path) < 200_000


def test_a_store_of_the_format_before_shrinks_too(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "store.sqlite") as database:
        database.execute("CREATE TABLE kept (other TEXT)")
    database.close()
    test_the_file_shrinks(tmp_path)


def test_a_build_whose_results_go_meanwhile(site: SiteTest) -> None:
    for number in range(60):
        site.write(f"content/p{number}.md", f"# Page {number}\n")
    expected = site.built().tree()
    store = LocalStore(str(site.root / ".ssg"), 10**7)
    trim(store, Bounds(ROOMY, 1))
    assert days(site.root / ".ssg") == {}
    (site.public / "p1/index.html").unlink()
    assert site.built().tree() == expected
    assert not site.diagnostics


def test_what_every_build_names_stays(site: SiteTest) -> None:
    for number in range(60):
        site.write(f"content/p{number}.md", f"# Page {number}\n")
    site.built()
    for week in range(1, 12):
        site.write("content/p1.md", f"# Page in week {week}\n").built(now=NOW + timedelta(weeks=week))
        assert len(site.rendered()) < 10
    kept = days(site.root / ".ssg")
    assert min(kept.values()) >= (NOW + timedelta(weeks=11)).toordinal() - 30 - 7
    site.write("templates/page.html", "{{ page.content }}").built(now=NOW + timedelta(weeks=12))
    assert len(site.rendered()) >= 60
    assert not site.diagnostics  # bodies that were not read for months are there


def test_the_bounds_of_a_site(site: SiteTest) -> None:
    site.write("site.toml", '[cache]\nmax_size = "300 kB"\n')
    for number in range(60):
        site.write(f"content/p{number}.md", f"# Page {number}\n\n{os.urandom(5000).hex()}\n")
    site.built()
    first = site.tree()
    assert disk(site.root / ".ssg") < 600_000
    assert site.write("content/p1.md", "# Other\n").built().tree() != first
    assert site.write("content/p1.md", (site.root / "content/p1.md").read_bytes()).built().tree().keys() == first.keys()


def test_clean_cache(site: SiteTest) -> None:
    site.write("content/a.md", "# A\n").built()
    before = site.tree()
    done = CliRunner().invoke(main, ["clean", "--cache", "--site", str(site.root)])
    assert done.output == f"{site.root}/.ssg: emptied\n"
    assert days(site.root / ".ssg") == {}
    assert not (site.root / ".ssg/stamps.msgpack").exists()
    assert site.built().tree() == before
    assert "/a/" in site.rendered()
    assert site.report is not None
    assert site.report.written == 0
    assert CliRunner().invoke(main, ["clean", "--site", str(site.root)]).exit_code == 0


def test_clean_cache_where_there_is_none(site: SiteTest) -> None:
    done = CliRunner().invoke(main, ["clean", "--cache", "--site", str(site.root)])
    assert done.output == f"{site.root}/.ssg: nothing was remembered\n"
    assert not clear_store(str(site.root / "nowhere"))


@pytest.mark.parametrize("damage", [b"", b"no database" * 1000])
def test_clean_cache_of_a_damaged_store(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / "store.sqlite").write_bytes(damage)
    assert clear_store(str(tmp_path))
    store = LocalStore(str(tmp_path))
    store.put([("a", b"1")])
    assert store.get(["a"]) == {"a": b"1"}
