"""Budgets: what holding pages against them adds to a build, cold and unchanged."""

import re
import statistics
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figures import Figure, held
from benchmarks.measure import compare, run
from benchmarks.programs import ssg_build
from benchmarks.sites import NOT_ENCODED, Sites, checked

_STAGE = re.compile(r'^ssg_build_stage_duration_seconds{stage="budget"} (\S+)$', re.MULTILINE)


def figures(sites: Sites, runs: int, *, encoded: bool) -> Iterator[Figure]:
    """Build a site with budgets and without them in turn, from nothing, and as it is; `encoded`: with compression too.

    Some of what the check needs is taken while pages are rendered: whole builds are compared, by wall and by CPU time.
    """
    plain, held_to = sites.ssg, checked(sites).ssg
    written = {site: (site / "site.toml").read_text(encoding="utf-8") for site in (plain, held_to)}
    for name in ("not encoded", "encoded")[: 1 + encoded]:
        for site, text in written.items():
            said = text if name == "not encoded" else text.replace(NOT_ENCODED, "")
            (site / "site.toml").write_text(said, encoding="utf-8")
        without, with_ = compare([ssg_build(plain, clean=True), ssg_build(held_to, clean=True)], runs)
        ratio = with_.wall / without.wall
        bar, met = held(sites.pages, {sites.pages: 1.05}, ratio, "at most {:.2f}")
        added = f"CPU {with_.cpu / without.cpu:.3f}; {1000 * (with_.wall - without.wall):.0f} ms"
        yield Figure(sites.pages, f"budget, {name}, to none", f"{ratio:.3f} ({added})", bar, met)
        warm = 1000 * statistics.median(_stage(held_to) for _ in range(runs))
        bar, met = held(sites.pages, {sites.pages: 50}, warm, "at most {:.0f} ms")
        yield Figure(sites.pages, f"budget, {name}, unchanged", f"{warm:.1f} ms", bar, met)
    (plain / "site.toml").write_text(written[plain], encoding="utf-8")


def _stage(site: Path) -> float:
    """Build a site as it is, and give the seconds that its check took."""
    run(ssg_build(site, "--metrics", "metrics.txt"))
    found = _STAGE.search((site / "metrics.txt").read_text(encoding="utf-8"))
    return float(found[1]) if found else 0.0
