"""Abbreviations, emoji and bare links: extensions of commonmark that work on the words of the finished HTML."""

import functools
import html
import re
from collections.abc import Callable, Mapping, Sequence

from turbohtml import Element

from ssg.content.passes import Fault, Pass, replace, texts

_LITERAL = frozenset(("pre", "code", "kbd", "samp", "tt", "script", "style", "textarea", "math", "svg"))
_DEFINED = re.compile(r"^ {0,3}\*\[([^\]\n]+)\]:[ \t]*(\S.*?)?[ \t]*$\n?", re.MULTILINE)
_SHORTCODE = re.compile(r":([a-z0-9_+-]+):")
# A URL that is not the target of a link or in quotes or angle brackets, or an address of mail.
_BARE = re.compile(r"""(?<!\]\()(?<![<"'])(?:\bhttps?://|\bwww\.)|[\w.+-]@[\w-]""")
_SCHEME = re.compile(r"(?:https?|ftp)://|www\.|mailto:", re.IGNORECASE)


def take_abbreviations(
    text: str, code_spans: Callable[[str], Sequence[tuple[int, int]]]
) -> tuple[str, Mapping[str, str]]:
    """Take the definitions `*[HTML]: Hyper Text Markup Language` out of a Markdown text.

    Gives the text without them, and the meanings by abbreviation. `code_spans` gives where the text's code lies, in
    bytes: a definition in there is code.
    """
    if "*[" not in text or not _DEFINED.search(text):
        return text, {}
    spans = code_spans(text)
    meanings: dict[str, str] = {}

    def taken(found: "re.Match[str]") -> str:
        place = len(text[: found.start()].encode())
        if not found[2] or any(start <= place < end for start, end in spans):
            return found[0]
        meanings[found[1].strip()] = found[2]
        return ""

    return _DEFINED.sub(taken, text), meanings


def wordings(text: str, extensions: Sequence[str], meanings: Mapping[str, str]) -> tuple[Pass, ...]:
    """Give the passes of these extensions that a Markdown text needs: none, for most texts."""
    passes: list[Pass] = []
    if meanings:
        passes.append(functools.partial(_abbreviate, meanings))
    if "emoji" in extensions and _SHORTCODE.search(text):
        passes.append(_emoji)
    if "autolinks" in extensions and _BARE.search(text):
        passes.append(_autolink)
    return tuple(passes)


def _abbreviate(meanings: Mapping[str, str], root: Element) -> Sequence[Fault]:
    """Wrap whole words in `<abbr>`; of two that begin alike the longer one counts."""
    ordered = sorted(meanings, key=len, reverse=True)
    word = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, ordered))})(?!\w)")
    for node in texts(root, _LITERAL | {"abbr"}):
        if word.search(node.data):
            escaped = _pieces(
                word, node.data, lambda name: f'<abbr title="{html.escape(meanings[name])}">{name}</abbr>'
            )
            replace(node, escaped)
    return ()


def _pieces(pattern: "re.Pattern[str]", text: str, wrap: Callable[[str], str]) -> str:
    """Give a text as HTML in which what the pattern finds is wrapped; `wrap` takes escaped text as its name too."""
    parts: list[str] = []
    end = 0
    for found in pattern.finditer(text):
        parts += (html.escape(text[end : found.start()], quote=False), wrap(found[0]))
        end = found.end()
    return "".join((*parts, html.escape(text[end:], quote=False)))


def _emoji(root: Element) -> Sequence[Fault]:
    """Put the character in the place of GitHub's short name for it; other names stay."""
    known = _characters()
    for node in texts(root, _LITERAL):
        if ":" in node.data:
            node.data = _SHORTCODE.sub(lambda found: known.get(found[0], found[0]), node.data)
    return ()


@functools.cache
def _characters() -> Mapping[str, str]:
    """Give the characters of GitHub's short names, as PyMdown Extensions list them."""
    from pymdownx import gemoji_db  # noqa: PLC0415 - 7 ms

    found = {
        name: "".join(chr(int(point, 16)) for point in (entry.get("unicode_alt") or entry["unicode"]).split("-"))
        for name, entry in gemoji_db.emoji.items()
        if "unicode" in entry
    }
    return found | {alias: found[name] for alias, name in gemoji_db.aliases.items() if name in found}


def _autolink(root: Element) -> Sequence[Fault]:
    """Turn bare URLs and addresses of mail into links, where GitHub does: a name alone, `example.org`, is text."""
    from turbohtml.clean import LinkDetector  # noqa: PLC0415 - 4 ms

    detector = LinkDetector(emails=True, bare_domains=True)
    for node in texts(root, _LITERAL | {"a", "button"}):
        text = node.data
        if "://" not in text and "www." not in text and "@" not in text:
            continue
        parts: list[str] = []
        end = 0
        for span in detector.find(text):
            if span.is_email or _SCHEME.match(span.text):
                shown = html.escape(span.text, quote=False)
                parts.append(html.escape(text[end : span.start], quote=False))
                parts.append(f'<a href="{html.escape(span.url)}">{shown}</a>')
                end = span.end
        if parts:
            replace(node, "".join((*parts, html.escape(text[end:], quote=False))))
    return ()
