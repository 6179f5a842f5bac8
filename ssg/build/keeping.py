"""What a build keeps, where, and for how long: its store, opened before it and put in order after it."""

import multiprocessing
from collections.abc import Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Self

import msgspec

from ssg.build.choices import Choices
from ssg.build.damage import told
from ssg.build.whole import Built
from ssg.cache import Bounds, LocalStore, NullStore, Store, last_row, open_store, trim
from ssg.config import CacheConfig, Config, place
from ssg.errors import Diagnostic, warning
from ssg.model import Inputs
from ssg.workers import start_method

if TYPE_CHECKING:
    from ssg.cache.shared import Link

_HINT = "the build went on without it; mend it, or take it out of the file, if that happens again"
_REFUSED = "the build made them itself and put them anew; find out who else can write there, if that happens again"


class Keeping:
    """The store of one build; a context manager, which lets go of a shared store, however the build ends."""

    def __init__(self, inputs: Inputs, config: Config, choices: Choices) -> None:
        self._root = inputs.root
        self._config = config.cache
        self._local = open_store(inputs.root, inputs.now) if choices.cache else None
        self._start = last_row(self._local) if self._local is not None else 0
        self._link: Link | None = None
        self.store: Store = self._local if self._local is not None else NullStore()
        if self._local is not None and config.cache.remote:
            self._link, self.store = _shared(self._local, config.cache)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _: type[BaseException] | None, __: object, ___: TracebackType | None) -> None:
        if self._link is not None:
            self._link.close()

    @property
    def shared(self) -> bool:
        """Whether the store is one that others may have changed."""
        return self._link is not None

    def settle(self, built: Built) -> Built:
        """Finish what is put into a shared store, bring the local one within its bounds, and say what went wrong."""
        said: tuple[Diagnostic, ...] = ()
        if self._link is not None:
            self._link.finish()
            said = tuple(_said(self._link, self._root, self._config))
        if self._local is not None and last_row(self._local) != self._start:
            trim(self._local, Bounds(self._config.size, self._config.days))
        return msgspec.structs.replace(built, release=told(built.release, said))


def _shared(local: LocalStore, config: CacheConfig) -> "tuple[Link, Store]":
    from ssg.cache.remote import Remote  # noqa: PLC0415 - for who shares
    from ssg.cache.shared import Link, SharedStore  # noqa: PLC0415

    remote = Remote(config.remote, config.days, config.seconds)
    link = Link(local, remote, multiprocessing.get_context(start_method()))
    return link, SharedStore(local, link)


def _said(link: "Link", root: str, config: CacheConfig) -> Iterator[Diagnostic]:
    """Say what was wrong with a shared store: each thing once, whatever asked for it."""
    from ssg.cache.remote import shown  # noqa: PLC0415

    where = place(root, ("cache",), "remote")
    address = shown(config.remote)
    if link.refusal:
        yield warning("cache", f"the shared cache {address} {link.refusal}", where, _HINT)
    if link.damaged:
        what = "an entry that is" if link.damaged == 1 else f"{link.damaged} entries that are"
        yield warning("cache", f"the shared cache {address} has {what} not what was put there", where, _REFUSED)
