"""libvips by itself: the files that a list names, in as many processes as there are cores, and nothing else.

`python -m benchmarks.vips LIST OUT` takes a JSON list: for each image its file, its frames, and what is to be made of
it, as `[format, width in px, options of the encoder]`.
"""

import json
import multiprocessing
import os
import sys
from pathlib import Path
from typing import Any

_ANY_HEIGHT = 10_000_000


def main() -> None:
    """Make the files."""
    listed, out = map(Path, sys.argv[1:])
    out.mkdir()
    work = [(str(out / str(number)), *one) for number, one in enumerate(json.loads(listed.read_text("utf-8")))]
    with multiprocessing.get_context("fork").Pool(len(os.sched_getaffinity(0))) as pool:
        for _ in pool.imap_unordered(_make, work):
            pass


def _make(work: tuple[str, str, int, list[tuple[str, int, dict[str, Any]]]]) -> None:
    """Decode an image once, in the largest width; make the others from that, except of animations."""
    import pyvips  # noqa: PLC0415 - a process is forked before libvips has threads

    out, file, frames, plans = work
    pyvips.concurrency_set(1)
    pyvips.cache_set_max(0)
    options = {"option_string": "n=-1"} if frames > 1 else {}
    body = Path(file).read_bytes()
    widest = max(width for _, width, _ in plans)
    images = {
        widest: pyvips.Image.thumbnail_buffer(body, widest, height=_ANY_HEIGHT, size="down", **options).copy_memory()
    }
    for ending, width, quality in plans:
        if width not in images and frames > 1:
            images[width] = pyvips.Image.thumbnail_buffer(body, width, height=_ANY_HEIGHT, size="down", **options)
        elif width not in images:
            images[width] = images[widest].thumbnail_image(width, height=_ANY_HEIGHT, size="down").copy_memory()
        images[width].write_to_file(f"{out}-{width}.{ending}", keep="none", **quality)


if __name__ == "__main__":
    main()
