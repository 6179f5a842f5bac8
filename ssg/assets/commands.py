"""Outside tools that make assets: what they are given, and the files that they must leave."""

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from ssg.errors import Diagnostic, Location, Severity, SiteError, error

OUT = "{out}"
"""Stands in a command for the folder into which it is to write."""
_SHOWN = 400


class Command(msgspec.Struct, frozen=True):
    """A tool to run: its name in the configuration, the arguments, the files that it leaves, and where it is named.

    `seconds` is how long it may take.
    """

    name: str
    run: tuple[str, ...]
    outputs: tuple[str, ...]
    where: Location
    seconds: float = 600


def run_command(command: Command, root: str) -> Mapping[str, bytes]:
    """Run a tool in the site folder `root`; give the bytes of its outputs, by path below the folder that it wrote to.

    Raises:
        SiteError: it cannot be run, takes too long, fails, or does not leave an output.
    """
    with TemporaryDirectory(prefix="ssg-") as folder:
        arguments = [one.replace(OUT, folder) for one in command.run]
        for output in command.outputs:
            Path(folder, output).parent.mkdir(parents=True, exist_ok=True)
        try:
            done = _run(arguments, root, command.seconds)
        except subprocess.TimeoutExpired:
            said = f'the command "{command.name}" was stopped after {command.seconds:g} s'
            hint = f"give it more time, timeout in [assets.commands.{command.name}], or see what it waits for"
            raise SiteError(error("command", said, command.where, hint)) from None
        except OSError as reason:
            said = f'the command "{command.name}" cannot be run: {(reason.strerror or str(reason)).lower()}'
            hint = f"install {arguments[0]}, or take [assets.commands.{command.name}] out"
            raise SiteError(error("command", said, command.where, hint)) from None
        if done.returncode:
            raise SiteError(_failed(command, done.returncode, (done.stderr or done.stdout).decode(errors="replace")))
        return {output: _read(command, Path(folder, output), output) for output in command.outputs}


def _run(arguments: Sequence[str], root: str, seconds: float) -> subprocess.CompletedProcess[bytes]:
    """Run a program to its end; one that takes too long is stopped with all that it has started.

    Raises:
        OSError: it cannot be run.
        TimeoutExpired: it has taken longer.
    """
    pipe, own = subprocess.PIPE, os.name == "posix"
    with subprocess.Popen(  # noqa: S603 - the author's own command
        arguments, cwd=root, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe, start_new_session=own
    ) as running:
        try:
            out, err = running.communicate(timeout=seconds)
        except BaseException:  # Ctrl-C, too, which a session of its own does not get
            if own:
                os.killpg(running.pid, signal.SIGKILL)
            else:
                running.kill()
            raise
    return subprocess.CompletedProcess(arguments, running.returncode, out, err)


def _failed(command: Command, code: int, text: str) -> Diagnostic:
    """Say what a tool said; on one line what fits there, and all of it for who asks."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    said = " | ".join(lines) or "it says nothing"
    shown = said if len(said) <= _SHOWN else f"{said[:_SHOWN]}…"
    message = f'the command "{command.name}" failed with exit code {code}: {shown}'
    hint = "run it by itself in the site folder"
    return Diagnostic(Severity.ERROR, "command", message, command.where, hint, detail=text)


def _read(command: Command, place: Path, output: str) -> bytes:
    try:
        return place.read_bytes()
    except OSError:
        message = f'the command "{command.name}" does not leave "{output}"'
        raise SiteError(error("command", message, command.where, f"have it write to {OUT}/{output}")) from None
