"""Find and read a theme: templates and options, as a value."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from ssg.config import ThemeConfig, place, toml_mistake
from ssg.errors import ConfigError, Diagnostic, Location, error, nearest
from ssg.model import Inputs

_BUILTIN = Path(__file__).parent / "templates"


class Template(msgspec.Struct, frozen=True):
    """A template: the name by which others include it, the path that messages show, and its text."""

    name: str
    path: str
    text: str


class Theme(msgspec.Struct, frozen=True):
    """All templates that a site can use, its own above the theme's, and the theme's options as JSON."""

    name: str
    folder: str
    templates: tuple[Template, ...]
    options: bytes
    diagnostics: tuple[Diagnostic, ...] = ()

    def names(self) -> frozenset[str]:
        """Give the names of the templates."""
        return frozenset(template.name for template in self.templates)

    def hooks(self, kinds: Iterable[str]) -> tuple[str, ...]:
        """Give those kinds of elements that there is a template `hooks/KIND.html` for."""
        names = self.names()
        return tuple(kind for kind in kinds if f"hooks/{kind}.html" in names)


def load_theme(inputs: Inputs, config: ThemeConfig) -> Theme:
    """Read the theme that `[theme]` names, from the site's `themes/` or from those that come with ssg.

    A file in the site's `templates/` takes the place of the theme's file of the same path, and can extend it as
    `theme/…`. A theme without a feed or
    sitemap template gets ssg's own.

    A template that cannot be read is a diagnostic of the theme.

    Raises:
        ConfigError: there is no such theme, or its `theme.toml` or an option is wrong.
    """
    folder, label = _find(inputs, config.name)
    found: list[Diagnostic] = []
    templates: dict[str, Template] = {}
    places = (
        (_BUILTIN, "ssg"),
        (folder / "templates", f"{label}/templates"),
        (Path(inputs.root, "templates"), "templates"),
    )
    for shelf, shown in places:
        read = list(_read(shelf, shown, found))
        if shown != "templates":  # the file that a site's own takes the place of stays within reach
            read += [msgspec.structs.replace(template, name=f"theme/{template.name}") for template in read]
        templates |= {template.name: template for template in read}
    wrong: list[Diagnostic] = []
    options = _options(folder, label, config, inputs.root, wrong)
    if wrong:
        raise ConfigError(*wrong)
    ordered = tuple(templates[name] for name in sorted(templates))
    return Theme(config.name, str(folder), ordered, msgspec.json.encode(options), tuple(found))


def _find(inputs: Inputs, name: str) -> tuple[Path, str]:
    own = Path(inputs.root, "themes")
    for shelf in (own, *map(Path, inputs.themes)):
        if (shelf / name).is_dir():
            return shelf / name, f"themes/{name}"
    known = {entry.name for shelf in (own, *map(Path, inputs.themes)) if shelf.is_dir() for entry in shelf.iterdir()}
    hint = nearest(name, known) or f"known are {', '.join(sorted(known))}"
    where = place(inputs.root, ("theme",), "name")
    raise ConfigError(error("theme", f'there is no theme "{name}"', where, hint))


def _read(shelf: Path, shown: str, found: list[Diagnostic]) -> Iterator[Template]:
    if not shelf.is_dir():
        return
    for file in sorted(shelf.rglob("*")):
        name = file.relative_to(shelf).as_posix()
        if file.is_dir() or any(part.startswith(".") for part in name.split("/")) or name.endswith("~"):
            continue
        path, text = f"{shown}/{name}", ""
        try:
            text = file.read_text(encoding="utf-8-sig")
        except OSError as reason:
            message = f"cannot be read: {(reason.strerror or str(reason)).lower()}"
            found.append(error("unreadable", message, Location(path), "make it readable"))
        except UnicodeDecodeError as reason:
            message = f"is not UTF-8 (byte 0x{reason.object[reason.start]:02x})"
            found.append(error("encoding", message, Location(path), "save the file as UTF-8"))
        yield Template(name, path, text)


def _options(folder: Path, label: str, config: ThemeConfig, root: str, found: list[Diagnostic]) -> Mapping[str, Any]:
    """Give the options of `theme.toml` with the site's above them; unknown ones and other types are mistakes."""
    path = f"{label}/theme.toml"
    try:
        declared = tomllib.loads((folder / "theme.toml").read_text("utf-8-sig")).get("options", {})
    except FileNotFoundError:
        declared = {}
    except tomllib.TOMLDecodeError as reason:
        found.append(toml_mistake(path, reason))
        return {}
    except (OSError, UnicodeDecodeError) as reason:
        found.append(error("theme", f"cannot be read: {reason}", Location(path), "make it a UTF-8 file"))
        return {}
    if not isinstance(declared, dict):
        found.append(error("theme", '"options" is not a table', Location(path), "write [options]"))
        return {}
    for name, value in config.options.items():
        where = place(root, ("theme", "options"), name)
        if name not in declared:
            message = f'the theme "{config.name}" has no option "{name}"'
            hint = nearest(name, declared) or f"known are {', '.join(sorted(declared)) or 'none'}"
            found.append(error("theme", message, where, hint))
        elif type(value) is not type(declared[name]):
            message = f'the option "{name}" of the theme "{config.name}" is of another type'
            hint = f"it takes a value like {msgspec.json.encode(declared[name]).decode()}"
            found.append(error("theme", message, where, hint))
    return declared | config.options
