"""How the Markdown of a site is read: two engines behind one contract, and what is done to their HTML afterwards."""

import functools
from collections.abc import Callable, Collection, Sequence
from typing import Any, Literal, NamedTuple

import msgspec

from ssg.config import MarkdownConfig, place
from ssg.content.commonmark import DEFAULT_EXTENSIONS, CommonMark
from ssg.content.fences import CodeBlocks
from ssg.content.formulas import available, formulas
from ssg.content.hooks import Elements
from ssg.content.passes import Pass
from ssg.content.python_names import resolve
from ssg.content.shortcodes import Call, Slip, expand, in_characters, restore
from ssg.content.slug import ANCHORS
from ssg.content.wording import take_abbreviations, wordings
from ssg.errors import ConfigError, Raised, error
from ssg.extensions import MarkdownEngine, MarkdownExtension

EngineName = Literal["commonmark", "markdown"]
ENGINES: tuple[EngineName, ...] = ("commonmark", "markdown")


NO_ELEMENTS = Elements()


class Converted(NamedTuple):
    """The HTML of a body, what is to be done to its tree, in order, its shortcodes, and what is wrong with those."""

    html: str
    passes: tuple[Pass, ...] = ()
    calls: tuple[Call, ...] = ()
    slips: tuple[Slip, ...] = ()


class Dialect:
    """The Markdown that `[markdown]` describes: its engine, and the other one for pages that ask for it."""

    def __init__(
        self,
        config: MarkdownConfig,
        root: str,
        elements: Elements = NO_ELEMENTS,
        extensions: Sequence[MarkdownExtension] = (),
    ) -> None:
        """Load the engine of the site; the other is loaded when a page needs it.

        `root` is the site folder, in which `pymdownx.snippets` looks for files unless told otherwise. `elements` are
        those that the theme writes. `extensions` stand around the engine, the first of them outside.

        Raises:
            ConfigError: an extension is unknown, missing, or refuses its options; a function that the options name is
                missing; or maths are on and not installed.
        """
        self.elements = elements
        self._extensions = tuple(extensions)
        self.heading_id = ANCHORS[config.heading_ids]
        self._config = config
        self._root = root
        if config.math and not available():
            where = place(root, ("markdown",), "math")
            raise ConfigError(error("extension", "math = true needs latex2mathml", where, "install ssg[math]"))
        self.pure = self._engine(config.engine).pure

    def convert(self, text: str, engine: str = "", *, shortcodes: bool = False) -> Converted:
        """Convert a body with the named engine, or with that of the site; with `shortcodes`, open those in it."""
        if not shortcodes or "{{<" not in text:
            return self._convert(text, engine)
        expanded = expand(text, self.elements.shortcodes, self._engine(engine).code_spans(text))
        if expanded.slips:
            return Converted("", slips=expanded.slips)
        converted = self._convert(expanded.text, engine)
        markup, slips = restore(converted.html, expanded)
        return Converted(markup, converted.passes, expanded.calls, slips)

    def code(self, text: str, engine: str = "") -> Sequence[tuple[int, int]]:
        """Give where the code of a text lies, blocks and spans, as places in it."""
        return in_characters(text, self._engine(engine).code_spans(text))

    def _convert(self, text: str, engine: str) -> Converted:
        config = self._of(engine)
        meanings: dict[str, str] = {}
        passes: tuple[Pass, ...] = ()
        loaded = self._engine(engine)
        if isinstance(loaded, CommonMark) and config.extensions is not None:
            if "abbreviations" in config.extensions:
                text, found = take_abbreviations(text, loaded.code_spans)
                meanings.update(found)
            passes = wordings(text, config.extensions, meanings)
        if config.math and ("$" in text or "\\(" in text or "\\[" in text or "\\begin" in text):
            passes = (formulas, *passes)
        convert = loaded.convert
        for extension in reversed(self._extensions):
            convert = functools.partial(_extended, extension, convert)
        return Converted(convert(text), passes)

    def _of(self, engine: str) -> MarkdownConfig:
        """Give the configuration of an engine: extensions and their options are for the site's own."""
        if engine in {"", self._config.engine}:
            return self._config
        other: EngineName = "markdown" if self._config.engine == "commonmark" else "commonmark"
        return msgspec.structs.replace(self._config, engine=other, extensions=None, extension_configs={})

    def _engine(self, engine: str) -> MarkdownEngine:
        return _loaded(msgspec.json.encode(self._of(engine)), self._root, hooked="code" in self.elements.hooks)


def _extended(extension: MarkdownExtension, then: Callable[[str], str], text: str) -> str:
    try:
        return extension.convert(text, then)
    except Raised:
        raise
    except Exception as reason:
        raise Raised(extension.name, reason) from reason


def load_dialect(
    config: MarkdownConfig,
    root: str,
    elements: Elements = NO_ELEMENTS,
    extensions: Sequence[MarkdownExtension] = (),
) -> Dialect:
    """Give the dialect that `[markdown]` describes; an engine is set up once a process for one configuration.

    Raises:
        ConfigError: as `Dialect` says.
    """
    return Dialect(config, root, elements, extensions)


@functools.lru_cache(maxsize=8)
def _loaded(encoded: bytes, root: str, *, hooked: bool) -> MarkdownEngine:
    config = msgspec.json.decode(encoded, type=MarkdownConfig)
    blocks = CodeBlocks(config.highlight, hooked=hooked)
    where = place(root, ("markdown",), "extensions")
    if config.engine == "commonmark":
        extensions = DEFAULT_EXTENSIONS if config.extensions is None else config.extensions
        return CommonMark(extensions, blocks=blocks, math=config.math, where=where)
    from ssg.content import python_markdown  # noqa: PLC0415 - 30 ms that most sites need not pay

    names = python_markdown.DEFAULT_EXTENSIONS if config.extensions is None else config.extensions
    if config.math and "pymdownx.arithmatex" not in names:
        names = (*names, "pymdownx.arithmatex")
    return python_markdown.PythonMarkdown(names, _configs(config, names, root), blocks=blocks, where=where)


def _configs(config: MarkdownConfig, names: Collection[str], root: str) -> dict[str, dict[str, Any]]:
    """Give the options of the extensions of `markdown`: ssg's own defaults for a few, the site's above them."""
    ours: dict[str, dict[str, Any]] = {"pymdownx.snippets": {"base_path": [root]}}
    if config.math:
        ours["pymdownx.arithmatex"] = {"generic": True}
    if config.highlight.line_numbers:
        ours["pymdownx.highlight"] = {"linenums": True}
    if "pymdownx.emoji" in names:
        ours["pymdownx.emoji"] = {"emoji_index": "gemoji", "emoji_generator": "to_alt"}
    known = {name: options for name, options in ours.items() if name in names}
    configs = known | {name: known.get(name, {}) | options for name, options in config.extension_configs.items()}
    if "pymdownx.emoji" in configs:
        configs["pymdownx.emoji"] = _emoji(configs["pymdownx.emoji"])
    return {name: resolve(options, name, root) for name, options in configs.items()}


def _emoji(options: dict[str, Any]) -> dict[str, Any]:
    """Give options of pymdownx.emoji with its functions written out: they may be text, by their own names alone."""
    texts = {key: options[key] for key in ("emoji_index", "emoji_generator") if isinstance(options.get(key), str)}
    named = {key: text if "." in text else f"pymdownx.emoji.{text}" for key, text in texts.items()}
    return options | {key: {"python": name} for key, name in named.items()}
