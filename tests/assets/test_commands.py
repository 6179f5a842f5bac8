"""Outside tools make assets from declared inputs, and run again only for other inputs."""

import json
import os
import sys
import time
from pathlib import Path

import pytest

from tests.site_test import SiteTest

TOOL = """
import pathlib, sys
out, log = sys.argv[1:]
with open(log, "a") as file:
    file.write("ran\\n")
text = pathlib.Path("src/app.in").read_text()
if "wrong" in text:
    sys.exit("src/app.in:1: it is wrong")
pathlib.Path(out, "css/app.css").write_text(f"a {{ color: {text} }}")
pathlib.Path(out, "note.txt").write_text(text)
"""


def tooled(site: SiteTest, tmp_path: Path) -> SiteTest:
    (tmp_path / "tool.py").write_text(TOOL)
    run = [sys.executable, str(tmp_path / "tool.py"), "{out}", str(tmp_path / "log")]
    site.write(
        "site.toml",
        f'[assets.commands.paint]\nrun = {run}\ninputs = ["src/**/*.in"]\noutputs = ["css/app.css", "note.txt"]\n',
    )
    site.write("src/app.in", "red").write("content/a.md", "# A\n")
    return site.write("templates/page.html", "{{ asset_url('css/app.css') }} {{ asset_url('note.txt') }}")


def runs(tmp_path: Path) -> int:
    return (tmp_path / "log").read_text().count("ran")


def test_what_a_tool_leaves_is_packed(site: SiteTest, tmp_path: Path) -> None:
    tooled(site, tmp_path).write("assets/note.txt", "own").built()
    assert site.packed("css/app.css") == "a{color:red}"
    assert site.packed("note.txt") == "red"
    first = site.tree()
    site.write("content/b.md", "# B\n").built()
    site.remove("content/b.md").built()
    assert runs(tmp_path) == 1
    assert site.tree() == first
    site.write("src/app.in", "blue").built()
    assert runs(tmp_path) == 2
    assert site.packed("note.txt") == "blue"
    assert site.asset("css/app.css") in site.text("a/index.html")
    site.write("src/app.in", "red").built()
    assert runs(tmp_path) == 2
    assert site.tree() == first


def test_a_tool_that_fails_is_an_error_with_what_it_says(site: SiteTest, tmp_path: Path) -> None:
    tooled(site, tmp_path).write("src/app.in", "wrong").build()
    assert 'site.toml:1: the command "paint" failed with exit code 1: src/app.in:1: it is wrong; run it' in site.said()


@pytest.mark.skipif(os.name == "nt", reason="a program of a shell")
def test_esbuild_minifies_where_it_is_asked_for(
    site: SiteTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "bin/esbuild"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n[ $1 = --version ] && echo 1.2.3 && exit\necho '/*esbuild*/'; cat\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    site.write("content/a.md", "# A\n").write("assets/a.js", "export const a = 1").write("assets/b.js", "var b").built()
    assert "esbuild" not in site.packed("a.js") + site.packed("b.js")
    site.write("site.toml", "[assets]\nesbuild = true\n").built()
    assert site.packed("a.js") == "/*esbuild*/\nexport const a = 1"
    assert site.packed("b.js") == "/*esbuild*/\nvar b"


def test_an_esbuild_that_is_not_there_is_told(site: SiteTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    site.write("content/a.md", "# A\n").write("assets/a.js", "var a").write("site.toml", "\n[assets]\nesbuild = true\n")
    assert "site.toml:3: warning: esbuild is not installed; " in site.built().said()


def test_a_tool_that_takes_too_long_is_stopped_with_all_that_it_started(site: SiteTest, tmp_path: Path) -> None:
    alive = tmp_path / "alive"
    child = f"import time, pathlib; time.sleep(3); pathlib.Path({str(alive)!r}).write_text('x')"
    tool = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    run = json.dumps([sys.executable, "-c", tool])
    site.write("site.toml", f'[assets.commands.slow]\nrun = {run}\noutputs = ["a.css"]\ntimeout = "0.5 s"\n')
    begin = time.monotonic()
    site.write("content/a.md", "# A\n").build()
    said = (
        'site.toml:1: the command "slow" was stopped after 0.5 s; give it more time, timeout in [assets.commands.slow]'
    )
    assert said in site.said()
    assert time.monotonic() - begin < 3
    time.sleep(max(0, 3.5 - (time.monotonic() - begin)))
    assert not alive.exists()
