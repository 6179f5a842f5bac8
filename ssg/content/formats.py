"""YAML, TOML and JSON text → plain values, with the file's own line in every mistake."""

import json
import tomllib
from datetime import date, time
from typing import Any

from ssg.config import toml_mistake
from ssg.errors import Diagnostic, Location, error

_COLON = "put quotes around a value that holds a colon or begins with a special character"
_JSON = 'write it as {"key": "value"}, with double quotes and no comma at the end'


def decode_yaml(text: str, path: str, first_line: int = 1) -> tuple[Any, Diagnostic | None]:
    """Give the value of a YAML text, or a diagnostic; `first_line` is where the text begins in the file."""
    import yaml  # noqa: PLC0415 - sites in TOML need none of its 10 ms

    try:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        return plain(yaml.load(text, loader)), None  # noqa: S506 - a safe loader
    except yaml.MarkedYAMLError as reason:
        line = reason.problem_mark.line + first_line if reason.problem_mark else first_line
        problem = reason.problem or reason.context or "not YAML"
        return None, error("yaml", f"invalid YAML: {problem}", Location(path, line), _COLON)
    except (yaml.YAMLError, ValueError, RecursionError) as reason:
        message = f"invalid YAML: {str(reason).splitlines()[0]}"
        return None, error("yaml", message, Location(path, first_line), "write the value in quotes")


def decode_toml(text: str, path: str, first_line: int = 1) -> tuple[Any, Diagnostic | None]:
    """Give the value of a TOML text, or a diagnostic."""
    try:
        return plain(tomllib.loads(text)), None
    except tomllib.TOMLDecodeError as reason:
        return None, toml_mistake(path, reason, first_line)


def decode_json(text: str, path: str) -> tuple[Any, int, Diagnostic | None]:
    """Give the value of the JSON at the start of a text and the position after it, or a diagnostic."""
    try:
        value, end = json.JSONDecoder().raw_decode(text)
    except json.JSONDecodeError as reason:
        message = f"invalid JSON: {reason.msg[:1].lower()}{reason.msg[1:]}"
        return None, 0, error("json", message, Location(path, reason.lineno), _JSON)
    return value, end, None


def plain(value: Any) -> Any:
    """Give a value in types that JSON has, so that it is the same after a journey between processes.

    Keys become text; dates and times become ISO 8601 text.
    """
    if isinstance(value, dict):
        return {str(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [plain(entry) for entry in value]
    if isinstance(value, (date, time)):
        return value.isoformat()
    return value if value is None or isinstance(value, (str, int, float, bool)) else str(value)
