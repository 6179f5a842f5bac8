"""What a pass of ssg's own takes: the tree of a page, and all that it may know beside it."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import NamedTuple

import msgspec
from turbohtml import Document as Tree
from turbohtml import Element

from ssg.config import Config
from ssg.errors import Diagnostic
from ssg.model import Delivery
from ssg.optimize.offers import ImageSet

SKIP = "data-ssg-skip"
"""The attribute of an element that passes leave alone, with all that is in it; it is not published."""

WIDTHS = "data-ssg-widths"
"""The attribute of an image with the widths in px that a template has chosen, separated by spaces; not published."""

MARKS = (SKIP, WIDTHS)
"""The attributes that are for passes alone."""

_SKIPPED = f"[{SKIP}]"


class Resource(msgspec.Struct, frozen=True):
    """A file of the site that a URL of a page names.

    `url` is what stands in an attribute: it begins with the site's base path, or with the host of a CDN. `path` is that
    below the assets folder, empty for a file that is no asset. `integrity` is what the attribute of that name holds
    (Subresource Integrity, section 3.1), empty where the URL may carry other bytes later. `modules` are the URLs of the
    modules that a script imports, and those import.
    """

    url: str
    path: str
    source: str
    integrity: str = ""
    modules: tuple[str, ...] = ()


def _none(_: object) -> None:
    return None


class Context(msgspec.Struct, frozen=True):
    """What is known of a page beside its tree.

    `source` is what the page was made from, for messages. `off` are the names of the passes that it goes without.
    `find` gives the file that a URL names, `read` its text, and `image` what is there of an image; all give None for
    what is not the site's, and each question is recorded, since the page depends on its answer. `delivered` takes how
    the page's style sheets are delivered; `written` takes the tree that the page was written from, its text, in which a
    parser would find the same tree, and whether any element has a `style` attribute.
    """

    url: str = "/"
    source: str = ""
    config: Config = Config()
    off: Collection[str] = ()
    find: Callable[[str], Resource | None] = _none
    read: Callable[[str], str | None] = _none
    image: Callable[[str], ImageSet | None] = _none
    delivered: Callable[[Delivery], None] = _none
    written: Callable[[Tree, str, bool], None] | None = None


class Step(NamedTuple):
    """A pass of ssg's own: it changes a tree that nobody else has, and names what it leaves as it is, and why.

    Done twice, it changes nothing the second time. `sign` is found in the text of each page that it has something to
    do on; None where every page may need it.
    """

    name: str
    apply: Callable[[Tree, Context], Iterable[Diagnostic]]
    sign: re.Pattern[str] | None = None

    def concerns(self, text: str) -> bool:
        """Tell whether there may be something to do on a page with this text."""
        return self.sign is None or self.sign.search(text) is not None


def chosen(tree: Tree, selector: str) -> Iterator[Element]:
    """Give the elements of a tree that a CSS selector takes, without those that passes leave alone.

    A tree knows its elements by tag: a selector with a tag takes 0.3 us on a large page, one without 5 us, a list of
    selectors 10 us.
    """
    for element in tree.select(selector):
        if element.closest(_SKIPPED) is None:
            yield element


def unmark(tree: Tree) -> None:
    """Take the attributes that are for passes alone out of a tree."""
    for mark in MARKS:
        for element in tree.select(f"[{mark}]"):
            del element.attrs[mark]
