"""Stylesheet text → a `Sheet`. What is not understood is kept, and what could go wrong is refused with a reason."""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

import tinycss2
from tinycss2.ast import Node

from ssg.optimize.critical.companions import companions, eased
from ssg.optimize.critical.selectors import Tail, fold, nested_need, tails
from ssg.optimize.critical.sheet import Entry, Group, Kept, Named, Rule, Sheet, plain

# At-rules that hold rules; a layer is one of them when it has a block.
_GROUPS = frozenset(("media", "supports", "container", "scope", "layer", "starting-style"))
_FRAMES = frozenset(("keyframes", "-webkit-keyframes", "-moz-keyframes"))
# Names that a layer must not have (CSS Cascade 5, section 6.4.3): a browser drops the whole rule.
_RESERVED = frozenset(("initial", "inherit", "unset", "revert", "revert-layer"))
_LAYER = re.compile(r"[^\s.,(){}\[\]\"']+(?:\.[^\s.,(){}\[\]\"']+)*")
_BRACKET = re.compile(r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|[(\[{]|[)\]}]', re.DOTALL)
_STRING = re.compile(r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.DOTALL)
_END = re.compile(r"</(?=style)", re.IGNORECASE)
_STEP = re.compile(r"(\dn)/\*\*/(?=\+\d)")
_IMPORTS = "it imports another sheet"
_DEEPEST = 60  # levels of brackets; people and tools write less than ten


def compile_sheet(text: str) -> Sheet:
    """Take a stylesheet apart.

    Takes CSS text, its imports flattened, its URLs independent of where the text stands. Rules that do not parse are
    kept as they are. Nothing is raised: a sheet that must not be taken apart has a `refusal`.
    """
    text = re.sub(r"\r\n?|\f", "\n", text).replace("\0", "\ufffd").lstrip("\ufeff")
    unfit = "it holds `</style` outside of a string" if _END.search(_STRING.sub('""', text)) else ""
    if unfit or _depth(text) > _DEEPEST:
        return _refused(text, unfit or "its brackets stand too deep in one another", unfit)
    try:
        return _Compiler().sheet(text)
    except RecursionError:
        return _refused(text, "its brackets stand too deep in one another", "")


def escaped(text: str) -> str:
    """Give CSS text as the text of a `<style>`: `</style` in a string does not end it. A `@charset` means nothing."""
    return _END.sub(r"<\\/", re.sub(r'^@charset "[^"]*";', "", text))


def _refused(text: str, refusal: str, unfit: str) -> Sheet:
    none: tuple[()] = ()
    return Sheet(
        text=text,
        size=len(text.encode("utf-8", "surrogatepass")),
        first="",
        nodes=none,
        vocabulary=frozenset(),
        words={},
        names=none,
        tails=none,
        refusal=refusal,
        unfit=unfit,
        rooted="@scope" in text.lower(),
    )


def _depth(text: str) -> int:
    depth = deepest = 0
    for bracket in _BRACKET.findall(text):
        if bracket in "([{":
            depth += 1
            deepest = max(deepest, depth)
        elif bracket in ")]}":
            depth = max(depth - 1, 0)
    return deepest


class _Compiler:
    """Goes through one sheet in order and gathers what is said about the whole of it."""

    def __init__(self) -> None:
        self.layers: list[tuple[tuple[str, ...], str]] = []
        self.namespaces: list[str] = []
        self.refusal = self.unfit = ""
        self.rooted = False
        self.tails: dict[Tail, None] = {}
        self.rules: list[Rule] = []
        self.names: dict[str, None] = {}

    def sheet(self, text: str) -> Sheet:
        rules = tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True)
        leading = [one for one in rules if one.type == "at-rule" and one.lower_at_keyword == "namespace"]
        # A namespace after any other rule counts for nothing (CSS Namespaces 3, section 2).
        body = next((at for at, one in enumerate(rules) if not _introduces(one)), len(rules))
        self.namespaces = [_text(one) for one in leading if any(one is early for early in rules[:body])]
        nodes = self.entries((one for one in rules if not any(one is early for early in leading)), (), "")
        dropped = companions([(one.need, len(one.text)) for one in self.rules])
        nodes = _eased(nodes, dropped) if dropped else nodes
        tokens = set().union(*(one.need.tokens() for one in self.rules)) - dropped.keys()
        return Sheet(
            text=text,
            size=len(text.encode("utf-8", "surrogatepass")),
            first="".join(self.namespaces) + self.skeleton(),
            nodes=nodes,
            vocabulary=frozenset(tokens),
            words=_words((*sorted(tokens), *self.names)),
            names=tuple(self.names),
            tails=tuple(self.tails),
            refusal=self.refusal,
            unfit=self.unfit,
            rooted=self.rooted,
        )

    def entries(self, rules: Iterable[Node], conditions: tuple[str, ...], layer: str) -> tuple[Entry, ...]:
        """Give rules at the top or in a group; `conditions` are the groups around, `layer` the path of layers."""
        found: list[Entry] = []
        for one in rules:
            if one.type == "qualified-rule":
                found.append(self.rule(one, conditions, layer))
            elif one.type == "at-rule":
                entry = self.at_rule(one, conditions, layer)
                if entry is not None:
                    found.append(entry)
            elif one.type == "declaration":  # right in a `@scope`, or a mistake
                found.append(Kept(f"{one.serialize()};"))
        return tuple(found)

    def rule(self, one: Node, conditions: tuple[str, ...], layer: str) -> Rule:
        need = nested_need(one.prelude, one.content)
        self.tails |= dict.fromkeys(tails(one.prelude, one.content))
        body = tinycss2.serialize(one.content).strip()
        if "@" in body:
            self.look_inside(one.content, conditions, layer)
        rule = Rule(f"{_head(one.prelude)}{{{body}}}", need)
        self.rules.append(rule)
        return rule

    def look_inside(self, content: Sequence[Node], conditions: tuple[str, ...], layer: str) -> None:
        """Register the layers in a style rule: they are there whether the rule matches or not."""
        for one in tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True):
            if one.type == "at-rule" and one.content is not None and one.lower_at_keyword in _GROUPS:
                self.at_rule(one, conditions, layer)
            elif one.type == "qualified-rule":
                self.look_inside(one.content, conditions, layer)

    def at_rule(self, one: Node, conditions: tuple[str, ...], layer: str) -> Entry | None:
        name, prelude = one.lower_at_keyword, tinycss2.serialize(one.prelude).strip()
        if name == "import":
            self.refusal = self.refusal or _IMPORTS
            self.unfit = _IMPORTS  # in the page it would be found later, and still be waited for
            return None
        if name == "layer" and one.content is None:
            self.register(prelude, conditions, layer)
            return None
        if one.content is None or name not in {*_GROUPS, *_FRAMES, "font-face"}:
            return None if name == "charset" else Kept(_text(one))
        if name == "font-face":
            return self.named(one, "font", _family(one.content))
        if name in _FRAMES:
            return self.named(one, "frames", plain(prelude).strip("\"'"))
        return self.group(one, prelude, conditions, layer)

    def group(self, one: Node, prelude: str, conditions: tuple[str, ...], layer: str) -> Entry:
        name = one.lower_at_keyword
        if name == "scope" and not prelude.startswith("("):
            self.rooted = True
        if name == "layer":
            if prelude and not self.register(prelude, conditions, layer):
                return Kept(_text(one))
            if not prelude:
                # A second copy of it would be a layer of its own, above those that were named in between.
                self.refusal = self.refusal or "it has a layer without a name"
            layer = f"{layer}.{prelude}" if layer else prelude
        head = f"@{one.at_keyword}{tinycss2.serialize(one.prelude).rstrip()}"
        inside = conditions if name == "layer" else (*conditions, head)
        rules = tinycss2.parse_blocks_contents(one.content, skip_comments=True, skip_whitespace=True)
        return Group(head, self.entries(rules, inside, layer))

    def named(self, one: Node, kind: str, name: str) -> Entry:
        if not name:
            return Kept(_text(one))
        self.names[f"{kind}:{name}"] = None
        return Named(_text(one), f"{kind}:{name}")

    def register(self, prelude: str, conditions: tuple[str, ...], layer: str) -> bool:
        """Register the layers of a list in order; false where a browser would drop the rule."""
        names = [name.strip() for name in prelude.split(",")]
        if not all(_LAYER.fullmatch(name) for name in names):
            return False
        if _RESERVED.intersection(part for name in names for part in name.lower().split(".")):
            return False
        for name in names:
            full = f"{layer}.{name}" if layer else name
            if ((), full) not in self.layers and (conditions, full) not in self.layers:
                self.layers.append((conditions, full))
        return True

    def skeleton(self) -> str:
        """Give the statements that put every layer in its place, each within the conditions where it stands."""
        parts = []
        for conditions, group in groupby(self.layers, key=lambda one: one[0]):
            names = ",".join(name for _, name in group)
            opened = "".join(f"{head}{{" for head in conditions)
            parts.append(f"{opened}@layer {names};{'}' * len(conditions)}")
        return "".join(parts)


def _eased(nodes: tuple[Entry, ...], dropped: Mapping[str, str]) -> tuple[Entry, ...]:
    found: list[Entry] = []
    for one in nodes:
        if isinstance(one, Rule):
            found.append(Rule(one.text, eased(one.need, dropped)))
        else:
            found.append(Group(one.prelude, _eased(one.nodes, dropped)) if isinstance(one, Group) else one)
    return tuple(found)


def _introduces(one: Node) -> bool:
    if one.type != "at-rule" or one.content is not None:
        return False
    return one.lower_at_keyword in {"charset", "import", "namespace", "layer"}


def _head(prelude: Sequence[Node]) -> str:
    """Give a selector list as text; `2n+1` needs nothing between its two tokens (CSS Syntax 3, section 6)."""
    text = tinycss2.serialize(prelude).strip()
    return _STEP.sub(r"\1", text) if "/**/" in text and '"' not in text else text


def _text(one: Node) -> str:
    """Give an at-rule as text."""
    head = f"@{one.at_keyword}{tinycss2.serialize(one.prelude).rstrip()}"
    return f"{head};" if one.content is None else f"{head}{{{tinycss2.serialize(one.content).strip()}}}"


def _family(content: Sequence[Node]) -> str:
    """Give the family that a `@font-face` describes, in small letters; nothing where it names none."""
    for one in tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True):
        if one.type == "declaration" and one.lower_name == "font-family":
            parts = [part.value for part in one.value if part.type in {"ident", "string"}]
            return " ".join(" ".join(parts).lower().split())
    return ""


def _words(tokens: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Give the tokens by the words that stand for them in a script.

    The word for an attribute may be a property: `dataset.theme`, `ariaExpanded`, `readOnly`.
    """
    found: dict[str, list[str]] = {}
    for token in tokens:
        if token.startswith("["):
            name = token[1:]
            plain_name = name.replace("-", "")
            written = {name, plain_name, plain_name.removeprefix("data")} - {""}
        elif ":" in token and token.startswith(("font:", "frames:")):
            written = {fold(token.partition(":")[2].partition(" ")[0])}
        else:
            written = {token[1:] if token[0] in ".#" else token}
        for word in written:
            found.setdefault(word, []).append(token)
    return {word: tuple(sorted(found[word])) for word in sorted(found)}
