"""What differs between two releases, and what a browser that shows a page must do about it."""

import msgspec

from ssg.serve.published import Found, Published

SAME, CHANGED, RELOAD = "same", "changed", "reload"
# With more files changed than this, a page is loaded anew rather than told of each.
_MANY = 2000
# Below it a file with other bytes has another name, so that all that use it have changed too, and tell the browser.
_HASHED = "assets/"


class Advice(msgspec.Struct, frozen=True):
    """What changed for one page.

    `page` is `same`, `changed` (replace it in place, where its scripts are the same) or `reload`. `styles` and `files`
    are the readable URL paths of style sheets and of all other files but pages that changed, for the browser to see
    whether it uses them.
    """

    page: str
    styles: tuple[str, ...] = ()
    files: tuple[str, ...] = ()


class Difference(msgspec.Struct, frozen=True):
    """The files that differ between two releases, by path: changed, gone, or new."""

    old: Published
    new: Published
    changed: frozenset[str]

    def advise(self, page: str) -> Advice:
        """Say what a browser that shows the URL path `page` of the old release must do."""
        urls = sorted(path for path in self.changed if not path.endswith(".html") and not path.startswith(_HASHED))
        if len(urls) > _MANY or self.old.base_path != self.new.base_path:
            return Advice(RELOAD)
        styles = tuple(self.new.url(path) for path in urls if path.endswith(".css"))
        files = tuple(self.new.url(path) for path in urls if not path.endswith(".css"))
        return Advice(self._page(page), styles, files)

    def _page(self, page: str) -> str:
        old, new = self.old.find(page), self.new.find(page)
        if not isinstance(old, Found) or not isinstance(new, Found):
            return SAME if old == new else RELOAD
        if old.artifact is None or new.artifact is None or old.status != new.status:
            return SAME if old == new else RELOAD
        return SAME if old.artifact.digest == new.artifact.digest else CHANGED


def compare(old: Published, new: Published) -> Difference:
    """Compare two releases by the digests of their files."""
    before, after = old.artifacts, new.artifacts
    others = (path for path, one in after.items() if before.get(path) is not one)
    changed = {path for path in others if path not in before or before[path].digest != after[path].digest}
    return Difference(old, new, frozenset(changed | (before.keys() - after.keys())))
