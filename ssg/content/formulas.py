"""Formulas → MathML, by latex2mathml: browsers draw it without a script. Needs the extra `ssg[math]`."""

import importlib.util
import re
from collections.abc import Sequence

from turbohtml import Element

from ssg.content.passes import Fault, replace

# The engine commonmark writes the first, pymdownx.arithmatex with `generic` the second.
_FORMULAS = ".math-inline,.math-display,.arithmatex"
_DELIMITED = re.compile(r"\s*(?:\\\((.*)\\\)|\\\[(.*)\\\])\s*", re.DOTALL)
# What latex2mathml does not know it gives as an identifier, backslash and all.
_UNKNOWN = re.compile(r"<m[io]>(\\[A-Za-z]+)</m[io]>")
_SYNTAX = "mend the formula; it is shown as written"


def available() -> bool:
    """Tell whether latex2mathml is installed."""
    return importlib.util.find_spec("latex2mathml") is not None


def formulas(root: Element) -> Sequence[Fault]:
    """Replace the formulas of a tree; one that is not valid becomes its source as code, and a fault."""
    faults: list[Fault] = []
    for element in root.select(_FORMULAS):
        source, display = _read(element)
        mathml, message = _mathml(source, display=display)
        if message:
            faults.append(Fault(message, _first_line(source), _SYNTAX))
            mathml = f'<code class="math-invalid">{_escaped(source)}</code>'
        replace(element, mathml)
    return faults


def _read(element: Element) -> tuple[str, bool]:
    """Give the LaTeX text of an element without delimiters, and whether it stands in a line of its own."""
    text = element.text
    if element.has_class("arithmatex"):
        found = _DELIMITED.fullmatch(text)
        if found:
            return (found[1] or found[2] or "").strip(), found[2] is not None
        return text.strip(), element.tag == "div"
    return text.strip(), element.has_class("math-display")


def _mathml(source: str, *, display: bool) -> tuple[str, str]:
    """Give the MathML of a formula, and what is wrong with the formula, if anything."""
    from latex2mathml.converter import convert  # noqa: PLC0415 - 45 ms, an extra

    shown = f'the formula "{_first_line(source)}"'
    if not source:
        return "", "a formula is empty"
    if unbalanced := _unbalanced(source):
        return "", f"{shown} {unbalanced}"
    try:
        mathml: str = convert(source, display="block" if display else "inline")
    except Exception as reason:  # noqa: BLE001 - its own exceptions have no common base
        return "", f"{shown} is not valid LaTeX: {_said(reason)}"
    if unknown := _UNKNOWN.search(mathml):
        return "", f'{shown} has the unknown command "{unknown[1]}"'
    return mathml.replace(' xmlns="http://www.w3.org/1998/Math/MathML"', "", 1), ""


def _unbalanced(source: str) -> str:
    """Say which brace has no partner: latex2mathml passes over that."""
    depth = 0
    for brace in re.findall(r"\\.|[{}]", source, re.DOTALL):
        depth += {"{": 1, "}": -1}.get(brace, 0)
        if depth < 0:
            return 'has a "}" without its "{"'
    return 'has a "{" without its "}"' if depth else ""


def _said(reason: Exception) -> str:
    """Say what an exception of latex2mathml means: most say it by their names alone."""
    name = type(reason).__name__.removesuffix("Error")
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()
    return f"{words} {reason}".strip()


def _first_line(source: str) -> str:
    return source.strip().partition("\n")[0]


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
