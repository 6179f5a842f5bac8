"""Fenced code with options for the engine `markdown`, where neither superfences nor codehilite read them."""

import re

import markdown
from markdown.extensions.fenced_code import FencedBlockPreprocessor
from markdown.preprocessors import Preprocessor

from ssg.content.fences import CodeBlocks, optioned, read_info

# As in markdown.extensions.fenced_code, but for the info string, of which that one takes a part.
_FENCED = re.compile(
    r"^(?P<fence>~{3,}|`{3,})(?P<info>[^\n`]*)\n(?P<code>.*?)(?<=\n)(?P=fence)[ ]*$", re.MULTILINE | re.DOTALL
)
_FENCES = "fenced_code_block"
# Before Python-Markdown's own fences, which take what this leaves.
_PRIORITY = 26


class OptionedFences(Preprocessor):
    """Takes the fences whose options mean something to ssg out of the text, as finished HTML."""

    def __init__(self, parser: markdown.Markdown, blocks: CodeBlocks) -> None:
        super().__init__(parser)
        self._stash = parser.htmlStash
        self._blocks = blocks

    def run(self, lines: list[str]) -> list[str]:
        """Give the lines with placeholders for those fences."""
        text = "\n".join(lines)
        return _FENCED.sub(self._stashed, text).split("\n") if optioned(text) else lines

    def _stashed(self, found: "re.Match[str]") -> str:
        language, options = read_info(found["info"])
        if not (options.title or options.marked or options.first is not None or self._blocks.keeps(options)):
            return found[0]
        written = self._blocks.html(language, found["code"], options)
        if written is None:
            return found[0]
        # Written so that the engine does not take it for code that nobody has highlighted; parsing tells no difference.
        return f"\n{self._stash.store(written.replace('<pre>', '<pre >', 1))}\n"


def add_fences(parser: markdown.Markdown, blocks: CodeBlocks) -> None:
    """Make a parser read options of fences, if its fences are those of Python-Markdown without codehilite."""
    loaded = _FENCES in parser.preprocessors and type(parser.preprocessors[_FENCES]) is FencedBlockPreprocessor
    if loaded and not any(type(one).__name__ == "CodeHiliteExtension" for one in parser.registeredExtensions):
        parser.preprocessors.register(OptionedFences(parser, blocks), "ssg_fences", _PRIORITY)
