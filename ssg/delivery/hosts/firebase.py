"""Firebase Hosting: a `firebase.json` for the output folder, whose last matching rule counts.

The headers of a path are those of an answer 404 too, so hashed files are named one by one, many in one rule. "Configure
Hosting behavior" of firebase.google.com names no limit of rules. A file must be smaller than 2 GiB, as the host answers
(issue 419 of FirebaseExtended/action-hosting-deploy).
"""

import itertools
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import unquote

from ssg.delivery.emitted import Emitted, at_root, oversized, without_missing
from ssg.delivery.policy import CACHE, Kind, Policy, Redirect
from ssg.errors import Diagnostic, Location, error

_NAME = "Firebase"
_CHUNK = 3500
_FILE = (2 << 30) - 1
_PLAIN = re.compile(r"[\w./~-]+")
# What the command line tool leaves in the folder that it is called in.
_IGNORED = ["firebase.json", "firebase-debug.log", ".firebaserc", ".firebase/**"]


def emit(policy: Policy, where: Location) -> Emitted:
    """Give the file for Firebase Hosting; without a rule, a file could be kept for an hour there."""
    hosting: dict[str, Any] = {"public": ".", "ignore": _IGNORED, "headers": [*_headers(policy)]}
    if policy.redirects:
        hosting["redirects"] = [_redirect(one) for one in policy.redirects]
    text = json.dumps({"hosting": hosting}, indent=2, ensure_ascii=False) + "\n"
    said = (*at_root(_NAME, policy, where), *without_missing(_NAME, policy, where), *oversized(_NAME, policy, _FILE))
    return Emitted(output={"firebase.json": text}, diagnostics=(*said, *_reserved(policy, where)))


def _reserved(policy: Policy, where: Location) -> Iterator[Diagnostic]:
    for one in policy.files:
        if one.path.startswith("__/"):
            yield error("path", f"{_NAME} keeps paths below /__/ for itself", one.place(where), "publish it elsewhere")


def _headers(policy: Policy) -> Iterator[dict[str, Any]]:
    """Give the rules: that for all paths first, as the last one counts."""
    yield _rule("**", [*policy.everywhere, *policy.pages, ("Cache-Control", CACHE[Kind.PAGE])])
    for kind in (Kind.HASHED, Kind.FEED):
        for part in _grouped(policy, kind):
            yield _rule(part, [("Cache-Control", CACHE[kind])])
    for rule in policy.rules:
        yield _rule(_glob(rule.pattern), rule.headers)


def _rule(source: str, headers: Any) -> dict[str, Any]:
    return {"source": source, "headers": [{"key": name, "value": value} for name, value in headers]}


def _grouped(policy: Policy, kind: Kind) -> Iterator[str]:
    """Give files as alternatives of globs, by their folders; names that a glob would read have the rule for all."""
    found = sorted(one.path.rpartition("/")[::2] for one in policy.of(kind) if _PLAIN.fullmatch(one.path))
    for folder, names in itertools.groupby(found, key=lambda one: one[0]):
        begin = f"/{folder}/" if folder else "/"
        yield from (f"{begin}@({'|'.join(part)})" for part in _parts(name for _, name in names))


def _parts(names: Iterable[str]) -> Iterator[list[str]]:
    part: list[str] = []
    for name in names:
        if part and sum(map(len, part)) + len(part) + len(name) > _CHUNK:
            yield part
            part = []
        part.append(name)
    if part:
        yield part


def _glob(pattern: str) -> str:
    """Give a pattern as a glob, in which `**` alone crosses slashes, as a part of the path."""
    head, star, tail = (re.sub(r"([\[\]{}()!?+@])", r"\\\1", part) for part in pattern.partition("*"))
    if not star:
        return head
    return f"{head}**" if head.endswith("/") and not tail else f"{head.rpartition('/')[0]}/**/{_rest(head)}*{tail}"


def _rest(head: str) -> str:
    return head.rpartition("/")[2]


def _redirect(one: Redirect) -> dict[str, Any]:
    """Write a redirect; the host encodes a path of the site by itself."""
    target = unquote(one.target) if one.target.startswith("/") else one.target
    if not one.dynamic:
        return {"source": one.source, "destination": target, "type": one.status}
    splat = "*" if target.endswith(":splat") else ""
    return {"source": f"{one.source[:-1]}:splat*", "destination": f"{target}{splat}", "type": one.status}
