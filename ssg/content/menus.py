"""`[menus]`: every entry leads somewhere."""

from collections.abc import Iterator, Mapping

from ssg.config import Config, place
from ssg.errors import Diagnostic, error, nearest
from ssg.model import Site


def check_menus(site: Site, config: Config, root: str) -> Iterator[Diagnostic]:
    """Name menu entries that lead to no page of the site in the folder `root`, or that name none or two targets."""
    sources: Mapping[str, str] = {page.source.removeprefix(f"{config.content.dir}/"): page.url for page in site.pages}
    for name, entries in config.menus.items():
        for entry in entries:
            where = place(root, ("menus",), name)
            if bool(entry.page) == bool(entry.url):
                hint = 'give it one of page = "…" and url = "…"'
                yield error("menu", f'the entry "{entry.name}" of the menu "{name}" leads nowhere', where, hint)
            elif entry.page and entry.page not in sources:
                left_out = f"{config.content.dir}/{entry.page}" in site.hidden
                message = f'the entry "{entry.name}" of the menu "{name}" leads to "{entry.page}", '
                message += "which this build leaves out" if left_out else "which is no page"
                hint = nearest(entry.page, sources) or f"name a file below {config.content.dir}/"
                yield error("menu", message, where, "take the entry out, or publish the page" if left_out else hint)
