"""What a deploy asks of any place: again after a while, a few at a time, under a condition, whole or not at all."""

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.deploy.folder import Folder
from ssg.deploy.headers import stored
from ssg.deploy.remote import (
    Conflict,
    Create,
    Listed,
    Missing,
    Pauses,
    RemoteError,
    Replace,
    Retrying,
    Transient,
    together,
)
from tests.deploy.memory import Memory


class Slow:
    """Notes for how long it was asked to sleep."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.slept.append(seconds)


@given(st.integers(0, 12), st.integers(1, 8), st.integers(0, 3))
def test_a_request_is_tried_so_often_with_pauses_that_grow(failures: int, attempts: int, seed: int) -> None:
    def asked() -> tuple[int, list[float]]:
        slow, calls = Slow(), 0

        async def call() -> int:
            nonlocal calls
            calls += 1
            if calls <= failures:
                raise Transient("busy")
            return calls

        pauses = Pauses(slow, seed, attempts)
        if failures < attempts:
            assert asyncio.run(pauses.retried("x", call)) == failures + 1
        else:
            with pytest.raises(Transient):
                asyncio.run(pauses.retried("x", call))
        return calls, slow.slept

    calls, slept = asked()
    assert calls == min(failures + 1, attempts)
    assert len(slept) == calls - 1
    assert all(0 <= pause <= min(8.0, 0.25 * 2 ** (number + 1)) for number, pause in enumerate(slept))
    assert asked() == (calls, slept)


def test_what_will_not_succeed_is_not_tried_again() -> None:
    slow = Slow()

    async def call() -> None:
        raise RemoteError("no")

    with pytest.raises(RemoteError, match="no"):
        asyncio.run(Pauses(slow).retried("x", call))
    assert not slow.slept


def test_an_upload_that_had_arrived_is_no_conflict() -> None:
    class Drops(Memory):
        async def write(self, key: str, body: bytes, headers: Mapping[str, str], how: Create | Replace) -> str:
            first = key not in self.objects
            etag = await super().write(key, body, headers, how)
            if first:
                raise Transient("the connection broke")
            return etag

    remote = Retrying(Drops(), Pauses(Slow()))
    etag = asyncio.run(remote.write("a", b"1", {}, Create()))
    assert etag == asyncio.run(remote.read("a")).etag
    with pytest.raises(Conflict):
        asyncio.run(remote.write("a", b"2", {}, Create()))


@given(st.lists(st.booleans(), max_size=30), st.integers(1, 8))
def test_jobs_are_done_together_until_one_fails(good: list[bool], at_once: int) -> None:
    running, most, begun = 0, 0, 0

    async def job(*, succeeds: bool) -> None:
        nonlocal running, most, begun
        begun += 1
        running += 1
        most = max(most, running)
        await asyncio.sleep(0)
        running -= 1
        if not succeeds:
            raise RemoteError("no")

    jobs = [lambda one=one: job(succeeds=one) for one in good]
    if all(good):
        asyncio.run(together(jobs, at_once))
        assert begun == len(good)
    else:
        with pytest.raises(RemoteError):
            asyncio.run(together(jobs, at_once))
        assert begun <= good.index(False) + 2 * at_once
    assert running == 0
    assert most <= at_once


def test_a_folder_keeps_conditions(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "www")

    async def work() -> None:
        with pytest.raises(Missing):
            await folder.read("a/b")
        first = await folder.write("a/b", b"1", {}, Create())
        with pytest.raises(Conflict):
            await folder.write("a/b", b"2", {}, Create())
        second = await folder.write("a/b", b"2", {}, Replace(first))
        with pytest.raises(Conflict):
            await folder.write("a/b", b"3", {}, Replace(first))
        assert (await folder.read("a/b")).etag == second
        assert await folder.listing() == {"a/b": Listed(1, second)}
        await folder.copy("a/b", "c/d")
        await folder.remove("a/b")
        await folder.remove("a/b")
        assert (await folder.read("c/d")).body == b"2"

    asyncio.run(work())
    assert sorted(file.name for file in (tmp_path / "www").iterdir()) == [".ssg", "c"]


def test_what_a_killed_process_was_writing_is_removed_and_what_others_write_stays(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        ended.wait()
    host = socket.gethostname()
    names = [f"new-{host}-{ended.pid}-a", f"new-{host}-{os.getppid()}-b", f"new-elsewhere-{ended.pid}-c", "new-d"]
    (tmp_path / ".ssg").mkdir()
    for name in names:
        (tmp_path / ".ssg" / name).write_bytes(b"half")
    folder = Folder(tmp_path)
    assert asyncio.run(folder.listing()) == {}
    asyncio.run(folder.write("index.html", b"1", {}, Replace()))
    assert sorted(file.name for file in (tmp_path / ".ssg").iterdir()) == sorted(names[1:])


def test_a_file_gives_way_to_a_folder_and_a_folder_does_not(tmp_path: Path) -> None:
    folder = Folder(tmp_path)

    async def work() -> None:
        await folder.write("a", b"1", {}, Replace())
        await folder.write("a/index.html", b"2", {}, Replace())
        with pytest.raises(RemoteError, match="is a folder, and a file must go there"):
            await folder.write("a", b"3", {}, Replace())

    asyncio.run(work())
    assert (tmp_path / "a/index.html").read_bytes() == b"2"


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(RemoteError, match="the folder cannot be used"):
        asyncio.run(Folder(tmp_path / "file" / "www").write("a", b"1", {}, Replace()))


def test_a_bucket_keeps_few_headers() -> None:
    given = {"content-type": "text/css", "X-Frame-Options": "DENY", "Cache-Control": "no-store"}
    assert list(stored(given).items()) == [("Cache-Control", "no-store"), ("Content-Type", "text/css")]
