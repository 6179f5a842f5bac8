"""What a content security policy must allow of a page: the hashes of the scripts and styles within it."""

import base64
import functools
import hashlib
from collections.abc import Iterator

import turbohtml
from turbohtml import Document as Tree

# What a browser runs or obeys, so that the policy covers it (CSP Level 3, section 4.2.3); other types are data.
_OBEYED = frozenset(("module", "importmap", "speculationrules"))
_CLASSIC = frozenset(("", "text/javascript", "application/javascript", "text/ecmascript", "application/ecmascript"))


def classic(kind: str) -> bool:
    """Tell whether a script of this type is a classic one (WHATWG HTML, section 4.12.1)."""
    return kind.strip().lower() in _CLASSIC


def hashes(tree: Tree) -> tuple[str, ...]:
    """Give the hashes of inline scripts and styles, sorted, each with its directive: `script-src 'sha256-…'`.

    A hash is that of the text between the tags, in UTF-8, as it is published (CSP Level 3, section 2.3.1).
    """
    return tuple(sorted(set(_found(tree))))


def _found(tree: Tree) -> Iterator[str]:
    for element in tree.select("script:not([src])"):
        kind = (element.attr("type") or "").strip().lower()
        if classic(kind) or kind in _OBEYED:
            yield f"script-src {_hash(element.text)}"
    yield from _styles(tree)


def _styles(tree: Tree) -> Iterator[str]:
    for element in tree.select("style"):
        yield f"style-src {_hash(element.text)}"
    for element in tree.select("noscript:not(:has(*))"):  # its text are elements for a browser without scripts
        if "<style" in element.text.lower():
            yield from _styles(turbohtml.parse(element.text, positions=False))


@functools.lru_cache(maxsize=1024)
def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
