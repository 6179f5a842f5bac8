"""What a browser is told early: how the page is encoded, and what it would find late."""

import json
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from turbohtml import Doctype, Element
from turbohtml import Document as Tree

from ssg.config import Config
from ssg.errors import Diagnostic
from ssg.optimize.context import SKIP, Context

# Where style sheets of well-known hosts take their fonts from.
_FONTS = {"https://fonts.googleapis.com": "https://fonts.gstatic.com"}
_RULES = "speculationrules"
# What says how a page is encoded (WHATWG HTML, section 4.2.5.4).
_ENCODING = 'head meta[charset],head meta[http-equiv="content-type" i]'


def hints(tree: Tree, page: Context) -> Iterable[Diagnostic]:
    """Put the encoding first in `<head>`, connections right after it; modules and speculation rules go to its end.

    A browser looks for the encoding in the first 1,024 bytes (WHATWG HTML, section 4.2.5.4); a whole page that does not
    say it, which a doctype tells from a fragment, gets UTF-8, as it is written. It finds what `<head>` names by itself;
    what it finds late are the fonts behind another host's style sheet, and the modules that a module imports.
    """
    head = tree.find("head")
    if head is None:
        return ()
    place = _encoded(tree, head)
    named = [*tree.select("link[href]"), *tree.select("script[type=module][src]")]
    present = {(one.attr("rel") or "", one.attr("href") or "") for one in named}
    named = [one for one in named if one.closest(f"[{SKIP}]") is None]
    for host in _connections(named, page.config):
        if ("preconnect", host) not in present:
            head.insert(place, Element("link", {"rel": "preconnect", "href": host, "crossorigin": ""}))
    for url in _modules(named, page):
        if ("modulepreload", url) not in present:
            head.append(Element("link", {"rel": "modulepreload", "href": url}))
    if page.config.hints.speculation:
        _speculate(tree, page.config)
    return ()


def _encoded(tree: Tree, head: Element) -> int:
    """Have the encoding at the beginning of `<head>`; give the position after it."""
    inside = [one for one in head.children if isinstance(one, Element)]
    found = next((one for one in inside if one.tag == "meta" and "charset" in one.attrs), None)
    if found is None:
        if tree.select_one(_ENCODING) or not any(isinstance(one, Doctype) for one in tree.children):
            return 0
        head.insert(0, Element("meta", {"charset": "utf-8"}))
        return 1
    if found.closest(f"[{SKIP}]") is not None:
        return 0
    if inside[0] is not found:
        head.insert(0, found.extract())
    return head.children.index(found) + 1


def _connections(named: Iterable[Element], config: Config) -> Iterator[str]:
    """Give the hosts of the fonts behind the style sheets of other hosts, each once."""
    fonts = _FONTS | config.hints.preconnect
    sheets = (urlsplit(one.attr("href") or "") for one in named if "stylesheet" in (one.attr("rel") or "").split())
    yield from dict.fromkeys(host for one in sheets if (host := fonts.get(f"{one.scheme or 'https'}://{one.netloc}")))


def _modules(named: Iterable[Element], page: Context) -> Iterator[str]:
    """Give the URLs of the modules behind the modules of a page, each once, in their order."""
    behind: dict[str, None] = {}
    own = [one.attr("src") or "" for one in named if one.tag == "script"]
    for written in own:
        found = page.find(written)
        behind |= dict.fromkeys(found.modules if found is not None else ())
    yield from (url for url in behind if url not in own)


def _speculate(tree: Tree, config: Config) -> None:
    """Add rules to fetch the pages of the site that a reader is about to open (Speculation rules, section 2)."""
    body = tree.find("body")
    if body is None or tree.select(f"script[type={_RULES}]"):
        return
    base = config.site.base_path
    where = [
        {"href_matches": f"{base}/*"},
        {"not": {"href_matches": f"{base}/assets/*"}},
        {"not": {"selector_matches": "[download],[rel~=nofollow],[target=_blank]"}},
    ]
    rules = {"prefetch": [{"where": {"and": where}, "eagerness": "moderate"}]}
    element = Element("script", {"type": _RULES})
    element.text = json.dumps(rules, separators=(",", ":"), ensure_ascii=True).replace("<", "\\u003c")
    body.append(element)
