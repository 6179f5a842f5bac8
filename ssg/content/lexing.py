"""Pygments' own lexers, run faster: the same tokens from the same rules, with one native match a token.

Pygments tries the rules of a state one after another in Python. Here the rules of a state are joined to one
regular expression, `(?:rule 1)(?P<_0>)|(?:rule 2)(?P<_1>)|…`: alternation takes the first alternative that matches,
which is the rule that Pygments would have taken, and the name of the last group tells which. States are compiled
when a text first reaches them. Measured over the code of 578 real pages: half the time of Pygments' loop, equal tokens
(`tests/content/test_highlight.py` compares them).

All letters of Unicode, which many languages allow in names, are 600 ranges in an expression: 7 ms to compile. Texts
that hold only characters of a few blocks, as nearly all code does, are matched with the ranges of these alone.
"""

import functools
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from inspect import getclosurevars
from typing import Any, NamedTuple, cast

from pygments.lexer import DelegatingLexer, Lexer, RegexLexer, RegexLexerMeta, bygroups, using
from pygments.token import Error, Whitespace, _TokenType
from pygments.util import Future

Token = tuple[_TokenType, str]

# A rule that refers to groups by number or name, or sets flags for the whole expression, cannot be joined to others.
_ALONE = re.compile(r"\\[1-9]|\(\?P|\(\?\(|\(\?[aiLmsux]+\)")
# Characters above which a rule, mostly a list of words or of all letters of Unicode, takes milliseconds to compile. It
# stands alone: then `re`, which remembers what it compiled, has it for all states that share it.
_LONG = 1000
# Flags at the beginning can as well be set for the rule alone: `(?i)rule` is `(?i:rule)`.
_FLAGGED = re.compile(r"\(\?([ims]+)\)(.*)", re.DOTALL)
# A group that captures, or what may hold an opening parenthesis that opens none: an escape, a class of characters.
_PIECE = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\((?!\?)", re.DOTALL)

# Blocks whose characters code may hold: Latin; punctuation, arrows and symbols; emoji. In others, it hardly ever does.
_COMMON = (0x0, 0x24F), (0x2000, 0x2FFF), (0x1F000, 0x1FAFF)
_SELDOM = re.compile(f"[^{''.join(f'{chr(low)}-{chr(high)}' for low, high in _COMMON)}]")
# A class of characters in an expression, what it begins with, and what it may consist of: characters and ranges.
_CLASS = re.compile(r"\\.|(\[\^?)(\]?(?:\\.|[^\]\\])*)\]", re.DOTALL)
_ITEM = re.compile(r"(\\.|[^\\])(?:-(\\.|[^\\]))?", re.DOTALL)


class _Pattern(NamedTuple):
    """A rule's expression, not compiled yet; a list of words is not even joined yet."""

    source: str | Future
    flags: int


class _Rule(NamedTuple):
    """What to do when a rule matches: a token type or a callback, and the states to enter or leave."""

    action: Any
    new_state: Any
    text: str
    flags: int


class _Step(NamedTuple):
    """One native match, standing for one rule or, by the name of the last group, for several."""

    match: Callable[[str, int], "re.Match[str] | None"]
    rules: dict[str | None, _Rule]


class _LazyRegexLexerMeta(RegexLexerMeta):
    """Reads a lexer's rules as Pygments does, but leaves the expressions uncompiled."""

    def _process_regex(cls, regex: Any, rflags: int, state: str) -> _Pattern:  # noqa: ARG002, N805 - a metaclass
        return _Pattern(regex, rflags)


class _Delegating(DelegatingLexer):
    """Runs two lexers one after the other, as templates in HTML need it: both of them hastened."""

    def __init__(self, _root: type[Lexer], _language: type[Lexer], *needle: _TokenType, **options: Any) -> None:
        super().__init__(hasten(_root), hasten(_language), *needle, **options)


@functools.cache
def hasten(lexer_class: type[Lexer]) -> type[Lexer]:
    """Give a faster class of the same lexer, or the class itself where it does more than run the rules.

    Lexers that it calls in turn are hastened too, as those of scripts and sheets in HTML, and of code in a console.
    """
    if issubclass(lexer_class, DelegatingLexer):
        return type(lexer_class.__name__, (lexer_class, _Delegating), {})
    if inner := getattr(lexer_class, "_innerLexerCls", None):
        return type(lexer_class.__name__, (lexer_class,), {"_innerLexerCls": hasten(inner)})
    if not issubclass(lexer_class, RegexLexer):
        return lexer_class
    if lexer_class.get_tokens_unprocessed is not RegexLexer.get_tokens_unprocessed:
        return lexer_class
    common: dict[str, list[_Step]] = {}
    whole: dict[str, list[_Step]] = {}

    def steps_of(text: str) -> Callable[[str], list[_Step]]:
        seldom = not text.isascii() and _SELDOM.search(text) is not None
        states = whole if seldom else common

        def steps(state: str) -> list[_Step]:
            if state not in states:
                states[state] = _compile(getattr(hastened, "_tokens")[state], seldom=seldom)  # noqa: B009
            return states[state]

        return steps

    def get_tokens_unprocessed(
        self: Lexer, text: str, stack: Iterable[str] = ("root",)
    ) -> Iterator[tuple[int, _TokenType, str]]:
        position = 0
        for kind, value in _run(self, steps_of(text), text, list(stack)):
            yield position, kind, value
            position += len(value)

    body = {"get_tokens_unprocessed": get_tokens_unprocessed, "steps_of": staticmethod(steps_of)}
    hastened = cast("type[Lexer]", _LazyRegexLexerMeta(lexer_class.__name__, (lexer_class,), body))  # type: ignore[no-untyped-call]
    return hastened


def tokens(lexer: Lexer, text: str) -> Sequence[Token]:
    """Give the tokens of a text in order; their values joined are the text. Runs hastened lexers directly."""
    steps_of = getattr(lexer, "steps_of", None)
    if steps_of is not None:
        return _run(lexer, steps_of(text), text, ["root"])
    return [(kind, value) for _, kind, value in lexer.get_tokens_unprocessed(text)]


def _compile(rules: Sequence[tuple[Any, Any, Any]], *, seldom: bool) -> list[_Step]:
    """Join the rules of a state to as few steps as they allow, for texts with `seldom` characters or without."""
    steps: list[_Step] = []
    joined: list[_Rule] = []
    for pattern, action, new_state in rules:
        # A rule made by default() carries a compiled empty expression.
        source, flags = pattern if isinstance(pattern, _Pattern) else ("", 0)
        text = _text(source)
        rule = _Rule(_hastened(action), new_state, text if seldom or flags & re.IGNORECASE else _common(text), flags)
        if len(rule.text) > _LONG or _ALONE.search(_scoped(rule)):
            steps += [*_join(joined), *_join([rule])]
            joined = []
        else:
            joined.append(rule)
    return steps + _join(joined)


def _hastened(action: Any) -> Any:
    """Give an action of a rule with the lexers hastened that it calls, as `using` and `bygroups` of Pygments do."""
    made_by = getattr(action, "__qualname__", "").partition(".")[0]
    if made_by not in {"using", "bygroups"} or getattr(action, "__module__", "") != using.__module__:
        return action
    held = getclosurevars(action).nonlocals
    if "args" in held:
        return bygroups(*map(_hastened, held["args"]))  # type: ignore[no-untyped-call]
    if not {"_other", "kwargs", "gt_kwargs"} <= held.keys():  # the lexer itself, or a Pygments that does it otherwise
        return action
    stack = {"state": held["gt_kwargs"]["stack"]} if "stack" in held["gt_kwargs"] else {}
    return using(hasten(held["_other"]), **held["kwargs"], **stack)  # type: ignore[no-untyped-call]


def _text(source: str | Future) -> str:
    return source if isinstance(source, str) else cast("str", cast("Any", source).get())


def _common(text: str) -> str:
    """Give an expression for texts without characters that code hardly ever holds: their ranges are left out.

    Where case is ignored, a character may stand for one of another block; such expressions stay as they are.
    """
    if text.isascii() or _SELDOM.search(text) is None or _FLAGGED.match(text):
        return text
    return _CLASS.sub(lambda piece: f"{piece[1]}{_common_class(piece[2])}]" if piece[1] else piece[0], text)


@functools.cache
def _common_class(inside: str) -> str:
    """Give what a class of characters holds, without such ranges; the first item stays, so that it is never empty."""
    items = list(_ITEM.finditer(inside))
    return "".join(one[0] for number, one in enumerate(items) if not number or not _is_seldom(one[1], one[2] or one[1]))


def _is_seldom(first: str, last: str) -> bool:
    """Tell whether a range has only characters that code hardly ever holds."""
    if len(first) > 1 or len(last) > 1:
        return False
    return not any(low <= ord(last) and ord(first) <= high for low, high in _COMMON)


def _join(rules: list[_Rule]) -> list[_Step]:
    if not rules:
        return []
    if len(rules) == 1:
        return [_Step(re.compile(rules[0].text, rules[0].flags).match, {None: rules[0]})]
    named = {f"_{number}": rule for number, rule in enumerate(rules)}
    # The empty group stands last in its alternative, so that a literal first character is still tried first.
    text = "|".join(f"(?:{_scoped(rule)})(?P<{name}>)" for name, rule in named.items())
    flags = next((rule.flags for rule in rules if rule.text), 0)
    return [_Step(re.compile(text, flags).match, dict(named.items()))]


def _scoped(rule: _Rule) -> str:
    """Give a rule's expression as it can stand among others: a comment ended, flags at the beginning for it alone.

    Its groups capture nothing. That is a quarter of the time of all matches: a match of fewer groups is smaller, and an
    alternative that begins with a character, not with a group, is passed over where the text has another one.
    """
    if rule.flags & re.VERBOSE:
        return f"{rule.text}\n"
    flagged = _FLAGGED.fullmatch(rule.text)
    text = f"(?{flagged[1]}:{flagged[2]})" if flagged else rule.text
    return _PIECE.sub(lambda piece: "(?:" if piece[0] == "(" else piece[0], text)


def _run(lexer: Lexer, steps_of: Callable[[str], list[_Step]], text: str, stack: list[str]) -> list[Token]:
    """The loop of `RegexLexer.get_tokens_unprocessed`, over joined steps."""
    found: list[Token] = []
    add = found.append
    position, end = 0, len(text)
    steps = steps_of(stack[-1])
    while True:
        for match, rules in steps:
            matched = match(text, position)
            if matched is None:
                continue
            rule = rules.get(matched.lastgroup) or rules[None]
            action = rule.action
            if type(action) is _TokenType:
                if value := matched.group():
                    add((action, value))
            elif action is not None:
                found += _call(lexer, rule, matched, text, position)
            position = matched.end()
            if rule.new_state is not None:
                _enter(stack, rule.new_state)
                steps = steps_of(stack[-1])
            break
        else:
            if position >= end:
                return found
            if text[position] == "\n":
                stack[:] = ["root"]
                steps = steps_of("root")
                add((Whitespace, "\n"))
            else:
                add((Error, text[position]))
            position += 1


def _call(lexer: Lexer, rule: _Rule, matched: "re.Match[str]", text: str, position: int) -> Iterator[Token]:
    """Run a rule's callback on a match of the rule alone, whose groups bear the rule's own numbers."""
    alone = matched
    if matched.re.pattern != rule.text:
        alone = cast("re.Match[str]", re.compile(rule.text, rule.flags).match(text, position))
    return ((kind, value) for _, kind, value in rule.action(lexer, alone) if value)


def _enter(stack: list[str], new_state: Any) -> None:
    """Change the stack of states as a rule says, in Pygments' notation."""
    if isinstance(new_state, tuple):
        for state in new_state:
            if state == "#pop":
                if len(stack) > 1:
                    stack.pop()
            else:
                stack.append(stack[-1] if state == "#push" else state)
    elif isinstance(new_state, int):
        del stack[1 if abs(new_state) >= len(stack) else new_state :]
    else:
        stack.append(stack[-1])
