"""`ssg check`: with `--live`, a deployed site beside what was built."""

import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TypedDict, Unpack

import click

from ssg.commands.options import BASE_URL, JSON, OUTPUT, SITE
from ssg.commands.running import configured, mistakes_printed

# A token (RFC 9110, section 5.6.2).
_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")


class _CheckOptions(TypedDict):
    site: str
    output: str | None
    base_url: str | None
    live: str | None
    target: str | None
    sample: int
    everything: bool
    timeout: float
    headers: tuple[str, ...]
    as_json: bool


@click.command()
@SITE
@OUTPUT
@BASE_URL
@click.option("--live", metavar="URL", help="Compare the site that is deployed at URL with what was built.")
@click.option("--target", metavar="NAME", help="The host at URL, where targets in [delivery] has several.")
@click.option(
    "--sample",
    type=click.IntRange(min=1),
    default=2000,
    metavar="N",
    help="Ask for so many files at the most, some of every kind (default: 2000).",
)
@click.option("--all", "everything", is_flag=True, help="Ask for every file.")
@click.option(
    "--timeout",
    type=click.FloatRange(min=0.1),
    default=10.0,
    metavar="SECONDS",
    help="How long an answer may take (default: 10).",
)
@click.option(
    "--header", "headers", multiple=True, metavar="NAME:VALUE", help="Send this too, for sites behind a login."
)
@JSON
def check(**options: Unpack[_CheckOptions]) -> None:
    """Compare a deployed site with what the last build wrote, and with the headers that its host was told.

    Exits with 0 when nothing is wrong but for notes, 1 when something is or the site does not answer, 2 for wrong usage
    or configuration.
    """
    if options["live"] is None:
        raise click.UsageError('name a deployed site: ssg check --live https://example.org/; "ssg build" checks links')
    with mistakes_printed(as_json=options["as_json"]):
        _live(options, options["live"])


def _live(options: _CheckOptions, url: str) -> None:
    from ssg import console  # noqa: PLC0415
    from ssg.live import Manner, Wanted, check_live  # noqa: PLC0415

    as_json = options["as_json"]
    config, folder = configured(Path(options["site"]), options["base_url"], options["output"])
    manner = Manner(options["timeout"], _headers(options["headers"]))
    most = None if options["everything"] else options["sample"]
    with console.ProgressBar(enabled=not as_json) as progress:
        wanted = Wanted(url, folder, datetime.now(UTC), options["target"], most, manner)
        report = check_live(Path(options["site"]), config, wanted, progress)
    console.print_live(report, as_json=as_json)
    if report.failed:
        sys.exit(1)


def _headers(written: tuple[str, ...]) -> dict[str, str]:
    """Read `NAME:VALUE`, which may be credentials: messages name no value."""
    from ssg.errors import ConfigError, Location, error  # noqa: PLC0415

    found: dict[str, str] = {}
    for one in written:
        name, colon, value = one.partition(":")
        if not colon or not _NAME.fullmatch(name.strip()) or not (value.isascii() and value.isprintable()):
            hint = "write it like --header 'Authorization: Basic …'"
            raise ConfigError(error("live", "is no header", Location("--header"), hint))
        found[name.strip()] = value.strip()
    return found
