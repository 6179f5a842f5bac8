"""What is particular to a host, and how far an answer may differ from the policy."""

import re
from collections.abc import Iterator, Mapping

from ssg import delivery
from ssg.config import DeliveryConfig
from ssg.delivery import CACHE, Kind, Policy, Served
from ssg.errors import ConfigError, Location, error
from ssg.live.values import Host
from ssg.urls import content_type

# Where the rules of a host are, for hints; DIR is `dir` of `[delivery]`.
_RULES: Mapping[str, str] = {
    "apache": ".htaccess in the output folder (it needs AllowOverride All)",
    "bunny": "DIR/bunny/edge-rules.json",
    "caddy": "DIR/caddy/site.caddy",
    "cloudflare-pages": "_headers and _redirects in the output folder",
    "cloudflare-workers": "_headers and _redirects in the output folder",
    "fastly": "DIR/fastly/",
    "firebase": "firebase.json in the output folder",
    "netlify": "_headers and _redirects in the output folder",
    "nginx": "DIR/nginx/ (http.conf, server.conf, brotli.conf)",
    "s3-cloudfront": "DIR/s3-cloudfront/, and the headers of the objects",
    "vercel": "vercel.json in the output folder",
}
_UNNAMED = 'what "ssg build" writes for a host in targets of [delivery]'
_ALL = ("br", "gzip", "zstd")
# Directives for caches that many readers share: a browser does not look at them (RFC 9111, section 5.2.2).
_SHARED = frozenset(("s-maxage", "proxy-revalidate", "no-transform", "public"))
_LEFT_OUT = frozenset(("s-maxage", "public"))
# A browser may not use these where it must revalidate (RFC 9111, section 5.2.2.2; RFC 5861).
_STALE = frozenset(("stale-while-revalidate", "stale-if-error"))
_NOT_KEPT = frozenset(("no-cache", "no-store"))
# Names of one type: RFC 9239, RFC 7303, and what IANA has for the one that browsers know.
_SAME = {
    "application/javascript": "text/javascript",
    "application/x-javascript": "text/javascript",
    "application/xml": "text/xml",
    "image/vnd.microsoft.icon": "image/x-icon",
}
# Texts that say their encoding themselves (RFC 7303), or have that of their page (HTML, section 8.1.3.2).
_KNOWING = frozenset(("text/javascript", "text/xml"))


def host_of(config: DeliveryConfig, wanted: str | None) -> Host:
    """Give the host that a site is checked at: the one that is named, or what those in `targets` have in common.

    Raises:
        ConfigError: the named one is not in `targets`, or these serve a site in different ways.
    """
    targets, where = config.targets, Location("site.toml")
    if wanted is not None and wanted not in targets:
        known = ", ".join(targets) or "none"
        hint = f"targets in [delivery] has {known}"
        raise ConfigError(error("live", f'"{wanted}" is not a host of the site', where, hint))
    named = (wanted,) if wanted is not None else tuple(targets)
    if len({_ways(one) for one in named}) > 1:
        hint = f"name the one that is checked: --target {named[0]}"
        raise ConfigError(error("live", f"the hosts of the site, {', '.join(named)}, differ", where, hint))
    if not named:
        return Host("", _UNNAMED, frozenset(_ALL))
    sends = frozenset.intersection(*(frozenset(delivery.encodings((one,), _ALL)) for one in named))
    rules = " or ".join(dict.fromkeys(_RULES[one] for one in named)).replace("DIR", config.dir)
    return Host(named[0], rules, sends or None)


def _ways(target: str) -> tuple[bool, bool]:
    """Give in which way a host serves: whether it has a `Cache-Control` of its own, and compresses by itself."""
    return target in delivery.LIKE_PAGES, not delivery.encodings((target,), _ALL)


def caches_of(policy: Policy, file: Served, headers: Mapping[str, str], host: Host) -> tuple[str, ...]:
    """Give the values of `Cache-Control` that are right for a file, the policy's own first."""
    wanted = headers["Cache-Control"]
    ruled = any(
        rule.sets("cache-control") and delivery.matches(rule.pattern, policy.url(file.path)) for rule in policy.rules
    )
    free = host.name in delivery.LIKE_PAGES and file.kind is not Kind.HASHED and not ruled
    return tuple(dict.fromkeys((wanted, CACHE[Kind.PAGE]) if free else (wanted,)))


def is_cached_so(found: str, wanted: str) -> bool:
    """Tell whether a `Cache-Control` tells browsers what another one does.

    Order and case do not matter, nor what is for shared caches alone: hosts and networks add that, and take `s-maxage`
    out when they have read it. They leave out `public`, which `max-age` implies.
    """
    said, asked = directives(found), directives(wanted)
    more = said - asked
    free = _SHARED | (_STALE if "must-revalidate" in asked else frozenset())
    less = asked - said
    return all(_name(one) in free for one in more) and all(_name(one) in _LEFT_OUT for one in less)


def _name(directive: str) -> str:
    return directive.partition("=")[0]


def directives(header: str) -> frozenset[str]:
    """Give the directives of a `Cache-Control`, in lower case and without spaces."""
    return frozenset(re.sub(r"[\s\"]", "", one).lower() for one in header.split(",") if one.strip())


def is_contradictory(header: str) -> bool:
    """Tell whether a `Cache-Control` was put together from two rules: one of its directives has two values."""
    names = [_name(one) for one in directives(header)]
    return len(names) != len(set(names)) or {"immutable", "must-revalidate"} <= set(names)


def is_kept(header: str) -> bool:
    """Tell whether a browser may keep an answer without asking again; without any word it may guess."""
    said = directives(header)
    return not said & _NOT_KEPT and not ("max-age=0" in said and "immutable" not in said)


def type_faults(found: str, media_type: str) -> Iterator[tuple[bool, str]]:
    """Say what is wrong with a `Content-Type`: whether that is grave, and the words."""
    wanted = content_type(media_type)
    kind, _, rest = found.partition(";")
    kind = kind.strip().lower()
    charset = rest.strip().lower().removeprefix("charset=").strip('"')
    if media_type == "application/octet-stream":
        return
    if _SAME.get(kind, kind) != _SAME.get(media_type, media_type):
        yield True, f"Content-Type is {found or 'not sent'} instead of {wanted}"
    elif charset and charset not in {"utf-8", "utf8"}:
        yield True, f"Content-Type is {found} instead of {wanted}"
    elif not charset and media_type.startswith("text/") and media_type not in _KNOWING:
        yield False, "Content-Type is sent without charset=utf-8"
