"""A compiled sheet and a page's tokens → the critical part of the sheet."""

from collections.abc import Iterable

import turbohtml

from ssg.optimize.critical.compile import escaped
from ssg.optimize.critical.sheet import ALL_FRAMES, ALL_NAMES, Entry, Group, Kept, Named, Rule, Sheet, mentioned, wanted
from ssg.optimize.critical.tokens import Tokens, tokens_of


def signature(sheet: Sheet, tokens: Tokens) -> frozenset[str]:
    """Give what a sheet can see of a page: the tokens of both. Pages that look alike to it have an equal one."""
    found = tokens.names & sheet.vocabulary
    known = tokens.words & sheet.words.keys()
    if known:
        found = found.union(*(sheet.words[word] for word in known))
    for start in tokens.starts:
        found |= {token for word, named in sheet.words.items() if word.startswith(start) for token in named}
    return found | mentioned(sheet.names, tokens.styles) if tokens.styles else found


def select(sheet: Sheet, seen: frozenset[str], used: frozenset[str] = frozenset()) -> str:
    """Give the critical part of a sheet for a signature: all but the rules that match nothing on such a page.

    `used` names font faces and animations that something else than the sheet uses: `font:inter`, `frames:spin`.
    Every style that the part gives to an element is the one that the whole gives, and stays when the whole follows.
    """
    part = _chosen(sheet.nodes, seen, None)
    if sheet.names:
        names = used | mentioned(sheet.names, part) | (seen & {*sheet.names, ALL_FRAMES})
        part = _chosen(sheet.nodes, seen, frozenset(names))
        again = names | mentioned(sheet.names, part)  # an animation may set a font
        part = part if again == names else _chosen(sheet.nodes, seen, frozenset(again))
    return escaped(sheet.first + part)


def used_part(html: str, sheet: Sheet, scripts: Iterable[str] = (), safelist: Iterable[str] = ()) -> str:
    """Give what a page can use of a sheet of its own, with all its fonts and animations.

    Takes the HTML of the page, the texts of the site's scripts on it, and words that may get onto it unseen.
    """
    tokens = tokens_of(turbohtml.parse(html, positions=False), scripts, safelist)
    return select(sheet, signature(sheet, tokens), frozenset((ALL_NAMES,)))


def _chosen(nodes: tuple[Entry, ...], seen: frozenset[str], names: frozenset[str] | None) -> str:
    """Give the text of what is needed, with the groups around it; font faces and animations where `names` is given."""
    parts = []
    for one in nodes:
        match one:
            case Group():
                inner = _chosen(one.nodes, seen, names)
                text = f"{one.prelude}{{{inner}}}" if inner else ""
            case Rule():
                text = one.text if one.need.met(seen) else ""
            case Named():
                text = one.text if names is not None and wanted(one.name, names) else ""
            case Kept():
                text = one.text
        parts.append(text)
    return "".join(parts)
