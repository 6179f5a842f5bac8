"""A length of CSS → its value in px."""

import re
from collections.abc import Callable, Mapping, Sequence

_TOKEN = re.compile(r"\s*(?:(\d+\.?\d*|\.\d+)([a-z%]*)|((?:calc|min|max|clamp)?\()|([-+*/,)]))\s*", re.IGNORECASE)
# Those of a rem and an em, before any style sheet: media queries count them so (Media Queries 5, section 1.3).
_FONT = 16.0
# Parentheses in parentheses; more are no length that somebody wrote.
_DEEPEST = 20
_LONGEST = 1e6
_FUNCTIONS: Mapping[str, Callable[[Sequence[float]], float]] = {
    "(": lambda values: values[0],
    "calc(": lambda values: values[0],
    "min(": min,
    "max(": max,
    "clamp(": lambda values: max(values[0], min(values[1], values[2])),
}
_NUMBERS = {"(": (1, 1), "calc(": (1, 1), "min(": (1, 99), "max(": (1, 99), "clamp(": (3, 3)}


def length_in_px(length: str, window: float) -> float:
    """Give a length in CSS px (CSS Values and Units 4, sections 5 and 10) in a window of a width in px.

    Takes px, rem, em and vw, and `calc()`, `min()`, `max()` and `clamp()` of them.

    Raises:
        ValueError: it is none of these, a number without a unit, below 0, or longer than anything on a screen.
    """
    text = length.strip()
    value = _value(text, window, 1)
    # Twice the units give twice the length; not so a number without a unit beside them, and px by px.
    if not 0 <= value < _LONGEST or _value(text, window, 2) != 2 * value:
        raise ValueError(f'"{text}" is no width')
    return value


def _value(text: str, window: float, scale: int) -> float:
    """Give what a text comes to, where each unit counts `scale` times."""
    tokens: list[str | float] = []
    place = 0
    while place < len(text):
        found = _TOKEN.match(text, place)
        if found is None:
            raise ValueError(f'"{text}" is no width in px, rem or vw')
        number, unit, function, sign = found.groups()
        tokens.append(_px(float(number), unit.lower(), window, scale) if number else (function or sign).lower())
        place = found.end()
    tokens.reverse()
    value = _sum(tokens, text, 0)
    if tokens:
        raise ValueError(f'"{text}" is no width')
    return value


def _px(number: float, unit: str, window: float, scale: int) -> float:
    if not unit:
        return number
    factors = {"px": 1.0, "rem": _FONT, "em": _FONT, "vw": window / 100}
    if unit not in factors:
        raise ValueError(f'"{unit}" is none of px, rem, em and vw')
    return number * factors[unit] * scale


def _sum(tokens: list[str | float], text: str, depth: int) -> float:
    """Take a sum from the end of the tokens, which are in reverse."""
    value = _product(tokens, text, depth)
    while tokens and tokens[-1] in {"+", "-"}:
        sign = tokens.pop()
        other = _product(tokens, text, depth)
        value = value + other if sign == "+" else value - other
    return value


def _product(tokens: list[str | float], text: str, depth: int) -> float:
    value = _term(tokens, text, depth)
    while tokens and tokens[-1] in {"*", "/"}:
        sign = tokens.pop()
        other = _term(tokens, text, depth)
        if sign == "/" and other == 0:
            raise ValueError(f'"{text}" divides by 0')
        value = value * other if sign == "*" else value / other
    return value


def _term(tokens: list[str | float], text: str, depth: int) -> float:
    part = tokens.pop() if tokens else ""
    if isinstance(part, float):
        return part
    if part == "-" and depth < _DEEPEST:
        return -_term(tokens, text, depth + 1)
    if part not in _FUNCTIONS or depth >= _DEEPEST:
        raise ValueError(f'"{text}" is no width')
    values = [_sum(tokens, text, depth + 1)]
    while tokens and tokens[-1] == ",":
        tokens.pop()
        values.append(_sum(tokens, text, depth + 1))
    least, most = _NUMBERS[part]
    if not least <= len(values) <= most or not tokens or tokens.pop() != ")":
        raise ValueError(f'"{text}" is no width')
    return _FUNCTIONS[part](values)
