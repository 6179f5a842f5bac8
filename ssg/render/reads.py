"""What a render asks: recorded, so that it is known on what its document depends."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from ssg.model import Query

# In which domain the answers to a question lie: what they are read from.
_DOMAINS = {
    "summary": "shown",
    "extra": "shown",
    "words": "shown",
    "anchors": "shown",
    "template": "theme",
    "templates": "theme",
    "option": "theme",
    "options": "theme",
    "texts": "theme",
    "asset": "assets",
    "bundle": "assets",
    "size": "assets",
    "image": "assets",
    "resource": "assets",
    "content": "assets",
    "data": "data",
    "env": "environment",
    "now": "clock",
    "today": "clock",
}
DOMAINS = ("site", *dict.fromkeys(_DOMAINS.values()))


def domain(query: Query) -> str:
    """Give the domain of a question."""
    return _DOMAINS.get(str(query[0]), "site")


class Reads:
    """The questions that the render in progress has asked."""

    def __init__(self) -> None:
        self.seen: set[Query] = set()

    def ask(self, *query: str | int | None) -> None:
        """Note a question: its kind, and what it asks about."""
        self.seen.add(query)

    @contextmanager
    def apart(self) -> Iterator[set[Query]]:
        """Note what is asked in a block apart from what was asked before it, and give it."""
        before, self.seen = self.seen, set()
        try:
            yield self.seen
        finally:
            self.seen = before

    def also(self, queries: frozenset[Query]) -> None:
        """Note questions that were asked when something was made that is used again."""
        self.seen |= queries


def fact(name: str, said: str) -> Any:
    """Give a property of a view of the site whose value is one of its facts."""

    def read(view: Any) -> Any:
        view.reads.ask("site", view.language, name)
        return view.facts[name]

    return property(read, doc=said)


class Options(Mapping[str, Any]):
    """The theme's options as templates read them."""

    def __init__(self, values: Mapping[str, Any], ask: Callable[..., None]) -> None:
        self._values = values
        self._ask = ask

    def __getitem__(self, name: str) -> Any:
        self._ask("option", name)
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        self._ask("options")
        return iter(self._values)

    def __len__(self) -> int:
        self._ask("options")
        return len(self._values)
