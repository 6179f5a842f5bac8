"""What stylesheets a page has, where they stand, and which of them may be moved."""

import re
from collections.abc import Callable, Iterable

import msgspec
from turbohtml import Document, Element

from ssg.optimize.critical.selectors import Tail, fold

SKIP = "data-ssg-skip"
"""The attribute of elements that stay as the author wrote them."""

# A link with any other attribute is somebody's: a script looks for its id, a switch sets `disabled`.
_PLAIN = frozenset((
    "rel", "href", "media", "type", "integrity", "crossorigin", "referrerpolicy", "fetchpriority", "charset",
))  # fmt: skip
_STYLED = re.compile(r"<(?:link|style)\b", re.IGNORECASE)
_BOUND = re.compile(r"@import|@scope|@layer\s*\{", re.IGNORECASE)


class Linked(msgspec.Struct, frozen=True):
    """A link in the head to a sheet of the site, with the sheet's text."""

    element: Element
    text: str


class Survey(msgspec.Struct, frozen=True):
    """The sheets of a page.

    `links` may be rewritten. `styles` stand in the head after the last of them, `texts` are those of all `<style>`
    elements. `foreign` tells whether there is a sheet whose text is not known, `fixed` why one sheet could not follow
    at the end of the page, if there is a reason.
    """

    links: tuple[Linked, ...]
    styles: tuple[Element, ...]
    texts: tuple[str, ...]
    foreign: bool
    fixed: str


def survey(tree: Document, sheet: Callable[[str], str | None]) -> Survey:
    """Look at every sheet of a page in order; `sheet` gives the text of a URL as written, or None where it has none."""
    links: list[Linked] = []
    styles: list[Element] = []
    texts: list[str] = []
    foreign, fixed = False, ""
    for element in _named(tree):
        if not _is_sheet(element):
            continue
        parent = element.parent
        at_top = isinstance(parent, Element) and parent.tag == "head"
        if element.tag == "style":
            texts.append(element.text)
            if at_top and links and set(element.attrs) <= {"media"} and not _BOUND.search(element.text):
                styles.append(element)
            elif links or not at_top:
                fixed = fixed or f"a <style> {'that depends on its place' if at_top else 'in the body'} follows it"
            continue
        text = sheet(str(element.attrs["href"])) if at_top and _movable(element) else None
        if text is not None:
            links.append(Linked(element, text))
            styles = []
        else:
            foreign = True
            if links:
                fixed = fixed or "another sheet follows it"
    if len(links) > 1:
        fixed = "several sheets keep their order"
    return Survey(tuple(links), tuple(styles), tuple(texts), foreign, fixed)


def _named(tree: Document) -> Iterable[Element]:
    """Give what may bring styles, in order; a page that links no sheet needs no look at the order of others."""
    links = tree.select("link[rel~=stylesheet i]")
    if not links or (tree.find("style") is None and tree.find("noscript") is None):
        return links
    return tree.select("link[rel~=stylesheet i],style,noscript:not(:has(*))")


def _is_sheet(element: Element) -> bool:
    """Tell whether one of these brings styles; the text of `<noscript>` does so to a browser without scripts."""
    if element.closest("template") is not None:
        return False
    if element.tag == "noscript":
        return _STYLED.search(element.text) is not None
    return True


def _rel(element: Element) -> list[str]:
    """Give the words of `rel`."""
    value = element.attrs.get("rel") or ""
    return [fold(one) for one in (value.split() if isinstance(value, str) else value)]


def _movable(element: Element) -> bool:
    return (
        _PLAIN.issuperset(element.attrs)
        and _rel(element) == ["stylesheet"]
        and bool(element.attr("href"))
        and "print" not in fold(element.attr("media") or "")
        and fold(element.attr("type") or "text/css") == "text/css"
    )


def minds_a_sibling(tree: Document, tails: tuple[Tail, ...]) -> bool:
    """Tell whether one more element at the end of the body may change what a sheet matches among its children."""
    body = tree.select_one("body") if tails else None
    if body is None:
        return False
    above = _tokens(body)
    near = [tail for tail in tails if above.issuperset(tail.parent or ())]
    children = [_tokens(one) for one in body.children if isinstance(one, Element)] if near else ()
    return any(one.issuperset(tail.own) for tail in near for one in children)


def _tokens(element: Element) -> set[str]:
    """Give the tokens of one element."""
    found = {fold(element.tag)}
    for name, value in element.attrs.items():
        found.add(f"[{fold(name)}")
        if name == "id":
            found.add(f"#{fold(str(value))}")
        elif name == "class":
            found.update(f".{fold(one)}" for one in (value if isinstance(value, list) else str(value).split()))
    return found
