"""Cloudflare Pages, and Workers with static assets: `_headers` and `_redirects` in the output folder.

Two rules that set one header send both values, so `Cache-Control` is set for hashed files alone: for pages the host's
own `public, max-age=0, must-revalidate` is right. A rule that takes the place of a header for all paths detaches that
first (`! Name`).
"""

from collections.abc import Iterator, Sequence

from ssg.delivery.emitted import (
    Emitted,
    Limit,
    at_root,
    below_assets,
    folders,
    over,
    oversized,
    without_missing,
)
from ssg.delivery.policy import CACHE, Kind, Policy, Redirect
from ssg.errors import Diagnostic, Location, error, warning
from ssg.manifest import HASHED
from ssg.urls import uri

_RULES = Limit("rules of headers", 100)
_STATIC = Limit("redirects", 2000)
_DYNAMIC = Limit("redirects with *", 100)
_FILES = Limit("files on the free plan", 20_000)
# Longer lines of `_headers` are left out by the host without a word; for `_redirects` its documentation has 1,000.
_LINE, _MOVE = 2000, 1000
_BYTES = 25 << 20
_NAMES = {"cloudflare-pages": "Cloudflare Pages", "cloudflare-workers": "Cloudflare Workers"}

Block = tuple[str, list[str]]


def emit_pages(policy: Policy, where: Location) -> Emitted:
    """Give the files for Cloudflare Pages."""
    block = [(uri(f"{HASHED}*"), [f"Cache-Control: {CACHE[Kind.HASHED]}"])]
    return _emitted(_NAMES["cloudflare-pages"], policy, [*_blocks(policy, block)], where, ())


def emit_workers(policy: Policy, where: Location) -> Emitted:
    """Give the files for Workers: an answer 404 has the headers of its path there, so each hashed file has a rule."""
    name = _NAMES["cloudflare-workers"]
    cache = f"Cache-Control: {CACHE[Kind.HASHED]}"
    hashed = [(uri(policy.url(one.path)), [cache]) for one in policy.of(Kind.HASHED)]
    blocks = [*_blocks(policy, hashed)]
    if len(blocks) <= _RULES.most:
        return _emitted(name, policy, blocks, where, ())
    message = (
        f"{name} takes {_RULES.most} rules of headers, so browsers ask again for each of {len(hashed)} hashed files"
    )
    hint = "cloudflare-pages takes one rule for all of them"
    return _emitted(name, policy, [*_blocks(policy, ())], where, (warning("limit", message, where, hint),))


def _emitted(
    name: str, policy: Policy, blocks: Sequence[Block], where: Location, said: Sequence[Diagnostic]
) -> Emitted:
    headers = "".join(f"{pattern}\n" + "".join(f"  {line}\n" for line in lines) for pattern, lines in blocks)
    moves = [_move(one) for one in policy.redirects]
    files = {"_headers": headers} | ({"_redirects": "".join(f"{line}\n" for line in moves)} if moves else {})
    wrong = (*said, *_limits(name, policy, blocks, where))
    return Emitted(output=files, diagnostics=wrong)


def _blocks(policy: Policy, hashed: Sequence[Block]) -> Iterator[Block]:
    """Give the rules: what is for all paths first."""
    common = [*policy.everywhere, *(one for one in policy.pages if one[0] != "Link")]
    if common:
        yield "/*", [f"{name}: {value}" for name, value in common]
    for name, value in policy.pages:
        if name == "Link":
            yield from ((uri(folder), [f"Link: {value}"]) for folder in folders(policy))
    yield from hashed
    names = {name.lower() for name, _ in common}
    for rule in policy.rules:
        detached = [f"! {name}" for name, _ in rule.headers if name.lower() in names]
        yield uri(rule.pattern), [*detached, *(f"{name}: {value}" for name, value in rule.headers)]


def _move(one: Redirect) -> str:
    return f"{uri(one.source)} {one.target} {one.status}"


def _limits(name: str, policy: Policy, blocks: Sequence[Block], where: Location) -> Iterator[Diagnostic]:
    yield from at_root(name, policy, where)
    yield from without_missing(name, policy, where)
    yield from below_assets(policy, where)
    yield from over(name, _RULES, len(blocks), where, "set headers for fewer paths")
    yield from over(name, _FILES, len(policy.files), where, "publish fewer files, or take the paid plan")
    yield from oversized(name, policy, _BYTES)
    for pattern, lines in blocks:
        for line in (pattern, *lines):
            if len(line) + 2 > _LINE:
                message = f"{name} takes {_LINE:,} characters a line of _headers, and {line[:40]}… has {len(line):,}"
                yield error("limit", message, where, "have it say less")
    dynamic = sum(one.dynamic for one in policy.redirects)
    yield from over(name, _STATIC, len(policy.redirects) - dynamic, where, "have one with * stand for many")
    yield from over(name, _DYNAMIC, dynamic, where, "lead from fewer paths")
    for one in policy.redirects:
        if len(_move(one)) > _MOVE:
            message = f"{name} takes {_MOVE:,} characters a redirect, and that from {one.source[:40]}… has more"
            yield error("limit", message, one.where, "shorten one of its paths")
