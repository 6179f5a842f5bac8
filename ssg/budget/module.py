"""The text of a script → what it imports, and what it may fetch that nobody can know (ECMAScript 2025, section 16.2)."""

from collections.abc import Sequence

from ssg.budget.facts import ModuleFacts
from ssg.scanning import Token, scan, specifiers

# What fetches by itself, by the name that is called.
_FETCHING = {
    "fetch": "fetch()",
    "importScripts": "importScripts()",
    "Worker": "new Worker()",
    "SharedWorker": "new SharedWorker()",
    "XMLHttpRequest": "new XMLHttpRequest()",
    "EventSource": "new EventSource()",
    "WebSocket": "new WebSocket()",
    "Image": "new Image()",
    "sendBeacon": "sendBeacon()",
}
_SIGNS = (*_FETCHING, "import", "export")


def read_module(js: str) -> ModuleFacts:
    """Read a script, classic or a module. What cannot be known is named in words, each thing once; nothing is raised."""
    if not any(sign in js for sign in _SIGNS):
        return ModuleFacts()
    tokens = list(scan(js))
    found, _ = specifiers(tokens)
    real = [one for one in tokens if one.kind not in {"space", "comment"}]
    top = _at_once(real)
    static = [one.url for one in found if one.static]
    dynamic = [one for one in found if one.module and not one.static]
    return ModuleFacts(
        static=tuple(dict.fromkeys(static)),
        maybe=tuple(dict.fromkeys(one.url for one in dynamic if one.start in top)),
        lazy=tuple(dict.fromkeys(one.url for one in dynamic if one.start not in top)),
        unknown=tuple(dict.fromkeys(_unknown(real))),
    )


def _at_once(real: Sequence[Token]) -> set[int]:
    """Give where the strings of `import("…")` begin that stand in no braces and behind no arrow."""
    found: set[int] = set()
    depth = 0
    for number, token in enumerate(real):
        depth += (token.text == "{") - (token.text == "}")
        arrow = number > 0 and real[number - 1].text == "=>"
        if token.text == "import" and depth == 0 and not arrow and number + 2 < len(real):
            found.add(real[number + 2].start)
    return found


def _unknown(real: Sequence[Token]) -> list[str]:
    """Name what a script calls that fetches what only running it tells."""
    found: list[str] = []
    for number, token in enumerate(real):
        if token.kind != "word" or number + 1 >= len(real):
            continue
        after = real[number + 1].text
        before = real[number - 1].text if number else ""
        if token.text == "import" and after == "(" and number + 2 < len(real) and before != ".":
            if real[number + 2].kind != "string":
                found.append("import() of what is no literal")
        elif token.text in _FETCHING and after == "(" and (before != "." or token.text == "sendBeacon"):
            if (before == "new") == _FETCHING[token.text].startswith("new ") and before != "function":
                found.append(_FETCHING[token.text])
    return found
