"""Vercel: a `vercel.json` for the output folder.

The headers of a path are those of an answer 404 too, so hashed files are named one by one, many in one rule. For all
others the host's own `public, max-age=0, must-revalidate` is right.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from ssg.delivery.emitted import Emitted, Limit, at_root, over, without_missing
from ssg.delivery.policy import CACHE, Kind, Policy
from ssg.errors import Diagnostic, Location, error
from ssg.manifest import HASHED
from ssg.urls import uri

_NAME = "Vercel"
_ITEMS = 2048
_SOURCE = 4096
_CHUNK = 3500


def emit(policy: Policy, where: Location) -> Emitted:
    """Give the file for Vercel."""
    headers, redirects = [*_headers(policy)], [*_redirects(policy)]
    found: dict[str, Any] = {"trailingSlash": True, "headers": headers}
    if redirects:
        found["redirects"] = redirects
    text = json.dumps(found, indent=2, ensure_ascii=False) + "\n"
    said = [*at_root(_NAME, policy, where), *without_missing(_NAME, policy, where)]
    said += over(_NAME, Limit("rules of headers", _ITEMS), len(headers), where, "set headers for fewer paths")
    said += over(_NAME, Limit("redirects", _ITEMS), len(redirects), where, "have one with * stand for many")
    said += _long(policy)
    return Emitted(output={"vercel.json": text}, diagnostics=tuple(said))


def _long(policy: Policy) -> Iterator[Diagnostic]:
    for one in policy.redirects:
        if max(len(_source(one.source)), len(one.target)) > _SOURCE:
            message = f"{_NAME} takes {_SOURCE:,} characters a path, and that of {one.source[:40]}… has more"
            yield error("limit", message, one.where, "shorten it")


def _headers(policy: Policy) -> Iterator[dict[str, Any]]:
    """Give the rules; where two set one header, the later counts."""
    common = [*policy.everywhere, *policy.pages]
    if common:
        yield _rule("/(.*)", common)
    cache = [("Cache-Control", CACHE[Kind.HASHED])]
    for part in _grouped(policy):
        yield _rule(f"{HASHED}:file({part})", cache)
    for rule in policy.rules:
        yield _rule(_source(rule.pattern), rule.headers)


def _rule(source: str, headers: Any) -> dict[str, Any]:
    return {"source": source, "headers": [{"key": name, "value": value} for name, value in headers]}


def _grouped(policy: Policy) -> Iterator[str]:
    """Give the names of hashed files as alternatives for path-to-regexp."""
    part: list[str] = []
    for one in policy.of(Kind.HASHED):
        name = _escaped(uri(one.path.removeprefix(HASHED.lstrip("/"))))
        if part and sum(map(len, part)) + len(part) + len(name) > _CHUNK:
            yield "|".join(part)
            part = []
        part.append(name)
    if part:
        yield "|".join(part)


def _redirects(policy: Policy) -> Iterator[dict[str, Any]]:
    """Give the redirects; the host itself has led from `/a` to `/a/` before it looks at them."""
    for one in policy.redirects:
        source, target = _source(one.source), one.target.replace(":splat", "$1")
        if not one.dynamic and not re.search(r"/$|\.\w+$", one.source):
            source = f"{source}/"
        if source != target:
            yield {"source": source, "destination": target, "statusCode": one.status}


def _source(pattern: str) -> str:
    head, star, tail = uri(pattern).partition("*")
    return f"{_escaped(head)}{'(.*)' if star else ''}{_escaped(tail)}"


def _escaped(text: str) -> str:
    """Escape what path-to-regexp reads."""
    return re.sub(r"[.:+?(){}\[\]|^$!*\\]", lambda found: "\\" + found[0], text)
