"""The output folder: whole or as it was, nothing touched without need, nothing of others removed."""

import errno
from pathlib import Path

import pytest

from ssg.output import write as writing
from ssg.output.clean import clean
from ssg.output.record import Entry, save_record
from tests.site_test import SiteTest, tree


def test_unchanged_files_are_not_touched(site: SiteTest) -> None:
    site.write("content/a.md", "# A\n").write("content/b.md", "# B\n").write("static/x.bin", b"\0" * 100).built()
    assert site.report is not None
    before = {file: file.stat().st_mtime_ns for file in site.public.rglob("*") if file.is_file()}
    assert site.report.written == len(before)
    site.write("content/a.md", "# A\n\nMore.\n").built()
    after = {file: file.stat().st_mtime_ns for file in site.public.rglob("*") if file.is_file()}
    assert [file for file in after if after[file] != before[file]] == [site.public / "a/index.html"]
    assert (site.report.written, site.report.removed) == (1, 0)


def test_without_a_record_the_same_bytes_are_still_not_touched(site: SiteTest) -> None:
    site.write("content/a.md", "# A\n").built()
    before = {file: file.stat().st_mtime_ns for file in site.public.rglob("*")}
    for file in (site.root / ".ssg" / "written").iterdir():
        file.unlink()
    site.built()
    assert {
        file: file.stat().st_mtime_ns for file in site.public.rglob("*") if file.is_file()
    }.items() <= before.items()
    assert site.report is not None
    assert site.report.written == 0


def test_a_file_that_was_changed_or_removed_is_written_again(site: SiteTest) -> None:
    site.write("content/a.md", "# A\n").write("content/b.md", "# B\n").built()
    good = site.tree()
    (site.public / "a/index.html").write_text("tampered")
    (site.public / "b/index.html").unlink()
    site.built()
    assert site.tree() == good


def test_stale_files_go_and_others_stay(site: SiteTest) -> None:
    site.write("content/a/b.md", "# B\n").write("content/c.md", "# C\n").built()
    (site.public / "own.txt").write_text("mine")
    (site.public / "a/b/own.txt").write_text("mine")
    site.remove("content/a/b.md").built()
    assert (site.public / "own.txt").read_text() == "mine"
    assert {path for path in site.tree() if path.startswith("a/")} == {"a/b/own.txt"}
    (site.public / "a/b/own.txt").unlink()
    site.remove("content/c.md").write("content/d.md", "# D\n").built()
    assert not (site.public / "c").exists()


def test_new_files_join_folders_that_are_there(site: SiteTest) -> None:
    site.write("content/a/b.md", "# B\n").write("public/a/own.txt", "mine").built()
    site.write("content/a/c.md", "# C\n").write("content/a/d/e.md", "# E\n").built()
    assert {"a/own.txt", "a/b/index.html", "a/c/index.html", "a/d/e/index.html"} <= site.tree().keys()
    assert (site.public / "a/own.txt").read_text() == "mine"
    assert not (site.public / writing.STAGING).exists()


def test_a_file_becomes_a_folder_and_back(site: SiteTest) -> None:
    site.write("content/_index.md", "").write("static/a", "file").built()
    assert site.tree()["a"] == b"file"
    site.remove("static/a").write("content/a.md", "# A\n").built()
    assert "a/index.html" in site.tree()
    site.remove("content/a.md").write("static/a", "file").built()
    assert site.tree()["a"] == b"file"


@pytest.mark.parametrize("obstacle", ["a", "a/index.html/x"])
def test_what_is_not_ours_is_not_overwritten_by_a_folder(site: SiteTest, obstacle: str) -> None:
    site.write("content/a.md", "# A\n").write(f"public/{obstacle}", "mine").build()
    assert site.failed is not None
    assert "stands in the way" in site.said()
    assert tree(site.public) == {obstacle: b"mine"}


def test_a_full_disk_leaves_the_folder_as_it_was(site: SiteTest, monkeypatch: pytest.MonkeyPatch) -> None:
    site.write("content/a.md", "# A\n").write("content/b.md", "# B\n").built()
    before = site.tree()
    real = writing._stage
    calls = 0

    def full(*arguments: object) -> object:
        nonlocal calls
        calls += 1
        if calls > 1:
            raise OSError(errno.ENOSPC, "No space left on device", "public")
        return real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(writing, "_stage", full)
    site.write("content/a.md", "# A\n\nMore.\n").write("content/b.md", "# B\n\nMore.\n").build()
    assert site.failed is not None
    assert "no space left on device" in site.said()
    assert {path: body for path, body in site.tree().items() if not path.startswith(writing.STAGING)} == before
    monkeypatch.undo()
    site.built()
    assert not any(path.startswith(writing.STAGING) for path in site.tree())
    assert "More." in site.text("a/index.html")


def test_a_build_that_was_killed_leaves_nothing_that_stays(site: SiteTest, monkeypatch: pytest.MonkeyPatch) -> None:
    site.write("content/a.md", "# A\n").write("content/b.md", "# B\n").built()

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(writing, "save_record", killed)
    site.write("content/c.md", "# C\n")
    with pytest.raises(KeyboardInterrupt):
        site.build()
    monkeypatch.undo()

    real = save_record
    saved = 0

    def killed_later(root: str, folder: str, record: dict[str, Entry]) -> None:
        nonlocal saved
        saved += 1
        if saved > 1:  # files are in place, and the record does not say so yet
            raise KeyboardInterrupt
        real(root, folder, record)

    monkeypatch.setattr(writing, "save_record", killed_later)
    with pytest.raises(KeyboardInterrupt):
        site.build()
    monkeypatch.undo()
    assert (site.public / "c/index.html").exists()
    site.remove("content/c.md").built()
    assert not (site.public / "c").exists()


def test_large_files_are_copied_in_pieces(site: SiteTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "_LARGE", 10)
    site.write("content/_index.md", "").write("static/big.bin", b"0123456789abcdef").built()
    assert site.tree()["big.bin"] == b"0123456789abcdef"
    site.write("static/big.bin", b"0123456789abcdeX").built()
    assert site.tree()["big.bin"] == b"0123456789abcdeX"
    for file in (site.root / ".ssg" / "written").iterdir():
        file.unlink()
    changed = (site.public / "big.bin").stat().st_mtime_ns
    site.built()
    assert (site.public / "big.bin").stat().st_mtime_ns == changed


def test_clean_removes_what_was_written_alone(site: SiteTest) -> None:
    site.write("content/a.md", "# A\n").built()
    (site.public / "own.txt").write_text("mine")
    written = len(site.tree()) - 1
    assert clean(str(site.root), str(site.public)) == written
    assert site.tree() == {"own.txt": b"mine"}
    (site.public / "own.txt").unlink()
    site.built()
    clean(str(site.root), str(site.public))
    assert not site.public.exists()
    assert clean(str(site.root), str(site.public)) == 0


def test_a_damaged_record_is_as_none(site: SiteTest) -> None:
    site.write("content/a.md", "# A\n").built()
    [record] = (site.root / ".ssg" / "written").glob("*.msgpack")
    record.write_bytes(b"\xff\xff")
    site.write("content/a.md", "# B\n").built()
    assert "<h1 id=b>" in site.text("a/index.html")
    assert Path(record).stat().st_size > 2
