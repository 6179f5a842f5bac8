"""What every command does around its work: read the configuration and the clock, print mistakes, set the exit code."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ssg.errors import Location, SsgError, error

if TYPE_CHECKING:
    from ssg.config import Config
    from ssg.model import Inputs


def configured(root: Path, base_url: str | None, output: str | None) -> "tuple[Config, str]":
    """Read the configuration; give it with the output folder."""
    from ssg.config import Overrides, load_config, output_folder  # noqa: PLC0415

    given = os.path.abspath(output) if output is not None else None  # noqa: PTH100 - links stay as they are
    config = load_config(root, Overrides(base_url, os.environ.get("SSG_CDN_URL"), given))
    return config, output_folder(root, config)


def inputs_of(site: str) -> "Inputs":
    """Say what the build may look at; the themes that come with ssg lie in the package, or beside it in a checkout."""
    from ssg.model import Inputs, readable  # noqa: PLC0415

    package = Path(__file__).parent.parent
    variables = {name: os.environ[name] for name in sorted(os.environ) if readable(name)}
    return Inputs(str(Path(site)), (str(package / "themes"), str(package.parent / "themes")), now(), variables)


def now() -> datetime:
    """Read the clock: the only place that does. `SOURCE_DATE_EPOCH` (reproducible-builds.org) stands in for it."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    return datetime.fromtimestamp(int(epoch), UTC) if epoch.isdigit() else datetime.now(UTC)


@contextmanager
def mistakes_printed(*, as_json: bool = False, debug: bool = False) -> Iterator[None]:
    """Print what is wrong instead of a traceback, and leave with the exit code that says so."""
    try:
        yield
    except SsgError as reason:
        from ssg import console  # noqa: PLC0415

        console.print_failure(reason.diagnostics, as_json=as_json, debug=debug, outcome=reason.outcome)
        sys.exit(reason.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as reason:
        if debug or os.environ.get("SSG_DEBUG"):
            raise
        from ssg import console  # noqa: PLC0415

        message = f"ssg itself failed: {type(reason).__name__}: {reason}"
        mistake = error("internal", message, Location("ssg"), "SSG_DEBUG=1 shows where; please report it")
        console.print_failure((mistake,), as_json=as_json)
        sys.exit(1)
