"""Which code packs texts: so that remembered ones are forgotten when it changes."""

import functools

from ssg.versions import code_of

_PARTS = ("errors.py", "manifest.py", "model.py", "scanning.py", "urls.py")
_LIBRARIES = ("fonttools", "lightningcss", "msgspec", "turbohtml")
_OF_IMAGES = (
    "icons.py",
    "images.py",
    "lengths.py",
    "metadata.py",
    "pictures.py",
    "slots.py",
    "svg.py",
    "variants.py",
    "vips.py",
)
_IMAGE_LIBRARIES = ("msgspec", "pyvips", "pyvips-binary")


@functools.cache
def version() -> str:
    """Give a digest of the code that packs, and of its libraries."""
    return code_of(("assets/", "optimize/script.py", *_PARTS), _LIBRARIES)


@functools.cache
def picture_version() -> str:
    """Give a digest of the code that makes variants of images, and of its libraries; libvips is one of a package."""
    return code_of((*(f"assets/{name}" for name in _OF_IMAGES), *_PARTS), _IMAGE_LIBRARIES)
