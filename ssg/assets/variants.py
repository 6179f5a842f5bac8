"""One image, decoded once → the variants that are worth publishing."""

import itertools
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from ssg.assets.images import MEDIA_TYPES, Format, ImageProbe, VariantPlan
from ssg.assets.vips import encoder
from ssg.errors import Diagnostic, Location, warning

# The largest height that libvips takes: the width alone decides.
_ANY_HEIGHT = 10_000_000
# The side of the thumbnail that the main colour is taken from, in px.
_SAMPLE = 32
_PROFILE = "icc-profile-data"
# What nearly every profile of sRGB is called by, after the standard.
_SRGB = b"IEC61966-2"


class Variant(msgspec.Struct, frozen=True):
    """A finished file of an image: its bytes, width and height in px, media type."""

    body: bytes
    width: int
    height: int
    media_type: str


class Variants(msgspec.Struct, frozen=True):
    """What was made of an image: variants worth publishing, the best format first, widths rising.

    `original` tells whether the file itself belongs to the variants of its format, as the widest of them. `color` is
    the main colour, `#rrggbb`, empty for an image that one can see through.
    """

    variants: tuple[Variant, ...]
    original: bool
    color: str
    diagnostics: tuple[Diagnostic, ...] = ()


def encode_variants(probe: ImageProbe, body: bytes, plans: Sequence[VariantPlan]) -> Variants:
    """Make the planned files of an image from its bytes, and give those that are worth it.

    Turned as EXIF says, in sRGB, without metadata; equal files and plans give equal bytes. An image that cannot be
    decoded to its end gives a diagnostic and no variants. One image is in memory, in the largest planned width.

    A process that has done this must fork no other that does it too: the work belongs into worker processes, or all of
    it into one.

    Raises:
        RuntimeError: this process was forked from one that has.
    """
    vips = encoder()
    try:
        largest = max((plan.width for plan in plans), default=min(probe.width, _SAMPLE))
        base = _scaled(vips, body, largest, probe.frames)
        made = _made(vips, base, probe, body, plans)
        color = _main_color(base if probe.frames == 1 else _scaled(vips, body, _SAMPLE, 1))
    except vips.Error:
        hint = "it is published as it is; save it again"
        wrong = warning("image", "is a damaged or incomplete image", Location(probe.path), hint)
        return Variants((), True, "", (wrong,))  # noqa: FBT003 - a field
    kept = _kept(made, probe)
    widest = max((plan.width for plan in plans if plan.format == probe.format), default=0)
    reached = any(one.width == widest for one in kept if one.media_type == MEDIA_TYPES[probe.format])
    return Variants(kept, probe.width <= largest or not reached, color)


def _made(
    vips: Any, base: Any, probe: ImageProbe, body: bytes, plans: Sequence[VariantPlan]
) -> dict[Format, list[Variant]]:
    """Make the planned files from the image in its largest width: by format as planned, widths rising.

    A format whose widest file is no smaller than the image itself is given up: it would not be kept.
    """
    made: dict[Format, list[Variant]] = {plan.format: [] for plan in plans}
    for width, narrow in itertools.groupby(sorted(plans, key=lambda one: -one.width), lambda one: one.width):
        wanted = [one for one in narrow if _worth(made[one.format], one, probe)]
        if wanted:
            image = base if width == base.width else _narrowed(vips, base, body, wanted[0])
            for plan in wanted:
                made[plan.format].insert(0, _encode(image, plan))
    return made


def _worth(wider: Sequence[Variant], plan: VariantPlan, probe: ImageProbe) -> bool:
    return plan.format == probe.format or not wider or len(wider[-1].body) < probe.size


def _scaled(vips: Any, body: bytes, width: int, frames: int) -> Any:
    """Decode an image at a width in px, upright and in sRGB, into memory; the decoder shrinks on its way."""
    options = "n=-1,fail_on=error" if frames > 1 else "fail_on=error"
    colours = {} if _is_srgb(vips.Image.new_from_buffer(body, "", access="sequential")) else {"output_profile": "srgb"}
    image = vips.Image.thumbnail_buffer(
        body, width, height=_ANY_HEIGHT, size="down", option_string=options, **colours
    ).copy_memory()
    if image.get_typeof(_PROFILE):
        image = image.copy()
        image.remove(_PROFILE)  # else it would be applied once more
    return image


def _is_srgb(image: Any) -> bool:
    """Tell whether colours are those of the Web already, which spares half the time of scaling."""
    if image.interpretation != "srgb" or not image.get_typeof(_PROFILE):
        return bool(image.interpretation == "srgb")
    profile = bytes(image.get(_PROFILE))
    return _SRGB in profile or _SRGB.decode().encode("utf-16-be") in profile


def _narrowed(vips: Any, base: Any, body: bytes, plan: VariantPlan) -> Any:
    """Give an image in a smaller width, from that in the largest; frames are one below the other, so anew for them."""
    if plan.frames > 1:
        return _scaled(vips, body, plan.width, plan.frames)
    return base.thumbnail_image(plan.width, height=_ANY_HEIGHT, size="down").copy_memory()


def _encode(image: Any, plan: VariantPlan) -> Variant:
    options: dict[str, object]
    match plan.format:
        case "avif":
            colours = "off" if plan.sharp else "on"  # text in colour loses its edges in halved colour
            options = {"Q": plan.quality, "effort": plan.effort, "subsample_mode": colours}
        case "webp":
            options = {"Q": plan.quality, "effort": plan.effort}
            if plan.sharp:
                options |= {"smart_subsample": True}
        case "jpeg":
            options = {"Q": plan.quality, "interlace": True}
        case _:
            options = {}
    ending = ".jpg" if plan.format == "jpeg" else f".{plan.format}"
    made: bytes = image.write_to_buffer(ending, keep="none", **options)
    height: int = image.get_page_height() if plan.frames > 1 else image.height
    return Variant(made, image.width, height, MEDIA_TYPES[plan.format])


def _kept(made: dict[Format, list[Variant]], probe: ImageProbe) -> tuple[Variant, ...]:
    """Give the variants that make a page smaller, whichever of them a browser takes.

    A browser takes the first format that it knows and then a width of it. So a format stands only where each of its
    widths is smaller than what the next plainer format has for that width, and the file itself; a width that is not
    smaller than a wider one goes.
    """
    kept: list[tuple[Variant, ...]] = []
    plainer: tuple[Variant, ...] = ()
    own = made.get(probe.format, [])
    for variants in (own, *(made[name] for name in reversed(made) if name != probe.format)):
        rising = _rising(one for one in reversed(variants) if len(one.body) < probe.size)
        smaller = all(_fetched(rising, one, probe.size) < _fetched(plainer, one, probe.size) for one in variants)
        if variants is own or (rising and rising[-1] is variants[-1] and smaller):
            kept.insert(0, rising)
            plainer = rising
    return tuple(one for variants in kept for one in variants)


def _rising(narrowing: Iterable[Variant]) -> tuple[Variant, ...]:
    """Give variants, widest first, without those that are no smaller than a wider one, widths rising."""
    kept: list[Variant] = []
    for one in narrowing:
        if not kept or len(one.body) < len(kept[0].body):
            kept.insert(0, one)
    return tuple(kept)


def _fetched(offered: Sequence[Variant], wanted: Variant, size: int) -> int:
    """Give the bytes that a browser fetches which looks for a width; without one as wide, those of the file."""
    return next((len(one.body) for one in offered if one.width >= wanted.width), size)


def _main_color(image: Any) -> str:
    """Give the colour that most of an image is near to, or nothing where one can see through it."""
    small = image.thumbnail_image(_SAMPLE, height=_SAMPLE, size="force")
    if small.hasalpha():
        if small.extract_band(small.bands - 1).min() < 255:  # noqa: PLR2004 - opaque
            return ""
        small = small.flatten()
    values = bytes(small.write_to_memory())
    pixels = list(zip(values[::3], values[1::3], values[2::3], strict=True))
    # Colours that agree in the first three bits of each part count as one; the first of equals wins.
    counts = Counter((red >> 5, green >> 5, blue >> 5) for red, green, blue in pixels)
    (chosen, number), *_ = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    near = [pixel for pixel in pixels if tuple(part >> 5 for part in pixel) == chosen]
    return "#" + "".join(f"{sum(pixel[part] for pixel in near) // number:02x}" for part in range(3))
