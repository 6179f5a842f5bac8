"""`ssg audit`."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ssg.commands.options import JSON, OUTPUT, SITE
from ssg.commands.running import configured, inputs_of, mistakes_printed

if TYPE_CHECKING:
    from ssg.budget.values import Subject
    from ssg.config import Config


@click.command()
@SITE
@OUTPUT
@click.option("--runs", default=5, type=click.IntRange(1, 99), help="How often each page is loaded (default: 5).")
@click.option("--slack", default=20, type=click.IntRange(0, 500), help="Per cent that times may be over (default: 20).")
@click.option("--no-fail", is_flag=True, help="Exit with 0 also when something is over.")
@JSON
@click.argument("urls", nargs=-1, metavar="[URL...]")
def audit(urls: tuple[str, ...], site: str, output: str | None, *, as_json: bool, no_fail: bool, **how: int) -> None:
    """Measure pages in a real Chromium, as a phone and as a desktop.

    A path like /posts/a/ is a page of the site as it was built, which is served for the time; a URL is opened as it
    is. Without any, the first page of the site is measured. Exits with 0 when all is within the budgets, 1 when
    something is over or a page cannot be opened, 2 for wrong usage or configuration, or without a browser.
    """
    from ssg import console  # noqa: PLC0415
    from ssg.audit import Wanted  # noqa: PLC0415
    from ssg.audit import audit as measured  # noqa: PLC0415
    from ssg.config import FILE, Config, output_folder  # noqa: PLC0415

    with mistakes_printed(as_json=as_json):
        if Path(site, FILE).exists() or not urls or not all("://" in url for url in urls):
            config, folder = configured(Path(site), None, output)
        else:  # pages of others need no site
            config = Config()
            folder = output_folder(Path(site), config)
        with console.ProgressBar(enabled=not as_json) as progress:
            wanted = Wanted(urls, folder, how["runs"], how["slack"])
            report = measured(config, wanted, progress, _subjects(site, config))
        console.print_audit(report, as_json=as_json)
    if report.over and not no_fail:
        sys.exit(1)


def _subjects(site: str, config: "Config") -> "Mapping[str, Subject]":
    """Give the pages of the site by URL, as rules of budgets see them; none where there is no site."""
    from ssg.config import FILE  # noqa: PLC0415

    if not Path(site, FILE).exists() or config.budgets == "off":
        return {}
    from ssg.build.reading import read_subjects  # noqa: PLC0415
    from ssg.build.writing import Crew  # noqa: PLC0415

    return {one.url: one for one in read_subjects(inputs_of(site), config, Crew(1))}
