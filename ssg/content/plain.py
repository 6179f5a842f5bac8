"""HTML → the text that it reads as."""

import turbohtml
from turbohtml import PlainText

# An image reads as its alternative text (WHATWG HTML, section 4.8.4.4).
_READ = PlainText(images=True)


def plain(html: str) -> str:
    """Give HTML as text: paragraphs with blank lines between them, lists with bullets, tables in columns."""
    return turbohtml.parse_fragment(html).to_text(_READ)
