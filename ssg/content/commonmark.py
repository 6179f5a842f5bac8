"""The engine `commonmark`: pulldown-cmark through pyromark, 100 times the speed of a Markdown parser in Python."""

import pyromark

from ssg.config import FILE
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
        self._parser = pyromark.Markdown(options=options, highlight=highlight if highlighted else None)

    def convert(self, text: str) -> str:
        """Give the HTML of a Markdown text."""
        return self._parser.html(text)


def _unknown(name: str, where: Location) -> Diagnostic:
    hint = nearest(name, _OPTIONS) or f"known are {', '.join(_OPTIONS)}"
    return error("extension", f'the engine commonmark has no extension "{name}"', where, hint)
