"""Python functions that `extension_configs` names: TOML has no way to write a function.

`{ python = "package.module.function" }` is that function, as `!!python/name:` is in YAML. With `args` or `kwds` it is
what the function gives for them, as with `!!python/object/apply:`.
"""

import importlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ssg.config import place
from ssg.errors import ConfigError, error, nearest

_KEY = "python"
_KEYS = (_KEY, "args", "kwds")
_DOTTED = re.compile(r"([^\W\d]\w*(?:\.[^\W\d]\w*)*)\.([^\W\d]\w*)")
# Copied out of a mkdocs.yml, or named without saying so: no option of these packages takes such a text.
_UNSAID = re.compile(r"!!python/(?:name|object/apply):([\w.]*)|((?:pymdownx|material|markdown\.extensions)\.[\w.]+)")


def resolve(options: Mapping[str, Any], extension: str, root: str) -> dict[str, Any]:
    """Give the options of an extension with functions for their names, however deep these stand.

    `root` is the site folder, whose `site.toml` mistakes are placed in.

    Raises:
        ConfigError: a name is no name, cannot be imported or is no function; or the function refuses its arguments.
    """
    table = ("markdown", "extension_configs", *extension.split("."))
    resolved: dict[str, Any] = {}
    for key, value in options.items():
        try:
            resolved[key] = _resolved(value)
        except _NamingError as mistake:
            written = f'"{key}" of the Markdown extension "{extension}" {mistake.message}'
            raise ConfigError(error("extension", written, place(root, table, key), mistake.hint)) from None
    return resolved


def modules(value: object) -> Iterator[str]:
    """Give the modules of all functions that a value names; names that are none are left to `resolve`."""
    if isinstance(value, Mapping):
        named = value.get(_KEY)
        if isinstance(named, str) and (dotted := _DOTTED.fullmatch(named)):
            yield dotted[1]
        for below in value.values():
            yield from modules(below)
    elif isinstance(value, (list, tuple)):
        for below in value:
            yield from modules(below)


class _NamingError(Exception):
    """What is wrong with a name, before its place is known."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


def _resolved(value: Any) -> Any:
    if isinstance(value, str) and (unsaid := _UNSAID.fullmatch(value)):
        name = unsaid[1] or unsaid[2] or "package.module.function"
        raise _NamingError("takes a function, and this is text", f'write {{ python = "{name}" }}')
    if isinstance(value, list):
        return [_resolved(below) for below in value]
    if not isinstance(value, dict):
        return value
    if _KEY not in value:
        return {key: _resolved(below) for key, below in value.items()}
    return _named(value)


def _named(table: dict[str, Any]) -> Any:
    """Give the function that a table names, or what it gives for the arguments of the table."""
    for key in sorted(table.keys() - set(_KEYS)):
        known = "beside python stand args and kwds"
        raise _NamingError(f'names a Python function with the unknown key "{key}"', nearest(key, _KEYS) or known)
    listed, named = table.get("args", []), table.get("kwds", {})
    if not isinstance(listed, list) or not isinstance(named, dict):
        raise _NamingError("gives a Python function wrong arguments", "args is a list, kwds a table")
    function = _function(table[_KEY])
    if len(table) == 1:
        return function
    args, kwds = _resolved(listed), {key: _resolved(value) for key, value in named.items()}
    try:
        return function(*args, **kwds)
    except Exception as reason:  # noqa: BLE001 - a function may raise anything
        message = f'calls the Python function "{table[_KEY]}", which fails: {type(reason).__name__}: {reason}'
        raise _NamingError(message, "look at args and kwds") from None


def _function(name: object) -> Callable[..., Any]:
    """Import what a dotted name says; the import runs a module of others, which may raise anything."""
    dotted = _DOTTED.fullmatch(name) if isinstance(name, str) else None
    if dotted is None:
        shown = json.dumps(name, ensure_ascii=False)
        raise _NamingError(f"names {shown}, which is no Python function", "write it as package.module.function")
    try:
        module = importlib.import_module(dotted[1])
    except Exception as reason:  # noqa: BLE001
        message = f'names the Python function "{name}", whose module cannot be imported: {reason}'
        raise _NamingError(message, "install its package, or mend the name") from None
    found: Callable[..., Any] | None = getattr(module, dotted[2], None)
    if callable(found):
        return found
    what = "which is no function" if hasattr(module, dotted[2]) else f'which the module "{dotted[1]}" does not have'
    functions = [each for each, member in vars(module).items() if callable(member) and not each.startswith("_")]
    hint = nearest(dotted[2], functions) or "name a function of that module"
    raise _NamingError(f'names "{name}", {what}', hint)
