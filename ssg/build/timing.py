"""Work over processes, timed: what each chunk took comes back with its result."""

import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Generic, NamedTuple, Self, TypeVar

import msgspec

from ssg import optimize
from ssg.model import Document
from ssg.spans import Recorder, Span, Timer
from ssg.workers import Workers

T = TypeVar("T")
R = TypeVar("R")


class TimedWorkers:
    """Workers whose chunks are timed where the timer records everything; a context manager.

    `plain` are the workers themselves, for work that is not timed.
    """

    def __init__(self, workers: AbstractContextManager[Workers], timer: Timer) -> None:
        self._around = workers
        self.plain: Workers
        self.timer = timer

    def __enter__(self) -> Self:
        self.plain = self._around.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> bool | None:
        return self._around.__exit__(kind, value, trace)

    def map(
        self,
        stage: Callable[[Sequence[T]], R],
        items: Sequence[T],
        name: str,
        sizes: Sequence[int] | None = None,
        *,
        heavy: bool = False,
    ) -> list[R]:
        """Apply the stage to chunks, and keep what each took by the process that did it."""
        recorder = self.timer.recorder
        if recorder is None:
            return self.plain.map(stage, items, name, sizes, heavy=heavy)
        done = self.plain.map(_Chunk(stage, name, recorder), items, name, sizes, heavy=heavy)
        for one in done:
            recorder.add(one.process, msgspec.msgpack.decode(one.spans, type=list[Span]))
        return [one.result for one in done]


class _Done(NamedTuple, Generic[R]):
    result: R
    process: int
    spans: bytes


class _Chunk(Generic[T, R]):
    """A stage that gives what it took beside its result."""

    def __init__(self, stage: Callable[[Sequence[T]], R], name: str, recorder: Recorder) -> None:
        self._stage = stage
        self._name = name
        self._recorder = recorder

    def __call__(self, items: Sequence[T]) -> _Done[R]:
        result = self._recorder.timed("chunk", self._name, self._stage)(items)
        return _Done(result, os.getpid(), msgspec.msgpack.encode(self._recorder.take()))


class _TimedPass(NamedTuple):
    """The pass of an extension with its work timed."""

    name: str
    version: str
    after: str
    refine: Callable[[Document], Document]


def timed_passes(passes: Iterable[optimize.Work], timer: Timer) -> tuple[optimize.Work, ...]:
    """Give the passes with their work timed."""
    return tuple(_timed(one, timer) for one in passes)


def _timed(one: optimize.Work, timer: Timer) -> optimize.Work:
    if not isinstance(one, optimize.Stretch):
        return _TimedPass(one.name, one.version, one.after, timer.timed("pass", one.name, one.refine))
    steps = tuple(step._replace(apply=timer.timed("pass", step.name, step.apply)) for step in one.steps)
    last = one.last and one.last._replace(write=timer.timed("pass", one.last.name, one.last.write))
    return optimize.Stretch(steps, last)
