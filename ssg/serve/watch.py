"""The files of a site, watched: what was saved comes out in bursts."""

import itertools
import os
import threading
import time
import warnings
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import ObservedWatch

from ssg.config import FILE, Config
from ssg.errors import Location, SiteError, error

_FOLDERS = ("assets", "data", "extensions", "i18n", "shortcodes", "static", "templates", "themes")
_VERSIONED = (".git", ".hg", ".svn", ".DS_Store", ".ssg")
_BACKUPS = ("~", ".swp", ".swx", ".tmp", ".bak", ".orig", "___jb_tmp___", "___jb_old___")
_TOOLS = ("node_modules", "__pycache__", "venv")
# Reading a site must not look like a change of it.
_CHANGES = frozenset(("attrib", "closed", "created", "deleted", "modified", "moved"))
# Seconds without a change after which a burst is over. A file that was closed or moved into place is whole; one that
# was begun, cut or deleted will be closed, or made again, in a moment (platforms without "closed" wait for this).
_QUIET, _UNFINISHED = 0.004, 0.05
# A burst that does not end is taken apart: changes must not wait longer than this.
_LONGEST = 0.3


def sources(config: Config) -> tuple[str, ...]:
    """Give the folders of a site that a build reads; `.` where the snippets of its pages may lie anywhere."""
    markdown = config.markdown
    options: dict[str, Any] = markdown.extension_configs.get("pymdownx.snippets", {})
    snippets = {"pymdownx.snippets", "pymdownx.extra"} & {*(markdown.extensions or ()), *markdown.extension_configs}
    given = options.get("base_path", ".")
    further = [given] if isinstance(given, str) else [str(one) for one in given]
    code = [one.use.partition(":")[0] for one in config.extensions.values()]
    beside = [os.path.dirname(path) for path in code if path.endswith(".py")]  # noqa: PTH120
    read = [pattern for one in config.assets.commands.values() for pattern in one.inputs]
    beside += [_fixed(pattern) for pattern in read]
    folders = {*_FOLDERS, config.content.dir, *beside, *(further if snippets else ())}
    return tuple(sorted(os.path.normpath(folder) for folder in folders))


def _fixed(pattern: str) -> str:
    """Give the folder below which all files lie that a pattern names."""
    parts = itertools.takewhile(lambda part: not any(mark in part for mark in "*?["), pattern.split("/")[:-1])
    return "/".join(parts) or "."


def passed_over(path: str, output: str) -> bool:
    """Tell whether a path below the site folder is none of a build: hidden, a backup, a tool's, or the output's."""
    parts = path.split("/")
    if path == output or path.startswith(f"{output}/") or parts[-1] == "4913":  # vim tries with it whether it may write
        return True
    if parts[-1].endswith(_BACKUPS) or (parts[-1].startswith("#") and parts[-1].endswith("#")):
        return True
    if parts[0] == "static":  # published with hidden files
        return any(part.startswith(_VERSIONED) for part in parts)
    return any(part.startswith(".") or part in _TOOLS for part in parts)


class Burst:
    """Changes that belong together: saves by one command, or the steps in which an editor saves a file."""

    def __init__(self) -> None:
        self._begin: float | None = None
        self._due: dict[str, float] = {}

    def note(self, path: str, now: float, *, finished: bool) -> None:
        """Note a change of a path; `finished` says that the file is whole."""
        self._begin = now if self._begin is None else self._begin
        self._due[path] = now + (_QUIET if finished else _UNFINISHED)

    def wait(self, now: float) -> float | None:
        """Say how many seconds the burst may still go on; None where there is none."""
        if self._begin is None:
            return None
        return max(0.0, min(max(self._due.values()), self._begin + _LONGEST) - now)

    def take(self) -> tuple[str, ...]:
        """Give the paths that changed, sorted, and begin anew."""
        paths = tuple(sorted(self._due))
        self._begin = None
        self._due = {}
        return paths


class Watching:
    """A site folder under watch; a context manager.

    The site folder itself is watched for its configuration and for folders that come and go, each folder that a build
    reads with all that is in it.
    """

    def __init__(self, root: str) -> None:
        self._root = os.path.realpath(root)
        self._lock = threading.Condition()
        self._burst = Burst()
        self._ended: BaseException | None = None
        self._folders: tuple[str, ...] = ()
        self._output = ""
        self._observer = Observer()
        self._handler = _Handler(self)
        self._watched: dict[str, tuple[ObservedWatch, tuple[int, int]]] = {}

    def __enter__(self) -> Self:
        """Watch what a site has by default.

        Raises:
            SiteError: the system cannot watch the folder.
        """
        # A folder made inside one that was just made is found twice; watchdog warns of it and goes on.
        warnings.filterwarnings("ignore", "Callback with id .* already exists", RuntimeWarning)
        self._observer.start()
        self._schedule(".", recursive=False)
        self.follow(Config())
        with self._lock:
            self._burst.take()
        return self

    def __exit__(self, kind: type[BaseException] | None, _: object, __: TracebackType | None) -> None:
        self._observer.stop()
        self._observer.join()

    def follow(self, config: Config) -> None:
        """Watch what a build with this configuration reads.

        A folder that is new to the watch counts as changed: nobody knows what happened in it before.

        Raises:
            SiteError: the system cannot watch a folder.
        """
        self._output = os.path.relpath(os.path.join(self._root, config.output.dir), self._root).replace(os.sep, "/")  # noqa: PTH118
        self._folders = sources(config)
        self._look()

    def wait(self) -> tuple[str, ...]:
        """Wait until something has changed and then nothing for a moment; give the paths, relative to the site folder.

        Raises:
            SiteError: the system cannot watch a folder.
            BaseException: what `end` was told.
        """
        with self._lock:
            while True:
                if self._ended is not None:
                    raise self._ended
                left = self._burst.wait(time.monotonic())
                if left == 0:
                    break
                self._lock.wait(left)
            changed = self._burst.take()
        self._look()
        with self._lock:
            return tuple(sorted({*changed, *self._burst.take()}))

    def end(self, reason: BaseException) -> None:
        """Let `wait` raise this; may be called from any thread."""
        with self._lock:
            self._ended = reason
            self._lock.notify()

    def note(self, event: FileSystemEvent) -> None:
        """Take an event of the system; called in the observer's thread."""
        if event.event_type not in _CHANGES or (event.is_directory and event.event_type in {"modified", "attrib"}):
            return
        now = time.monotonic()
        finished = event.event_type in {"closed", "moved"} and not event.is_directory
        for place in (event.src_path, event.dest_path):
            path = os.path.relpath(os.fsdecode(place), self._root).replace(os.sep, "/") if place else ""
            if path and self._concerns(path):
                with self._lock:
                    self._burst.note(path, now, finished=finished)
                    self._lock.notify()

    def _concerns(self, path: str) -> bool:
        if passed_over(path, self._output):
            return False
        inside = any(path == folder or path.startswith(f"{folder}/") for folder in self._folders)
        return inside or path == FILE or "." in self._folders

    def _look(self) -> None:
        """Watch the folders that are there now: others than before, where one was made or moved."""
        present = {folder: _identity(os.path.join(self._root, folder)) for folder in self._present()}  # noqa: PTH118
        for folder, (watch, watched) in list(self._watched.items()):
            if folder != "." and present.get(folder) != watched:
                self._observer.unschedule(watch)
                del self._watched[folder]
        for folder, found in present.items():
            if found is not None and folder not in self._watched:
                self._schedule(folder, recursive=True)
                with self._lock:
                    self._burst.note(folder, time.monotonic(), finished=True)

    def _present(self) -> Iterable[str]:
        """Give the folders to watch: no folder inside another of them."""
        if "." in self._folders:
            listed = [entry.name for entry in os.scandir(self._root) if entry.is_dir()]
            return sorted(name for name in listed if not passed_over(name, self._output))
        return [one for one in self._folders if not any(one.startswith(f"{other}{os.sep}") for other in self._folders)]

    def _schedule(self, folder: str, *, recursive: bool) -> None:
        place = os.path.normpath(os.path.join(self._root, folder))  # noqa: PTH118
        identity = _identity(place)
        try:
            watch = self._observer.schedule(self._handler, place, recursive=recursive)
        except OSError as reason:
            if not Path(place).is_dir():
                return  # it went in this moment, which the watch on the site folder has seen
            message = f"cannot be watched: {(reason.strerror or str(reason)).lower()}"
            hint = "raise the system's limit, on Linux fs.inotify.max_user_watches"
            raise SiteError(error("watch", message, Location(folder), hint)) from reason
        if identity is not None:
            self._watched[folder] = (watch, identity)


def _identity(folder: str) -> tuple[int, int] | None:
    try:
        found = os.stat(folder)  # noqa: PTH116
    except OSError:
        return None
    return (found.st_dev, found.st_ino)


class _Handler(FileSystemEventHandler):
    """Hands every event on."""

    def __init__(self, watching: Watching) -> None:
        super().__init__()
        self._watching = watching

    def on_any_event(self, event: FileSystemEvent) -> None:
        self._watching.note(event)
