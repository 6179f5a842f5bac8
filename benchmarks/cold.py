"""A first build, beside Hugo's: output and caches are removed before every run."""

from collections.abc import Sequence
from pathlib import Path

from benchmarks.measure import Cost, Program, compare
from benchmarks.programs import hugo_build, ssg_build, ssg_help
from benchmarks.sites import Sites


def show(made: Sequence[Sites], runs: int, bars: str) -> None:
    """Build the pages of each pair of sites with both programs in turn, and print medians and ratios."""
    print(f"a first build; bars: wall {bars}")
    heads = f"{'pages':>7} {'program':>8} {'wall s':>8} {'CPU s':>8} {'MB':>7} {'HTML files':>11} {'HTML MB':>8}"
    print(f"{heads}   ratios to Hugo")
    for sites in made:
        programs = [ssg_build(sites.ssg, clean=True), hugo_build(sites.hugo)]
        costs = compare(programs, runs)
        for program, cost in zip(programs, costs, strict=True):
            print(_row(sites.pages, program, cost, costs[1]))
    [start] = compare([ssg_help(Path.cwd())], 2 * runs)
    print(f"ssg --help: {start.wall * 1e3:.0f} ms, at most 120 ms")


def _row(pages: int, program: Program, cost: Cost, base: Cost) -> str:
    """Say what a run cost, and what it gave, so that both can be seen to have done the same."""
    sizes = [file.stat().st_size for file in (program.folder / "public").rglob("*.html")]
    ratios = "  ".join(
        f"{figure} {getattr(cost, figure) / getattr(base, figure):.2f}" for figure in ("wall", "cpu", "memory")
    )
    given = f"{len(sizes):>11,} {sum(sizes) / 1e6:>8.1f}"
    return f"{pages:>7,} {program.name:>8} {cost.wall:>8.2f} {cost.cpu:>8.2f} {cost.memory:>7.0f} {given}   {ratios}"
