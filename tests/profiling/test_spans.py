"""Calls become spans that nest; what is not measured is left as it is."""

import itertools
import json
import pickle
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.profiling import find, trace
from ssg.spans import UNTIMED, Clock, Recorder, Stopwatch

TREES: st.SearchStrategy[list[Any]] = st.recursive(
    st.just([]), lambda below: st.lists(below, max_size=4), max_leaves=30
)


def ticking() -> Clock:
    """Give a clock that goes on by a microsecond whenever it is read."""
    return itertools.count(1_000_000, 1000).__next__


def walk(recorder: Recorder, tree: list[Any], depth: int = 0) -> None:
    for below in tree:
        recorder.timed("part", str(depth), walk)(recorder, below, depth + 1)


@given(TREES)
def test_spans_nest_as_the_calls_did(tree: list[Any]) -> None:
    recorder = Recorder(ticking())
    recorder.stage("whole", walk)(recorder, tree)
    events = [one for one in json.loads(trace(recorder.tracks(7)))["traceEvents"] if one["ph"] == "X"]
    open_: list[float] = []
    for event in events:
        while open_ and open_[-1] <= event["ts"]:
            open_.pop()
        end = event["ts"] + event["dur"]
        assert not open_ or end <= open_[-1]
        assert event["name"] in {"whole", str(len(open_) - 1)}
        open_.append(end)
    spans = recorder.tracks(7)[7]
    [whole] = [span for span in spans if span.kind == "stage"]
    assert sum(span.own for span in spans) == whole.duration


def test_a_call_that_raises_ends_too() -> None:
    recorder = Recorder(ticking())
    with pytest.raises(ZeroDivisionError):
        recorder.stage("outer", lambda: recorder.timed("part", "inner", divmod)(1, 0))()
    assert [(span.kind, span.name) for span in recorder.take()] == [("part", "inner"), ("stage", "outer")]
    assert recorder.innermost == ""
    assert recorder.take() == []


def test_what_is_not_measured_is_the_very_same() -> None:
    assert UNTIMED.stage("a", divmod) is divmod
    assert UNTIMED.timed("a", "b", divmod) is divmod
    assert Stopwatch(ticking()).timed("a", "b", divmod) is divmod


def test_in_another_process() -> None:
    recorder = Recorder(time.perf_counter_ns)
    first, second = (pickle.loads(pickle.dumps(recorder)) for _ in range(2))  # noqa: S301
    assert first is second
    assert first is not recorder
    assert pickle.loads(pickle.dumps(Stopwatch(time.perf_counter_ns))) == UNTIMED  # noqa: S301


def test_stages_are_added_up_in_their_order() -> None:
    watch = Stopwatch(ticking())
    for name in ("b", "a", "b"):
        watch.stage(name, list)()
    assert [(one.name, one.count, one.total) for one in find(watch.tracks(1)).stages] == [
        ("b", 2, 0.000002),
        ("a", 1, 0.000001),
    ]


def test_an_empty_trace() -> None:
    assert [one["ph"] for one in json.loads(trace({1: []}))["traceEvents"]] == ["M", "M", "M"]
