"""One build at a time writes into an output folder."""

from collections.abc import Iterator
from contextlib import contextmanager

from ssg.output.record import record_path

try:
    import fcntl
except ImportError:  # Windows has no such locks
    fcntl = None  # type: ignore[assignment]


@contextmanager
def locked(root: str, folder: str) -> Iterator[None]:
    """Wait until no other build of the site `root` writes into a folder, and keep others waiting.

    A process that ends, however it does, gives its lock back.

    Raises:
        OSError: the site's `.ssg/` cannot be written.
    """
    path = record_path(root, folder).with_suffix(".lock")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        if fcntl is not None:
            fcntl.lockf(file, fcntl.LOCK_EX)
        yield
