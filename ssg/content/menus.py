"""`[menus]`: every entry leads somewhere."""

from collections.abc import Iterator, Mapping

from ssg.config import Config, MenuEntry, place
from ssg.errors import Diagnostic, error, nearest
from ssg.model import Site
from ssg.urls import tagged


def check_menus(site: Site, config: Config, root: str) -> Iterator[Diagnostic]:
    """Name menu entries that lead to no page of the site in the folder `root`, or that name none or two targets."""
    yield from _check(site, config, root, ("menus",), config.menus, config.site.language)
    for language, own in config.languages.items():
        yield from _check(site, config, root, ("languages", language, "menus"), own.menus, language)


def _check(
    site: Site,
    config: Config,
    root: str,
    table: tuple[str, ...],
    menus: Mapping[str, tuple[MenuEntry, ...]],
    language: str,
) -> Iterator[Diagnostic]:
    if not menus:
        return
    content = config.content.dir
    sources = {page.source.removeprefix(f"{content}/") for page in site.pages}
    for name, entries in menus.items():
        for entry in entries:
            where = place(root, table, name)
            if bool(entry.page) == bool(entry.url):
                hint = 'give it one of page = "…" and url = "…"'
                yield error("menu", f'the entry "{entry.name}" of the menu "{name}" leads nowhere', where, hint)
            elif entry.page and not {entry.page, tagged(entry.page, language)} & sources:
                left_out = f"{content}/{entry.page}" in site.hidden
                message = f'the entry "{entry.name}" of the menu "{name}" leads to "{entry.page}", '
                message += "which this build leaves out" if left_out else "which is no page"
                hint = nearest(entry.page, sources) or f"name a file below {content}/"
                yield error("menu", message, where, "take the entry out, or publish the page" if left_out else hint)
