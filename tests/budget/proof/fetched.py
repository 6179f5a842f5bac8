"""What a browser really fetches for pages, by the log of the server that it fetches from, and what was predicted."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, unquote

import turbohtml
from turbohtml import Element

from ssg.audit.chromium import Browser
from ssg.audit.host import ENCODINGS, Host, Request
from ssg.audit.values import Device
from ssg.audit.visit import visit_all
from ssg.budget.addresses import resolve
from ssg.budget.srcset import parse_srcset
from ssg.budget.values import PROFILES, Fetch, File, Label, Phase, Sizes, Weight
from ssg.urls import media_type

TOGETHER = 6
_PLAIN = "/!$&'()*+,;=:@"  # what a path may hold beside letters, digits and "-._~" (RFC 3986, section 3.3)


class Case(NamedTuple):
    """A page of a site, the folder of that site below the one that is served, and the name of a profile."""

    site: str
    url: str
    profile: str


class Seen(NamedTuple):
    """What the server was asked for, and the URLs of other hosts that the browser asked for."""

    requests: tuple[Request, ...]
    elsewhere: frozenset[str]


def fetch_all(browser: Browser, host: Host, pages: Iterable[tuple[str, str]]) -> Mapping[Case, Seen]:
    """Load pages, each of a site and with a URL, under both profiles, each with an empty cache of its own.

    Each load has a name of the host for itself, by which its requests are known in the log.
    """
    wanted: dict[str, tuple[Case, Device]] = {}
    for number, (site, url) in enumerate(pages):
        for profile in PROFILES:
            name = f"{profile.name}-{number}.{site}.localhost"
            wanted[host.origin(name) + url] = (Case(site, url, profile.name), Device(profile))

    def quiet(url: str) -> bool:
        return not host.log.busy(_name(url))

    seen: dict[Case, Seen] = {}
    for one in visit_all(browser, [(url, device) for url, (_, device) in wanted.items()], TOGETHER, quiet):
        assert one.run is not None, f"{one.url}: {one.reason}"
        others = frozenset(r.url for r in one.run.resources if _name(r.url) != _name(one.url))
        seen[wanted[one.url][0]] = Seen(host.log.of(_name(one.url)), others)
    return seen


def _name(url: str) -> str:
    return url.split("/", 3)[2].partition(":")[0]


def files_of(folder: Path) -> Mapping[str, File]:
    """Give the files of a folder by URL path, as requests are percent-encoded, sizes taken from what lies there."""
    found: dict[str, File] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix not in {ending for _, ending in ENCODINGS}:
            name = path.relative_to(folder).as_posix()
            forms = {encoding: path.with_name(path.name + ending) for encoding, ending in ENCODINGS}
            sizes = Sizes(path.stat().st_size, *(_size(forms[one]) for one in ("gzip", "br")))
            url = quote(f"/{name}", safe=_PLAIN)
            found[url] = File(url, media_type(name), sizes, path.read_bytes)
            if path.name == "index.html":
                found[url.removesuffix("index.html")] = found[url]
    return found


def _size(path: Path) -> int | None:
    return path.stat().st_size if path.is_file() else None


def differences(weight: Weight, seen: Seen, html: str, origins: tuple[str, ...] = ()) -> list[str]:
    """Say where a prediction and what was fetched differ; nothing where they agree.

    What was predicted for `critical` and `initial` has to be in the log, but for what is an upper bound; what is in the
    log has to have been predicted, in these phases or, as an upper bound, in `lazy`. Every body that came whole has the
    predicted size. `html` is the page: an image that was not predicted may stand for a larger one of the same set.
    """
    # A URL is compared by what it means: whether "'" is escaped is the browser's choice.
    predicted = {unquote(one.url): one for one in weight.fetches if not one.third_party}
    logged = {unquote(one.path): one for one in seen.requests}
    found = [
        f"{url} was fetched, and not predicted"
        for url in sorted(logged.keys() - predicted.keys())
        if not any(
            url in one and _bounded(logged[url], one - logged.keys(), predicted)
            for one in _sets(html, weight.url, origins)
        )
    ]
    for url, fetch in sorted(predicted.items()):
        request = logged.get(url)
        if request is None:
            if fetch.phase is not Phase.LAZY and fetch.label is not Label.UPPER:
                found.append(f"{url} was predicted ({fetch.phase}, {fetch.label}), and not fetched")
            continue
        if fetch.phase is Phase.LAZY and fetch.label is not Label.UPPER:
            found.append(f"{url} was predicted to wait, and fetched")
        expected = fetch.sizes.measured("br") if fetch.sizes is not None else 0
        if request.complete and request.status == 200 and request.bytes != expected:
            found.append(f"{url} has {request.bytes} bytes, {expected} were predicted")
    # `//cdn.example/` has the scheme of the page: https where it is published, http where it is tested.
    others = {_bare(one.url) for one in weight.fetches if one.third_party and one.phase is not Phase.LAZY}
    asked = {_bare(url) for url in seen.elsewhere}
    found += [f"{url} of another host was fetched, and not predicted" for url in sorted(asked - others)]
    found += [f"{url} of another host was predicted, and not fetched" for url in sorted(others - asked)]
    return found


def _bounded(request: Request, others: AbstractSet[str], predicted: Mapping[str, Fetch]) -> bool:
    """Tell whether an upper bound stands for an image: a prediction of another of its set that is no smaller."""
    bounds = (predicted[url] for url in others & predicted.keys())
    return any(one.label is Label.UPPER and one.sizes is not None and one.sizes.raw >= request.bytes for one in bounds)


def _sets(html: str, base: str, origins: tuple[str, ...]) -> list[frozenset[str]]:
    """Give the URLs of which one is fetched: those of each image of a page, with the sources of its picture."""
    found = []
    for image in turbohtml.parse(html).find_all("img"):
        parent = image.parent
        sources = parent.find_all("source") if isinstance(parent, Element) and parent.tag == "picture" else []
        written = [one.url for each in (*sources, image) for one in parse_srcset(each.attr("srcset") or "")]
        found.append(frozenset(unquote(resolve(url, base, origins)) for url in (*written, image.attr("src") or "")))
    return found


def _bare(url: str) -> str:
    return url.partition(":")[2]
