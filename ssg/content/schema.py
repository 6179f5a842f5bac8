"""Front matter that a section demands: `[content.schemas]` of `site.toml`."""

from collections.abc import Iterator, Mapping
from typing import Any

from ssg.config import ContentConfig, Field, nearest_folder
from ssg.content.front_matter import as_moment
from ssg.errors import nearest

_TYPES: Mapping[str, tuple[type, ...]] = {
    "text": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "list": (list,),
    "table": (dict,),
}


def violations(values: Mapping[str, Any], config: ContentConfig, section: str) -> Iterator[tuple[str, str, str]]:
    """Hold front matter against the schema of its section's folder, or of the nearest folder above that has one.

    Gives for each violation the key, what is wrong, and what to do.
    """
    for key, field in (nearest_folder(config.schemas, section) or {}).items():
        value = values.get(key)
        if value is None:
            if field.required:
                yield key, f'there is no "{key}"', f'pages of "{section}" need it: {_said(field)}'
        elif not _fits(value, field):
            yield key, f'"{key}" is not what pages of "{section}" take', f"it takes {_said(field)}"
        elif field.choices and value not in field.choices:
            hint = nearest(str(value), map(str, field.choices)) or f"it takes {_said(field)}"
            yield key, f'"{key}" is "{value}"', hint


def _fits(value: object, field: Field) -> bool:
    if field.type == "date":
        try:
            return as_moment(value) is not None
        except ValueError:
            return False
    if isinstance(value, bool) and field.type != "boolean":
        return False
    return isinstance(value, _TYPES[field.type])


def _said(field: Field) -> str:
    if field.choices:
        return " or ".join(f'"{choice}"' for choice in field.choices)
    words = {"integer": "a whole number", "boolean": "true or false", "text": "text"}
    return words.get(field.type, f"a {field.type}")
