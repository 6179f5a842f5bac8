"""What a connection is made of: protocol, version of TLS, and how long its certificate holds."""

import socket
import ssl
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from ssg.live.values import Level, Seen

_HTTPS = 443
# Certificates of the usual makers are renewed with 30 days to go: with half of that, the renewal has failed.
_DAYS = 14
_DAY = 86_400


class Transport(NamedTuple):
    """What a host chose of what browsers offer: by ALPN (RFC 7301), by TLS; the end of its certificate in POSIX s."""

    protocol: str
    version: str
    ends: float


def look(origin: str, timeout: float) -> Transport | None:
    """Connect as a browser does, without asking for anything; None where that does not succeed."""
    parts = urlsplit(origin)
    host = (parts.hostname or "").encode("idna").decode("ascii")
    context = ssl.create_default_context()
    context.set_alpn_protocols(["h2", "http/1.1"])
    try:
        with (
            socket.create_connection((host, parts.port or _HTTPS), timeout) as plain,
            context.wrap_socket(plain, server_hostname=host) as secure,
        ):
            certificate: Mapping[str, Any] = secure.getpeercert() or {}
            ends = ssl.cert_time_to_seconds(certificate["notAfter"])
            return Transport(secure.selected_alpn_protocol() or "", secure.version() or "", ends)
    except (OSError, KeyError, ValueError):
        return None


def judge_transport(found: Transport, url: str, now: datetime) -> Iterator[Seen]:
    """Say what makes connections slow, or will break them soon."""
    if found.protocol != "h2":
        hint = "turn it on: files then share one connection, and none waits for another"
        yield Seen(Level.NOTE, "http2", "is sent without HTTP/2", hint, url)
    if found.version != "TLSv1.3":
        hint = "turn it on: a new connection then takes a round trip less"
        yield Seen(Level.NOTE, "tls", "is sent without TLS 1.3", hint, url, found.version)
    days = int((found.ends - now.timestamp()) // _DAY)
    if days < _DAYS:
        message, hint = "has a certificate that ends soon", "look why it was not renewed"
        yield Seen(Level.NOTE, "tls", message, hint, url, f"in {days} {'day' if days == 1 else 'days'}")
