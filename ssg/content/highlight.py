"""Source code → HTML with Pygments' CSS classes."""

import functools
from collections.abc import Sequence

from pygments.lexer import Lexer
from pygments.lexers import LEXERS, find_lexer_class
from pygments.token import STANDARD_TYPES, _TokenType

from ssg.content.lexing import Token, hasten, tokens

# Marks around a span while the text is escaped as a whole; a body's text holds no control characters (`parse.py`).
_OPEN, _NAMED, _CLOSE = "\x01", "\x02", "\x03"


def highlight(language: str | None, code: str) -> str | None:
    """Highlight a block of code.

    Takes the language's name or alias as Pygments knows it, and the code. Gives
    `<div class="highlight"><pre><code class="language-…">`, or None where there is no such language. White space gets
    no class: no style colours it, and the spans would be a tenth of the bytes.
    """
    found = tokenized(language, code)
    if language is None or found is None:
        return None
    name = attribute(language)
    return f'<div class="highlight"><pre><code class="language-{name}">{markup(found)}</code></pre></div>\n'


def tokenized(language: str | None, code: str) -> Sequence[Token] | None:
    """Give the tokens of a text in a language, or None where there is no such language."""
    lexer = _lexer(language.lower()) if language else None
    return tokens(lexer, code) if lexer is not None else None


def attribute(name: str) -> str:
    """Give a text as it stands in an attribute."""
    return name.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")


@functools.cache
def _lexer(language: str) -> Lexer | None:
    name = _aliases().get(language)
    found = find_lexer_class(name) if name and name != "Text only" else None
    return hasten(found)() if found else None


@functools.cache
def _aliases() -> dict[str, str]:
    """Every alias of the lexers that come with Pygments. Asking Pygments would load all installed plug-ins (19 ms)."""
    return {alias: name for _, name, aliases, _, _ in LEXERS.values() for alias in aliases}


def markup(found: Sequence[Token]) -> str:
    """Give escaped text in which neighbours of one class share a span."""
    parts: list[str] = []
    add = parts.append
    last = ""
    for kind, value in found:
        name = _CLASSES[kind]
        if name != last:
            if last:
                add(_CLOSE)
            if name:
                add(_OPEN + name + _NAMED)
            last = name
        add(value)
    if last:
        add(_CLOSE)
    text = "".join(parts).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace(_OPEN, '<span class="').replace(_NAMED, '">').replace(_CLOSE, "</span>")


class _Classes(dict[_TokenType, str]):
    """The short class of a token type, that of the nearest ancestor which has one."""

    def __missing__(self, kind: _TokenType) -> str:
        ancestor = kind
        while ancestor not in STANDARD_TYPES and ancestor.parent is not None:
            ancestor = ancestor.parent
        name = STANDARD_TYPES.get(ancestor, "")
        self[kind] = "" if name == "w" else name
        return self[kind]


_CLASSES = _Classes()
