"""The engine `commonmark`: pulldown-cmark through pyromark, 100 times the speed of a Markdown parser in Python."""

from typing import Any

import msgspec
import pyromark

from ssg.config import FILE
from ssg.content.fences import ASKED, Fence, read_fence
from ssg.content.highlight import highlight
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
_PLAIN = Fence()
DEFAULT_EXTENSIONS = tuple(name for name in _OPTIONS if name != "smart_punctuation")


class CommonMark:
    """CommonMark 0.31.2 with the named additions of GitHub Flavored Markdown and others."""

    name = "commonmark"
    pure = True

    def __init__(
        self,
        extensions: tuple[str, ...] = DEFAULT_EXTENSIONS,
        *,
        highlighted: bool = True,
        line_numbers: bool = False,
        where: Location = Location(FILE),  # noqa: B008 - frozen
    ) -> None:
        """Set the parser up; `where` is the place that names the extensions.

        Raises:
            ConfigError: an extension has no such name.
        """
        unknown = [name for name in extensions if name not in _OPTIONS]
        if unknown:
            raise ConfigError(*(_unknown(name, where) for name in unknown))
        options = pyromark.Options(0)
        for name in extensions:
            options |= _OPTIONS[name]
        self._options = options
        self._numbered = line_numbers
        self._highlighted = highlighted
        self._parser = pyromark.Markdown(options=options, highlight=self._highlight if highlighted else None)

    def convert(self, text: str) -> str:
        """Give the HTML of a Markdown text."""
        if not self._highlighted or ASKED.search(text) is None:
            return self._parser.html(text)
        # The callback is given the first word of a fence alone; the events have all of it, in the same order.
        infos = iter([_info(event) for event in self._parser.events(text) if _is_code(event)])

        def in_turn(language: str | None, code: str) -> str | None:
            return self._highlight(language, code, read_fence(next(infos, "")))

        return pyromark.Markdown(options=self._options, highlight=in_turn).html(text)

    def _highlight(self, language: str | None, code: str, fence: Fence = _PLAIN) -> str | None:
        if self._numbered and language and not fence.first:
            fence = msgspec.structs.replace(fence, first=1)
        return highlight(language, code, fence)


def _is_code(event: Any) -> bool:
    return isinstance(event, dict) and isinstance(event.get("Start"), dict) and "CodeBlock" in event["Start"]


def _info(event: Any) -> str:
    kind = event["Start"]["CodeBlock"]
    return str(kind["Fenced"]) if isinstance(kind, dict) else ""


def _unknown(name: str, where: Location) -> Diagnostic:
    hint = nearest(name, _OPTIONS) or f"known are {', '.join(_OPTIONS)}"
    return error("extension", f'the engine commonmark has no extension "{name}"', where, hint)
