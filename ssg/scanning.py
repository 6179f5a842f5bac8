"""The text of a script → its tokens, as far as imports and white space need them (ECMAScript 2025, section 12)."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

_TOKEN = re.compile(
    r"""
    (?P<space>\s+)
    | (?P<comment>//[^\n\r\u2028\u2029]* | /\*.*?(?:\*/|\Z) | \A\#![^\n]*)
    | (?P<string>"(?:[^"\\\n]|\\.)*"? | '(?:[^'\\\n]|\\.)*'?)
    | (?P<number>\.?[0-9](?:[\w.]|(?<=[eE])[+-])*)
    | (?P<word>(?:[\w$\#@]|[^\x00-\x7f]|\\u)+)
    | (?P<mark>=>|\+\+|--|\?\.|[^\w\s])
    """,
    re.VERBOSE | re.DOTALL,
)
_PIECE = re.compile(r"(?:[^`\\$]|\\.|\$(?!\{))*(?:`|\$\{|\Z)", re.DOTALL)
_REGEX = re.compile(r"/(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/\w*")
# Behind these words an expression begins, so that a slash begins a regular expression.
_BEFORE_VALUE = frozenset(
    ("return", "typeof", "instanceof", "in", "of", "new", "delete", "void", "throw", "case", "do", "else", "yield")
) | {"await", "default", "extends"}
_HEADS = frozenset(("if", "while", "for", "with"))


class Token(NamedTuple):
    """A token: its kind (space, comment, string, number, word, mark, template or regex), text, and bounds."""

    kind: str
    text: str
    start: int
    end: int


class Specifier(NamedTuple):
    """A string that names a file: its bounds with the quotes, what it holds, and whether it is imported at once."""

    start: int
    end: int
    url: str
    static: bool
    module: bool


def scan(text: str) -> Iterator[Token]:
    """Split a script into its tokens; together they are the whole text."""
    place = 0
    last: list[Token] = []  # the last one that is neither space nor comment
    opened: list[tuple[str, str]] = []  # each open bracket, and the word before it
    head = ""
    while place < len(text):
        kind, end = _next(text, place, last, opened, head)
        token = Token(kind, text[place:end], place, end)
        yield token
        place = end
        if kind in {"space", "comment"}:
            continue
        if token.text in {"(", "[", "{"} or (kind == "template" and token.text.endswith("${")):
            opened.append((token.text[-2:], last[-1].text if last else ""))
        elif token.text in {")", "]", "}"} and opened:
            head = opened.pop()[1]
        last[:] = [token]


def _next(text: str, place: int, last: list[Token], opened: list[tuple[str, str]], head: str) -> tuple[str, int]:
    """Give the kind of the next token, and where it ends."""
    char = text[place]
    if char == "`" or (char == "}" and opened and opened[-1][0] == "${"):
        if char == "}":
            opened.pop()
        found = _PIECE.match(text, place + 1)
        return "template", found.end() if found else len(text)
    if char == "/" and text[place : place + 2] not in {"//", "/*"} and _value_next(last, head):
        found = _REGEX.match(text, place)
        if found is not None:
            return "regex", found.end()
    found = _TOKEN.match(text, place)
    return (str(found.lastgroup), found.end()) if found else ("mark", place + 1)


def _value_next(last: list[Token], head: str) -> bool:
    """Tell whether an expression may begin here, so that a slash is no division."""
    if not last:
        return True
    kind, text = last[0].kind, last[0].text
    if kind == "word":
        return text in _BEFORE_VALUE
    if kind == "template":
        return text.endswith("${")
    if text == ")":
        return head in _HEADS
    return kind == "mark" and text not in {"]", "}", "++", "--"}


def specifiers(tokens: list[Token]) -> tuple[list[Specifier], bool]:
    """Find the strings of a script that name files, and tell whether the script is a module.

    These are static imports, exports from another module, `import("…")`, and `new URL("…", import.meta.url)`.
    """
    real = [one for one in tokens if one.kind not in {"space", "comment"}]
    found: list[Specifier] = []
    module = False
    depth = 0
    for number, token in enumerate(real):
        depth += (token.text in {"{", "(", "["}) - (token.text in {"}", ")", "]"})
        before = real[number - 1].text if number else ""
        if token.kind != "word" or before in {".", "?."}:
            continue
        rest = real[number + 1 : number + 6]
        shown = [one.text for one in rest]
        if token.text == "import":
            module = module or shown[:2] == [".", "meta"]
            if shown[:1] == ["("] and len(rest) > 1 and rest[1].kind == "string" and shown[2:3] in ([")"], [","]):
                found.append(_specifier(rest[1], static=False, module=True))
            elif depth == 0 and shown[:1] not in (["("], ["."], [":"]):
                module = True
                found += _from(real, number + 1)
        elif token.text == "export" and depth == 0 and shown[:1] != [":"]:
            module = True
            if shown[:1] in (["{"], ["*"]):
                found += _from(real, number + 1)
        elif token.text == "new" and shown[:2] == ["URL", "("] and _beside(real[number + 3 : number + 10]):
            found.append(_specifier(real[number + 3], static=False, module=False))
    return found, module


def _from(real: list[Token], place: int) -> Iterator[Specifier]:
    """Find the specifier of an import or export declaration: the first string, behind `from` or at once."""
    names = 0
    for number in range(place, len(real)):
        token = real[number]
        names += (token.text == "{") - (token.text == "}")
        if token.kind == "string" and names == 0:
            if number == place or real[number - 1].text == "from":
                yield _specifier(token, static=True, module=True)
            return
        if token.text in {";", "("} or (names == 0 and token.text == "}" and real[number + 1 : number + 2] == []):
            return
        if names == 0 and token.text == "}" and real[number + 1].text != "from":
            return


def _beside(tokens: list[Token]) -> bool:
    shown = [one.text for one in tokens]
    return bool(tokens) and tokens[0].kind == "string" and shown[1:] == [",", "import", ".", "meta", ".", "url"]


def _specifier(token: Token, *, static: bool, module: bool) -> Specifier:
    return Specifier(token.start, token.end, token.text[1:-1], static, module)


def shortened(tokens: Sequence[Token]) -> str:
    """Give a script without comments and indentation: line breaks stay, as they may end statements."""
    pieces: list[str] = []
    for token in tokens:
        if token.kind == "comment" and not token.text.startswith(("/*!", "#!")):
            pieces.append("\n" if "\n" in token.text else " ")
        elif token.kind == "space":
            pieces.append("\n" if re.search(r"[\n\r\u2028\u2029]", token.text) else " ")
        else:
            pieces.append(token.text)
    return _joined(pieces)


def _joined(pieces: list[str]) -> str:
    """Join tokens; of white space between two of them one character stays, the line break where there is one."""
    out: list[str] = []
    gap = ""
    for piece in pieces:
        if piece in {" ", "\n"}:
            gap = "\n" if "\n" in {gap, piece} else " "
            continue
        if gap and out:
            out.append(gap)
        out.append(piece)
        gap = ""
    return "".join(out) + ("\n" if out else "")
