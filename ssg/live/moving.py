"""Where a deployed site leads: its redirects, pages without their slash, and HTTP to HTTPS."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple
from urllib.parse import quote, unquote, urljoin, urlsplit

from ssg.delivery import Redirect
from ssg.live.judging import unanswered
from ssg.live.values import Answer, Ask, Expected, Host, Level, Question, Seen, Unanswered
from ssg.urls import uri

_MOVED = frozenset((301, 302, 303, 307, 308))
_OK, _MISSING = 200, 404
_MOST_HOPS = 10
_SPLAT = ":splat"
# All that a URL may hold (RFC 3986), and the percent signs of what is encoded already.
_URL = "!#$%&'()*+,/:;=?@[]~"
# What a `*` is tried with.
_TRIED = "ssg-check"
PAGES = 5
"""How many pages are asked for without their slash."""


class Site(NamedTuple):
    """A deployed site: its origin, and the one that `base_url` names, which its answers may name instead."""

    origin: str
    published: str

    def local(self, location: str, url: str) -> str:
        """Give where a `Location` leads from a URL path: a path of the site, or a whole URL of another one.

        Some hosts send letters as they are: these are percent-encoded, and so is what no URL may hold.
        """
        whole = _joined(self.origin + url, location)
        for origin in (self.origin, self.published):
            if whole == origin or whole.startswith(f"{origin}/"):
                return whole[len(origin) :] or "/"
        return whole


def _joined(base: str, location: str) -> str:
    try:
        sent = location.encode("latin-1", "replace")  # as http.client reads headers
        return urljoin(base, quote(sent, safe=_URL))
    except ValueError:  # an address in brackets that is none
        return quote(location, safe=_URL)


def check_redirect(ask: Ask, one: Redirect, site: Site, host: Host) -> Iterator[Seen]:
    """Ask where a redirect leads, and follow it to its end."""
    rest = _TRIED if one.dynamic else ""
    url = uri(one.source.removesuffix("*")) + rest
    wanted = one.target.replace(_SPLAT, rest)
    found = ask(Question(url))
    if isinstance(found, Unanswered):
        yield unanswered(found, url)
        return
    hint = f"redirects are in {host.rules}"
    if found.status not in _MOVED:
        yield Seen(Level.ERROR, "redirect", f"answers {found.status} instead of leading on", hint, url, f"to {wanted}")
        return
    leads = site.local(found.header("location"), url)
    if unquote(leads) != unquote(wanted):
        yield Seen(Level.ERROR, "redirect", "leads elsewhere than it should", hint, url, f"to {leads}, not {wanted}")
        return
    if found.status != one.status:
        yield Seen(Level.ERROR, "redirect", f"answers {found.status} instead of {one.status}", hint, url)
    yield from _followed(ask, url, leads, site, judged=not one.dynamic)


def _followed(ask: Ask, start: str, leads: str, site: Site, *, judged: bool) -> Iterator[Seen]:
    """Follow a redirect; its end counts where `judged` says that there is to be a page."""
    passed = [start]
    while leads.startswith("/"):
        if leads in passed or len(passed) > _MOST_HOPS:
            circle = " → ".join((*passed, leads))
            yield Seen(Level.ERROR, "redirect", "leads in a circle", "two rules lead to each other", start, circle)
            return
        passed.append(leads)
        found = ask(Question(leads.partition("#")[0]))
        if isinstance(found, Unanswered):
            yield unanswered(found, start)
            return
        if found.status not in _MOVED:
            if judged and found.status != _OK:
                message = f"leads to what answers {found.status}"
                yield Seen(Level.ERROR, "redirect", message, "lead to a page of the site", start, f"to {leads}")
            break
        leads = site.local(found.header("location"), leads)
    hops = len(passed) - 1 + (not leads.startswith("/"))
    if hops > 1:
        hint = "lead to the last address at once: each step is a round trip"
        yield Seen(Level.NOTE, "redirect", f"takes {hops} steps", hint, start, " → ".join((*passed[1:], leads)))


def check_slash(ask: Ask, one: Expected, site: Site) -> Iterator[Seen]:
    """Ask for a page without its slash: it is to lead to the page, in one step."""
    url = one.url.removesuffix("/")
    found = ask(Question(url))
    if isinstance(found, Unanswered):
        yield unanswered(found, url)
    elif found.status == _OK:
        hint = "one page at two addresses is kept twice; let the host lead to the one with the slash"
        yield Seen(Level.NOTE, "slash", "is served without its slash too", hint, url)
    elif found.status == _MISSING:
        hint = "let the host lead to the address with the slash"
        yield Seen(Level.ERROR, "slash", "is missing without its slash", hint, url)
    elif found.status in _MOVED and site.local(found.header("location"), url) != one.url:
        leads = found.header("location")
        yield Seen(Level.ERROR, "slash", "leads elsewhere without its slash", _scheme(leads), url, f"to {leads}")


def _scheme(leads: str) -> str:
    if leads.startswith("http://"):
        return "the host does not know that it is asked over HTTPS: let it name paths alone"
    return "let the host lead to the address with the slash"


def pages_with_slash(files: Sequence[Expected], base: str) -> list[Expected]:
    """Give pages that have a slash to leave out."""
    return [one for one in files if one.url.endswith("/") and one.url != f"{base}/"][:PAGES]


def check_upgrade(ask: Ask, url: str, origin: str) -> Iterator[Seen]:
    """Ask for a page over HTTP, which is to lead to HTTPS at once; `origin` is that of the site over HTTPS."""
    found = ask(Question(url))
    if isinstance(found, Unanswered):
        hint = "who writes the address without https:// finds nothing; let the host lead from HTTP to HTTPS"
        yield Seen(Level.NOTE, "https", f"over HTTP: {found.reason}", hint, url)
        return
    leads = _joined(f"http://{urlsplit(origin).netloc}{url}", found.header("location"))
    if found.status not in _MOVED:
        hint = "let the host lead from HTTP to HTTPS"
        yield Seen(Level.ERROR, "https", f"answers {found.status} over HTTP", hint, url)
    elif leads != origin + url:
        hint = "lead to the same address over HTTPS in one step"
        yield Seen(Level.NOTE, "https", "leads from HTTP elsewhere than to itself over HTTPS", hint, url, f"to {leads}")


def first_answer(ask: Ask, url: str) -> Answer | Unanswered:
    """Ask for the page that the check begins with."""
    return ask(Question(url, "br, gzip"))
