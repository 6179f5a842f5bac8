"""Links between sources → final URLs."""

import difflib
import functools
import posixpath
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from urllib.parse import unquote, urljoin

import msgspec

from ssg.errors import nearest
from ssg.manifest import AssetManifest
from ssg.model import Page, Site
from ssg.render.reads import Reads
from ssg.routes import outputs
from ssg.urls import HTML, folder_url, href, output_url, tagged

_HOST = re.compile(r"(www\.|[\w-]+\.(com|org|net|io|dev|edu|gov)(/|$))")
_KINDS = (".avif", ".css", ".gif", ".jpeg", ".jpg", ".js", ".mp4", ".pdf", ".png", ".svg", ".webp", ".zip")
_INDEX = ("index.md", "_index.md")


class Broken(msgspec.Struct, frozen=True):
    """Why a link leads nowhere, and what may have been meant."""

    message: str
    hint: str


class Targets:
    """All that a link of a site can lead to, by source path, file path and URL; it follows from where pages stand."""

    def __init__(self, site: Site, manifest: AssetManifest, content: str) -> None:
        """Index the site; `content` is the content folder."""
        self.translated = len(site.editions) > 1
        self.hidden = site.hidden
        self.numbers = {page.url: number for number, page in enumerate(site.pages)}
        self.targets: dict[str, str] = {page.source: page.url for page in site.pages}
        self.targets |= site.files
        self.folders = {
            (f"{content}/{section.folder}".rstrip("/"), edition.language): section.url
            for edition in site.editions.values()
            for section in edition.sections.values()
        }
        self.urls = {route.url for route in site.routes} | {asset.written for asset in manifest.files}
        self.leading = dict(_leading(site))

    @functools.cached_property
    def by_stem(self) -> Mapping[str, list[str]]:
        """The paths of files by their names without endings."""
        return _by_stem(self.targets)


class Links:
    """Links of a site, from what an author writes to where they lead."""

    def __init__(
        self, pages: Sequence[Page], known: Targets, places: tuple[str, str], reads: Reads, manifest: AssetManifest
    ) -> None:
        """Take the pages of the site and what a link can lead to; `manifest` has the names of published files.

        `places` are the content folder and the path that all URLs begin with. `reads` takes every question that is
        asked.
        """
        self._pages = pages
        self._known = known
        self._content, self._base_path = places
        self._reads = reads
        self._hashed = {one.logical: manifest.address(one, self._base_path) for one in manifest.files if one.logical}

    def resolve(self, url: str, page: Page) -> tuple[str, Broken | None]:
        """Give the final URL for one that a page's body holds as written, ready for an attribute.

        A path is looked up beside the source, then as a URL: from the content folder where it begins with a slash.
        Query and fragment stay. A link to nothing keeps its text and gives the reason.
        """
        self._reads.ask("link", page.source, url)
        path, tail = _split(url)
        decoded = unquote(path)
        found = self._found(decoded, page)
        if found is not None:
            return self.public(found) + tail, self._lost(found, decoded, tail)
        return url, self._explain(decoded, page.source)

    def target(self, url: str, page: Page) -> str | None:
        """Give the URL of the site that one of a page's body leads to, or nothing."""
        return self._found(unquote(_split(url)[0]), page)

    def _found(self, path: str, page: Page) -> str | None:
        if path.startswith("@/"):
            return self._source(path[1:], page.source, page.language)
        return self._source(path, page.source, page.language) or self._url(path, page.url)

    @property
    def names(self) -> Sequence[str]:
        """All paths that a link may name, shown or hidden."""
        return [*self._known.targets, *sorted(self._known.hidden)]

    def anchors(self, url: str) -> Sequence[str]:
        """Give the ids of the page at a URL of the site."""
        number = self._known.numbers.get(url)
        return self._pages[number].anchors if number is not None else ()

    def _lost(self, url: str, path: str, tail: str) -> Broken | None:
        """Say that a link names a heading which its page does not have; anchors of lists are not known."""
        anchor = unquote(tail.partition("#")[2])
        if not anchor or anchor == "top" or url not in self._known.numbers:
            return None
        self._reads.ask("anchors", url)
        anchors = self.anchors(url)
        if anchor in anchors:
            return None
        hint = nearest(anchor, anchors) or "name the id of a heading of that page"
        return Broken(f'"{path}" has no "#{anchor}"', hint)

    def find(self, path: str, language: str) -> str | None:
        """Give the URL, from the site's root, of a source, file or URL named from the content folder.

        Of a page with translations, that in the language.
        """
        self._reads.ask("find", language, path)
        rooted = path if path.startswith("/") else f"/{path}"
        return self._source(rooted, "", language) or self._url(rooted, "/")

    def public(self, url: str) -> str:
        """Give a site URL as it stands in an attribute: percent-encoded, below the site's base path.

        A file whose name holds a digest has its published name: what is asked of it is known to the render.
        """
        hashed = self._hashed.get(url)
        if hashed is not None:
            self._reads.ask("asset", url)
            return hashed
        return self._base_path + href(url)

    def suggest(self, path: str, source: str) -> str:
        """Give a hint for a path that leads nowhere: the nearest name beside it, else anywhere in the site."""
        self._reads.ask("names")
        folder = posixpath.dirname(source)
        target = posixpath.normpath(posixpath.join(folder, path) if source else f"{self._content}/{path}")
        stem, suffix = posixpath.splitext(posixpath.basename(target))
        choices = {
            name: [entry for entry in entries if _alike(entry, suffix)] for name, entries in self._known.by_stem.items()
        }
        beside = [n for n, entries in choices.items() if posixpath.dirname(target) in map(posixpath.dirname, entries)]
        for candidates, cutoff in ((beside, 0.6), ([name for name in choices if choices[name]], 0.75)):
            for found in difflib.get_close_matches(stem, candidates[:5000], n=1, cutoff=cutoff):
                best = min(choices[found], key=lambda entry: (-len(posixpath.commonprefix((entry, target))), entry))
                shown = posixpath.relpath(best, folder) if source else best.removeprefix(f"{self._content}/")
                return f'did you mean "{shown}"?'
        return ""

    def _source(self, path: str, source: str, language: str) -> str | None:
        if path.startswith("/"):
            target = posixpath.normpath(self._content + path)
        else:
            target = posixpath.normpath(posixpath.join(posixpath.dirname(source), path))
        if (target, language) in self._known.folders:
            return self._known.folders[target, language]
        for name in _spellings(target):
            # A link to page.md means the page in the reader's language, where there is one.
            translated = tagged(name, language) if self._known.translated else name
            if translated in self._known.targets or name in self._known.targets:
                return self._known.targets.get(translated) or self._known.targets[name]
        return None

    def _url(self, path: str, page_url: str) -> str | None:
        absolute = urljoin(page_url, path) if not path.startswith("/") else path
        for candidate in (absolute, absolute.removeprefix(self._base_path) if self._base_path else absolute):
            folder = candidate.removesuffix("index.html")
            for spelled in (folder, f"{folder}/"):
                if spelled in self._known.urls:
                    return spelled
                if spelled in self._known.leading:
                    return self._known.leading[spelled]
        return None

    def _explain(self, path: str, source: str) -> Broken:
        self._reads.ask("names")
        rooted = path.startswith(("/", "@/"))
        folder = self._content if rooted else posixpath.dirname(source)
        target = posixpath.normpath(posixpath.join(folder, path.lstrip("@/") if rooted else path))
        if any(name in self._known.hidden for name in _spellings(target)):
            message = f'the link to "{path}" leads to a page that this build leaves out'
            return Broken(message, "it is a draft, dated later, or has an error; --drafts and --future show it")
        message = f'the link to "{path}" leads to no page or file'
        if "{{" in path or "{%" in path:
            return Broken(message, "braces in a page are literal text: write the path itself")
        if _HOST.match(path):
            return Broken(message, f'write "https://{path}" for another site')
        return Broken(
            message,
            self.suggest(path.removeprefix("@"), source) or "write the path of the file, from this file's folder",
        )


def _leading(site: Site) -> Iterator[tuple[str, str]]:
    """Give the URL of each folder whose page is not published as HTML, and where a link to it leads."""
    for route in site.routes:
        if route.format not in {HTML, *outputs(site, route)[1:]}:
            folder = folder_url(route.url)
            if output_url(folder, route.format) == route.url:
                yield folder, route.url


def _split(url: str) -> tuple[str, str]:
    """Split a URL where its query or fragment begins."""
    cut = min((place for place in (url.find("?"), url.find("#")) if place >= 0), default=len(url))
    return url[:cut], url[cut:]


def _spellings(target: str) -> Iterator[str]:
    """Give what a link to `target` may stand for: itself, with its ending left out, or a folder's page."""
    yield target
    yield f"{target}.md"
    for index in _INDEX:
        yield f"{target}/{index}"


def _alike(path: str, suffix: str) -> bool:
    """Tell whether a file may be meant by a name with this ending: a page, a file of the same kind, or any file."""
    if suffix in _KINDS:
        return path.endswith(suffix)
    return suffix not in {"", ".md", ".html"} or path.endswith((".md", ".markdown"))


def _by_stem(targets: Iterable[str]) -> dict[str, list[str]]:
    """Group the paths of files by their names without endings."""
    named: dict[str, list[str]] = defaultdict(list)
    for path in targets:
        stem, suffix = posixpath.splitext(posixpath.basename(path))
        if suffix:
            named[stem].append(path)
    return named
