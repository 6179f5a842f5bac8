"""`ssg budget`, `ssg budget diff` and `ssg budget accept`."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ssg.commands.options import BASE_URL, SITE
from ssg.commands.running import configured, mistakes_printed

if TYPE_CHECKING:
    from ssg.budget.values import BudgetReport
    from ssg.build.budgeting import Weighed
    from ssg.config import Config

Weigh = Callable[[str, "Config", str | None], "Weighed"]
"""Takes the site folder, its configuration, and the folder of a site that another tool built, or None for the site
itself; gives what all pages weigh. Raises an `SsgError` where the site cannot be built, or the folder not be read."""

Report = Callable[[str, "Config", str], "BudgetReport"]
"""Takes the site folder, its configuration, and a URL pattern or nothing; gives what is said of the pages that match
it, or of all, with causes. Raises as `Weigh`."""

FORMATS = ("table", "json", "junit", "sarif", "github", "markdown", "html")
_CHECK = "check"
_PLACED = ("github", "sarif")
"""Formats that are read from the root of a repository, which is where CI works."""


class _Budget(click.Group):
    """A group whose first word may also be what the check is for."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        begin = args[0] if args else ""
        at = 2 if begin == "--site" else int(begin.startswith("--site="))
        word = args[at] if at < len(args) else ""
        if word in self.commands:  # all of them take --site, which may also stand before their names
            args = [word, *args[:at], *args[at + 1 :]]
        elif begin not in ctx.help_option_names:
            args = [_CHECK, *args]
        return super().parse_args(ctx, args)


def budget_group(weigh: Weigh, report: Report | None = None) -> click.Group:
    """Give the command `budget` with those below it; `weigh` is how pages are weighed.

    `report` judges those of the site itself, with causes; without it, they are judged by what they weigh alone.
    """

    @click.group(cls=_Budget, subcommand_metavar="[URL|DIR] | diff | accept")
    def budget() -> None:
        """Hold what pages weigh against the budgets of the site.

        A pattern of URLs, `/posts/**`, shows those pages alone; a folder is that of a site that another tool built.
        Exits with 0 when all is within budget, 1 when something is over, 2 for wrong usage or configuration.
        """

    budget.add_command(_check(weigh, report))
    budget.add_command(_diff(weigh))
    budget.add_command(_accept(weigh))
    return budget


def _check(weigh: Weigh, explained: Report | None) -> click.Command:
    @click.command(_CHECK)
    @SITE
    @click.option("--format", "form", type=click.Choice(FORMATS), default="table", help="How to print the report.")
    @click.option("--no-fail", is_flag=True, help="Exit with 0 also when something is over.")
    @click.option("--base-url", metavar="URL", envvar="SSG_BASE_URL", help="Where the site or folder is published.")
    @click.argument("what", metavar="[URL|DIR]", default="")
    def check(site: str, form: str, what: str, base_url: str | None, *, no_fail: bool) -> None:
        """Print the report. This is what `ssg budget` does without another word."""
        with mistakes_printed():
            folder = what if _is_folder(what) else None
            config = _config(site, base_url, folder)
            own = explained if folder is None else None
            only = what if folder is None else ""
            report = own(site, config, only) if own is not None else _judged(weigh, site, folder, config, only)
            report = _placed(report, site) if folder is None and form in _PLACED else report
            _end_with(report, form, fail=not no_fail)

    return check


def _config(site: str, base_url: str | None, folder: str | None) -> "Config":
    """Give the configuration of the site folder; a folder that another tool built can do without."""
    from ssg.config import FILE, Config, Overrides, override  # noqa: PLC0415

    if folder is not None and not Path(site, FILE).exists():
        return override(Config(), Overrides(base_url=base_url))
    return configured(Path(site), base_url, None)[0]


def _judged(weigh: Weigh, site: str, folder: str | None, config: "Config", only: str) -> "BudgetReport":
    from ssg.budget.narrowing import narrow  # noqa: PLC0415
    from ssg.build.budgeting import judge  # noqa: PLC0415

    report = judge(site, config, weigh(site, config, folder), only=only)
    return narrow(report, only) if only else report


def _placed(report: "BudgetReport", site: str) -> "BudgetReport":
    """Name sources from the working folder, where the site is in it."""
    folder = os.path.relpath(site)
    if folder.startswith(os.pardir):
        return report
    from ssg.budget.report import place_report  # noqa: PLC0415

    return place_report(report, folder.replace(os.sep, "/"))


def _end_with(report: "BudgetReport", form: str, *, fail: bool) -> None:
    """Print a report, and leave with the exit code 1 where a budget is broken and `fail` says that this counts."""
    from ssg import console  # noqa: PLC0415

    console.print_budget(report, form)
    if report.over and fail:
        sys.exit(1)


def _is_folder(what: str) -> bool:
    """Tell whether an argument names a folder; one that begins with a slash, as URLs do, only where HTML lies in it."""
    return Path(what).is_dir() and what != "" and (not what.startswith("/") or any(Path(what).glob("*.html")))


def _diff(weigh: Weigh) -> click.Command:
    @click.command("diff")
    @SITE
    @BASE_URL
    @click.option(
        "--base", metavar="REV", help="Compare with the lock of this git revision (default: the lock as it is)."
    )
    def diff(site: str, base_url: str | None, base: str | None) -> None:
        """Say what pages weigh more than budgets.lock has, and which files made it so."""
        from ssg.build.budgeting import explain_diff  # noqa: PLC0415

        with mistakes_printed():
            config, _ = configured(Path(site), base_url, None)
            lines = explain_diff(site, config, weigh(site, config, None), base)
            for line in lines or ("nothing has grown",):
                click.echo(line)

    return diff


def _accept(weigh: Weigh) -> click.Command:
    @click.command("accept")
    @SITE
    @BASE_URL
    @click.option("--reason", required=True, metavar="TEXT", help="Why the pages may weigh more; kept in the lock.")
    @click.argument("pages", nargs=-1, required=True, metavar="URL...")
    def accept(site: str, base_url: str | None, reason: str, pages: tuple[str, ...]) -> None:
        """Take what pages weigh now into budgets.lock; pages are named by URL, or by a pattern of URLs."""
        from ssg.build.budgeting import accept_pages  # noqa: PLC0415

        with mistakes_printed():
            config, _ = configured(Path(site), base_url, None)
            changed = accept_pages(site, config, weigh(site, config, None), pages, _reason(reason))
            click.echo(f"budgets.lock: {changed:,} {'page' if changed == 1 else 'pages'} changed")

    return accept


def _reason(reason: str) -> str:
    from ssg.errors import ConfigError, Location, error  # noqa: PLC0415

    if not reason.strip():
        hint = 'say why the pages may weigh more: --reason "shows the map"'
        raise ConfigError(error("budget-accept", "gives no reason", Location("--reason"), hint))
    return reason
