"""The head of a Markdown file: YAML between `---`, TOML between `+++`, or a JSON object."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from ssg.content.formats import decode_json, decode_toml, decode_yaml
from ssg.errors import Diagnostic, Location, error

_FENCES = {"---": "YAML", "+++": "TOML"}
_YAML_KEY = re.compile(r"[\w\"'-]+\s*:(\s|$)")


class FrontMatter(msgspec.Struct, frozen=True):
    """A file split: the values of its head (none is fine), the head's text, the body, and the body's first line."""

    values: Mapping[str, Any]
    head: str
    body: str
    body_line: int
    diagnostics: tuple[Diagnostic, ...] = ()

    def line(self, key: str) -> int:
        """Give the line of the file where `key` is set, or 1."""
        for number, line in enumerate(self.head.splitlines(), 1):
            if re.match(rf"[\s{{,]*[\"']?{re.escape(key)}[\"']?\s*[:=]", line):
                return number
        return 1


def split_front_matter(text: str, path: str) -> FrontMatter:
    """Split the text of a file, its line ends normalised, into front matter and body; mistakes come as diagnostics."""
    first, _, rest = text.partition("\n")
    fence = first.rstrip()
    if fence in _FENCES:
        end = re.search(rf"^{re.escape(fence)}[ \t]*$", rest, re.MULTILINE)
        if end is not None:
            body = rest[end.end() :].removeprefix("\n")
            head = f"{first}\n{rest[: end.end()]}\n"
            return _decoded(fence, rest[: end.start()], head, body, path)
        if fence == "+++" or _YAML_KEY.match(rest):
            hint = f"end it with a line {fence}"
            mistake = error("front-matter", f"{_FENCES[fence]} front matter is never closed", Location(path, 1), hint)
            return FrontMatter({}, "", "", 1, (mistake,))
    elif re.match(r'\{\s*(\n|"|\})', text):
        return _json(text, path)
    return FrontMatter({}, "", text, 1)


def _decoded(fence: str, source: str, head: str, body: str, path: str) -> FrontMatter:
    decode = decode_yaml if fence == "---" else decode_toml
    values, mistake = decode(source, path, 2)
    if mistake is None and values is not None and not isinstance(values, dict):
        hint = "write it as lines of key: value"
        mistake = error("front-matter", f"front matter is {_kind(values)}, not a mapping", Location(path, 2), hint)
    if mistake is not None:
        return FrontMatter({}, head, body, 1, (mistake,))
    return FrontMatter(values or {}, head, body, head.count("\n") + 1)


def _json(text: str, path: str) -> FrontMatter:
    values, end, mistake = decode_json(text, path)
    if mistake is not None:
        return FrontMatter({}, "", "", 1, (mistake,))
    body = text[end:].lstrip(" \t")
    line = text.count("\n", 0, end) + (2 if body.startswith("\n") else 1)
    return FrontMatter(values, text[:end], body.removeprefix("\n"), line)


def _kind(value: object) -> str:
    return "a list" if isinstance(value, list) else "text" if isinstance(value, str) else f"the value {value}"


def as_moment(value: object) -> datetime | None:
    """Give a front matter date as a moment: ISO 8601 text, with UTC assumed where no offset is written.

    A mapping is read by its `created` entry. None, also for None and empty text.

    Raises:
        ValueError: the value is no date.
    """
    if isinstance(value, dict):
        value = value.get("created")
    if value is None or value == "":
        return None
    text = str(value).strip()
    # Jekyll writes `2026-11-20 10:00:00 -0500`; fromisoformat wants no space before the offset.
    text = re.sub(r"\s+([+-]\d{2}:?\d{2}|Z|UTC)$", lambda zone: zone[1].replace("UTC", "Z"), text)
    moment = datetime.fromisoformat(text)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def as_text(value: object) -> str:
    """Give a front matter value as text: empty for None, `true` for a boolean."""
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value).strip()


def as_names(value: object) -> tuple[str, ...]:
    """Give a front matter value as names, each once: a list of them, or one; empty ones are left out."""
    entries = value if isinstance(value, list) else [value]
    return tuple(dict.fromkeys(name for name in map(as_text, entries) if name))
