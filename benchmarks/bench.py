"""`make bench`: ssg beside Hugo on the same pages, first builds and repeated ones, and its preview; all in one run.

Layouts give the same HTML, highlighting is on in both, output is minified in both, nothing is compressed. All figures
are medians; each stands beside its bar. The parts are `cold`: a first build, at each number of pages; `warm`: a build
after another, at the largest; `watch`: the preview, at each; `images`: a first build of images, beside libvips.
"""

import argparse
import os
import tempfile
from pathlib import Path

from benchmarks import cold, images, saved, warm
from benchmarks.figures import HEADS
from benchmarks.sites import make

_ROOT = Path(__file__).parent.parent
_CORPORA = Path(os.environ.get("SSG_CORPORA", _ROOT.parent / "shared" / "corpora"))
_PARTS = ("cold", "warm", "watch", "images")


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
        paged = {"cold", "warm", "watch"} & {*options.only}
        made = [make(corpus, pages, Path(folder), rich=options.rich) for pages in sorted(options.pages) if paged]
        if "cold" in options.only:
            cold.show(made, options.runs)
        if {"warm", "watch", "images"} & {*options.only}:
            print(HEADS.rstrip())
        if "warm" in options.only:
            for figure in warm.figures(made[-1], options.runs):
                print(figure, flush=True)
        if "watch" in options.only:
            for sites in made:
                print(saved.figure(sites, 4 * options.runs), flush=True)
        if "images" in options.only:
            of = options.images if options.images.is_dir() else None
            for figure in images.figures(of, options.photographs, Path(folder), options.runs):
                print(figure, flush=True)


if __name__ == "__main__":
    main()
