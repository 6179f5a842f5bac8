"""A content security policy: what browsers may run and apply of the built pages (CSP Level 3)."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

# The shortest of what hosts take: CloudFront has 1,783 characters a header, Cloudflare 2,000 a line with its name.
LIMIT = 1750
# What a `<meta>` cannot say (CSP Level 3, section 3.3).
_HEADER_ONLY = {"frame-ancestors", "report-uri", "report-to", "sandbox"}
_FRAME = {"deny": "'none'", "same-origin": "'self'"}
# A byte order mark; then what may stand before each tag, and within one: the value of an attribute may hold ">".
_MARK, _GAP, _REST = rb"(?:\xef\xbb\xbf)?", rb"(?:\s|<!--.*?-->)*", rb"""(?:\s(?:[^>"']|"[^"]*"|'[^']*')*)?>"""
_TAGS = (rb"<!doctype", rb"<html", rb"<head", rb"<meta(?=\s+charset=)")
_BEGIN = re.compile(_MARK + b"".join(b"(?:" + _GAP + tag + _REST + b")?" for tag in _TAGS), re.IGNORECASE | re.DOTALL)

Sources = Mapping[str, tuple[str, ...]]
"""The sources of a policy, by directive."""


def sources(inlined: Iterable[str], further: Sources, *, search: bool = False) -> Sources:
    """Give the sources that pages need: what is allowed of each, and what the configuration adds.

    Scripts and styles come from the site itself; `search` allows the WebAssembly that Pagefind runs on. Elements that
    bring hashes of attributes need the word for it (section 6.7.3.3). Images, frames and connections stay free.
    """
    found: dict[str, dict[str, None]] = defaultdict(dict)
    found["script-src"]["'self'"] = found["style-src"]["'self'"] = None
    if search:
        found["script-src"]["'wasm-unsafe-eval'"] = None
    found["object-src"]["'none'"] = found["base-uri"]["'self'"] = None
    for one in sorted(set(inlined)):
        directive, _, source = one.partition(" ")
        if directive.endswith("-attr") and source.startswith("'sha"):
            found[directive]["'unsafe-hashes'"] = None
        found[directive][source] = None
    for directive, more in further.items():
        found[directive] |= dict.fromkeys(more)
    return {directive: tuple(values) for directive, values in found.items()}


def header(allowed: Sources, frame: str) -> str:
    """Give the policy as a header says it; `frame` is who may show a page in a frame, as the configuration has it."""
    ancestors = {"frame-ancestors": (_FRAME[frame],)} if frame in _FRAME else {}
    return _text({**allowed, **{name: one for name, one in ancestors.items() if name not in allowed}})


def small(allowed: Sources, frame: str) -> str:
    """Give what a header still says where the pages say the rest themselves."""
    return header(
        {name: one for name, one in allowed.items() if name in {"object-src", "base-uri", *_HEADER_ONLY}}, frame
    )


def for_page(allowed: Sources, of_pages: Collection[str], inlined: Iterable[str]) -> Sources:
    """Give the sources of one page: those of the site, without what other pages alone need."""
    own = {tuple(one.split(" ", 1)) for one in inlined}
    return {
        directive: tuple(one for one in values if one not in of_pages or (directive, one) in own)
        for directive, values in allowed.items()
    }


def within(body: bytes, allowed: Sources) -> bytes:
    """Put a policy into a page, before everything that it is for: right after the encoding."""
    said = _text({name: one for name, one in allowed.items() if name not in _HEADER_ONLY})
    found = _BEGIN.match(body)
    place = found.end() if found is not None else 0
    element = f'<meta http-equiv="content-security-policy" content="{said}">'
    return body[:place] + element.encode() + body[place:]


def _text(allowed: Sources) -> str:
    return "; ".join(f"{directive} {' '.join(values)}".rstrip() for directive, values in allowed.items())
