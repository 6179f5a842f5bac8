"""What an emitter gives, and how the texts of several hosts are written."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from ssg.delivery.policy import CACHE, DIGEST, Kind, Policy, Served
from ssg.errors import Diagnostic, Location, error
from ssg.manifest import HASHED
from ssg.urls import TEXTS

NOTE = "Written by ssg from site.toml; changes here are lost."
SIBLINGS = ("br", "gz", "zst")
"""The endings of compressed forms that lie beside the files."""


class Emitted(msgspec.Struct, frozen=True):
    """Files for one host: in the output folder and beside it, text by path; and what is wrong."""

    output: Mapping[str, str] = {}
    beside: Mapping[str, str] = {}
    diagnostics: tuple[Diagnostic, ...] = ()


class Limit(msgspec.Struct, frozen=True):
    """How much of something a host takes, and how the message calls it."""

    what: str
    most: int


def over(host: str, limit: Limit, found: int, where: Location, hint: str) -> Iterator[Diagnostic]:
    """Say so where there is more of something than a host takes."""
    if found > limit.most:
        message = f"{host} takes {limit.most:,} {limit.what}, and there are {found:,}"
        yield error("limit", message, where, hint)


def oversized(host: str, policy: Policy, most: int) -> Iterator[Diagnostic]:
    """Say which files have more bytes than a host takes."""
    for one in policy.files:
        if one.size > most:
            message = f"{one.path} has {one.size:,} bytes, and {host} takes {most:,} a file"
            yield error("limit", message, Location(one.source), "put it elsewhere, or make it smaller")


def at_root(host: str, policy: Policy, where: Location) -> Iterator[Diagnostic]:
    """Say so where a site is to lie below a path, on a host that serves the output folder as a whole domain."""
    if policy.base_path:
        message = f"{host} serves the output folder at /, and base_url has the path {policy.base_path}/"
        yield error("limit", message, where, "give the site a domain of its own, or take the target out")


def without_missing(host: str, policy: Policy, where: Location) -> Iterator[Diagnostic]:
    """Say so where there is no page for addresses that do not exist, which the host then answers with another."""
    if not any(one.path == "404.html" for one in policy.files):
        yield error("limit", f"{host} needs a 404.html", where, "publish one: the theme's, or static/404.html")


def below_assets(policy: Policy, where: Location) -> Iterator[Diagnostic]:
    """Find files below `/assets/` that may change under their name."""
    for one in policy.files:
        if f"/{one.path}".startswith(HASHED) and one.kind is not Kind.HASHED:
            message = f"{one.path} lies below {HASHED}, where browsers are told that nothing changes under its name"
            yield error("path", message, one.place(where), "publish it elsewhere")


def literal(text: str) -> str:
    """Escape a text for regular expressions of PCRE and RE2; braces, which Caddy reads first, stand as their codes."""
    found = re.sub(r"[.^$*+?()\[\]|\\]", lambda one: "\\" + one[0], text)
    return found.replace("{", r"\x7b").replace("}", r"\x7d")


def regexp(pattern: str) -> str:
    """Give the regular expression of a pattern, for URL paths and for the paths of the files that answer them."""
    head, star, tail = pattern.partition("*")
    index = r"(index\.html)?" if pattern.endswith("/") else ""
    return f"^{literal(head)}{'.*' if star else ''}{literal(tail)}{index}$"


def hashed(policy: Policy) -> str:
    """Give the regular expression of hashed files."""
    return f"^{literal(policy.base_path + HASHED)}.*{DIGEST}$"


def alternations(urls: Iterable[str], most: int) -> Iterator[str]:
    """Put URL paths together as alternatives, `a|b`, escaped, each text of about so many characters at the most."""
    part: list[str] = []
    length = 0
    for one in map(literal, urls):
        if part and length + len(one) + 1 > most:
            yield "|".join(part)
            part, length = [], 0
        part.append(one)
        length += len(one) + 1
    if part:
        yield "|".join(part)


def kinds(policy: Policy, most: int) -> Iterator[tuple[str, str]]:
    """Give regular expressions of URL paths with their `Cache-Control`; the first that matches counts.

    What matches none is a file of `Kind.FILE`. No expression has many more than `most` characters.
    """
    for rule in policy.rules:
        for name, value in rule.headers:
            if name.lower() == "cache-control":
                yield regexp(rule.pattern), value
    yield hashed(policy), CACHE[Kind.HASHED]
    for kind in (Kind.NOT_FOUND, Kind.WORKER, Kind.FEED):
        for part in alternations((policy.url(one.path) for one in policy.of(kind)), most):
            yield f"^({part})$", CACHE[kind]
    yield r"(/|\.html)$", CACHE[Kind.PAGE]


def missing(policy: Policy) -> Sequence[tuple[str, str]]:
    """Give the folders with a page of their own for addresses that do not exist, and the URL path of that page.

    The root is not among them. A folder comes after those that it lies in.
    """
    found = sorted(policy.url(one.path) for one in policy.of(Kind.NOT_FOUND))
    pages = [(url.removesuffix("404.html"), url) for url in found]
    return [one for one in pages if one[0] != f"{policy.base_path}/"]


def own(policy: Policy) -> Sequence[Served]:
    """Give the published files whose names end as those of compressed forms do."""
    return [one for one in policy.files if one.path.endswith(tuple(f".{ending}" for ending in SIBLINGS))]


def endings(policy: Policy) -> Mapping[str, Sequence[str]]:
    """Give the endings of the published files by their media type, both sorted."""
    found: dict[str, set[str]] = {}
    for one in policy.files:
        name = one.path.rpartition("/")[2]
        if "." in name.lstrip("."):
            found.setdefault(one.media_type, set()).add(name.rpartition(".")[2].lower())
    return {kind: sorted(names) for kind, names in sorted(found.items())}


def texts(policy: Policy) -> Sequence[str]:
    """Give the media types among the published files that have an encoding, sorted."""
    return [kind for kind in endings(policy) if kind.startswith("text/") or kind in TEXTS]


def resolved(policy: Policy) -> Iterator[tuple[str, str, str, Sequence[tuple[str, str]]]]:
    """Give every header but `Cache-Control`: its name, its value for all files and for pages, and those by pattern."""
    names: dict[str, str] = {}
    for name, _ in (*policy.everywhere, *policy.pages, *(one for rule in policy.rules for one in rule.headers)):
        names.setdefault(name.lower(), name)
    everywhere = {name.lower(): value for name, value in policy.everywhere}
    pages = {name.lower(): value for name, value in policy.pages}
    for key, name in names.items():
        if key == "cache-control":
            continue
        by_pattern = [
            (rule.pattern, value) for rule in policy.rules for one, value in rule.headers if one.lower() == key
        ]
        usual = everywhere.get(key, "")
        yield name, usual, pages.get(key, usual), by_pattern


def folders(policy: Policy) -> Sequence[str]:
    """Give patterns that match every page but hold no hashed file: the home page, then the folders below it."""
    pages = [policy.url(one.path) for one in policy.of(Kind.PAGE)]
    start = len(policy.base_path) + 1
    names = {url[start:].partition("/") for url in pages}
    found = {f"{policy.base_path}/{name}{'/*' if slash else ''}" for name, slash, _ in names}
    return sorted(found - {f"{policy.base_path}{HASHED}*"})
