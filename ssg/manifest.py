"""Published files by the URL that authors write: what a template, a link and a pass over HTML look up."""

from collections.abc import Mapping
from functools import cached_property

import msgspec

from ssg.urls import href, media_type

HASHED = "/assets/"
"""What the URLs of all files begin with whose name holds a digest."""


class Picture(msgspec.Struct, frozen=True):
    """What is published of an image beside itself: the URLs of its variants, the best format first, widths rising.

    `original` tells whether the file itself is the widest of its format. `color` is its main colour, `#rrggbb`, or
    empty.
    """

    variants: tuple[str, ...] = ()
    original: bool = True
    color: str = ""


class Asset(msgspec.Struct, frozen=True):
    """A file that is published: its URL, where its bytes lie, their number and digest.

    The bytes begin at `offset` of `file`, which may name a value of the store. An image has its width and height in px,
    as it is shown; they are 0 where they are not known. `logical` is the URL that authors write, where the published
    one holds a digest; else it is empty. `integrity` is that of Subresource Integrity, for scripts and style sheets.
    `imports` are the logical URLs of all modules that a module needs before it runs. `picture` is what was made of an
    image.
    """

    url: str
    source: str
    file: str
    size: int
    digest: str
    width: int = 0
    height: int = 0
    logical: str = ""
    offset: int = 0
    integrity: str = ""
    imports: tuple[str, ...] = ()
    picture: Picture | None = None

    @property
    def written(self) -> str:
        """The URL that authors write."""
        return self.logical or self.url

    @property
    def media_type(self) -> str:
        """The media type, by the ending of the URL."""
        return media_type(self.url)


class AssetManifest(msgspec.Struct, frozen=True, dict=True):
    """Logical path (`style.css`) to the URL of the published file for all assets; `files` holds all files.

    `bundles` leads from a kind and a name, `css/app`, to the logical URL of a bundle. `cdn` is what the URLs of hashed
    files begin with in place of the site's address, without a final slash; empty without a CDN.
    """

    urls: Mapping[str, str]
    files: tuple[Asset, ...]
    bundles: Mapping[str, str] = {}
    cdn: str = ""

    @cached_property
    def _by_url(self) -> Mapping[str, Asset]:
        return {one.url: one for one in self.files} | {one.logical: one for one in self.files if one.logical}

    def find(self, url: str) -> Asset | None:
        """Give the file at a readable URL path of the site: the one that authors write, or the published one."""
        return self._by_url.get(url)

    def address(self, asset: Asset, base_path: str) -> str:
        """Give the URL of a file as it stands in an attribute: on the CDN, or below the base path of the site."""
        return (self.cdn if self.cdn and asset.url.startswith(HASHED) else base_path) + href(asset.url)
