"""`ssg audit`: the pages that are asked for, in a real browser, against the limits of the site."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

import msgspec

from ssg.audit.chromium import NAMES, Browser, BrowserError, find_chromium, started
from ssg.audit.host import hosted
from ssg.audit.judge import SLACK, judge, worst_first
from ssg.audit.measure import RUNS, measure
from ssg.audit.values import AuditReport, Measured
from ssg.audit.visit import BACKGROUND
from ssg.budget.matching import Decided, Matcher
from ssg.budget.values import Subject
from ssg.config import Config, default_rule
from ssg.errors import ConfigError, Location, SiteError, error
from ssg.urls import uri

_SCHEMES = ("http://", "https://")


class Wanted(msgspec.Struct, frozen=True):
    """What is audited: URLs, or URL paths of the site whose output lies in `folder`; none is the site's first page.

    `runs` is how often each is loaded, `slack` the per cent that times may be over their limits.
    """

    urls: tuple[str, ...]
    folder: str
    runs: int = RUNS
    slack: int = SLACK


def audit(
    config: Config, wanted: Wanted, told: Callable[[str, int, int], None], subjects: Mapping[str, Subject] | None = None
) -> AuditReport:
    """Measure pages, and hold them against the budgets of the site.

    `told` is told how many loads are done, of how many. `subjects` are the pages of the site by their URLs below its
    base path, as rules see them; without them, as for pages of others, rules match by URL alone.

    Raises:
        ConfigError: there is no browser, or no such page in the output folder.
        SiteError: the browser fails, or a page cannot be opened.
    """
    program = find_chromium()
    if not program:
        hint = "install Chromium or Chrome (Debian: apt install chromium), so that one of these is found"
        raise ConfigError(
            error("audit-browser", "there is no browser to measure with", Location(" ".join(NAMES)), hint)
        )
    base = f"{config.site.base_path}/"
    paths = tuple(_path(one, base, Path(wanted.folder)) for one in wanted.urls or (base,))
    try:
        trusted = not any(one.startswith(_SCHEMES) for one in paths)
        with hosted(Path(wanted.folder), base) as host, started(program, *BACKGROUND, trusted=trusted) as running:
            asked = {_full(path, host.origin()): path for path in paths}
            pages = tuple(_pages(running.browser, asked, wanted.runs, told))
    except BrowserError as reason:
        hint = "try it again, with less at the same time; pages of others need a sandbox, which a container may forbid"
        raise SiteError(error("audit", f"{reason}", Location(program), hint)) from None
    rules = SiteRules(config, subjects or {})
    verdicts = [one for page in pages for one in judge(page, page.url, rules.limits(page.url), wanted.slack)]
    unjudged = rules.unjudged(paths)
    return AuditReport(pages, worst_first(verdicts), running.version, wanted.slack, unjudged, running.unconfined)


def _path(written: str, base: str, folder: Path) -> str:
    """Give a URL as it is, and a path when the output folder has a page for it."""
    if written.startswith(_SCHEMES):
        return written
    where = Location(written)
    if not folder.is_dir():
        hint = "build the site first: ssg build"
        raise ConfigError(error("audit", f"there is no output folder {folder}", where, hint))
    path = written if written.startswith("/") else f"/{written}"
    inside = path.removeprefix(base) if path.startswith(base) else path[1:]
    name = unquote(inside)
    file = folder / (f"{name}index.html" if name.endswith("/") or not name else name)
    if ".." in Path(name).parts or not file.is_file():
        hint = "name a page by its URL, like /posts/a/; ssg build writes it"
        raise ConfigError(error("audit", f"{folder} has no such page", where, hint))
    return base + inside


def _full(path: str, origin: str) -> str:
    return path if path.startswith(_SCHEMES) else origin + path


def _pages(
    browser: Browser, asked: Mapping[str, str], runs: int, told: Callable[[str, int, int], None]
) -> Iterator[Measured]:
    """Measure pages; those of the site are named by their paths again.

    Raises:
        SiteError: a page cannot be opened.
    """
    for one in measure(browser, asked, runs, told):
        path = asked[one.url]
        if not isinstance(one, Measured):
            where = Location(path)
            raise SiteError(error("audit", f"cannot be opened: {one.reason}", where, "look at it in a browser"))
        yield msgspec.structs.replace(one, url=path)


class SiteRules:
    """The rules of a site, and its pages by their URLs below the base path."""

    def __init__(self, config: Config, subjects: Mapping[str, Subject]) -> None:
        self._site = config.site
        self._rules = config.budgets if config.budgets != "off" else None
        self.subjects = subjects
        address = urlsplit(config.site.base_url)
        self._origin = f"{address.scheme}://{address.netloc}" if address.netloc else ""

    def limits(self, url: str) -> Mapping[str, Decided]:
        """Give the limits that hold for a page, of the site or of others, as a build has them for one of its own."""
        if self._rules is None:
            return {}
        path, base = uri(unquote(urlsplit(url).path or "/")), self._site.base_path
        path = path.removeprefix(base) if path.startswith(f"{base}/") else path
        path = path.removesuffix("index.html") if path.endswith("/index.html") else path
        known = self.subjects.get(path) if self._own(url) else None
        return Matcher([default_rule(), *self._rules]).limits(known or Subject(path, ""))[0]

    def unjudged(self, urls: Iterable[str]) -> tuple[str, ...]:
        """Give the rules that some of these pages could not be held against, since nobody knows their sections."""
        if self._rules is None or all(map(self._own, urls)):
            return ()
        return tuple(one.name for one in self._rules if one.section or one.template or one.type)

    def _own(self, url: str) -> bool:
        """Tell whether a page is one of the site, which is known: as it was built, or where it is published."""
        below = f"{self._origin}{self._site.base_path}/"
        return bool(self.subjects) and (
            not url.startswith(_SCHEMES) or (bool(self._origin) and f"{url}/".startswith(below))
        )
