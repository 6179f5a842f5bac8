"""What each provider's API wants: CloudFront, Cloudflare, Fastly, Bunny.

Sources, as read in November 2026:
CloudFront: "Concurrent invalidation request maximum" (3,000 paths under way at once, 15 with `*`) and
`CreateInvalidation` of the API reference. Cloudflare: "Purge cache" (100 URLs a request on all plans but Enterprise,
which takes 500; 800 URLs a second on the free plan). Fastly: `PurgeApi` of its client libraries (`POST /purge/URL`
with `Fastly-Soft-Purge: 1`; `purge_all` knows no soft purge; the token needs `purge_select` and `purge_all`). Bunny:
"Purge URL" (`url`, `async`, `exactPath`) and `POST /pullzone/ID/purgeCache`.
"""

import importlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib.util import find_spec
from typing import Any
from urllib.parse import quote, urlsplit
from xml.sax.saxutils import escape

import msgspec

from ssg.config import PurgeConfig
from ssg.deploy.purging.signing import Keys, sign
from ssg.deploy.remote import RemoteError
from ssg.deploy.values import Request
from ssg.digests import digest
from ssg.urls import uri

# How many URLs are named one by one; for more, everything is purged. CloudFront takes 3,000 paths at once. The other
# numbers are our own, as requests take time: Cloudflare has 100 URLs in each, Fastly and Bunny one.
_MOST = {"cloudfront": 3_000, "cloudflare": 3_000, "fastly": 500, "bunny": 500}
_IN_ONE = 100
_ENDPOINTS = {
    "cloudfront": "https://cloudfront.amazonaws.com",
    "cloudflare": "https://api.cloudflare.com",
    "fastly": "https://api.fastly.com",
    "bunny": "https://api.bunny.net",
}
_TOKENS = {"cloudflare": "CLOUDFLARE_API_TOKEN", "fastly": "FASTLY_API_TOKEN", "bunny": "BUNNY_API_KEY"}
_NAMESPACE = "http://cloudfront.amazonaws.com/doc/2020-05-31/"


class Asked(msgspec.Struct, frozen=True):
    """What is needed to purge, beside the URLs: the network, the variables that hold credentials, release, moment."""

    network: PurgeConfig
    environment: Mapping[str, str]
    release: str
    now: datetime


def changed_urls(paths: Sequence[str], base_url: str) -> tuple[str, ...]:
    """Give the URLs under which files can be fetched, in order: `x/index.html` is `/x/` too."""
    base = base_url.rstrip("/")
    found: set[str] = set()
    for path in paths:
        found.add(f"{base}/{uri(path)}")
        if path == "index.html" or path.endswith("/index.html"):
            found.add(f"{base}/{uri(path.removesuffix('index.html'))}")
    return tuple(sorted(found))


def purge_requests(urls: Sequence[str], asked: Asked) -> tuple[Request, ...]:
    """Give the requests that purge URLs; everything is purged where they are too many for the provider.

    Raises:
        RemoteError: there are no credentials.
    """
    network = asked.network
    everything = len(urls) > _MOST[network.provider]
    endpoint = network.endpoint.rstrip("/") or _ENDPOINTS[network.provider]
    if network.provider == "cloudfront":
        return (_cloudfront(urls, asked, endpoint, everything=everything),)
    token = asked.environment.get(_TOKENS[network.provider], "")
    if not token:
        variable = _TOKENS[network.provider]
        raise RemoteError(f"there are no credentials for {network.provider}", f"set the variable {variable}")
    make = {"cloudflare": _cloudflare, "fastly": _fastly, "bunny": _bunny}[network.provider]
    return tuple(make((endpoint, token), network, () if everything else urls))


def _cloudfront(urls: Sequence[str], asked: Asked, endpoint: str, *, everything: bool) -> Request:
    """Make an invalidation; the same one again is known by its reference and done once."""
    paths = ["/*"] if everything else [urlsplit(url).path for url in urls]
    listed = "".join(f"<Path>{escape(path)}</Path>" for path in paths)
    reference = f"{asked.release}-{digest(listed.encode())[:8]}"
    body = (
        f'<InvalidationBatch xmlns="{_NAMESPACE}"><CallerReference>{reference}</CallerReference>'
        f"<Paths><Items>{listed}</Items><Quantity>{len(paths)}</Quantity></Paths></InvalidationBatch>"
    )
    url = f"{endpoint}/2020-05-31/distribution/{quote(asked.network.distribution, safe='')}/invalidation"
    request = Request("POST", url, {"Content-Type": "application/xml"}, body.encode())
    return sign(request, _keys(asked.environment), ("us-east-1", "cloudfront"), asked.now)


def _keys(environment: Mapping[str, str]) -> Keys:
    access, secret = environment.get("AWS_ACCESS_KEY_ID"), environment.get("AWS_SECRET_ACCESS_KEY")
    if access and secret:
        return Keys(access, secret, environment.get("AWS_SESSION_TOKEN", ""))
    if find_spec("boto3"):  # it knows profiles, and the roles of jobs and machines
        boto3 = importlib.import_module("boto3")  # an optional library
        found = boto3.Session().get_credentials()
        if found is not None:
            frozen = found.get_frozen_credentials()
            return Keys(frozen.access_key, frozen.secret_key, frozen.token or "")
    hint = "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or install boto3, which knows profiles and roles"
    raise RemoteError("there are no credentials for cloudfront", hint)


def _cloudflare(access: tuple[str, str], network: PurgeConfig, urls: Sequence[str]) -> list[Request]:
    endpoint, token = access
    url = f"{endpoint}/client/v4/zones/{quote(network.zone, safe='')}/purge_cache"
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    parts: list[dict[str, Any]] = [{"files": urls[begin : begin + _IN_ONE]} for begin in range(0, len(urls), _IN_ONE)]
    return [Request("POST", url, headers, msgspec.json.encode(part)) for part in parts or [{"purge_everything": True}]]


def _fastly(access: tuple[str, str], network: PurgeConfig, urls: Sequence[str]) -> list[Request]:
    """Mark URLs as stale, so that a reader is not made to wait; all of a service can only be removed."""
    endpoint, token = access
    headers = {"Fastly-Key": token, "Accept": "application/json"}
    if not urls:
        return [Request("POST", f"{endpoint}/service/{quote(network.service, safe='')}/purge_all", headers)]
    soft = {**headers, "Fastly-Soft-Purge": "1"}
    return [Request("POST", f"{endpoint}/purge/{url.partition('://')[2]}", soft) for url in urls]


def _bunny(access: tuple[str, str], network: PurgeConfig, urls: Sequence[str]) -> list[Request]:
    """Name URLs exactly: one that ends in a slash would stand for all below it, and `/` for the whole site."""
    endpoint, token = access
    headers = {"AccessKey": token, "Accept": "application/json"}
    if not urls:
        return [Request("POST", f"{endpoint}/pullzone/{quote(network.zone, safe='')}/purgeCache", headers)]
    return [Request("POST", f"{endpoint}/purge?url={quote(url, safe='')}&exactPath=true", headers) for url in urls]
