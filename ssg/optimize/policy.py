"""What a content security policy must allow of a page: the hashes of what runs within it, and the hosts it names."""

import base64
import functools
import hashlib
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import turbohtml
from turbohtml import Document as Tree

STYLED = "style-src-attr 'unsafe-inline'"
"""What a page needs that has an element with a `style` attribute."""

# What a browser runs or obeys, so that the policy covers it (CSP Level 3, section 4.2.3); other types are data.
_OBEYED = frozenset(("module", "importmap", "speculationrules"))
_CLASSIC = frozenset(("", "text/javascript", "application/javascript", "text/ecmascript", "application/ecmascript"))

# Attributes that are scripts, as a tree is written: one space before each, names in lower case, nothing before "=".
_HANDLERS = re.compile(" (on[a-z]{3,})=")
# What a source of a policy may say of a host (CSP Level 3, section 2.3.1, host-part and port-part).
_HOST = re.compile(r"[A-Za-z0-9.-]+(:[0-9]+)?")


def classic(kind: str) -> bool:
    """Tell whether a script of this type is a classic one (WHATWG HTML, section 4.12.1)."""
    return kind.strip().lower() in _CLASSIC


def hashes(tree: Tree, written: str) -> tuple[str, ...]:
    """Give what a page needs, sorted, each with its directive: `script-src 'sha256-…'`; takes the tree as written too.

    A hash is that of the text between the tags, or of an attribute that is a script, in UTF-8, as it is published (CSP
    Level 3, section 2.3.1). Scripts and style sheets of other hosts are named by those. Attributes that are styles are
    allowed as a whole where a page has one: they run nothing.
    """
    return tuple(sorted({*_found(tree), *_attributes(tree, written), *_hosts(tree)}))


def _found(tree: Tree) -> Iterator[str]:
    for element in tree.select("script:not([src])"):
        kind = (element.attr("type") or "").strip().lower()
        if classic(kind) or kind in _OBEYED:
            yield f"script-src {_hash(element.text)}"
    yield from _styles(tree)


def _attributes(tree: Tree, written: str) -> Iterator[str]:
    """Give what attributes need; the text is searched first, as few pages have any that are scripts."""
    for name in set(_HANDLERS.findall(written)):
        for element in tree.select(f"[{name}]"):
            yield f"script-src-attr {_hash(element.attr(name) or '')}"
    if next(iter(tree.select("[style]")), None) is not None:
        yield STYLED


def _hosts(tree: Tree) -> Iterator[str]:
    """Give the origins of scripts and style sheets that are not the site's own paths."""
    of_kind = (("script-src", "script[src]", "src"), ("style-src", "link[rel~=stylesheet][href]", "href"))
    for directive, selector, name in of_kind:
        for element in tree.select(selector):
            origin = _origin((element.attr(name) or "").strip())
            if origin:
                yield f"{directive} {origin}"


def _origin(address: str) -> str:
    """Give the origin of an absolute address as a policy names it, in ASCII; nothing for others and for no address."""
    try:
        parts = urlsplit(address)
        host = parts.netloc.rpartition("@")[2]
        host = host if host.isascii() else host.encode("idna").decode()
    except ValueError:
        return ""
    known = parts.scheme in {"http", "https", ""} and _HOST.fullmatch(host)
    return f"{parts.scheme or 'https'}://{host}" if known else ""


def _styles(tree: Tree) -> Iterator[str]:
    for element in tree.select("style"):
        yield f"style-src {_hash(element.text)}"
    for element in tree.select("noscript:not(:has(*))"):  # its text are elements for a browser without scripts
        if "<style" in element.text.lower():
            yield from _styles(turbohtml.parse(element.text, positions=False))


@functools.lru_cache(maxsize=1024)
def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
