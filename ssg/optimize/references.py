"""URLs of a page that name an asset as its author writes it → those of the published files."""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import urljoin, urlsplit

import msgspec
import turbohtml
from turbohtml import Document as Tree

from ssg.errors import Diagnostic, Location, warning
from ssg.model import Document
from ssg.optimize.context import SKIP, Context, chosen

_ASSETS = "/assets/"
# Every URL that leads to an asset holds this, a relative one too.
_WITHIN = "assets/"
_ABSOLUTE = re.compile(r"[a-z][a-z0-9+.-]*:|[/?#]|$", re.IGNORECASE)
# What other sites show of a page (The Open Graph protocol, section 2): they ask for absolute URLs.
_SHOWN = 'meta[property^="og:"],meta[name^="twitter:"],meta[property^="twitter:"]'
# Texts that hold URLs, which are no elements: the list of links of the parser does without them.
_DATA = 'script[type="importmap"],script[type="application/ld+json"],noscript:not(:has(*))'
_FEEDS = (".xml", ".json", ".webmanifest")


def references(tree: Tree, page: Context) -> Iterable[Diagnostic]:
    """Rewrite all that names an asset: URLs in attributes, `srcset`, styles, `<style>`, `srcdoc`, `<meta>`, JSON.

    A relative URL leads on from that of the page, as in a browser, unless `<base>` says otherwise. A script or style
    sheet that names no asset is told; of what the body of a page names, links are told elsewhere.
    """
    kept = [(one, dict(one.attrs), one.text) for one in tree.select(f"[{SKIP}],[{SKIP}] *")]
    base = page.url if tree.select_one("base[href]") is None else ""
    _rewrite(tree, base, page)
    for one, attributes, text in kept:
        one.attrs.update(attributes)
        if one.tag == "style" and one.text != text:
            one.text = text
    for one in chosen(tree, _SHOWN):
        written = one.attr("content") or ""
        if _ASSETS in written and (published := _published(written, page)):
            one.attrs["content"] = _absolute(published, page)
    for one in chosen(tree, _DATA):
        if _ASSETS in one.text:
            one.text = _in_text(one.text, page)
    for one in chosen(tree, "iframe[srcdoc]"):
        if _WITHIN in (written := one.attr("srcdoc") or ""):
            one.attrs["srcdoc"] = _in_frame(written, base, page)
    return _lost(tree, base, page)


def _rewrite(tree: Tree, base: str, page: Context) -> None:
    """Rewrite the URLs in the elements of a document; relative ones lead on from `base`, where that is known."""
    tree.rewrite_links(lambda url: _published(_rooted(url, base, page), page) if _WITHIN in url else None)


def _rooted(written: str, base: str, page: Context) -> str:
    """Give a URL from the root of the host, where it is relative to a page of the site."""
    if not base or _ABSOLUTE.match(written.strip()):
        return written
    return urljoin(page.config.site.base_path + base, written.strip())


def _in_frame(text: str, base: str, page: Context) -> str:
    """Rewrite a document within the page (WHATWG HTML, section 4.8.5); without an asset, it stays as written."""
    tree = turbohtml.parse(text, positions=False)
    before = tree.html
    _rewrite(tree, base, page)
    return text if tree.html == before else tree.html


def in_feed(document: Document, page: Context) -> Document:
    """Give a feed or a file of JSON with its assets' URLs as they are published, absolute where they were.

    The HTML within is text there: what looks like the URL of an asset where one can stand is taken for one.
    """
    on = page.config.optimize.references and "references" not in page.off
    if not on or not document.url.endswith(_FEEDS) or _ASSETS not in document.text:
        return document
    return msgspec.structs.replace(document, text=_in_text(document.text, page))


def _published(written: str, page: Context) -> str | None:
    """Give the URL for one that names an asset, its query and fragment kept; None where it stays."""
    found = page.find(written)
    if found is None:
        return None
    tail = min((place for place in (written.find("?"), written.find("#")) if place >= 0), default=len(written))
    return found.url + written[tail:] if found.url != written[:tail] else None


def _absolute(url: str, page: Context) -> str:
    base = urlsplit(page.config.site.base_url)
    return f"{base.scheme}://{base.netloc}{url}" if base.netloc and url.startswith("/") else url


def _in_text(text: str, page: Context) -> str:
    """Rewrite URLs where values begin, as HTML in XML or JSON has them, in lists of candidates, and whole texts."""
    base = urlsplit(page.config.site.base_url)
    origin = re.escape(f"{base.scheme}://{base.netloc}") if base.netloc else "(?!)"
    path = rf"(?:{re.escape(page.config.site.base_path)})?/assets/[^\s\"'<>()&\\\\?#,]+"
    quoted = rf"(?:(?<=[\"'(=])|(?<=&quot;)|(?<=&#3[49];))(?P<a>{origin})?{path}"
    listed = rf"(?<=,\s)(?P<b>{origin})?{path}(?=\s[\d.]+[wx])"
    pattern = rf"{quoted}|{listed}|(?<=>)(?P<c>{origin}){path}"

    def rewritten(found: re.Match[str]) -> str:
        published = _published(found[0], page)
        return found[0] if published is None else _absolute(published, page) if any(found.groups()) else published

    return re.sub(pattern, rewritten, text)


def _lost(tree: Tree, base: str, page: Context) -> Iterator[Diagnostic]:
    """Name the scripts and style sheets of a page that are not there."""
    for one in chosen(tree, "script[src],link[rel~=stylesheet][href]"):
        written = one.attr("src") or one.attr("href") or ""
        below = (_ASSETS, page.config.site.base_path + _ASSETS)
        rooted = _rooted(written, base, page) if _WITHIN in written else ""
        if rooted.startswith(below) and page.find(rooted) is None:
            hint = "put the file into assets/, or mend the URL"
            yield warning("reference", f'"{written}" is no asset', Location(page.source), hint)
