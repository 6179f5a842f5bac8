"""Selectors of rules → selectors that can be asked of a tree, which match at least as much (Selectors 4)."""

from collections.abc import Sequence

import tinycss2
import turbohtml
from tinycss2.ast import Node

from ssg.budget.facts import Selector
from ssg.budget.lengths import commas

# What a reader does, or has done; before that, nothing is so.
_LATER = frozenset(("hover", "active", "visited", "fullscreen", "-webkit-full-screen", "user-valid", "user-invalid"))
# What the tree knows.
_KNOWN = frozenset((
    "root", "empty", "first-child", "last-child", "only-child", "first-of-type", "last-of-type", "only-of-type",
    "nth-child", "nth-last-child", "nth-of-type", "nth-last-of-type", "not", "is", "where", "has", "link", "any-link",
))  # fmt: skip
_OLD_ELEMENTS = frozenset(("before", "after", "first-letter", "first-line"))
# Pseudo-elements that are drawn with the page itself; others wait for a reader.
_NEVER = frozenset(("selection", "backdrop", "target-text", "spelling-error", "grammar-error", "highlight"))
_COMBINATORS = frozenset((">", "+", "~", "||"))
_PROBE = turbohtml.parse("<p>", positions=False)
EVERYTHING = Selector("*", certain=False)
"""What matches all there is."""


def selectors(prelude: Sequence[Node], parents: tuple[Selector, ...] | None) -> tuple[Selector, ...]:
    """Give the selectors of a rule, those that match nothing before a reader does something left out.

    `parents` are those of the rule that it is nested in (CSS Nesting 1, section 3).
    """
    found: list[Selector] = []
    for part in commas(prelude):
        one = _selector(part, parents)
        if one is not None and one not in found:
            found.append(one)
    return tuple(found)


def _selector(nodes: Sequence[Node], parents: tuple[Selector, ...] | None) -> Selector | None:
    certain, pseudo, out = True, "", ""
    if parents is not None and not any(node == "&" for node in _flat(nodes)):
        nodes = [tinycss2.ast.LiteralToken(0, 0, "&"), tinycss2.ast.WhitespaceToken(0, 0, " "), *nodes]
    nodes = [node for node in nodes if node.type != "comment"]
    at = 0
    bare = True  # nothing of the present compound is written yet
    while at < len(nodes):
        node = nodes[at]
        if node == "&":
            certain = certain and parents is not None and all(one.certain for one in parents)
            out += _parent(parents)
            bare = False
        elif node == ":":
            name, end, double = _named(nodes, at)
            if double or name in _OLD_ELEMENTS:
                if name in _NEVER:
                    return None
                pseudo = pseudo or name
            elif name in _LATER:
                return None
            elif name in _KNOWN and not _states(nodes[end - 1]):
                out += ":" + nodes[end - 1].serialize().replace("/**/", "")  # `2n+1` is two tokens
                bare = False
            else:
                certain = False
            at = end
            if (at >= len(nodes) or _ends(nodes[at])) and bare:
                out += "*"
                bare = False
            continue
        else:
            bare = _ends(node) or (bare and node.type == "whitespace")
            out += node.serialize()
        at += 1
    return _tried(out.strip(), certain=certain, pseudo=pseudo)


def _flat(nodes: Sequence[Node]) -> list[Node]:
    """Give tokens with those in the brackets of functions."""
    found: list[Node] = []
    for node in nodes:
        found.append(node)
        if node.type == "function":
            found += _flat(node.arguments)
    return found


def _parent(parents: tuple[Selector, ...] | None) -> str:
    if parents is None:
        return ":root"
    return f":is({','.join(one.text for one in parents)})" if parents else ":not(*)"


def _named(nodes: Sequence[Node], at: int) -> tuple[str, int, bool]:
    """Give the name behind one colon or two, where the next token is, and whether they are two."""
    double = at + 1 < len(nodes) and nodes[at + 1] == ":"
    at += 2 if double else 1
    if at >= len(nodes) or nodes[at].type not in {"ident", "function"}:
        return "", at, double
    name = nodes[at].lower_value if nodes[at].type == "ident" else nodes[at].lower_name
    return name, at + 1, double


def _states(node: Node) -> bool:
    """Tell whether the arguments of a pseudo-class speak of what a tree does not know, or of a parent."""
    if node.type != "function":
        return False
    flat = _flat(node.arguments)
    for number, one in enumerate(flat):
        if one == "&":
            return True
        if one == ":":
            name, _, double = _named(flat, number)
            if double or name not in _KNOWN:
                return True
    return False


def _ends(node: Node) -> bool:
    """Tell whether a compound ends here."""
    return node.type == "whitespace" or (node.type == "literal" and node.value in _COMBINATORS)


def _tried(text: str, *, certain: bool, pseudo: str) -> Selector:
    """Give a selector that the tree takes; what it does not take matches everything."""
    try:
        _PROBE.select_one(text)
    except (ValueError, SyntaxError, turbohtml.SelectorSyntaxError):
        return Selector("*", certain=False, pseudo=pseudo)
    return Selector(text, certain, pseudo)
