"""How wide the theme and the site show images → the configuration of images with the widths that follow from it."""

from collections.abc import Iterator

import msgspec

from ssg import assets, render
from ssg.config import Config, ImagesConfig, place
from ssg.errors import Diagnostic, Location, error


def showing_of(config: Config, theme: render.Theme | None, root: str) -> tuple[ImagesConfig, tuple[Diagnostic, ...]]:
    """Give `[images]` with `sizes`, `slots` and `widths` filled in: the site's own, then the theme's.

    A width that cannot be worked out is a diagnostic at the place where it is written.
    """
    own = config.images
    declared = theme.images if theme is not None else render.Showing()
    slots = dict(declared.slots) | own.slots
    images = msgspec.structs.replace(own, sizes=own.sizes or declared.sizes or "100vw", slots=slots)
    if own.widths:  # then nothing is worked out
        return images, ()
    said = tuple(_wrong(images, own, declared, root))
    if said:
        return msgspec.structs.replace(images, widths=assets.slot_widths(("100vw",))), said
    return msgspec.structs.replace(images, widths=assets.slot_widths((images.sizes, *slots.values()))), ()


def _wrong(images: ImagesConfig, own: ImagesConfig, declared: render.Showing, root: str) -> Iterator[Diagnostic]:
    """Say which widths cannot be worked out."""
    theirs = Location(declared.path)
    written = [(images.sizes, "sizes", place(root, ("images",), "sizes") if own.sizes else theirs)]
    for name, sizes in sorted(images.slots.items()):
        where = place(root, ("images", "slots"), name) if name in own.slots else theirs
        written.append((sizes, f'the slot "{name}"', where))
    for sizes, what, where in written:
        try:
            assets.slot_widths((sizes,))
        except ValueError as reason:
            hint = 'write widths in px, rem or vw, like "(min-width: 46rem) 44rem, 100vw", or set widths'
            yield error("config", f"{what} in [images] cannot be worked out: {reason}", where, hint)
