"""The store: whole entries or none, whatever happens to its files."""

import multiprocessing
import os
import signal
import sqlite3
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.cache import LocalStore, Memo, NullStore, Stamps, load_stamps
from ssg.cache.memo import Item
from ssg.digests import digest
from ssg.model import Stamp
from tests.conftest import fresh_folder

LARGE = os.urandom(400_000)


@given(st.dictionaries(st.text(min_size=1, max_size=20), st.binary(max_size=2000)))
def test_what_was_put_is_given(entries: dict[str, bytes]) -> None:
    with fresh_folder() as folder:
        store = LocalStore(str(folder))
        store.put(entries.items())
        assert store.get([*entries, "missing"]) == entries
        assert not store.tally().damaged


def test_large_values_lie_in_files_of_their_own(tmp_path: Path) -> None:
    store = LocalStore(str(tmp_path))
    store.put([("a", LARGE), ("b", b"x" * 1_000_000)])
    assert store.get(["a", "b"]) == {"a": LARGE, "b": b"x" * 1_000_000}
    assert (tmp_path / "store.sqlite").stat().st_size < 100_000
    [file] = [file for file in (tmp_path / "large").rglob("*") if file.is_file()]
    file.write_bytes(b"damaged")
    assert store.get(["a", "b"]).keys() == {"b"}
    assert store.tally().damaged == 1
    assert store.tally().damaged == 0


def test_a_damaged_entry_is_missing(tmp_path: Path) -> None:
    store = LocalStore(str(tmp_path))
    store.put([("a", b"a" * 900), ("b", b"short"), ("c", b"c" * 900)])
    with sqlite3.connect(tmp_path / "store.sqlite") as database:
        database.execute("UPDATE kept SET value = x'00' WHERE key = 'a'")
        database.execute("UPDATE kept SET value = x'01' WHERE key = 'b'")
    database.close()
    assert store.get(["a", "b", "c"]).keys() == {"c"}
    assert store.tally().damaged == 2


@pytest.mark.parametrize("bytes_", [b"", b"no database at all" * 100])
def test_a_file_that_is_no_database_is_begun_anew(tmp_path: Path, bytes_: bytes) -> None:
    (tmp_path / "store.sqlite").write_bytes(bytes_)
    store = LocalStore(str(tmp_path))
    store.put([("a", b"1")])
    assert store.get(["a"]) == {"a": b"1"}


def test_where_nothing_can_be_kept_nothing_is(tmp_path: Path) -> None:
    (tmp_path / "folder").write_text("a file")
    store = LocalStore(str(tmp_path / "folder"))
    store.put([("a", b"1")])
    assert store.get(["a"]) == {}


def test_the_format_of_an_earlier_version_is_emptied(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "store.sqlite") as database:
        database.execute("CREATE TABLE results (key TEXT PRIMARY KEY, digest TEXT, value BLOB)")
        database.execute("CREATE TABLE kept (other TEXT)")
    database.close()
    store = LocalStore(str(tmp_path))
    store.put([("a", b"1")])
    assert store.get(["a"]) == {"a": b"1"}


def _write(folder: str, first: int) -> None:
    store = LocalStore(folder)
    for number in range(first, first + 200):
        store.put([(f"{number}-{part}", bytes([number % 256]) * 3000) for part in range(3)])


def test_two_processes_write_at_once(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    writers = [context.Process(target=_write, args=(str(tmp_path), first)) for first in (0, 1000)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
        assert writer.exitcode == 0
    store = LocalStore(str(tmp_path))
    keys = [f"{number}-{part}" for first in (0, 1000) for number in range(first, first + 200) for part in range(3)]
    assert store.get(keys).keys() == set(keys)


def test_a_killed_process_leaves_whole_transactions(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    for round_ in range(5):
        writer = context.Process(target=_write, args=(str(tmp_path), 1000 * round_))
        writer.start()
        time.sleep(0.02 * (round_ + 1))
        assert writer.pid is not None
        os.kill(writer.pid, signal.SIGKILL)
        writer.join()
        store = LocalStore(str(tmp_path))
        for number in range(1000 * round_, 1000 * round_ + 200):
            found = store.get([f"{number}-{part}" for part in range(3)])
            assert len(found) in {0, 3}
    assert not store.tally().damaged


def test_a_memo_keeps_results_of_items_that_are_gone_for_a_while(tmp_path: Path) -> None:
    memo = Memo("stage", "v", LocalStore(str(tmp_path)), str)
    items = [Item(str(number), "k") for number in range(30)]
    memo.keep(0, items, {item.name: item.name for item in items})
    memo.keep(0, items[:1], {"0": "new"})
    again = memo.look_up({0: items})[0]
    assert again.found["0"] == "new"
    assert len(again.found) == 1 + 17  # those that are current, as many that are gone, and a few
    assert memo.look_up({0: [Item("0", "other")]})[0].missing == [Item("0", "other")]


def test_a_result_of_another_form_is_missing(tmp_path: Path) -> None:
    store = LocalStore(str(tmp_path))
    Memo("stage", "v", store, int).keep(0, [Item("a", "k")], {"a": 1})
    assert Memo("stage", "v", store, str).look_up({0: [Item("a", "k")]})[0].missing == [Item("a", "k")]


def test_nothing_is_kept_without_a_store() -> None:
    memo = Memo("stage", "v", NullStore(), str)
    memo.keep(0, [Item("a", "k")], {"a": "x"})
    assert memo.look_up({0: [Item("a", "k")]})[0].found == {}


def stamp(file: Path) -> Stamp:
    found = file.stat()
    return Stamp(found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino)


def test_a_file_that_has_just_changed_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"1")
    began = load_stamps(str(tmp_path))
    began.learn({"a": (stamp(file), digest(b"1"))}).save(began)
    assert load_stamps(str(tmp_path)).digest("a", stamp(file)) == ""  # it may change again within a tick of the clock
    later = Stamps(str(tmp_path), {}, began.began + 3_000_000_000)
    later.learn({"a": (stamp(file), digest(b"1")), "b": (None, "")}).save(later)
    known = load_stamps(str(tmp_path))
    assert known.digest("a", stamp(file)) == digest(b"1")
    file.write_bytes(b"22")
    assert known.digest("a", stamp(file)) == ""
    assert known.digest("b", None) == ""


def test_stamps_that_cannot_be_read_are_none(tmp_path: Path) -> None:
    (tmp_path / ".ssg").mkdir()
    (tmp_path / ".ssg" / "stamps.msgpack").write_bytes(b"\xc1")
    assert load_stamps(str(tmp_path)).known == {}
