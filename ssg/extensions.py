"""The contracts that ssg's own parts and extensions keep: values in, values out."""

from collections.abc import Sequence
from typing import Protocol


class MarkdownEngine(Protocol):
    """Turns Markdown into HTML. Built once in each process, used for every page, so it keeps no state of a page."""

    name: str
    """The name in `markdown.engine` of `site.toml`."""
    pure: bool
    """Whether the HTML depends on the text and the configuration alone, so that it can be remembered."""

    def code_spans(self, text: str) -> Sequence[tuple[int, int]]:
        """Give where the code of a text lies, blocks and spans, as offsets of its UTF-8 bytes."""
        ...

    def convert(self, text: str) -> str:
        """Take the Markdown text of a body, give its HTML: ids of headings only where the author wrote them.

        Fenced code with a known language comes as `<div class="highlight">` with Pygments' classes.
        """
        ...
