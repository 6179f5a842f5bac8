"""The commands of deploys: what they do is printed, for reading or as JSON."""

import json
from collections.abc import Iterator
from typing import Any

import click

from ssg.console import ProgressBar, shown_size
from ssg.deploy import DeployReport, Done, Plan, Task, Wishes, deploy, purge_only, rollback

_PURGE_FAILED = 3


def publish(task: Task, wishes: Wishes, *, as_json: bool) -> int:
    """Deploy, print what was done or would be, and give the exit code.

    Raises:
        SsgError: it could not be done.
    """
    with ProgressBar(enabled=not as_json) as progress:
        done = deploy(task, wishes, progress)
    return print_deploy(done, as_json=as_json)


def roll_back(task: Task, release: str | None, wishes: Wishes, *, as_json: bool) -> int:
    """Return to an earlier release, print what was done or would be, and give the exit code.

    Raises:
        SsgError: it could not be done.
    """
    with ProgressBar(enabled=not as_json) as progress:
        done = rollback(task, release, wishes, progress)
    return print_deploy(done, as_json=as_json)


def purge_again(task: Task, *, as_json: bool) -> int:
    """Repeat a purge, print what it did, and give the exit code.

    Raises:
        SsgError: it could not be begun.
    """
    report = purge_only(task)
    if as_json:
        click.echo(json.dumps(_reported(report), indent=2, ensure_ascii=False))
    elif not report.purge_failed:
        click.echo(f"{report.target}: {report.purged:,} files purged, {report.deleted:,} removed")
    return _code(report, as_json=as_json)


def print_deploy(done: Done, *, as_json: bool) -> int:
    """Print what was done, or with no report what would be done and why; give the exit code."""
    if as_json:
        click.echo(json.dumps(_facts(done), indent=2, ensure_ascii=False))
    elif done.report is None:
        for line in _plan_lines(done.plan):
            click.echo(line)
    else:
        click.echo(shown_report(done.report))
    if not as_json and done.plan.foreign:
        click.echo(f"{done.plan.foreign:,} files there are not ssg's; they stay", err=True)
    return _code(done.report, as_json=as_json)


def _code(report: DeployReport | None, *, as_json: bool) -> int:
    """Give the exit code; say why a purge failed, if it did."""
    if report is None or not report.purge_failed:
        return 0
    if not as_json:
        again = 'run "ssg deploy --purge-only"; until then readers may see pages of the release before'
        click.echo(f"{report.target}: uploaded, but not purged: {report.purge_failed}; {again}", err=True)
    return _PURGE_FAILED


def shown_report(report: DeployReport) -> str:
    """Give one line on a deploy."""
    purged = f", {report.purged:,} purged" if report.purged else ""
    what = f"{report.uploaded:,} uploaded ({shown_size(report.bytes)}), {report.unchanged:,} unchanged"
    return f"{report.target}: {what}, {report.deleted:,} removed{purged}; release {report.release}"


def _plan_lines(plan: Plan) -> Iterator[str]:
    """Give a line for every action in its order, then the sums."""
    for one in plan.actions:
        yield f"{one.reason.value:<10}  {one.item.path}  {shown_size(one.item.size)}"
    for path in plan.removed:
        yield f"{'remove':<10}  {path}"
    for key in plan.expired:
        yield f"{'expired':<10}  {key}"
    size = shown_size(sum(one.item.size for one in plan.actions))
    counts = f"{len(plan.actions):,} to upload ({size}), {plan.unchanged:,} unchanged"
    yield f"{counts}, {len(plan.removed) + len(plan.expired):,} to remove; nothing was changed"


def _facts(done: Done) -> dict[str, Any]:
    plan = done.plan
    facts: dict[str, Any] = {
        "actions": [
            {"path": one.item.path, "reason": one.reason.value, "phase": one.phase.name.lower(), "size": one.item.size}
            for one in plan.actions
        ],
        "removed": list(plan.removed),
        "expired": list(plan.expired),
        "purged": list(plan.purged),
        "unchanged": plan.unchanged,
    }
    if done.report is None:
        return {"ok": True, "dry_run": True, "release": plan.after.release, **facts}
    return {**_reported(done.report), **facts}


def _reported(report: DeployReport) -> dict[str, Any]:
    return {
        "ok": not report.purge_failed,
        "dry_run": False,
        "target": report.target,
        "release": report.release,
        "uploaded": report.uploaded,
        "bytes": report.bytes,
        "deleted": report.deleted,
        "purge_failed": report.purge_failed,
    }
