"""`[delivery]`: how hosts are to serve the site."""

from typing import Literal

import msgspec

Target = Literal[
    "apache",
    "bunny",
    "caddy",
    "cloudflare-pages",
    "cloudflare-workers",
    "fastly",
    "firebase",
    "netlify",
    "nginx",
    "s3-cloudfront",
    "vercel",
]


class RedirectConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[delivery.redirects]`: one that is not 301, `"/old/" = { to = "/new/", status = 302 }`."""

    to: str
    """The URL path of the site, or the URL, that it leads to; `:splat` stands for what a final `*` matched."""
    status: Literal[301, 302, 307, 308] = 301
    """301 and 308 are for good, 302 and 307 for now; 307 and 308 keep the method of a form."""


class SecurityConfig(msgspec.Struct, frozen=True):
    """`[delivery.security]`: the headers that keep others from misusing the pages."""

    csp: Literal["on", "report-only", "off"] = "on"
    """Let browsers run and apply only what the built pages hold and name: a content security policy with hashes."""
    sources: dict[str, tuple[str, ...]] = {}
    """Further sources by directive, `script-src = ["https://stats.example.org"]`, or a directive that is not set."""
    frame: Literal["deny", "same-origin", "any"] = "deny"
    """Who may show a page in a frame."""
    referrer: str = "strict-origin-when-cross-origin"
    """`Referrer-Policy`: what other sites learn of where a reader comes from; empty for no header."""
    permissions: str = "camera=(), microphone=(), geolocation=()"
    """`Permissions-Policy`: what pages cannot ask a reader for; empty for no header."""
    hsts: Literal["off", "on", "subdomains", "preload"] = "off"
    """Have browsers ask over HTTPS alone for a year, `subdomains` those too; `preload` is hard to take back."""


class DeliveryConfig(msgspec.Struct, frozen=True):
    """`[delivery]`: the hosts that the site is configured for."""

    targets: tuple[Target, ...] = ()
    """The hosts, each with files of its own beside or in the output folder; `[]` for none."""
    dir: str = "delivery"
    """The folder, below the site folder, of configuration that is not to be served."""
    preload: tuple[str, ...] = ()
    """Up to three files of `assets/`, fonts mostly, that a host announces with every page: `Link`, for 103."""
    headers: dict[str, dict[str, str]] = {}
    """Headers by URL path, in which one `*` stands for anything: `"/fonts/*" = { X-Robots-Tag = "noindex" }`."""
    redirects: dict[str, str | RedirectConfig] = {}
    """Where URL paths lead to that are gone, `"/old/" = "/new/"`, `"/old/*" = "/new/:splat"`; 301."""
    security: SecurityConfig = SecurityConfig()
