"""A build that is written: from the site folder to the output folder."""

import functools
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, TypeAlias, TypeVar

import msgspec

from ssg import output
from ssg.build.checked import Checked, recall_check
from ssg.build.choices import Choices
from ssg.build.damage import damage, told
from ssg.build.keeping import Keeping
from ssg.build.reasons import keep_reasons
from ssg.build.survey import survey
from ssg.build.take import Take
from ssg.build.timing import TimedWorkers
from ssg.build.whole import Built, build
from ssg.cache import AnewStore, Lost, Shelf, Spool, Stamps, Store, Tally, load_stamps
from ssg.config import Config, delivery_folder
from ssg.errors import Diagnostic, Location, SiteError, SsgError, error, has_errors
from ssg.model import Inputs, Release
from ssg.spans import UNTIMED, Timer
from ssg.workers import Processes, Progress, Workers, cores

T = TypeVar("T")
Use: TypeAlias = Callable[[Built, Take, TimedWorkers, Shelf], T]
"""What is done with a build that has no errors."""


class WriteReport(msgspec.Struct, frozen=True):
    """What writing a release did, in files; compressed forms are files too."""

    written: int
    unchanged: int
    removed: int


class Crew(NamedTuple):
    """Who builds: how many processes (one a core where it is None), who is told of progress, what takes the time."""

    jobs: int | None = None
    progress: Progress | None = None
    timer: Timer = UNTIMED

    def hire(self, config: Config) -> TimedWorkers:
        """Give the workers, for one `with`."""
        jobs = 1 if config.workers.kind == "inline" else self.jobs or cores()
        return TimedWorkers(Processes(jobs, self.progress), self.timer)


class Produced(NamedTuple):
    """A build that is written, what writing did, and what is said of its budgets."""

    built: Built
    report: WriteReport
    checked: Checked


def produce(inputs: Inputs, config: Config, folder: str, choices: Choices, crew: Crew) -> Produced:
    """Build a site, write it into an output folder, and hold it against its budgets.

    Raises:
        ConfigError: the theme or a Markdown extension cannot be loaded; or budgets.lock cannot be read or written,
            after the site was.
        SiteError: the site has errors, or the folder cannot take it; nothing was written.
    """

    def finish(built: Built, take: Take, workers: TimedWorkers, shelf: Shelf) -> tuple[WriteReport, Checked]:
        report = workers.timer.stage("write", write)(built.release, inputs.root, folder, workers, shelf)
        report = _beside(report, built.release, take, workers, shelf)
        try:
            return report, workers.timer.stage("budget", check)(built, take, workers, shelf)
        except SsgError as reason:
            reason.outcome = "the site is written"
            raise

    built, (report, checked) = made(inputs, config, choices, crew, finish)
    return Produced(built, report, checked)


def check(built: Built, take: Take, workers: Workers, shelf: Shelf) -> Checked:
    """Hold a release against the budgets of its site; what was said of the very same site and lock is remembered.

    Raises:
        ConfigError: the lock cannot be read.
    """
    known = recall_check(built, take, shelf)
    if known is not None:
        return known
    from ssg.build.checking import check_budgets  # noqa: PLC0415 - parsers, where there is work

    return check_budgets(built, take, workers, shelf)


def made(inputs: Inputs, config: Config, choices: Choices, crew: Crew, use: Use[T]) -> tuple[Built, T]:
    """Build a site, and give the build with what `use` makes of it while its bytes are at rest.

    Raises:
        ConfigError: the theme or a Markdown extension cannot be loaded.
        SiteError: the site has errors; it is used for nothing.
    """
    stamps = load_stamps(inputs.root) if choices.cache else Stamps(inputs.root, {}, 0)
    delivery_folder(Path(inputs.root), config)  # what is wrong with it is said before the work
    files = crew.timer.stage("survey", survey)(inputs, config)
    take = Take(inputs, config, choices, files, stamps)
    try:
        with Keeping(inputs, config, choices) as keeping:
            try:
                built, used = _made(take, crew.hire(config), keeping.store, use)
            except Lost:  # nothing that the store says is to be had now
                built, used = _made(take, crew.hire(config), AnewStore(keeping.store), use)
                if not built.tally.damaged and not keeping.shared:
                    built = msgspec.structs.replace(built, release=told(built.release, damage(Tally(damaged=1))))
            return keeping.settle(built), used
    except OSError as reason:  # the folder for temporary files is full, or closed
        raise SiteError(_unwritable(reason, tempfile.gettempdir(), "used")) from reason


def _made(take: Take, crew: TimedWorkers, store: Store, use: Use[T]) -> tuple[Built, T]:
    with tempfile.TemporaryDirectory(prefix="ssg-") as resting, crew as workers:
        shelf = Shelf(Spool(resting), store)
        built = build(take, workers, shelf)
        wrong = built.release.diagnostics if has_errors(built.release.diagnostics) else ()
        if take.choices.verify and not wrong:
            from ssg.build.verifying import verify  # noqa: PLC0415 - for who asks

            wrong = workers.timer.stage("verify", verify)(built, take, workers.plain, shelf)
        if wrong:
            raise SiteError(*wrong)
        if take.choices.cache:
            keep_reasons(take.inputs.root, built.reasons)
        return built, use(built, take, workers, shelf)


def _beside(report: WriteReport, release: Release, take: Take, workers: Workers, shelf: Shelf) -> WriteReport:
    """Write the configuration of hosts into its folder; give the report with it."""
    root, folder = take.inputs.root, delivery_folder(Path(take.inputs.root), take.config)
    if not release.beside and not output.has_record(root, folder):
        return report
    more = write(Release(release.beside, (), 0), root, folder, workers, shelf)
    return WriteReport(report.written + more.written, report.unchanged + more.unchanged, report.removed + more.removed)


def encoded_sizes(release: Release, encodings: Iterable[str]) -> Mapping[str, int]:
    """Give the bytes of all files as they are sent to who accepts an encoding, by encoding.

    What has no form in an encoding is sent as it is.
    """
    return {
        encoding: sum(
            next((one.body.size for one in artifact.variants if one.encoding == encoding), artifact.body.size)
            for artifact in release.artifacts
        )
        for encoding in dict.fromkeys(encodings)
    }


def write(release: Release, root: str, folder: str, workers: Workers, shelf: Shelf) -> WriteReport:
    """Write a release without errors into an output folder; unchanged files stay as they are.

    Raises:
        SiteError: the folder cannot take the release; up to the moving of finished files it is as it was.
        Lost: the store has lost bytes of the release.
    """
    try:
        with output.locked(root, folder):
            plan = output.plan(release, root, folder)
            stage = functools.partial(_stage_chunk, shelf, folder)
            # What lies together in the store is read together.
            changed = sorted(plan.changed, key=_place)
            bodies = (file.body for change in changed for file in change.files)
            shelf.store.fetch({body.file for body in bodies if body.kept})
            staged = [one for chunk in workers.map(stage, changed, "write") for one in chunk]
            output.admit(plan)
            moving = [one for one in staged if one.moving is not None]
            workers.map(functools.partial(output.commit, folder), moving, "write")
            output.finish(plan, staged)
    except OSError as reason:
        raise SiteError(_unwritable(reason, folder, "written")) from reason
    written = sum(one.written for one in staged)
    return WriteReport(written, plan.total - written, plan.removed)


def _place(change: output.Change) -> tuple[str, int]:
    body = change.files[0].body
    return body.file, body.offset


def _unwritable(reason: OSError, folder: str, verb: str) -> Diagnostic:
    message = f"cannot be {verb}: {(reason.strerror or str(reason)).lower()}"
    where = Location(str(reason.filename or folder))
    return error("output", message, where, "free space or permission is needed")


def _stage_chunk(shelf: Shelf, folder: str, changes: Sequence[output.Change]) -> list[output.Staged]:
    return output.stage(folder, changes, shelf.get)
