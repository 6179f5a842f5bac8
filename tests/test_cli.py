"""The commands, as a user runs them."""

import contextlib
import json
import os
import pty
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.site_test import SiteTest, tree

ROOT = Path(__file__).parent.parent


def ssg(
    *arguments: str, cwd: Path, code: int = 0, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "ssg", *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | dict(environment or {}),
    )
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    ssg("init", "demo", cwd=tmp_path)
    return tmp_path / "demo"


def test_init_then_build(demo: Path) -> None:
    done = ssg("build", cwd=demo)
    assert done.stderr == ""
    first, second, third = done.stdout.splitlines()
    assert first.startswith("public: 6 pages, 26 files, ")
    assert first.endswith(" s")
    assert second == "26 written, 0 unchanged, 0 removed; 0 warnings"
    assert re.fullmatch(r"6 pages weighed in br \(brotli [0-9.]+, zlib [0-9.]+\): all within budget", third)
    assert "public/posts/hello/index.html" in {f"public/{path}" for path in tree(demo / "public")}
    assert ssg("build", cwd=demo).stdout.splitlines()[1] == "0 written, 26 unchanged, 0 removed; 0 warnings"


def test_init_writes_over_nothing(demo: Path) -> None:
    done = ssg("init", "demo", cwd=demo.parent, code=2)
    assert done.stderr.splitlines()[0] == "demo: is not an empty folder; name a new one"


def test_json_says_the_same_and_nothing_else(demo: Path) -> None:
    (demo / "content/bad.md").write_text("[x](gone.md)\n")
    done = ssg("build", "--json", cwd=demo)
    facts = json.loads(done.stdout)
    assert done.stderr == ""
    assert facts["ok"] is True
    assert (facts["pages"], facts["files"], facts["written"]) == (7, 29, 29)
    files = tree(demo / "public")
    plain = {path: len(body) for path, body in files.items() if not path.endswith((".br", ".gz"))}
    assert facts["bytes"] == sum(plain.values())
    for encoding, ending in (("br", ".br"), ("gzip", ".gz")):
        sent = (len(files.get(f"{path}{ending}", b"")) or size for path, size in plain.items())
        assert facts["encodings"][encoding] == sum(sent)
    assert facts["errors"] == []
    [warning] = facts["warnings"]
    assert (warning["path"], warning["line"], warning["code"]) == ("content/bad.md", 1, "link")
    failed = json.loads(ssg("build", "--json", "--strict", cwd=demo, code=1).stdout)
    assert failed["ok"] is False
    assert [one["code"] for one in failed["errors"]] == ["link"]


def test_exit_codes(demo: Path) -> None:
    (demo / "content/bad.md").write_text("---\ntitle: a: b\n---\n")
    assert "1 error; nothing was written" in ssg("build", cwd=demo, code=1).stderr
    ssg("build", "--no-such-option", cwd=demo, code=2)
    ssg("build", "--jobs", "0", cwd=demo, code=2)
    ssg("build", "--site", "nowhere", cwd=demo, code=2)
    (demo / "site.toml").write_text("[sites]\n")
    ssg("build", cwd=demo, code=2)


def test_options_win_over_variables_and_variables_over_the_file(demo: Path) -> None:
    def canonical(*options: str, **environment: str) -> bool:
        ssg("build", *options, cwd=demo, environment=environment)
        return "https://option.example/posts/" in (demo / "public/posts/index.html").read_text()

    assert not canonical()
    assert not canonical(SSG_BASE_URL="https://variable.example/")
    assert "https://variable.example/posts/" in (demo / "public/posts/index.html").read_text()
    assert canonical("--base-url", "https://option.example/", SSG_BASE_URL="https://variable.example/")


def test_output_is_named_from_where_the_command_runs(demo: Path) -> None:
    ssg("build", "--site", "demo", "--output", "out", cwd=demo.parent)
    assert (demo.parent / "out/index.html").is_file()
    assert not (demo / "public").exists()
    ssg("build", "--site", "demo", "--output", "demo/content/x", cwd=demo.parent, code=2)
    ssg("build", "--site", "demo", "--output", ".", cwd=demo.parent, code=2)


def test_new_pages(demo: Path) -> None:
    assert ssg("new", "posts/second-post", cwd=demo, environment={"SOURCE_DATE_EPOCH": "1767225600"}).stdout == (
        "wrote content/posts/second-post.md\n"
    )
    text = (demo / "content/posts/second-post.md").read_text()
    assert text == "---\ntitle: Second post\ndate: 2026-01-01\ndraft: true\n---\n\n"
    ssg("new", "posts/second-post.md", cwd=demo, code=2)
    (demo / "archetypes").mkdir()
    (demo / "archetypes/posts.md").write_text("---\ntitle: $title ($date)\nprice: $5\n---\n")
    ssg("new", "content/posts/2026-02-03-third.md", cwd=demo, environment={"SOURCE_DATE_EPOCH": "1767225600"})
    text = (demo / "content/posts/2026-02-03-third.md").read_text()
    assert text == "---\ntitle: Third (2026-02-03)\nprice: $5\n---\n"
    with (demo / "site.toml").open("a") as config:
        config.write("\n[languages.fr]\n")
    ssg("new", "posts/bon-jour.fr.md", cwd=demo)
    assert "title: Bon jour (" in (demo / "content/posts/bon-jour.fr.md").read_text()
    ssg("build", "--drafts", "--strict", cwd=demo)


def test_new_pages_are_dated_by_their_name_and_titles_are_quoted(demo: Path) -> None:
    ssg("new", "posts/2025-05-06-a: b", cwd=demo)
    text = (demo / "content/posts/2025-05-06-a: b.md").read_text()
    assert text == '---\ntitle: "A: b"\ndate: 2025-05-06\ndraft: true\n---\n\n'
    ssg("build", "--drafts", "--strict", cwd=demo)


@pytest.mark.parametrize("path", [".", "", "posts/", "..", "../x.md", "/x.md"])
def test_what_no_new_page_can_be(demo: Path, path: str) -> None:
    assert "name a file below content/" in ssg("new", path, cwd=demo, code=2).stderr


def test_any_name_begins_a_site(tmp_path: Path) -> None:
    for name in ('b"q', "a: b", "ünï [x]", "100%"):
        ssg("init", name, cwd=tmp_path)
        ssg("build", "--strict", cwd=tmp_path / name)


def test_clean(demo: Path) -> None:
    ssg("build", cwd=demo)
    (demo / "public/own.txt").write_text("mine")
    assert ssg("clean", cwd=demo).stdout == "public: removed 26 files\n"
    assert tree(demo / "public") == {"own.txt": b"mine"}


def test_no_cache_neither_reads_nor_writes_the_store(demo: Path) -> None:
    ssg("build", "--no-cache", cwd=demo)
    assert not (demo / ".ssg/store.sqlite").exists()
    ssg("build", cwd=demo)
    assert (demo / ".ssg/store.sqlite").exists()


def test_a_damaged_store_only_slows(demo: Path) -> None:
    ssg("build", cwd=demo)
    good = tree(demo / "public")
    (demo / ".ssg/store.sqlite").write_bytes(b"not a database" * 100)
    ssg("build", cwd=demo)
    ssg("build", cwd=demo)
    assert tree(demo / "public") == good


def test_files_that_may_not_be_read_or_written_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a user without rights, even where the tests run as root."""
    if os.geteuid() != 0:
        pytest.skip("only root can become another user")
    with tempfile.TemporaryDirectory(prefix="ssg-test-") as folder:
        site = SiteTest(Path(folder, "site")).write("site.toml", "").write("content/closed.md", "# A\n")
        Path(folder).chmod(0o755)
        (site.root / "content/closed.md").chmod(0)
        Path(folder, "tmp").mkdir()
        Path(folder, "tmp").chmod(0o777)
        site.build()  # loads what a user without rights could not: the library may lie in root's folder
        shutil.rmtree(site.root / ".ssg")
        os.seteuid(65534)
        try:
            monkeypatch.setattr(tempfile, "tempdir", str(site.root))
            nowhere_to_rest = site.build().said()
            monkeypatch.setattr(tempfile, "tempdir", str(Path(folder, "tmp")))
            closed = site.build().said()
            os.seteuid(0)
            (site.root / "content/closed.md").chmod(0o644)
            os.seteuid(65534)
            unwritable = site.build().said()
        finally:
            os.seteuid(0)
    assert "cannot be used: permission denied; free space or permission is needed" in nowhere_to_rest
    assert "content/closed.md: cannot be read: permission denied; make it readable" in closed
    assert "cannot be written: permission denied; free space or permission is needed" in unwritable


def test_the_wheel_builds_a_site_in_an_empty_environment(tmp_path: Path) -> None:
    """The wheel alone, without the checkout: its theme travels inside."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path / "dist")],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    [wheel] = (tmp_path / "dist").iterdir()
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "installed")
        names = set(archive.namelist())
    assert {"ssg/py.typed", "ssg/themes/default/theme.toml", "ssg/render/templates/atom.xml"} <= names
    assert {"ssg/serve/client/client.js", "ssg/serve/client/idiomorph.LICENSE"} <= names
    assert not [name for name in names if name.startswith(("tests", "benchmarks", "content"))]
    installed = str(tmp_path / "installed")
    where = "import ssg; print(ssg.__file__)"
    found = subprocess.run(
        [sys.executable, "-c", where],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": installed},
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.startswith(installed)
    ssg("init", "demo", cwd=tmp_path, environment={"PYTHONPATH": installed})
    ssg("build", "--strict", cwd=tmp_path / "demo", environment={"PYTHONPATH": installed})
    assert any(path.startswith("assets/style.") for path in tree(tmp_path / "demo/public"))


def many(site: SiteTest, pages: int) -> SiteTest:
    code = "\n".join(f"def f{number}(x): return x + {number} * 2 if x else None" for number in range(60))
    for number in range(pages):
        site.write(f"content/p{number}.md", f"# Page {number}\n\n```python\n# {number}\n{code}\n```\n")
    return site


def test_a_bar_on_a_terminal_for_a_build_that_takes_its_time(site: SiteTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ssg.console._PATIENCE", 0.0)
    many(site, 80)
    program = "import ssg.console as c; c._PATIENCE = 0; from ssg.cli import main; main()"
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", program, "build", "--site", str(site.root)],
        stdout=subprocess.PIPE,
        stderr=theirs,
        env=os.environ | {"TERM": "xterm-256color", "COLUMNS": "80"},
    ) as process:
        os.close(theirs)
        said = b""
        with contextlib.suppress(OSError):  # the end of a terminal
            while part := os.read(ours, 4096):
                said += part
        os.close(ours)
        assert process.stdout is not None
        out = process.stdout.read().decode()
    assert process.returncode == 0
    assert b"parse" in said
    assert b"80/80" in said
    assert "80 pages" not in said.decode()
    assert "written" in out


def test_ctrl_c_ends_at_once_without_a_traceback(site: SiteTest) -> None:
    many(site, 2000)
    with subprocess.Popen(
        [sys.executable, "-m", "ssg", "build", "--jobs", "2", "--site", str(site.root)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        time.sleep(0.6)
        os.killpg(process.pid, signal.SIGINT)
        out, said = process.communicate(timeout=30)
    assert process.returncode == 130, out + said
    assert said == ""
    assert not site.public.exists()


def test_a_worker_that_is_killed_is_said(site: SiteTest, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_: object) -> bytes:
        os.kill(os.getpid(), signal.SIGKILL)
        return b""

    monkeypatch.setattr("ssg.content.parse", killed)
    many(site, 50).build(jobs=2)
    assert site.said() == "parse: a worker process was killed; it may have run out of memory: try fewer with --jobs\n"


def test_a_mistake_of_ssgs_own_is_one_line(demo: Path) -> None:
    program = "import ssg.build as b; b.produce = None; from ssg.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program, "build"], cwd=demo, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr.splitlines()[0] == (
        "ssg: ssg itself failed: TypeError: 'NoneType' object is not callable; "
        "SSG_DEBUG=1 shows where; please report it"
    )


def test_debug_shows_where_an_extension_failed(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "content/a.md").write_text("# A\n")
    (tmp_path / "e.py").write_text(
        "class E:\n name, version = 'e', '1'\n def __init__(self, options): pass\n"
        " def convert(self, text, then): raise RuntimeError('boom')\n"
    )
    (tmp_path / "site.toml").write_text('[extensions.e]\nuse = "e.py:E"\n')
    assert ssg("build", cwd=tmp_path, code=1).stderr.startswith(
        'content/a.md:1: the extension "e" failed: RuntimeError'
    )
    for options in (["build", "--debug"], ["build", "--debug", "--json"]):
        command = [sys.executable, "-m", "ssg", *options]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        said = json.loads(done.stdout)["errors"][0]["detail"] if "--json" in options else done.stderr
        assert done.returncode == 1
        assert "in convert" in said


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are looked up in /proc")
def test_workers_end_with_a_build_that_is_killed(demo: Path) -> None:
    for number in range(3000):
        (demo / f"content/posts/p{number}.md").write_text(f"# {number}\n\n```python\nx = {number}\n```\n" * 5)
    process = subprocess.Popen([sys.executable, "-m", "ssg", "build", "--jobs", "2"], cwd=demo, start_new_session=True)
    group = process.pid
    deadline = time.monotonic() + 30
    while len(of_group(group)) < 3 and time.monotonic() < deadline:
        time.sleep(0.01)
    assert len(of_group(group)) >= 3
    process.kill()
    process.wait()
    while of_group(group) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert of_group(group) == []


def of_group(group: int) -> list[int]:
    """Give the processes of a group that have not ended; state, parent and group follow the name (proc(5))."""
    found = []
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if entry.name.isdigit():
                state, _, own = (entry / "stat").read_text().rpartition(")")[2].split()[:3]
                found += [int(entry.name)] if int(own) == group and state not in "ZX" else []
    return found
