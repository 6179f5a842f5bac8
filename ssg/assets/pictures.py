"""An image file → all that is published of it."""

import multiprocessing
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor

import msgspec

from ssg.assets.images import ImageProbe, VariantPlan, is_wanted, plan_variants, probe_image
from ssg.assets.metadata import strip_metadata
from ssg.assets.svg import clean_svg
from ssg.assets.variants import Variant, Variants, encode_variants
from ssg.assets.vips import forked_late
from ssg.config import ImagesConfig
from ssg.errors import Diagnostic

_ENDINGS = (".avif", ".gif", ".jpe", ".jpeg", ".jpg", ".png", ".svg", ".webp")


class Made(msgspec.Struct, frozen=True):
    """What was made of an image: variants, whether the file itself is one of them, its main colour.

    `body` has the bytes to publish in the place of the file's own; None where those stay.
    """

    variants: tuple[Variant, ...] = ()
    original: bool = True
    color: str = ""
    body: bytes | None = None
    diagnostics: tuple[Diagnostic, ...] = ()


def is_picture(path: str, config: ImagesConfig) -> bool:
    """Tell by its path whether something is to be made of a file."""
    return path.lower().endswith(_ENDINGS) and is_wanted(path, config)


def make_pictures(path: str, body: bytes, config: ImagesConfig) -> Made:
    """Make all that is published of an image: variants, and the file without metadata; a drawing without scripts.

    Takes its bytes; `path` names it in messages. A damaged one gives a diagnostic and stays as it is.
    """
    if path.lower().endswith(".svg"):
        cleaned = clean_svg(path, body)
        return Made(body=cleaned.body if cleaned.body != body else None, diagnostics=cleaned.diagnostics)
    probe = probe_image(path, body)
    if not isinstance(probe, ImageProbe):
        return Made(diagnostics=(probe,) if probe is not None else ())
    plans = plan_variants(probe, config)
    made = _encoded(probe, body, plans) if plans else Variants((), True, "")  # noqa: FBT003 - a field
    if made.diagnostics:
        return Made(diagnostics=made.diagnostics)
    stripped = strip_metadata(body)
    return Made(made.variants, made.original, made.color, stripped if stripped != body else None)


def make_some(
    path: str, body: bytes, config: ImagesConfig, chosen: Callable[[Sequence[int]], Collection[int]]
) -> Mapping[int, Variant]:
    """Make some variants of an image as `make_pictures` would, in the best format, by width in px.

    `chosen` takes the widths that there would be, rising, and gives some of them. One that is not worth it is left out.
    """
    probe = probe_image(path, body)
    plans = plan_variants(probe, config) if isinstance(probe, ImageProbe) else ()
    if not plans or not isinstance(probe, ImageProbe) or plans[0].format == probe.format:
        return {}
    best = {one.width: one for one in plans if one.format == plans[0].format}
    wanted = chosen(tuple(best))
    # The widest is what others are made from, and decides whether the format is kept.
    made = _encoded(probe, body, [best[width] for width in sorted({*wanted, max(best)})])
    return {one.width: one for one in made.variants if one.width in wanted}


def _encoded(probe: ImageProbe, body: bytes, plans: Sequence[VariantPlan]) -> Variants:
    """Make variants here, or in a new process where this one was forked from one that did such work."""
    if not forked_late():
        return encode_variants(probe, body, plans)
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as apart:
        return apart.submit(encode_variants, probe, body, plans).result()
