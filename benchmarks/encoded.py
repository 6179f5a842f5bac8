"""Compressed forms: the time that making them takes, beside what the compressors take by themselves."""

import re
import statistics
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor

from benchmarks.figures import Figure, held
from benchmarks.measure import run
from benchmarks.programs import ssg_build
from benchmarks.sites import NOT_ENCODED, Sites
from ssg.config import OutputConfig
from ssg.output.encode import compressible, encode
from ssg.urls import media_type
from ssg.workers import cores

_STAGE = re.compile(r'^ssg_build_stage_duration_seconds{stage="encode"} (\S+)$', re.MULTILINE)


def figure(sites: Sites, runs: int) -> Figure:
    """Build a site with nothing compressed, then again, over its store, with compressed forms; `runs` times.

    So the second build finds all pages, and its stage makes their forms alone. The compressors by themselves go over
    the same bytes with every core at it, just before; that time is divided by the cores. Given is the median of the
    ratios.
    """
    config = sites.ssg / "site.toml"
    off = config.read_text(encoding="utf-8")
    rounds: list[tuple[float, float, float]] = []
    for _ in range(runs):
        run(ssg_build(sites.ssg, clean=True))
        bodies = _bodies(sites)
        with ProcessPoolExecutor(cores()) as pool:
            own = statistics.mean(pool.map(_alone, [bodies] * cores())) / cores()
        config.write_text(off.replace(NOT_ENCODED, ""), encoding="utf-8")
        run(ssg_build(sites.ssg, "--metrics", "metrics.txt"))
        config.write_text(off, encoding="utf-8")
        found = _STAGE.search((sites.ssg / "metrics.txt").read_text(encoding="utf-8"))
        wall = float(found[1]) if found else 0.0
        rounds.append((wall / own, wall, own))
    ratio, wall, own = sorted(rounds)[len(rounds) // 2]
    bar, met = held(sites.pages, {sites.pages: 1.1}, ratio, "at most {:.1f}")
    what = f"{ratio:.3f} of the compressors' own {own:.2f} s on {cores()} cores ({wall:.2f} s)"
    return Figure(sites.pages, "compressed forms", what, bar, met)


def _bodies(sites: Sites) -> list[bytes]:
    """Give the bytes of all files that have compressed forms, each once."""
    files = (file for file in sorted((sites.ssg / "public").rglob("*")) if file.is_file())
    bodies = dict.fromkeys(file.read_bytes() for file in files if compressible(media_type(file.name)))
    return [body for body in bodies if len(body) >= OutputConfig().min_bytes]


def _alone(bodies: Sequence[bytes]) -> float:
    """Give the time in seconds that the compressors take for the bytes, in one process."""
    begin = time.perf_counter()
    for body in bodies:
        for encoding in OutputConfig().encodings:
            encode(body, encoding)
    return time.perf_counter() - begin
