"""A build for a preview, again and again in one process: the one file of the room that knows how a site is built."""

import gc
import os
import shutil
import tempfile
import weakref
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from ssg.build import Built, Choices, First, Take, build, survey
from ssg.build.glancing import Glance, Scene
from ssg.cache import AnewStore, Bounds, Lost, Shelf, Spool, Stamps, Store, close_files, load_stamps, open_store, trim
from ssg.config import OFF, Config, Overrides, load_config, override
from ssg.errors import Diagnostic, Location, SsgError, error, has_errors
from ssg.memory import Memory, NullMemory
from ssg.model import Artifact, Inputs, Ref
from ssg.serve.published import Found, Published
from ssg.serve.snapshot import Asked, Snapshot, Weighed
from ssg.workers import Processes, cores


class Rebuilder:
    """Gives a snapshot for each call; one that reads from a build keeps the folder in which that build's bytes lie."""

    def __init__(self, inputs: Callable[[], Inputs], origin: str, choices: Choices) -> None:
        """Take what gives the inputs of a build, asked for each; `origin` is where the preview is, `http://host:1`."""
        self._inputs = inputs
        self._origin = origin
        self._choices = choices
        self._last = Snapshot()
        self._memory = Memory()
        self._stamps: Stamps | None = None
        self._changed: tuple[str, ...] = ()
        self._frozen = False
        self._scene: Scene | None = None
        self._glance: Glance | None = None

    def __call__(self, asked: Asked) -> Snapshot:
        """Build the site as it is now; after a failure the snapshot shows the last good release."""
        inputs = self._inputs()
        self._changed += asked.changed
        config = self._last.config
        try:
            config = self._configured(inputs)
            self._last = self._built(inputs, config, asked)
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
        """Read the configuration; absolute URLs and those of a CDN lead into the preview, below the same base path.

        Images are shown as they are: making variants of a photograph takes longer than anybody wants to wait. What is
        for hosts is left out.
        """
        config = load_config(Path(inputs.root), Overrides(cdn="", images=False, delivery=False))
        if not config.site.base_url:
            return config
        return override(config, Overrides(base_url=f"{self._origin}{config.site.base_path}/"))

    def _built(self, inputs: Inputs, config: Config, asked: Asked) -> Snapshot:
        store = open_store(inputs.root, inputs.now)
        resting = Resting(store)
        # Nothing is compressed ahead: what a browser asks for is, when it asks.
        take = self._take(inputs, override(config, Overrides(encodings=())))
        take = msgspec.structs.replace(take, first=self._first(config, resting, asked))
        try:
            built = self._build(take, Shelf(Spool(resting.folder), store))
        except Lost:  # nothing that the store says, or that is remembered of it, is to be had now
            self._memory = Memory()
            take = msgspec.structs.replace(take, memory=NullMemory())
            built = self._build(take, Shelf(Spool(resting.folder), AnewStore(store)))
        self._stamps = built.stamps
        self._freeze(take)
        if self._last.published is None:  # once a preview: what it shows later is not to go
            trim(store, Bounds(config.cache.size, config.cache.days))
        release = built.release
        if has_errors(release.diagnostics):
            return _failed(self._last, config, *release.diagnostics)
        self._scene = Scene(built.site, built.templates) if built.site is not None else self._scene
        published = Published(release, config.site.base_path)
        return Snapshot(
            published=published,
            weighed=self._weighed(published, config, resting),
            read=resting.read,
            config=config,
            diagnostics=release.diagnostics,
            rendered=len(built.reasons),
        )

    def _weighed(self, published: Published, config: Config, resting: "Resting") -> Weighed | None:
        """Say how a release is weighed once a browser asks; nothing of it is done before."""
        if config.budgets == OFF:
            self._glance = None
            return None
        glance = Glance(published.release, config, resting.read, lambda: self._scene, self._glance)
        self._glance = glance

        def bar(path: str) -> bytes | None:
            found = published.find(path)
            return glance.bar(found.artifact) if isinstance(found, Found) and found.artifact is not None else None

        return Weighed(bar, glance.report)

    def _take(self, inputs: Inputs, config: Config) -> Take:
        """Say what a build takes: the files as the last one found them, but for those that were saved since."""
        on = self._stamps is not None
        stamps = self._stamps.again() if self._stamps is not None else load_stamps(inputs.root)
        files = survey(inputs, config, self._memory, self._changed if on else None)
        self._changed = ()
        return Take(inputs, config, self._choices, files, stamps, self._memory, on)

    def _first(self, config: Config, resting: "Resting", asked: Asked) -> First | None:
        """Say which files of the release browsers show, and have them shown as soon as they are made."""
        last, show = self._last, asked.show
        if last.published is None or show is None or last.published.base_path != config.site.base_path:
            return None
        published = last.published
        found = [one.artifact for one in map(published.find, asked.shown) if isinstance(one, Found)]

        def ready(artifacts: Sequence[Artifact]) -> None:
            made = {**published.artifacts, **{one.path: one for one in artifacts}}
            release = msgspec.structs.replace(published.release, artifacts=tuple(made.values()))
            # What was not made anew is read from where the last build left it: that stays as long as this is shown.
            read = _Reading(resting, last)
            show(msgspec.structs.replace(last, published=Published(release, config.site.base_path), read=read))

        return First(frozenset(one.path for one in found if one is not None), ready)

    def _build(self, take: Take, shelf: Shelf) -> Built:
        jobs = 1 if take.config.workers.kind == "inline" else cores()
        with Processes(jobs) as workers:
            return build(take, workers, shelf)

    def _freeze(self, take: Take) -> None:
        """Have the garbage collector pass over what is remembered, once that is all of a site: most of it stays."""
        if take.on and not self._frozen:
            self._frozen = True
            gc.collect()
            gc.freeze()


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


class _Reading:
    """Reads bytes of one build and of the one before it."""

    def __init__(self, resting: Resting, last: Snapshot) -> None:
        self._resting = resting
        self._last = last

    def __call__(self, ref: Ref) -> bytes:
        return self._resting.read(ref)


def _remove(folder: str, owner: int) -> None:
    if os.getpid() == owner:  # a forked worker has the value too
        shutil.rmtree(folder, ignore_errors=True)
