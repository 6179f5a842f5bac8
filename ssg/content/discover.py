"""Files of the content folder → sources: pages, bundles and section files, and their languages."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec

from ssg.config import Config
from ssg.errors import Diagnostic, error
from ssg.errors import Location as Where
from ssg.listing import Files, unreadable
from ssg.model import File, Source, SourceKind

_MARKDOWN = (".md", ".markdown")


class Found(msgspec.Struct, frozen=True):
    """What lies in the content folder, by name: Markdown files, all other files, and what was wrong on the way."""

    sources: tuple[Source, ...]
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
    others = tuple(
        msgspec.structs.replace(file, stamp=None) for file in found.files if not file.name.lower().endswith(_MARKDOWN)
    )
    if not markdown and not diagnostics:
        hint = f'write {content}/index.md, or run "ssg new index.md"'
        diagnostics.append(error("empty", "the site holds no page", Where(content), hint))
    return Found(tuple(_sources(markdown, config.tongues)), others, tuple(diagnostics))


def read(source: Source) -> bytes | Diagnostic:
    """Give the bytes of a source, or the diagnostic that says why there are none."""
    try:
        return Path(source.file).read_bytes()
    except OSError as reason:
        return unreadable(source.path, reason)


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
        yield Source(file.path, file.file, kind, name.folder, name.stem, name.language, prefix)


def _name(path: str, tongues: tuple[str, ...]) -> _Name:
    folder, _, file = path.rpartition("/")
    name = file.rpartition(".")[0]
    stem, _, language = name.rpartition(".")
    return _Name(folder, stem, language) if stem and language in tongues else _Name(folder, name, tongues[0])
