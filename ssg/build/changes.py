"""A file that a page fetches → what could be done about it, each change tried out: encoded, subset, left out."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from ssg import assets, optimize
from ssg.budget.advice import Change
from ssg.budget.page import read_page
from ssg.budget.srcset import Candidate, choose, source_size
from ssg.budget.values import PROFILES, Fetch, Kind, Phase
from ssg.budget.viewport import window
from ssg.build.ledgers import measured
from ssg.build.rendering import Stage
from ssg.manifest import Asset
from ssg.model import Ref

_NUMBER = re.compile(r"\bwidth=[\"']?(\d+)")
_STATIC, _ASSETS = "static/", "assets/"


class Shown(NamedTuple):
    """What is known of a page that fetches files: its HTML, the key and the measure of the limit, and all fetches.

    `plain` tells that it is published as it lies there, so that ssg puts nothing into it.
    """

    html: str
    key: str
    measure: str
    fetches: tuple[Fetch, ...]
    plain: bool = False


class Changes:
    """Tries changes out. `letters` are the characters of the site, for fonts; empty where they are not known."""

    def __init__(self, stage: Stage, letters: str) -> None:
        self._stage = stage
        self._config = stage.scene.config
        self._letters = letters
        files = stage.scene.manifest.files
        self._originals = {url: one for one in files if one.picture is not None for url in one.picture.variants}

    def of(self, fetch: Fetch, asset: Asset | None, size: int, page: Shown) -> Sequence[Change]:
        """Give what could be done about a file of `size` bytes, in the measure, best liked first."""
        match fetch.kind:
            case Kind.IMAGE:
                return [*self._image(fetch, asset, size, page), *_lazy_image(fetch, size, page)]
            case Kind.FONT if asset is not None:
                return [*self._font(asset, size, page)]
            case Kind.JS:
                return [*self._script(fetch, size, page)]
            case Kind.CSS if asset is not None:
                return [*self._sheet(asset, size, page)]
            case _:
                return []

    def _image(self, fetch: Fetch, asset: Asset | None, size: int, page: Shown) -> Iterator[Change]:
        if asset is None:
            return
        original = self._originals.get(asset.url)
        name = asset.source.rpartition("/")[2]
        if original is not None and original.picture is not None:
            found = filter(None, map(self._stage.scene.manifest.find, original.picture.variants))
            narrower = [one for one in found if one.media_type == asset.media_type and one.width < asset.width]
            if narrower:
                one = max(narrower, key=lambda variant: variant.width)
                yield Change(f"{name} in {one.width}w, where sizes says how wide it is shown", size - one.size)
            return
        taken = self._taken(fetch, asset, page)
        if taken:
            widest = max(taken, key=lambda variant: variant.width)
            kind = widest.media_type.rpartition("/")[2].upper()
            saving = size - sum(len(one.body) for one in taken)
            yield Change(f"{name} as {kind} {widest.width}w ({self._way(fetch, asset, page)})", saving)

    def _taken(self, fetch: Fetch, asset: Asset, page: Shown) -> Sequence[assets.Variant]:
        """Make what the device that fetches most would take of an image, if ssg offered it; nothing of no use."""
        config = msgspec.structs.replace(self._config.images, enabled=True, exclude=())
        if not config.formats or not assets.is_picture(asset.source, config) or asset.source.lower().endswith(".svg"):
            return ()
        width = _NUMBER.search(_tag(fetch, page.html))
        slot = f"{width[1]}px" if width is not None and 0 < int(width[1]) < asset.width else config.sizes or "100vw"
        window_width = read_page(page.html, "/").viewport
        taken: list[set[int]] = []

        def chosen(widths: Sequence[int]) -> set[int]:
            offered = tuple(Candidate(str(one), one) for one in widths)
            for device in PROFILES:
                shown = (device, window(device, window_width))  # before the layout, and with it
                urls = (choose(offered, "", source_size(slot, one)[0], one.density) for one in shown)
                taken.append(set(map(int, urls)))
            return set().union(*taken)

        made = assets.make_some(asset.source, self._source(asset), config, chosen)
        some = [[made[width] for width in sorted(one)] for one in taken if one <= made.keys()]
        return max(some, key=lambda found: sum(len(one.body) for one in found), default=())

    def _source(self, asset: Asset) -> bytes:
        try:
            return Path(self._stage.scene.inputs.root, asset.source).read_bytes()
        except OSError:  # a theme that comes with ssg
            return self._body(asset)

    def _way(self, fetch: Fetch, asset: Asset, page: Shown) -> str:
        """Say what keeps ssg from offering variants of an image."""
        if page.plain and not fetch.via:
            return "a file of yours, which the page names"
        if not self._config.images.enabled:
            return "set enabled in [images]"
        if not assets.is_picture(asset.source, self._config.images):
            return "take it out of exclude in [images]"
        if asset.source.startswith(_STATIC):
            return "move it to assets/"
        return "name it in the style sheet with image-set()" if fetch.via else "leave its srcset to ssg"

    def _font(self, asset: Asset, size: int, page: Shown) -> Iterator[Change]:
        if self._config.fonts.subset or not self._letters or not asset.logical:
            return
        small = assets.subset_font(asset.source, self._body(asset), self._letters)
        if isinstance(small, bytes):
            sent = measured(small, asset.media_type, page.measure, self._config.output)
            yield Change("subset in [fonts], to the characters of the site", size - sent)

    def _script(self, fetch: Fetch, size: int, page: Shown) -> Iterator[Change]:
        """A script that waits takes along what it alone imports; on a page without lazy ones, the loader comes."""
        if (
            page.plain
            or fetch.phase is Phase.LAZY
            or fetch.via
            or not _counts_unasked(page.key)
            or not self._config.optimize.scripts
        ):
            return
        taken, requests = size, 1
        urls = {fetch.url}
        for one in page.fetches:
            if one.via in urls and one.kind is Kind.JS and one.phase is not Phase.LAZY and one.sizes is not None:
                urls.add(one.url)
                taken, requests = taken + one.sizes.measured(page.measure), requests + 1
        if page.key.endswith("total"):
            loader = f"{page.html}<script>{optimize.SCRIPT_LOADER}</script>"
            sizes = [
                measured(one.encode(), "text/html", page.measure, self._config.output) for one in (loader, page.html)
            ]
            taken -= sizes[0] - sizes[1] if optimize.SCRIPT_LOADER not in page.html else 0
        yield Change('data-load="lazy" at its <script> has it wait for the reader', taken, requests)

    def _sheet(self, asset: Asset, size: int, page: Shown) -> Iterator[Change]:
        text = self._body(asset).decode(errors="replace")
        sheet = self._stage.sheet(text)
        if sheet.refusal:
            return
        own = filter(None, (self._stage.scene.manifest.find(one.url) for one in page.fetches if one.kind is Kind.JS))
        scripts = [self._body(one).decode(errors="replace") for one in own]
        used = optimize.used_part(page.html, sheet, scripts, self._config.html.css_safelist)
        sent = measured(used.encode(), asset.media_type, page.measure, self._config.output)
        part = round(100 * len(used) / max(1, len(text)))
        yield Change(f"the page can use {part} % of it: move the rest to a sheet of other pages", size - sent)

    def _body(self, asset: Asset) -> bytes:
        return self._stage.shelf.get(Ref(asset.file, asset.offset, asset.size))


def _lazy_image(fetch: Fetch, size: int, page: Shown) -> Iterator[Change]:
    """An image that is in no reader's way waits; the one that comes first, with high priority, does not."""
    tag = _tag(fetch, page.html)
    if tag and fetch.phase is not Phase.LAZY and _counts_unasked(page.key) and not re.search("priority=.?high", tag):
        yield Change("loading=lazy takes it out of the first view", size, 1)


def _counts_unasked(key: str) -> bool:
    """Tell whether a limit is on what is fetched before anybody scrolls."""
    return not key.startswith(("all.", "lazy."))


def _tag(fetch: Fetch, html: str) -> str:
    """Give the tag of the `<img>` that fetches an image, in a `<picture>` too; empty where none does."""
    at = html.find(fetch.url)
    begin = html.rfind("<", 0, at) if at >= 0 else -1
    if begin >= 0 and html.startswith("<source", begin):
        begin = html.find("<img", at)
    return html[begin : html.find(">", begin) + 1] if begin >= 0 and html.startswith("<img", begin) else ""
