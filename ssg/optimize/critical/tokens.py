"""What a stylesheet can see of a page: tags, ids, classes, attributes, and what scripts may add to them."""

import re
from collections.abc import Iterable

import msgspec
import turbohtml
from turbohtml import Document

from ssg.optimize.critical.selectors import fold

# Tags that every page has once it is rewritten, and attributes that a browser, a reader or assistive code toggles.
_ALWAYS = frozenset((
    "html", "head", "body", "link", "style", "script", "noscript", "[class", "[style", "[open", "[checked", "[disabled",
    "[selected", "[value", "[hidden", "[inert", "[popover", "[href", "[rel", "[media", "[aria-expanded",
    "[aria-selected", "[aria-pressed", "[aria-checked", "[aria-hidden", "[aria-invalid", "[aria-busy",
))  # fmt: skip
# Attributes whose values scripts read: handlers, data, and those of Alpine, Vue and htmx.
_READ = ("data-", "on", ":", "@", "x-", "v-", "hx-")
_DATA = frozenset(("application/ld+json", "importmap", "speculationrules"))
_WHITE = re.compile("[ \t\n\f\r]+")
_WORD = re.compile(r"[^\s\"'`<>=(){},;$]+")
_PART = re.compile(r"[\w-]+")
_SHORTEST = 3  # letters that a word has before another is put behind it: `is-`


class Words(msgspec.Struct, frozen=True):
    """The words of a script, in small letters; `starts` are those that something may be put behind: `theme-`."""

    words: frozenset[str] = frozenset()
    starts: frozenset[str] = frozenset()


class Tokens(msgspec.Struct, frozen=True):
    """What is on a page.

    `names` are its tokens, `words` and `starts` what its scripts may add, `styles` the text of its style attributes.
    """

    names: frozenset[str]
    words: frozenset[str] = frozenset()
    starts: frozenset[str] = frozenset()
    styles: str = ""


def words_of(script: str) -> Words:
    """Give every word of a script that may be a class, an id, a tag, an attribute or the name of an animation."""
    text = fold(script)
    found = {*_WORD.findall(text), *_PART.findall(text)}
    starts = frozenset(one for one in found if one[-1] in "-_" and len(one) >= _SHORTEST and one[0].isalpha())
    return Words(frozenset(found), starts)


def tokens_of(
    tree: Document, scripts: Iterable[str] = (), safelist: Iterable[str] = (), known: dict[str, Words] | None = None
) -> Tokens:
    """Give what is on a page: with scripting on and off, and all that its templates hold.

    Takes the document, the texts of its own external scripts, words that are to count as there, and the words of
    scripts seen before by their text, which gets new ones. What `<noscript>` holds counts, be it elements or, where
    the document was parsed with scripting on, text.
    """
    names = set(_ALWAYS)
    values: list[str] = []
    styles: list[str] = []
    for part in (tree, *(turbohtml.parse(text, positions=False) for text in hidden(tree))):
        names.update(f".{one}" for one in _classes(part))
        _look_at(part, names, values, styles)
    found = _fold_all(names)
    added = [_remembered(text, known) for text in (*_inline(tree), *scripts)]
    if values or safelist:
        added.append(words_of(" ".join((*values, *safelist))))
    words = frozenset().union(*(one.words for one in added))
    starts = frozenset().union(*(one.starts for one in added))
    return Tokens(found, words, starts, "".join(styles))


def hidden(tree: Document) -> list[str]:
    """Give the elements that `<noscript>` holds as text, for a browser without scripts."""
    found = tree.select("noscript:not(:has(*))")
    return [one.text for one in found if "<" in one.text]


def _look_at(tree: Document, names: set[str], values: list[str], styles: list[str]) -> None:
    """Gather the tokens of all elements, and the values of attributes that scripts read and that hold styles."""
    for element in tree.iter_elements():
        names.add(element.tag)
        attributes = element.attrs
        number = len(attributes)
        if not number or (number == 1 and "class" in attributes):  # as most elements of highlighted code
            continue
        for name, value in attributes.items():
            names.add(f"[{name}")
            if name == "id":
                names.add(f"#{value}")
            elif name in {"style", "font-family"}:
                styles.append(f"{value};" if name == "style" else f"{name}:{value};")
            elif name.startswith(_READ) and isinstance(value, str):
                values.append(value)


def _classes(tree: Document) -> set[str]:
    """Give the classes of all elements: only the white space of ASCII parts them (WHATWG HTML, section 3.2.6)."""
    found = tree.xpath("//@class")
    values = {str(value) for value in found} if isinstance(found, list) else set()
    return {one for value in values for one in _WHITE.split(value) if one}


def _fold_all(names: set[str]) -> frozenset[str]:
    """Give tokens in small letters; the attribute `xlink:href` is `href` of a namespace, too."""
    whole = fold("\0".join(names))  # U+0000 is in no document
    folded = set(whole.split("\0"))
    if ":" in whole:
        folded.update(f"[{name.rpartition(':')[2]}" for name in tuple(folded) if name[0] == "[" and ":" in name)
    return frozenset(folded)


def _inline(tree: Document) -> list[str]:
    """Give the texts of the scripts in the page that run."""
    found = []
    for script in tree.select("script"):
        kind = script.attrs.get("type")
        if "src" not in script.attrs and not (isinstance(kind, str) and fold(kind.strip()) in _DATA):
            found.append(script.text)
    return found


def _remembered(text: str, known: dict[str, Words] | None) -> Words:
    if known is None:
        return words_of(text)
    if text not in known:
        known[text] = words_of(text)
    return known[text]
