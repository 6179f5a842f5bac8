"""The text of a style sheet → what a browser may fetch for it (CSS Cascade 5, CSS Fonts 4, CSS Images 4)."""

import re
from collections.abc import Iterable, Sequence

import msgspec
import tinycss2
from tinycss2.ast import Node

from ssg.budget.addresses import resolve
from ssg.budget.faces import face, families, first_family, weights
from ssg.budget.facts import Face, Image, Import, Selector, SheetFacts, Styling
from ssg.budget.lengths import commas
from ssg.budget.selectors import EVERYTHING, selectors

_GROUPS = frozenset(("media", "supports", "container", "scope", "layer", "starting-style"))
_FRAMES = frozenset(("keyframes", "-webkit-keyframes"))
_SETS = frozenset(("image-set", "-webkit-image-set"))
# Shorthands that set what others name: they compete.
_FAMILIES = ("background", "border-image", "list-style", "mask", "-webkit-mask", "font", "animation")
_ANIMATIONS = frozenset(("animation", "animation-name", "-webkit-animation", "-webkit-animation-name"))
_FONTS = frozenset(("font", "font-family", "font-weight", "font-style"))
_HIDING = re.compile(r"\b(?:none|hidden|contents)\b", re.IGNORECASE)


def read_sheet(css: str, url: str, origins: tuple[str, ...] = ()) -> SheetFacts:
    """Read a style sheet whose text is at a URL, which what it names is relative to.

    What is not CSS is passed over, as browsers do; nothing is raised.
    """
    try:
        return _Reader(url, origins).sheet(css)
    except RecursionError:  # brackets that stand in each other by the hundred
        return SheetFacts()


class _Reader:
    """Goes through one sheet in order."""

    def __init__(self, url: str, origins: tuple[str, ...]) -> None:
        self.url = url
        self.origins = origins
        self.faces: list[Face] = []
        self.rules: list[Styling] = []
        self.characters: set[str] = set()

    def sheet(self, css: str) -> SheetFacts:
        rules = tinycss2.parse_stylesheet(css.lstrip("\ufeff"), skip_comments=True, skip_whitespace=True)
        imports: list[Import] = []
        for one in rules:
            name = one.lower_at_keyword if one.type == "at-rule" else ""
            if name == "import" and one.content is None:
                imports += self.imported(one)
            elif name not in {"charset", "layer"} or one.content is not None:
                break
        self.group(rules, (), None, certain=True)
        return SheetFacts(tuple(imports), tuple(self.faces), tuple(self.rules), "".join(sorted(self.characters)))

    def imported(self, one: Node) -> Iterable[Import]:
        """Read an `@import` (CSS Cascade 5, section 2)."""
        nodes = [node for node in one.prelude if node.type not in {"whitespace", "comment"}]
        url = ""
        if nodes:
            url = self.resolved(nodes[0].value if nodes[0].type == "string" else _url(nodes[0]))
        if not url:
            return
        rest, certain = nodes[1:], True
        if rest and ((rest[0].type == "ident" and rest[0].lower_value == "layer") or _calls(rest[0], "layer")):
            rest = rest[1:]
        if rest and _calls(rest[0], "supports"):
            rest, certain = rest[1:], False
        yield Import(url, " ".join(node.serialize() for node in rest), certain)

    def resolved(self, url: str | None) -> str:
        return resolve(url, self.url, self.origins) if url else ""

    def group(
        self, rules: Sequence[Node], media: tuple[str, ...], parents: tuple[Selector, ...] | None, *, certain: bool
    ) -> None:
        """Read rules at the top, in a group, or nested in a rule whose selectors are `parents`."""
        for one in rules:
            if one.type == "qualified-rule":
                self.style(one.prelude, one.content, media, parents, certain=certain)
            elif one.type == "at-rule" and one.content is not None:
                self.at_rule(one, media, parents, certain=certain)

    def at_rule(
        self, one: Node, media: tuple[str, ...], parents: tuple[Selector, ...] | None, *, certain: bool
    ) -> None:
        name = one.lower_at_keyword
        if name == "font-face":
            found = face(one.content, self.resolved, media, certain=certain)
            self.faces += [found] if found is not None else []
        elif name in _FRAMES:
            frames = tinycss2.serialize(one.prelude).strip().strip("\"'")
            for step in tinycss2.parse_blocks_contents(one.content, skip_comments=True, skip_whitespace=True):
                if step.type == "qualified-rule":
                    self.declare(step.content, (EVERYTHING,), media, certain=False, frames=frames)
        elif name in _GROUPS:
            if name == "media":
                media = (*media, tinycss2.serialize(one.prelude).strip())
            sure = certain and name in {"media", "layer"}
            if parents is None:
                rules = tinycss2.parse_rule_list(one.content, skip_comments=True, skip_whitespace=True)
                self.group(rules, media, None, certain=sure)
            else:
                self.declare(one.content, parents, media, certain=sure)

    def style(
        self,
        prelude: Sequence[Node],
        content: Sequence[Node],
        media: tuple[str, ...],
        parents: tuple[Selector, ...] | None,
        *,
        certain: bool,
    ) -> None:
        self.declare(content, selectors(prelude, parents), media, certain=certain)

    def declare(
        self,
        content: Sequence[Node],
        found: tuple[Selector, ...],
        media: tuple[str, ...],
        *,
        certain: bool,
        frames: str = "",
    ) -> None:
        """Read the declarations of a rule, then what is nested in it."""
        inside = tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True)
        declared = [one for one in inside if one.type == "declaration"]
        rule = self.rule(declared, found, media, certain=certain, frames=frames) if found else None
        if rule is not None:
            self.rules.append(rule)
        nested = [one for one in inside if one.type in {"qualified-rule", "at-rule"}]
        if nested:
            self.group(nested, media, found, certain=certain)

    def rule(
        self,
        declared: Sequence[Node],
        found: tuple[Selector, ...],
        media: tuple[str, ...],
        *,
        certain: bool,
        frames: str,
    ) -> Styling | None:
        images: list[Image] = []
        named: list[str] = []
        thick: list[str] = []
        moves: list[str] = []
        slanted = hides = content = False
        first = ""
        last = {_longest(one.lower_name): one for one in declared}
        for one in declared:
            name = one.lower_name
            found_here = self.images(one, len(images))
            # A later declaration of the rule takes its place, if a browser understands it.
            over = last[_longest(name)] is not one
            images += [msgspec.structs.replace(image, certain=False) if over else image for image in found_here]
            if name in _FONTS or name.startswith("--"):
                named += families(one)
                first = first_family(one) if name in {"font", "font-family"} else first
                thick += weights(one)
                slanted = slanted or _slants(one)
            if name in _ANIMATIONS or name.startswith("--"):
                moves += [node.value for node in one.value if node.type in {"ident", "string"}]
            hides = hides or (name in {"display", "content-visibility"} and _hides(one))
            if name == "content":
                self.characters.update(*(node.value for node in one.value if node.type == "string"))
                content = any(node.type in {"string", "url", "function"} for node in one.value)
        sets = tuple(sorted({_longest(one.lower_name) for one in declared}))
        if not (images or named or thick or slanted or hides or moves or _matters(sets) or content):
            return None
        return Styling(
            selectors=found, media=media, certain=certain, images=tuple(images), families=tuple(dict.fromkeys(named)),
            weights=tuple(dict.fromkeys(thick)), slanted=slanted, hides=hides, sets=sets, frames=frames,
            animations=tuple(dict.fromkeys(moves)), content=content, first=first,
        )  # fmt: skip

    def images(self, one: Node, number: int) -> Iterable[Image]:
        """Give the images that a declaration names; one with a fragment alone is in the page."""
        for node in one.value:
            if node.type == "function" and node.lower_name in _SETS:
                yield from self.choices(one.lower_name, node, number + 1)
            elif node.type == "function" and _url(node) is None:
                for url in _urls(node.arguments):
                    if found := self.resolved(url):
                        yield Image(one.lower_name, found, certain=False)
            elif found := self.resolved(_url(node)):
                yield Image(one.lower_name, found, certain=not one.lower_name.startswith("--"))

    def choices(self, name: str, node: Node, number: int) -> Iterable[Image]:
        """Give the choices of an `image-set()` (CSS Images 4, section 2.3)."""
        for part in commas(node.arguments):
            real = [one for one in part if one.type != "whitespace"]
            if not real:
                continue
            url = real[0].value if real[0].type == "string" else _url(real[0])
            found = self.resolved(url)
            density, kind = 1.0, ""
            for one in real[1:]:
                if one.type == "dimension":
                    density = one.value * {"dpi": 1 / 96, "dpcm": 2.54 / 96}.get(one.lower_unit, 1.0)
                elif _calls(one, "type"):
                    kind = "".join(inner.value for inner in one.arguments if inner.type == "string").lower()
            if found:
                yield Image(name, found, number, density, kind)


def _matters(sets: tuple[str, ...]) -> bool:
    """Tell whether a rule sets what may take the place of an image or a font that another names."""
    return any(one in {"background", "border-image", "list-style", "mask", "-webkit-mask", "font"} for one in sets)


def _longest(name: str) -> str:
    """Give the shorthand that a property belongs to which names an image or a font."""
    own = next((one for one in _FAMILIES if name == one or name.startswith(f"{one}-")), name)
    return own if own == "font" or name in {own, f"{own}-image", f"{own}-source"} else name


def _calls(node: Node, name: str) -> bool:
    return node.type == "function" and bool(node.lower_name == name)


def _url(node: Node) -> str | None:
    """Give the URL of a token: `url(a.png)`, `url("a.png")`, `src("a.png")`."""
    if node.type == "url":
        return str(node.value)
    if node.type == "function" and node.lower_name in {"url", "src"}:
        return next((str(one.value) for one in node.arguments if one.type == "string"), "")
    return None


def _urls(nodes: Sequence[Node]) -> list[str]:
    """Give all URLs in the brackets of a function, as `cross-fade()` and `var()` hold them."""
    found: list[str] = []
    for node in nodes:
        url = _url(node)
        if url:
            found.append(url)
        elif node.type == "function":
            found += _urls(node.arguments)
            if node.lower_name in _SETS:
                found += [one.value for one in node.arguments if one.type == "string"]
    return found


def _slants(one: Node) -> bool:
    if one.lower_name not in {"font", "font-style"} and not one.lower_name.startswith("--"):
        return False
    return any(
        (node.type == "ident" and node.lower_value in {"italic", "oblique"}) or node.type == "function"
        for node in one.value
    )


def _hides(one: Node) -> bool:
    text = tinycss2.serialize(one.value)
    return bool(_HIDING.search(text)) or "var(" in text
