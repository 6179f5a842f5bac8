"""Whether an earlier build has taken the very same, and what it gave."""

import functools
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from ssg import output
from ssg.build.take import Made, Take, beside_name
from ssg.cache import Shelf
from ssg.config import Config
from ssg.digests import digest
from ssg.model import Artifact, File, Page, Ref, Release
from ssg.versions import everything


class _Kept(msgspec.Struct, frozen=True):
    """A release with the moments between which the same files give it: the clock has a part in what is shown."""

    since: datetime | None
    until: datetime | None
    release: Release


class Recall:
    """The releases of earlier builds, by all that a build takes. A build of the very same is one look-up."""

    def __init__(self, take: Take, digests: Mapping[str, str]) -> None:
        """Take the digest of each file by where it lies; an empty one where it is not known to be the same."""
        inputs, config = take.inputs, take.config
        self._found = take.files
        self._inputs = inputs
        self._told = (config, take.choices, inputs.root, sorted(inputs.environment.items()), _functions(config))
        self._digests = digests

    def known(self, shelf: Shelf) -> tuple[Release, str] | None:
        """Give the release of a build that took the same, with its name; nothing where a file may be another."""
        if not self._found.whole or not all(self._digests.values()):
            return None
        name = self.name
        kept = shelf.store.get([name]).get(name)
        if kept is None:
            return None
        try:
            found = msgspec.msgpack.decode(kept, type=_Kept)
        except msgspec.DecodeError:
            return None
        now = self._inputs.now
        current = (found.since is None or found.since <= now) and (found.until is None or now < found.until)
        return (found.release, self._named(found.since, found.until)) if current else None

    def keep(self, made: Made, shelf: Shelf) -> str:
        """Keep a release, where nothing but the files and the clock decides it, and give its name, else nothing.

        Releases of one name are the same: what a build takes is in it, and between which moments.
        """
        asked = {str(query[0]) for query in made.clock}
        if not made.pure or not self._found.whole or "now" in asked or not all(self._digests.values()):
            return ""
        since, until = _span(made.pages, self._inputs.now, today="today" in asked)
        release = made.release
        artifacts = tuple(_lasting(one, made.kept) for one in release.artifacts)
        beside = tuple(
            msgspec.structs.replace(one, body=made.kept.get(beside_name(one.path), one.body)) for one in release.beside
        )
        kept = _Kept(since, until, msgspec.structs.replace(release, artifacts=artifacts, beside=beside))
        shelf.store.put([(self.name, msgspec.msgpack.encode(kept))])
        return self._named(since, until)

    def _named(self, *moments: datetime | None) -> str:
        return ":".join((self.name, *(str(moment or "") for moment in moments)))

    @functools.cached_property
    def name(self) -> str:
        """The name of all that a build takes."""
        told = (everything(), self._told, list(self._digests.items()))
        return f"release:{digest(msgspec.msgpack.encode(told))}"


def _lasting(artifact: Artifact, kept: Mapping[str, Ref]) -> Artifact:
    """Give a file with its bytes, and those of its compressed forms, where they lie in the store."""
    variants = tuple(
        msgspec.structs.replace(one, body=kept.get(output.sibling(artifact.path, one), one.body))
        for one in artifact.variants
    )
    if artifact.path not in kept and variants == artifact.variants:
        return artifact
    return msgspec.structs.replace(artifact, body=kept.get(artifact.path, artifact.body), variants=variants)


def read_all(files: Iterable[File], digests: Mapping[str, str]) -> dict[str, str]:
    """Give the digests of all files by where they lie, those that are not known read now; empty for unreadable ones."""
    return {file.file: digests[file.file] or _digest(file) for file in files}


def _digest(file: File) -> str:
    try:
        return digest(Path(file.file).read_bytes())
    except OSError:
        return ""


def _span(pages: Iterable[Page], now: datetime, *, today: bool) -> tuple[datetime | None, datetime | None]:
    """Give the moments around now at which a page appears or goes, or the date changes where a template asked it."""
    moments = {moment for page in pages for moment in (page.date, page.expires) if moment is not None}
    if today:
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        moments |= {midnight, midnight + timedelta(days=1)}
    return max((one for one in moments if one <= now), default=None), min(
        (one for one in moments if one > now), default=None
    )


def _functions(config: Config) -> str:
    """Identify what Markdown extensions and functions of the site's own bring in, which are no installed packages."""
    if config.markdown.engine == "commonmark":
        return ""
    from ssg.content.version import version  # noqa: PLC0415 - the engine is loaded for nothing else where all is known

    return version(config.markdown)
