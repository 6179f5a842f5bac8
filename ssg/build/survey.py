"""All files that a build may read, as found."""

import itertools
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from ssg.config import FILE, Config
from ssg.listing import Files, discover_files, look_again, stamp_of
from ssg.memory import Memory, NullMemory
from ssg.model import File, Inputs

_FOLDERS = ("data", "assets", "static", "templates", "shortcodes", "i18n", "themes")
_HIDDEN = ("static",)


class Survey(msgspec.Struct, frozen=True):
    """The files of a site by folder, those of the themes that come with ssg, and those that `site.toml` names."""

    content: Files
    folders: Mapping[str, Files]
    themes: tuple[Files, ...]
    named: tuple[File, ...]
    root: str = ""

    @property
    def files(self) -> Iterator[File]:
        """All of them."""
        parts = (self.content, *self.folders.values(), *self.themes)
        return itertools.chain(*(part.files for part in parts), self.named)

    @property
    def whole(self) -> bool:
        """Whether everything could be listed."""
        return not any(part.diagnostics for part in (self.content, *self.folders.values(), *self.themes))


def survey(
    inputs: Inputs, config: Config, memory: Memory | None = None, changed: Sequence[str] | None = None
) -> Survey:
    """List all files that a build may read.

    With a memory, those that the last build found are looked at again where they are among `changed`, the paths of all
    that may differ, relative to the site folder; all of them where that is None.
    """
    memory = memory or NullMemory()
    named = [FILE, *(one.use.partition(":")[0] for one in config.extensions.values())]
    read = (name for one in config.assets.commands.values() for name in input_files(inputs.root, one.inputs))
    names = tuple(dict.fromkeys((*(name for name in named if name.endswith((".toml", ".py"))), *read)))
    key = (inputs.root, inputs.themes, config.content.dir, names)
    last: Survey | None = memory.get("survey", key) if changed is not None else None
    found = _look_again(last, changed or ()) if last is not None else None
    found = found or _survey(inputs, config, names)
    memory.keep("survey", key, found)
    return found


def _survey(inputs: Inputs, config: Config, names: Sequence[str]) -> Survey:
    root = inputs.root
    return Survey(
        content=discover_files(root, config.content.dir),
        folders={folder: discover_files(root, folder, hidden=folder in _HIDDEN) for folder in _FOLDERS},
        themes=tuple(discover_files(*os.path.split(shelf)) for shelf in inputs.themes),
        named=tuple(_named(root, names)),
        root=root,
    )


def _look_again(last: Survey, changed: Iterable[str]) -> Survey | None:
    """Give a survey after files have changed whose names are the same; None where there must be a new one.

    A file that is reached by a link has another name too, by which nobody said that it changed.
    """
    content, folders = last.content, dict(last.folders)
    if any(part.linked for part in (content, *folders.values())):
        return None
    named = {file.path for file in last.named}
    for path in changed:
        parts = (("", content), *folders.items())
        found = {name: look_again(part, path) for name, part in parts if part.place(path) is not None}
        if not found or path in named or None in found.values():
            return None
        content = found.pop("", None) or content
        folders |= {name: part for name, part in found.items() if part is not None}
    return msgspec.structs.replace(last, content=content, folders=folders)


def _named(root: str, paths: Iterable[str]) -> Iterator[File]:
    for path in paths:
        place = os.path.join(root, path)  # noqa: PTH118 - as discover_files has it
        try:
            found = os.stat(place)  # noqa: PTH116
        except OSError:
            yield File(path, place, path)
        else:
            yield File(path, place, path, stamp_of(found))


def input_files(root: str, patterns: Iterable[str]) -> list[str]:
    """Give the files that patterns name, relative to the site folder, sorted; `**` is any number of folders."""
    found: set[str] = set()
    for pattern in patterns:
        found.update(one.relative_to(root).as_posix() for one in Path(root).glob(pattern) if one.is_file())
    return sorted(found)
