"""The tree that a page has just been written from → the facts of the page, without reading it again."""

import re

from turbohtml import Document, Element

from ssg.budget.facts import PageFacts
from ssg.budget.page import gather, head_before

# What may stand in <head> (WHATWG HTML, section 4.2.1), as a tree is written: no ">" in a tag but between quotes.
_IN_HEAD = re.compile(
    r"""\s+|<!DOCTYPE[^>]*>|</head>|<(?:html|head|(meta|link|base|title|style|script))(?=[\s>])(?:[^"'>]|"[^"]*"|'[^']*')*>""",
    re.IGNORECASE,
)
_TEXTS = frozenset(("title", "style", "script"))
_TAG = re.compile("<[a-zA-Z]")


def take_page(tree: Document, html: str, url: str, origins: tuple[str, ...] = ()) -> PageFacts | None:
    """Give what `read_page` gives for a text that was written from this tree; None where it may see something else.

    A parser with scripts has another tree of `<noscript>`, templates that may hold a shadow root are read as they are
    written, a form in another is none, and after `<plaintext>` nothing is a tag (WHATWG HTML, section 13.3).
    """
    head = _head(tree, html)
    if head is None or "shadowrootmode" in html or html[0] == "\ufeff":
        return None
    if any(tree.select_one(tag) is not None for tag in ("noscript", "template", "plaintext", "frameset")):
        return None
    if tree.select_one("form") is not None and tree.select_one("form form") is not None:
        return None
    return gather(tree, html, head, url, origins)


def _head(tree: Document, html: str) -> int | None:
    """Give the number of characters up to and with `</head>`, or to the first that is in the body.

    None where what is found in the text is not what the tree has there.
    """
    place, found = 0, 0
    while (part := _IN_HEAD.match(html, place)) is not None:
        place = part.end()
        name = part[1]
        if name is not None:
            found += 1
            if name in _TEXTS:
                end = html.find(f"</{name}>", place)
                if end < 0 or (name == "script" and "<!--" in html[place:end]):
                    return None
                place = end + len(name) + 3
    head, body = tree.select_one("head"), tree.select_one("body")
    if head is None or body is None or found != sum(isinstance(one, Element) for one in head):
        return None
    begin = _TAG.search(html, place)
    inside = any(isinstance(one, Element) for one in body)
    if html.startswith("<!--", place) or inside != (begin is not None):
        return None
    return head_before(html, begin.start() if begin is not None else len(html))
