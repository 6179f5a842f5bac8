"""The tree that a page has just been written from → the facts of the page, without reading it again."""

from turbohtml import Document as Tree
from turbohtml import Element

from ssg.budget.elements import size_of
from ssg.budget.facts import PageFacts
from ssg.budget.page import gather, head_before
from ssg.budget.values import Sizes

__all__ = ["Tree", "take_page"]

# What may stand in <head> (WHATWG HTML, section 4.2.1): with an end tag, and without one.
_TEXTS = frozenset(("title", "style", "script"))
_VOID = frozenset(("meta", "link", "base"))
_LEFT_OUT = ("<!DOCTYPE", "<html", "<head>", "<head ", "</head>")
# What another parser has another tree of, or nothing behind it; and what is not in itself as a text is read, though a
# tree may have it so where an author has left out an end tag (WHATWG HTML, section 13.3).
_UNSURE = ("noscript", "template", "plaintext", "frameset")
_APART = ("form", "select", "button", "nobr")


def take_page(
    tree: Tree, html: str, url: str, origins: tuple[str, ...] = (), *, styled: bool = True
) -> tuple[PageFacts, str] | None:
    """Give what `read_page` gives for a text that was written from this tree, but for the compressed size of its head.

    That is given beside it, to be packed together with those of other pages: a compressor alone among other work takes
    twice the time. None where `read_page` may see something else.

    The text is minified: without comments, and `<` stands in it for itself in scripts, styles and tags alone. `styled`
    is whether any element may have a `style` attribute.
    """
    head = _head(tree, html)
    if head is None or "shadowrootmode" in html:
        return None
    if any(tree.select_one(tag) is not None for tag in _UNSURE):
        return None
    if any(tree.select_one(tag) is not None and tree.select_one(f"{tag} {tag}") is not None for tag in _APART):
        return None
    begun = html[:head]
    return gather(tree, html, Sizes(size_of(begun)), url, origins, styled=styled), begun


def _head(tree: Tree, html: str) -> int | None:
    """Give the number of characters up to and with `</head>`, or to the first that is in the body.

    None where what is found in the text may be something else: all tags of the head must come before, and no other "<".
    """
    head, body = tree.select_one("head"), tree.select_one("body")
    if head is None or body is None:
        return None
    first = next((one for one in body if isinstance(one, Element)), None)
    begun = html.find(f"<{first.tag}") if first is not None else len(html)
    named = html.find("<body", 0, begun)
    begun = named if named >= 0 else begun
    tags = 0
    for one in head:
        if isinstance(one, Element):
            if one.tag not in _VOID and (one.tag not in _TEXTS or (one.tag != "title" and "<" in one.text)):
                return None
            tags += 1 if one.tag in _VOID else 2
    tags += sum(html.count(tag, 0, begun) for tag in _LEFT_OUT)
    return head_before(html, begun) if begun >= 0 and html.count("<", 0, begun) == tags else None
