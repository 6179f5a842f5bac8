"""`data/` → values that templates ask for by name."""

import csv
import io
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

import msgspec

from ssg.content.formats import decode_json, decode_toml, decode_yaml
from ssg.errors import Diagnostic, Location, error
from ssg.model import File

_FORMATS = (".toml", ".yaml", ".yml", ".json", ".csv")


class Data(msgspec.Struct, frozen=True):
    """The data files of a site by name: `data/team/people.yaml` is `team/people`."""

    values: Mapping[str, Any]
    diagnostics: tuple[Diagnostic, ...]


def load_data(files: tuple[File, ...]) -> Data:
    """Read the data files. A CSV file gives a list of rows, each a mapping by the names in its first line."""
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    found: list[Diagnostic] = []
    for file in files:
        path = PurePosixPath(file.name)
        if path.suffix not in _FORMATS:
            hint = f"data files end in {', '.join(_FORMATS)}"
            found.append(error("data", "is no data file", Location(file.path), hint))
            continue
        name = path.with_suffix("").as_posix()
        if name in values:
            message = f'and {origins[name]} are both data "{name}"'
            found.append(error("data", message, Location(file.path), "rename one of them"))
        value, mistake = _decode(file, path.suffix)
        values[name], origins[name] = value, file.path
        found += [mistake] if mistake else []
    return Data(values, tuple(found))


def _decode(file: File, suffix: str) -> tuple[Any, Diagnostic | None]:
    try:
        text = Path(file.file).read_text(encoding="utf-8-sig")
    except OSError as reason:
        message = f"cannot be read: {(reason.strerror or str(reason)).lower()}"
        return None, error("unreadable", message, Location(file.path), "make it readable")
    except UnicodeDecodeError as reason:
        message = f"is not UTF-8 (byte 0x{reason.object[reason.start]:02x})"
        return None, error("encoding", message, Location(file.path), "save the file as UTF-8")
    if suffix == ".toml":
        return decode_toml(text, file.path)
    if suffix in {".yaml", ".yml"}:
        return decode_yaml(text, file.path)
    if suffix == ".csv":
        return list(csv.DictReader(io.StringIO(text))), None
    value, end, mistake = decode_json(text.lstrip(), file.path)
    if mistake is None and text.lstrip()[end:].strip():
        line = text.rstrip().count("\n") + 1
        mistake = error("json", "invalid JSON: more text after the value", Location(file.path, line), "take it out")
    return value, mistake
