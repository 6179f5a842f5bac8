"""The last pass: what a browser does not need goes."""

import msgspec
import turbohtml
from turbohtml import Html
from turbohtml import Minify as Layout

from ssg.model import Document

# Comments go, optional tags and quotes go (WHATWG HTML, section 13.1.2), white space folds outside of <pre>.
_MINIFIED = Html(layout=Layout())


class Minify(msgspec.Struct, frozen=True):
    """One parse, one serialisation: the same document in fewer bytes."""

    name: str = "minify"
    version: str = "1"
    after: str = ""

    def refine(self, document: Document) -> Document:
        """Give the document minified."""
        root = turbohtml.parse(document.text, positions=False)
        return msgspec.structs.replace(document, text=root.serialize(_MINIFIED))


class _Nothing(Minify, frozen=True):
    """Stands where minification would: other passes may name it as what they follow."""

    def refine(self, document: Document) -> Document:
        """Give the document as it is."""
        return document


NONE = _Nothing()
