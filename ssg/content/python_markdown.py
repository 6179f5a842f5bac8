"""The engine `markdown`: Python-Markdown with any of its or pymdown's extensions."""

import html
import json
import re
from collections.abc import Mapping
from typing import Any

import markdown

from ssg.config import FILE, HighlightConfig
from ssg.content.fences import CodeBlocks
from ssg.content.python_fences import add_fences
from ssg.errors import ConfigError, Location, error

DEFAULT_EXTENSIONS = ("extra", "admonition", "sane_lists", "toc")
_CODE = re.compile(
    r"^[ \t>]*(?P<fence>`{3,}|~{3,})[^\n]*\n.*?(?:^[ \t>]*(?P=fence)[`~]*[ \t]*$|\Z)"
    r"|(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`)",
    re.MULTILINE | re.DOTALL,
)
_FENCED = re.compile(r'<pre><code class="(?:language-)?([^"\s]+)">(.*?)</code></pre>', re.DOTALL)


class PythonMarkdown:
    """Python-Markdown, set up once.

    Fenced code that no extension has highlighted gets Pygments' classes from ssg; `pymdownx.highlight` and
    `codehilite` do their own.
    """

    name = "markdown"
    pure: bool

    def __init__(
        self,
        extensions: tuple[str, ...] = DEFAULT_EXTENSIONS,
        configs: Mapping[str, Mapping[str, Any]] | None = None,
        *,
        blocks: CodeBlocks | None = None,
        where: Location = Location(FILE),  # noqa: B008 - frozen
    ) -> None:
        """Load the extensions; `blocks` gives the HTML of code, `where` is the place that names them.

        Raises:
            ConfigError: an extension cannot be imported or refuses its options.
        """
        settings = {name: dict(options) for name, options in (configs or {}).items()}
        for name in sorted(settings.keys() - set(extensions)):
            message = f'extension_configs names "{name}", which is not in extensions'
            raise ConfigError(error("extension", message, where, "add it there, or take it out"))
        self._parser = markdown.Markdown(output_format="html")
        for name in extensions:
            self._load(name, settings, where)
        self._blocks = blocks or CodeBlocks(HighlightConfig())
        add_fences(self._parser, self._blocks)
        # These read other files.
        self.pure = not {"pymdownx.snippets", "pymdownx.b64", "pymdownx.pathconverter"} & set(extensions)

    def _load(self, name: str, settings: dict[str, dict[str, Any]], where: Location) -> None:
        """Load one extension; what it raises on wrong options is its own, so anything is caught and named."""
        try:
            self._parser.registerExtensions([name], settings)
        except Exception as reason:  # noqa: BLE001
            missing = isinstance(reason, ImportError)
            message = f'the Markdown extension "{name}" cannot be loaded: {reason}'
            options = f"[markdown.extension_configs.{json.dumps(name) if '.' in name else name}]"
            hint = "install its package, or mend the name" if missing else f"look at {options}"
            raise ConfigError(error("extension", message, where, hint)) from None

    def code_spans(self, text: str) -> list[tuple[int, int]]:
        """Give where the fenced blocks and code spans of a text lie, as offsets of its UTF-8 bytes.

        Fences count at any indentation, as in the blocks of an admonition. Code that is only indented is not known
        before the extensions have run, so it is not among them.
        """
        found = [place.span() for place in _CODE.finditer(text)]
        if text.isascii():
            return found
        return [(len(text[:start].encode()), len(text[:end].encode())) for start, end in found]

    def convert(self, text: str) -> str:
        """Give the HTML of a Markdown text."""
        converted = self._parser.reset().convert(text)
        return converted if self._blocks.plain is None else _FENCED.sub(self._highlighted, converted)

    def _highlighted(self, block: "re.Match[str]") -> str:
        return self._blocks.html(block[1], html.unescape(block[2])) or block[0]
