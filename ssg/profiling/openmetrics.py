"""What a build did, in the text format of OpenMetrics 1.0.

A build is over when its numbers are written, so all of them are gauges: each is the value of the last build. Names end
in their unit, which is a base unit (section "Units and Base Units").
"""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

_ESCAPES = str.maketrans({"\\": "\\\\", "\n": "\\n", '"': '\\"'})
_Samples = Sequence[tuple[Mapping[str, str], float]]


class Figures(msgspec.Struct, frozen=True):
    """The numbers of a build: times in seconds, sizes in bytes; `moment` in seconds since 1970."""

    version: str
    moment: float
    seconds: float
    stages: Mapping[str, float]
    pages: int
    files: Mapping[str, int]
    bytes: int
    rendered: int
    cache: Mapping[str, int]
    damaged: int
    warnings: int
    memory: Mapping[str, int]


def metrics(figures: Figures) -> str:
    """Give all metrics of a build."""
    return "".join((*_families(figures), "# EOF\n"))


def _families(told: Figures) -> Iterator[str]:
    yield _family("ssg", "info", "", "What built the site.", [({"version": told.version}, 1)], "_info")
    yield _gauge("ssg_build_time_seconds", "When the site was built, since 1970.", told.moment, "seconds")
    yield _gauge("ssg_build_duration_seconds", "How long the build took.", told.seconds, "seconds")
    yield _gauges("ssg_build_stage_duration_seconds", "How long each stage took.", "stage", told.stages, "seconds")
    yield _gauge("ssg_build_pages", "Pages of the site.", told.pages)
    yield _gauge("ssg_build_rendered_documents", "Documents that this build rendered.", told.rendered)
    yield _gauges("ssg_build_files", "Files of the site by what writing did with them.", "outcome", told.files)
    yield _gauge("ssg_build_output_size_bytes", "Size of all files of the site.", told.bytes, "bytes")
    yield _gauges("ssg_build_cache_lookups", "Results looked up in the store.", "outcome", told.cache)
    yield _gauge("ssg_build_cache_damaged_entries", "Entries of the store that were damaged.", told.damaged)
    yield _gauge("ssg_build_warnings", "Warnings of the build.", told.warnings)
    help_ = "Largest resident memory of the main process, and of any worker."
    yield _gauges("ssg_build_peak_memory_bytes", help_, "process", told.memory, "bytes")


def _gauge(name: str, help_: str, value: float, unit: str = "") -> str:
    return _family(name, "gauge", unit, help_, [({}, value)])


def _gauges(name: str, help_: str, label: str, values: Mapping[str, float], unit: str = "") -> str:
    return _family(name, "gauge", unit, help_, [({label: key}, value) for key, value in values.items()])


def _family(name: str, kind: str, unit: str, help_: str, samples: _Samples, suffix: str = "") -> str:
    lines = [f"# TYPE {name} {kind}\n", *([f"# UNIT {name} {unit}\n"] if unit else []), f"# HELP {name} {help_}\n"]
    for labels, value in samples:
        shown = ",".join(f'{label}="{told.translate(_ESCAPES)}"' for label, told in labels.items())
        lines.append(f"{name}{suffix}{f'{{{shown}}}' if shown else ''} {value!r}\n")
    return "".join(lines)
