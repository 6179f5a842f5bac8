"""Budgets: what holding pages against them adds to a build, cold and unchanged."""

import re
import statistics
from collections.abc import Iterator

from benchmarks.figures import Figure, held
from benchmarks.measure import run
from benchmarks.programs import ssg_build
from benchmarks.sites import NOT_CHECKED, NOT_ENCODED, Sites

_STAGE = re.compile(r'^ssg_build_stage_duration_seconds{stage="budget"} (\S+)$', re.MULTILINE)
_BUILD = re.compile(r"^ssg_build_duration_seconds (\S+)$", re.MULTILINE)


def figures(sites: Sites, runs: int) -> Iterator[Figure]:
    """Build a site from nothing, then again as it is; first without compressed forms, then with them; `runs` times."""
    config = sites.ssg / "site.toml"
    written = config.read_text(encoding="utf-8")
    plain = written.replace(NOT_CHECKED, "")
    for name, text in (("not encoded", plain), ("encoded", plain.replace(NOT_ENCODED, ""))):
        config.write_text(text, encoding="utf-8")
        rounds = [(_times(sites, clean=True), _times(sites, clean=False)) for _ in range(runs)]
        cold = statistics.median(stage / (whole - stage) for (stage, whole), _ in rounds)
        warm = 1000 * statistics.median(stage for _, (stage, _) in rounds)
        added = 1000 * statistics.median(stage for (stage, _), _ in rounds)
        bar, met = held(sites.pages, {sites.pages: 0.05}, cold, "at most {:.2f} of the rest")
        yield Figure(
            sites.pages, f"budget, {name}", f"{cold:.3f} of the rest of a first build ({added:.0f} ms)", bar, met
        )
        bar, met = held(sites.pages, {sites.pages: 50}, warm, "at most {:.0f} ms")
        yield Figure(sites.pages, "budget, unchanged", f"{warm:.1f} ms", bar, met)
    config.write_text(written, encoding="utf-8")


def _times(sites: Sites, *, clean: bool) -> tuple[float, float]:
    """Give the seconds of the stage, and of the whole build."""
    run(ssg_build(sites.ssg, "--metrics", "metrics.txt", clean=clean))
    said = (sites.ssg / "metrics.txt").read_text(encoding="utf-8")
    stage, whole = _STAGE.search(said), _BUILD.search(said)
    return float(stage[1]) if stage else 0.0, float(whole[1]) if whole else 0.0
