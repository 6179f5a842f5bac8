"""What is worth remembering from page to page, and how much of it."""

from typing import TypeVar

import msgspec

Key = TypeVar("Key")
Value = TypeVar("Value")

_MOST = 2_000  # entries of one memo: pages with scripts or styles of their own must not fill the memory


class Words(msgspec.Struct, frozen=True):
    """The words of a script, in small letters; `starts` are those that something may be put behind: `theme-`."""

    words: frozenset[str] = frozenset()
    starts: frozenset[str] = frozenset()


class Asked(msgspec.Struct, frozen=True):
    """Tokens put into questions: the tags among them, in order, and whether there are ids."""

    tags: tuple[str, ...]
    ids: bool


class Known(msgspec.Struct):
    """What earlier pages had: the words of scripts by their text, classes by the text of the attribute `class`."""

    words: dict[str, Words] = {}
    classes: dict[str, frozenset[str]] = {}
    questions: dict[frozenset[str], Asked] = {}

    def asked(self, wanted: frozenset[str]) -> Asked:
        """Give what a page is asked for the tokens that matter."""
        found = self.questions.get(wanted)
        if found is None:
            tags = tuple(sorted(one for one in wanted if one[:1] not in {".", "#", "[", ""}))
            found = bounded(self.questions)[wanted] = Asked(tags, any(one.startswith("#") for one in wanted))
        return found


def bounded(memo: dict[Key, Value]) -> dict[Key, Value]:
    """Give a memo with room for one more: a full one starts again."""
    if len(memo) >= _MOST:
        memo.clear()
    return memo
