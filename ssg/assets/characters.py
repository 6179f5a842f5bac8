"""Texts of a site → the characters that may be on a page: more rather than fewer, as a font loses the others."""

import html
import re
import unicodedata
from collections.abc import Iterable

# What templates, typography and browsers add: ASCII, Latin-1, spaces, dashes, quotes, the euro, arrows and the like.
_ALWAYS = frozenset(
    chr(number)
    for first, last in ((0x20, 0x7E), (0xA0, 0xFF), (0x2000, 0x205E), (0x2190, 0x2199))
    for number in range(first, last + 1)
) | frozenset("€™\u2212↩↪✓✗\ufffd")
# How JSON, TOML, YAML, scripts, Python and style sheets write a character by its number.
_HEX = "[0-9a-fA-F]"
_ESCAPE = re.compile(rf"\\(?:u\{{({_HEX}{{1,6}})\}}|u({_HEX}{{4}})|U({_HEX}{{8}})|x({_HEX}{{2}})|({_HEX}{{1,6}}))")
_LAST = 0x10FFFF


def characters_of(texts: Iterable[str]) -> frozenset[str]:
    """Give all characters of some texts, and those that pages may hold for them.

    These are what entities of HTML and escapes stand for, capital and small letters (`text-transform`), and letters
    with their accents in one or apart (Unicode Standard Annex 15).
    """
    found = set(_ALWAYS)
    for text in texts:
        found.update(text)
        if "&" in text:
            found.update(html.unescape(text))
        if "\\" in text:
            found.update(_escaped(text))
        if not text.isascii():
            found.update(unicodedata.normalize("NFC", text))
    others = {letter for one in found if not one.isascii() for letter in one.upper() + one.lower() + one.title()}
    apart = {letter for one in found | others for letter in unicodedata.normalize("NFD", one)}
    return frozenset(found | others | apart)


def _escaped(text: str) -> str:
    """Give what the escapes of a text stand for; two that are halves of a character make one, as in JSON."""
    numbers = (int("".join(filter(None, found)), 16) for found in _ESCAPE.findall(text))
    letters = "".join(chr(one) for one in numbers if one <= _LAST)
    return letters.encode("utf-16", "surrogatepass").decode("utf-16", "ignore")
