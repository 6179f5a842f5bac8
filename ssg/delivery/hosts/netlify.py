"""Netlify: `_headers` and `_redirects` in the output folder, which are not those of Cloudflare.

What two rules for one header give is not documented, so none overlap. A file shadows a redirect unless that is forced
(`301!`), as an alias has to be.
"""

from collections.abc import Iterator

from ssg.delivery.emitted import Emitted, at_root, below_assets, folders, without_missing
from ssg.delivery.policy import CACHE, Kind, Policy, Redirect
from ssg.errors import Diagnostic, Location, error
from ssg.manifest import HASHED
from ssg.urls import uri

_NAME = "Netlify"
# The statuses that it knows, for those that it does not.
_STATUS = {307: 302, 308: 301}
_UNSETTABLE = {"set-cookie"}


def emit(policy: Policy, where: Location) -> Emitted:
    """Give the files for Netlify."""
    headers = "\n".join(_lines(policy)) + "\n"
    files = {"_headers": headers}
    if policy.redirects:
        files["_redirects"] = "".join(f"{_move(one)}\n" for one in policy.redirects)
    return Emitted(output=files, diagnostics=tuple(_mistakes(policy, where)))


def _lines(policy: Policy) -> Iterator[str]:
    common = [*policy.everywhere, *(one for one in policy.pages if one[0] != "Link")]
    if common:
        yield "/*"
        yield from (f"  {name}: {value}" for name, value in common)
    for name, value in policy.pages:
        if name == "Link":
            for folder in folders(policy):
                yield uri(folder)
                yield f"  Link: {value}"
    yield f"{HASHED}*"
    yield f"  Cache-Control: {CACHE[Kind.HASHED]}"
    for rule in policy.rules:
        yield uri(rule.pattern)
        yield from (f"  {name}: {value}" for name, value in rule.headers)


def _move(one: Redirect) -> str:
    return f"{uri(one.source)} {one.target} {_STATUS.get(one.status, one.status)}!"


def _mistakes(policy: Policy, where: Location) -> Iterator[Diagnostic]:
    yield from at_root(_NAME, policy, where)
    yield from without_missing(_NAME, policy, where)
    yield from below_assets(policy, where)
    common = {name.lower() for name, _ in (*policy.everywhere, *policy.pages)}
    for rule in policy.rules:
        for name, _ in rule.headers:
            if name.lower() in _UNSETTABLE:
                yield error("header", f"{_NAME} does not let {name} be set", rule.where, "take it out")
            elif name.lower() in common:
                message = f"{name} for {rule.pattern} is set for all paths too, and {_NAME} may send either"
                hint = 'set it for "/*", or take it out of [delivery.security] and set it path by path'
                yield error("header", message, rule.where, hint)
    for one in policy.files:
        if set(one.path) & {"#", "?"}:
            message = f"{_NAME} refuses the file name {one.path}"
            yield error("path", message, one.place(where), "rename it without # and ?")
