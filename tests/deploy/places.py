"""Places to deploy to, each real: three servers of buckets and a folder; and deploys that end wherever a test says.

`ssg` runs in a process of its own that is forked from one which has its modules already, so that a test can afford to
kill many of them.
"""

import json
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from tests.deploy.command import given, words
from tests.deploy.servers import Desk, answer, before
from tests.site_test import SiteTest, tree

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["ssg.cli", "ssg.deploy_console", "ssg.deploy.bucket", "tests.deploy.places"])
# What changes a folder, with the place of the path among the arguments of the event (docs.python.org, "Audit events").
_CHANGES = {"os.rename": 1, "os.link": 1, "os.remove": 0, "os.rmdir": 0, "os.mkdir": 0}


class Place(msgspec.Struct, frozen=True):
    """Where a site is deployed to: the table of its target, and credentials.

    `endpoint` is the server's address, empty for a folder. `home` is where the site is fetched from: an address that
    needs no credentials, or the folder.
    """

    target: str
    endpoint: str
    home: str
    environment: Mapping[str, str]

    def held(self, path: str) -> tuple[int, dict[str, str], bytes]:
        """Give the status, the headers and the body that anyone gets for a path."""
        if self.endpoint:
            return answer(f"{self.home}/{path}")
        file = Path(self.home, path)
        return (200, {}, file.read_bytes()) if file.is_file() else (404, {}, b"")

    def reached(self, endpoint: str) -> str:
        """Give the table of the target as it is reached at an address, that of the server or one before it."""
        account = urlsplit(self.endpoint).path
        return self.target.replace("ENDPOINT", f"{endpoint.removesuffix(account)}{account}")


class Trap(msgspec.Struct, frozen=True):
    """What befalls a process that changes files below a folder.

    The change number `kill_at` ends it. One whose path holds `deny` is refused, as on a full or foreign disk. One whose
    path holds `wait` waits for the file `go` beside the folder, after it has made the file `paused`.
    """

    folder: str
    kill_at: int = 0
    deny: str = ""
    wait: str = ""


class Ended(msgspec.Struct, frozen=True):
    """How a process ended: its exit code, less than 0 for a signal, and what it printed."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> dict[str, Any]:
        """What it printed as JSON; it must have succeeded."""
        assert self.code == 0, self.out + self.err
        found: dict[str, Any] = json.loads(self.out)
        return found


class Running:
    """A process of `ssg`."""

    def __init__(self, process: BaseProcess, folder: Path) -> None:
        self._process = process
        self._folder = folder

    def kill(self) -> None:
        self._process.kill()

    def ended(self) -> Ended:
        """Wait for its end."""
        self._process.join(60)
        code = self._process.exitcode
        assert code is not None, "it did not come to its end"
        out, err = ((self._folder / name).read_text(encoding="utf-8") for name in ("out", "err"))
        return Ended(code, out, err)


def begin(site: SiteTest, place: Place, *arguments: str, trap: Trap | None = None) -> Running:
    """Begin a command of `ssg` for a site."""
    folder = site.root.parent / f"said-{time.monotonic_ns()}"
    folder.mkdir()
    command = words(site, *arguments)
    process = _FORKS.Process(target=_ssg, args=(command, given(place.environment), str(folder), trap))
    process.start()
    return Running(process, folder)


def swift(site: SiteTest, place: Place, *arguments: str, trap: Trap | None = None) -> Ended:
    """Run a command of `ssg` for a site."""
    return begin(site, place, *arguments, trap=trap).ended()


def done(site: SiteTest, place: Place, *arguments: str) -> dict[str, Any]:
    """Run `ssg … --json`, which must succeed; give what it says."""
    return swift(site, place, *arguments, "--json").said


def _ssg(command: list[str], environment: Mapping[str, str], folder: str, trap: Trap | None) -> None:
    """Be `ssg` in a process that was forked for it."""
    os.environ.clear()
    os.environ.update(environment)
    for number, name in ((1, "out"), (2, "err")):
        sys.stdout.flush()
        os.dup2(os.open(Path(folder, name), os.O_WRONLY | os.O_CREAT), number)
    sys.stdout, sys.stderr = (os.fdopen(number, "w", encoding="utf-8") for number in (1, 2))
    from ssg.cli import main

    if trap is not None:
        sys.addaudithook(_sprung(trap))
    try:
        main(command)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()


def _sprung(trap: Trap) -> Callable[[str, tuple[Any, ...]], None]:
    changes = 0

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal changes
        if event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR):
            path = str(arguments[0])
        elif event in _CHANGES:
            path = str(arguments[_CHANGES[event]])
        else:
            return
        idle = event in {"os.remove", "os.mkdir"} and Path(path).exists() != (event == "os.remove")
        if not path.startswith(f"{trap.folder}/") or idle:
            return
        changes += 1
        if changes == trap.kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
        if trap.deny and trap.deny in path:
            raise PermissionError(13, "Permission denied")
        if trap.wait and trap.wait in path:
            _wait(Path(trap.folder).parent)

    return hook


def _wait(beside: Path) -> None:
    """Wait until a test says `go`; only once."""
    if (beside / "go").exists():
        return
    (beside / "paused").touch()
    while not (beside / "go").exists():
        time.sleep(0.01)


@contextmanager
def watched(place: Place) -> Iterator[tuple[str, Desk]]:
    """Give the table of the target through a server that sees each request first; a folder has no requests."""
    with before(place.endpoint.removesuffix(urlsplit(place.endpoint).path)) if place.endpoint else nullcontext() as one:
        if one is None:
            yield place.target, Desk()
        else:
            endpoint, desk = one
            yield place.reached(endpoint), desk


def all_held(place: Place, files: Mapping[str, bytes]) -> None:
    """Everyone can fetch all files, with their bytes and, from a bucket, the headers of their kind."""
    for path, body in files.items():
        status, headers, got = place.held(path)
        assert (status, got) == (200, body), path
        wanted = "max-age=31536000, immutable" if path.startswith("assets/") else "max-age=0, must-revalidate"
        if place.endpoint and path.endswith((".html", ".css")):
            kind = "text/css" if path.endswith("css") else "text/html"
            assert headers["content-type"] == f"{kind}; charset=utf-8"
            assert headers["cache-control"] == ("no-cache" if path == "404.html" else f"public, {wanted}")


def whole(place: Place, releases: list[Mapping[str, bytes]]) -> bool:
    """Tell whether each page is there as one of some releases has it, with the style sheet that it needs."""
    for path in releases[0].keys() & releases[1].keys():
        status, _, body = place.held(path)
        if not path.endswith(".html"):
            continue
        assert status == 200, path
        release = next(one for one in reversed(releases) if one[path] == body)
        sheets = [other for other in release if other.endswith(".css") and other.encode() in body]
        assert all(place.held(sheet)[0] == 200 for sheet in sheets), path
    return True


def leftovers(folder: Path) -> list[str]:
    """Give the files of a folder that deploys have begun and not ended."""
    return [path for path in tree(folder) if path.startswith(".ssg/new-")]
