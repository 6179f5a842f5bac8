"""Signatures of Amazon's APIs: Signature Version 4 (AWS General Reference, "Signing AWS API requests")."""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import quote, urlsplit

import msgspec

from ssg.deploy.values import Request


class Keys(msgspec.Struct, frozen=True):
    """Credentials; `token` is that of a session, or empty. They are never shown."""

    access: str
    secret: str
    token: str = ""

    def __repr__(self) -> str:
        """Give nothing of the credentials."""
        return "Keys(…)"


def sign(request: Request, keys: Keys, scope: tuple[str, str], now: datetime) -> Request:
    """Give a request with its signature; `scope` is region and service, `now` a moment in UTC."""
    region, service = scope
    moment = f"{now:%Y%m%dT%H%M%SZ}"
    parts = urlsplit(request.url)
    headers = {**request.headers, "Host": parts.netloc, "X-Amz-Date": moment}
    if keys.token:
        headers["X-Amz-Security-Token"] = keys.token
    named = {name.lower(): value.strip() for name, value in headers.items()}
    signed = ";".join(sorted(named))
    canonical = "\n".join(
        (
            request.method,
            quote(parts.path or "/", safe="/~-._"),
            parts.query,
            *(f"{name}:{named[name]}" for name in sorted(named)),
            "",
            signed,
            hashlib.sha256(request.body).hexdigest(),
        )
    )
    where = f"{moment[:8]}/{region}/{service}/aws4_request"
    text = f"AWS4-HMAC-SHA256\n{moment}\n{where}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    signature = hmac.new(_key(keys.secret, where), text.encode(), hashlib.sha256).hexdigest()
    told = f"AWS4-HMAC-SHA256 Credential={keys.access}/{where}, SignedHeaders={signed}, Signature={signature}"
    sent: Mapping[str, str] = {name: value for name, value in headers.items() if name != "Host"}
    return Request(request.method, request.url, {**sent, "Authorization": told}, request.body)


def _key(secret: str, where: str) -> bytes:
    key = f"AWS4{secret}".encode()
    for part in where.split("/"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return key
