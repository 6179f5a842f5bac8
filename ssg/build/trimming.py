"""Fonts of `assets/` → the same with the characters alone that the site may show, before anything names them.

A font's name follows from its bytes, and pages hold that name: so what it must have is told from the sources of the
pages, not from the pages.
"""

import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from ssg import assets
from ssg.build.setting import Setting
from ssg.build.survey import Survey
from ssg.cache import recall_files
from ssg.digests import digest
from ssg.errors import Diagnostic
from ssg.manifest import Asset
from ssg.model import Ref
from ssg.urls import media_type
from ssg.versions import form

_UNKNOWN = "application/octet-stream"
_TEXTS = ("javascript", "json", "toml", "xml", "yaml")
_BEGIN = 1024  # bytes in which what is no text has a NUL


class Trimmed(msgspec.Struct, frozen=True):
    """Published files, and where those lie in the store that were made now, by their path below the output folder."""

    files: tuple[Asset, ...]
    kept: Mapping[str, Ref] = {}
    diagnostics: tuple[Diagnostic, ...] = ()


def trim_all(files: Sequence[Asset], found: Survey, made: Iterable[Ref], setting: Setting) -> Trimmed:
    """Give published files with small fonts, where the site asks for them; `made` is what tools have made of sources.

    A font that cannot be read stays as it is, with a diagnostic.
    """
    wanted = {one.url for one in files if one.logical and assets.is_font(one.written)}
    if not setting.config.fonts.subset or not wanted:
        return Trimmed(tuple(files))
    letters = letters_of(found, made, setting)
    kept: dict[str, Ref] = {}
    said: list[Diagnostic] = []

    def trimmed(one: Asset) -> Asset:
        key = msgspec.msgpack.encode((form(), assets.version(), one.source, one.digest, digest(letters.encode())))
        small, *wrong = recall_files(functools.partial(_subset, one, letters, setting), key, setting.shelf)
        said.extend(msgspec.msgpack.decode(setting.shelf.get(file.body), type=Diagnostic) for file in wrong)
        url = assets.fingerprinted(one.logical, small.digest)
        kept[url.lstrip("/")] = small.kept
        where = {"file": small.body.file, "offset": small.body.offset, "size": small.body.size}
        return msgspec.structs.replace(one, url=url, digest=small.digest, **where)

    return Trimmed(tuple(trimmed(one) if one.url in wanted else one for one in files), kept, tuple(said))


def letters_of(found: Survey, made: Iterable[Ref], setting: Setting) -> str:
    """Give the characters that the site may show, sorted; `made` is what tools have made of sources."""
    return "".join(sorted(assets.characters_of(_texts(found, made, setting))))


def _subset(font: Asset, letters: str, setting: Setting) -> Mapping[str, bytes]:
    body = setting.shelf.get(Ref(font.file, font.offset, font.size))
    small = assets.subset_font(font.source, body, letters)
    return {"font": body, "wrong": msgspec.msgpack.encode(small)} if isinstance(small, Diagnostic) else {"font": small}


def _texts(found: Survey, made: Iterable[Ref], setting: Setting) -> Iterator[str]:
    """Give all that pages may be made from: sources, data, templates, configuration, variables, names in languages."""
    from ssg.render.locales import written_dates  # noqa: PLC0415 - 30 ms, for sites that ask

    yield setting.config.fonts.characters
    yield from setting.inputs.environment.values()
    yield from map(written_dates, setting.config.tongues)
    for one in dict.fromkeys((file.path, file.file) for file in found.files):
        kind = media_type(one[0])
        if kind == _UNKNOWN or kind.startswith("text/") or kind.endswith(_TEXTS):
            yield _decoded(_read(one[1]))
    yield from (_decoded(setting.shelf.get(one)) for one in made)


def _read(place: str) -> bytes:
    try:
        return Path(place).read_bytes()
    except OSError:  # which is said where the file is used
        return b""


def _decoded(body: bytes) -> str:
    return body.decode(errors="replace") if b"\0" not in body[:_BEGIN] else ""
