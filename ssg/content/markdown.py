"""Which engine reads the Markdown: two behind one contract, `extensions.MarkdownEngine`."""

import functools

import msgspec

from ssg.config import MarkdownConfig, place
from ssg.content.commonmark import DEFAULT_EXTENSIONS, CommonMark
from ssg.extensions import MarkdownEngine


def load_engine(config: MarkdownConfig, root: str) -> MarkdownEngine:
    """Give the engine that `[markdown]` asks for, set up; once a process for one configuration.

    `root` is the site folder, in which `pymdownx.snippets` looks for files unless told otherwise.

    Raises:
        ConfigError: an extension is unknown, missing, or refuses its options.
    """
    return _engine(msgspec.json.encode(config), root)


@functools.lru_cache(maxsize=4)
def _engine(encoded: bytes, root: str) -> MarkdownEngine:
    config = msgspec.json.decode(encoded, type=MarkdownConfig)
    highlighted = config.highlight.enabled
    where = place(root, ("markdown",), "extensions")
    if config.engine == "commonmark":
        extensions = DEFAULT_EXTENSIONS if config.extensions is None else config.extensions
        return CommonMark(extensions, highlighted=highlighted, where=where)
    from ssg.content import python_markdown  # noqa: PLC0415 - 30 ms that most sites need not pay

    names = python_markdown.DEFAULT_EXTENSIONS if config.extensions is None else config.extensions
    configs = dict(config.extension_configs)
    if "pymdownx.snippets" in names:
        configs["pymdownx.snippets"] = {"base_path": [root], **configs.get("pymdownx.snippets", {})}
    return python_markdown.PythonMarkdown(names, configs, highlighted=highlighted, where=where)
