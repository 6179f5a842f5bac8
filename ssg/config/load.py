"""`site.toml` → `Config`: every mistake of the file reported in one run, with its line."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Literal, TypeVar
from urllib.parse import urlsplit

import msgspec

from ssg.config.budgets import read_budgets
from ssg.config.decode import decode, mistake
from ssg.config.hosts import DeliveryConfig
from ssg.config.locate import FILE, locate, place, toml_mistake
from ssg.config.pwa import check_pwa
from ssg.config.tables import Config, ContentConfig
from ssg.config.targets import check_secrets, check_targets
from ssg.errors import ConfigError, Diagnostic, Location, error, nearest
from ssg.urls import HTML

T = TypeVar("T")

PLACEHOLDERS = ("year", "month", "day", "slug", "section")
# Schemes of a shared cache, each with an example.
_REMOTES = {
    "redis": "redis://cache.example.org:6379/0",
    "rediss": "rediss://cache.example.org:6379/0",
    "s3": "s3://bucket/site",
    "gs": "gs://bucket/site",
    "az": "az://account/container/site",
    "file": "file:///srv/cache/site",
}
_SOURCES = (
    "archetypes",
    "assets",
    "data",
    "extensions",
    "i18n",
    "shortcodes",
    "static",
    "templates",
    "themes",
    ".ssg",
)


class Overrides(msgspec.Struct, frozen=True):
    """What options of the command and `SSG_…` variables set, above `site.toml`; None leaves the file's word."""

    base_url: str | None = None
    cdn: str | None = None
    output: str | None = None
    images: bool | None = None
    encodings: tuple[Literal["br", "gzip", "zstd"], ...] | None = None
    delivery: bool | None = None


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
        raise ConfigError(mistake(f"cannot be read: {reason.strerror}", hint="make the file readable")) from None
    except UnicodeDecodeError as reason:
        message = f"is not UTF-8 (byte {reason.start} is 0x{reason.object[reason.start]:02x})"
        raise ConfigError(mistake(message, hint="save the file as UTF-8")) from None
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as reason:
        raise ConfigError(toml_mistake(FILE, reason)) from None
    found: list[Diagnostic] = [*check_secrets(table, text)]
    if found:
        raise ConfigError(*found)
    budgets = read_budgets(table.pop("budgets", []), text, found)
    config = override(decode(Config, table, (), text, found), overrides)
    config = msgspec.structs.replace(config, budgets=budgets)
    found += _meaning(config, text)
    if found:
        raise ConfigError(*found)
    return config


def override(config: Config, overrides: Overrides) -> Config:
    """Give the configuration with the command's options set above the file's."""
    replace = msgspec.structs.replace
    if overrides.base_url is not None:
        config = replace(config, site=replace(config.site, base_url=overrides.base_url))
    if overrides.cdn is not None:
        config = replace(config, assets=replace(config.assets, cdn=overrides.cdn))
    if overrides.output is not None:
        config = replace(config, output=replace(config.output, dir=overrides.output))
    if overrides.delivery is False:
        config = replace(config, delivery=DeliveryConfig())
        if config.pwa is not None:  # and a browser that knows the site by this address forgets its worker
            config = replace(config, pwa=replace(config.pwa, remove=True))
    if overrides.images is not None:
        config = replace(config, images=replace(config.images, enabled=overrides.images))
    if overrides.encodings is not None:
        config = replace(config, output=replace(config.output, encodings=overrides.encodings))
    return config


def output_folder(root: Path, config: Config) -> str:
    """Give the output folder of a site.

    Raises:
        ConfigError: it holds the site's own files, or lies among them.
    """
    folder = root / config.output.dir
    real = folder.resolve()
    sources = [(root / name).resolve() for name in (config.content.dir, *_SOURCES)]
    if _among(real, root.resolve(), sources):
        message = "the output folder would hold the site's own files, or lie among them"
        raise ConfigError(error("output", message, Location(str(folder)), "choose a folder of its own, like public"))
    return str(folder)


def delivery_folder(root: Path, config: Config) -> str:
    """Give the folder of configuration for hosts, which no host is to serve.

    Raises:
        ConfigError: it holds the site's own files or the output, or lies among them.
    """
    folder, name = root / config.delivery.dir, config.delivery.dir
    output = (root / config.output.dir).resolve()
    sources = [output, *((root / name).resolve() for name in (config.content.dir, *_SOURCES))]
    if _among(folder.resolve(), root.resolve(), sources):
        where = place(str(root), ("delivery",), "dir")
        message = f'dir in [delivery] is "{name}", which is not a folder of its own below the site folder'
        raise ConfigError(error("config", message, where, 'name one, like "delivery"'))
    return str(folder)


def _among(folder: Path, root: Path, sources: Iterable[Path]) -> bool:
    """Tell whether a folder is the site's, or holds one of its sources, or lies in one."""
    return folder == root or any(folder in (one, *one.parents) or one in folder.parents for one in sources)


def _missing(root: Path) -> Diagnostic:
    if not root.is_dir():
        return error("site", "there is no such folder", Location(str(root)), "name the folder of a site with --site")
    return mistake("there is no site.toml in this folder", hint='run "ssg init DIR" to begin a site, or use --site DIR')


def permalink(config: ContentConfig, section: str) -> str:
    """Give the URL pattern for pages of a section: that of the nearest folder which has one, or nothing."""
    return nearest_folder(config.permalinks, section) or ""


def nearest_folder(settings: Mapping[str, T], section: str) -> T | None:
    """Give what is set for a section's folder, or for the nearest folder above it that has a setting."""
    of_folder = {folder.strip("/"): setting for folder, setting in settings.items()}
    while section not in of_folder and section:
        section = section.rpartition("/")[0]
    return of_folder.get(section)


def output_setting(config: ContentConfig, folder: str, kind: str) -> tuple[str, tuple[str, ...]]:
    """Give the formats in which a kind is published in a section's folder or, for tags, in a taxonomy's, HTML first.

    The nearest folder that says something of the kind counts. With the formats comes its name as `[content.outputs]`
    has it, empty where none says anything. A plain list is for all that a reader can look for, so not for 404.
    """
    said = {}
    for name, setting in config.outputs.items():
        if not isinstance(setting, dict):
            formats = setting if kind != "404" else ()
        else:
            formats = next((formats for one, formats in setting.items() if one == kind), ())
        if formats:
            said[name] = (name, html_first(formats))
    return nearest_folder(said, folder) or ("", (HTML,))


def html_first(formats: Iterable[str]) -> tuple[str, ...]:
    """Give formats, each once, with HTML before the others, where it is one of them."""
    return tuple(sorted(dict.fromkeys(formats), key=lambda name: name != HTML))


def _remote(url: str, text: str) -> Iterator[Diagnostic]:
    """Check the address of a shared cache; it is not shown: it may hold a password."""
    if not url:
        return
    line = locate(text, ("cache",), "remote")
    parts = urlsplit(url)
    if parts.scheme not in _REMOTES:
        known = ", ".join(f"{name}://" for name in _REMOTES)
        yield mistake("remote in [cache] is not the address of a cache", line, f"it begins with one of {known}")
    elif parts.scheme == "file" and (parts.netloc or not parts.path.strip("/")):
        hint = "write the whole path after file://, like file:///srv/cache/site"
        yield mistake("remote in [cache] names no folder", line, hint)
    elif parts.scheme != "file" and not parts.netloc:
        hint = f"write it like {_REMOTES[parts.scheme]}"
        yield mistake("remote in [cache] names no server or bucket", line, hint)
    elif parts.username is not None and parts.scheme not in {"redis", "rediss"}:
        hint = "take them out: they are read from the environment, or where the tools of the provider keep them"
        yield mistake("remote in [cache] holds credentials", line, hint)


def _meaning(config: Config, text: str) -> Iterator[Diagnostic]:
    """Check what types cannot say."""
    base_url = config.site.base_url
    parts = urlsplit(base_url)
    if base_url and (parts.scheme not in {"http", "https"} or not parts.netloc or parts.query or parts.fragment):
        hint = "write the address of the site's root, like https://example.org/docs/"
        yield mistake(f'base_url "{base_url}" is not an absolute URL', locate(text, ("site",), "base_url"), hint)
    cdn = config.assets.cdn
    parts = urlsplit(cdn)
    if cdn and (parts.scheme not in {"http", "https", ""} or not parts.netloc or parts.query or parts.fragment):
        hint = "write its address, like https://cdn.example.com"
        yield mistake(f'cdn "{cdn}" is not an absolute URL', locate(text, ("assets",), "cdn"), hint)
    if config.markdown.engine == "commonmark" and config.markdown.extension_configs:
        line = locate(text, ("markdown",), "extension_configs")
        yield mistake(
            "the engine commonmark has no extension_configs",
            line,
            'take them out, or set engine = "markdown"',
        )
    for section, pattern in config.content.permalinks.items():
        line = locate(text, ("content", "permalinks"), section)
        for name in re.findall(r":(\w+)", pattern):
            if name not in PLACEHOLDERS:
                hint = nearest(name, PLACEHOLDERS) or f"known are {', '.join(PLACEHOLDERS)}"
                yield mistake(f'the permalink "{pattern}" has the unknown placeholder ":{name}"', line, hint)
        if not (pattern.startswith("/") and pattern.endswith("/")):
            yield mistake(f'the permalink "{pattern}" is no path', line, "begin and end it with a slash")
    yield from _remote(config.cache.remote, text)
    yield from check_targets(config.deploy, base_url, text)
    yield from check_pwa(config.pwa, text)
    named = (
        ("content", "dir", config.content.dir, "content"),
        ("theme", "name", config.theme.name, "default"),
    )
    for table, key, value, default in named:
        if value.startswith("/") or {".", ".."} & set(value.split("/")) or not value.strip("/"):
            hint = f'name one, like "{default}"'
            yield mistake(
                f'"{key}" in [{table}] is "{value}", which is not a folder below the site folder',
                locate(text, (table,), key),
                hint,
            )
