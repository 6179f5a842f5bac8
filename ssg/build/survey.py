"""All files that a build may read, as found."""

import os
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from ssg.config import FILE, Config
from ssg.listing import Files, discover_files
from ssg.model import File, Inputs, Stamp

_FOLDERS = ("data", "assets", "static", "templates", "shortcodes", "i18n", "themes")
_HIDDEN = ("static",)
_READ = tuple[Stamp | None, str]


class Survey(msgspec.Struct, frozen=True):
    """The files of a site by folder, those of the themes that come with ssg, and those that `site.toml` names."""

    content: Files
    folders: Mapping[str, Files]
    themes: tuple[Files, ...]
    named: tuple[File, ...]

    @property
    def files(self) -> Iterator[File]:
        """All of them."""
        for part in (self.content, *self.folders.values(), *self.themes):
            yield from part.files
        yield from self.named

    @property
    def whole(self) -> bool:
        """Whether everything could be listed."""
        return not any(part.diagnostics for part in (self.content, *self.folders.values(), *self.themes))


def survey(inputs: Inputs, config: Config) -> Survey:
    """List all files that a build may read."""
    root = inputs.root
    named = [FILE, *(one.use.partition(":")[0] for one in config.extensions.values())]
    return Survey(
        content=discover_files(root, config.content.dir),
        folders={folder: discover_files(root, folder, hidden=folder in _HIDDEN) for folder in _FOLDERS},
        themes=tuple(discover_files(*os.path.split(shelf)) for shelf in inputs.themes),
        named=tuple(_named(root, dict.fromkeys(name for name in named if name.endswith((".toml", ".py"))))),
    )


def _named(root: str, paths: Iterable[str]) -> Iterator[File]:
    for path in paths:
        place = os.path.join(root, path)  # noqa: PTH118 - as discover_files has it
        try:
            found = os.stat(place)  # noqa: PTH116
        except OSError:
            yield File(path, place, path)
        else:
            yield File(path, place, path, Stamp(found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino))
