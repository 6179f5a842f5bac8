"""What a build does when: calls as spans of time, by a clock that is given."""

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import ParamSpec, Protocol, TypeVar

import msgspec

P = ParamSpec("P")
R = TypeVar("R")

Clock = Callable[[], int]
"""Gives nanoseconds, never fewer than before, and the same ones in every process of a machine."""


class Span(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One call: the kind and name of what was called, when it began and how long it took, in ns.

    `own` is its time without that of the spans inside it. `result` tells what it gave from what it gave at other
    times, where that may be the same for all pages.
    """

    kind: str
    name: str
    begin: int
    duration: int
    own: int
    result: str = ""


class Timer(Protocol):
    """Times calls, or leaves them as they are."""

    @property
    def recorder(self) -> "Recorder | None":
        """What records every call in detail, where that is wanted."""
        ...

    def stage(self, name: str, call: Callable[P, R]) -> Callable[P, R]:
        """Give a stage of the build that does the same, its calls timed."""
        ...

    def timed(self, kind: str, name: str | Callable[P, str], call: Callable[P, R]) -> Callable[P, R]:
        """Give a part of a stage that does the same, its calls timed; `name` may depend on what it is called with."""
        ...


class Untimed(msgspec.Struct, frozen=True):
    """Leaves calls as they are."""

    @property
    def recorder(self) -> None:
        """Nothing is recorded."""

    def stage(self, name: str, call: Callable[P, R]) -> Callable[P, R]:  # noqa: ARG002
        """Give the stage itself."""
        return call

    def timed(self, kind: str, name: str | Callable[P, str], call: Callable[P, R]) -> Callable[P, R]:  # noqa: ARG002
        """Give the part itself."""
        return call


UNTIMED = Untimed()


class _Open:
    """A call under way."""

    __slots__ = ("begin", "kind", "name", "within")

    def __init__(self, kind: str, name: str, begin: int) -> None:
        self.kind = kind
        self.name = name
        self.begin = begin
        self.within = 0


class Stopwatch:
    """Times the stages of a build, in the process that composes them; what other processes do is not timed."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._open: list[_Open] = []
        self._spans: list[Span] = []
        self._tracks: dict[int, list[Span]] = {}

    def __reduce__(self) -> tuple[Callable[..., Timer], tuple[Clock, ...]]:
        return Untimed, ()

    @property
    def recorder(self) -> "Recorder | None":
        """Nothing is recorded in detail."""
        return None

    @property
    def innermost(self) -> str:
        """The kind of the innermost call under way; empty where there is none."""
        return self._open[-1].kind if self._open else ""

    def begin(self, kind: str, name: str) -> None:
        """Note that a call begins; `end` must follow, whatever comes of it."""
        self._open.append(_Open(kind, name, self._clock()))

    def end(self, result: Callable[[], str] | None = None) -> None:
        """Note that the innermost call ends. `result` identifies what it gave, and is worked out after its time."""
        now = self._clock()
        done = self._open.pop()
        duration = now - done.begin
        if self._open:
            self._open[-1].within += duration
        told = result() if result is not None else ""
        self._spans.append(Span(done.kind, done.name, done.begin, duration, duration - done.within, told))

    def stage(self, name: str, call: Callable[P, R]) -> Callable[P, R]:
        """Give a stage that is timed."""
        return self._timed("stage", name, call)

    def timed(self, kind: str, name: str | Callable[P, str], call: Callable[P, R]) -> Callable[P, R]:  # noqa: ARG002
        """Give the part itself."""
        return call

    def _timed(self, kind: str, name: str | Callable[P, str], call: Callable[P, R]) -> Callable[P, R]:
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            self.begin(kind, name if isinstance(name, str) else name(*args, **kwargs))
            try:
                return call(*args, **kwargs)
            finally:
                self.end()

        return run

    def take(self) -> list[Span]:
        """Give the spans that have ended since the last time."""
        taken, self._spans = self._spans, []
        return taken

    def add(self, process: int, spans: Sequence[Span]) -> None:
        """Add spans of a process, by its number."""
        self._tracks.setdefault(process, []).extend(spans)

    def tracks(self, process: int) -> Mapping[int, Sequence[Span]]:
        """Give all spans by process, this one, whose number is given, first."""
        own = [*self._tracks.get(process, ()), *self._spans]
        return {process: own} | {number: spans for number, spans in self._tracks.items() if number != process}


class Recorder(Stopwatch):
    """Times everything. Sent to another process it is a new one there, the same for all that was sent."""

    def __reduce__(self) -> tuple[Callable[..., Timer], tuple[Clock, ...]]:
        return _recorder, (self._clock,)

    @property
    def recorder(self) -> "Recorder | None":
        """This one."""
        return self

    def timed(self, kind: str, name: str | Callable[P, str], call: Callable[P, R]) -> Callable[P, R]:
        """Give a part that is timed."""
        return self._timed(kind, name, call)


@functools.lru_cache(maxsize=1)
def _recorder(clock: Clock) -> Recorder:
    return Recorder(clock)
