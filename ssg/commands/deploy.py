"""`ssg deploy` and `ssg rollback`."""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

import click

from ssg.commands.options import BASE_URL, JSON, OUTPUT, SITE
from ssg.commands.running import configured, mistakes_printed

if TYPE_CHECKING:
    from ssg.deploy import Task, Wishes

_TARGET = click.argument("target", required=False)
_DRY_RUN = click.option("--dry-run", is_flag=True, help="Say what would be done, and why, and change nothing.")
_MAX_DELETES = click.option(
    "--max-deletes", type=click.IntRange(min=0), metavar="N", help="Refuse to remove more files (default: 256)."
)


class _DeployOptions(TypedDict, total=False):
    target: str | None
    site: str
    output: str | None
    base_url: str | None
    dry_run: bool
    force: bool
    verify: bool
    adopt: bool
    max_deletes: int | None
    purge_only: bool
    release: str | None
    as_json: bool


@click.command()
@_TARGET
@SITE
@OUTPUT
@BASE_URL
@_DRY_RUN
@click.option("--force", is_flag=True, help="Upload all files again.")
@click.option("--verify", is_flag=True, help="Compare with a listing of the bucket too, not with its manifest alone.")
@click.option("--adopt", is_flag=True, help="Go on in a place that holds files of others; they stay.")
@_MAX_DELETES
@click.option("--purge-only", is_flag=True, help="Repeat a purge that failed, and upload nothing.")
@JSON
def deploy(**options: Unpack[_DeployOptions]) -> None:
    """Publish what the last build wrote at TARGET, a table [deploy.TARGET] of site.toml.

    Exits with 0 when the site is published, 1 when an upload failed, 3 when all is uploaded but the purge failed, 2 for
    wrong usage or configuration.
    """
    with mistakes_printed(as_json=options["as_json"]):
        from ssg.deploy_console import publish, purge_again  # noqa: PLC0415

        task = _task(options)
        if options["purge_only"]:
            sys.exit(purge_again(task, as_json=options["as_json"]))
        sys.exit(publish(task, _wishes(options), as_json=options["as_json"]))


@click.command()
@_TARGET
@SITE
@BASE_URL
@click.option("--to", "release", metavar="RELEASE", help="The release to return to (default: the one before).")
@_DRY_RUN
@_MAX_DELETES
@JSON
def rollback(**options: Unpack[_DeployOptions]) -> None:
    """Return to an earlier release at TARGET; its files are still there. Exits as ssg deploy does."""
    with mistakes_printed(as_json=options["as_json"]):
        from ssg.deploy_console import roll_back  # noqa: PLC0415

        sys.exit(roll_back(_task(options), options["release"], _wishes(options), as_json=options["as_json"]))


def _task(options: _DeployOptions) -> "Task":
    """Say what a deploy is about; the environment holds the credentials of networks."""
    from ssg.deploy import Task, choose_target  # noqa: PLC0415

    site = options["site"]
    config, folder = configured(Path(site), options["base_url"], options.get("output"))
    target = choose_target(config.deploy, options["target"])
    # The true time, whatever SOURCE_DATE_EPOCH says: a signature of another time is refused.
    return Task(site, folder, config, target, datetime.now(UTC), dict(os.environ))


def _wishes(options: _DeployOptions) -> "Wishes":
    from ssg.deploy import Wishes  # noqa: PLC0415

    return Wishes(
        options["dry_run"],
        options.get("force", False),
        options.get("verify", False),
        options.get("adopt", False),
        options["max_deletes"],
    )
