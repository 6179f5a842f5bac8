"""Bunny: edge rules, each the body of a call of its interface, in the order in which they are to stand.

A rule names URLs by patterns of the host's own, in which `*` stands for anything: one that begins with `/` is for paths
that begin so, one that begins with `*` for all that end so ("Trigger Path Setup" of docs.bunny.net). The numbers of
actions and triggers are those of `POST /pullzone/{id}/edgerules/addOrUpdate` ("Add/Update Edge Rule" of docs.bunny.net:
actions Redirect 1, OverrideCacheTime 3, SetResponseHeader 5; triggers Url 0, StatusCode 8; any 0, all 1, none 2). "CDN
Limits and Defaults" there says how many there may be: 50 rules a zone, 5 triggers a rule, 5 patterns a trigger.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from ssg.delivery.emitted import Emitted, Limit, at_root, over
from ssg.delivery.policy import CACHE, EDGE, Kind, Policy
from ssg.errors import Diagnostic, Location, error
from ssg.manifest import HASHED
from ssg.urls import uri

_NAME = "Bunny"
_REDIRECT, _CACHE_TIME, _SET_HEADER = 1, 3, 5
_URL, _STATUS = 0, 8
_ANY, _ALL, _NONE = 0, 1, 2
_MOST = Limit("edge rules", 50)


def emit(policy: Policy, where: Location) -> Emitted:
    """Give the edge rules for Bunny."""
    rules = [*_rules(policy)]
    text = json.dumps(rules, indent=2, ensure_ascii=False) + "\n"
    hint = "have fewer redirects and headers by path; the redirects of aliases count too"
    said = (*at_root(_NAME, policy, where), *over(_NAME, _MOST, len(rules), where, hint), *_splats(policy))
    return Emitted(beside={"bunny/edge-rules.json": text}, diagnostics=said)


def _splats(policy: Policy) -> Iterator[Diagnostic]:
    for one in policy.redirects:
        if one.target.endswith(":splat"):
            message = f"{_NAME} leads all of {one.source} to one address, and {one.target} has :splat"
            yield error("redirect", message, one.where, "lead to one page, or from each path by itself")


def _rules(policy: Policy) -> Iterator[dict[str, Any]]:
    for one in policy.redirects:
        told = f"{one.source} leads to {one.target}"
        yield _rule(told, _REDIRECT, (one.target, str(one.status)), [_urls([uri(one.source)])])
    missing = {"Type": _STATUS, "PatternMatchingType": _ANY, "PatternMatches": ["404"]}
    found = {**missing, "PatternMatchingType": _NONE}
    hashed = _urls([f"{HASHED}*"])
    yield _rule("Hashed files", _SET_HEADER, ("Cache-Control", CACHE[Kind.HASHED]), [hashed, found], both=True)
    yield _rule("Hashed files, here", _CACHE_TIME, (_seconds(EDGE[Kind.HASHED]), ""), [hashed, found], both=True)
    pages = _urls(["*/", "*.html"])
    yield _rule("Pages", _SET_HEADER, ("Cache-Control", CACHE[Kind.PAGE]), [pages])
    yield _rule("Pages, here", _CACHE_TIME, (_seconds(EDGE[Kind.PAGE]), ""), [pages])
    yield _rule("Nothing there", _SET_HEADER, ("Cache-Control", CACHE[Kind.NOT_FOUND]), [missing])
    for name, value in (*policy.everywhere, *policy.pages):
        yield _rule(name, _SET_HEADER, (name, value), [_urls(["*"])])
    for rule in policy.rules:
        for name, value in rule.headers:
            yield _rule(f"{name} for {rule.pattern}", _SET_HEADER, (name, value), [_urls([uri(rule.pattern)])])


def _seconds(cache: str) -> str:
    return next(part.partition("=")[2] for part in cache.split(", ") if part.startswith("max-age="))


def _urls(patterns: Sequence[str]) -> dict[str, Any]:
    return {"Type": _URL, "PatternMatchingType": _ANY, "PatternMatches": list(patterns)}


def _rule(
    told: str, action: int, parameters: tuple[str, str], triggers: Sequence[dict[str, Any]], *, both: bool = False
) -> dict[str, Any]:
    return {
        "Description": told,
        "Enabled": True,
        "ActionType": action,
        "ActionParameter1": parameters[0],
        "ActionParameter2": parameters[1],
        "TriggerMatchingType": _ALL if both else _ANY,
        "Triggers": list(triggers),
    }
