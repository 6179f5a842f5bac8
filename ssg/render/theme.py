"""Find and read a theme: templates and options, as a value."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from ssg.config import ThemeConfig, place, toml_mistake
from ssg.errors import ConfigError, Diagnostic, Location, error, nearest
from ssg.extensions import TemplateExtension
from ssg.model import Inputs
from ssg.render.texts import read_texts

BUILTIN = "ssg"
"""What the paths of ssg's own templates begin with in messages."""
_BUILTIN = Path(__file__).parent / "templates"


class Template(msgspec.Struct, frozen=True):
    """A template: the name by which others include it, the path that messages show, and its text."""

    name: str
    path: str
    text: str


class Added(msgspec.Struct, frozen=True):
    """The names that extensions add to those that templates know."""

    functions: tuple[str, ...] = ()
    filters: tuple[str, ...] = ()


class Showing(msgspec.Struct, frozen=True):
    """How wide a theme shows images, each as the attribute `sizes` has it: those of a page, and by the name of a place.

    `path` is the file that says so.
    """

    sizes: str = ""
    slots: tuple[tuple[str, str], ...] = ()
    path: str = ""


class Theme(msgspec.Struct, frozen=True):
    """All templates that a site can use, its own above the theme's, and the theme's options and texts as JSON.

    `folders` are those of the theme and of the themes that it extends, the theme's own last. `added` are names that
    the templates may use beside ssg's own, `images` how wide images are shown.
    """

    name: str
    folders: tuple[str, ...]
    templates: tuple[Template, ...]
    options: bytes
    texts: bytes
    images: Showing = Showing()
    added: Added = Added()
    diagnostics: tuple[Diagnostic, ...] = ()

    def hooks(self, kinds: Iterable[str]) -> tuple[str, ...]:
        """Give those kinds of elements that there is a template `hooks/KIND.html` for."""
        names = {template.name for template in self.templates}
        return tuple(kind for kind in kinds if f"hooks/{kind}.html" in names)


class _Images(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    sizes: str = ""
    slots: dict[str, str] = {}


class _Layer(msgspec.Struct, frozen=True):
    """One theme of a chain: its name, folder, the path that messages show, and what its `theme.toml` says."""

    name: str
    folder: Path
    label: str
    extends: str
    options: dict[str, Any]
    images: Showing


def load_theme(inputs: Inputs, config: ThemeConfig, extensions: Sequence[TemplateExtension] = ()) -> Theme:
    """Read the theme that `[theme]` names, from the site's `themes/` or from those that come with ssg.

    A theme may extend another: its files and options stand above those of the other. A file in the site's `templates/`
    stands above both. What a template takes the place of stays within reach under the name of its theme, as
    `default/page.html`, or of the site's theme as `theme/page.html`. A theme without a feed or sitemap template gets
    ssg's own. A template that cannot be read is a diagnostic of the theme. `extensions` add names that templates know.

    Raises:
        ConfigError: there is no such theme, themes extend each other in a circle, or a `theme.toml` or option is wrong.
    """
    layers = _layers(inputs, config.name)
    found: list[Diagnostic] = []
    templates = {template.name: template for template in _read(_BUILTIN, BUILTIN, found)}
    for layer in layers:
        for template in _read(layer.folder / "templates", f"{layer.label}/templates", found):
            for name in (template.name, f"{layer.name}/{template.name}", f"theme/{template.name}"):
                templates[name] = msgspec.structs.replace(template, name=name)
    templates |= {template.name: template for template in _read(Path(inputs.root, "templates"), "templates", found)}
    for folder, label in (*((layer.folder, f"{layer.label}/") for layer in layers), (Path(inputs.root), "")):
        for template in _read(folder / "shortcodes", f"{label}shortcodes", found):
            name = f"shortcodes/{template.name}"
            templates[name] = msgspec.structs.replace(template, name=name)
    wrong: list[Diagnostic] = []
    options = _options(layers, config, inputs.root, wrong)
    if wrong:
        raise ConfigError(*wrong)
    ordered = tuple(templates[name] for name in sorted(templates))
    folders = tuple(str(layer.folder) for layer in layers)
    shelves = [(layer.folder / "i18n", f"{layer.label}/i18n") for layer in layers]
    texts = read_texts([*shelves, (Path(inputs.root, "i18n"), "i18n")], found)
    encoded = msgspec.json.encode(options), msgspec.json.encode(texts)
    functions = tuple(sorted(name for extension in extensions for name in extension.functions))
    filters = tuple(sorted(name for extension in extensions for name in extension.filters))
    added = Added(functions, filters)
    return Theme(config.name, folders, ordered, *encoded, _shown(layers), added, tuple(found))


def _shown(layers: Sequence[_Layer]) -> Showing:
    """Give how wide images are shown: as the theme says, then those that it extends."""
    sizes = next((layer.images for layer in reversed(layers) if layer.images.sizes), Showing())
    slots = {name: one for layer in layers for name, one in layer.images.slots}
    said = sizes.path or next((layer.images.path for layer in reversed(layers) if layer.images.slots), "")
    return Showing(sizes.sizes, tuple(sorted(slots.items())), said)


def _layers(inputs: Inputs, name: str) -> list[_Layer]:
    """Give the theme after those that it extends."""
    chain: list[_Layer] = []
    where = place(inputs.root, ("theme",), "name")
    while name:
        if name in (seen := [layer.name for layer in chain]):
            circle = " → ".join((*seen[seen.index(name) :], name))
            hint = "take one of the extends out"
            raise ConfigError(error("theme", f"themes extend each other in a circle: {circle}", where, hint))
        layer = _layer(inputs, name, where)
        chain.append(layer)
        where, name = Location(f"{layer.label}/theme.toml"), layer.extends
    return chain[::-1]


def _layer(inputs: Inputs, name: str, where: Location) -> _Layer:
    shelves = [shelf for shelf in (Path(inputs.root, "themes"), *map(Path, inputs.themes)) if shelf.is_dir()]
    folder = next((shelf / name for shelf in shelves if (shelf / name).is_dir()), None)
    if folder is None:
        known = {entry.name for shelf in shelves for entry in shelf.iterdir()}
        hint = nearest(name, known) or f"known are {', '.join(sorted(known))}"
        raise ConfigError(error("theme", f'there is no theme "{name}"', where, hint))
    path = Location(f"themes/{name}/theme.toml")
    try:
        said = tomllib.loads((folder / "theme.toml").read_text("utf-8-sig"))
    except FileNotFoundError:
        said = {}
    except tomllib.TOMLDecodeError as reason:
        raise ConfigError(toml_mistake(path.path, reason)) from None
    except (OSError, UnicodeDecodeError) as reason:
        raise ConfigError(error("theme", f"cannot be read: {reason}", path, "make it a UTF-8 file")) from None
    options, extends = said.get("options", {}), said.get("extends", "")
    if not isinstance(options, dict):
        raise ConfigError(error("theme", '"options" is not a table', path, "write [options]"))
    if not isinstance(extends, str):
        raise ConfigError(error("theme", '"extends" is not text', path, "name one theme"))
    return _Layer(name, folder, f"themes/{name}", extends, options, _images(said.get("images", {}), path))


def _images(said: Any, path: Location) -> Showing:
    """Read `[images]` of a `theme.toml`.

    Raises:
        ConfigError: it is something else than texts, or holds what nobody reads.
    """
    try:
        found = msgspec.convert(said, _Images)
    except msgspec.ValidationError as reason:
        hint = 'write sizes = "100vw", and other places below [images.slots]: card = "20rem"'
        raise ConfigError(error("theme", f'"images" cannot be read: {str(reason).lower()}', path, hint)) from None
    return Showing(found.sizes, tuple(sorted(found.slots.items())), path.path)


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


def _options(layers: Sequence[_Layer], config: ThemeConfig, root: str, found: list[Diagnostic]) -> Mapping[str, Any]:
    """Give the options of the themes with the site's above them; unknown ones and other types are mistakes."""
    declared: dict[str, Any] = {}
    for layer in layers:
        declared |= layer.options
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
