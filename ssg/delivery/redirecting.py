"""Aliases of pages and the redirects of `site.toml` → redirects that no host can go round in circles with."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from ssg.config import FILE, DeliveryConfig, RedirectConfig, locate
from ssg.delivery.policy import Redirect, Served
from ssg.errors import Diagnostic, Location, error, warning
from ssg.urls import uri

_MOVED = 301
_SPLAT = ":splat"


class Alias(NamedTuple):
    """An alias of a page: its URL path and that of the page, both readable and without base path, and the source."""

    url: str
    target: str
    source: str


def redirects_of(
    config: DeliveryConfig, aliases: Iterable[Alias], root: str, base_path: str
) -> tuple[list[Redirect], list[Diagnostic]]:
    """Give the redirects of a site, sorted: those for one path first, then those for all paths that begin alike.

    The longest beginning goes before shorter ones. What is wrong with them comes with its place in `site.toml`.
    """
    text = _text(root)
    found = [
        Redirect(base_path + one.url, uri(base_path + one.target), _MOVED, Location(one.source)) for one in aliases
    ]
    said: list[Diagnostic] = []
    for source, wanted in config.redirects.items():
        one = wanted if isinstance(wanted, RedirectConfig) else RedirectConfig(wanted)
        where = Location(FILE, locate(text, ("delivery", "redirects"), source))
        wrong = [*_mistakes(source, one.to, where)]
        said += wrong
        if not wrong:
            target = _address(one.to, base_path)
            found.append(Redirect(base_path + source, target, one.status, where))
    said += _doubled(found)
    said += _loops(found)
    found = list({(one.source, one.target): one for one in reversed(found)}.values())  # said twice is said once
    return sorted(found, key=lambda one: (one.dynamic, -len(one.source) * one.dynamic, one.source)), said


def check_redirects(redirects: Sequence[Redirect], files: Mapping[str, Served]) -> Iterator[Diagnostic]:
    """Find redirects that hide a page, and those that lead nowhere; takes the files of a site by URL path."""
    aliases = {one.source for one in redirects if one.where.path != FILE}
    exact = {one.source for one in redirects if not one.dynamic}
    for one in redirects:
        if one.where.path != FILE:
            continue
        hidden = _hidden(one, files, aliases)
        if hidden is not None:
            hint = "take the redirect out, or give the page another URL"
            yield error("redirect", f"the redirect from {one.source} hides {hidden.source}", one.where, hint)
        local = one.target.startswith("/") and not one.target.endswith(_SPLAT)
        path = urlsplit(one.target).path
        if local and path not in exact and not _is_there(path, files):
            hint = "name the URL of a page or file, like /guide/"
            yield warning("redirect", f"{one.source} leads to {one.target}, where nothing is", one.where, hint)


def _is_there(path: str, files: Mapping[str, Served]) -> bool:
    """Tell whether a percent-encoded path is that of a file, or leads to one by way of a slash."""
    readable = unquote(path)
    return any(one in files for one in (readable, f"{readable}/", readable.removesuffix("index.html")))


def _hidden(one: Redirect, files: Mapping[str, Served], aliases: set[str]) -> Served | None:
    if not one.dynamic:
        return files.get(one.source) if one.source not in aliases else None
    begin = one.source[:-1]
    return next((files[url] for url in sorted(files) if url.startswith(begin) and url not in aliases), None)


def _mistakes(source: str, target: str, where: Location) -> Iterator[Diagnostic]:
    """Check one redirect by itself."""
    if not source.startswith("/") or "*" in source[:-1] or _control(source) or set(source) & {"?", "#"}:
        hint = 'write a path of the site, like "/old/"; one * may stand at its end'
        yield error("redirect", f'the redirect from "{source}" is from no path of the site', where, hint)
    parts = urlsplit(target) if not _control(target) else urlsplit("")
    local = target.startswith("/") and not target.startswith("//") and not _control(target)
    if not local and (parts.scheme not in {"http", "https"} or not parts.netloc):
        hint = "write a path of the site, /new/, or a URL, https://example.org/new/"
        yield error("redirect", f'the redirect from "{source}" leads to {target!r}, which is no URL', where, hint)
    if _SPLAT in target and not (source.endswith("*") and target.endswith(_SPLAT)):
        hint = 'write it like "/old/*" = "/new/:splat"'
        yield error("redirect", f'the redirect from "{source}" has {_SPLAT} where no * matches', where, hint)


def _control(text: str) -> bool:
    return any(ord(one) < 0x20 or ord(one) == 0x7F for one in text)  # noqa: PLR2004 - ASCII's control characters


def _address(target: str, base_path: str) -> str:
    """Give a target as a header says it: percent-encoded, below the base path; what is encoded already stays."""
    stem, splat = (target.removesuffix(_SPLAT), _SPLAT) if target.endswith(_SPLAT) else (target, "")
    whole = base_path + stem if target.startswith("/") else stem
    return "".join(one if one in "%?#[]" else uri(one) for one in whole) + splat


def _doubled(found: Sequence[Redirect]) -> Iterator[Diagnostic]:
    first: dict[str, Redirect] = {}
    for one in sorted(found, key=lambda one: (one.source, one.where.path != FILE, one.where.line, one.where.path)):
        other = first.setdefault(one.source, one)
        if (other.target, other.status) != (one.target, one.status):
            here, there = (f"{say.target} ({say.status})" for say in (other, one))
            message = f"{one.source} leads to {here} here, and to {there} by {one.where}"
            yield error("redirect", message, other.where, "take one of the two out")


def _loops(found: Sequence[Redirect]) -> Iterator[Diagnostic]:
    """Find redirects that lead back to themselves, each circle once."""
    steps = {uri(one.source): one for one in found if not one.dynamic}
    known: set[str] = set()
    for start in sorted(steps):
        path: list[str] = []
        at = start
        while at in steps and at not in known:
            known.add(at)
            path.append(at)
            at = urlsplit(steps[at].target).path if steps[at].target.startswith("/") else ""
        if at in path:
            circle = " → ".join([*path[path.index(at) :], at])
            yield error("redirect", f"redirects go in a circle: {circle}", steps[at].where, "take one of them out")
    for one in found:
        begin = uri(one.source[:-1])
        if one.dynamic and one.target.startswith("/") and one.target.startswith(begin):
            message = f"{one.source} leads to {one.target}, which it is for too"
            yield error("redirect", message, one.where, "lead to a path that begins otherwise")


def _text(root: str) -> str:
    try:
        return Path(root, FILE).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return ""
