"""`site.toml` → `Config`: every key typed, every mistake of the file reported in one run, with its line."""

import re
import tomllib
import types
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints
from urllib.parse import urlsplit

import msgspec

from ssg.errors import ConfigError, Diagnostic, Location, error, nearest

T = TypeVar("T")

FILE = "site.toml"
_NESTED = {
    "menus": 'write entries as { name = "Docs", page = "docs/_index.md" }',
    "schemas": 'write keys as author = { type = "text", required = true }',
}
PLACEHOLDERS = ("year", "month", "day", "slug", "section")
_SOURCES = ("assets", "data", "static", "templates", "themes", ".ssg")
_IDENTIFIER = Annotated[str, msgspec.Meta(pattern="^[A-Za-z0-9_-]+$")]


class SiteConfig(msgspec.Struct, frozen=True):
    """`[site]`: what the site is called and where it will live."""

    title: str = ""
    """Shown in every page's title and header."""
    base_url: str = ""
    """Where the site will be published, `https://example.org/docs/`. Sitemap and feeds need it."""
    language: str = "en"
    """The language of the content (BCP 47)."""
    description: str = ""
    """One sentence about the site, for search engines and the feed."""

    @property
    def base_path(self) -> str:
        """The path below which all URLs lie, without a final slash: `/docs`, or nothing."""
        return urlsplit(self.base_url).path.rstrip("/")


class ThemeConfig(msgspec.Struct, frozen=True):
    """`[theme]`: which theme dresses the pages."""

    name: str = "default"
    """A folder below `themes/`, or a theme that comes with ssg."""
    options: dict[str, Any] = {}
    """Settings that the theme's `theme.toml` declares; a template reads them as `config.theme`."""


class HighlightConfig(msgspec.Struct, frozen=True):
    """`[markdown.highlight]`: syntax highlighting of fenced code by Pygments."""

    enabled: bool = True
    """Give the tokens of fenced code CSS classes; the theme's style sheet colours them."""
    line_numbers: bool = False
    """Number the lines of fenced code with a language; a fence's own `linenums` goes before."""


class MarkdownConfig(msgspec.Struct, frozen=True):
    """`[markdown]`: the dialect that the pages are written in."""

    engine: Literal["commonmark", "markdown"] = "commonmark"
    """`commonmark` (CommonMark and GitHub's additions, fast) or `markdown` (Python-Markdown)."""
    extensions: tuple[str, ...] | None = None
    """Names of the engine's extensions; without the key, a sensible set."""
    extension_configs: dict[str, dict[str, Any]] = {}
    """Options by extension, for the engine `markdown`."""
    math: bool = False
    """Turn formulas between dollar signs into MathML; needs `ssg[math]`."""
    highlight: HighlightConfig = HighlightConfig()


class Field(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[content.schemas]`: what the front matter of a section's pages must hold under one key."""

    type: Literal["text", "integer", "number", "boolean", "date", "list", "table"] = "text"
    """The type of the value."""
    required: bool = False
    """Whether a page without the key is an error."""
    choices: tuple[str, ...] = ()
    """The values that are allowed; empty for all."""


class MenuEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[menus]`: lists of entries by the menu's name, `main = [{ name = "Docs", page = "docs/_index.md" }]`."""

    name: str
    """What the entry is called."""
    page: str = ""
    """The page it leads to: a file below the content folder."""
    url: str = ""
    """The URL it leads to, where that is not a page: `/tags/`, `https://example.org/`."""


class ContentConfig(msgspec.Struct, frozen=True):
    """`[content]`: where the pages are and how they are grouped."""

    dir: str = "content"
    """The folder of the pages, below the site folder."""
    taxonomies: tuple[_IDENTIFIER, ...] = ("tags",)
    """Front matter keys by which pages are grouped."""
    permalinks: dict[str, str] = {}
    """The URL pattern of the pages in a section's folder: `posts = "/:year/:month/:slug/"`."""
    schemas: dict[str, dict[str, Field]] = {}
    """What front matter must hold, by section: `posts = { author = { type = "text", required = true } }`."""
    paginate: Annotated[int, msgspec.Meta(ge=1)] | None = None
    """How many pages a list shows before it goes on at `page/2/`; without the key, all of them."""
    feeds: tuple[Literal["atom", "rss", "json"], ...] = ("atom",)
    """Feed formats to publish. A section asks for feeds of its own in its front matter."""
    term_feeds: tuple[_IDENTIFIER, ...] = ()
    """Taxonomies whose terms have feeds of their own."""


class HtmlConfig(msgspec.Struct, frozen=True):
    """`[html]`: what is done to the rendered HTML."""

    minifier: Literal["turbohtml", "none"] = "turbohtml"
    """`turbohtml` removes what a browser does not need; `none` leaves the HTML as rendered."""


class OutputConfig(msgspec.Struct, frozen=True):
    """`[output]`: where the built site goes."""

    dir: str = "public"
    """The output folder, below the site folder unless absolute."""


class WorkersConfig(msgspec.Struct, frozen=True):
    """`[workers]`: how work is spread."""

    kind: Literal["processes", "inline"] = "processes"
    """`processes` uses every core; `inline` works in one process."""


class Config(msgspec.Struct, frozen=True):
    """The whole of `site.toml`, one table per room; defaults are written here and nowhere else."""

    site: SiteConfig = SiteConfig()
    theme: ThemeConfig = ThemeConfig()
    markdown: MarkdownConfig = MarkdownConfig()
    content: ContentConfig = ContentConfig()
    html: HtmlConfig = HtmlConfig()
    output: OutputConfig = OutputConfig()
    workers: WorkersConfig = WorkersConfig()
    menus: dict[str, tuple[MenuEntry, ...]] = {}


class Overrides(msgspec.Struct, frozen=True):
    """What options of the command and `SSG_…` variables set, above `site.toml`; None leaves the file's word."""

    base_url: str | None = None
    output: str | None = None


def load_config(root: Path, overrides: Overrides) -> Config:
    """Read `site.toml` of the site folder `root`.

    Raises:
        ConfigError: the folder or the file is missing or unreadable, or has mistakes; all of them are in it.
    """
    try:
        text = (root / FILE).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ConfigError(_missing(root)) from None
    except OSError as reason:
        raise ConfigError(_error(f"cannot be read: {reason.strerror}", hint="make the file readable")) from None
    except UnicodeDecodeError as reason:
        message = f"is not UTF-8 (byte {reason.start} is 0x{reason.object[reason.start]:02x})"
        raise ConfigError(_error(message, hint="save the file as UTF-8")) from None
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as reason:
        raise ConfigError(toml_mistake(FILE, reason)) from None
    found: list[Diagnostic] = []
    config = override(_decode(Config, table, (), text, found), overrides)
    found += _meaning(config, text)
    if found:
        raise ConfigError(*found)
    return config


def override(config: Config, overrides: Overrides) -> Config:
    """Give the configuration with the command's options set above the file's."""
    replace = msgspec.structs.replace
    if overrides.base_url is not None:
        config = replace(config, site=replace(config.site, base_url=overrides.base_url))
    if overrides.output is not None:
        config = replace(config, output=replace(config.output, dir=overrides.output))
    return config


def output_folder(root: Path, config: Config) -> str:
    """Give the output folder of a site.

    Raises:
        ConfigError: it holds the site's own files, or lies among them.
    """
    folder = root / config.output.dir
    real = folder.resolve()
    sources = [(root / name).resolve() for name in (config.content.dir, *_SOURCES)]
    if real == root.resolve() or any(real in (source, *source.parents) or source in real.parents for source in sources):
        message = "the output folder would hold the site's own files, or lie among them"
        raise ConfigError(error("output", message, Location(str(folder)), "choose a folder of its own, like public"))
    return str(folder)


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
    table_line = 0
    for number, line in enumerate(text.splitlines(), 1):
        if header := re.match(r"\s*\[\[?([^\[\]]+)\]", line):
            current = tuple(part.strip().strip("\"'") for part in header[1].split("."))
            if current == (*table, key):
                return number
            if current == table:
                table_line = table_line or number
        elif name := re.match(r"\s*([\w.\"'-]+)\s*=", line):
            path = (*current, *(part.strip("\"'") for part in name[1].split(".")))
            if path[: len(table) + 1] == (*table, key):
                return number
            if table and path == table:
                table_line = number
    return table_line


def _missing(root: Path) -> Diagnostic:
    if not root.is_dir():
        return error("site", "there is no such folder", Location(str(root)), "name the folder of a site with --site")
    return _error("there is no site.toml in this folder", hint='run "ssg init DIR" to begin a site, or use --site DIR')


def _error(message: str, line: int = 0, hint: str = "") -> Diagnostic:
    return error("config", message, Location(FILE, line), hint)


def _decode(kind: Any, table: Mapping[str, Any], path: tuple[str, ...], text: str, found: list[Diagnostic]) -> Any:
    """Decode one table; append a diagnostic for every key that is unknown or of the wrong type."""
    hints = get_type_hints(kind, include_extras=True)
    where = f"[{'.'.join(path)}]" if path else FILE
    values: dict[str, Any] = {}
    for key, value in table.items():
        line = locate(text, path, key)
        if key not in hints:
            found.append(_error(f'unknown key "{key}" in {where}', line, _known(key, hints)))
        elif isinstance(hints[key], type) and issubclass(hints[key], msgspec.Struct):
            if isinstance(value, dict):
                values[key] = _decode(hints[key], value, (*path, key), text, found)
            else:
                found.append(_error(f'"{key}" in {where} is not a table', line, f"write [{'.'.join((*path, key))}]"))
        else:
            try:
                values[key] = msgspec.convert(value, hints[key])
            except msgspec.ValidationError as reason:
                message = f'"{key}" in {where} {_shown(value, hints[key])}'
                hint = f"it takes {' or '.join(_expected(hints[key]))}"
                if key in _NESTED:  # msgspec names the entry and its place
                    problem = re.sub(" - at `.*`$", "", str(reason))
                    message, hint = f'"{key}" in {where}: {problem[:1].lower()}{problem[1:]}', _NESTED[key]
                found.append(_error(message, line, hint))
    return kind(**values)


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
        yield "a whole number from 1" if get_args(kind)[0] is int else "names of letters, digits, - and _"
    elif origin is tuple:
        yield f"a list of {next(_expected(get_args(kind)[0]))}"
    elif origin in {types.UnionType, Union}:
        for choice in get_args(kind):
            if choice is not types.NoneType:
                yield from _expected(choice)
    else:
        words = {str: "text", bool: "true or false", int: "a whole number"}
        yield words.get(kind, "a table")


def permalink(config: ContentConfig, section: str) -> str:
    """Give the URL pattern for pages of a section: that of the nearest folder which has one, or nothing."""
    return nearest_folder(config.permalinks, section) or ""


def nearest_folder(settings: Mapping[str, T], section: str) -> T | None:
    """Give what is set for a section's folder, or for the nearest folder above it that has a setting."""
    of_folder = {folder.strip("/"): setting for folder, setting in settings.items()}
    while section not in of_folder and section:
        section = section.rpartition("/")[0]
    return of_folder.get(section)


def _meaning(config: Config, text: str) -> Iterator[Diagnostic]:
    """Check what types cannot say."""
    base_url = config.site.base_url
    parts = urlsplit(base_url)
    if base_url and (parts.scheme not in {"http", "https"} or not parts.netloc or parts.query or parts.fragment):
        hint = "write the address of the site's root, like https://example.org/docs/"
        yield _error(f'base_url "{base_url}" is not an absolute URL', locate(text, ("site",), "base_url"), hint)
    if config.markdown.engine == "commonmark" and config.markdown.extension_configs:
        line = locate(text, ("markdown",), "extension_configs")
        yield _error(
            "the engine commonmark has no extension_configs",
            line,
            'take them out, or set engine = "markdown"',
        )
    for section, pattern in config.content.permalinks.items():
        line = locate(text, ("content", "permalinks"), section)
        for name in re.findall(r":(\w+)", pattern):
            if name not in PLACEHOLDERS:
                hint = nearest(name, PLACEHOLDERS) or f"known are {', '.join(PLACEHOLDERS)}"
                yield _error(f'the permalink "{pattern}" has the unknown placeholder ":{name}"', line, hint)
        if not (pattern.startswith("/") and pattern.endswith("/")):
            yield _error(f'the permalink "{pattern}" is no path', line, "begin and end it with a slash")
    named = (
        ("content", "dir", config.content.dir, "content"),
        ("theme", "name", config.theme.name, "default"),
    )
    for table, key, value, default in named:
        if value.startswith("/") or {".", ".."} & set(value.split("/")) or not value.strip("/"):
            hint = f'name one, like "{default}"'
            yield _error(
                f'"{key}" in [{table}] is "{value}", which is not a folder below the site folder',
                locate(text, (table,), key),
                hint,
            )
