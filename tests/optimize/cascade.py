"""A cascade for tests: what each element of a small document gets from CSS text, by the book and without haste.

It shares nothing with the code under test. It reads the CSS that `documents` and `stylesheets` make: selectors with
`:is`, `:where`, `:not`, `:has`, states, nesting, and `@layer`, `@media`, `@supports`, `@container`, `@scope`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

PIECE = re.compile(r"\s*[>+~]\s*|\s+|[.#]?[a-zA-Z][\w-]*|\[[a-z-]+\]|::?[a-z-]+\(?|[(),&*]")
UNLAYERED = 1_000_000


@dataclass(eq=False)
class Node:
    """An element."""

    tag: str
    id: str = ""
    classes: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()
    children: list["Node"] = field(default_factory=list)
    parent: "Node | None" = None

    def html(self) -> str:
        marks = f' id="{self.id}"' if self.id else ""
        marks += f' class="{" ".join(self.classes)}"' if self.classes else ""
        marks += "".join(f' {name}="1"' for name in self.attributes)
        return f"<{self.tag}{marks}>{''.join(one.html() for one in self.children)}</{self.tag}>"

    def all(self) -> Iterator["Node"]:
        yield self
        for one in self.children:
            one.parent = self
            yield from one.all()

    def before(self) -> list["Node"]:
        """The siblings before it, nearest first."""
        if self.parent is None:
            return []
        siblings = self.parent.children
        return siblings[: next(at for at, one in enumerate(siblings) if one is self)][::-1]


@dataclass(frozen=True)
class Context:
    """What `&` and `:scope` stand for, and whether every element is hovered."""

    parent: "tuple[list[Any], Context] | None" = None
    scope: Node | None = None
    hovered: bool = False


def selectors(text: str) -> list[Any]:
    """Read a selector list: complex selectors, each a list of (combinator, simple selectors)."""
    pieces = PIECE.findall(text.strip())
    assert "".join(pieces) == text.strip(), text
    found, rest = _list(pieces, 0)
    assert rest == len(pieces), text
    return found


def _list(pieces: list[str], at: int) -> tuple[list[Any], int]:
    found: list[Any] = [[["", []]]]
    while at < len(pieces):
        piece = pieces[at]
        at += 1
        if piece == ")":
            at -= 1
            break
        if piece == ",":
            found.append([["", []]])
        elif piece.strip() in {"", ">", "+", "~"}:
            compound = found[-1][-1]
            if compound[1]:
                found[-1].append([piece.strip() or " ", []])
            elif piece.strip():
                compound[0] = piece.strip()
        elif piece.endswith("("):
            inner, at = _list(pieces, at)
            at += 1
            found[-1][-1][1].append((piece[:-1], inner))
        else:
            found[-1][-1][1].append(piece)
    return [[part for part in one if part[1]] for one in found], at


def matches(one: Node, found: list[Any], context: Context) -> bool:
    return any(_complex(one, selector, context) for selector in found)


def _complex(one: Node, selector: list[Any], context: Context) -> bool:
    *before, (combinator, compound) = selector
    if not all(_simple(one, simple, context) for simple in compound):
        return False
    if not before:
        return bool(combinator == "")
    return any(_complex(other, before, context) for other in _led(one, combinator))


def _led(one: Node, combinator: str) -> list[Node]:
    if combinator == ">":
        return [one.parent] if one.parent else []
    if combinator == " ":
        return [one.parent, *_led(one.parent, " ")] if one.parent else []
    return one.before()[:1] if combinator == "+" else one.before()


def _simple(one: Node, simple: Any, context: Context) -> bool:
    if isinstance(simple, tuple):
        return _function(one, simple[0], simple[1], context)
    first, name = simple[0], simple.strip(".#[]")
    if first == "&":
        return context.parent is None or matches(one, *context.parent)
    if first in ".#[":
        return bool(name in one.classes if first == "." else name == one.id if first == "#" else name in one.attributes)
    if first == ":":
        return {":hover": context.hovered, ":root": one.parent is None, ":scope": one is context.scope}.get(
            simple, True
        )
    return simple in {"*", one.tag}


def _function(one: Node, name: str, inner: list[Any], context: Context) -> bool:
    if name in {":is", ":where"}:
        return matches(one, inner, context)
    if name == ":not":
        return not matches(one, inner, context)
    assert name == ":has"
    return any(_related(one, selector, context) for selector in inner)


def _related(one: Node, selector: list[Any], context: Context) -> bool:
    """Whether an element has what a relative selector describes: its first part hangs on the element."""
    anchor = [["", [":scope"]], [selector[0][0] or " ", selector[0][1]], *selector[1:]]
    pool = list((one.parent or one).all())
    inner = Context(context.parent, one, context.hovered)
    return any(_complex(other, anchor, inner) for other in pool if other is not one)


def specificity(selector: list[Any], context: Context) -> tuple[int, int, int]:
    total = (0, 0, 0)
    for _, compound in selector:
        for simple in compound:
            total = tuple(map(sum, zip(total, _weight(simple, context), strict=True)))  # type: ignore[assignment]  # three
    return total


def _weight(simple: Any, context: Context) -> tuple[int, int, int]:
    if isinstance(simple, tuple):
        name, inner = simple
        return (0, 0, 0) if name == ":where" else max(specificity(one, context) for one in inner)
    if simple == "&":
        return max(specificity(one, context.parent[1]) for one in context.parent[0]) if context.parent else (0, 0, 0)
    if simple[0] == "#":
        return 1, 0, 0
    if simple[0] in ".[" or (simple[0] == ":" and simple[1] != ":"):
        return 0, 1, 0
    return (0, 0, 0) if simple == "*" else (0, 0, 1)


def blocks(text: str) -> list[tuple[str, str | None]]:
    """Part CSS text into statements (`head`, None) and blocks (`head`, inside)."""
    found: list[tuple[str, str | None]] = []
    at = start = depth = opened = 0
    for at, character in enumerate(text):
        if character == "{":
            opened = at if depth == 0 else opened
            depth += 1
        elif character == "}":
            depth -= 1
            if depth == 0:
                found.append((text[start:opened].strip(), text[opened + 1 : at]))
                start = at + 1
        elif character == ";" and depth == 0:
            found.append((text[start:at].strip(), None))
            start = at + 1
    return [*found, (text[start:].strip(), None)] if text[start:].strip() else found


class Cascade:
    """The style of every element; `held` are the conditions that hold, as written."""

    def __init__(self, root: Node, text: str, held: frozenset[str], *, hovered: bool) -> None:
        self.nodes = list(root.all())
        self.held = held
        self.layers: dict[tuple[str, ...], int] = {}
        self.found: list[tuple[Node, str, str, tuple[Any, ...]]] = []
        self.order = 0
        self._walk(text, (), Context(hovered=hovered), None)

    def _walk(self, text: str, layer: tuple[str, ...], context: Context, limit: tuple[str, str] | None) -> None:
        for head, inside in blocks(text):
            if head.startswith("@layer"):
                names = [name.strip() for name in head.removeprefix("@layer").split(",")]
                for name in names:
                    self._register((*layer, *name.split(".")))
                if inside is not None:
                    self._walk(inside, (*layer, *names[0].split(".")), context, limit)
            elif head.startswith("@scope") and inside is not None:
                start, _, end = head.removeprefix("@scope").partition(" to ")
                self._walk(inside, layer, context, (start.strip(" ()"), end.strip(" ()")))
            elif head.startswith("@") and inside is not None:
                if head in self.held:
                    self._walk(inside, layer, context, limit)
            elif inside is not None:
                self._rule(head, inside, layer, context, limit)

    def _register(self, path: tuple[str, ...]) -> None:
        for size in range(1, len(path) + 1):
            self.layers.setdefault(path[:size], len(self.layers))

    def _rule(
        self, head: str, inside: str, layer: tuple[str, ...], context: Context, limit: tuple[str, str] | None
    ) -> None:
        if context.parent is not None:
            head = ",".join(one if "&" in one else f"& {one}" for one in _top_level(head))
        found = selectors(head)
        self.order += 1
        place = self.order
        declared = [one for one in blocks(inside) if one[1] is None]
        for one in self.nodes:
            for near, root in self._roots(one, limit, context):
                seen = Context(context.parent, root, context.hovered)
                weights = [specificity(s, seen) for s in found if _complex(one, s, seen)]
                if weights:
                    for head, _ in declared:
                        self._declare(one, head, layer, (max(weights), -near, place))
        nested = "".join(f"{name}{{{body}}}" for name, body in blocks(inside) if body is not None)
        if nested:
            self._walk(nested, layer, Context((found, context), None, context.hovered), None)

    def _roots(self, one: Node, limit: tuple[str, str] | None, context: Context) -> Iterator[tuple[int, Node | None]]:
        if limit is None:
            yield 0, context.scope
            return
        path, near = [one], 0
        while True:
            root = path[-1]
            ends = limit[1] and any(matches(step, selectors(limit[1]), context) for step in path[:-1])
            if matches(root, selectors(limit[0]), context) and not ends:
                yield near, root
            if root.parent is None:
                return
            path.append(root.parent)
            near += 1

    def _declare(self, one: Node, text: str, layer: tuple[str, ...], rest: tuple[Any, ...]) -> None:
        name, _, value = text.partition(":")
        important = value.endswith("!important")
        self.found.append((one, name, value, (important, layer, rest)))

    def _rank(self, weight: tuple[Any, ...]) -> tuple[Any, ...]:
        important, layer, rest = weight
        place = (*(self.layers[layer[:size]] for size in range(1, len(layer) + 1)), UNLAYERED)
        return important, tuple(-one for one in place) if important else place, rest

    def styles(self) -> list[dict[str, str]]:
        """Give the winning value of each property of each element, all inherited."""
        best: dict[tuple[int, str], tuple[tuple[Any, ...], str]] = {}
        for one, name, value, weight in self.found:
            key, rank = (id(one), name), self._rank(weight)
            if key not in best or best[key][0] <= rank:
                best[key] = rank, value
        final: dict[int, dict[str, str]] = {}
        for one in self.nodes:
            own = {name: value for (owner, name), (_, value) in best.items() if owner == id(one)}
            final[id(one)] = (final[id(one.parent)] if one.parent else {}) | own
        return [_resolved(final[id(one)]) for one in self.nodes]


def _resolved(style: Mapping[str, str]) -> dict[str, str]:
    return {name: style.get("--x", "unset") if "var(" in value else value for name, value in style.items()}


def _top_level(text: str) -> list[str]:
    parts, depth = [""], 0
    for character in text:
        depth += {"(": 1, ")": -1}.get(character, 0)
        if character == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return parts
