"""Shortcodes, `{{< figure src="a.png" >}}`: taken out of a Markdown text, and put back as elements of its HTML.

A tag becomes a token that Markdown passes on as a word, so what stands between two tags is Markdown like all else on
the page: its links, footnotes and headings are the page's. The tokens are noncharacters (Unicode 16.0, section 23.7),
which no text is meant to hold.
"""

import html
import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import turbohtml

from ssg.errors import nearest

# What is between quotes may hold anything but their own quote.
_TAG = re.compile(
    r"\{\{</\*(?P<literal>.*?)\*/>\}\}"
    r"""|\{\{<(?P<close>\s*/)?(?P<body>(?:"(?:\\.|[^"\\])*"|'[^'\n]*'|[^"'{}]|\{(?!\{)|\}(?!\}))*?)>\}\}"""
    r"|\{\{<(?P<broken>)",
    re.DOTALL,
)
_NAME = re.compile(r"\s*([A-Za-z][\w-]*(?:/[\w-]+)*)(?=[\s/]|$)")
_ARGUMENT = re.compile(r"""\s*(?:([A-Za-z_][\w-]*)\s*=\s*)?("(?:\\.|[^"\\])*"|'[^']*'|[^\s"'=]+)(?=\s|$)""", re.DOTALL)
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")
_OWN = frozenset(("args", "config", "inner", "link", "page", "site", "source"))
_REFERENCES = ("ref", "relref")

_MARK, _ALONE, _START, _END, _LITERAL = "\ufdd0", "\ufdd1", "\ufdd2", "\ufdd3", "\ufdd4"
_KINDS = f"{_ALONE}{_START}{_END}{_LITERAL}"
_TOKEN = re.compile(f"{_MARK}(\\d+)([{_KINDS}])")
_IN_TAG = re.compile(f"<[A-Za-z/][^<>]*?{_MARK}(\\d+)[{_KINDS}]|%EF%B7%90(\\d+)%EF%B7%9[1-4]")
# A paragraph that is one tag, or one shortcode with its text: the paragraph is not the author's.
_PARAGRAPH = re.compile(
    f"<p>\\s*({_MARK}(\\d+)(?:[{_ALONE}{_START}{_END}]|{_START}(?:(?!</p>).)*?{_MARK}\\2{_END}))\\s*</p>", re.DOTALL
)
_CODE = re.compile(r"<(code|pre)\b.*?</\1>", re.DOTALL)
ELEMENT = "ssg-shortcode"
END = "ssg-end"


class Call(msgspec.Struct, frozen=True):
    """A shortcode as an author wrote it: its name, arguments, the text between its tags, and its line in the text."""

    name: str
    args: tuple[Any, ...]
    given: Mapping[str, Any]
    source: str
    line: int
    written: str
    paired: bool = False


class Slip(msgspec.Struct, frozen=True):
    """A mistake: its line in the text, what is wrong, and what to do."""

    line: int
    message: str
    hint: str


class Expanded(msgspec.Struct, frozen=True):
    """A Markdown text in which tokens stand for the tags of shortcodes."""

    text: str
    calls: tuple[Call, ...]
    slips: tuple[Slip, ...]


def expand(text: str, known: Mapping[str, Sequence[str]], code: Sequence[tuple[int, int]]) -> Expanded:
    """Take the shortcodes out of a Markdown text.

    `known` gives, for each shortcode of the theme, which of `inner` and `source` its template reads: one that reads
    either has a closing tag. `code` says where the text's code lies, as offsets of its UTF-8 bytes; tags in there are
    text. `{{</* name */>}}` is the text `{{< name >}}`.
    """
    reading = _Reading(text, known, code)
    reading.read()
    return Expanded("".join(reading.parts), tuple(reading.calls), tuple(reading.slips))


class _Open(msgspec.Struct, frozen=True):
    """An opening tag that waits for its closing one: the number of its call, its end in the text, and its part."""

    number: int
    end: int
    part: int
    indent: str | None


class _Reading:
    """One text while it is read from tag to tag."""

    def __init__(self, text: str, known: Mapping[str, Sequence[str]], code: Sequence[tuple[int, int]]) -> None:
        self.text = text
        self.known = known
        self.code = in_characters(text, code)
        self.parts: list[str] = []
        self.calls: list[Call] = []
        self.slips: list[Slip] = []
        self.open: list[_Open] = []
        self.place = 0

    def read(self) -> None:
        tag = _TAG.search(self.text)
        while tag is not None:
            literal = any(start <= tag.start() < stop for start, stop in self.code)
            self.parts.append(self.text[self.place : tag.end() if literal else tag.start()])
            self.place = tag.end()
            if not literal:
                self._take(tag)
            tag = _TAG.search(self.text, self.place)
        self.parts.append(self.text[self.place :])
        for one in self.open:
            self._never_closed(self.calls[one.number])

    def _take(self, tag: "re.Match[str]") -> None:
        """Read one tag, and append what stands for it."""
        line = self.text.count("\n", 0, tag.start()) + 1
        if tag["literal"] is not None:
            self._put(Call("", (), {}, "", line, f"{{{{<{tag['literal']}>}}}}"), _LITERAL, None)
            return
        name = _NAME.match(tag["body"] or "")
        if name is None:
            hint = 'write {{< name key="value" >}}, or {{</* … */>}} for the text'
            self._slip(line, "a shortcode begins here that cannot be read", hint)
        elif tag["close"]:
            self._close(name[1], line, tag)
        elif name[1] in self.known:
            self._begin(name[1], line, tag, tag["body"][name.end() :])
        elif name[1] in _REFERENCES:  # Hugo's: links of ssg need none
            args, _, _ = _arguments(tag["body"][name.end() :])
            self.parts.append(str(args[0]) if args else "")
        else:
            hint = nearest(name[1], self.known) or f"known are {', '.join(sorted(self.known)) or 'none'}"
            self._slip(line, f'there is no shortcode "{name[1]}"', hint)

    def _begin(self, name: str, line: int, tag: "re.Match[str]", rest: str) -> None:
        whole = rest.rstrip().endswith("/")
        args, given, wrong = _arguments(rest.rstrip().removesuffix("/"))
        if wrong:
            self._slip(line, f'the shortcode "{name}" has {wrong}', 'write arguments as key="value"')
        call = Call(name, args, given, "", line, tag[0])
        reads = self.known[name]
        if reads and not whole and "inner" not in reads:
            call = self._with_source(call)
        if "inner" not in reads or whole:
            self._put(call, _ALONE, self._indent(tag))
            return
        self._put(msgspec.structs.replace(call, paired=True), _START, None)
        self.open.append(_Open(len(self.calls) - 1, tag.end(), len(self.parts) - 1, self._indent(tag)))

    def _with_source(self, call: Call) -> Call:
        """Take the text up to the next closing tag as it is."""
        close = re.compile(rf"\{{\{{<\s*/\s*{re.escape(call.name)}\s*>\}}\}}").search(self.text, self.place)
        if close is None:
            self._never_closed(call)
            return call
        source = self.text[self.place : close.start()]
        self.place = close.end()
        return msgspec.structs.replace(call, source=source.strip("\n"))

    def _close(self, name: str, line: int, tag: "re.Match[str]") -> None:
        inside = self.calls[self.open[-1].number].name if self.open else ""
        if inside != name:
            hint = f"close {{{{< {inside} >}}}} first" if inside else "take it out, or write its opening tag before it"
            self._slip(line, f"{{{{< /{name} >}}}} closes nothing", hint)
            return
        one = self.open.pop()
        source = self.text[one.end : tag.start()].strip("\n")
        self.calls[one.number] = msgspec.structs.replace(self.calls[one.number], source=source)
        indent, own = one.indent, self._indent(tag)
        block = indent is not None or own is not None  # then both are paragraphs of their own
        if block:
            self.parts[one.part] = _token(one.number, _START, indent if indent is not None else "")
        self.parts.append(_token(one.number, _END, (own if own is not None else "") if block else None))

    def _indent(self, tag: "re.Match[str]") -> str | None:
        """Give the white space before a tag that is alone on its line; None for one that is not."""
        before = self.text[self.text.rfind("\n", 0, tag.start()) + 1 : tag.start()]
        after = self.text[tag.end() :].partition("\n")[0]
        return before if not before.strip() and not after.strip() else None

    def _put(self, call: Call, kind: str, indent: str | None) -> None:
        self.parts.append(_token(len(self.calls), kind, indent))
        self.calls.append(call)

    def _never_closed(self, call: Call) -> None:
        hint = f"write {{{{< /{call.name} >}}}} after its text, or {{{{< {call.name} />}}}} where it has none"
        self._slip(call.line, f'the shortcode "{call.name}" is never closed', hint)

    def _slip(self, line: int, message: str, hint: str) -> None:
        self.slips.append(Slip(line, message, hint))


def _token(number: int, kind: str, indent: str | None) -> str:
    """Give the token of a tag; with an indent, as a paragraph of its own."""
    token = f"{_MARK}{number}{kind}"
    return token if indent is None else f"\n\n{indent}{token}\n\n"


def _arguments(text: str) -> tuple[tuple[Any, ...], dict[str, Any], str]:
    """Read the arguments of a tag: those without a name, those with one, and what is wrong with them, if anything."""
    args: list[Any] = []
    given: dict[str, Any] = {}
    place = 0
    while text[place:].strip():
        found = _ARGUMENT.match(text, place)
        if found is None:
            return tuple(args), given, f"an argument that cannot be read: {text[place:].strip()}"
        place = found.end()
        name = (found[1] or "").replace("-", "_")
        if name in _OWN:
            return tuple(args), given, f'the argument "{name}", which is a name of ssg\'s own'
        if name:
            given[name] = _value(found[2])
        else:
            args.append(_value(found[2]))
    return tuple(args), given, ""


def _value(written: str) -> Any:
    """Give text in quotes as text; `true`, `false` and numbers as such; all else as text."""
    if written[0] in "\"'":
        return re.sub(r"\\(.)", r"\1", written[1:-1]) if written[0] == '"' else written[1:-1]
    if written in {"true", "false"}:
        return written == "true"
    if _NUMBER.fullmatch(written):
        return float(written) if "." in written else int(written)
    return written


def in_characters(text: str, spans: Sequence[tuple[int, int]]) -> Sequence[tuple[int, int]]:
    """Give offsets of UTF-8 bytes as offsets of characters."""
    if text.isascii() or not spans:
        return spans
    body = text.encode()
    return [(len(body[:start].decode()), len(body[:end].decode())) for start, end in spans]


def restore(markup: str, expanded: Expanded) -> tuple[str, tuple[Slip, ...]]:
    """Put elements in the place of the tokens in the HTML of an expanded text.

    A shortcode becomes `<ssg-shortcode n="0">`, around the HTML of the text between its tags; in code it is what the
    author wrote. Gives what is wrong too: tags in places where no element can stand.
    """
    calls = expanded.calls
    slips: list[Slip] = []

    def written(token: "re.Match[str]") -> str:
        return html.escape(calls[int(token[1])].written, quote=False) if token[2] != _END else _closing(calls, token)

    markup = _CODE.sub(lambda code: _TOKEN.sub(written, code[0]), markup)
    for found in _IN_TAG.finditer(markup):
        call = calls[int(found[1] or found[2])]
        hint = "write the address itself, or the whole element as a shortcode"
        slips.append(Slip(call.line, f'the shortcode "{call.name}" stands inside an address or tag', hint))
    if slips:
        return "", tuple(slips)
    while _PARAGRAPH.search(markup):
        markup = _PARAGRAPH.sub(r"\1", markup)

    def element(token: "re.Match[str]") -> str:
        match token[2]:
            case "\ufdd1":
                return f'<{ELEMENT} n="{token[1]}"></{ELEMENT}>'
            case "\ufdd2":
                return f'<{ELEMENT} n="{token[1]}">'
            case "\ufdd3":
                return f'<{END} n="{token[1]}"></{END}></{ELEMENT}>'
            case _:
                return html.escape(calls[int(token[1])].written, quote=False)

    markup = _TOKEN.sub(element, markup)
    return markup, tuple(_crossed(markup, calls))


def _closing(calls: Sequence[Call], token: "re.Match[str]") -> str:
    return html.escape(f"{{{{< /{calls[int(token[1])].name} >}}}}", quote=False)


def _crossed(markup: str, calls: Sequence[Call]) -> Sequence[Slip]:
    """Name shortcodes that begin in one list item, quote or cell, and end outside of it."""
    if not any(call.paired for call in calls):
        return ()
    slips: list[Slip] = []
    for end in turbohtml.parse_fragment(markup).select(END):
        number = str(end.attrs["n"])
        parent = end.parent
        if getattr(parent, "tag", "") != ELEMENT or str(parent.attrs["n"]) != number:  # type: ignore[union-attr]
            call = calls[int(number)]
            hint = f"write {{{{< {call.name} >}}}} and {{{{< /{call.name} >}}}} in the same paragraph, item or quote"
            slips.append(Slip(call.line, f'the shortcode "{call.name}" ends in another block than it begins in', hint))
    return slips
