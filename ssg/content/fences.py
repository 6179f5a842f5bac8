"""The words after the language of fenced code, and the HTML that they ask for: a title, numbers, marked lines."""

import html
import json
import re
from collections.abc import Callable, Mapping, Sequence

import msgspec
from pygments.token import Text

from ssg.config import HighlightConfig
from ssg.content.highlight import attribute, highlight, markup, tokenized
from ssg.content.lexing import Token

# A literal beginning makes the search fast; this is asked of every page.
_TICKS = re.compile(r"```[ \t]*(?:[^\s`]+[ \t]+[^\s`]|[^\s`]*[{=])")
_TILDES = re.compile(r"~~~[ \t]*(?:[^\s`]+[ \t]+[^\s`]|[^\s`]*[{=])")
_OPTION = re.compile(r"""\.?([A-Za-z_][\w-]*)(?:\s*=\s*("[^"]*"|'[^']*'|\[[^\]]*\]|[^\s,{}]+))?""")
_NUMBERS = ("linenums", "linenos", "linenostart")
_OFF = ("", "false", "no", "off")


class CodeOptions(msgspec.Struct, frozen=True):
    """What a fence asks for.

    `first` is the number of the first line: None where the site's setting decides, 0 for no numbers. `marked` counts
    lines of the block from 1, whatever `first` is. `given` holds all options as written, for hooks.
    """

    title: str = ""
    first: int | None = None
    marked: frozenset[int] = frozenset()
    given: Mapping[str, str] = {}


PLAIN = CodeOptions()


def optioned(text: str) -> bool:
    """Tell whether a Markdown text may have a fence with more than a language; it seldom says so of one without."""
    return ("```" in text and _TICKS.search(text) is not None) or ("~~~" in text and _TILDES.search(text) is not None)


def read_info(info: str) -> tuple[str | None, CodeOptions]:
    """Read the text after the opening of a fence: the language, and options as MkDocs or as Hugo write them.

    `python title="app.py" linenums="1" hl_lines="2 4-5"`, `python {linenos=true hl_lines=[2,"4-5"]}` and
    `{.python title="app.py"}` are known. What is not understood is no error: an info string may hold anything.
    """
    words = info.split(maxsplit=1)
    if not words:
        return None, PLAIN
    if info.lstrip().startswith("{"):
        named = re.search(r"\.([\w#+-]+)", info)
        language, rest = (named[1], info.replace(named[0], "", 1)) if named else (None, info)
    elif "=" in words[0] and "{" not in words[0]:
        language, rest = None, info
    else:
        language, brace, more = words[0].partition("{")
        rest = brace + more + " " + (words[1] if len(words) > 1 else "")
    given = {name.lower(): _unquoted(value) if value else "true" for name, value in _OPTION.findall(rest)}
    return language, _understood(given) if given else PLAIN


def _understood(given: Mapping[str, str]) -> CodeOptions:
    marked: set[int] = set()
    for first, last in re.findall(r"(\d+)(?:\s*-\s*(\d+))?", given.get("hl_lines", "")):
        marked.update(range(int(first), min(int(last or first), 100_000) + 1))
    return CodeOptions(given.get("title", ""), _first(given), frozenset(marked), given)


def _first(given: Mapping[str, str]) -> int | None:
    """Give the number of the first line: MkDocs write it as `linenums`, Hugo as `linenostart`."""
    values = [given[name] for name in _NUMBERS if name in given]
    if not values:
        return None
    if any(value.lower() in _OFF for value in values):
        return 0
    return next((int(number[0]) for number in (re.match(r"\d+", value) for value in reversed(values)) if number), 1)


def _unquoted(value: str) -> str:
    return value[1:-1] if value[0] in "\"'" and value[-1] == value[0] and len(value) > 1 else value


class CodeBlocks:
    """Gives code blocks as `[markdown.highlight]` and their own options ask."""

    def __init__(self, config: HighlightConfig, *, hooked: bool = False) -> None:
        """Take the settings; `hooked` keeps all options of a fence in the HTML, for a hook of the theme."""
        self._config = config
        self._hooked = hooked

    @property
    def plain(self) -> Callable[[str | None, str], str | None] | None:
        """What gives the HTML of a block without options, the fastest way; None where it is never changed."""
        if self._config.line_numbers:
            return self.html
        return highlight if self._config.enabled else None

    def keeps(self, options: CodeOptions) -> bool:
        """Tell whether the options of a fence are kept in the HTML."""
        return self._hooked and bool(options.given)

    def html(self, language: str | None, code: str, options: CodeOptions = PLAIN) -> str | None:
        """Give `<div class="highlight">` with the code, or None where nothing was asked and the language is unknown.

        A title comes as `<p class="filename">`. Lines come as `<span class="line" data-line="1">` each, with the class
        `hl` where marked; the number is an attribute, so that nobody copies it with the code.
        """
        found = tokenized(language, code) if self._config.enabled else None
        first = options.first
        if first is None:
            first = 1 if self._config.line_numbers and language else 0
        kept = self.keeps(options)
        if found is None and not (options.title or first or options.marked or kept):
            return None
        tokens = found if found is not None else [(Text, code)]
        shown = _lines(tokens, first, options.marked) if first or options.marked else markup(tokens)
        title = f'<p class="filename">{html.escape(options.title, quote=False)}</p>' if options.title else ""
        data = f' data-options="{html.escape(json.dumps(dict(options.given)))}"' if kept else ""
        named = f' class="language-{attribute(language)}"' if language else ""
        return f'<div class="highlight"{data}>{title}<pre><code{named}>{shown}</code></pre></div>\n'


def _lines(found: Sequence[Token], first: int, marked: frozenset[int]) -> str:
    """Give every line in a span of its own, its line feed inside; a token that crosses lines is cut."""
    rows: list[list[Token]] = [[]]
    for kind, value in found:
        *whole, rest = value.split("\n")
        for part in whole:
            rows[-1].append((kind, f"{part}\n"))
            rows.append([])
        if rest:
            rows[-1].append((kind, rest))
    if not rows[-1]:
        rows.pop()
    parts: list[str] = []
    for place, row in enumerate(rows, 1):
        name = "line hl" if place in marked else "line"
        number = f' data-line="{first + place - 1}"' if first else ""
        parts.append(f'<span class="{name}"{number}>{markup(row)}</span>')
    return "".join(parts)
