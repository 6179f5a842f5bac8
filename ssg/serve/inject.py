"""The preview's script, put into pages as they are sent; the files stay as they are."""

import html
import re
from collections.abc import Iterable

from ssg.errors import Diagnostic

CLIENT = "/_ssg/"
"""Where the preview's own URLs begin."""

# The end of a page that was not minified: its tag, and behind it at most the end of the document.
_END = re.compile(rb"</body\s*>(?:\s|<!--(?:(?!-->).)*-->)*(?:</html\s*>\s*)?\Z", re.IGNORECASE | re.DOTALL)
# What is behind is searched, not the page: a page may hold "</body>" a thousand times, in code.
_LAST = 2048


def inject(page: bytes, release: str) -> bytes:
    """Give an HTML page with the preview's script at its end; `release` is the digest of what it is part of.

    End tags may be left out (HTML, section 13.1.2.4): then the script goes to the end, which is inside of the body. It
    is an external module, which a `Content-Security-Policy` with `script-src 'self'` allows.
    """
    script = f'<script type="module" src="{CLIENT}client.js?release={release}"></script>'.encode()
    end = _END.search(page, max(0, len(page) - _LAST))
    place = end.start() if end else len(page)
    return page[:place] + script + page[place:]


def unbuilt_page(diagnostics: Iterable[Diagnostic]) -> bytes:
    """Give the page that stands for every other until there is a good build; it says what is wrong without scripts."""
    said = html.escape("\n".join(map(str, diagnostics)))
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>The site cannot be built</title>'
        '<meta name="color-scheme" content="light dark"><meta name="viewport" content="width=device-width">'
        f"<h1>The site cannot be built</h1><pre>{said}</pre>"
    ).encode()
