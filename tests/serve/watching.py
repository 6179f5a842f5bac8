"""`ssg watch` as a user runs it, in a process of its own, and the event stream as a browser reads it."""

import http.client
import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

_PATIENCE = 30.0


class Watch:
    """A running preview: where it is, and what it prints."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self._lines: queue.Queue[str | None] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.first = self.line()
        self.url = next(word for word in self.first.split() if word.startswith("http:"))

    def line(self, patience: float = _PATIENCE) -> str:
        """Wait for the next line that is printed, at the most for so many seconds."""
        try:
            line = self._lines.get(timeout=patience)
        except queue.Empty:
            raise AssertionError("ssg watch says nothing") from None
        assert line is not None, "ssg watch has ended"
        return line

    def line_of(self, path: str, patience: float = _PATIENCE) -> str:
        """Wait for the line of the build that the change of a path brought."""
        while not (line := self.line(patience)).startswith(path):
            pass
        return line

    def built(self, patience: float = _PATIENCE) -> str:
        """Wait for the line of the first build."""
        return self.line_of("begun: ", patience)

    def interrupt(self) -> int:
        """Press Ctrl-C; give the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=_PATIENCE)

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line.rstrip("\n"))
        self._lines.put(None)


class Stream:
    """An event stream, read event by event; a context manager."""

    def __init__(self, port: int, page: str, release: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        self._connection.request("GET", f"/_ssg/events?page={page}&release={release}")
        self.answer = self._connection.getresponse()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.answer.close()
        self._connection.close()

    def event(self) -> dict[str, Any]:
        while not (line := self.answer.readline()).startswith(b"data: "):
            assert line, "the stream has ended"
        told: dict[str, Any] = json.loads(line.removeprefix(b"data: "))
        return told


@contextmanager
def watch(root: Path, *options: str, environment: Mapping[str, str] | None = None) -> Iterator[Watch]:
    """Run `ssg watch`, at any free port unless told otherwise."""
    port = () if "--port" in options else ("--port", "0")
    with subprocess.Popen(
        [sys.executable, "-u", "-m", "ssg", "watch", "--site", str(root), *port, *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=os.environ | dict(environment or {}),
    ) as process:
        try:
            yield Watch(process)
        finally:  # politely: it removes what lies in the folder for temporary files
            process.send_signal(signal.SIGINT)
            try:
                process.wait(timeout=_PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
