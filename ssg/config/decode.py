"""A TOML table → the values of its keys, with a diagnostic for every key that is unknown or of the wrong type."""

import re
import types
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec

from ssg.config.locate import FILE, locate
from ssg.errors import Diagnostic, Location, error, nearest

_NESTED = {
    "extensions": "write a table for each, [extensions.NAME], with use and options",
    "languages": "write a table for each, [languages.fr], with name, title, description and menus",
    "outputs": 'write formats as posts = ["html", "json"], or by kind as posts = { page = ["html", "json"] }',
    "deploy": "write a table for each, [deploy.NAME], with url, and purge = { provider = … }",
    "commands": "write a table for each, [assets.commands.NAME], with run, inputs and outputs",
    "css": 'write each bundle as a list of files, app = ["base.css", "menu.css"]',
    "js": 'write each bundle as a list of files, app = ["menu.js", "search.js"]',
    "headers": 'write a table for each path, "/fonts/*" = { "X-Robots-Tag" = "noindex" }',
    "redirects": 'write "/old/" = "/new/", or "/old/" = { to = "/new/", status = 302 }',
    "sources": 'write directives as script-src = ["https://stats.example.org"]',
    "menus": 'write entries as { name = "Docs", page = "docs/_index.md" }',
    "third_party": 'write sizes by URL pattern, third_party = { "https://cdn.example.com/**" = "30 kB" }',
    "schemas": 'write keys as author = { type = "text", required = true }',
}


def decode(kind: Any, table: Mapping[str, Any], path: tuple[str, ...], text: str, found: list[Diagnostic]) -> Any:
    """Decode one table; append a diagnostic for every key that is unknown or of the wrong type."""
    hints = get_type_hints(kind, include_extras=True)
    where = f"[{'.'.join(path)}]" if path else FILE
    values: dict[str, Any] = {}
    for key, value in table.items():
        line = locate(text, path, key)
        if key not in hints:
            found.append(mistake(f'unknown key "{key}" in {where}', line, _known(key, hints)))
        elif (nested := _struct(hints[key])) is not None:
            if isinstance(value, dict):
                values[key] = decode(nested, value, (*path, key), text, found)
            else:
                found.append(mistake(f'"{key}" in {where} is not a table', line, f"write [{'.'.join((*path, key))}]"))
        else:
            try:
                values[key] = msgspec.convert(value, hints[key])
            except msgspec.ValidationError as reason:
                message = f'"{key}" in {where} {_shown(value, hints[key])}'
                hint = f"it takes {' or '.join(_expected(hints[key]))}"
                if key in _NESTED:  # msgspec names the entry and its place
                    problem = re.sub(" - at `.*`$", "", str(reason))
                    message, hint = f'"{key}" in {where}: {problem[:1].lower()}{problem[1:]}', _NESTED[key]
                found.append(mistake(message, line, hint))
    return kind(**values)


def _struct(kind: Any) -> type[msgspec.Struct] | None:
    """Give the table that a key takes, which may be none at all; None where it takes something else."""
    arms = [arm for arm in (get_args(kind) or (kind,)) if arm is not types.NoneType]
    found = arms[0] if len(arms) == 1 else None
    return found if isinstance(found, type) and issubclass(found, msgspec.Struct) else None


def mistake(message: str, line: int = 0, hint: str = "") -> Diagnostic:
    """Give an error at a line of `site.toml`."""
    return error("config", message, Location(FILE, line), hint)


def _known(key: str, known: Mapping[str, Any]) -> str:
    return nearest(key, known) or f"known are {', '.join(sorted(known))}"


def _shown(value: object, kind: Any) -> str:
    """Say what a value is, or which entry of a list is not what the list takes."""
    if isinstance(value, dict):
        return "is a table"
    if isinstance(value, list):
        of = next((arm for arm in (kind, *get_args(kind)) if get_origin(arm) is tuple), None)
        wrong = [entry for entry in value if not _fits(entry, get_args(of)[0])] if of else []
        return f"holds {msgspec.json.encode(wrong[0]).decode()}" if wrong else "is a list"
    return f"is {msgspec.json.encode(value).decode()}" if isinstance(value, (str, int, float, bool)) else f"is {value}"


def _fits(value: object, kind: Any) -> bool:
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError:
        return False
    return True


def _expected(kind: Any) -> Iterator[str]:
    """Say in words what a type takes."""
    origin = get_origin(kind)
    if origin is Literal:
        yield " or ".join(f'"{choice}"' for choice in get_args(kind))
    elif origin is Annotated:
        of, meta = get_args(kind)[:2]
        yield meta.description or ("a whole number from 1" if of is int else "names of letters, digits, - and _")
    elif origin is tuple:
        yield f"a list of {next(_expected(get_args(kind)[0]))}"
    elif origin in {types.UnionType, Union}:
        for choice in get_args(kind):
            if choice is not types.NoneType:
                yield from _expected(choice)
    else:
        words = {str: "text", bool: "true or false", int: "a whole number"}
        yield words.get(kind, "a table")
