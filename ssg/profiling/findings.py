"""What a profile tells at a glance: stages, the slowest pages and templates, and what could be cached."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from ssg.errors import Diagnostic, Location, warning
from ssg.spans import Span

_SHOWN = 10
# Rendered less often, or worth less time than this, a fragment is not worth a word.
_OFTEN = 10
_WORTH = 5_000_000
_TEMPLATES = frozenset(("template", "extends", "include", "block", "macro", "shortcode", "hook"))
_PAGES = {"page": "rendering", "source": "parsing"}


class Total(msgspec.Struct, frozen=True):
    """All calls of one kind and name: how many, and their times in seconds.

    `own` is the time without that of the calls inside, `longest` the longest single call's own.
    """

    kind: str
    name: str
    count: int
    total: float
    own: float
    longest: float


class Cacheable(msgspec.Struct, frozen=True):
    """A fragment that gave the same each time: how often it was rendered, and seconds that caching would save."""

    name: str
    count: int
    saved: float

    def __str__(self) -> str:
        path, _, block = self.name.partition(":")
        name = f'the block "{block}" of {path}' if block else path
        return (
            f"{name} was rendered {self.count:,} times with the same result: "
            f"{{% cache %}} would save about {shown_seconds(self.saved)}"
        )


class Findings(msgspec.Struct, frozen=True):
    """The stages in their order, and the slowest first of pages (parsing and rendering), templates and passes.

    A page's name is its URL, with its source after a NUL where it is rendered; while it is parsed, its source.
    """

    stages: tuple[Total, ...]
    pages: tuple[Total, ...]
    templates: tuple[Total, ...]
    passes: tuple[Total, ...]
    cacheable: tuple[Cacheable, ...]


def find(tracks: Mapping[int, Sequence[Span]]) -> Findings:
    """Look through the spans of each process."""
    spans = [span for one in tracks.values() for span in one]
    stages = sorted((span for span in spans if span.kind == "stage"), key=lambda span: span.begin)
    return Findings(
        stages=_totals(stages),
        pages=_slowest(_totals(span for span in spans if span.kind in _PAGES), by_own=False),
        templates=_slowest(_totals(span for span in spans if span.kind in _TEMPLATES)),
        passes=_slowest(_totals(span for span in spans if span.kind == "pass")),
        cacheable=tuple(_cacheable(tracks))[:_SHOWN],
    )


def slow(findings: Findings, limit: int) -> Iterator[Diagnostic]:
    """Warn of the pages, templates and passes shown of which one call took longer than `limit`, in ms.

    Templates and passes count without what they call; the template of a page is not to blame for what it includes.
    """
    limit_said = f"the limit is {limit} ms, slow in [profile]"
    for one in findings.pages:
        if one.total > limit / 1000:
            url, _, source = one.name.partition("\0")
            hint = f"the profile shows where the time goes; {limit_said}"
            yield warning("slow", f"{_PAGES[one.kind]} took {shown_seconds(one.total)}", Location(source or url), hint)
    for one in (*findings.templates, *findings.passes):
        if one.longest > limit / 1000:
            path, _, part = one.name.partition(":")
            name = f'the {one.kind} "{part or path}"' if part or one.kind == "pass" else "one rendering"
            message = f"{name} took {shown_seconds(one.longest)}, without what it calls"
            hint = f"ask for less in it, or cache what is the same for all pages; {limit_said}"
            yield warning("slow", message, Location(path if one.kind != "pass" else "site.toml"), hint)


def shown_seconds(seconds: float) -> str:
    """Give a time for reading: two or three digits and a unit."""
    if seconds >= 1:
        return f"{seconds:.2f} s"
    return f"{seconds * 1000:.0f} ms" if seconds >= 0.01 else f"{seconds * 1000:.1f} ms"  # noqa: PLR2004 - 10 ms


def _totals(spans: Iterable[Span]) -> tuple[Total, ...]:
    """Add calls of the same kind and name up, in the order of the first of each."""
    found: dict[tuple[str, str], list[Span]] = defaultdict(list)
    for span in spans:
        found[span.kind, span.name].append(span)
    return tuple(
        Total(
            kind=kind,
            name=name,
            count=len(calls),
            total=sum(one.duration for one in calls) / 1e9,
            own=sum(one.own for one in calls) / 1e9,
            longest=max(one.own for one in calls) / 1e9,
        )
        for (kind, name), calls in found.items()
    )


def _slowest(totals: Iterable[Total], *, by_own: bool = True) -> tuple[Total, ...]:
    ordered = sorted(totals, key=lambda one: (-one.own if by_own else -one.total, one.kind, one.name))
    return tuple(ordered[:_SHOWN])


def _cacheable(tracks: Mapping[int, Sequence[Span]]) -> list[Cacheable]:
    """Find fragments with one result in each language; each process would still render them once in each."""
    results: dict[str, set[str]] = defaultdict(set)
    places: dict[str, set[tuple[int, str]]] = defaultdict(set)
    times: dict[str, list[int]] = defaultdict(list)
    for process, spans in tracks.items():
        for span in spans:
            if span.result:
                language = span.result.partition(":")[0]
                results[span.name].add(span.result)
                places[span.name].add((process, language))
                times[span.name].append(span.duration)
    found = []
    for name, told in times.items():
        constant = len(results[name]) == len({language for _, language in places[name]})
        saved = sum(told) * (1 - len(places[name]) / len(told))
        if constant and len(told) >= _OFTEN and saved >= _WORTH:
            found.append(Cacheable(name, len(told), saved / 1e9))
    return sorted(found, key=lambda one: (-one.saved, one.name))
