"""What can go wrong, as values.

A stage returns diagnostics and goes on; only what makes going on impossible is raised::

    SsgError
    ├── ConfigError   wrong usage or configuration, exit 2
    └── SiteError     the site has errors, exit 1
"""

import difflib
import os
from collections import defaultdict
from collections.abc import Iterable
from enum import StrEnum
from typing import ClassVar

import msgspec

_HERE = os.path.dirname(__file__)  # noqa: PTH120 - compared with the names of files in tracebacks, which are texts


class Severity(StrEnum):
    """How bad a diagnostic is: an error keeps the site from being written, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


class Location(msgspec.Struct, frozen=True):
    """A place in a file: a path relative to the site folder, and a line from 1 (0 where no line is known)."""

    path: str
    line: int = 0

    def __str__(self) -> str:
        """Give `path:line`, the form that editors and terminals link."""
        return f"{self.path}:{self.line}" if self.line else self.path


class Diagnostic(msgspec.Struct, frozen=True):
    """One message to the author: what is wrong, where, and what to do.

    `code` is stable and names the kind of mistake; `message` and `hint` are sentences without a full stop. `subject` is
    what was being made, where that is not the place itself: the page that a template was rendering. `detail` is the
    traceback of what an extension raised, for who asks for it.
    """

    severity: Severity
    code: str
    message: str
    where: Location
    hint: str = ""
    subject: str = ""
    detail: str = ""

    def __str__(self) -> str:
        """Give the one line that is printed: `file:line: what is wrong; what to do`."""
        label = "warning: " if self.severity is Severity.WARNING else ""
        hint = f"; {self.hint}" if self.hint else ""
        subject = f" (rendering {self.subject})" if self.subject else ""
        return f"{self.where}: {label}{self.message}{hint}{subject}"


class Raised(Exception):  # noqa: N818 - it carries an error of another's
    """An extension raised something: its name, and what it raised."""

    def __init__(self, extension: str, reason: Exception) -> None:
        super().__init__(f'the extension "{extension}" failed: {type(reason).__name__}: {reason}')
        self.extension = extension
        self.reason = reason


class SsgError(Exception):
    """The work cannot go on; carries every diagnostic that is known so far."""

    exit_code: ClassVar[int] = 1
    outcome: str = "nothing was written"

    def __init__(self, *diagnostics: Diagnostic) -> None:
        super().__init__("\n".join(map(str, diagnostics)))
        self.diagnostics = diagnostics


class ConfigError(SsgError):
    """Wrong usage or configuration."""

    exit_code = 2


class SiteError(SsgError):
    """The site has errors, or its output cannot be written."""


def error(code: str, message: str, where: Location, hint: str = "") -> Diagnostic:
    """Give a diagnostic of severity error."""
    return Diagnostic(Severity.ERROR, code, message, where, hint)


def warning(code: str, message: str, where: Location, hint: str = "") -> Diagnostic:
    """Give a diagnostic of severity warning."""
    return Diagnostic(Severity.WARNING, code, message, where, hint)


MEND = "mend the extension, or take it out; --debug shows where it failed"


def failure(message: str, reason: Exception, where: Location, hint: str) -> Diagnostic:
    """Give an error for what an extension raised, with its traceback from the extension's own code on."""
    import traceback  # noqa: PLC0415 - for the case that does not happen

    trace = reason.__traceback__
    while trace is not None and trace.tb_frame.f_code.co_filename.startswith(_HERE):
        trace = trace.tb_next
    detail = "".join(traceback.format_exception(reason.with_traceback(trace)))
    text = f"{message}: {type(reason).__name__}: {reason}"
    return Diagnostic(Severity.ERROR, "extension", text, where, hint, detail=detail)


def nearest(name: str, candidates: Iterable[str]) -> str:
    """Give the hint `did you mean "…"?` for the candidate closest to `name`, or an empty string."""
    close = difflib.get_close_matches(name, sorted(candidates), n=1, cutoff=0.6)
    return f'did you mean "{close[0]}"?' if close else ""


def arrange(diagnostics: Iterable[Diagnostic], *, strict: bool = False) -> tuple[Diagnostic, ...]:
    """Give each diagnostic once, sorted by file and line; under `strict` warnings become errors.

    The same mistake in the making of many pages is one diagnostic, which names the first and counts the others.
    """
    subjects: dict[Diagnostic, set[str]] = defaultdict(set)
    details: dict[Diagnostic, str] = {}
    for diagnostic in diagnostics:
        severity = Severity.ERROR if strict else diagnostic.severity
        one = msgspec.structs.replace(diagnostic, severity=severity, subject="", detail="")
        subjects[one].add(diagnostic.subject)
        details.setdefault(one, diagnostic.detail)
    merged = (
        msgspec.structs.replace(one, subject=_counted(named), detail=details[one]) for one, named in subjects.items()
    )
    return tuple(sorted(merged, key=lambda d: (d.where.path, d.where.line, d.code, d.message, d.hint)))


def _counted(subjects: set[str]) -> str:
    named = sorted(subjects - {""})
    return f"{named[0]} and {len(named) - 1} more" if len(named) > 1 else "".join(named)


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Tell whether any diagnostic is an error."""
    return any(diagnostic.severity is Severity.ERROR for diagnostic in diagnostics)
