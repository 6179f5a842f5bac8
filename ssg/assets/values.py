"""What the texts of a site's assets are packed from, with, and to."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import msgspec

from ssg.errors import Diagnostic
from ssg.manifest import Asset


class Text(msgspec.Struct, frozen=True):
    """A sheet, script or JSON manifest to pack: the URL that authors write, its path for messages, and its bytes."""

    url: str
    path: str
    body: bytes


class Tools(NamedTuple):
    """What packing takes from elsewhere.

    `minify_script` gives a classic script in fewer bytes, and raises ValueError for what it cannot read;
    `minify_module` does so for a module, where there is a tool for it.
    """

    minify_script: Callable[[str], str]
    minify_module: Callable[[str], str] | None = None


class Options(msgspec.Struct, frozen=True):
    """How texts are packed.

    `base_path` is what the site's URLs begin with, `cdn` what those of hashed files begin with in its place. `targets`
    are the browsers that style sheets are lowered for, as browserslist has it. `css` and `js` are bundles, and `lines`
    where the configuration names them, by kind and name: `css/app`.
    """

    base_path: str = ""
    cdn: str = ""
    targets: tuple[str, ...] = ()
    minify: bool = True
    css: Mapping[str, tuple[str, ...]] = {}
    js: Mapping[str, tuple[str, ...]] = {}
    lines: Mapping[str, int] = {}


class Packed(NamedTuple):
    """A packed text: the file, its bytes, and what was said of it."""

    asset: Asset
    body: bytes
    diagnostics: tuple[Diagnostic, ...]


def fingerprinted(url: str, digest: str) -> str:
    """Give the URL of a file by the digest of its bytes: `/assets/a.css` is `/assets/a.0123456789.css`.

    Ten hexadecimal digits, 40 bits: two versions of one file have one name once in a million millions.
    """
    folder, slash, name = url.rpartition("/")
    stem, dot, ending = name.rpartition(".")
    marked = f"{stem}.{digest[:10]}.{ending}" if dot and stem else f"{name}.{digest[:10]}"
    return f"{folder}{slash}{marked}"
