"""The commands. Each reads its options, calls what does the work and prints; heavy imports wait until then."""

import functools
import gc
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

import click
import msgspec

from ssg import __version__
from ssg.commands.audit import audit
from ssg.commands.budget import budget_group
from ssg.commands.check import check
from ssg.commands.deploy import deploy, rollback
from ssg.commands.options import BASE_URL, JSON, OUTPUT, SITE
from ssg.commands.running import configured, inputs_of, mistakes_printed, now

if TYPE_CHECKING:
    from ssg.budget.values import BudgetReport
    from ssg.build import Produced
    from ssg.build.budgeting import Weighed
    from ssg.build.measuring import Measure
    from ssg.config import Config
    from ssg.console import Summary


class _BuildOptions(TypedDict):
    site: str
    output: str | None
    base_url: str | None
    drafts: bool
    future: bool
    strict: bool
    jobs: int | None
    no_cache: bool
    verify: bool
    as_json: bool
    debug: bool
    profile: str | None
    metrics: str | None
    no_fail: bool


class _WatchOptions(TypedDict):
    site: str
    host: str
    port: int
    hosts: tuple[str, ...]
    drafts: bool
    reload: bool
    browse: bool


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="ssg")
def main() -> None:
    """Build a fast static site from Markdown."""


main.add_command(audit)


@main.command()
@SITE
@OUTPUT
@BASE_URL
@click.option("--drafts", is_flag=True, help="Build drafts too.")
@click.option("--future", is_flag=True, help="Build pages dated later than now too.")
@click.option("--strict", is_flag=True, help="Treat every warning as an error.")
@click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="Worker processes (default: one per core).")
@click.option("--no-cache", is_flag=True, help="Neither use nor keep the work of other builds.")
@click.option("--verify", is_flag=True, help="Build a second time from nothing, and compare every byte.")
@click.option("--no-fail", is_flag=True, help="Exit with 0 also when the site is over its budgets.")
@JSON
@click.option("--debug", is_flag=True, envvar="SSG_DEBUG", help="Show where an extension, or ssg itself, failed.")
@click.option("--profile", metavar="FILE", help="Write where the time went, for Perfetto or speedscope.")
@click.option("--metrics", metavar="FILE", help="Write the numbers of the build in OpenMetrics text.")
def build(**options: Unpack[_BuildOptions]) -> None:
    """Build the site: content to the output folder.

    Exits with 0 when the site is built and within its budgets, 1 when it has errors (nothing is written then) or is
    over budget (it is written), 2 for wrong usage or configuration.
    """
    with mistakes_printed(as_json=options["as_json"], debug=options["debug"]):
        _build(options, time.perf_counter())


def _build(options: _BuildOptions, begin: float) -> None:
    from ssg import console  # noqa: PLC0415
    from ssg.build import Choices, Crew, produce  # noqa: PLC0415
    from ssg.spans import UNTIMED  # noqa: PLC0415

    gc.disable()  # the process ends soon, and what refers to itself goes chunk by chunk
    as_json = options["as_json"]
    measure = _measure(options)
    with console.ProgressBar(enabled=not as_json) as progress:
        config, folder = configured(Path(options["site"]), options["base_url"], options["output"])
        choices = Choices(
            drafts=options["drafts"],
            future=options["future"],
            strict=options["strict"],
            cache=not options["no_cache"],
            verify=options["verify"],
        )
        inputs = inputs_of(options["site"])
        crew = Crew(options["jobs"], progress, measure.timer if measure else UNTIMED)
        made = produce(inputs, config, folder, choices, crew)
    built, report, checked = made
    release, seconds = built.release, round(time.perf_counter() - begin, 3)
    summary = _summary(made, config, folder, seconds)
    findings = measure.keep((built, report), inputs.now, seconds, _peak_memory()) if measure else None
    said = measure.slow(findings, config.profile) if measure and findings else ()
    console.print_built(summary, (*release.diagnostics, *said), findings, as_json=as_json)
    if not as_json:
        console.print_check(checked)
    if checked.over and not options["no_fail"]:
        sys.exit(1)
    gc.freeze()  # the interpreter would look at every object once more before it ends


def _summary(made: "Produced", config: "Config", folder: str, seconds: float) -> "Summary":
    """Put together what a build did."""
    from ssg.build import deliveries, encoded_sizes  # noqa: PLC0415
    from ssg.console import Summary  # noqa: PLC0415

    release, report = made.built.release, made.report
    return Summary(
        output=folder,
        pages=release.pages,
        files=report.written + report.unchanged,
        bytes=sum(artifact.body.size for artifact in release.artifacts),
        encodings=encoded_sizes(release, config.output.encodings),
        seconds=seconds,
        written=report.written,
        unchanged=report.unchanged,
        removed=report.removed,
        rendered=len(made.built.reasons),
        cache={"hits": made.built.tally.hits, "misses": made.built.tally.misses},
        styles=deliveries(release),
        budget=msgspec.to_builtins(made.checked),
    )


def _measure(options: _BuildOptions) -> "Measure | None":
    """Give what measures the build, where its measurements are asked for."""
    if not options["profile"] and not options["metrics"]:
        return None
    from ssg.build.measuring import Measure  # noqa: PLC0415

    return Measure(options["profile"], options["metrics"], time.perf_counter_ns)


def _peak_memory() -> dict[str, int]:
    """Give the largest resident memory of this process and of the largest worker, in bytes, where the system tells."""
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return {}
    unit = 1 if sys.platform == "darwin" else 1024
    asked = {"main": resource.RUSAGE_SELF, "worker": resource.RUSAGE_CHILDREN}
    return {name: resource.getrusage(who).ru_maxrss * unit for name, who in asked.items()}


@main.command()
@SITE
@click.option("--host", default="127.0.0.1", help="The address to listen at (default: 127.0.0.1, this machine alone).")
@click.option("--port", default=8000, type=click.IntRange(0, 65535), help="The port, or the next free one.")
@click.option("--allow-host", "hosts", multiple=True, metavar="NAME", help="A further name that browsers may ask for.")
@click.option("--drafts/--no-drafts", default=True, help="Show drafts and pages dated later than now (default: yes).")
@click.option("--reload/--no-reload", default=True, help="Keep open pages up to date (default: yes).")
@click.option("--open", "browse", is_flag=True, help="Open the site in a browser.")
def watch(**options: Unpack[_WatchOptions]) -> None:
    """Show the site in a browser, and build it again whenever it changes.

    Nothing is written to the output folder. Ctrl-C ends it, with the exit code 0; the code is 2 for wrong usage or
    configuration at the start.
    """
    with mistakes_printed():
        _watch(options)


def _watch(options: _WatchOptions) -> None:
    from ssg import console  # noqa: PLC0415
    from ssg.build import Choices  # noqa: PLC0415
    from ssg.serve import Look, Rebuilder, listen, preview  # noqa: PLC0415

    site = options["site"]
    configured(Path(site), None, None)
    address = listen(options["host"], options["port"])
    console.print_address(address.origin, address.port, options["port"])
    choices = Choices(drafts=options["drafts"], future=options["drafts"])
    rebuild = Rebuilder(lambda: inputs_of(site), address.origin, choices)
    if options["browse"]:
        click.launch(f"{address.origin}/")
    with suppress(KeyboardInterrupt):
        preview(site, address, rebuild, Look(options["hosts"], options["reload"]), console.print_rebuilt)


@main.command()
@SITE
@click.option("--host", default="127.0.0.1", help="The address to listen at (default: 127.0.0.1, this machine alone).")
@click.option("--port", default=8000, type=click.IntRange(0, 65535), help="The port, or the next free one.")
@click.argument("folder", metavar="[DIR]", required=False)
def serve(site: str, host: str, port: int, folder: str | None) -> None:
    """Serve a built folder as its host would: compressed, with its headers, redirects and 404 page.

    DIR is the output folder of the site where it is left out. Nothing is built, and nothing reloads itself: that is
    "ssg watch". Ctrl-C ends it, with the exit code 0.
    """
    from ssg import console  # noqa: PLC0415
    from ssg.config import delivery_folder  # noqa: PLC0415
    from ssg.serve import listen  # noqa: PLC0415
    from ssg.serve.hosting import load_hosted, serve_hosted  # noqa: PLC0415

    with mistakes_printed(), suppress(KeyboardInterrupt):
        config, output = configured(Path(site), None, None)
        hosted = load_hosted(folder or output, delivery_folder(Path(site), config), config)
        address = listen(host, port)
        console.print_address(f"{address.origin}{hosted.policy.base_path}", address.port, port)
        serve_hosted(hosted, address)


@main.command()
@SITE
@BASE_URL
@click.option("--drafts", is_flag=True, help="As in the build that is asked about.")
@click.option("--future", is_flag=True, help="As in the build that is asked about.")
@JSON
@click.argument("url")
def why(url: str, site: str, base_url: str | None, as_json: bool, **shown: bool) -> None:  # noqa: FBT001 - an option
    """Say what the page at URL was built from, and why the last build did or did not render it again.

    A page is named by its URL, `/posts/a/`, or by its source, `content/posts/a.md`.
    """
    from ssg import console  # noqa: PLC0415
    from ssg.build import Choices  # noqa: PLC0415
    from ssg.build.why import ask  # noqa: PLC0415

    with mistakes_printed(as_json=as_json):
        config, _ = configured(Path(site), base_url, None)
        known = ask(inputs_of(site), config, Choices(**shown), url)
    console.print_why(known, as_json=as_json)


@main.command()
@click.argument("folder", metavar="DIR")
def init(folder: str) -> None:
    """Begin a site in DIR: a configuration and pages that build at once."""
    from ssg.content.archetype import begin_site  # noqa: PLC0415

    with mistakes_printed():
        written = begin_site(Path(folder), now().date())
    for path in written:
        click.echo(f"wrote {path}")
    click.echo(f'next: "cd {folder}" and "ssg build"')


@main.command()
@SITE
@click.argument("path")
def new(site: str, path: str) -> None:
    """Write a page with front matter at PATH, below the content folder."""
    from ssg.config import Overrides, load_config  # noqa: PLC0415
    from ssg.content.archetype import begin_page  # noqa: PLC0415

    with mistakes_printed():
        config = load_config(Path(site), Overrides())
        written = begin_page(Path(site), config, path, now().date())
    click.echo(f"wrote {written}")


@main.command()
@SITE
@OUTPUT
@click.option("--cache", is_flag=True, help="Remove what builds have remembered in .ssg instead.")
def clean(site: str, output: str | None, *, cache: bool) -> None:
    """Remove from the output folder what ssg wrote, and nothing else."""
    if cache:
        _clear(site)
        return
    from ssg.config import delivery_folder  # noqa: PLC0415
    from ssg.output import clean as remove_written  # noqa: PLC0415
    from ssg.output import has_record  # noqa: PLC0415

    with mistakes_printed():
        config, folder = configured(Path(site), None, output)
        removed = remove_written(site, folder)
        beside = delivery_folder(Path(site), config)
        if has_record(site, beside):
            removed += remove_written(site, beside)
    click.echo(f"{folder}: removed {removed} files")


def _clear(site: str) -> None:
    from ssg.cache import clear_store  # noqa: PLC0415

    with mistakes_printed():
        configured(Path(site), None, None)
        cleared = clear_store(str(Path(site, ".ssg")))
    click.echo(f"{Path(site, '.ssg')}: {'emptied' if cleared else 'nothing was remembered'}")


def _weighed(site: str, config: "Config", folder: str | None) -> "Weighed":
    """Weigh the pages of a site, or of a folder that another tool has built."""
    if folder is not None:
        from ssg.build.weighing import weigh_folder  # noqa: PLC0415

        return weigh_folder(folder, config.site.base_url)
    from ssg import console  # noqa: PLC0415
    from ssg.build import Choices, Crew, made  # noqa: PLC0415
    from ssg.build.checking import weigh_built  # noqa: PLC0415

    with console.ProgressBar(enabled=True) as progress:
        return made(inputs_of(site), config, Choices(), Crew(None, progress), weigh_built)[1]


def _reported(site: str, config: "Config", only: str) -> "BudgetReport":
    """Hold the pages of a site against its budgets, and say what wrote the bytes of those that are over.

    With a URL pattern `only`, that is for pages that match it.
    """
    from ssg import console  # noqa: PLC0415
    from ssg.build import Choices, Crew, made  # noqa: PLC0415
    from ssg.build.checking import report_of  # noqa: PLC0415

    with console.ProgressBar(enabled=True) as progress:
        return made(inputs_of(site), config, Choices(), Crew(None, progress), functools.partial(report_of, only=only))[
            1
        ]


main.add_command(budget_group(_weighed, _reported))
main.add_command(check)
main.add_command(deploy)
main.add_command(rollback)
