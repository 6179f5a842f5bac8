"""Run commands in turn; give what the operating system says each run cost."""

import os
import statistics
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple


class Cost(NamedTuple):
    """One run: wall and CPU time in seconds, and the memory of the largest process in MB (10^6 bytes)."""

    wall: float
    cpu: float
    memory: float


class Program(NamedTuple):
    """A command, the folder it runs in, and what is removed before each run: everything, if a run is to be clean."""

    name: str
    command: Sequence[str]
    folder: Path
    remove: Sequence[Path] = ()


class Run(NamedTuple):
    """One run of a program: what it cost, and what it printed."""

    cost: Cost
    said: str


def run(program: Program) -> Run:
    """Run a program once.

    Raises:
        RuntimeError: the program failed; its output is in the message.
    """
    for path in program.remove:
        _move_aside(path)
    # Installed packages are compiled; a checkout shall not be compiled at every start.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    begin = time.perf_counter()
    with subprocess.Popen(
        program.command, cwd=program.folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        assert process.stdout is not None  # noqa: S101 - it was asked for
        said = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        message = f"{program.name} failed:\n{said.decode()}"
        raise RuntimeError(message)
    return Run(Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024 / 1e6), said.decode())


def _move_aside(path: Path) -> None:
    """Make a run clean. What earlier runs wrote goes when the benchmark ends, with its folder.

    ext4 gives no inode again for some seconds after it was freed, and looks for one that it may give: after 2,600
    removals that was a quarter of the CPU time of the run that followed, whichever program it was.
    """
    if path.exists():
        past = path.parent / ".past"
        past.mkdir(exist_ok=True)
        path.rename(past / str(sum(1 for _ in past.iterdir())))


def compare(programs: Sequence[Program], runs: int) -> list[Cost]:
    """Run the programs in turn, `runs` times after one run that does not count; give the medians of each."""
    costs: list[list[Cost]] = [[] for _ in programs]
    for number in range(runs + 1):
        for program, counted in zip(programs, costs, strict=True):
            cost = run(program).cost
            if number:
                counted.append(cost)
    return [medians(counted) for counted in costs]


def medians(costs: Sequence[Cost]) -> Cost:
    """Give the median of each figure."""
    return Cost(*(statistics.median(column) for column in zip(*costs, strict=True)))
