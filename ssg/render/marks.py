"""Templates that mark what they write: the text of a page, and which template, block or body wrote which part of it.

Marks are noncharacters (Unicode, section 23.7), which no page has.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

import jinja2
import msgspec
from jinja2.runtime import Context, Macro
from markupsafe import Markup

from ssg.render.theme import Theme
from ssg.render.wrapping import Function, element_of, wrapped_templates

_OPEN, _END, _CLOSE = "\ufdd0", "\ufdd1", "\ufdd2"
_MARK = re.compile(f"{_OPEN}(\\d+){_END}|{_CLOSE}")


class Writer(msgspec.Struct, frozen=True):
    """What writes a part of a page: a `template`, `block`, `include`, `macro`, `hook`, `shortcode` or `body`.

    `name` is that of a block or macro, empty for the others; `path` and `line` are where it stands.
    """

    kind: str
    name: str
    path: str
    line: int = 0

    @property
    def words(self) -> str:
        """What it is, in words: `block head of base.html`, `shortcode figure`."""
        file = self.path.rpartition("/")[2]
        match self.kind:
            case "block" | "macro":
                return f"{self.kind} {self.name} of {file}"
            case "hook" | "shortcode":
                return f"{self.kind} {file.partition('.')[0]}"
            case "body":
                return "the Markdown body"
            case "page":
                return "templates and Markdown"
            case _:
                return f"{self.kind} {file}"


class Marked(msgspec.Struct, frozen=True):
    """A text without its marks, and who wrote it: from each position on in characters, None for nobody known."""

    text: str
    parts: tuple[tuple[int, Writer | None], ...]


class Marker:
    """Puts marks around what is written; `fine` ones stand around what macros, hooks and shortcodes write, too.

    A template that measures or cuts what a macro gives takes marks for text: then only coarse ones do no harm.
    """

    def __init__(self, theme: Theme, *, fine: bool) -> None:
        self.fine = fine
        self._texts = {template.name: template.text for template in theme.templates}
        self._writers: list[Writer] = []
        self._numbers: dict[Writer, int] = {}
        self._depth = 0

    def mark(self, writer: Writer, text: str) -> str:
        """Give a text with marks around it, inside the white space at its ends, which may be cut off."""
        if not text.strip():
            return text
        if writer not in self._numbers:
            self._numbers[writer] = len(self._writers)
            self._writers.append(writer)
        begin, end = len(text) - len(text.lstrip()), len(text.rstrip())
        return f"{text[:begin]}{_OPEN}{self._numbers[writer]}{_END}{text[begin:end]}{_CLOSE}{text[end:]}"

    def body(self, source: str, html: Markup) -> Markup:
        """Give the HTML of a Markdown body with marks around it."""
        return Markup(self.mark(Writer("body", "", source), html))  # noqa: S704 - it was markup

    def read(self, text: str) -> Marked | None:
        """Take the marks out of a text; None where they do not pair, since a template has cut the text."""
        parts: list[tuple[int, Writer | None]] = [(0, None)]
        within: list[Writer | None] = [None]
        plain: list[str] = []
        length = at = 0
        for found in _MARK.finditer(text):
            plain.append(text[at : found.start()])
            length, at = length + found.start() - at, found.end()
            if found[1]:
                within.append(self._writers[int(found[1])])
            elif len(within) == 1:
                return None
            else:
                within.pop()
            parts.append((length, within[-1]))
        return Marked("".join((*plain, text[at:])), tuple(parts)) if len(within) == 1 else None

    def templates(self) -> type[jinja2.Template]:
        """Give a class of templates whose roots, blocks and macros are marked."""
        return wrapped_templates(self)

    def wrap_root(self, template: jinja2.Template, path: str) -> Function:
        """Give a root that marks what it writes; fine marks stand around what an element of a body writes."""
        element = element_of(template)

        def writer_of(context: Context) -> Writer | None:
            if element:
                return Writer(element, "", path) if self.fine else None
            outer = self._depth == 0 or context.name != template.name
            return Writer("template" if outer else "include", "", path)

        return self._wrapped(template.root_render_func, writer_of)

    def wrap_block(self, template: jinja2.Template, path: str, block: str, function: Function) -> Function:
        """Give a block that marks what it writes."""
        writer = Writer("block", block, path, self._line(str(template.name), "block", block))
        return self._wrapped(function, lambda _: writer)

    def _wrapped(self, function: Function, writer_of: Callable[[Context], Writer | None]) -> Function:
        def run(context: Context, *rest: Any) -> Iterator[str]:
            writer = writer_of(context)
            self._depth += 1
            try:
                text = "".join(function(context, *rest))
            finally:
                self._depth -= 1
            yield self.mark(writer, text) if writer is not None else text

        return run

    def macros(self, template: jinja2.Template, path: str) -> type[Macro] | None:
        """Give macros that mark what they give; None where marks are coarse."""
        if not self.fine:
            return None
        marker, name = self, str(template.name)

        class MarkedMacro(Macro):
            """A macro that marks what it gives; the body of a `{% call %}` or a cached fragment has no name."""

            def _invoke(self, arguments: list[Any], autoescape: bool) -> str:  # noqa: FBT001 - Jinja's form
                made = super()._invoke(arguments, autoescape)
                if not self.name:
                    return made
                line = marker._line(name, "macro", self.name)
                return type(made)(marker.mark(Writer("macro", self.name, path, line), made))

        return MarkedMacro

    def _line(self, template: str, tag: str, name: str) -> int:
        """Give the line of a template where a block or macro begins, 0 where it is not found."""
        text = self._texts.get(template, "")
        found = re.search(rf"\{{%[-+]?\s*{tag}\s+{re.escape(name)}\b", text)
        return text.count("\n", 0, found.start()) + 1 if found is not None else 0
