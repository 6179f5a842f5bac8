"""A page made once more with something else in its place: another template, another body, a list in parts."""

from collections.abc import Callable, Collection, Sequence
from pathlib import Path

import msgspec

from ssg import content
from ssg.build.rendering import Stage, Work, document_of
from ssg.build.setting import dialect_of
from ssg.errors import SiteError, has_errors
from ssg.model import Route, RouteKind, Source
from ssg.routes import own_page

_LISTS = frozenset((RouteKind.HOME, RouteKind.SECTION, RouteKind.TERM))


class Trials:
    """Makes pages of one site again, as a build would, but in memory; None where that has a mistake."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._others: dict[str, Stage] = {}

    def with_template(self, work: Work, path: str, text: str) -> str | None:
        """Give the HTML of a page with another text for the templates of a file; a file without a text writes nothing.

        Takes the path of the file as messages have it.
        """
        name = f"{path}\0{text}"
        if name not in self._others:
            theme = self._stage.scene.theme
            templates = tuple(
                msgspec.structs.replace(one, text=text) if one.path == path else one for one in theme.templates
            )
            changed = msgspec.structs.replace(theme, templates=templates)
            scene = msgspec.structs.replace(self._stage.scene, theme=changed)
            self._others[name] = Stage(scene, self._stage.shelf)
        return _html(self._others[name], work)

    def with_body(self, work: Work, text: str) -> str | None:
        """Give the HTML of a page whose Markdown file has another text; what lists and menus show of it stays."""
        scene = self._stage.scene
        page = own_page(scene.site, work.route)
        if page is None:
            return None
        dialect, _ = dialect_of(scene.config, scene.inputs.root, scene.elements)
        file = str(Path(scene.inputs.root, page.source))
        prefix = scene.site.editions[page.language].prefix
        name = Path(page.source).name.partition(".")[0]
        source = Source(page.source, file, page.kind, page.folder, name, page.language, prefix)
        parsed = content.parse(source, text.encode(), scene.config.content, dialect)
        if parsed.body is None:
            return None
        body = self._stage.shelf.put(msgspec.msgpack.encode(parsed.body))
        return _html(self._stage, msgspec.structs.replace(work, body=body))

    def pages(self, work: Work) -> Sequence[int]:
        """Give the positions of the pages that a list has, over all its parts; none for what is no list."""
        route = work.route
        if route.kind not in _LISTS:
            return ()
        edition, key = self._stage.scene.site.editions[route.language], str(route.key[0])
        if route.kind is RouteKind.TERM:
            return edition.taxonomies[key].terms[int(route.key[1])].pages
        return edition.sections[key].pages

    def listed(self, work: Work) -> int:
        """Give the number of pages that a list shows at a time; 0 for what is no list."""
        pages = self.pages(work)
        size = self._size(work.route) if pages else 0
        return min(len(pages), size) if size else len(pages)

    def in_parts(self, work: Work, size: int) -> str | None:
        """Give the HTML of a list that shows so many pages at a time."""
        return self._as_list(work, lambda pages: (pages, size))

    def without_listed(self, work: Work, sources: Collection[str]) -> str | None:
        """Give the HTML of a list without the pages that are made from some sources."""
        if work.route.kind not in _LISTS:
            return None
        made, size = self._stage.scene.site.pages, self._size(work.route)
        return self._as_list(work, lambda pages: (tuple(one for one in pages if made[one].source not in sources), size))

    def _size(self, route: Route) -> int:
        edition, key = self._stage.scene.site.editions[route.language], str(route.key[0])
        return edition.taxonomies[key].size if route.kind is RouteKind.TERM else edition.sections[key].size

    def _as_list(self, work: Work, change: Callable[[tuple[int, ...]], tuple[tuple[int, ...], int]]) -> str | None:
        """Render a list with other pages and another number of them at a time."""
        route, site, replace = work.route, self._stage.scene.site, msgspec.structs.replace
        edition, key = site.editions[route.language], str(route.key[0])
        if route.kind is RouteKind.TERM:
            taxonomy, at = edition.taxonomies[key], int(route.key[1])
            pages, size = change(taxonomy.terms[at].pages)
            terms = (*taxonomy.terms[:at], replace(taxonomy.terms[at], pages=pages), *taxonomy.terms[at + 1 :])
            changed = replace(taxonomy, terms=terms, size=size)
            edition = replace(edition, taxonomies={**edition.taxonomies, key: changed})
        else:
            pages, size = change(edition.sections[key].pages)
            section = replace(edition.sections[key], pages=pages, size=size)
            edition = replace(edition, sections={**edition.sections, key: section})
        editions = {**site.editions, route.language: edition}
        return _html(Stage(replace(self._stage.scene, site=replace(site, editions=editions)), self._stage.shelf), work)


def _html(stage: Stage, work: Work) -> str | None:
    try:
        made = document_of(stage, work)
    except SiteError:
        return None
    return None if has_errors(made.artifact.diagnostics) else made.body.decode()
