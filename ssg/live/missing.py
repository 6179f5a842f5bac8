"""Addresses that do not exist: they answer 404 with the site's page for that, and nobody keeps the answer."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ssg.live.hosts import is_kept
from ssg.live.judging import ACCEPTED, judge_headers, unanswered
from ssg.live.values import Ask, Expected, Host, Level, Question, Seen, Unanswered
from ssg.manifest import HASHED

_MISSING = 404
_NOTHING = "ssg-check-nothing-here"
# A file with a digest in its name that no build has made: what a browser asks for between two releases.
_ASSETS = ("ssg-check.0000000000.css", "ssg-check.0000000000.js")


class Probe(NamedTuple):
    """An address that does not exist, and the page that answers there; None where the site has none."""

    url: str
    page: Expected | None


def probes(base: str, pages: Mapping[str, Expected]) -> tuple[Probe, ...]:
    """Give addresses to ask for: a page with and without slash, hashed files, and a page in each folder with its own.

    `pages` are those for what is missing, by the percent-encoded path of the folder.
    """
    top = pages.get(f"{base}/")
    found = [Probe(f"{base}/{_NOTHING}", top), Probe(f"{base}/{_NOTHING}/", top)]
    found += [Probe(f"{base}{HASHED}{name}", top) for name in _ASSETS]
    found += [Probe(f"{folder}{_NOTHING}/", page) for folder, page in sorted(pages.items()) if folder != f"{base}/"]
    return tuple(found)


def check_missing(ask: Ask, probe: Probe, host: Host) -> Iterator[Seen]:
    """Ask for an address that does not exist."""
    found = ask(Question(probe.url, ACCEPTED))
    if isinstance(found, Unanswered):
        yield unanswered(found, probe.url)
        return
    if found.status != _MISSING:
        message = f"does not exist, and answers {found.status} instead of 404"
        hint = f"publish 404.html, and take out what answers in its place; see {host.rules}"
        leads = found.header("location")
        yield Seen(Level.ERROR, "missing", message, hint, probe.url, f"to {leads}" if leads else "")
        return
    said = found.header("cache-control")
    if is_kept(said):
        what = f"Cache-Control: {said}" if said else "no Cache-Control"
        message = f"does not exist, and browsers may keep that: 404 comes with {what}"
        hint = f"a file that is published a second later stays missing; {host.rules} says no-cache of 404"
        yield Seen(Level.ERROR, "missing", message, hint, probe.url)
    if probe.page is None:
        return
    if found.digest != probe.page.digest:
        hint = f"error pages are set by {host.rules}"
        name = probe.page.file.path
        yield Seen(Level.ERROR, "missing", f"does not exist, and answers 404 without /{name}", hint, probe.url)
    else:
        yield from judge_headers(probe.page, found, host)
