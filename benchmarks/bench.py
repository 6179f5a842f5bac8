"""`make bench`: ssg beside Hugo on the same pages, first builds and repeated ones, and its preview; all in one run.

Layouts give the same HTML, highlighting is on in both, output is minified in both, nothing is compressed, and budgets
are off where Hugo is beside. All figures are medians; each stands beside its bar. The parts are `cold`: a first build,
at each number of pages; `dressed`: the same with a style sheet, scripts and all passes for ssg, at the smallest;
`warm`: a build after another, at the largest, with budgets; `watch`: the preview, at each; `encode`: compressed forms,
at the largest; `budget`: what holding pages against budgets adds, at each, with compression at the smallest; `images`:
a first build of images, beside libvips; `deploy`: uploads to a bucket of SeaweedFS on this machine, beside `aws s3
sync` and `hugo deploy`; `passes`: what the passes over HTML take.
"""

import argparse
import os
import tempfile
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from benchmarks import budgets, cold, deployed, encoded, images, passes, saved, warm
from benchmarks.figures import HEADS, Figure
from benchmarks.sites import Sites, dress, make

_ROOT = Path(__file__).parent.parent
_CORPORA = Path(os.environ.get("SSG_CORPORA", _ROOT.parent / "shared" / "corpora"))
_PARTS = ("cold", "dressed", "warm", "watch", "passes", "encode", "budget", "images", "deploy")
_OF_PAGES = {"cold", "dressed", "warm", "watch", "encode", "budget"}


def main() -> None:
    """Run the parts that were asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=_PARTS, nargs="+", default=_PARTS, help="the parts to run")
    parser.add_argument("--pages", type=int, nargs="+", default=[1_000, 10_000])
    parser.add_argument("--runs", type=int, default=5, help="counted runs of each kind; of saves, four times as many")
    parser.add_argument("--corpus", type=Path, default=_CORPORA / "til", help="a folder of Markdown files")
    parser.add_argument("--rich", action="store_true", help="tags, related pages, 300 entries of navigation")
    parser.add_argument("--images", type=Path, default=_CORPORA / "18f/assets", help="a folder of images")
    parser.add_argument("--photographs", type=int, default=24, help="how many images to take of it, or to draw")
    options = parser.parse_args()
    corpus = options.corpus if options.corpus.is_dir() else _ROOT / "content"
    print(f"pages of {corpus.name}, {options.runs} runs of each kind, medians")
    with tempfile.TemporaryDirectory(prefix="ssg-bench-") as folder:
        of_pages = sorted(options.pages) if _OF_PAGES & {*options.only} else []
        made = [make(corpus, pages, Path(folder), rich=options.rich) for pages in of_pages]
        _show(made, options.only, options.runs, corpus)
        if "images" in options.only:
            of = options.images if options.images.is_dir() else None
            for figure in images.figures(of, options.photographs, Path(folder), options.runs):
                print(figure, flush=True)


def _show(made: Sequence[Sites], parts: Collection[str], runs: int, corpus: Path) -> None:
    """Measure the parts that were asked for, and print each figure as soon as it is there."""
    if "cold" in parts:
        cold.show(made, runs, "at most 0.60 of Hugo, 250 MB")
    if {*parts} - {"cold", "dressed"}:
        print(HEADS.rstrip())
    for figure in _figures(made, parts, runs):
        print(figure, flush=True)
    if "dressed" in parts:  # it changes its site
        cold.show([dress(made[0])], runs, "with a sheet, scripts and all passes, at most 0.80 of Hugo")
    if "passes" in parts:  # the last: a process that is begun later would begin with the memory that this takes
        for figure in passes.figures(corpus):
            print(figure, flush=True)


def _figures(made: Sequence[Sites], parts: Collection[str], runs: int) -> Iterator[Figure]:
    if "warm" in parts:
        yield from warm.figures(made[-1], runs)
    if "watch" in parts:
        yield from (saved.figure(sites, 4 * runs) for sites in made)
    if "encode" in parts:
        yield encoded.figure(made[-1], runs)
    if "deploy" in parts:
        yield from deployed.figures(runs)
    if "budget" in parts:
        for sites in made:
            yield from budgets.figures(sites, runs, encoded=sites is made[0])


if __name__ == "__main__":
    main()
