"""A release and its configuration → the policy for all hosts."""

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec

from ssg.config import Config, DeliveryConfig, SecurityConfig, place
from ssg.delivery import csp
from ssg.delivery.policy import Kind, Policy, Rule, Served, classify, matches
from ssg.delivery.redirecting import Alias, check_redirects, redirects_of
from ssg.errors import Diagnostic, Location, error, warning
from ssg.manifest import AssetManifest
from ssg.model import Artifact
from ssg.urls import href, media_type

_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
# What a header can say (RFC 9110, section 5.5), and a source in it (CSP Level 3, section 2.3.1).
_SENDABLE, _SOURCE = re.compile("[ -~]*"), re.compile(r"[ !#-+\--:<-~]*")
_ONE_LINE = "write it in one line of ASCII"
# What a host or its proxy says itself, from the bytes and the connection (RFC 9110; RFC 9112).
_OWN = frozenset(
    (
        *("accept-ranges", "age", "allow", "alt-svc", "connection", "content-encoding", "content-length"),
        *("content-range", "content-type", "date", "etag", "last-modified", "location", "server", "trailer"),
        *("transfer-encoding", "upgrade", "vary"),
    )
)
_YEAR = "max-age=31536000"
_HSTS = {"on": _YEAR, "subdomains": f"{_YEAR}; includeSubDomains", "preload": f"{_YEAR}; includeSubDomains; preload"}
_FRAMES = {"deny": "DENY", "same-origin": "SAMEORIGIN"}
_PRELOADS = 3


class Composed(NamedTuple):
    """A policy, what pages must say of it themselves (None where headers say all), and what is wrong."""

    policy: Policy
    within: csp.Sources | None
    diagnostics: tuple[Diagnostic, ...]


class Told(msgspec.Struct, frozen=True):
    """What a policy follows from beside the release: the configuration, the site folder, its assets and aliases."""

    config: Config
    root: str
    manifest: AssetManifest
    aliases: tuple[Alias, ...] = ()


def compose(artifacts: Sequence[Artifact], told: Told) -> Composed:
    """Make the policy for a release."""
    config, delivery, base = told.config, told.config.delivery, told.config.site.base_path
    files = tuple(Served(one.path, classify(one), one.media_type, one.body.size, one.source) for one in artifacts)
    rules, said = _rules(delivery, told.root, base)
    redirects, wrong = redirects_of(delivery, told.aliases, told.root, base)
    allowed = csp.sources(
        (source for one in artifacts for source in one.inlined),
        delivery.security.sources,
        search=config.search.engine != "none",
    )
    security, within, more = _security(delivery, allowed, told.root)
    links, unknown = _links(told)
    every = next((one for one in rules if one.pattern == f"{base}/*" and not one.sets("cache-control")), None)
    everywhere, pages = _over(_everywhere(delivery), every), _over([*security, *links], every)
    rules = [one for one in rules if one is not every]
    everywhere += [one for one in every.headers if one[1]] if every is not None else []
    policy = Policy(base, files, tuple(everywhere), tuple(pages), tuple(rules), tuple(redirects))
    said = [*said, *wrong, *more, *unknown, *_unsendable(delivery.security, told.root), *_overlaps(policy)]
    said += check_redirects(redirects, {policy.url(one.path): one for one in files})
    return Composed(policy, within, tuple(said))


def plain(config: Config) -> Policy:
    """Give the policy of a folder that was built for no host: without a content security policy, and redirects."""
    security = msgspec.structs.replace(config.delivery.security, csp="off")
    delivery = msgspec.structs.replace(config.delivery, security=security)
    pages, _, _ = _security(delivery, {}, "")
    return Policy(config.site.base_path, (), tuple(_everywhere(delivery)), tuple(pages))


def _everywhere(delivery: DeliveryConfig) -> Iterator[tuple[str, str]]:
    yield "X-Content-Type-Options", "nosniff"
    if delivery.security.referrer:
        yield "Referrer-Policy", delivery.security.referrer
    if delivery.security.hsts != "off":
        yield "Strict-Transport-Security", _HSTS[delivery.security.hsts]


def _security(
    delivery: DeliveryConfig, allowed: csp.Sources, root: str
) -> tuple[list[tuple[str, str]], csp.Sources | None, list[Diagnostic]]:
    """Give the headers of pages, and what pages must say themselves of a policy that is too long for a header."""
    security = delivery.security
    headers = [("X-Frame-Options", _FRAMES[security.frame])] if security.frame in _FRAMES else []
    if security.permissions:
        headers.append(("Permissions-Policy", security.permissions))
    if security.csp == "off":
        frame = csp.header({}, security.frame)
        return [*headers, *([("Content-Security-Policy", frame)] if frame else [])], None, []
    text = csp.header(allowed, security.frame)
    if len(text) <= csp.LIMIT:
        name = "Content-Security-Policy" + ("-Report-Only" if security.csp == "report-only" else "")
        return [*headers, (name, text)], None, []
    headers.append(("Content-Security-Policy", csp.small(allowed, security.frame)))
    if security.csp == "on":
        return headers, allowed, []
    where = place(root, ("delivery", "security"), "csp")
    message = f"the content security policy has {len(text)} characters, too many for a header that only reports"
    hint = 'set csp = "on", which puts it into the pages, or have fewer scripts and styles within pages'
    return headers, None, [warning("csp", message, where, hint)]


def _over(headers: Iterable[tuple[str, str]], rule: Rule | None) -> list[tuple[str, str]]:
    """Give headers without those that a rule for all paths sets."""
    names = {name.lower() for name, _ in rule.headers} if rule is not None else set()
    return [one for one in headers if one[0].lower() not in names]


def _links(told: Told) -> tuple[list[tuple[str, str]], list[Diagnostic]]:
    """Give the header that announces files with every page (RFC 8288; 103 is RFC 8297)."""
    wanted, where = told.config.delivery.preload, place(told.root, ("delivery",), "preload")
    said = []
    if len(wanted) > _PRELOADS:
        message = f"preload in [delivery] names {len(wanted)} files: more than {_PRELOADS} delay what is needed first"
        said.append(error("config", message, where, "name fonts that every page begins with"))
    values = []
    for path in wanted:
        asset = told.manifest.find(f"/assets/{path.removeprefix('/assets/')}")
        if asset is None:
            hint = "name a file below assets/, like fonts/text.woff2"
            said.append(error("config", f'preload in [delivery] names "{path}", which is no asset', where, hint))
            continue
        kind = _preloaded_as(asset.url)
        cross = "; crossorigin" if kind == "font" else ""
        values.append(
            f"<{href(told.manifest.address(asset, told.config.site.base_path))}>; rel=preload; as={kind}{cross}"
        )
    return [("Link", ", ".join(values))] if values else [], said


def _preloaded_as(url: str) -> str:
    """Give the destination of a file (Fetch, section 2.2.5), by its media type."""
    kind = media_type(url)
    known = {"text/css": "style", "text/javascript": "script"}
    return known.get(kind) or (kind.partition("/")[0] if kind.startswith(("font/", "image/")) else "fetch")


def _rules(delivery: DeliveryConfig, root: str, base: str) -> tuple[list[Rule], list[Diagnostic]]:
    rules: list[Rule] = []
    said: list[Diagnostic] = []
    for pattern, headers in delivery.headers.items():
        where = place(root, ("delivery", "headers"), pattern)
        wrong = [*_mistakes(pattern, headers, where)]
        said += wrong
        if headers and not wrong:
            rules.append(Rule(base + pattern, tuple(headers.items()), where))
    return rules, said


def _mistakes(pattern: str, headers: Mapping[str, str], where: Location) -> Iterator[Diagnostic]:
    if not pattern.startswith("/") or pattern.count("*") > 1 or set(pattern) & set(' ?#:"\\\t\r\n'):
        hint = 'write a path of the site, "/fonts/*", in which one * stands for anything'
        yield error("header", f'headers for "{pattern}", which is no path of the site', where, hint)
    for name, value in headers.items():
        if not _NAME.fullmatch(name):
            hint = "write it like X-Robots-Tag"
            yield error("header", f"{name!r} is no name of a header", where, hint)
        elif name.lower() in _OWN:
            hint = "take it out"
            yield error("header", f"{name} for {pattern} is what the host itself says of the file", where, hint)
        if not value and pattern != "/*":
            hint = 'write one; an empty value takes a header out, for "/*" alone'
            yield error("header", f"{name} for {pattern} has no value", where, hint)
        if not _SENDABLE.fullmatch(value):
            message = f"the value of {name} for {pattern} has characters that a header cannot"
            yield error("header", message, where, _ONE_LINE)


def _unsendable(security: SecurityConfig, root: str) -> Iterator[Diagnostic]:
    """Find settings that would end a header, or begin another directive in it."""
    table = ("delivery", "security")
    for name, value in (("referrer", security.referrer), ("permissions", security.permissions)):
        if not _SENDABLE.fullmatch(value):
            message = f"{name} in [delivery.security] has characters that a header cannot"
            yield error("header", message, place(root, table, name), _ONE_LINE)
    for directive, values in security.sources.items():
        if not _NAME.fullmatch(directive) or not all(map(_SOURCE.fullmatch, values)):
            message = f"{directive!r} in [delivery.security.sources] has characters that a policy cannot"
            yield error("header", message, place(root, (*table, "sources"), directive), _ONE_LINE)


def _overlaps(policy: Policy) -> Iterator[Diagnostic]:
    """Find headers that two rules set for one file: hosts do not agree which of them counts, some send both."""
    seen: dict[tuple[str, str], Rule] = {}
    reported: set[tuple[str, str, str]] = set()
    urls = [(policy.url(one.path), one) for one in policy.files] if policy.rules else []
    for rule in policy.rules:
        found = [(url, file) for url, file in urls if matches(rule.pattern, url)]
        if not found:
            hint = "name the path of a page, /guide/, or of files, /files/*"
            yield warning("header", f"headers for {rule.pattern}, where nothing is", rule.where, hint)
        if rule.sets("cache-control") and any(file.kind is Kind.HASHED for _, file in found):
            message = f"Cache-Control for {rule.pattern} is for assets/ too, where nothing changes under its name"
            yield error("header", message, rule.where, "name a path that holds no files of assets/")
            continue
        for (url, _), (name, _) in itertools.product(found, rule.headers):
            first = seen.setdefault((url, name.lower()), rule)
            if first is not rule and (name.lower(), first.pattern, rule.pattern) not in reported:
                reported.add((name.lower(), first.pattern, rule.pattern))
                message = f"{name} is set twice for {url}: for {first.pattern} and for {rule.pattern}"
                yield error("header", message, rule.where, "have one of the two paths hold fewer files")
