"""Scripts and style sheets of the site → such that a browser refuses if their bytes are others."""

import itertools
from collections.abc import Iterable

from turbohtml import Document as Tree

from ssg.errors import Diagnostic
from ssg.optimize.context import Context, chosen

_TAKES = (
    "script[src]:not([integrity])",
    "script[data-src][data-load=lazy]:not([integrity])",
    "link[rel~=stylesheet][href]:not([integrity])",
    "link[rel=modulepreload][href]:not([integrity])",
)


def integrity(tree: Tree, page: Context) -> Iterable[Diagnostic]:
    """Write the digest of each script and style sheet of the site beside its URL (Subresource Integrity, section 3.4).

    From another host, such as a CDN, a browser checks only what it fetches with CORS: so does `crossorigin` ask.
    """
    for one in itertools.chain(*(chosen(tree, selector) for selector in _TAKES)):
        url = one.attr("src") or one.attr("data-src") or one.attr("href") or ""
        found = page.find(url)
        if found is None or not found.integrity:
            continue
        one.attrs["integrity"] = found.integrity
        if not found.url.startswith("/") and "crossorigin" not in one.attrs:
            one.attrs["crossorigin"] = "anonymous"
    return ()
