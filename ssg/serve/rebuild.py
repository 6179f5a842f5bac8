"""A build for a preview, again and again in one process: the one file of the room that knows how a site is built."""

import os
import shutil
import tempfile
import weakref
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from ssg.build import Built, Choices, Take, build, survey
from ssg.cache import AnewStore, Bounds, Lost, Shelf, Spool, Store, close_files, load_stamps, open_store, trim
from ssg.config import Config, Overrides, load_config, override
from ssg.errors import Diagnostic, Location, SsgError, error, has_errors
from ssg.model import Inputs, Ref
from ssg.serve.published import Published
from ssg.serve.snapshot import Snapshot
from ssg.workers import Processes, cores


class Rebuilder:
    """Gives a snapshot for each call; one that reads from a build keeps the folder in which that build's bytes lie."""

    def __init__(self, inputs: Callable[[], Inputs], origin: str, choices: Choices) -> None:
        """Take what gives the inputs of a build, asked for each; `origin` is where the preview is, `http://host:1`."""
        self._inputs = inputs
        self._origin = origin
        self._choices = choices
        self._last = Snapshot()

    def __call__(self, shown: Sequence[str]) -> Snapshot:  # noqa: ARG002 - every page is built
        """Build the site as it is now; after a failure the snapshot shows the last good release."""
        inputs = self._inputs()
        config = self._last.config
        try:
            config = self._configured(inputs)
            self._last = self._built(inputs, config)
        except SsgError as reason:
            self._last = _failed(self._last, config, *reason.diagnostics)
        except OSError as reason:
            message = f"cannot be used: {(reason.strerror or str(reason)).lower()}"
            where = Location(str(reason.filename or tempfile.gettempdir()))
            hint = "free space or permission is needed"
            self._last = _failed(self._last, config, error("output", message, where, hint))
        except Exception as reason:  # noqa: BLE001 - a mistake of ssg's must not end the preview
            message = f"ssg itself failed: {type(reason).__name__}: {reason}"
            hint = "SSG_DEBUG=1 ssg build shows where; please report it"
            self._last = _failed(self._last, config, error("internal", message, Location("ssg"), hint))
        finally:
            close_files()
        return self._last

    def _configured(self, inputs: Inputs) -> Config:
        """Read the configuration; absolute URLs lead into the preview, below the same base path."""
        config = load_config(Path(inputs.root), Overrides())
        if not config.site.base_url:
            return config
        return override(config, Overrides(base_url=f"{self._origin}{config.site.base_path}/"))

    def _built(self, inputs: Inputs, config: Config) -> Snapshot:
        store = open_store(inputs.root, inputs.now)
        resting = Resting(store)
        try:
            built = self._build(inputs, config, Shelf(Spool(resting.folder), store))
        except Lost:  # nothing that the store says is to be had now
            built = self._build(inputs, config, Shelf(Spool(resting.folder), AnewStore(store)))
        if self._last.published is None:  # once a preview: what it shows later is not to go
            trim(store, Bounds(config.cache.size, config.cache.days))
        release = built.release
        if has_errors(release.diagnostics):
            return _failed(self._last, config, *release.diagnostics)
        return Snapshot(
            published=Published(release, config.site.base_path),
            read=resting.read,
            config=config,
            diagnostics=release.diagnostics,
            rendered=len(built.reasons),
        )

    def _build(self, inputs: Inputs, config: Config, shelf: Shelf) -> Built:
        jobs = 1 if config.workers.kind == "inline" else cores()
        with Processes(jobs) as workers:
            stamps = load_stamps(inputs.root)
            return build(Take(inputs, config, self._choices, survey(inputs, config), stamps), workers, shelf)


def _failed(last: Snapshot, config: Config, *diagnostics: Diagnostic) -> Snapshot:
    return msgspec.structs.replace(last, config=config, diagnostics=diagnostics, rendered=0)


class Resting:
    """A folder for the bytes of one build, which goes when nothing holds this value any more.

    What earlier builds made stays in the store.
    """

    def __init__(self, store: Store) -> None:
        self.folder = tempfile.mkdtemp(prefix="ssg-watch-")
        self._store = store
        weakref.finalize(self, _remove, self.folder, os.getpid())

    def read(self, ref: Ref) -> bytes:
        """Give the bytes of a reference, or of a part of one: into this folder, the store, or a file of the site.

        Safe in any thread.

        Raises:
            OSError: they are gone, or the file has become shorter.
        """
        if ref.kept:
            body = self._store.get([ref.file]).get(ref.file, b"")[ref.offset : ref.offset + ref.size]
        else:
            with open(ref.file, "rb", buffering=0) as file:  # noqa: PTH123
                file.seek(ref.offset)
                body = file.read(ref.size)
        if len(body) != ref.size:
            raise OSError(0, "has become shorter", ref.file)
        return body


def _remove(folder: str, owner: int) -> None:
    if os.getpid() == owner:  # a forked worker has the value too
        shutil.rmtree(folder, ignore_errors=True)
