"""Images in the form that a browser fetches least for: `<picture>`, sizes, and who comes first."""

from collections.abc import Callable, Iterable
from typing import Literal

import msgspec
from turbohtml import Document, Element

from ssg.errors import Diagnostic
from ssg.optimize.context import WIDTHS, Context
from ssg.optimize.offers import Candidate, ImageSet, ImageSource

# Parts of a page that are around its content: an image there is seldom what the reader came for.
_AROUND = "nav, aside, footer, [data-ssg-skip], noscript, [hidden]"
# An image below this width in px is an icon or a badge.
_SMALL = 100


class Showing(msgspec.Struct, frozen=True):
    """How images are shown where the page does not say: the attribute `sizes`, and where the main colour goes."""

    sizes: str = "100vw"
    placeholder: Literal["attribute", "style", "none"] = "attribute"


def images(tree: Document, page: Context) -> Iterable[Diagnostic]:
    """Write the images and frames of a page as `[images]` says."""
    config = page.config.images
    improve_images(tree, page.image, Showing(config.sizes or "100vw", config.placeholder))
    return ()


def improve_images(root: Document, image: Callable[[str], ImageSet | None], showing: Showing) -> None:
    """Write the images and frames of a document, in its tree, so that a browser fetches little and the right first.

    `image` gives what is there for the URL of a `src`, or None where nothing is known. What the author wrote stays:
    classes, `alt`, `srcset`, `sizes`, a `<picture>`, width and height. An element with `data-ssg-skip`, or inside one
    with it, stays as it is. The first image of the content is fetched at once, with high priority; the others, and
    frames, when the reader comes near (WHATWG HTML, section 2.6.7). Applied again, it changes nothing.
    """
    everything = root.find_all("img")
    images = [one for one in everything if one.closest("[data-ssg-skip]") is None]
    known = [image(_text(one, "src")) for one in images]
    # The author may have chosen which image comes first.
    chosen = any(_text(one, "fetchpriority").lower() == "high" for one in everything)
    first = None if chosen else _first(root, list(zip(images, known, strict=True)))
    for one, found in zip(images, known, strict=True):
        widths = [int(width) for width in _text(one, WIDTHS).split() if width.isdecimal()]
        one.attrs.pop(WIDTHS, None)
        _order(one, first=one is first)
        if found is not None:
            _measure(one, found)
            _mark(one, found, showing)
            _offer(one, _narrowed(found, widths) if widths else found, showing)
    for frame in root.find_all("iframe"):
        if frame.closest("[data-ssg-skip]") is None:
            frame.attrs.setdefault("loading", "lazy")


def _text(element: Element, name: str) -> str:
    value = element.attrs.get(name) or ""
    return value if isinstance(value, str) else " ".join(value)


def _first(root: Document, images: list[tuple[Element, ImageSet | None]]) -> Element | None:
    """Give the image to fetch first: the first of the content that is no icon."""
    within = "main" if root.find("main") is not None else "body"
    for one, found in images:
        width = _text(one, "width") or str(found.width if found else 0)
        small = width.isdecimal() and 0 < int(width) < _SMALL
        around = one.closest(within) is None or one.closest(_AROUND) is not None
        if not (small or around or "fetchpriority" in one.attrs):
            return one
    return None


def _order(one: Element, *, first: bool) -> None:
    if first:
        one.attrs["fetchpriority"] = "high"
    eager = _text(one, "fetchpriority").lower() == "high"
    for name, value in (("loading", "lazy"), ("decoding", "async")):
        if not eager:
            one.attrs.setdefault(name, value)
        elif _text(one, name).lower() == value:
            del one.attrs[name]


def _measure(one: Element, found: ImageSet) -> None:
    """Give an image the width and height that keep its place free; where one is there, the other follows from it."""
    width, height = _text(one, "width"), _text(one, "height")
    if not (found.width and found.height) or (width and height):
        return
    if width.isdecimal():
        one.attrs["height"] = str(max(1, round(int(width) * found.height / found.width)))
    elif height.isdecimal():
        one.attrs["width"] = str(max(1, round(int(height) * found.width / found.height)))
    elif not width and not height:
        one.attrs["width"], one.attrs["height"] = str(found.width), str(found.height)


def _mark(one: Element, found: ImageSet, showing: Showing) -> None:
    if not found.color or showing.placeholder == "none":
        return
    if showing.placeholder == "attribute":
        one.attrs["data-color"] = found.color
    elif "background" not in (own := _text(one, "style")):
        one.attrs["style"] = f"background-color:{found.color}" + (f";{own}" if own else "")


def _narrowed(found: ImageSet, widths: list[int]) -> ImageSet:
    """Give of an image what serves some widths in px: for each, the narrowest file that is as wide, else the widest."""

    def serving(files: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
        chosen = (next((one for one in files if one.width >= width), files[-1]) for width in sorted(widths))
        return tuple(dict.fromkeys(chosen)) if files else ()

    sources = tuple(ImageSource(one.media_type, serving(one.candidates)) for one in found.sources)
    return ImageSet(found.width, found.height, sources, serving(found.fallback), found.color)


def _offer(one: Element, found: ImageSet, showing: Showing) -> None:
    """Offer the files of an image; one that is in a `<picture>` or has a `srcset` offers what its author chose."""
    if one.closest("picture") is not None or "srcset" in one.attrs:
        return
    sizes = _text(one, "sizes") or _slot(one, found, showing)
    if _text(one, "loading").lower() == "lazy" and not sizes.startswith("auto"):
        sizes = f"auto, {sizes}"
    one.attrs.pop("sizes", None)
    if len(found.fallback) > 1:
        one.attrs.update(_choice(found.fallback, sizes))
    if found.sources:
        one.wrap(Element("picture"))
        for source in found.sources:
            one.insert_before(Element("source", {"type": source.media_type, **_choice(source.candidates, sizes)}))


def _slot(one: Element, found: ImageSet, showing: Showing) -> str:
    """Give how wide an image is shown: as its attribute says, where that is less than it has."""
    width = _text(one, "width")
    return f"{width}px" if width.isdecimal() and 0 < int(width) < found.width else showing.sizes


def _choice(candidates: tuple[Candidate, ...], sizes: str) -> dict[str, str]:
    if len(candidates) == 1:
        return {"srcset": candidates[0].url}
    return {"srcset": ", ".join(f"{one.url} {one.width}w" for one in candidates), "sizes": sizes}
