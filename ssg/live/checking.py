"""`ssg check --live`: a deployed site, asked for what the last build wrote."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

import msgspec

from ssg.config import Config
from ssg.errors import ConfigError, Location, SiteError, error
from ssg.live.asking import Client, Manner
from ssg.live.choosing import Chosen, choose
from ssg.live.deployed import Deployed, explain_stale, read_deployed
from ssg.live.files import check_closely, check_file
from ssg.live.grouping import group
from ssg.live.hosts import host_of
from ssg.live.missing import check_missing, probes
from ssg.live.moving import Site, check_redirect, check_slash, check_upgrade, first_answer, pages_with_slash
from ssg.live.reading import Release, read_release
from ssg.live.transport import judge_transport, look
from ssg.live.values import Answer, Ask, Expected, Extent, Host, LiveReport, Seen, Unanswered

T = TypeVar("T")
R = TypeVar("R")
MOST = 2000
"""How many files are asked for, unless more are wished."""

_AT_ONCE = 8
_OK, _FAILED = 200, 500
_WALLS = frozenset((401, 403, 407))
_SCHEMES = ("http", "https")
_PAGES = frozenset(("text/html", "application/xhtml+xml"))
Told = Callable[[str, int, int], None]
"""Is told how much of a part is done, of how much."""


class NotComparedError(SiteError):
    """The site cannot be asked at all."""

    outcome = "nothing was compared"


class Wanted(msgspec.Struct, frozen=True):
    """What is checked: the URL of the deployed site, the output folder, and how.

    `target` names the host where a site is for several; `most` is how many files are asked for, None for all. `now` is
    the moment in UTC.
    """

    url: str
    folder: str
    now: datetime
    target: str | None = None
    most: int | None = MOST
    manner: Manner = Manner()


def check_live(root: Path, config: Config, wanted: Wanted, told: Told) -> LiveReport:
    """Ask a deployed site for what the last build wrote, and hold the answers against it and the site's policy.

    Raises:
        ConfigError: the URL, the host or the output folder is not one to check.
        SiteError: the site is not there, or is not one that can be asked.
    """
    host = host_of(config.delivery, wanted.target)
    release = read_release(root, wanted.folder, config, host)
    origin = _origin(wanted.url, release.policy.base_path)
    chosen = choose(release.files, wanted.most)
    with ExitStack() as stack:
        client = stack.enter_context(Client(origin, wanted.manner))
        first = _first(chosen.files)
        _look(first_answer(client, first.url), origin, first)
        threads = stack.enter_context(ThreadPoolExecutor(_AT_ONCE))
        stack.callback(threads.shutdown, cancel_futures=True)  # Ctrl-C does not wait for the rest,
        stack.callback(client.stop)  # nor for the other ways to ask for a file
        work = _Work(client, release, host, Site(origin, _published(config)), threads, told)
        deployed = read_deployed(client, release.policy.base_path)
        seen = [*work.files(chosen, deployed), *work.redirects(), *work.slashes(chosen.files), *work.missing()]
        requests = client.requests
    if urlsplit(origin).scheme == "https":
        more, asked = _over_tls(origin, first.url, wanted)
        seen, requests = [*seen, *more], requests + asked
    extent = Extent(
        len(chosen.files),
        len(release.files),
        len(chosen.closely),
        len(release.policy.redirects),
        len(probes(release.policy.base_path, release.missing)),
        requests,
    )
    return LiveReport(f"{origin}{release.policy.base_path}/", group(seen), extent, deployed.release)


def _first(files: Sequence[Expected]) -> Expected:
    """Give the file that a check begins with: the first page of the site, another one, or whatever there is."""
    pages = [one for one in files if one.file.media_type in _PAGES]
    return next((one for one in pages if one.file.path == "index.html"), (pages or files)[0])


def _over_tls(origin: str, url: str, wanted: Wanted) -> tuple[list[Seen], int]:
    """Look at the connection, and whether HTTP leads to HTTPS; give the number of requests too.

    Over HTTP nothing is sent that may be a credential.
    """
    transport = look(origin, wanted.manner.timeout)
    seen = list(judge_transport(transport, url, wanted.now)) if transport is not None else []
    if urlsplit(origin).port is not None:
        return seen, 0
    manner = msgspec.structs.replace(wanted.manner, headers={})
    with Client(f"http://{urlsplit(origin).netloc}", manner) as plain:
        return [*seen, *check_upgrade(plain, url, origin)], plain.requests


class _Work:
    """The parts of a check; each gives what is wrong, in the order of what was asked for."""

    def __init__(
        self, ask: Ask, release: Release, host: Host, site: Site, threads: ThreadPoolExecutor, told: Told
    ) -> None:
        self._ask, self._release, self._host, self._site = ask, release, host, site
        self._threads, self._told = threads, told

    def files(self, chosen: Chosen, deployed: Deployed) -> Iterable[Seen]:
        return self._each("files", partial(self._file, chosen, deployed), chosen.files)

    def _file(self, chosen: Chosen, deployed: Deployed, one: Expected) -> list[Seen]:
        seen, found = check_file(self._ask, one, self._host)
        if found is not None and one.url in chosen.closely:
            seen += check_closely(self._ask, one, found, self._host)
        return [explain_stale(fault, one, found, deployed) for fault in seen]

    def redirects(self) -> Iterable[Seen]:
        check = partial(check_redirect, self._ask, site=self._site, host=self._host)
        return self._each("redirects", check, self._release.policy.redirects)

    def slashes(self, files: Sequence[Expected]) -> Iterable[Seen]:
        pages = pages_with_slash(files, self._release.policy.base_path)
        return self._each("slashes", partial(check_slash, self._ask, site=self._site), pages)

    def missing(self) -> Iterable[Seen]:
        asked = probes(self._release.policy.base_path, self._release.missing)
        return self._each("missing", partial(check_missing, self._ask, host=self._host), asked)

    def _each(self, stage: str, check: Callable[[T], Iterable[Seen]], items: Sequence[T]) -> list[Seen]:
        seen: list[Seen] = []
        self._told(stage, 0, len(items))
        for done, found in enumerate(self._threads.map(lambda one: list(check(one)), items), 1):
            seen += found
            self._told(stage, done, len(items))
        return seen


def _published(config: Config) -> str:
    parts = urlsplit(config.site.base_url)
    return f"{parts.scheme}://{parts.netloc}"


def _origin(url: str, base_path: str) -> str:
    """Give the origin of the URL of a site, which lies where `base_url` has it.

    Raises:
        ConfigError: it is no such URL.
    """
    where, hint = Location(url), "write it like https://example.org/"
    try:
        parts = urlsplit(url)
        _ = parts.port
        (parts.hostname or "").encode("idna")
    except ValueError:
        raise ConfigError(error("live", "is no URL", where, hint)) from None
    if parts.scheme not in _SCHEMES or not parts.hostname or parts.query or parts.fragment:
        raise ConfigError(error("live", "is not the URL of a site", where, hint))
    if "@" in parts.netloc:
        hint = "pass them as a header: --header 'Authorization: Basic …'"
        raise ConfigError(error("live", "holds a name or password", Location(parts.hostname), hint))
    if parts.path.rstrip("/") != base_path:
        message = f"has the path {parts.path or '/'}, and the site was built for {base_path}/"
        hint = "check it there, or build it with this base_url: --base-url"
        raise ConfigError(error("live", message, where, hint))
    return f"{parts.scheme}://{parts.netloc}"


def _look(found: Answer | Unanswered, origin: str, first: Expected) -> None:
    """Look at the first answer, which is for a page unless the site has none.

    Raises:
        NotComparedError: whatever answers is not a site, or does not let anybody in.
    """
    message, hint = _obstacle(found, page=first.file.media_type in _PAGES)
    if message:
        raise NotComparedError(error("live", message, Location(origin + first.url), hint))


def _obstacle(found: Answer | Unanswered, *, page: bool) -> tuple[str, str]:
    """Say why a site cannot be asked, and what to do; nothing where it can."""
    if isinstance(found, Unanswered):
        return found.reason, found.hint
    kind = found.header("content-type").partition(";")[0].strip()
    leads = found.header("location")
    obstacles = (
        (found.status in _WALLS, f"wants a login: it answers {found.status}", "send one: --header 'Authorization: …'"),
        (leads != "", f"leads to {leads}", "check the site at the URL where it is"),
        (found.status >= _FAILED, f"fails with {found.status}", "look at the log of the host, and check it again"),
        (
            found.status != _OK,
            f"has no page of the site: it answers {found.status}",
            "is it the right URL, and is the site published?",
        ),
        (
            page and kind.lower() not in _PAGES,
            f"answers with {kind or 'no type'} instead of a page",
            "is it the URL of the site?",
        ),
    )
    return next(((message, hint) for holds, message, hint in obstacles if holds), ("", ""))
