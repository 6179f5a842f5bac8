"""The font faces that a style sheet declares, and the families that it asks for."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator

import msgspec

# Comments, strings and URLs are read as wholes, so that no brace or semicolon in them counts (CSS Syntax 3, section 4).
_TOKEN = re.compile(
    r"/\*.*?(?:\*/|\Z)|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|url\(\s*[^\"'()\s][^()]*\)|@font-face\b|[{};,()]",
    re.DOTALL | re.IGNORECASE,
)
_URL = re.compile(r"url\(\s*(?:\"([^\"]*)\"|'([^']*)'|([^\"')\s]*))\s*\)", re.IGNORECASE)
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_NAMES = re.compile(r"(font(?:-family)?|--[\w-]+)\s*:", re.IGNORECASE)
# What `font` has before its first family ends with a size, which may have a line height (CSS Fonts 4, section 4).
_FUNCTION = r"[\w-]+\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)"
_LENGTH = rf"(?:[\d.]+[\w%]*|{_FUNCTION})"
_SIZE = rf"(?:{_LENGTH}|(?:x{{1,3}}-)?(?:small|large)|medium|smaller|larger|math)"
_BEFORE = re.compile(rf"^([^\"']*\s)?{_SIZE}(?:\s*/\s*(?:{_LENGTH}|normal))?\s+", re.DOTALL | re.IGNORECASE)
_VARIABLE = re.compile(r"var\(\s*(--[\w-]+)", re.IGNORECASE)
_WEIGHTS = {"normal": 400, "bold": 700}


class Face(msgspec.Struct, frozen=True):
    """An `@font-face`: its family, its URLs in their order, and when it is meant.

    `weights` is as written, `weight` the first number of it; `line` is where it stands in the sheet.
    """

    family: str
    urls: tuple[str, ...]
    weights: str
    weight: int
    style: str
    unicode_range: str
    display: str
    line: int


def declared_faces(sheet: str) -> tuple[Face, ...]:
    """Give the font faces that a style sheet declares, as they stand; those without a family or a URL are left out."""
    faces = (_face(sheet, start, end) for start, end in _blocks(sheet))
    return tuple(face for face in faces if face.family and face.urls)


def add_display(sheet: str) -> str:
    """Give a style sheet in which text shows before its font is there: `font-display: swap` unless a face says."""
    parts: list[str] = []
    at = 0
    for start, end in _blocks(sheet):
        if not _face(sheet, start, end).display:
            parts += sheet[at:start], "font-display: swap;"
            at = start
    return "".join((*parts, sheet[at:]))


def add_after_faces(sheet: str, added: Callable[[Face], str]) -> str:
    """Give a style sheet with what `added` gives for a font face after each that it declares."""
    parts: list[str] = []
    at = 0
    for start, end in _blocks(sheet):
        face = _face(sheet, start, end)
        parts += sheet[at : end + 1], added(face) if face.family and face.urls else ""
        at = end + 1
    return "".join((*parts, sheet[at:]))


def font_variables(sheets: Iterable[str]) -> frozenset[str]:
    """Give the custom properties that `font` and `font-family` read, by themselves or through others."""
    read: dict[str, set[str]] = {}
    for sheet in sheets:
        for start, end in _declarations(sheet):
            if found := _NAMES.match(sheet, start, end):
                name = found[1] if found[1].startswith("--") else ""
                read.setdefault(name, set()).update(_VARIABLE.findall(sheet, found.end(), end))
    found_all: set[str] = set()
    waiting = {""}
    while waiting:
        waiting = set().union(*(read.get(name, ()) for name in waiting)) - found_all
        found_all |= waiting
    return frozenset(found_all)


def add_fallbacks(
    sheet: str,
    families: Collection[str],
    name: str = "{} fallback",
    variables: Collection[str] | None = None,
) -> str:
    """Give a style sheet that names the fallback of each of these families after it, wherever it asks for one.

    Takes `font-family`, `font` and custom properties, all or those in `variables`; `name` is the fallback's name, with
    `{}` for the family's.
    """
    wanted = {_folded(family): name.format(family) for family in families}
    taken = {_folded(one) for one in wanted.values()}
    blocks = _blocks(sheet)
    parts: list[str] = []
    at = 0
    for start, end in _declarations(sheet):
        found = _NAMES.match(sheet, start, end)
        if found is None or any(first <= start < last for first, last in blocks):
            continue
        if variables is not None and found[1].startswith("--") and found[1] not in variables:
            continue
        pieces = list(_pieces(sheet, found.end(), end))
        if any(_family(sheet[first:last]) in taken for first, last in pieces):
            continue
        for first, last in pieces:
            if fallback := wanted.get(_family(sheet[first:last])):
                stop = first + len(sheet[first:last].partition("!")[0].rstrip())
                parts += sheet[at:stop], f', "{fallback}"'
                at = stop
    return "".join((*parts, sheet[at:]))


def _family(piece: str) -> str:
    """Give the family that a piece of a list names, in the form in which names are compared."""
    text = _COMMENT.sub("", piece).partition("!")[0].strip()
    return _folded(_unquoted(_BEFORE.sub("", text)))


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()


def _unquoted(text: str) -> str:
    return text[1:-1] if len(text) > 1 and text[0] in "\"'" and text[-1] == text[0] else text


def _blocks(sheet: str) -> list[tuple[int, int]]:
    """Give where the declarations of each `@font-face` begin and end."""
    found: list[tuple[int, int]] = []
    waiting, start = False, -1
    for token in _TOKEN.finditer(sheet):
        kind = token[0].lower()
        if kind == "@font-face":
            waiting = True
        elif kind == "{" and waiting:
            waiting, start = False, token.end()
        elif kind == "}" and start >= 0:
            found.append((start, token.start()))
            start = -1
    return found


def _declarations(sheet: str) -> Iterator[tuple[int, int]]:
    """Give where each declaration begins and ends; what comes before a brace is none, but does no harm."""
    start = 0
    for token in (*_TOKEN.finditer(sheet), None):
        if token is None or token[0] in "{};":
            end = token.start() if token else len(sheet)
            begin = _skipped(sheet, start, end)
            if begin < end and not (token and token[0] == "{"):
                yield begin, end
            start = end + 1


def _skipped(sheet: str, start: int, end: int) -> int:
    """Give where white space and comments end."""
    while True:
        while start < end and sheet[start].isspace():
            start += 1
        comment = _COMMENT.match(sheet, start, end)
        if comment is None:
            return start
        start = comment.end()


def _pieces(sheet: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Give the parts of a value between the commas that are in no parenthesis."""
    depth = 0
    for token in _TOKEN.finditer(sheet, start, end):
        depth += (token[0] == "(") - (token[0] == ")")
        if token[0] == "," and not depth:
            yield start, token.start()
            start = token.end()
    yield start, end


def _face(sheet: str, start: int, end: int) -> Face:
    body = sheet[start:end]
    said: dict[str, str] = {}
    for first, last in _declarations(body):
        key, _, value = body[first:last].partition(":")
        said[key.strip().lower()] = _COMMENT.sub("", value).strip()
    weights = said.get("font-weight", "normal")
    first_weight = weights.split()[0].lower() if weights else "normal"
    weight = _WEIGHTS.get(first_weight) or (int(first_weight) if first_weight.isdecimal() else 400)
    urls = tuple("".join(found.groups("")) for found in _URL.finditer(said.get("src", "")))
    return Face(
        family=_unquoted(said.get("font-family", "")),
        urls=urls,
        weights=weights,
        weight=weight,
        style=said.get("font-style", "normal"),
        unicode_range=said.get("unicode-range", ""),
        display=said.get("font-display", ""),
        line=sheet.count("\n", 0, start) + 1,
    )
