"""The functions by which templates name what was packed: files, bundles, and their bytes."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Self

from markupsafe import Markup

from ssg.errors import nearest
from ssg.manifest import Asset, AssetManifest
from ssg.render.refs import Mistake
from ssg.render.view import SiteView

_PREFIX = "/assets/"
_SHOWN = 30
_PROLOG = re.compile(r"\A(?:\s|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>)+", re.DOTALL | re.IGNORECASE)


class AssetUrl(str):
    """The URL of a packed file, as a text that knows more of the file."""

    __slots__ = ("integrity", "modules")

    def __new__(cls, url: str, integrity: str = "", modules: tuple[str, ...] = ()) -> Self:
        """Take the URL, its `integrity`, and the URLs of the `modules` that a module needs before it runs."""
        made = super().__new__(cls, url)
        made.integrity = integrity
        made.modules = modules
        return made

    integrity: str
    """The value of an attribute `integrity` for a script or style sheet (Subresource Integrity)."""
    modules: tuple[str, ...]
    """The URLs of all modules that a module needs before it runs, for `<link rel="modulepreload">`."""


class AssetFunctions:
    """The functions of a site that name assets."""

    def __init__(self, view: SiteView, manifest: AssetManifest, read: Callable[[Asset], bytes]) -> None:
        """Take the site, what was packed, and what gives the bytes of a file."""
        self._view = view
        self._manifest = manifest
        self._read = read

    @property
    def named(self) -> Mapping[str, Callable[..., Any]]:
        """The functions by the names that templates call."""
        return {name: getattr(self, name) for name in ("asset_url", "css_bundle", "js_bundle", "inline")}

    def asset_url(self, path: str) -> AssetUrl:
        """Give the URL of an asset of the theme or the site, named from its assets folder.

        The URL of a script or style sheet has the attribute `integrity`, that of a module `modules`.
        """
        return self._url(self._asset(path))

    def css_bundle(self, name: str) -> AssetUrl:
        """Give the URL of a bundle of style sheets, `[bundles.css]`, with the attribute `integrity`."""
        return self._url(self._bundle("css", name))

    def js_bundle(self, name: str) -> AssetUrl:
        """Give the URL of a bundle of scripts, `[bundles.js]`, with the attributes `integrity` and `modules`."""
        return self._url(self._bundle("js", name))

    def inline(self, path: str) -> Markup:
        """Give the text of an asset to stand in the page: an SVG, or what `<style>` or `<script>` holds."""
        asset = self._asset(path)
        try:
            return inlined(self._read(asset).decode("utf-8-sig"), asset.media_type)
        except UnicodeDecodeError:
            message = f'inline("{path}") is not text'
            raise Mistake(message, "use asset_url for files that are not text") from None

    def _asset(self, path: str) -> Asset:
        self._view.reads.ask("asset", _PREFIX + path)
        found = self._manifest.find(_PREFIX + path) if path in self._manifest.urls else None
        if found is None:
            known = sorted(self._manifest.urls)
            raise Mistake(f'there is no asset "{path}"', nearest(path, known) or _listed(known))
        return found

    def _bundle(self, kind: str, name: str) -> Asset:
        self._view.reads.ask("bundle", f"{kind}/{name}")
        url = self._manifest.bundles.get(f"{kind}/{name}")
        found = self._manifest.find(url) if url is not None else None
        if url is None or found is None:
            known = sorted(one.partition("/")[2] for one in self._manifest.bundles if one.startswith(f"{kind}/"))
            hint = nearest(name, known) or (
                _listed(known) if known else f"write it below [bundles.{kind}] in site.toml"
            )
            raise Mistake(f'there is no bundle "{name}" in [bundles.{kind}]', hint)
        self._view.reads.ask("asset", url)
        return found

    def _url(self, asset: Asset) -> AssetUrl:
        needed = (found for found in map(self._manifest.find, asset.imports) if found is not None)
        public = self._view.links.public
        return AssetUrl(public(asset.written), asset.integrity, tuple(public(one.written) for one in needed))


def inlined(text: str, media_type: str) -> Markup:
    """Give the text of a file so that it can stand in a page: nothing in it ends the element around it.

    A style sheet and a script mean the same with the slash of an end tag escaped (HTML, section 4.12.1.3). Of an SVG,
    what belongs before the document goes.
    """
    if media_type == "image/svg+xml":
        text = _PROLOG.sub("", text)
    if media_type == "text/css":
        return Markup(re.sub("</(?=style)", r"<\\/", text, flags=re.IGNORECASE))  # noqa: S704 - a file of the site
    if media_type in {"text/javascript", "application/javascript"}:
        text = re.sub("<(?=/script|script)", r"\\x3C", text, flags=re.IGNORECASE)
        return Markup(text.replace("<!--", r"\x3C!--"))  # noqa: S704 - a file of the site
    return Markup(text)  # noqa: S704 - a file of the site


def _listed(names: list[str]) -> str:
    shown = ", ".join(names[:_SHOWN]) or "none"
    return f"known are {shown}" + (" and others" if len(names) > _SHOWN else "")
