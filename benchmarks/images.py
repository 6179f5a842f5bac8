"""Images: a first build of them, beside libvips making the same files with nothing around it."""

import json
import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyvips

from benchmarks.figures import Figure
from benchmarks.measure import Program, compare
from benchmarks.programs import ssg_build
from ssg.assets.images import ImageProbe, VariantPlan, plan_variants, probe_image
from ssg.config import ImagesConfig

_SIZES = "(min-width: 46.5rem) 44rem, calc(100vw - 2.5rem)"
_SITE = f"""[site]
title = "Bench"
base_url = "https://example.org/"
[output]
encodings = []
[images]
sizes = "{_SIZES}"
"""
_ENDINGS = {".gif", ".jpeg", ".jpg", ".png", ".webp"}
_BAR = 1.2


def figures(corpus: Path | None, most: int, folder: Path, runs: int) -> Iterator[Figure]:
    """Build a site of images clean, and have libvips make the same files; give wall times and their ratio.

    Takes a folder of images, of which every so manieth is taken so that there are `most`; without one, photographs are
    drawn. The files are made in one process a core by both.
    """
    site = folder / "images"
    plans = _lay_out(site, _chosen(corpus, most) if corpus is not None else _drawn(folder, most))
    listed, out = folder / "plans.json", folder / "made"
    listed.write_text(json.dumps(plans), "utf-8")
    command = [sys.executable, "-m", "benchmarks.vips", str(listed), str(out)]
    bare = Program("libvips", command, Path(__file__).parent.parent, [out])
    own, base = compare([ssg_build(site, clean=True), bare], runs)
    number, files = len(plans), sum(len(one[2]) for one in plans)
    measured = f"{own.wall:.2f} s, {own.cpu:.2f} s CPU, {own.memory:.0f} MB"
    yield Figure(number, f"images, {files:,} files", measured)
    yield Figure(number, "libvips by itself", f"{base.wall:.2f} s, {base.cpu:.2f} s CPU, {base.memory:.0f} MB")
    ratio = own.wall / base.wall
    measured = f"{ratio:.2f}, CPU {own.cpu / base.cpu:.2f}"
    yield Figure(number, "the same, to libvips", measured, f"at most {_BAR} of libvips", ratio <= _BAR)


def _chosen(corpus: Path, most: int) -> list[Path]:
    found = sorted(path for path in corpus.rglob("*") if path.suffix.lower() in _ENDINGS)
    step = max(1, len(found) // most)
    return found[::step][:most]


def _drawn(folder: Path, number: int) -> list[Path]:
    """Draw photographs of 6 megapixels."""
    drawn = folder / "drawn"
    drawn.mkdir()
    for seed in range(number):
        parts = [pyvips.Image.perlin(3000, 2000, cell_size=size, seed=seed, uchar=True) for size in (700, 200, 60)]
        parts[0].bandjoin(parts[1:]).copy(interpretation="srgb").write_to_file(str(drawn / f"{seed}.jpg"), Q=90)
    return sorted(drawn.iterdir())


def _lay_out(site: Path, images: Sequence[Path]) -> list[tuple[str, int, list[tuple[str, int, dict[str, Any]]]]]:
    """Make the site; give what ssg makes of each image, the largest files first."""
    config = ImagesConfig(sizes=_SIZES)
    (site / "content").mkdir(parents=True)
    (site / "assets").mkdir()
    (site / "site.toml").write_text(_SITE, "utf-8")
    (site / "content/_index.md").write_text("# Images\n", "utf-8")
    plans = []
    for number, image in enumerate(sorted(images, key=lambda one: -one.stat().st_size)):
        file = site / "assets" / f"{number}{image.suffix.lower()}"
        shutil.copyfile(image, file)
        probe = probe_image(file.name, file.read_bytes())
        wanted = plan_variants(probe, config) if isinstance(probe, ImageProbe) else ()
        if isinstance(probe, ImageProbe) and wanted:
            plans.append((str(file), probe.frames, [_encoder(one) for one in wanted]))
    return plans


def _encoder(plan: VariantPlan) -> tuple[str, int, dict[str, Any]]:
    """Give the options with which ssg makes a file, as libvips takes them."""
    match plan.format:
        case "avif":
            colours = "off" if plan.sharp else "on"
            return "avif", plan.width, {"Q": plan.quality, "effort": plan.effort, "subsample_mode": colours}
        case "webp":
            sharp = {"smart_subsample": True} if plan.sharp else {}
            return "webp", plan.width, {"Q": plan.quality, "effort": plan.effort, **sharp}
        case "jpeg":
            return "jpg", plan.width, {"Q": plan.quality, "interlace": True}
        case _:
            return plan.format, plan.width, {}
