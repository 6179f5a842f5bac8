"""What a file of the site was in another revision, by git."""

import subprocess

from ssg.errors import ConfigError, Location, error


def read_revision(root: str, revision: str, path: str) -> str:
    """Give the text of a file as `revision` has it; `path` is relative to the site folder `root`.

    Raises:
        ConfigError: git is not there, the folder is in no repository, or the revision or the file in it is unknown.
    """
    where = Location(f"{revision}:{path}")
    if revision.startswith("-"):
        raise ConfigError(error("budget-base", "is no revision", where, "name a branch, a tag or a commit"))
    command = ["git", "-C", root, "show", f"{revision}:./{path}"]
    try:
        done = subprocess.run(command, capture_output=True, check=False, stdin=subprocess.DEVNULL)  # noqa: S603 - a fixed command
    except OSError as reason:
        hint = "install git, or leave --base out to compare with the file as it is"
        raise ConfigError(error("budget-base", f"cannot be read: git: {reason.strerror}", where, hint)) from None
    if done.returncode:
        [said, *_] = done.stderr.decode(errors="replace").strip().splitlines() or ["git failed"]
        hint = "name a revision that has the file, or leave --base out to compare with the file as it is"
        raise ConfigError(error("budget-base", f"cannot be read: {said.removeprefix('fatal: ')}", where, hint))
    return done.stdout.decode(errors="replace")
