"""Spans as a trace in the Trace Event Format, which Perfetto, speedscope and chrome://tracing open.

The format is Google's document "Trace Event Format": complete events (`X`) for spans, with times in microseconds, and
metadata events (`M`) that name processes. Events of one thread nest by their times.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from ssg.spans import Span


def trace(tracks: Mapping[int, Sequence[Span]]) -> bytes:
    """Give the spans of each process, the first of which is the main one, as JSON; time 0 is when the first begins."""
    zero = min((span.begin for spans in tracks.values() for span in spans), default=0)
    events: list[dict[str, Any]] = []
    for place, (process, spans) in enumerate(tracks.items()):
        events += _names(place, process)
        # A span before those inside it, as viewers expect it of spans that begin together.
        ordered = sorted(spans, key=lambda span: (span.begin, -span.duration))
        events += (_event(span, process, zero) for span in ordered)
    return msgspec.json.encode({"traceEvents": events, "displayTimeUnit": "ms"})


def _names(place: int, process: int) -> Iterator[dict[str, Any]]:
    name = f"worker {place}" if place else "ssg"
    for what, given in (
        ("process_name", {"name": name}),
        ("process_sort_index", {"sort_index": place}),
        ("thread_name", {"name": name}),
    ):
        yield {"ph": "M", "name": what, "pid": process, "tid": process, "args": given}


def _event(span: Span, process: int, zero: int) -> dict[str, Any]:
    """Give one event. The name of a page is its URL and its source, with a NUL between."""
    name, _, source = span.name.partition("\0")
    event: dict[str, Any] = {
        "ph": "X",
        "name": name,
        "cat": span.kind,
        "ts": (span.begin - zero) / 1000,
        "dur": span.duration / 1000,
        "pid": process,
        "tid": process,
    }
    return event | ({"args": {"source": source}} if source and source != name else {})
