"""The extensions that a site enables: found by entry point or by name, and made."""

import functools
import importlib
import importlib.util
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from ssg.config import ExtensionConfig, place
from ssg.digests import digest
from ssg.errors import MEND, ConfigError, Diagnostic, Location, error, failure, nearest
from ssg.extensions import CONTRACTS, GROUP, Check, Extension, MarkdownExtension, Pass, TemplateExtension
from ssg.model import Artifact, Release


class Enabled(msgspec.Struct, frozen=True):
    """The extensions of a site in the order of `site.toml`, and what identifies their code and options.

    `places` are where the file names them, for messages.
    """

    extensions: tuple[Extension, ...] = ()
    places: tuple[Location, ...] = ()
    identity: str = ""

    def where(self, extension: Extension) -> Location:
        """Give the place in `site.toml` that names an extension."""
        return self.places[self.extensions.index(extension)]

    @property
    def markdown(self) -> tuple[MarkdownExtension, ...]:
        """Those that stand around the Markdown engine."""
        return tuple(one for one in self.extensions if isinstance(one, MarkdownExtension))

    @property
    def templates(self) -> tuple[TemplateExtension, ...]:
        """Those that templates call."""
        return tuple(one for one in self.extensions if isinstance(one, TemplateExtension))

    @property
    def passes(self) -> tuple[Pass, ...]:
        """Those that go over finished HTML."""
        return tuple(one for one in self.extensions if isinstance(one, Pass))

    @property
    def checks(self) -> tuple[Check, ...]:
        """Those that look at the release."""
        return tuple(one for one in self.extensions if isinstance(one, Check))


def load_extensions(config: Mapping[str, ExtensionConfig], root: str) -> Enabled:
    """Load the extensions that `[extensions]` names, once in each process as long as their files are the same.

    Raises:
        ConfigError: one is missing, cannot be loaded, refuses its options, or keeps no contract; all are named.
    """
    if not config:
        return Enabled()
    return _loaded(msgspec.json.encode(config), root, tuple(_source(told.use, root) for told in config.values()))


def _source(use: str, root: str) -> bytes:
    """Give the bytes of the file that an extension lies in, where it is one of the site's and can be read."""
    path = use.partition(":")[0]
    try:
        return Path(root, path).read_bytes() if path.endswith(".py") else b""
    except OSError:
        return b""


@functools.lru_cache(maxsize=4)
def _loaded(encoded: bytes, root: str, sources: tuple[bytes, ...]) -> Enabled:
    config = msgspec.json.decode(encoded, type=dict[str, ExtensionConfig])
    made: list[Extension] = []
    places: list[Location] = []
    known = [encoded]
    wrong: list[Diagnostic] = []
    for (key, told), source in zip(config.items(), sources, strict=True):
        where = place(root, ("extensions",), key)
        try:
            extension = _make(key, told, root, where)
        except ConfigError as reason:
            wrong += reason.diagnostics
            continue
        made.append(extension)
        places.append(where)
        known += (extension.name.encode(), extension.version.encode(), source)
    if wrong:
        raise ConfigError(*wrong)
    return Enabled(tuple(made), tuple(places), digest(b"\0".join(known)))


def _make(key: str, told: ExtensionConfig, root: str, where: Location) -> Extension:
    maker = _maker(key, told.use, root, where)
    try:
        made = maker(dict(told.options))
    except Exception as reason:  # noqa: BLE001 - an extension may raise anything
        hint = f"look at [extensions.{key}.options]"
        raise ConfigError(failure(f'the extension "{key}" refuses its options', reason, where, hint)) from None
    if not (isinstance(getattr(made, "name", None), str) and isinstance(getattr(made, "version", None), str)):
        hint = 'give its class name = "…" and version = "…"'
        raise ConfigError(error("extension", f'the extension "{key}" has no name or no version', where, hint))
    if not isinstance(made, CONTRACTS):
        known = ", ".join(contract.__name__ for contract in CONTRACTS)
        hint = f"give it the methods of one: {known}"
        raise ConfigError(error("extension", f'the extension "{key}" keeps no contract', where, hint))
    return made


def _maker(key: str, use: str, root: str, where: Location) -> Callable[[Any], Any]:
    """Find the class of an extension."""
    path, _, name = use.partition(":")
    hint = 'use = "extensions/file.py:Name" or "package.module:Name" says where it is'
    if path.endswith(".py") and not Path(root, path).is_file():
        raise ConfigError(error("extension", f'the extension "{key}" is in no file "{path}"', where, hint))
    try:
        module = _module(path, root) if use else _offered(key, where)
    except ConfigError:
        raise
    except Exception as reason:  # noqa: BLE001 - an extension may raise anything
        raise ConfigError(failure(f'the extension "{key}" cannot be loaded', reason, where, hint)) from None
    found = getattr(module, name, None) if use else module
    if not callable(found):
        known = [given for given in dir(module) if not given.startswith("_")]
        message = f'the extension "{key}" is not in {path}, which has no class "{name}"'
        raise ConfigError(error("extension", message, where, nearest(name, known) or hint))
    return found


def _module(path: str, root: str) -> Any:
    if not path.endswith(".py"):
        return importlib.import_module(path)
    file = Path(root, path)
    spec = importlib.util.spec_from_file_location(f"ssg_site_{digest(file.read_bytes())}", file)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is no Python module")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # as dataclasses and pickling expect it
    spec.loader.exec_module(module)
    return module


def _offered(key: str, where: Location) -> Callable[[Any], Any]:
    from importlib.metadata import entry_points  # noqa: PLC0415 - 6 ms

    offered = {entry.name: entry for entry in entry_points(group=GROUP)}
    if key not in offered:
        hint = nearest(key, offered) or 'install its package, or say where it is with use = "extensions/file.py:Name"'
        raise ConfigError(error("extension", f'no installed package offers the extension "{key}"', where, hint))
    found: Callable[[Any], Any] = offered[key].load()
    return found


def check(release: Release, enabled: Enabled, read: Callable[[Artifact], bytes]) -> Iterator[Diagnostic]:
    """Run the checks of extensions over a release; one that raises is an error that names it."""
    for one in enabled.checks:
        try:
            yield from one.check(release, read)
        except Exception as reason:  # noqa: BLE001 - an extension may raise anything
            yield failure(f'the extension "{one.name}" failed', reason, enabled.where(one), MEND)
