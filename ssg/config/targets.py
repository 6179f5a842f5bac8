"""`[deploy.NAME]`: where a site is deployed to, and what those tables may hold."""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import msgspec

from ssg.config.decode import mistake
from ssg.config.locate import locate
from ssg.errors import Diagnostic

SCHEMES: Mapping[str, str] = {
    "s3": "s3://bucket/site",
    "gs": "gs://bucket/site",
    "az": "az://container/site",
    "file": "file:///srv/www/site",
}
"""The schemes of the addresses of targets, each with an example."""

_COUNT = Annotated[int, msgspec.Meta(ge=0)]
# Names of keys under which somebody might write what must stay secret.
_SECRET = re.compile(r"secret|token|passw|credential|(access|account|api)_?key|sas|private", re.IGNORECASE)
# What has to be said of the network of each provider.
_NEEDED = {"cloudfront": "distribution", "cloudflare": "zone", "fastly": "service", "bunny": "zone"}


class PurgeConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[deploy.NAME.purge]`: the content delivery network that is told which URLs have changed."""

    provider: Literal["cloudfront", "cloudflare", "fastly", "bunny"]
    """Whose network it is. Its credentials are read from the environment."""
    distribution: str = ""
    """The id of the distribution of CloudFront."""
    zone: str = ""
    """The id of the zone of Cloudflare, or of the pull zone of Bunny."""
    service: str = ""
    """The id of the service of Fastly."""
    endpoint: str = ""
    """Another address of the provider's API, for a proxy before it."""


class DeployConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[deploy]`: a table for every place that the site is deployed to, `[deploy.NAME]`; none by default."""

    url: str
    """`s3://bucket/folder`, `gs://`, `az://container/folder` (they need `ssg[deploy]`), or `file:///folder`."""
    endpoint: str = ""
    """The address of a service that speaks as S3 or Azure does, `https://…`."""
    region: str = ""
    """The region of the bucket, where the environment does not say it."""
    encodings: Literal["none", "files"] = "none"
    """`files` uploads compressed forms too, `a.css.br`, for a host that chooses among them."""
    keep_releases: Annotated[int, msgspec.Meta(ge=1)] = 3
    """How many releases `ssg rollback` can return to, with the one that is live."""
    keep_days: _COUNT = 30
    """For how many days at the least hashed files stay that no page needs any more."""
    max_deletes: _COUNT = 256
    """A deploy that would remove more files of the site is refused."""
    purge: PurgeConfig | None = None
    """The network before the bucket, `{ provider = "cloudfront", distribution = "E123" }`."""


def check_secrets(table: Mapping[str, Any], text: str) -> Iterator[Diagnostic]:
    """Refuse what looks like credentials in the tables of targets, as they are written; no value is shown."""
    targets = table.get("deploy")
    for name, target in targets.items() if isinstance(targets, dict) else ():
        for key in _keys(target):
            if _SECRET.search(key):
                message = f'"{key}" in [deploy.{name}] looks like a credential, which has no place in site.toml'
                hint = "take it out, and give it in the environment or a profile; if it was committed, make a new one"
                yield mistake(message, locate(text, ("deploy", name), key), hint)


def _keys(table: object) -> Iterator[str]:
    for key, value in table.items() if isinstance(table, dict) else ():
        yield key
        yield from _keys(value)


def check_targets(targets: Mapping[str, DeployConfig], base_url: str, text: str) -> Iterator[Diagnostic]:
    """Check what types cannot say of targets; an address is not shown, it may hold a password."""
    for name, target in targets.items():
        where = f"[deploy.{name}]"
        yield from _check_url(target.url, where, locate(text, ("deploy", name), "url"))
        purge = target.purge
        if purge is None:
            continue
        line = locate(text, ("deploy", name), "purge")
        needed = _NEEDED[purge.provider]
        if not getattr(purge, needed):
            yield mistake(f"purge in {where} does not name the {needed}", line, f'add {needed} = "…" to it')
        if not base_url:
            hint = "set base_url in [site], like https://example.org/"
            yield mistake(f"purge in {where} needs to know the URLs of the site", line, hint)


def _check_url(url: str, where: str, line: int) -> Iterator[Diagnostic]:
    parts = urlsplit(url)
    if parts.scheme not in SCHEMES:
        known = ", ".join(f"{name}://" for name in SCHEMES)
        yield mistake(
            f"url in {where} is not the address of a bucket or folder", line, f"it begins with one of {known}"
        )
    elif parts.username is not None or parts.query:
        hint = "take them out: they are read from the environment, or where the tools of the provider keep them"
        yield mistake(f"url in {where} holds credentials or settings", line, hint)
    elif parts.scheme == "file" and (parts.netloc or not parts.path.strip("/")):
        yield mistake(f"url in {where} names no folder", line, f"write the whole path, like {SCHEMES['file']}")
    elif parts.scheme != "file" and not parts.netloc:
        yield mistake(f"url in {where} names no bucket", line, f"write it like {SCHEMES[parts.scheme]}")
