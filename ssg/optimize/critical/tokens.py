"""What a stylesheet can see of a page: tags, ids, classes, attributes, and what scripts may add to them."""

import re
from collections.abc import Iterable, Iterator
from operator import attrgetter

import msgspec
import turbohtml
from turbohtml import Document

from ssg.optimize.critical.known import Known, Words, bounded
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
_TAG, _ATTRIBUTES = attrgetter("tag"), attrgetter("attrs")
_NOTHING: frozenset[str] = frozenset()
_SHORTEST = 3  # letters that a word has before another is put behind it: `is-`


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
    tree: Document,
    scripts: Iterable[str] = (),
    safelist: Iterable[str] = (),
    known: Known | None = None,
    wanted: frozenset[str] | None = None,
) -> Tokens:
    """Give what is on a page: with scripting on and off, and all that its templates hold.

    Takes the document, the texts of its own external scripts, words that are to count as there, what earlier pages had,
    which gets what is new, and the tokens that matter: others may be missing from `names`; without it, all matter. What
    `<noscript>` holds counts, be it elements or, where the document was parsed with scripting on, text.
    """
    known = Known() if known is None else known
    names: set[str] = set()
    values: list[str] = []
    styles: list[str] = []
    for part in (tree, *(turbohtml.parse(text, positions=False) for text in hidden(tree))):
        names |= _look_at(part, known, wanted, values, styles)
    added = [_remembered(text, known) for text in (*_inline(tree), *scripts)]
    if values or safelist:
        added.append(words_of(" ".join((*values, *safelist))))
    if not added:
        return Tokens(_ALWAYS | names, styles="".join(styles))
    words = _NOTHING.union(*(one.words for one in added))
    starts = _NOTHING.union(*(one.starts for one in added))
    return Tokens(_ALWAYS | names, words, starts, "".join(styles))


def hidden(tree: Document) -> list[str]:
    """Give the elements that `<noscript>` holds as text, for a browser without scripts."""
    found = tree.select("noscript:not(:has(*))") if tree.find("noscript") is not None else ()
    return [one.text for one in found if "<" in one.text]


def _look_at(
    tree: Document, known: Known, wanted: frozenset[str] | None, values: list[str], styles: list[str]
) -> set[str]:
    """Give the tokens of all elements; gather the values of attributes that scripts read and that hold styles."""
    names = _attributes(tree)
    ids = _values(tree, "id") if wanted is None or known.asked(wanted).ids else ()
    found = _fold_all((*_tags(tree, known, wanted), *[f"[{one}" for one in names], *[f"#{one}" for one in ids]))
    found.update(*_classes(tree, known))
    if "style" in names:
        styles += [f"{one};" for one in _values(tree, "style")]
    if "font-family" in names:
        styles += [f"font-family:{one};" for one in _values(tree, "font-family")]
    read = [one for one in names if one.startswith(_READ)]
    if read:
        for attributes in map(_ATTRIBUTES, tree.iter_elements()):
            values += [value for name in read if isinstance(value := attributes.get(name), str)]
    return found


def _attributes(tree: Document) -> set[str]:
    """Give the names of attributes.

    It takes 0.1 us to make an object of an element and to ask it, so only those are asked that may have something new:
    those with two attributes, and those with none of the three that most others have. `class` and `href` may be
    missing: every page has them once it is rewritten.
    """
    several = tree.xpath("/descendant::*/@*[2]/..")
    others = filter(None, map(_ATTRIBUTES, tree.select(":not([class],[href],[id])")))
    names: set[str] = set()
    names.update(*map(_ATTRIBUTES, several if isinstance(several, list) else ()), *others)
    if tree.select_one("[id]") is not None:
        names.add("id")
    return names


def _tags(tree: Document, known: Known, wanted: frozenset[str] | None) -> Iterable[str]:
    """Give the tags of all elements, or those that matter; only in SVG and MathML do some have capitals."""
    if wanted is None or tree.find("svg") is not None or tree.find("math") is not None:
        return set(map(_TAG, tree.iter_elements()))
    return [one for one in known.asked(wanted).tags if tree.find(one) is not None]


def _values(tree: Document, name: str) -> list[str]:
    """Give the values of an attribute."""
    found = tree.xpath(f"/descendant::*/@{name}")
    return [str(one) for one in found] if isinstance(found, list) else []


def _classes(tree: Document, known: Known) -> Iterator[frozenset[str]]:
    """Give the classes of all elements, by the attributes that hold them; most of these stand on other pages, too."""
    values = tree.xpath("/descendant::*/@class")
    for value in set(values) if isinstance(values, list) else ():
        text = str(value)
        found = known.classes.get(text)
        if found is None:
            # Only the white space of ASCII parts classes (WHATWG HTML, section 3.2.6).
            found = frozenset(f".{one}" for one in _WHITE.split(fold(text)) if one)
            bounded(known.classes)[text] = found
        yield found


def _fold_all(names: Iterable[str]) -> set[str]:
    """Give tokens in small letters; the attribute `xlink:href` is `href` of a namespace, too."""
    whole = fold("\0".join(names))  # U+0000 is in no document
    folded = set(whole.split("\0"))
    if ":" in whole:
        folded.update([f"[{name.rpartition(':')[2]}" for name in folded if name[0] == "[" and ":" in name])
    return folded


def _inline(tree: Document) -> list[str]:
    """Give the texts of the scripts in the page that run."""
    found = []
    for script in tree.select("script"):
        kind = script.attrs.get("type")
        if "src" not in script.attrs and not (isinstance(kind, str) and fold(kind.strip()) in _DATA):
            found.append(script.text)
    return found


def _remembered(text: str, known: Known) -> Words:
    found = known.words.get(text)
    if found is None:
        found = bounded(known.words)[text] = words_of(text)
    return found
