"""A store before one that machines share: what came from there is verified, and losing it costs one warning."""

import contextlib
import multiprocessing
import os
import pickle
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ssg.build import Choices, encoding
from ssg.cache import LocalStore
from ssg.cache.remote import Remote, is_shared, place_of, shown, unwrap, wrap
from ssg.cache.shared import Link, SharedStore
from ssg.cache.store import Row
from ssg.digests import digest
from tests.cache.redis_server import bucket_server, client_of, free_port, redis_server, sleeping_server
from tests.conftest import fresh_folder
from tests.site_test import SiteTest

T = TypeVar("T")
PAGES = 90
CONFIG = '[site]\ntitle = "T"\nbase_url = "https://example.org/"\n[cache]\nremote = "{}"\nremote_timeout = "{}"\n'


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with redis_server("--requirepass", "s3cret") as url:
        yield url.replace("//", "//:s3cret@")


@pytest.fixture(params=["file", "redis"])
def remote(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "file":
        return f"file://{tmp_path}/remote"
    url: str = request.getfixturevalue("server")
    client_of(url).flushall()
    return url


def store_in(folder: Path, url: str, *, day: int = 100, seconds: float = 5) -> tuple[SharedStore, Link]:
    local = LocalStore(str(folder), day)
    link = Link(local, Remote(url, 30, seconds), multiprocessing.get_context("fork"))
    return SharedStore(local, link), link


def put(folder: Path, url: str, entries: Mapping[str, bytes], day: int = 100) -> Link:
    store, link = store_in(folder, url, day=day)
    store.put(entries.items())
    link.finish()
    return link


def machine(folder: Path, url: str, seconds: str = "5 s") -> SiteTest:
    """A site of pages that are the same on every machine."""
    site = SiteTest(folder).write("site.toml", CONFIG.format(url, seconds))
    for number in range(PAGES):
        site.write(f"content/posts/p{number}.md", f"---\ntitle: Page {number}\n---\n\n{'Some words. ' * 20}{number}\n")
    return site


def entries(remote: str) -> dict[str, bytes]:
    """Give what a shared store has by place."""
    if remote.startswith("file://"):
        folder = Path(remote.removeprefix("file://"))
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    client = client_of(remote)
    return {key.decode(): client.get(key) for key in client.scan_iter()}  # type: ignore[misc]


def overwrite(remote: str, place: str, value: bytes) -> None:
    if remote.startswith("file://"):
        Path(remote.removeprefix("file://"), place).write_bytes(value)
    else:
        client_of(remote).set(place, value)


ENTRIES = st.lists(
    st.one_of(
        st.binary(max_size=900).map(lambda body: (f"blob:{digest(body)}", body)),
        st.tuples(st.integers(0, 20).map(lambda number: f"parse:v:{number}"), st.binary(max_size=900)),
    )
).map(dict)


@settings(deadline=None, max_examples=15)
@given(ENTRIES)
def test_what_was_put_is_given_elsewhere(values: dict[str, bytes]) -> None:
    with fresh_folder() as folder:
        url = f"file://{folder}/remote"
        assert not put(folder / "a", url, values).refusal
        store, link = store_in(folder / "b", url)
        assert store.get([*values, "blob:missing"]) == values
        link.close()
        assert LocalStore(str(folder / "b")).get(list(values)) == values  # and is kept here


def test_large_values_travel(tmp_path: Path, remote: str) -> None:
    body = bytes(range(256)) * 8000 + multiprocessing.current_process().authkey * 20_000
    put(tmp_path / "a", remote, {"parse:v:1": body, "release:x": b"here alone"})
    store, link = store_in(tmp_path / "b", remote)
    assert store.get(["parse:v:1", "release:x"]) == {"parse:v:1": body}
    link.close()


@pytest.mark.parametrize("seen", [True, False])
def test_a_poisoned_entry_is_refused_and_mended(tmp_path: Path, remote: str, *, seen: bool) -> None:
    good = b"good" * 100
    name = f"blob:{digest(good)}"
    put(tmp_path / "a", remote, {name: good})
    bad = b"evil" * 100
    fake = wrap(Row(name, digest(bad), len(bad), 0, None), bad, 10_000) if seen else b"\x00" * 50
    overwrite(remote, place_of(name), fake)
    store, link = store_in(tmp_path / "b", remote)
    assert store.get([name]) == {}
    store.put([(name, good)])
    link.finish()
    assert link.damaged == 1
    store, link = store_in(tmp_path / "c", remote)
    assert store.get([name]) == {name: good}
    link.close()


def test_what_an_entry_says_of_itself_must_hold() -> None:
    body = b"x" * 500
    row = Row("parse:v:1", digest(body), len(body), 0, None)
    sealed = msgspec.msgpack.decode(wrap(row, body, 7))[5]
    assert unwrap("parse:v:1", wrap(row, sealed, 7)) is None  # not compressed, though as long as what is
    assert unwrap("parse:v:2", wrap(row._replace(size=2 << 40), body, 7)) is None
    small = Row("parse:v:1", digest(b"x"), 1, 0, None)
    assert unwrap("parse:v:1", wrap(small, b"x", 7)) == small._replace(sealed=b"x", day=7)
    assert unwrap("parse:v:2", wrap(small, b"x", 7)) is None


def test_entries_have_a_time_to_live(tmp_path: Path, server: str) -> None:
    client = client_of(server)
    client.flushall()
    put(tmp_path / "a", server, {"parse:v:1": b"1"})
    assert 29 * 86400 < client.ttl(place_of("parse:v:1")) <= 30 * 86400
    client.expire(place_of("parse:v:1"), 100)
    store, link = store_in(tmp_path / "b", server)
    assert store.get(["parse:v:1"]) == {"parse:v:1": b"1"}
    link.close()
    assert client.ttl(place_of("parse:v:1")) > 1000


def test_an_entry_whose_time_is_over_is_missing(tmp_path: Path, remote: str) -> None:
    put(tmp_path / "a", remote, {"parse:v:1": b"1"}, day=100)
    for folder, day, found in (("b", 130, {"parse:v:1": b"1"}), ("c", 131, {})):
        store, link = store_in(tmp_path / folder, remote, day=day)
        assert store.get(["parse:v:1"]) == found
        link.close()
        assert not link.damaged


def test_what_has_its_bytes_in_its_name_is_put_once(tmp_path: Path, server: str) -> None:
    body = b"y" * 900
    name = f"blob:{digest(body)}"
    put(tmp_path / "a", server, {name: body})
    client = client_of(server)
    client.config_resetstat()
    put(tmp_path / "b", server, {name: body})
    assert "cmdstat_set" not in client.info("commandstats")


@pytest.mark.parametrize("jobs", [1, 2])
def test_two_machines(tmp_path: Path, remote: str, jobs: int) -> None:
    first = machine(tmp_path / "first", remote).built(jobs=jobs)
    second = machine(tmp_path / "second", remote).built(jobs=jobs)
    assert first.last is not None
    assert second.last is not None
    assert len(first.rendered()) > PAGES
    assert not second.rendered()
    assert (second.last.tally.hits, second.last.tally.misses) == (first.last.tally.misses, 0)
    assert second.tree() == first.tree()
    assert not second.diagnostics
    second.write("content/posts/p3.md", "Another body.\n").built(jobs=jobs)
    assert "/posts/p3/" in second.rendered()
    clean = machine(tmp_path / "clean", "").write("content/posts/p3.md", "Another body.\n").built(Choices(cache=False))
    assert second.tree() == clean.tree()
    third = machine(tmp_path / "third", remote).write("content/posts/p3.md", "Another body.\n").built(jobs=jobs)
    assert not third.rendered()


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_one_machine_has_compressed(
    tmp_path: Path, remote: str, monkeypatch: pytest.MonkeyPatch, jobs: int
) -> None:
    first = machine(tmp_path / "first", remote).built(jobs=jobs)  # not compressed: the second has its pages from here
    second, third = (machine(tmp_path / name, remote) for name in ("second", "third"))
    second.encodings = third.encodings = ("gzip", "br")
    config = (second.root / "site.toml").read_text() + '[output]\nmin_size = "100 B"\n'
    second.write("site.toml", config).built(jobs=jobs)
    assert not second.rendered()
    forms = [path for path in second.tree() if path.endswith((".br", ".gz"))]
    assert len(forms) > PAGES

    def made(*_: object) -> None:
        pytest.fail("it was compressed before")

    monkeypatch.setattr(encoding, "_encode_chunk", made)
    third.write("site.toml", config).built(jobs=jobs)
    assert third.tree() == second.tree()
    assert third.tree().keys() - first.tree().keys() == set(forms)
    assert not third.diagnostics


def test_a_template_changes_on_the_second_machine(tmp_path: Path, remote: str) -> None:
    machine(tmp_path / "first", remote).built()
    second = machine(tmp_path / "second", remote)
    second.write("templates/page.html", "{{ page.content }}").built(jobs=2)
    assert len(second.rendered()) >= PAGES  # from bodies that the first machine parsed
    assert second.last is not None
    assert second.last.tally.hits >= PAGES
    clean = machine(tmp_path / "clean", "").write("templates/page.html", "{{ page.content }}").built()
    assert second.tree() == clean.tree()


def test_every_entry_is_poisoned(tmp_path: Path, remote: str) -> None:
    first = machine(tmp_path / "first", remote).built()
    for place, value in entries(remote).items():
        overwrite(remote, place, value[:-1] + bytes([value[-1] ^ 1]))
    second = machine(tmp_path / "second", remote).built(jobs=2)
    assert second.tree() == first.tree()
    [said] = second.diagnostics
    assert "entries that are not what was put there" in said.message
    assert str(said.where) == "site.toml:5"
    machine(tmp_path / "third", remote).built()  # which asks for all that the rows name, mended now
    fourth = machine(tmp_path / "fourth", remote).built()
    assert not fourth.rendered()
    assert not fourth.diagnostics


def test_what_others_are_named_by_is_lost(tmp_path: Path, remote: str) -> None:
    first = machine(tmp_path / "first", remote).built()
    for place in entries(remote):
        if "/blob/" in place:
            if remote.startswith("file://"):
                Path(remote.removeprefix("file://"), place).unlink()
            else:
                client_of(remote).delete(place)
    second = machine(tmp_path / "second", remote).built(jobs=2)
    assert second.tree() == first.tree()
    assert not second.diagnostics
    third = machine(tmp_path / "third", remote).built()
    assert not third.rendered()


def one_warning(site: SiteTest) -> str:
    [said] = site.diagnostics
    assert said.code == "cache"
    assert str(said.where) == "site.toml:5"
    return said.message


@pytest.mark.parametrize("jobs", [1, 2])
def test_down_from_the_start(tmp_path: Path, jobs: int) -> None:
    port = free_port()
    site = machine(tmp_path / "a", f"redis://user:s3cret@127.0.0.1:{port}/0").built(Choices(strict=True), jobs=jobs)
    said = one_warning(site)
    assert said.startswith(f"the shared cache redis://user:***@127.0.0.1:{port}/0 cannot be reached (")
    assert "s3cret" not in said
    assert not site.built(jobs=jobs).rendered()  # the local store has it all


def test_down_in_the_middle(tmp_path: Path) -> None:
    with redis_server() as url:
        store, link = store_in(tmp_path / "a", url)
        store.put([("parse:v:1", b"1")])
        assert store.get(["parse:v:2"]) == {}
    begin = time.monotonic()
    for number in range(50):
        assert store.get([f"parse:w:{number}"]) == {}
        store.put([(f"parse:w:{number}", b"1")])
    link.finish()
    assert link.refusal.startswith("cannot be reached")
    assert time.monotonic() - begin < 2
    assert store.get(["parse:v:1", "parse:w:1"]) == {"parse:v:1": b"1", "parse:w:1": b"1"}


@pytest.mark.parametrize("jobs", [1, 2])
def test_slow(tmp_path: Path, jobs: int) -> None:
    quick = machine(tmp_path / "quick", "")
    begin = time.monotonic()
    quick.built(jobs=jobs)
    usual = time.monotonic() - begin
    with sleeping_server() as url:
        begin = time.monotonic()
        site = machine(tmp_path / "a", url, "0.5 s").built(jobs=jobs)
        assert time.monotonic() - begin < 3 * usual + 1.5
    assert "does not answer in time" in one_warning(site)
    assert site.tree() == quick.tree()


def test_full(tmp_path: Path) -> None:
    with redis_server("--maxmemory", "1100kb", "--maxmemory-policy", "noeviction") as url:
        client = client_of(url)
        full = machine(tmp_path / "a", url).built()
        assert "is full" in one_warning(full)
        client.config_set("maxmemory", 0)
        second = machine(tmp_path / "b", url).built()
        assert not second.diagnostics
        assert second.tree() == full.tree()


def test_a_wrong_password(tmp_path: Path, server: str) -> None:
    site = machine(tmp_path / "a", server.replace("s3cret", "wr0ng")).built()
    assert "does not allow it" in one_warning(site)
    assert "wr0ng" not in site.said()


def test_the_password_may_be_in_the_environment(tmp_path: Path, server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDISCLI_AUTH", "s3cret")
    assert not machine(tmp_path / "a", server.replace(":s3cret@", "")).built().diagnostics


def test_a_folder_that_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    site = machine(tmp_path / "a", f"file://{tmp_path}/file").built()
    assert "cannot be used" in one_warning(site)


def test_a_bucket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with bucket_server() as (endpoint, objects, asked):
        for name, value in {
            "AWS_ACCESS_KEY_ID": "key",
            "AWS_SECRET_ACCESS_KEY": "very-secret",
            "AWS_ENDPOINT": endpoint,
            "AWS_ALLOW_HTTP": "true",
            "AWS_REGION": "eu-central-1",
        }.items():
            monkeypatch.setenv(name, value)
        first = machine(tmp_path / "first", "s3://bucket/docs").built()
        assert not first.diagnostics, first.said()
        assert all(path.startswith("/bucket/docs/ssg/1/") for path in objects)
        second = machine(tmp_path / "second", "s3://bucket/docs").built(jobs=2)
        assert not second.diagnostics
        assert not second.rendered()
        assert all("Credential=key/" in one for one in asked)
    down = machine(tmp_path / "third", "s3://bucket/docs", "1 s").built()
    assert "very-secret" not in one_warning(down)


def test_a_library_that_is_not_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "redis", None)
    monkeypatch.delitem(__import__("sys").modules, "ssg.cache.redis_client", raising=False)
    site = machine(tmp_path / "a", "redis://127.0.0.1:1/0").built()
    assert 'pip install "ssg[redis]"' in one_warning(site)


def test_what_is_of_one_machine_alone_stays() -> None:
    assert [key for key in ("release:x", "theme:x", "render-guards:v:0", "render-version") if is_shared(key)] == []
    assert all(map(is_shared, ("parse:v:1", "render:v:1", "blob:x", "files:x")))


@pytest.mark.parametrize(
    ("url", "as_shown"),
    [
        ("redis://:pass@host:6379/0", "redis://:***@host:6379/0"),
        ("rediss://user:p@ss@host/0?password=secret", "rediss://user:***@host/0"),
        ("s3://bucket/prefix", "s3://bucket/prefix"),
        ("file:///srv/cache", "file:///srv/cache"),
    ],
)
def test_a_password_is_not_shown(url: str, as_shown: str) -> None:
    assert shown(url) == as_shown


def test_a_build_that_is_killed_leaves_no_process(tmp_path: Path) -> None:
    with sleeping_server() as url:
        site = machine(tmp_path / "a", url, "60 s")
        command = [sys.executable, "-m", "ssg", "build", "--site", str(site.root)]
        with subprocess.Popen(command, start_new_session=True) as build:
            children = await_(lambda: processes(build.pid))
            assert children
            build.kill()
        site.write("site.toml", CONFIG.format("", "1 s"))
    await_(lambda: not processes(build.pid))
    assert not processes(build.pid)


def processes(session: int) -> list[int]:
    """Give the processes of a session, but for the one that leads it."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            if int(fields[3]) == session and int(stat.parent.name) != session and fields[0] != "Z":
                found.append(int(stat.parent.name))
    return found


def await_(condition: Callable[[], T]) -> T:
    """Wait until something holds, for ten seconds at the most."""
    for _ in range(200):
        if found := condition():
            return found
        time.sleep(0.05)
    return condition()


def test_where_processes_cannot_be_forked(tmp_path: Path) -> None:
    local = LocalStore(str(tmp_path / "a"), 100)
    url = f"file://{tmp_path}/remote"
    link = Link(local, Remote(url, 30, 30), multiprocessing.get_context("spawn"))
    store = SharedStore(local, link)
    store.put([("parse:v:1", b"1")])
    link.finish()
    assert not link.refusal
    assert entries(url).keys() == {place_of("parse:v:1")}
    assert pickle.loads(pickle.dumps(store)) == local  # noqa: S301 - what worker processes get


def test_a_process_that_asked_a_bucket_ends_in_peace() -> None:
    """Threads of the bucket's library that are still there at its end do not abort it."""
    lines = (
        "from ssg.cache.bucket_client import BucketClient",
        "from ssg.cache.remote import Refused, Remote",
        "try:",
        '    BucketClient(Remote("s3://bucket/x", 30, 2.0)).get(["a" * 32])',
        "except Refused:",
        "    pass",
    )
    told = {"AWS_ACCESS_KEY_ID": "K", "AWS_SECRET_ACCESS_KEY": "S", "AWS_ENDPOINT": "http://127.0.0.1:1"}
    given = {**os.environ, **told, "AWS_ALLOW_HTTP": "true"}
    for _ in range(8):
        ended = subprocess.run([sys.executable, "-c", "\n".join(lines)], env=given, capture_output=True, check=False)
        assert ended.returncode == 0, ended.stderr
