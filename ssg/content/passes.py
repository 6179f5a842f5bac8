"""What is still done to a body once its HTML is a tree: the contract of maths, abbreviations, emoji and links."""

from collections.abc import Callable, Iterable, Iterator, Sequence

import msgspec
import turbohtml
from turbohtml import Element, Node, Text


class Fault(msgspec.Struct, frozen=True):
    """What a pass could not do: the message, the text of the source that it is about, and what to do."""

    message: str
    source: str
    hint: str


Pass = Callable[[Element], Sequence[Fault]]
"""Changes a tree in place and gives its faults. A pass is made for one page, and only where the page needs it."""


def texts(root: Element, skipped: frozenset[str]) -> Iterator[Text]:
    """Give the texts of a tree that are not inside one of the skipped tags; each may be replaced on the way."""
    for child in list(root.children):
        if isinstance(child, Text):
            yield child
        elif isinstance(child, Element) and child.tag not in skipped:
            yield from texts(child, skipped)


def replace(node: Node, html: str) -> None:
    """Put what HTML stands for in the place of a node."""
    nodes: Iterable[Node] = list(turbohtml.parse_fragment(html).children)
    node.replace_with(*nodes)
