"""What somebody waits for while a build goes on."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from ssg.model import Artifact


class First(NamedTuple):
    """The files that somebody waits for, by path, and whom to give them to as soon as they are made."""

    paths: frozenset[str]
    show: Callable[[Sequence[Artifact]], None]
