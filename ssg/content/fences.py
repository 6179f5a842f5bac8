"""What stands after the language of a fenced block of code: title, line numbers, highlighted lines."""

import re
from collections.abc import Iterator

import msgspec

# A fence with more than a language: only pages with one pay for reading them.
ASKED = re.compile(r"^[ \t>*+-]*(?:`{3,}|~{3,})[ \t]*[^\s`]+[ \t]+[^\s`]", re.MULTILINE)
_OPTION = re.compile(r"""([A-Za-z_]+)\s*=\s*("[^"]*"|'[^']*'|\[[^\]]*\]|[^\s,}]+)""")
_RANGE = re.compile(r"(\d+)(?:\s*-\s*(\d+))?")


class Fence(msgspec.Struct, frozen=True):
    """The options of a block: a title, the number of its first line (0 for no numbers), and the lines to mark."""

    title: str = ""
    first: int = 0
    marked: frozenset[int] = frozenset()

    @property
    def by_line(self) -> bool:
        """Whether each line needs an element of its own."""
        return bool(self.first or self.marked)


def read_fence(info: str) -> Fence:
    """Read the info string of a fence (CommonMark 0.31.2, section 4.5), of which the first word is the language.

    Two ways of writing are known: `title="a.py" linenums="1" hl_lines="2 4-5"` of MkDocs, and
    `{linenos=true linenostart=3 hl_lines=[2,"4-5"]}` of Hugo. Lines to mark are counted from 1 in the block. What is
    not known is left out.
    """
    title, numbered, first, marked = "", False, 1, frozenset[int]()
    for name, written in _OPTION.findall(info.partition(" ")[2]):
        value = written.strip("\"'")
        if name == "title":
            title = value
        elif name in {"linenums", "linenos", "linenostart"}:
            numbered = numbered or (name != "linenostart" and value not in {"false", "0"})
            first = int(value) if value.isdigit() else first
        elif name == "hl_lines":
            marked = frozenset(_lines(value))
    return Fence(title, first if numbered else 0, marked)


def _lines(written: str) -> Iterator[int]:
    for begin, end in _RANGE.findall(written):
        yield from range(int(begin), int(end or begin) + 1)
