"""The fonts that the first screen of a page needs, told to a browser before it has the style sheet that names them."""

import itertools
from collections.abc import Callable, Iterable, Iterator

from turbohtml import Document as Tree
from turbohtml import Element

from ssg.errors import Diagnostic
from ssg.optimize.choosing import Styles, choose
from ssg.optimize.context import Context, chosen
from ssg.optimize.critical.known import bounded
from ssg.optimize.critical.sheet import Sheet
from ssg.optimize.lettering import Letters, Web, read_letters

_MOST = 2
_SHOWN = 500  # characters of an element that tell which of the faces for several scripts it needs
# What a reader sees first: the text itself, then what is above it.
_FIRST = ("main p,article p,p,main li,main", "h1")
_SHEETS = ("link[rel~=stylesheet][href]", "style")
_PRELOADED = "link[rel~=preload][as=font]"


class Fonts:
    """The pass, with the style sheets that it has read; one for each process.

    `compiled` gives a sheet taken apart by its text, which may be remembered.
    """

    def __init__(self, compiled: Callable[[str], Sheet]) -> None:
        self._compiled = compiled
        self._read: dict[str, Letters] = {}
        self._declares: dict[str, bool] = {}

    def __call__(self, tree: Tree, page: Context) -> Iterable[Diagnostic]:
        """Put a preload for the fonts of the first paragraph and the first heading into `<head>`, two at the most.

        A browser learns of a font when it has the style sheet and has laid text out with it. Only what it is sure to
        fetch is named: a face of the first family that the element asks for, in WOFF2, of the site itself. A page that
        preloads a font has its author's choice.
        """
        head = tree.find("head")
        if head is None or not self._has_fonts(tree, page) or tree.select_one(_PRELOADED) is not None:
            return ()
        texts = list(self._sheets(tree, page))
        wanted = dict.fromkeys(one.url for one in self._needed(tree, texts) if _ours(one.url, page))
        place = _after_encoding(head)
        for number, url in enumerate(list(wanted)[:_MOST]):
            told = {"rel": "preload", "href": url, "as": "font", "type": "font/woff2", "crossorigin": ""}
            head.insert(place + number, Element("link", told))
        return ()

    def _has_fonts(self, tree: Tree, page: Context) -> bool:
        """Tell whether a sheet of a page declares a font: most pages are done with then."""
        found = itertools.chain(*(self._sheets(tree, page, selector) for selector in _SHEETS))
        return any(map(self._has_faces, found))

    def _sheets(self, tree: Tree, page: Context, selector: str = ",".join(_SHEETS)) -> Iterator[str]:
        """Give the texts of the sheets that hold for every reader, in their order."""
        for one in chosen(tree, selector):
            media = (one.attr("media") or "all").strip().lower()
            if media not in {"all", "screen"} or one.closest("template,noscript,svg") is not None:
                continue
            text = one.text if one.tag == "style" else page.read(one.attr("href") or "")
            if text:
                yield text

    def _has_faces(self, text: str) -> bool:
        if text not in self._declares:
            bounded(self._declares)[text] = "@font-face" in text.lower()
        return self._declares[text]

    def _letters(self, text: str) -> Letters:
        if text not in self._read:
            bounded(self._read)[text] = read_letters(self._compiled(text))
        return self._read[text]

    def _needed(self, tree: Tree, texts: Iterable[str]) -> Iterator[Web]:
        """Give the faces of the first texts of a page."""
        letters = [self._letters(one) for one in dict.fromkeys(texts)]
        faces = [face for one in letters for face in one.faces]
        styles = Styles(choice for one in letters for choice in one.choices)
        for selector in _FIRST:
            element = _shown(tree, selector)
            if element is None:
                continue
            face = choose(faces, styles.families(element), styles.weight(element), element.text[:_SHOWN])
            if face is not None:
                yield face


def _shown(tree: Tree, selectors: str) -> Element | None:
    """Give the first element that a reader sees, of the first selector that has one."""
    for selector in selectors.split(","):
        for one in chosen(tree, selector):
            if one.text.strip() and one.closest("[hidden],template,noscript,dialog,nav,details") is None:
                return one
    return None


def _ours(url: str, page: Context) -> bool:
    return page.find(url) is not None


def _after_encoding(head: Element) -> int:
    first = next((one for one in head.children if isinstance(one, Element)), None)
    return head.children.index(first) + 1 if first is not None and "charset" in first.attrs else 0
