"""`ssg audit`: the pages that are asked for, in a real browser, against the limits of the site."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

import msgspec

from ssg.audit.chromium import NAMES, UNCONFINED, Browser, BrowserError, find_chromium, launched
from ssg.audit.host import hosted
from ssg.audit.judge import SLACK, judge, worst_first
from ssg.audit.measure import RUNS, measure
from ssg.audit.values import AuditReport, Measured
from ssg.audit.visit import BACKGROUND
from ssg.budget.matching import Decided, Matcher
from ssg.budget.values import Subject, Verdict
from ssg.config import Config, default_rule
from ssg.errors import ConfigError, Location, SiteError, error

_SCHEMES = ("http://", "https://")


class Wanted(msgspec.Struct, frozen=True):
    """What is audited: URLs, or URL paths of the site whose output lies in `folder`; none is the site's first page.

    `runs` is how often each is loaded, `slack` the per cent that times may be over their limits.
    """

    urls: tuple[str, ...]
    folder: str
    runs: int = RUNS
    slack: int = SLACK


def audit(config: Config, wanted: Wanted, told: Callable[[str, int, int], None]) -> AuditReport:
    """Measure pages, and hold them against the budgets of the site.

    `told` is told how many loads are done, of how many.

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
        with hosted(Path(wanted.folder), base) as host, launched(program, *_options(paths)) as browser:
            asked = {_full(path, host.origin()): path for path in paths}
            pages = tuple(_pages(browser, asked, wanted.runs, told))
            version = str(browser.send("Browser.getVersion")["product"])
    except BrowserError as reason:
        raise SiteError(
            error("audit", f"{reason}", Location(program), "try it again, with less at the same time")
        ) from None
    verdicts: list[Verdict] = []
    for page in pages:
        verdicts += judge(page, page.url, _limits(config, page.url), wanted.slack)
    unjudged = () if config.budgets == "off" else tuple(one.name for one in config.budgets if one.template or one.type)
    return AuditReport(pages, worst_first(verdicts), version, wanted.slack, unjudged)


def _options(paths: Iterable[str]) -> tuple[str, ...]:
    """Give the options of the browser: pages of others are confined, but for root, as whom Chromium cannot do that."""
    others = any(one.startswith(_SCHEMES) for one in paths)
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    return BACKGROUND if others and not root else (*BACKGROUND, UNCONFINED)


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


def _limits(config: Config, url: str) -> Mapping[str, Decided]:
    """Give the limits that hold for a URL, which rules match below the base path; not those by template or type."""
    if config.budgets == "off":
        return {}
    rules = [default_rule(), *config.budgets]
    path, base = urlsplit(url).path, config.site.base_path
    path = path.removeprefix(base) if path.startswith(f"{base}/") else path
    inside = path.strip("/")
    limits, _ = Matcher(rules).limits(Subject(path, "", section=inside.rpartition("/")[0] or inside))
    return limits
