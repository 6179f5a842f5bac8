"""The text of a script → what it imports, and what it may fetch that nobody can know (ECMAScript 2025, 16.2)."""

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
    """Read a script, classic or a module. What cannot be known is named in words, once; nothing is raised."""
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
        if token.text == "import" and after == "(" and before != "." and number + 2 < len(real):
            found += ["import() of what is no literal"] if real[number + 2].kind != "string" else []
        elif after == "(" and _calls(token.text, before):
            found.append(_FETCHING[token.text])
    return found


def _calls(name: str, before: str) -> bool:
    """Tell whether a name with a bracket behind it fetches something, by the token before it."""
    made = _FETCHING.get(name, "")
    if not made or (before == "." and name != "sendBeacon"):
        return False
    return before != "function" and (before == "new") == made.startswith("new ")
