"""Diagnostics as the overlay shows them: with an excerpt of the file."""

import os
from collections.abc import Iterable
from pathlib import Path

import msgspec

from ssg.errors import Diagnostic

_AROUND = 3
_WIDEST = 400
_LARGEST = 4 << 20
_MOST = 100


class Line(msgspec.Struct, frozen=True):
    """A line of a file, with its number from 1; `marked` where the mistake is."""

    number: int
    text: str
    marked: bool


class Mistake(msgspec.Struct, frozen=True):
    """One diagnostic: its words, its place, and the lines around it, where they can be read."""

    severity: str
    place: str
    message: str
    hint: str
    subject: str
    excerpt: tuple[Line, ...]


class Mistakes(msgspec.Struct, frozen=True):
    """What the last build said: at most a hundred, errors first, and how many more there are."""

    shown: tuple[Mistake, ...] = ()
    more: int = 0


def describe(diagnostics: Iterable[Diagnostic], root: str) -> Mistakes:
    """Give the diagnostics of a site folder for the overlay."""
    ordered = sorted(diagnostics, key=lambda one: one.severity)
    shown = tuple(
        Mistake(one.severity, str(one.where), one.message, one.hint, one.subject, _excerpt(one, root))
        for one in ordered[:_MOST]
    )
    return Mistakes(shown, len(ordered) - len(shown))


def _excerpt(diagnostic: Diagnostic, root: str) -> tuple[Line, ...]:
    where = diagnostic.where
    folder = os.path.realpath(root)
    place = os.path.realpath(Path(root, where.path))
    if not where.line or os.path.commonpath((folder, place)) != folder:
        return ()
    try:
        with Path(place).open("rb") as file:
            lines = file.read(_LARGEST).decode(errors="replace").splitlines()
    except OSError:
        return ()
    first = max(0, where.line - 1 - _AROUND)
    last = min(len(lines), where.line + _AROUND)
    return tuple(
        Line(number + 1, lines[number][:_WIDEST].expandtabs(4), number + 1 == where.line)
        for number in range(first, last)
    )
