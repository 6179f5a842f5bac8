"""Source code → HTML with Pygments' CSS classes."""

import functools
from collections.abc import Sequence

from pygments.lexer import Lexer
from pygments.lexers import LEXERS, find_lexer_class
from pygments.token import STANDARD_TYPES, Text, _TokenType

from ssg.content.fences import Fence
from ssg.content.lexing import Token, hasten, tokens

_PLAIN = Fence()
# Marks around a span while the text is escaped as a whole; a body's text holds no control characters (`parse.py`).
_OPEN, _NAMED, _CLOSE = "\x01", "\x02", "\x03"


def highlight(language: str | None, code: str, fence: Fence = _PLAIN) -> str | None:
    """Highlight a block of code.

    Takes the language's name or alias as Pygments knows it, the code, and the options of its fence. Gives
    `<div class="highlight"><pre><code class="language-…">`, or None where there is no such language and the fence asks
    for nothing. White space gets no class: no style colours it, and the spans would be a tenth of the bytes. Where the
    fence asks for numbers or marks, each line is a `<span class="line">`, with `hl` where it is marked.
    """
    lexer = _lexer(language.lower()) if language else None
    if lexer is None and fence == _PLAIN:
        return None
    found = tokens(lexer, code) if lexer is not None else [(Text, code)]
    text = _lines(found, fence) if fence.by_line else _markup(found)
    name = f' class="language-{_escaped(language)}"' if language else ""
    title = f'<p class="filename">{_escaped(fence.title)}</p>' if fence.title else ""
    return f'<div class="highlight">{title}<pre><code{name}>{text}</code></pre></div>\n'


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")


def _lines(found: Sequence[Token], fence: Fence) -> str:
    """Give the lines of a text as elements; a token that goes over a line end is closed there and opened again."""
    lines: list[list[Token]] = [[]]
    for kind, value in found:
        first, *others = value.split("\n")
        lines[-1].append((kind, first))
        lines += [[(kind, part)] for part in others]
    if not any(value for _, value in lines[-1]):
        lines.pop()
    shown: list[str] = []
    for number, line in enumerate(lines, 1):
        marked = " hl" if number in fence.marked else ""
        count = f'<span class="ln">{fence.first + number - 1}</span>' if fence.first else ""
        shown.append(f'<span class="line{marked}">{count}{_markup([one for one in line if one[1]])}\n</span>')
    return "".join(shown)


@functools.cache
def _lexer(language: str) -> Lexer | None:
    name = _aliases().get(language)
    found = find_lexer_class(name) if name and name != "Text only" else None
    return hasten(found)() if found else None


@functools.cache
def _aliases() -> dict[str, str]:
    """Every alias of the lexers that come with Pygments. Asking Pygments would load all installed plug-ins (19 ms)."""
    return {alias: name for _, name, aliases, _, _ in LEXERS.values() for alias in aliases}


def _markup(found: Sequence[Token]) -> str:
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
