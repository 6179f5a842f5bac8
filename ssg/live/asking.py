"""HTTP to a deployed site: kept connections, time limits, and attempts with pauses between them.

Python's own `http.client` is the one that shows an answer as it came: it decodes nothing, follows nothing, adds no
header and keeps those that come twice. It needs no installation, and reads the system's certificates.
"""

import http.client
import random
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from email.message import Message
from typing import Final, Self
from urllib.parse import urlsplit

import msgspec

from ssg import __version__
from ssg.digests import digest, digest_file
from ssg.live.values import Answer, Question, Unanswered
from ssg.output.encode import ENCODINGS, decode

# What may succeed a moment later (RFC 9110, section 15.6; RFC 6585, section 4).
_LATER = frozenset((429, 500, 502, 503, 504))
_TOO_MANY = "is not asked any more, since many requests in a row were not answered"
_MOST_FAILURES = 10
_LONGEST_PAUSE = 20.0
_LARGEST = 64 << 20
# What Cloudflare's networks put into pages: scripts and links of its own below this path.
_FOREIGN = b"/cdn-cgi/"


class Manner(msgspec.Struct, frozen=True):
    """How a site is asked: seconds for a connection and each part of an answer, further headers, how many attempts.

    The first pause is of up to `pause` seconds, the next ones of twice as many; `Retry-After` sets another.
    """

    timeout: float = 10.0
    headers: Mapping[str, str] = {}
    attempts: int = 4
    pause: float = 0.5
    sleep: Callable[[float], None] = time.sleep


class Client:
    """Asks one origin, in any thread, over one connection a thread; a context manager that closes them."""

    def __init__(self, origin: str, manner: Manner) -> None:
        parts = urlsplit(origin)
        self.origin: Final = origin
        self._secure: Final = parts.scheme == "https"
        self._host, self._port = parts.hostname or "", parts.port
        self._manner: Final = manner
        self._own = threading.local()
        self._lock: Final = threading.Lock()
        self._open: Final[list[http.client.HTTPConnection]] = []
        self._failures = 0
        self._stopped = False
        self.requests = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for one in self._open:
            one.close()

    def stop(self) -> None:
        """Ask nothing more; what is being asked comes to its end."""
        self._stopped = True

    def __call__(self, question: Question) -> Answer | Unanswered:
        """Ask; what may succeed later is asked again. After many requests without an answer, nothing is."""
        if self._stopped or self._failures >= _MOST_FAILURES:
            return Unanswered(_TOO_MANY)
        drawn = random.Random(question.url)  # noqa: S311 - no secret
        for attempt in range(1, self._manner.attempts + 1):
            found = self._try(question)
            if not _is_passing(found) or attempt == self._manner.attempts:
                break
            usual = drawn.uniform(0, self._manner.pause * 2 ** (attempt - 1))
            self._manner.sleep(min(_LONGEST_PAUSE, max(usual, _retry_after(found))))
        with self._lock:
            self._failures = self._failures + 1 if isinstance(found, Unanswered) else 0
        return found

    def _try(self, question: Question) -> Answer | Unanswered:
        connection, used = self._connection()
        try:
            return self._send(connection, question)
        except (http.client.RemoteDisconnected, ConnectionError) as reason:
            connection.close()
            if not used:
                return _unanswered(reason, self._manner.timeout)
        except (OSError, http.client.HTTPException) as reason:
            connection.close()
            return _unanswered(reason, self._manner.timeout)
        try:  # a host may close a connection that nobody has used for a while
            return self._send(connection, question)
        except (OSError, http.client.HTTPException) as reason:
            connection.close()
            return _unanswered(reason, self._manner.timeout)

    def _connection(self) -> tuple[http.client.HTTPConnection, bool]:
        """Give the connection of this thread, and whether it was used before."""
        found: http.client.HTTPConnection | None = getattr(self._own, "connection", None)
        if found is None:
            found = self._new()
            self._own.connection = found
            with self._lock:
                self._open.append(found)
        return found, found.sock is not None

    def _new(self) -> http.client.HTTPConnection:
        host = self._host if self._host.isascii() else self._host.encode("idna").decode("ascii")
        if not self._secure:
            return http.client.HTTPConnection(host, self._port, timeout=self._manner.timeout)
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(host, self._port, timeout=self._manner.timeout, context=context)

    def _send(self, connection: http.client.HTTPConnection, question: Question) -> Answer:
        with self._lock:
            self.requests += 1
        headers = {"User-Agent": f"ssg/{__version__}", "Accept": "*/*", **self._manner.headers}
        headers["Accept-Encoding"] = question.accept or "identity"
        if question.etag:
            headers["If-None-Match"] = question.etag
        connection.request("GET", question.url, headers=headers)
        response = connection.getresponse()
        if not question.keep:
            return _read(response)
        return Answer(response.status, _joined(response.headers), body=response.read(_LARGEST))


def _read(response: http.client.HTTPResponse) -> Answer:
    headers = _joined(response.headers)
    found = Answer(response.status, headers)
    if found.encoding not in ENCODINGS:
        name = "" if not found.encoding else f"no browser knows the encoding {found.encoding}"
        counted = _Counted(response)
        named = digest_file(counted)  # in pieces: a video is not kept in memory
        return msgspec.structs.replace(found, digest=named, size=counted.size, broken=name, rewritten=counted.foreign)
    body = response.read()
    if not body:  # an answer 304, or one to HEAD
        return found
    try:
        plain = decode(body, found.encoding)
    except ValueError as reason:
        return msgspec.structs.replace(found, size=len(body), broken=str(reason))
    return msgspec.structs.replace(found, digest=digest(plain), size=len(body), rewritten=_FOREIGN in plain)


class _Counted:
    """A body that is read in pieces, and counted."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self._response = response
        self.size = 0
        self.foreign = False

    def read(self, most: int) -> bytes:
        """Give the next bytes; none at the end."""
        piece = self._response.read(most)
        self.size += len(piece)
        self.foreign = self.foreign or _FOREIGN in piece
        return piece


def _joined(headers: Message) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in headers.items():
        key = name.lower()
        found[key] = f"{found[key]}, {value}" if key in found else value
    return found


def _is_passing(found: Answer | Unanswered) -> bool:
    """Tell whether it may be another answer a moment later; a wrong name or certificate will not mend itself."""
    return found.status in _LATER if isinstance(found, Answer) else found.passing


def _retry_after(found: Answer | Unanswered) -> float:
    """Give the seconds that an answer asks to wait (RFC 9110, section 10.2.3); none for a date."""
    said = found.header("retry-after").strip() if isinstance(found, Answer) else ""
    return float(said[:6]) if said.isascii() and said.isdigit() else 0.0


def _unanswered(reason: Exception, timeout: float) -> Unanswered:
    """Say in a few words why there is no answer."""
    if isinstance(reason, ssl.SSLCertVerificationError):
        hint = "renew the certificate, or let it name this host"
        return Unanswered(f"has a certificate that is not accepted: {reason.verify_message}", hint)
    for kinds, found in _FAILURES:
        if isinstance(reason, kinds):
            return found
    if isinstance(reason, TimeoutError):
        return Unanswered(f"does not answer within {timeout:g} s", passing=True)
    return Unanswered(f"cannot be reached: {reason}", "look at the network, and at the name")


# The first that a failure is of counts.
_FAILURES: tuple[tuple[tuple[type[Exception], ...], Unanswered], ...] = (
    ((ssl.SSLError,), Unanswered("does not speak TLS as it should", "does it speak HTTPS at this port?")),
    ((socket.gaierror,), Unanswered("has a name that no address is known for", "look for a mistake in the name")),
    ((ConnectionRefusedError,), Unanswered("refuses the connection", "is the server running, at this port?")),
    ((ConnectionError, http.client.IncompleteRead), Unanswered("breaks the connection off", passing=True)),
    (
        (http.client.HTTPException,),
        Unanswered("does not answer in HTTP", "is it http:// or https://, and the right port?"),
    ),
)
