"""What a build took → the files that tell it: a profile, metrics."""

import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import ssg
from ssg import profiling
from ssg.build.whole import Built
from ssg.build.writing import WriteReport
from ssg.config import ProfileConfig
from ssg.errors import ConfigError, Diagnostic, Location, error
from ssg.spans import Clock, Recorder, Stopwatch


class Measure:
    """Measures one build and writes what came of it into files."""

    def __init__(self, profile: str | None, metrics: str | None, clock: Clock) -> None:
        """Take the files of the profile and of the metrics, where they are wanted; they stay as they are as yet.

        Metrics alone need the times of stages and no more.

        Raises:
            ConfigError: a file cannot be written.
        """
        self._profile = profile
        self._metrics = metrics
        self.timer = Recorder(clock) if profile else Stopwatch(clock)
        for file in filter(None, (profile, metrics)):
            _admit(file)

    def keep(
        self, done: tuple[Built, WriteReport], now: datetime, seconds: float, memory: Mapping[str, int]
    ) -> profiling.Findings | None:
        """Write the files; give what the profile tells, where there is one.

        Takes what the build gave, its moment, the seconds that it took, and the most memory of its processes in bytes.

        Raises:
            ConfigError: a file cannot be written.
        """
        tracks = self.timer.tracks(os.getpid())
        findings = profiling.find(tracks)
        if self._metrics:
            built, report = done
            figures = profiling.Figures(
                version=ssg.__version__,
                moment=now.timestamp(),
                seconds=seconds,
                stages={one.name: one.total for one in findings.stages},
                pages=built.release.pages,
                files={"written": report.written, "unchanged": report.unchanged, "removed": report.removed},
                bytes=sum(artifact.body.size for artifact in built.release.artifacts),
                rendered=len(built.reasons),
                cache={"hit": built.tally.hits, "miss": built.tally.misses},
                damaged=built.tally.damaged,
                warnings=len(built.release.diagnostics),
                memory=memory,
            )
            _write(self._metrics, profiling.metrics(figures).encode())
        if not self._profile:
            return None
        _write(self._profile, profiling.trace(tracks))
        return findings

    def slow(self, findings: profiling.Findings, config: ProfileConfig) -> tuple[Diagnostic, ...]:
        """Warn of what took longer than the site allows."""
        return tuple(profiling.slow(findings, config.slow))


def _admit(file: str) -> None:
    """See whether a file can be written, and leave it as it is."""
    place = Path(file)
    new = not place.exists()
    try:
        with place.open("ab"):
            pass
    except OSError as reason:
        raise _unwritable(file, reason) from None
    if new:
        place.unlink()


def _write(file: str, body: bytes) -> None:
    try:
        Path(file).write_bytes(body)
    except OSError as reason:
        raise _unwritable(file, reason) from None


def _unwritable(file: str, reason: OSError) -> ConfigError:
    message = f"cannot be written: {(reason.strerror or str(reason)).lower()}"
    return ConfigError(error("measure", message, Location(file), "name a file in a folder that is there"))
