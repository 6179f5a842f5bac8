"""Remove what ssg wrote, and nothing else."""

import contextlib
from pathlib import Path

from ssg.output.record import load_record, record_path
from ssg.output.write import remove


def clean(root: str, folder: str) -> int:
    """Remove the files that builds of the site `root` wrote into `folder`, and the folders that become empty.

    Gives the number of files removed.

    Raises:
        OSError: the record cannot be removed.
    """
    record = load_record(root, folder)
    removed = 0
    for path in sorted(record):
        removed += Path(folder, path).is_file()
        remove(folder, path)
    record_path(root, folder).unlink(missing_ok=True)
    with contextlib.suppress(OSError):  # other files keep the folder
        Path(folder).rmdir()
    return removed
