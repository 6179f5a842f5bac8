"""The engine `commonmark`: pulldown-cmark through pyromark, 100 times the speed of a Markdown parser in Python."""

import pyromark

from ssg.config import FILE, HighlightConfig
from ssg.content.fences import CodeBlocks, optioned, read_info
from ssg.errors import ConfigError, Diagnostic, Location, error, nearest

_OPTIONS = {
    "tables": pyromark.Options.ENABLE_TABLES,
    "footnotes": pyromark.Options.ENABLE_FOOTNOTES,
    "strikethrough": pyromark.Options.ENABLE_STRIKETHROUGH,
    "tasklists": pyromark.Options.ENABLE_TASKLISTS,
    "alerts": pyromark.Options.ENABLE_GFM,
    "heading_attributes": pyromark.Options.ENABLE_HEADING_ATTRIBUTES,
    "definition_lists": pyromark.Options.ENABLE_DEFINITION_LIST,
    "smart_punctuation": pyromark.Options.ENABLE_SMART_PUNCTUATION,
}
WORDINGS = ("abbreviations", "emoji", "autolinks")
"""The extensions that work on the text of the finished HTML: those of `wording.py`."""
DEFAULT_EXTENSIONS = tuple(name for name in _OPTIONS if name != "smart_punctuation")


class CommonMark:
    """CommonMark 0.31.2 with the named additions of GitHub Flavored Markdown and others."""

    name = "commonmark"
    pure = True

    def __init__(
        self,
        extensions: tuple[str, ...] = DEFAULT_EXTENSIONS,
        *,
        blocks: CodeBlocks | None = None,
        math: bool = False,
        where: Location = Location(FILE),  # noqa: B008 - frozen
    ) -> None:
        """Set the parser up.

        `blocks` gives the HTML of code, `math` turns formulas on, `where` is the place that names the extensions.

        Raises:
            ConfigError: an extension has no such name.
        """
        unknown = [name for name in extensions if name not in _OPTIONS and name not in WORDINGS]
        if unknown:
            raise ConfigError(*(_unknown(name, where) for name in unknown))
        options = pyromark.Options.ENABLE_MATH if math else pyromark.Options(0)
        for name in extensions:
            options |= _OPTIONS.get(name, pyromark.Options(0))
        self._options = options
        self._blocks = blocks or CodeBlocks(HighlightConfig())
        self._parser = pyromark.Markdown(options=options, highlight=self._blocks.plain)

    def convert(self, text: str) -> str:
        """Give the HTML of a Markdown text."""
        return self._optioned(text) if optioned(text) else self._parser.html(text)

    def _optioned(self, text: str) -> str:
        """Convert a text in which fences may have options.

        The parser tells a callback the language alone. The same parser's events have the whole info strings, in the
        order of the callback's calls, which come for indented code too.
        """
        starts = (event["Start"] for event in self._parser.events(text) if isinstance(event, dict) and "Start" in event)
        kinds = [start["CodeBlock"] for start in starts if isinstance(start, dict) and "CodeBlock" in start]
        infos = iter([kind["Fenced"] if isinstance(kind, dict) else "" for kind in kinds])

        def block(_: str | None, code: str) -> str | None:
            language, options = read_info(next(infos, ""))
            return self._blocks.html(language, code, options)

        return pyromark.html(text, options=self._options, highlight=block)

    def code_spans(self, text: str) -> list[tuple[int, int]]:
        """Give where the code of a text lies, blocks and spans, as offsets of its UTF-8 bytes."""
        found: list[tuple[int, int]] = []
        for event, place in self._parser.events_with_range(text):
            start = event.get("Start") if isinstance(event, dict) else None
            if (isinstance(start, dict) and "CodeBlock" in start) or (isinstance(event, dict) and "Code" in event):
                found.append((place["start"], place["end"]))
        return found


def _unknown(name: str, where: Location) -> Diagnostic:
    if name == "math":
        hint = "write math = true in [markdown]"
    else:
        known = (*_OPTIONS, *WORDINGS)
        hint = nearest(name, known) or f"known are {', '.join(known)}"
    return error("extension", f'the engine commonmark has no extension "{name}"', where, hint)
