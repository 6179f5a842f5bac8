"""One parse of a rendered document, all passes over the tree, one serialisation."""

import msgspec
import turbohtml
from turbohtml import Html, Minify

from ssg.config import HtmlConfig
from ssg.model import Document

# Comments go, optional tags and quotes go (WHATWG HTML, section 13.1.2), white space folds outside of <pre>.
_MINIFIED = Html(layout=Minify())


def refine(document: Document, config: HtmlConfig) -> Document:
    """Give the document as it is published: minified unless `[html]` says otherwise. Text that is not HTML stays."""
    if config.minifier == "none" or not document.url.endswith(("/", ".html")) or not document.text:
        return document
    return msgspec.structs.replace(document, text=turbohtml.parse(document.text).serialize(_MINIFIED))
