"""The text of a style sheet → its imports and references, by their places (CSS Syntax 3, section 4)."""

import re
from collections.abc import Iterator
from typing import NamedTuple

import msgspec

_TOKEN = re.compile(
    r"""
    (?P<comment>/\*.*?(?:\*/|\Z))
    | (?P<string>"(?:[^"\\\n]|\\.)*"? | '(?:[^'\\\n]|\\.)*'?)
    | (?P<url>url\(\s*(?:[^"'()\\\s]|\\.)*\s*\))
    | (?P<function>(?:[-\w]|[^\x00-\x7f]|\\.)+\()
    | (?P<at>@(?:[-\w]|[^\x00-\x7f]|\\.)+)
    | (?P<mark>[(){}\[\];])
    | (?P<word>(?:[-\w]|[^\x00-\x7f]|\\.)+)
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})(?:\r\n|\s)?|\r\n|(.))", re.DOTALL)
# Functions in which a string is a URL (CSS Values 4, section 4.5; CSS Images 4, section 2.3).
_OF_URLS = ("image-set(", "-webkit-image-set(", "src(", "url(")
_CLOSED = {"{": "}", "(": ")", "[": "]"}
_LAST_CODE_POINT = 0x10FFFF


class Reference(NamedTuple):
    """A URL in a sheet: the bounds of the token that holds it, the URL, and whether the token is `url(…)`."""

    start: int
    end: int
    url: str
    function: bool


class Import(NamedTuple):
    """An `@import`: its bounds, the URL, and conditions; `layer` is None without one, and empty for one of no name."""

    start: int
    end: int
    url: str
    layer: str | None
    supports: str
    media: str


class Sheet(msgspec.Struct, frozen=True):
    """A style sheet with what it refers to; `closed` is whether it can stand inside of another's rules."""

    text: str
    imports: tuple[Import, ...]
    references: tuple[Reference, ...]
    closed: bool

    def line(self, place: int) -> int:
        """Give the line, from 1, of a place in the text."""
        return self.text.count("\n", 0, place) + 1


class _Token(NamedTuple):
    kind: str
    text: str
    start: int
    end: int


def decode_sheet(body: bytes) -> str:
    """Give the text of a style sheet, by its byte order mark or `@charset`, else as UTF-8 (CSS Syntax 3, 3.2).

    The declaration goes: what is published is UTF-8.
    """
    named = re.match(rb'@charset "([^"\n]{1,40})";', body)
    try:
        text = body.decode(named[1].decode("ascii") if named and not body.startswith(b"\xef\xbb\xbf") else "utf-8-sig")
    except (LookupError, UnicodeDecodeError):
        text = body.decode("utf-8-sig", "replace")
    return re.sub(r'\A@charset "[^"\n]*";', "", text)


def read_sheet(text: str) -> Sheet:
    """Find what a style sheet refers to. What is not CSS is passed over, as browsers do."""
    tokens = [_Token(str(one.lastgroup), one[0], one.start(), one.end()) for one in _TOKEN.finditer(text)]
    imports: list[Import] = []
    references: list[Reference] = []
    place, early, namespaced = 0, True, False
    opened: list[str] = []
    while place < len(tokens):
        token = tokens[place]
        name = token.text.lower()
        if not opened and token.kind == "at" and name in {"@import", "@namespace", "@layer"}:
            end = _statement(tokens, place)
            ends = tokens[end].text if end < len(tokens) else ";"
            found = _import(text, tokens[place:end]) if name == "@import" and early and ends == ";" else None
            if found is not None:
                imports.append(found)
            namespaced = namespaced or name == "@namespace"
            early = early and ends == ";" and name != "@namespace"
            place = end + (ends == ";")
            continue
        early = early and token.kind == "comment"
        references += _reference(token, opened)
        _nest(token, opened)
        place += 1
    return Sheet(text, tuple(imports), tuple(references), not namespaced)


def _nest(token: _Token, opened: list[str]) -> None:
    if token.kind == "function" or token.text in _CLOSED:
        opened.append(token.text.lower())
    elif token.kind == "mark" and opened and _CLOSED.get(opened[-1][-1]) == token.text:
        opened.pop()


def _reference(token: _Token, opened: list[str]) -> Iterator[Reference]:
    if token.kind == "url":
        yield Reference(token.start, token.end, unescape(token.text[4:-1].strip()), function=True)
    elif token.kind == "string" and opened and opened[-1] in _OF_URLS:
        yield Reference(token.start, token.end, unescape(token.text[1:-1]), function=False)


def _statement(tokens: list[_Token], place: int) -> int:
    """Give the place of the token that ends the prelude of an at-rule: `;` or `{` outside of brackets."""
    depth = 0
    while place < len(tokens):
        token = tokens[place]
        if depth == 0 and token.text in {";", "{"}:
            return place
        depth += (token.kind == "function" or token.text in {"(", "["}) - (token.text in {")", "]"})
        place += 1
    return place


def _import(text: str, tokens: list[_Token]) -> Import | None:
    """Read an `@import` up to its semicolon (CSS Cascade 5, section 2)."""
    rest = [one for one in tokens[1:] if one.kind != "comment"]
    if not rest:
        return None
    if rest[0].kind == "function" and rest[0].text.lower() == "url(" and len(rest) > 2:  # noqa: PLR2004 - url( " " )
        url, rest = unescape(rest[1].text[1:-1]), rest[3:]
    elif rest[0].kind in {"url", "string"}:
        [found] = _reference(rest[0], ["url("])
        url, rest = found.url, rest[1:]
    else:
        return None
    layer, supports = None, ""
    if rest and rest[0].text.lower() == "layer":
        layer, rest = "", rest[1:]
    elif rest and rest[0].text.lower() == "layer(":
        layer, rest = _inside(text, rest)
    if rest and rest[0].text.lower() == "supports(":
        supports, rest = _inside(text, rest)
    end = text.find(";", tokens[-1].end)
    end = len(text) if end < 0 else end
    media = re.sub(r"/\*.*?\*/", " ", text[rest[0].start : end], flags=re.DOTALL).strip() if rest else ""
    return Import(tokens[0].start, min(end + 1, len(text)), url, layer, supports, media)


def _inside(text: str, tokens: list[_Token]) -> tuple[str, list[_Token]]:
    """Give what stands in the brackets of a function, and the tokens behind it."""
    depth = 0
    for number, token in enumerate(tokens):
        depth += (token.kind == "function" or token.text in {"(", "["}) - (token.text in {")", "]"})
        if depth == 0:
            return text[tokens[0].end : token.start].strip(), tokens[number + 1 :]
    return text[tokens[0].end :].strip(), []


def unescape(text: str) -> str:
    """Give what a string or URL stands for (CSS Syntax 3, section 4.3.7)."""

    def plain(found: re.Match[str]) -> str:
        if found[1]:
            point = int(found[1], 16)
            return chr(point) if 0 < point <= _LAST_CODE_POINT else "\ufffd"
        return "" if found[2] in {None, "\n"} else found[2]

    return _ESCAPE.sub(plain, text) if "\\" in text else text


def quoted(url: str) -> str:
    """Give a URL as a string of CSS."""
    return '"' + url.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\a ") + '"'
