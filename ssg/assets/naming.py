"""A text that is published as it is → the assets that it names."""

import re
from collections.abc import Iterator
from urllib.parse import unquote

from ssg.assets.texts import PREFIX

_ENDINGS = (".css", ".htm", ".html", ".js", ".mjs", ".svg", ".xhtml", ".xml")
_URL = re.compile(r"[\"'`(=,]\s*((?:/[\w.~-]+)*?/assets/[^\s\"'`<>()&?#,;]+)")


def may_name_assets(url: str) -> bool:
    """Tell by its URL whether a file is a text that may name others by their URLs."""
    return url.lower().endswith(_ENDINGS)


def named_assets(body: bytes) -> tuple[tuple[int, str], ...]:
    """Give what a text names below `/assets/` where a URL can stand, each with its line, as URL paths.

    A text that is not UTF-8 names nothing.
    """
    if PREFIX.encode() not in body:
        return ()
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return ()
    return tuple(_found(text))


def _found(text: str) -> Iterator[tuple[int, str]]:
    for one in _URL.finditer(text):
        yield text.count("\n", 0, one.start(1)) + 1, unquote(one[1])
