"""What differs between two releases, and what a browser that shows a page must do about it."""

import re

import msgspec

from ssg.model import Artifact
from ssg.serve.published import Found, Published
from ssg.serve.snapshot import Read

SAME, CHANGED, RELOAD = "same", "changed", "reload"
# Scripts run once, and what http-equiv says holds from the start: neither can be changed in place. JSON-LD, in which
# every title and date is repeated, is read by search engines alone.
_FIXED = re.compile(
    rb"<script\b(?![^>]*application/ld\+json).*?</script|<meta\s[^>]*http-equiv[^>]*>|<base\s[^>]*>",
    re.IGNORECASE | re.DOTALL,
)
# With more files changed than this, a page is loaded anew rather than told of each.
_MANY = 300


class Advice(msgspec.Struct, frozen=True):
    """What changed for one page.

    `page` is `same`, `changed` (replace it in place) or `reload`. `styles` and `files` are the readable URL paths of
    style sheets and of all other files but pages that changed, for the browser to see whether it uses them.
    """

    page: str
    styles: tuple[str, ...] = ()
    files: tuple[str, ...] = ()


class Difference(msgspec.Struct, frozen=True):
    """The files that differ between two releases, by path: changed, gone, or new."""

    old: Published
    new: Published
    changed: frozenset[str]

    def advise(self, page: str, reads: tuple[Read, Read] | None = None) -> Advice:
        """Say what a browser that shows the URL path `page` must do; `reads` read the old and the new release.

        Without them it cannot be known what of a page has changed: it is loaded anew.
        """
        urls = sorted(path for path in self.changed if not path.endswith(".html"))
        if len(urls) > _MANY or self.old.base_path != self.new.base_path:
            return Advice(RELOAD)
        styles = tuple(self.new.url(path) for path in urls if path.endswith(".css"))
        files = tuple(self.new.url(path) for path in urls if not path.endswith(".css"))
        return Advice(self._page(page, reads), styles, files)

    def _page(self, page: str, reads: tuple[Read, Read] | None) -> str:
        old, new = self.old.find(page), self.new.find(page)
        if not isinstance(old, Found) or not isinstance(new, Found):
            return SAME if old == new else RELOAD
        if old.artifact is None or new.artifact is None or old.status != new.status:
            return SAME if old == new else RELOAD
        if old.artifact.digest == new.artifact.digest:
            return SAME
        if reads is None:
            return RELOAD
        try:
            same = _fixed(old.artifact, reads[0]) == _fixed(new.artifact, reads[1])
        except OSError:
            return RELOAD
        return CHANGED if same else RELOAD


def compare(old: Published, new: Published) -> Difference:
    """Compare two releases by the digests of their files."""
    before, after = old.artifacts, new.artifacts
    changed = {path for path, one in after.items() if path not in before or before[path].digest != one.digest}
    return Difference(old, new, frozenset(changed | (before.keys() - after.keys())))


def _fixed(artifact: Artifact, read: Read) -> list[bytes]:
    return _FIXED.findall(read(artifact.body))
