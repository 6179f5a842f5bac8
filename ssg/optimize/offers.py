"""What there is of an image: files in several widths and formats."""

import msgspec


class Candidate(msgspec.Struct, frozen=True, array_like=True):
    """One file of an image: its URL, and its width in px."""

    url: str
    width: int


class ImageSource(msgspec.Struct, frozen=True):
    """The files of an image in one format, widths rising."""

    media_type: str
    candidates: tuple[Candidate, ...]


class ImageSet(msgspec.Struct, frozen=True):
    """What is there of an image: its width and height in px as it is shown, and its files.

    `sources` has the formats that are better than that of the file, the best first; `fallback` the files in its own,
    itself among them unless it is too wide. Both may be empty. `color` is its main colour, or empty.
    """

    width: int
    height: int
    sources: tuple[ImageSource, ...] = ()
    fallback: tuple[Candidate, ...] = ()
    color: str = ""
