"""What a process that builds again and again remembers of its last build."""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

T = TypeVar("T")


class Memory:
    """Values by name, each valid for an equal key alone: so nothing is ever invalidated.

    A key holds all that its value follows from, as text, numbers, tuples and lists of them: equal mappings may differ
    in their order, and `1` equals `True`, so what is of any type is encoded first. Keys of the same objects are
    compared at once. A name has one value: what is remembered does not grow from build to build.
    """

    def __init__(self) -> None:
        self._known: dict[Hashable, tuple[object, Any]] = {}

    def __reduce__(self) -> tuple[Any, ...]:
        """Stay in this process: another gets a memory of nothing."""
        return NullMemory, ()

    def get(self, name: Hashable, key: object) -> Any:
        """Give the value of a name if it was kept under this key, else None."""
        known = self._known.get(name)
        return known[1] if known is not None and known[0] == key else None

    def keep(self, name: Hashable, key: object, value: Any) -> None:
        """Keep a value in place of the one that the name had."""
        self._known[name] = (key, value)

    def recall(self, name: Hashable, key: object, make: Callable[[], T]) -> T:
        """Give the value of a name, made now and kept if there is none under this key; None is made every time."""
        known: T | None = self.get(name, key)
        if known is None:
            known = make()
            self.keep(name, key, known)
        return known

    def forget(self, name: Hashable) -> None:
        """Drop the value of a name."""
        self._known.pop(name, None)


class NullMemory(Memory):
    """Remembers nothing: that of a process that builds once."""

    def get(self, name: Hashable, key: object) -> Any:  # noqa: ARG002
        """Give nothing."""
        return None

    def keep(self, name: Hashable, key: object, value: Any) -> None:
        """Keep nothing."""
