"""The last pass: what a browser does not need goes, in the one serialisation of the tree."""

import warnings
from collections.abc import Callable
from typing import NamedTuple

import turbohtml
from turbohtml import Comment, Element, Html, Text
from turbohtml import Document as Tree
from turbohtml import Minify as Layout

from ssg.errors import ConfigError, Diagnostic, error
from ssg.errors import Location as Place

# Comments go, optional tags and quotes go (WHATWG HTML, section 13.1.2), white space folds outside of <pre>.
_MINIFIED = Html(layout=Layout())
_PLAIN = Html()
# What would be in <head> without the tag <body>: turbohtml 1.15.4 leaves it out before them, but not before a space.
_OF_HEAD = frozenset(("base", "basefont", "bgsound", "noframes", "noscript", "title"))


class Writer(NamedTuple):
    """Turns the tree of a page into its text; takes the text that was parsed, too.

    `plain` tells that the text is that of the tree, as it is serialised: a parser finds just this tree in it.
    """

    name: str
    write: Callable[[Tree, str], str]
    plain: bool = False


def parse(text: str) -> Tree:
    """Give the tree of a page, what is in `<noscript>` as elements.

    In `<head>`, a parser without scripts ends `<noscript>` at the first element that has no place there, and `<head>`
    with it. For a browser with scripts, all of it is text (WHATWG HTML, section 13.2.6.4.5): so it is in such a page.
    """
    tree = _parse(text)
    return _parse(text, scripting=True) if tree.select_one("head noscript") is not None else tree


def _parse(text: str, *, scripting: bool = False) -> Tree:
    # A declarative shadow root stays the template that it is: attached to an element, it would not be written.
    return turbohtml.parse(text, positions=False, scripting=scripting, allow_declarative_shadow_roots=False)


def as_rendered(tree: Tree, text: str) -> str:
    """Give the text of a tree: that which was parsed, where no pass has changed the tree."""
    written = tree.serialize(_PLAIN)
    return text if written == parse(text).serialize(_PLAIN) else written


def _minified(tree: Tree, _: str) -> str:
    written = _serialized(tree)
    # Comments go, but they count for the end tags beside them: without them, others can be left out.
    return _serialized(parse(written)) if tree.xpath("boolean(//comment())") else written


def _serialized(tree: Tree) -> str:
    body = tree.find("body")
    first = next((one for one in body if not isinstance(one, Comment)), None) if body is not None else None
    if body is not None and isinstance(first, Element) and first.tag in _OF_HEAD:
        body.insert(0, Text(" "))
    return tree.serialize(_MINIFIED)


def _by_htmlmin(tree: Tree, _: str) -> str:
    from htmlmin.main import minify  # noqa: PLC0415 - an extra

    written: str = minify(tree.serialize(_PLAIN), remove_comments=True, remove_optional_attribute_quotes=True)
    return written


NONE = Writer("minify", as_rendered)
"""Leaves the text of a page as it was rendered, as far as no pass changes it."""


def writer(minifier: str, where: Callable[[], Place]) -> Writer:
    """Give the minifier of a name; `where` gives the place that names it.

    Raises:
        ConfigError: it is an extra that is not installed, or that this Python cannot run.
    """
    if minifier == "none":
        return NONE
    if minifier == "turbohtml":
        return Writer("minify", _minified, plain=True)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # it imports cgi, which Python 3.13 has no more
            import htmlmin  # noqa: F401, PLC0415 - an extra
    except ModuleNotFoundError as reason:
        raise ConfigError(_missing(reason, where())) from None
    return Writer("minify", _by_htmlmin)


def _missing(reason: ModuleNotFoundError, where: Place) -> Diagnostic:
    if reason.name == "cgi":
        message = "htmlmin needs the module cgi of Python's library, which Python 3.13 no longer has"
        return error("minifier", message, where, 'use Python 3.12 or before, or minifier = "turbohtml"')
    message = 'the minifier "htmlmin" is not installed'
    return error("minifier", message, where, 'run pip install "ssg[htmlmin]", or use minifier = "turbohtml"')
