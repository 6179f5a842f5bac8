"""Pages as they are written → their facts for budgets, so that no page is read again to be weighed."""

from urllib.parse import unquote, urlsplit

import msgspec

from ssg.budget.facts import PageFacts
from ssg.budget.page import packed
from ssg.budget.written import Tree, take_page
from ssg.cache import Shelf
from ssg.config import Config
from ssg.model import Ref
from ssg.urls import uri

_INDEX = "index.html"
# Facts with more bytes than this (sheets that stand in the page) rest in the spool.
_LARGE = 2000
_RESTING = b"@"  # with which no array of msgpack begins


class Taker:
    """Takes the facts of one page after another, at the moment when its tree is written."""

    def __init__(self, config: Config, shelf: Shelf) -> None:
        self._base = base_of(config)
        self._origins = origins_of(config)
        self._shelf = shelf

    def taking(self, path: str) -> "Taking":
        """Give what takes one page, by the path of its file below the output folder."""
        return Taking(self, path)

    def take(self, tree: Tree, text: str, path: str, *, styled: bool) -> bytes:
        """Give the facts of a page in bytes; none where they may not be those of its text."""
        facts = take_page(tree, text, self._base + requested(path), self._origins, styled=styled)
        if facts is None:
            return b""
        body = msgspec.msgpack.encode(facts)
        return _RESTING + msgspec.msgpack.encode(self._shelf.put(body)) if len(body) > _LARGE else body


class Taking:
    """Takes the facts of one page, and gives them if it is that text that is published."""

    def __init__(self, taker: Taker, path: str) -> None:
        self._taker = taker
        self._path = path
        self._taken: tuple[str, bytes] | None = None

    def take(self, tree: Tree, text: str, styled: bool) -> None:  # noqa: FBT001 - as the passes call it
        """Take the facts from the tree that a text was written from; `styled`: an element has a `style` attribute."""
        self._taken = text, self._taker.take(tree, text, self._path, styled=styled)

    def give(self, text: str) -> bytes:
        """Give the facts of a text in bytes; none where they are not known."""
        return self._taken[1] if self._taken is not None and self._taken[0] == text else b""


def facts_of(taken: bytes, shelf: Shelf) -> PageFacts:
    """Give the facts that a taker has given in bytes."""
    if taken.startswith(_RESTING):
        taken = shelf.get(msgspec.msgpack.decode(taken.removeprefix(_RESTING), type=Ref))
    facts, head = msgspec.msgpack.decode(taken, type=tuple[PageFacts, str])
    return msgspec.structs.replace(facts, head=packed(head))


def origins_of(config: Config) -> tuple[str, ...]:
    """Give what URLs of the site begin with where they are written in full: its own address, and that of its CDN."""
    address = urlsplit(config.site.base_url)
    own = f"{address.scheme}://{address.netloc}" if address.netloc else ""
    return tuple(filter(None, (own, config.assets.cdn.rstrip("/"))))


def base_of(config: Config) -> str:
    """Give the path that all URLs of the site begin with, as a browser asks for it."""
    return uri(unquote(config.site.base_path))


def requested(path: str) -> str:
    """Give the URL path of a request, percent-encoded, for a file by its path below the output folder."""
    return uri("/" + (path.removesuffix(_INDEX) if f"/{path}".endswith(f"/{_INDEX}") else path))
