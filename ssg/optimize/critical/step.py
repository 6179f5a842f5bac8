"""Critical CSS as a pass over the tree of a page."""

import re
from collections.abc import Callable, Iterable, Iterator

from turbohtml import Document as Tree

from ssg.errors import Diagnostic
from ssg.model import Delivery
from ssg.optimize.context import Context
from ssg.optimize.critical.apply import apply
from ssg.optimize.critical.known import bounded
from ssg.optimize.critical.memo import Memo
from ssg.optimize.critical.placement import Limits
from ssg.optimize.critical.sheet import Sheet

# A reference that would lead elsewhere from within a page: one that begins at the sheet's own folder.
_BESIDE = re.compile(
    r"""(?:url\(\s*|@import\s*|image-set\(\s*)(?:["']\s*)?(?![\s"'/#)]|url\(|[a-z][a-z0-9+.-]*:)""", re.IGNORECASE
)


class Critical:
    """The pass, with what it learns from page to page; one for each process.

    `compiled` gives a sheet taken apart by its text, which may be remembered.
    """

    def __init__(self, compiled: Callable[[str], Sheet]) -> None:
        self._compiled = compiled
        self._memo = Memo()
        self._fit: dict[str, bool] = {}

    def __call__(self, tree: Tree, page: Context) -> Iterable[Diagnostic]:
        """Bring a page's styles to it as the configuration says, and tell how."""
        html = page.config.html
        every = html.critical_css == "inline-all"
        limits = Limits(inline=1 << 62) if every else Limits(inline=html.inline_bytes)
        scripts, words = _scripts(tree, page), html.css_safelist
        done = apply(tree, lambda url: self._sheet(url, page), self._memo, limits, scripts, words)
        if done is not None:
            chosen = done.placement
            page.delivered(Delivery(chosen.way.value, chosen.reason, chosen.cold, chosen.following))
        return ()

    def _sheet(self, url: str, page: Context) -> str | None:
        """Give the text of a sheet of the site that can stand in a page as it is."""
        text = page.read(url)
        if text is None:
            return None
        if text not in self._fit:
            bounded(self._fit)[text] = _BESIDE.search(text) is None
            if self._fit[text] and text not in self._memo.sheets:
                bounded(self._memo.sheets)[text] = self._compiled(text)
        return text if self._fit[text] else None


def _scripts(tree: Tree, page: Context) -> Iterator[str]:
    """Give the texts of the site's own scripts on a page."""
    for element in tree.select("script[src]"):
        text = page.read(str(element.attrs["src"]))
        if text is not None:
            yield text
