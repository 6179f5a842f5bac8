"""Places in `site.toml`, and mistakes in TOML, with their lines."""

import re
import tomllib
from pathlib import Path

from ssg.errors import Diagnostic, Location, error

FILE = "site.toml"

# A part of a key, bare or quoted (TOML 1.0.0, keys).
_KEY = r"""(?:[\w-]+|"[^"]*"|'[^']*')"""


def place(root: str, table: tuple[str, ...], key: str) -> Location:
    """Give the place in the `site.toml` of a site folder where a key is set, for what is found wrong later."""
    try:
        text = Path(root, FILE).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return Location(FILE)
    return Location(FILE, locate(text, table, key))


def toml_mistake(path: str, reason: tomllib.TOMLDecodeError, first_line: int = 1) -> Diagnostic:
    """Turn a TOML error into a diagnostic at its line; `first_line` is where the TOML text begins in the file."""
    text = str(reason)
    place = re.search(r" \(at (?:line (\d+), column (\d+)|end of document)\)", text)
    line = first_line - 1 + int(place[1]) if place and place[1] else 0
    message = text[: place.start()] if place else text
    hint = "write the value as TOML: text in quotes, lists in brackets"
    return error("toml", f"invalid TOML: {message[:1].lower()}{message[1:]}", Location(path, line), hint)


def locate(text: str, table: tuple[str, ...], key: str) -> int:
    """Give the line (from 1) where `key` is set in `[table]` of a TOML text, else the table's line, else 0."""
    current: tuple[str, ...] = ()
    table_line = below = 0
    for number, line in enumerate(text.splitlines(), 1):
        if header := re.match(r"\s*\[\[?([^\[\]]+)\]", line):
            current = tuple(part.strip().strip("\"'") for part in header[1].split("."))
            if current == (*table, key):
                return number
            if current[: len(table) + 1] == (*table, key):
                below = below or number
            if current == table:
                table_line = table_line or number
        elif name := re.match(rf"\s*({_KEY}(?:\s*\.\s*{_KEY})*)\s*=", line):
            path = (*current, *(part.strip("\"'") for part in re.findall(_KEY, name[1])))
            if path[: len(table) + 1] == (*table, key):
                return number
            if table and path == table:
                table_line = number
    return below or table_line
