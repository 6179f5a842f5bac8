"""A folder of a built site → what its pages weigh."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import msgspec

from ssg.budget.graph import Weigher
from ssg.budget.page import read_page
from ssg.budget.values import PROFILES, File, Files, Sizes, Subject, Weight
from ssg.build.budgeting import Weighed
from ssg.errors import ConfigError, Location, error
from ssg.urls import media_type

_SIBLINGS = (".br", ".gz")
_INDEX = "index.html"


def weigh_folder(folder: str, base_url: str = "") -> Weighed:
    """Weigh the pages of a site that any tool has built: the HTML files of a folder, under every profile.

    Encodings are those that lie beside a file, `a.css.br` and `a.css.gz`; what has none is taken to travel as it is. A
    file `index.html` has the URL of its folder. `base_url` is where the folder is published: URLs of files are below
    its path, and those that begin with its host are the site's own. Those of pages are given without the path.

    Raises:
        ConfigError: there is no HTML in the folder, or a file of it cannot be read.
    """
    root = Path(folder)
    try:
        found = {place.relative_to(root).as_posix(): place for place in sorted(root.rglob("*")) if place.is_file()}
        pages = [path for path in found if path.endswith((".html", ".htm"))]
        if not pages:
            hint = "name the folder that the site was built into"
            raise ConfigError(error("budget", "holds no HTML, so nothing can be weighed", Location(folder), hint))
        parts = urlsplit(base_url)
        base = quote(unquote(parts.path)).rstrip("/")
        weigher = Weigher(_files(found, base), (f"{parts.scheme}://{parts.netloc}",) if parts.netloc else ())
        weights = tuple(one for path in pages for one in _weigh(weigher, base, _url(path), found[path]))
        size = sum(place.stat().st_size for path, place in found.items() if not _is_sibling(path, found))
    except OSError as reason:
        message, hint = f"cannot be read: {reason.strerror}", "make it readable"
        raise ConfigError(error("budget", message, Location(str(reason.filename or folder)), hint)) from None
    subjects = tuple(Subject(_url(path), f"{folder.rstrip('/')}/{path}") for path in pages)
    return Weighed(subjects, weights, size, {})


def _weigh(weigher: Weigher, base: str, url: str, place: Path) -> Iterator[Weight]:
    facts = read_page(place.read_bytes().decode("utf-8-sig", "replace"), base + url, weigher.origins)
    return (msgspec.structs.replace(weigher.weigh(facts, profile), url=url) for profile in PROFILES)


def _files(found: dict[str, Path], base: str) -> Files:
    known: dict[str, File | None] = {}

    def give(url: str) -> File | None:
        if url not in known:
            path = unquote(url.removeprefix(f"{base}/")).lstrip("/") if url.startswith(f"{base}/") else ""
            whole = path + _INDEX if path.endswith("/") or url == f"{base}/" else path
            known[url] = _file(url, whole, found)
        return known[url]

    return give


def _file(url: str, path: str, found: dict[str, Path]) -> File | None:
    place = found.get(path)
    if place is None:
        return None
    br, gzip = (found[path + ending].stat().st_size if path + ending in found else None for ending in _SIBLINGS)
    return File(url, media_type(path), Sizes(place.stat().st_size, gzip, br), place.read_bytes, str(place))


def _is_sibling(path: str, found: dict[str, Path]) -> bool:
    return path.endswith(_SIBLINGS) and path[:-3] in found


def _url(path: str) -> str:
    return "/" + quote(path.removesuffix(_INDEX) if f"/{path}".endswith(f"/{_INDEX}") else path)
