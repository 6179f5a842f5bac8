"""A store that several machines share: how its entries look, and who speaks with it."""

from collections.abc import Mapping, Sequence
from typing import Literal, Protocol
from urllib.parse import urlsplit

import msgspec

from ssg.cache.seal import unseal
from ssg.cache.store import Row

# A value is not larger: what claims to be is refused before memory is taken for it.
_LARGEST = 1 << 30


class Remote(msgspec.Struct, frozen=True):
    """Where a shared store is, the days for which it keeps what nobody uses, and the seconds that a build waits."""

    url: str
    days: int
    seconds: float


class Refused(Exception):  # noqa: N818 - what the other side did
    """A shared store cannot be used; the message is a phrase that follows its address."""


class Client(Protocol):
    """Speaks with a shared store; what it takes longer than the time that it was given is refused."""

    def get(self, keys: Sequence[str]) -> Mapping[str, bytes]:
        """Give the entries of those keys that are there.

        Raises:
            Refused: the store cannot be reached or does not allow it.
        """
        ...

    def put(self, entries: Mapping[str, bytes], anew: frozenset[str]) -> None:
        """Put entries; those that have the bytes in their name stay as they are, but for those to be put `anew`.

        Raises:
            Refused: the store cannot be reached, is full, or does not allow it.
        """
        ...


class _Entry(msgspec.Struct, frozen=True, array_like=True):
    """An entry as it travels: it says all that is needed to tell whether it is what was put."""

    format: Literal["ssg1"]
    key: str
    digest: str
    size: int
    until: int
    value: bytes


_DECODER = msgspec.msgpack.Decoder(_Entry)


def wrap(row: Row, sealed: bytes, until: int) -> bytes:
    """Give an entry as it travels; `until` is the last day on which it is valid."""
    return msgspec.msgpack.encode(_Entry("ssg1", row.key, row.digest, row.size, until, sealed))


def unwrap(key: str, entry: bytes) -> Row | None:
    """Give what was put under a key, verified; None where it is something else. Its day is the last of its validity."""
    try:
        found = _DECODER.decode(entry)
    except msgspec.DecodeError:
        return None
    name = key.removeprefix("blob:") if is_content(key) else found.digest
    if found.key != key or found.digest != name or not 0 <= found.size <= _LARGEST:
        return None
    if unseal(found.value, found.size, found.digest) is None:
        return None
    return Row(key, found.digest, found.size, found.until, found.value)


def place_of(key: str) -> str:
    """Give the name under which a shared store has an entry."""
    return f"ssg/1/{key.replace(':', '/')}"


def is_shared(key: str) -> bool:
    """Tell whether another machine could use an entry: what it says of folders and builds of this one is its own."""
    stage = key.partition(":")[0]
    return stage not in {"release", "theme"} and not stage.endswith(("-guards", "-version"))


def is_content(key: str) -> bool:
    """Tell whether a key names the bytes that it has, so that there is nothing else to be put under it."""
    return key.startswith("blob:")


def shown(url: str) -> str:
    """Give the address of a shared store as messages may show it: without a password, and without parameters."""
    parts = urlsplit(url)
    user, at, host = parts.netloc.rpartition("@")
    name, colon, _ = user.partition(":")
    return parts._replace(netloc=f"{name}{colon}{'***' if colon else ''}{at}{host}", query="", fragment="").geturl()
