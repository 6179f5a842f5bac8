"""Outside tools → assets: each is run again where one of its inputs, or what it is told, has changed."""

import functools
from collections.abc import Mapping, Sequence

import msgspec

from ssg import assets
from ssg.build.setting import Setting
from ssg.build.survey import Survey, input_files
from ssg.cache import recall_files
from ssg.config import place
from ssg.digests import digest
from ssg.errors import Diagnostic, Location, SiteError, error
from ssg.model import Ref


class Left(msgspec.Struct, frozen=True):
    """A file that a tool left: its path below `/assets/`, where its bytes lie now and in the store, and the digest."""

    path: str
    body: Ref
    kept: Ref
    digest: str


def run_all(found: Survey, setting: Setting, digests: Mapping[str, str]) -> tuple[list[Left], list[Diagnostic]]:
    """Give what the tools of `[assets.commands]` leave; from the same inputs they are not run again.

    What is wrong with a tool is a diagnostic.
    """
    left: dict[str, Left] = {}
    said: list[Diagnostic] = []
    for name, told in setting.config.assets.commands.items():
        where = place(setting.inputs.root, ("assets", "commands"), name)
        command = assets.Command(name, told.run, told.outputs, where, told.seconds)
        if not told.run or not told.outputs:
            hint = 'write run = ["tool", "-o", "{out}/app.css"] and outputs = ["app.css"]'
            said.append(error("command", f'the command "{name}" has no run or no outputs', where, hint))
            continue
        try:
            given = _inputs(command, told.inputs, found, digests)
            key = msgspec.msgpack.encode((assets.version(), told.run, told.outputs, given))
            make = functools.partial(assets.run_command, command, setting.inputs.root)
            files = recall_files(make, key, setting.shelf)
        except SiteError as reason:
            said += reason.diagnostics
            continue
        for one in files:
            if one.path in left:
                message = f'two commands leave "{one.path}"'
                said.append(error("command", message, where, "have one of them leave another name"))
            left[one.path] = Left(one.path, one.body, one.kept, one.digest)
    return list(left.values()), said


def _inputs(
    command: assets.Command, patterns: Sequence[str], found: Survey, digests: Mapping[str, str]
) -> list[tuple[str, str]]:
    """Give the inputs of a tool with the digests of their bytes.

    Raises:
        SiteError: a pattern names no file, or a file cannot be read.
    """
    known = {file.path: file for file in found.named}
    given: list[tuple[str, str]] = []
    for pattern in patterns:
        named = [path for path in input_files(found.root, [pattern]) if path in known]
        if not named:
            message = f'the input "{pattern}" of the command "{command.name}" names no file'
            hint = "name files from the site folder, like src/**/*.css"
            raise SiteError(error("command", message, command.where, hint))
        for path in named:
            file = known[path]
            try:
                given.append((path, digests.get(file.file) or _digest(file.file)))
            except OSError as reason:
                message = f"cannot be read: {(reason.strerror or str(reason)).lower()}"
                raise SiteError(error("unreadable", message, Location(path), "make it readable")) from None
    return given


def _digest(place: str) -> str:
    with open(place, "rb") as file:  # noqa: PTH123
        return digest(file.read())
