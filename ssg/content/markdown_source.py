"""The Markdown of a page, as it is published beside its HTML."""

import re
from collections.abc import Sequence
from urllib.parse import unquote

from ssg.model import Fragment, Link

# Where Markdown writes a URL (CommonMark 0.31.2, sections 4.7 and 6.3), and where HTML in it does.
_DESTINATION = re.compile(
    r"(\]\([ \t]*<?|^ {0,3}\[[^\]\n]+\]:[ \t]*<?|\b(?:href|src|poster)=[\"'])([^\s<>()\"']+)", re.MULTILINE
)


def open_links(text: str, links: Sequence[Link], code: Sequence[tuple[int, int]]) -> Fragment:
    """Give a Markdown text with its links open: a destination that is one of `links` becomes a slot.

    `code` is where the code of the text lies: nothing in it is a link.
    """
    numbers = {unquote(link.url): number for number, link in enumerate(links)}

    def slot(found: "re.Match[str]") -> str:
        number = numbers.get(unquote(found[2]))
        if number is None or any(start <= found.start() < end for start, end in code):
            return found[0]
        return f"{found[1]}\0{number}\0"

    return Fragment(_DESTINATION.sub(slot, text), tuple(links))
