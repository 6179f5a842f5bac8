"""What a selector requires of a page: the tokens without which it matches nothing.

A token is a tag (`nav`), a class (`.card`), an id (`#top`) or the name of an attribute (`[open`). A page that lacks one
that is required holds no element that the selector matches, in any state; so a rule that is left out for that reason
is never missed. What is not understood requires nothing.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

import msgspec
import tinycss2
from tinycss2.ast import Node

# Their arguments are alternatives, one of which must be there (Selectors 4, sections 4.2 and 4.4; old names too).
_ALTERNATIVES = frozenset(("is", "where", "matches", "any", "-webkit-any", "-moz-any", "has"))
_COMBINATORS = frozenset((">", "+", "~", "||"))
# These look at what follows an element, so one more element at the end of a list of siblings may change what matches.
_TAIL = re.compile(r":(?:last-child|only-child|nth-last-child\()|:has\(\s*[+~]", re.IGNORECASE)
# Parents are written into what is nested this deep and no deeper: their number may double with each level.
_DEEPEST = 4


class Need(msgspec.Struct, frozen=True, array_like=True):
    """Tokens that must all be there, and lists of alternatives: of each list one must be met."""

    all: tuple[str, ...] = ()
    any: tuple[tuple["Need", ...], ...] = ()

    def met(self, tokens: frozenset[str]) -> bool:
        """Tell whether a page with these tokens may hold what this need is of."""
        return tokens.issuperset(self.all) and all(any(one.met(tokens) for one in arms) for arms in self.any)

    def tokens(self) -> set[str]:
        """Give every token that is named anywhere."""
        found = set(self.all)
        return found.union(*(one.tokens() for arms in self.any for one in arms))


class Tail(msgspec.Struct, frozen=True, array_like=True):
    """An element that changes its style when its parent gets one more child at the end: its tokens, its parent's."""

    own: tuple[str, ...] = ()
    parent: tuple[str, ...] | None = None


NOTHING = Need()
"""The need of what may match on any page."""


class _UnknownSyntaxError(Exception):
    """A selector that is not understood."""


def fold(text: str) -> str:
    """Give a text with the letters A to Z small: names of HTML, and all names of a page in quirks mode, ignore case."""
    return (
        text.lower()
        if text.isascii()
        else text.encode("utf-8", "surrogatepass").lower().decode("utf-8", "surrogatepass")
    )


def both(one: Need, other: Need) -> Need:
    """Give the need of two that must be met together."""
    if NOTHING in (one, other):
        return other if one == NOTHING else one
    return Need(tuple(sorted({*one.all, *other.all})), tuple(dict.fromkeys((*one.any, *other.any))))


def either(needs: Iterable[Need]) -> Need:
    """Give the need of several of which one must be met."""
    arms = tuple(dict.fromkeys(needs))
    if not arms or NOTHING in arms:
        return NOTHING
    return arms[0] if len(arms) == 1 else Need((), (arms,))


def need(prelude: Sequence[Node], parent: Need | None = None) -> Need:
    """Give what a selector list requires; `parent` is the need of the rule that it is nested in.

    A list is taken whole: one selector in it that a browser refuses makes the browser refuse the rule.
    """
    try:
        return either(_complex(one, parent) for one in _split(prelude))
    except _UnknownSyntaxError:
        return NOTHING


def nested_need(prelude: Sequence[Node], content: Sequence[Node], parent: Need | None = None, depth: int = 0) -> Need:
    """Give what a style rule with all that is nested in it requires.

    What is nested matches within its parent only, and adds nothing, unless it names the parent as one of several
    (`:is(&, .x)`), or as what it is not (`:not(&)`), or has a `@scope` of its own: CSS Nesting 1, section 3.
    """
    own = need(prelude, parent)
    body = tinycss2.serialize(content)
    if own == NOTHING or ("&" not in body and "@scope" not in body.lower()):
        return own
    return NOTHING if depth >= _DEEPEST or "@scope" in body.lower() else either((own, *_freed(content, own, depth)))


def _freed(content: Sequence[Node], parent: Need, depth: int) -> Iterator[Need]:
    """Give the needs of nested rules that may match where their parent does not."""
    for one in tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True):
        if one.type == "qualified-rule":
            if _has(one.content, "&") or any(_has([part], "&") for part in one.prelude if part.type == "function"):
                yield nested_need(one.prelude, one.content, parent, depth + 1)
        elif one.type == "at-rule" and one.content is not None:
            yield from _freed(one.content, parent, depth)


def tails(prelude: Sequence[Node], content: Sequence[Node]) -> tuple[Tail, ...]:
    """Give the elements whose style depends on there being no further sibling; what is nested may be any element."""
    found = [Tail()] if _TAIL.search(tinycss2.serialize(content)) else []
    if not _TAIL.search(tinycss2.serialize(prelude)):
        return tuple(found)
    for selector in _split(prelude):
        before: Need | None = None
        for combinator, compound in _compounds(selector):
            try:
                own = _compound(compound, None)
            except _UnknownSyntaxError:
                own = NOTHING
            if _TAIL.search(tinycss2.serialize(compound)):
                found.append(Tail(own.all, before.all if before is not None and combinator == ">" else None))
            before = own
    return tuple(dict.fromkeys(found))


def _has(nodes: Sequence[Node], mark: str) -> bool:
    return mark in tinycss2.serialize(nodes)


def _split(nodes: Sequence[Node]) -> list[list[Node]]:
    """Give the parts between the commas."""
    parts: list[list[Node]] = [[]]
    for node in nodes:
        if node == ",":
            parts.append([])
        elif node.type != "comment":
            parts[-1].append(node)
    return parts


def _compounds(selector: Sequence[Node]) -> list[tuple[str, list[Node]]]:
    """Give the compounds of a complex selector, each with the combinator before it: a space where there is no other."""
    found: list[tuple[str, list[Node]]] = [("", [])]
    for node in selector:
        combinator = " " if node.type == "whitespace" else node.value if node.type == "literal" else ""
        if combinator == " " or combinator in _COMBINATORS:
            if found[-1][1]:
                found.append((combinator, []))
            elif combinator != " ":
                found[-1] = (combinator, [])
        else:
            found[-1][1].append(node)
    return [one for one in found if one[1]]


def _complex(selector: Sequence[Node], parent: Need | None) -> Need:
    """Give the need of one selector; without `&` it begins with its parent."""
    whole = NOTHING if parent is None or _has(selector, "&") else parent
    for _, compound in _compounds(selector):
        whole = both(whole, _compound(compound, parent))
    return whole


def _compound(nodes: Sequence[Node], parent: Need | None) -> Need:
    whole, at = NOTHING, 0
    while at < len(nodes):
        node, following = nodes[at], nodes[at + 1] if at + 1 < len(nodes) else None
        if node.type == "literal" and node.value in (".", ":"):
            one, at = _pointed(nodes, at, parent)
            whole = both(whole, one)
            continue
        if node.type == "ident":
            whole = whole if following == "|" else both(whole, Need((fold(node.value),)))
        elif node.type == "hash":
            whole = both(whole, Need((f"#{fold(node.value)}",)))
        elif node.type == "[] block":
            whole = both(whole, _attribute(node.content))
        elif node == "&":
            whole = both(whole, parent or NOTHING)
        elif node not in ("*", "|"):
            raise _UnknownSyntaxError
        at += 1
    return whole


def _pointed(nodes: Sequence[Node], at: int, parent: Need | None) -> tuple[Need, int]:
    """Give the need of a class or of something with a colon, and where the next part begins."""
    following = nodes[at + 1] if at + 1 < len(nodes) else None
    if following is None:
        raise _UnknownSyntaxError
    if nodes[at] == ".":
        if following.type != "ident":
            raise _UnknownSyntaxError
        return Need((f".{fold(following.value)}",)), at + 2
    if following == ":":
        if at + 2 >= len(nodes) or nodes[at + 2].type not in {"ident", "function"}:
            raise _UnknownSyntaxError
        return NOTHING, at + 3
    if following.type == "function" and following.lower_name in _ALTERNATIVES:
        return either(_complex_of_arm(one, parent) for one in _split(following.arguments)), at + 2
    if following.type in {"ident", "function"}:
        return NOTHING, at + 2
    raise _UnknownSyntaxError


def _complex_of_arm(selector: Sequence[Node], parent: Need | None) -> Need:
    """Give the need of an alternative: a parent comes in where it is named; what is not understood requires nothing."""
    whole = NOTHING
    try:
        for _, compound in _compounds(selector):
            whole = both(whole, _compound(compound, parent))
    except _UnknownSyntaxError:
        return NOTHING
    return whole


def _attribute(content: Sequence[Node]) -> Need:
    """Give the need of `[name]`, `[name=value]` and `[namespace|name]`."""
    parts = [node for node in content if node.type not in {"whitespace", "comment"}]
    if "|" in parts[:2]:
        parts = parts[parts.index("|") + 1 :]
    if not parts or parts[0].type != "ident":
        raise _UnknownSyntaxError
    return Need((f"[{fold(parts[0].value)}",))
