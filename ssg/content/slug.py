"""Names → what may stand in a URL."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date

_UNSAFE = re.compile(r"[\s\x00-\x1f\x7f/\\]+")
_DATED = re.compile(r"(\d{4}-\d{2}-\d{2})[-_ ](.+)")
_NOT_IN_ANCHOR = re.compile(r"[^\w\- ]+", re.ASCII)
_MARKED_LATIN = re.compile("([a-z])[\u0300-\u036f]+")
# Latin letters that Unicode does not take apart, as Zola writes them; and marks that make an emoji.
_LATIN = {
    "ß": "ss",
    "æ": "ae",
    "œ": "oe",
    "ø": "o",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "ł": "l",
    "\N{LATIN SMALL LETTER DOTLESS I}": "i",
}
_PLAIN = str.maketrans(_LATIN | {"\ufe0e": "", "\ufe0f": "", "\u20e3": ""})


def segment(name: str) -> str:
    """Give a file name's form in a URL path: as it is, but for white space and slashes, which become a hyphen.

    The text is in normal form C, so that a name typed on macOS gives the same URL. A name of dots alone, which a URL
    reads as a step up (RFC 3986, section 5.2.4), becomes a hyphen too.
    """
    safe = _UNSAFE.sub("-", unicodedata.normalize("NFC", name)).strip("-")
    return safe if safe.strip(".") else "-"


def site_path(written: str) -> str:
    """Give a path that an author wrote whole as a URL of the site: each part safe, a slash at both ends.

    A path whose last part ends in `.html` or the like names a file and gets no slash at its end.
    """
    parts = [segment(part) for part in written.split("/") if part]
    path = "/" + "/".join(parts)
    return path if not parts or re.search(r"\.(html?|xml|txt|json)$", parts[-1]) else f"{path}/"


def term_slug(name: str) -> str:
    """Give a term's form in a URL path: as a file name's, in lower case."""
    return segment(name.casefold())


def anchor(text: str) -> str:
    """Give the id of a heading from its text, by GitHub's rule: lower case, punctuation gone, spaces to hyphens."""
    text = text.strip().lower()
    if text.isascii():
        kept = _NOT_IN_ANCHOR.sub("", text)
    else:
        kept = "".join(character for character in text if character in "_- " or _in_word(character))
    return kept.replace(" ", "-") or "section"


def zola_anchor(text: str) -> str:
    """Give the id of a heading from its text, by Zola's rule: lower case, all but letters and digits one hyphen.

    Latin letters lose their marks, as in Zola. Letters of other scripts, which Zola spells in Latin ones, stay.
    """
    text = text.lower()
    if not text.isascii():
        plain = unicodedata.normalize("NFKD", text).lower().translate(_PLAIN)
        text = unicodedata.normalize("NFC", _MARKED_LATIN.sub(r"\1", plain))
    kept = (character if _in_word(character) else " " for character in text)
    return "-".join("".join(kept).split()) or "section"


def _in_word(character: str) -> bool:
    """Tell whether a character is a letter, a digit, or a mark that is a part of the letter before it."""
    return character.isalnum() or unicodedata.category(character).startswith("M")


ANCHORS: Mapping[str, Callable[[str], str]] = {"github": anchor, "zola": zola_anchor}
"""The rules that `heading_ids` names."""


def titled(name: str) -> str:
    """Give a file or folder name as a title: `getting-started` is "Getting started"."""
    words = re.sub(r"[-_\s]+", " ", name).strip()
    return words[:1].upper() + words[1:]


def split_date(name: str) -> tuple[date | None, str]:
    """Split `2026-11-20-hello` into its date and the rest; without a valid date in front, None and the name."""
    dated = _DATED.fullmatch(name)
    if dated is None:
        return None, name
    try:
        return date.fromisoformat(dated[1]), dated[2]
    except ValueError:
        return None, name
