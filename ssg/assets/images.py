"""An image file → what it is, and the widths and formats that it is worth making."""

from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from typing import Literal

import msgspec

from ssg.assets.metadata import orientation
from ssg.assets.slots import slot_widths
from ssg.assets.vips import library
from ssg.config import ImagesConfig
from ssg.errors import Diagnostic, Location, warning

Format = Literal["avif", "gif", "jpeg", "png", "webp"]
MEDIA_TYPES: dict[Format, str] = {
    "avif": "image/avif",
    "gif": "image/gif",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
}
_ENDINGS: dict[str, Format] = {f".{name}": name for name in MEDIA_TYPES} | {".jpg": "jpeg", ".jpe": "jpeg"}
# Pixels of the file, and of all frames of one variant: what is in memory at once stays below some 400 MB.
_LARGEST, _LARGEST_VARIANT = 200_000_000, 25_000_000
# A width this close to that of the file is not worth a file of its own.
_CLOSE = 0.9
# How much more quality the thin lines and letters of a drawing or screenshot need.
_SHARPER = 10
# A file of fewer bytes saves less than the HTML that offers its variants.
_TINY = 1000
_POINTER = b"version https://git-lfs.github.com/spec/"
_AS_IT_IS = "it is published as it is"


class ImageProbe(msgspec.Struct, frozen=True):
    """An image as it is shown: width and height in px after turning, the number of frames, its size in bytes.

    `path` names it in messages.
    """

    path: str
    format: Format
    width: int
    height: int
    frames: int
    size: int

    @property
    def lossless(self) -> bool:
        """Whether the format keeps every pixel: drawings and screenshots are in it more often than photographs."""
        return self.format in {"gif", "png"}


class VariantPlan(msgspec.Struct, frozen=True):
    """One file that is to be made of an image: its format, its width in px, and how it is compressed.

    `effort` is that of the encoder, which trades time for bytes; `sharp` keeps the edges of drawings and text.
    """

    format: Format
    width: int
    quality: int
    effort: int
    sharp: bool
    frames: int


def is_wanted(path: str, config: ImagesConfig) -> bool:
    """Tell whether the site wants variants of a file; in a pattern of `exclude`, `*` stands for folders as well."""
    return config.enabled and not any(fnmatchcase(path, pattern) for pattern in config.exclude)


def probe_image(path: str, body: bytes) -> ImageProbe | Diagnostic | None:
    """Tell what the bytes of an image file are; None where ssg makes no variants of such a file.

    A file that is damaged, or not what its name says, gives a diagnostic. `path` names it in messages.
    """
    named = _ENDINGS.get(PurePosixPath(path).suffix.lower())
    if named is None:
        return None
    return _mistaken(path, body, named) or _probe(path, body, named)


def _probe(path: str, body: bytes, named: Format) -> ImageProbe | Diagnostic:
    vips = library()
    try:
        image = vips.Image.new_from_buffer(body, "", access="sequential")
        turned = orientation(body) >= 5  # noqa: PLR2004 - from here on, width and height change places
    except vips.Error:
        return _wrong(path, "is a damaged image", f"{_AS_IT_IS}; save it again")
    except ValueError as reason:
        return _wrong(path, f"has broken EXIF data: {reason}", f"{_AS_IT_IS}; save it without them")
    width, height = (image.height, image.width) if turned else (image.width, image.height)
    if width * height > _LARGEST:
        return _wrong(path, f"is very large, {width} by {height} px", f"{_AS_IT_IS}; make it smaller")
    frames = image.get_n_pages() if named in {"gif", "webp"} else 1
    return ImageProbe(path, named, width, height, frames, len(body))


def _mistaken(path: str, body: bytes, named: Format) -> Diagnostic | None:
    """Give what is wrong with bytes that should be an image of a format."""
    if not body:
        return _wrong(path, "is empty: 0 bytes", "save the image again, or remove it")
    if body.startswith(_POINTER):
        return _wrong(path, "is a pointer of Git LFS, not an image", 'fetch the image with "git lfs pull"')
    found = _format(body)
    if found is None:
        return _wrong(path, f"is no {named.upper()} image, although it is named like one", f"{_AS_IT_IS}; save it anew")
    if found != named:
        return _wrong(
            path, f"is a {found.upper()} image that is named like a {named.upper()}", "give it its own ending"
        )
    return None


def _wrong(path: str, message: str, hint: str) -> Diagnostic:
    return warning("image", message, Location(path), hint)


def _format(body: bytes) -> Format | None:
    """Tell the format from the first bytes (WHATWG MIME Sniffing, section 6.1; AVIF 1.1, section 6.3)."""
    if body.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if body.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if body.startswith((b"GIF87a", b"GIF89a")):
        return "gif"
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return "webp"
    if body[4:8] == b"ftyp" and b"avif" in body[8:64]:
        return "avif"
    return None


def plan_variants(probe: ImageProbe, config: ImagesConfig) -> tuple[VariantPlan, ...]:
    """Give the files to make of an image, the best format first, widths in px rising.

    The widths are those of the configuration; without any, those that screens need for its `sizes` and `slots`. No
    width is above that of the image. An animated image is made as WebP alone, as the encoder of AVIF takes no frames.
    In its own format, an image is made in smaller widths only: in its own width there is the file. A file below 1,000
    bytes is as good as it gets.

    Raises:
        ValueError: `sizes` cannot be worked out.
    """
    if probe.size < _TINY:
        return ()
    wanted = tuple(sorted(set(config.widths))) or slot_widths((config.sizes, *config.slots.values()))
    widths = [width for width in wanted if width < probe.width * _CLOSE]
    if len(widths) < len(wanted):
        widths.append(min(probe.width, wanted[-1]))
    widths = [
        width for width in widths if width * width * probe.height // probe.width * probe.frames <= _LARGEST_VARIANT
    ]
    better = config.formats[: config.formats.index(probe.format)] if probe.format in config.formats else config.formats
    formats: list[Format] = [name for name in better if probe.frames == 1 or name == "webp"]
    plans = [_plan(name, width, probe, config) for name in formats for width in widths]
    if probe.frames == 1 and probe.format != "gif":
        plans += [_plan(probe.format, width, probe, config) for width in widths if width < probe.width]
    return tuple(plans)


def _plan(name: Format, width: int, probe: ImageProbe, config: ImagesConfig) -> VariantPlan:
    # AVIF at effort 2 takes a seventh of the time of the library's own 4 for 3 % more bytes; WebP at 2 half for 3 %.
    quality = {"avif": config.quality.avif, "webp": config.quality.webp, "jpeg": config.quality.jpeg}.get(name, 100)
    sharp = probe.lossless and probe.frames == 1
    return VariantPlan(name, width, min(100, quality + _SHARPER * sharp), 2, sharp, probe.frames)
