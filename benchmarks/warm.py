"""A build after another: with nothing changed, with one edit, and what the store costs."""

import json
import os
import re
import statistics
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.figures import Figure, held
from benchmarks.measure import Cost, compare, medians, run
from benchmarks.programs import hugo_build, ssg_build
from benchmarks.sites import Sites, checked
from ssg.build.reasons import load_reasons
from ssg.output.release import artifact_path

_DATE = re.compile(r"^date = (\S+)$", re.MULTILINE)
_TITLE = re.compile(r"^title = .*$", re.MULTILINE)
# Seconds after which a file's time says whether it was changed again; ssg reads younger ones every time.
_AGE = 2.1


class _Edited(NamedTuple):
    """A build after an edit: wall time in seconds, the files whose pages were rendered, those that show the edit."""

    wall: float
    rendered: frozenset[str]
    showing: frozenset[str]


class _Round(NamedTuple):
    """One round of builds, each after a state of its own."""

    nothing: Cost
    body: _Edited
    title: _Edited
    hugo: Cost


def figures(sites: Sites, runs: int) -> Iterator[Figure]:
    """Measure a site of ssg's, with `runs` builds of each kind, and clean builds by Hugo in the same rounds.

    Pages are held against the budgets that a site has by itself.
    """
    sites = checked(sites)
    clean, without = compare(
        [ssg_build(sites.ssg, clean=True), ssg_build(sites.ssg, "--no-cache", clean=True)],
        runs,
    )
    run(ssg_build(sites.ssg, clean=True))
    store, output = _size(sites.ssg / ".ssg"), _size(sites.ssg / "public")
    sources = _by_date(sites.ssg)
    rounds = [_round(sites, sources, number, runs) for number in range(runs)]
    yield from _of_rounds(sites.pages, rounds)
    ratio = clean.wall / without.wall
    bar, met = held(sites.pages, {10_000: 1.25}, ratio, "at most {:.2f}")
    what = f"{ratio:.2f} of --no-cache ({clean.wall:.2f} s, {without.wall:.2f} s)"
    yield Figure(sites.pages, "cold, with the store", what, bar, met)
    later = _size(sites.ssg / ".ssg")
    bar, met = held(sites.pages, {10_000: 2.0}, max(store, later) / output, "at most {:.1f}")
    what = f"{store / output:.2f} of the output's {output / 1e6:.1f} MB, {later / output:.2f} after {2 * runs} edits"
    yield Figure(sites.pages, "size of the store", what, bar, met)


def _of_rounds(pages: int, rounds: Sequence[_Round]) -> Iterator[Figure]:
    nothing, hugo = medians([one.nothing for one in rounds]), medians([one.hugo for one in rounds])
    bar, met = held(pages, {10_000: 0.5}, nothing.wall, "at most {:.2f} s")
    yield Figure(pages, "nothing changed", f"{nothing.wall:.2f} s", bar, met)
    ratio = nothing.wall / hugo.wall
    bar, met = held(pages, {10_000: 0.05}, ratio, "at most {:.2f}")
    yield Figure(pages, "the same, to Hugo", f"{ratio:.3f} of hugo --minify ({hugo.wall:.2f} s)", bar, met)
    bodies = [one.body for one in rounds]
    wall = statistics.median(one.wall for one in bodies)
    bar, met = held(pages, {10_000: 1.0}, wall, "at most {:.1f} s, 1 page")
    alone = all(len(one.rendered) == 1 for one in bodies)
    yield Figure(pages, "one body edited", f"{wall:.2f} s, {_most(bodies)} rendered", bar, met and alone)
    titles = [one.title for one in rounds]
    wall = statistics.median(one.wall for one in titles)
    bar, met = held(pages, {10_000: 1.5}, wall, "at most {:.1f} s, those pages")
    exact = all(one.rendered == one.showing for one in titles)
    shown = "exactly those that show it" if exact else "NOT those that show it"
    yield Figure(pages, "one title edited", f"{wall:.2f} s, {_most(titles)} rendered, {shown}", bar, met and exact)


def _most(edits: Sequence[_Edited]) -> str:
    counts = sorted({len(one.rendered) for one in edits})
    return f"{counts[0]}" if len(counts) == 1 else f"{counts[0]} to {counts[-1]}"


def _round(sites: Sites, sources: Sequence[Path], number: int, runs: int) -> _Round:
    """Build with nothing changed, with a body and with a title edited: pages from the middle of the site's years."""
    hugo = run(hugo_build(sites.hugo)).cost
    time.sleep(_AGE)
    run(ssg_build(sites.ssg))
    nothing = run(ssg_build(sites.ssg, "--json"))
    _expect(json.loads(nothing.said)["rendered"] == 0, "something was rendered though nothing had changed")
    place = len(sources) // 4 + number * len(sources) // (2 * runs)
    word = f"Round{number}of{os.getpid()}"
    source = sources[place]
    source.write_text(f"{source.read_text(encoding='utf-8')}\n\nBody{word}\n", encoding="utf-8")
    body = _edited(sites.ssg, f"Body{word}")
    source = sources[place + 1]
    text = _TITLE.sub(f'title = "Title{word}"', source.read_text(encoding="utf-8"), count=1)
    source.write_text(text, encoding="utf-8")
    return _Round(nothing.cost, body, _edited(sites.ssg, f"Title{word}"), hugo)


def _edited(site: Path, word: str) -> _Edited:
    """Build after an edit that brought in a word of its own; find the files that show it."""
    done = run(ssg_build(site, "--json"))
    rendered = frozenset(artifact_path(url) for url in load_reasons(str(site)) or ())
    _expect(json.loads(done.said)["rendered"] == len(rendered), "the reasons are not those of the build")
    mark = word.encode()
    public = site / "public"
    files = (Path(folder, name) for folder, _, names in os.walk(public) for name in names)
    showing = frozenset(file.relative_to(public).as_posix() for file in files if mark in file.read_bytes())
    return _Edited(done.cost.wall, rendered, showing)


def _by_date(site: Path) -> list[Path]:
    """Give the sources of a site, the oldest first."""
    dated = [(_DATE.search(path.read_text(encoding="utf-8")), path) for path in (site / "content").rglob("*.md")]
    return [path for found, path in sorted(dated, key=lambda one: (one[0][1] if one[0] else "", one[1]))]


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def _expect(true: bool, otherwise: str) -> None:  # noqa: FBT001
    if not true:
        raise RuntimeError(otherwise)
