"""Site folder → the files in it, sorted, without anything that leads out of it."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec

from ssg.config import Config
from ssg.errors import Diagnostic, error
from ssg.errors import Location as Where
from ssg.model import File, Source, SourceKind, Stamp

_MARKDOWN = (".md", ".markdown")
_NEVER = (".git", ".hg", ".svn", ".DS_Store", ".ssg")
_IGNORED_ENDS = ("~", ".swp", ".tmp")


class Found(msgspec.Struct, frozen=True):
    """What lies in the content folder: Markdown files, all other files, and what was wrong on the way."""

    sources: tuple[Source, ...]
    files: tuple[File, ...]
    diagnostics: tuple[Diagnostic, ...]


class Files(msgspec.Struct, frozen=True):
    """What lies in one folder of a site or theme."""

    files: tuple[File, ...]
    diagnostics: tuple[Diagnostic, ...]


def discover(found: Files, config: Config) -> Found:
    """Tell the content of a site apart: takes what `discover_files` found in the content folder.

    Hidden files (a name that begins with a dot) and editors' backups are passed over. A link that leaves the
    site folder is an error: what it shows would differ from machine to machine.
    """
    content = config.content.dir
    diagnostics = list(found.diagnostics)
    markdown = [file for file in found.files if file.name.lower().endswith(_MARKDOWN)]
    others = tuple(file for file in found.files if not file.name.lower().endswith(_MARKDOWN))
    if not markdown and not diagnostics:
        hint = f'write {content}/index.md, or run "ssg new index.md"'
        diagnostics.append(error("empty", "the site holds no page", Where(content), hint))
    return Found(tuple(_sources(markdown, config.tongues)), others, tuple(diagnostics))


def discover_files(root: str, folder: str, *, hidden: bool = False) -> Files:
    """List the files below `folder` of the site or theme folder `root`, sorted by path; none where it is missing.

    `hidden` lists names that begin with a dot too, as `static/` needs for `.well-known/` and `.nojekyll`, but not those
    of version control and file managers.
    """
    walk = _Walk(os.path.realpath(root), hidden=hidden)
    if root and os.path.isdir(os.path.join(root, folder)):  # noqa: PTH112, PTH118 - os.path: a hundred thousand files
        files = tuple(sorted(walk.below(os.path.join(root, folder), folder, ""), key=lambda file: file.path))  # noqa: PTH118
    else:
        files = ()
    return Files(files, tuple(walk.diagnostics))


class _Walk:
    """One walk over a folder: follows links inside the site, once each, and notes what it cannot follow."""

    def __init__(self, root: str, *, hidden: bool) -> None:
        self.root = root
        self.hidden = hidden
        self.diagnostics: list[Diagnostic] = []
        self.ancestors: list[str] = []

    def below(self, folder: str, path: str, name: str) -> Iterator[File]:
        try:
            with os.scandir(folder) as listing:
                entries = list(listing)
        except OSError as reason:
            self.diagnostics.append(_unreadable(path, reason))
            return
        for entry in entries:
            if self._passed_over(entry.name):
                continue
            if entry.is_symlink() and not self._stays(entry, f"{path}/{entry.name}"):
                continue
            if entry.is_dir():
                yield from self._enter(entry, f"{path}/{entry.name}", f"{name}{entry.name}/")
            else:
                yield File(f"{path}/{entry.name}", entry.path, f"{name}{entry.name}", _stamp(entry))

    def _passed_over(self, name: str) -> bool:
        if name.endswith(_IGNORED_ENDS):
            return True
        return name.startswith(".") and (not self.hidden or name.startswith(_NEVER))

    def _enter(self, entry: "os.DirEntry[str]", path: str, name: str) -> Iterator[File]:
        real = os.path.realpath(entry.path)
        if real in self.ancestors:
            message = "is a link to a folder that holds it"
            self.diagnostics.append(error("link-loop", message, Where(path), "remove the link"))
            return
        self.ancestors.append(real)
        yield from self.below(entry.path, path, name)
        self.ancestors.pop()

    def _stays(self, entry: "os.DirEntry[str]", path: str) -> bool:
        target = os.path.realpath(entry.path)
        if os.path.commonpath((self.root, target)) == self.root:
            return True
        hint = "copy the file into the site, or remove the link"
        self.diagnostics.append(error("link-out", "is a link that leaves the site", Where(path), hint))
        return False


def _stamp(entry: "os.DirEntry[str]") -> Stamp | None:
    try:
        found = entry.stat()
    except OSError:  # a link to nothing
        return None
    return Stamp(found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino)


def _unreadable(path: str, reason: OSError) -> Diagnostic:
    message = f"cannot be read: {(reason.strerror or str(reason)).lower()}"
    return error("unreadable", message, Where(path), "make it readable, or move it out of the site")


def read(source: Source) -> bytes | Diagnostic:
    """Give the bytes of a source, or the diagnostic that says why there are none."""
    try:
        return Path(source.file).read_bytes()
    except OSError as reason:
        return _unreadable(source.path, reason)


class _Name(NamedTuple):
    """What the name of a Markdown file says."""

    folder: str
    stem: str
    language: str


def _sources(files: list[File], tongues: tuple[str, ...]) -> Iterator[Source]:
    """Tell pages, bundles and section files apart, and the languages: `page.fr.md` where French is one of the site's.

    `_index.md` describes its folder. So does an `index.md` with other pages in or below its folder, as
    documentation sites have it; alone, it is a page bundle. The content folder's own index is the home page.
    """
    names = [_name(file.name, tongues) for file in files]
    inhabited: set[str] = {""}
    for name in names:
        above = name.folder if name.stem != "index" else name.folder.rpartition("/")[0]
        while above not in inhabited:
            inhabited.add(above)
            above = above.rpartition("/")[0]
    for file, name in zip(files, names, strict=True):
        if name.stem == "_index" or (name.stem == "index" and name.folder in inhabited):
            kind = SourceKind.SECTION
        else:
            kind = SourceKind.BUNDLE if name.stem == "index" else SourceKind.PAGE
        prefix = "" if name.language == tongues[0] else f"/{name.language}"
        yield Source(file.path, file.file, kind, name.folder, name.stem, name.language, prefix, file.stamp)


def _name(path: str, tongues: tuple[str, ...]) -> _Name:
    folder, _, file = path.rpartition("/")
    name = file.rpartition(".")[0]
    stem, _, language = name.rpartition(".")
    return _Name(folder, stem, language) if stem and language in tongues else _Name(folder, name, tongues[0])
