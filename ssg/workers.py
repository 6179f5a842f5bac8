"""Anything that maps a stage over chunks of work: in this process, or over processes."""

import gc
import multiprocessing
import multiprocessing.connection
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from types import TracebackType
from typing import Protocol, Self, TypeVar

from ssg.errors import Location, SiteError, error
from ssg.spans import UNTIMED, Timer

T = TypeVar("T")
R = TypeVar("R")

Progress = Callable[[str, int, int], None]
"""Is told a stage's name, how many items are done, and how many there are."""

# Items in a chunk: enough that sending it costs little, few enough to show progress.
_SMALLEST, _LARGEST = 4, 64
# Objects that are kept before those are looked for that only refer to each other: some 20 MB.
_MANY_OBJECTS = 100_000
# With less work than this, starting processes costs more than it saves (measured: 25 ms for two).
_WORTH_PROCESSES = 40


class Workers(Protocol):
    """What `build` needs of a way to spread work."""

    timer: Timer

    def map(
        self,
        stage: Callable[[Sequence[T]], R],
        items: Sequence[T],
        name: str,
        sizes: Sequence[int] | None = None,
        *,
        heavy: bool = False,
    ) -> list[R]:
        """Apply a stage to the items in chunks; give the result of each chunk, in the order of the items.

        `sizes` says how many pieces of work each item is; without it, each is one. Items that are `heavy` are worth
        processes however few they are, and each is a chunk.
        """
        ...


class Inline:
    """Works in this process."""

    timer: Timer = UNTIMED

    def __init__(self, progress: Progress | None = None) -> None:
        self._progress = progress

    def map(
        self,
        stage: Callable[[Sequence[T]], R],
        items: Sequence[T],
        name: str,
        sizes: Sequence[int] | None = None,
        *,
        heavy: bool = False,
    ) -> list[R]:
        """Apply the stage, chunk by chunk."""
        done = 0
        results: list[R] = []
        total = sum(sizes) if sizes is not None else len(items)
        for chunk, size in _parts(items, 1, sizes, heavy=heavy):
            done += size
            results.append(_apply(stage, chunk) if done < total else stage(chunk))
            if self._progress:
                self._progress(name, done, total)
        return results


class Processes:
    """Works in a pool of processes, which starts with the first work that is worth it; a context manager.

    A forked process has what its parent had loaded (themes, libraries); where the platform cannot fork, a process
    loads them anew.
    """

    timer: Timer = UNTIMED

    def __init__(self, jobs: int, progress: Progress | None = None) -> None:
        self._jobs = jobs
        self._progress = progress
        self._inline = Inline(progress)
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, _: object, __: TracebackType | None) -> None:
        if self._pool is not None:
            if kind is KeyboardInterrupt:  # no worker leaves anything half done: none need be waited for
                for process in multiprocessing.active_children():
                    process.kill()
                _end_results(self._pool)
            self._pool.shutdown(wait=True, cancel_futures=kind is not None)

    def map(
        self,
        stage: Callable[[Sequence[T]], R],
        items: Sequence[T],
        name: str,
        sizes: Sequence[int] | None = None,
        *,
        heavy: bool = False,
    ) -> list[R]:
        """Apply the stage to chunks, each in the process that is free next.

        Raises:
            SiteError: a process was killed.
        """
        total = sum(sizes) if sizes is not None else len(items)
        if self._jobs == 1 or not total or (total < _WORTH_PROCESSES and not heavy):
            return self._inline.map(stage, items, name, sizes, heavy=heavy)
        if self._pool is None:
            context = multiprocessing.get_context(start_method())
            self._pool = ProcessPoolExecutor(self._jobs, context, initializer=_settle)
        done = 0
        results: list[R] = []
        parts = list(_parts(items, self._jobs, sizes, heavy=heavy))
        try:
            with _interrupts_held():
                # Not `Executor.map`: what that does with its futures on Ctrl-C makes a thread of the pool print a
                # traceback where processes were killed (CPython before 3.12).
                given = [self._pool.submit(_apply, stage, part) for part, _ in parts]
            given.reverse()
            for _, size in parts:
                results.append(given.pop().result())
                done += size
                if self._progress:
                    self._progress(name, done, total)
        except BrokenProcessPool:  # as soon as one was killed
            hint = "it may have run out of memory: try fewer with --jobs"
            raise SiteError(error("worker", "a worker process was killed", Location(name), hint)) from None
        return results


def _end_results(pool: ProcessPoolExecutor) -> None:
    """Close this process's own end of the pipe that results come through, when all that write to it are gone.

    The pool reads that pipe in a thread. Where a process was killed in the middle of a result, the thread would wait
    for the rest for ever, as long as anybody could still write it. CPython gives no other way to reach the pipe.
    """
    writer = getattr(getattr(pool, "_result_queue", None), "_writer", None)
    if writer is not None:
        writer.close()


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Hold Ctrl-C back while processes start: one that has only just been forked would answer with a traceback."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _settle() -> None:
    """Set a process of the pool up: it leaves interrupts to its parent, and garbage to the end of each chunk.

    Ctrl-C reaches every process of a terminal; the parent ends the others, without a traceback of each. What the parent
    does on SIGTERM is not for this process.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    gc.freeze()
    gc.disable()
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End this process when its parent has ended: one that was killed has told nobody."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)


def _apply(stage: Callable[[Sequence[T]], R], part: Sequence[T]) -> R:
    """Apply a stage; free what refers to itself where much has come together, not at every 700 objects."""
    result = stage(part)
    if not gc.isenabled() and gc.get_count()[0] > _MANY_OBJECTS:
        gc.collect(0)
    return result


def cores() -> int:
    """Give the number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def chunks(items: Sequence[T], jobs: int, sizes: Sequence[int] | None = None) -> Iterator[tuple[Sequence[T], int]]:
    """Cut items into chunks, smaller ones towards the end, so that all processes end together; give each's size."""
    sizes = sizes if sizes is not None else [1] * len(items)
    left = sum(sizes)
    start = size = 0
    for place, one in enumerate(sizes, 1):
        size += one
        if size >= max(_SMALLEST, min(_LARGEST, left // (jobs * 4))) or place == len(items):
            yield items[start:place], size
            left -= size
            start, size = place, 0


def _parts(
    items: Sequence[T], jobs: int, sizes: Sequence[int] | None, *, heavy: bool
) -> Iterator[tuple[Sequence[T], int]]:
    """Cut items into chunks, heavy ones into one each; give each chunk's size."""
    if not heavy:
        return chunks(items, jobs, sizes)
    given = sizes if sizes is not None else [1] * len(items)
    return ((items[place : place + 1], size) for place, size in enumerate(given))


def start_method() -> str:
    """Say how processes are started here."""
    return "fork" if "fork" in multiprocessing.get_all_start_methods() and os.uname().sysname == "Linux" else "spawn"
