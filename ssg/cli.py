"""The commands. Each reads its options, calls what does the work and prints; heavy imports wait until then."""

import gc
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

import click

from ssg import __version__
from ssg.errors import Location, SsgError, error

if TYPE_CHECKING:
    from ssg.build.measuring import Measure
    from ssg.config import Config
    from ssg.deploy import Task, Wishes
    from ssg.model import Inputs

_SITE = click.option("--site", default=".", metavar="DIR", help="The site folder (default: this one).")
_OUTPUT = click.option("--output", metavar="DIR", help="The output folder (default: dir in [output], public).")
_BASE_URL = click.option("--base-url", metavar="URL", envvar="SSG_BASE_URL", help="Where the site will be published.")

_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")


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


@main.command()
@_SITE
@_OUTPUT
@_BASE_URL
@click.option("--drafts", is_flag=True, help="Build drafts too.")
@click.option("--future", is_flag=True, help="Build pages dated later than now too.")
@click.option("--strict", is_flag=True, help="Treat every warning as an error.")
@click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="Worker processes (default: one per core).")
@click.option("--no-cache", is_flag=True, help="Neither use nor keep the work of other builds.")
@click.option("--verify", is_flag=True, help="Build a second time from nothing, and compare every byte.")
@_JSON
@click.option("--debug", is_flag=True, envvar="SSG_DEBUG", help="Show where an extension, or ssg itself, failed.")
@click.option("--profile", metavar="FILE", help="Write where the time went, for Perfetto or speedscope.")
@click.option("--metrics", metavar="FILE", help="Write the numbers of the build in OpenMetrics text.")
def build(**options: Unpack[_BuildOptions]) -> None:
    """Build the site: content to the output folder.

    Exits with 0 when the site is built, 1 when it has errors (nothing is written then), 2 for wrong usage or
    configuration.
    """
    with _mistakes_printed(as_json=options["as_json"], debug=options["debug"]):
        _build(options, time.perf_counter())


def _build(options: _BuildOptions, begin: float) -> None:
    from ssg import console  # noqa: PLC0415
    from ssg.build import Choices, Crew, deliveries, encoded_sizes, produce  # noqa: PLC0415
    from ssg.spans import UNTIMED  # noqa: PLC0415

    gc.disable()  # the process ends soon, and what refers to itself goes chunk by chunk
    as_json = options["as_json"]
    measure = _measure(options)
    with console.ProgressBar(enabled=not as_json) as progress:
        config, folder = _configured(Path(options["site"]), options["base_url"], options["output"])
        choices = Choices(
            drafts=options["drafts"],
            future=options["future"],
            strict=options["strict"],
            cache=not options["no_cache"],
            verify=options["verify"],
        )
        inputs = _inputs(options["site"])
        crew = Crew(options["jobs"], progress, measure.timer if measure else UNTIMED)
        built, report = produce(inputs, config, folder, choices, crew)
    release, seconds = built.release, round(time.perf_counter() - begin, 3)
    summary = console.Summary(
        output=folder,
        pages=release.pages,
        files=report.written + report.unchanged,
        bytes=sum(artifact.body.size for artifact in release.artifacts),
        encodings=encoded_sizes(release, config.output.encodings),
        seconds=seconds,
        written=report.written,
        unchanged=report.unchanged,
        removed=report.removed,
        rendered=len(built.reasons),
        cache={"hits": built.tally.hits, "misses": built.tally.misses},
        styles=deliveries(release),
    )
    findings = measure.keep((built, report), inputs.now, seconds, _peak_memory()) if measure else None
    said = measure.slow(findings, config.profile) if measure and findings else ()
    console.print_built(summary, (*release.diagnostics, *said), findings, as_json=as_json)
    gc.freeze()  # the interpreter would look at every object once more before it ends


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
@_SITE
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
    with _mistakes_printed():
        _watch(options)


def _watch(options: _WatchOptions) -> None:
    from ssg import console  # noqa: PLC0415
    from ssg.build import Choices  # noqa: PLC0415
    from ssg.serve import Look, Rebuilder, listen, preview  # noqa: PLC0415

    site = options["site"]
    _configured(Path(site), None, None)
    address = listen(options["host"], options["port"])
    console.print_address(address.origin, address.port, options["port"])
    choices = Choices(drafts=options["drafts"], future=options["drafts"])
    rebuild = Rebuilder(lambda: _inputs(site), address.origin, choices)
    if options["browse"]:
        click.launch(f"{address.origin}/")
    with suppress(KeyboardInterrupt):
        preview(site, address, rebuild, Look(options["hosts"], options["reload"]), console.print_rebuilt)


@main.command()
@_SITE
@_BASE_URL
@click.option("--drafts", is_flag=True, help="As in the build that is asked about.")
@click.option("--future", is_flag=True, help="As in the build that is asked about.")
@_JSON
@click.argument("url")
def why(url: str, site: str, base_url: str | None, as_json: bool, **shown: bool) -> None:  # noqa: FBT001 - an option
    """Say what the page at URL was built from, and why the last build did or did not render it again.

    A page is named by its URL, `/posts/a/`, or by its source, `content/posts/a.md`.
    """
    from ssg import console  # noqa: PLC0415
    from ssg.build import Choices  # noqa: PLC0415
    from ssg.build.why import ask  # noqa: PLC0415

    with _mistakes_printed(as_json=as_json):
        config, _ = _configured(Path(site), base_url, None)
        known = ask(_inputs(site), config, Choices(**shown), url)
    console.print_why(known, as_json=as_json)


@main.command()
@click.argument("folder", metavar="DIR")
def init(folder: str) -> None:
    """Begin a site in DIR: a configuration and pages that build at once."""
    from ssg.content.archetype import begin_site  # noqa: PLC0415

    with _mistakes_printed():
        written = begin_site(Path(folder), _now().date())
    for path in written:
        click.echo(f"wrote {path}")
    click.echo(f'next: "cd {folder}" and "ssg build"')


@main.command()
@_SITE
@click.argument("path")
def new(site: str, path: str) -> None:
    """Write a page with front matter at PATH, below the content folder."""
    from ssg.config import Overrides, load_config  # noqa: PLC0415
    from ssg.content.archetype import begin_page  # noqa: PLC0415

    with _mistakes_printed():
        config = load_config(Path(site), Overrides())
        written = begin_page(Path(site), config, path, _now().date())
    click.echo(f"wrote {written}")


@main.command()
@_SITE
@_OUTPUT
@click.option("--cache", is_flag=True, help="Remove what builds have remembered in .ssg instead.")
def clean(site: str, output: str | None, *, cache: bool) -> None:
    """Remove from the output folder what ssg wrote, and nothing else."""
    if cache:
        _clear(site)
        return
    from ssg.output import clean as remove_written  # noqa: PLC0415

    with _mistakes_printed():
        _, folder = _configured(Path(site), None, output)
        removed = remove_written(site, folder)
    click.echo(f"{folder}: removed {removed} files")


def _clear(site: str) -> None:
    from ssg.cache import clear_store  # noqa: PLC0415

    with _mistakes_printed():
        _configured(Path(site), None, None)
        cleared = clear_store(str(Path(site, ".ssg")))
    click.echo(f"{Path(site, '.ssg')}: {'emptied' if cleared else 'nothing was remembered'}")


_TARGET = click.argument("target", required=False)
_DRY_RUN = click.option("--dry-run", is_flag=True, help="Say what would be done, and why, and change nothing.")
_MAX_DELETES = click.option(
    "--max-deletes", type=click.IntRange(min=0), metavar="N", help="Refuse to remove more files (default: 256)."
)


@main.command()
@_TARGET
@_SITE
@_OUTPUT
@_BASE_URL
@_DRY_RUN
@click.option("--force", is_flag=True, help="Upload all files again.")
@click.option("--verify", is_flag=True, help="Compare with a listing of the bucket too, not with its manifest alone.")
@click.option("--adopt", is_flag=True, help="Go on in a place that holds files of others; they stay.")
@_MAX_DELETES
@click.option("--purge-only", is_flag=True, help="Repeat a purge that failed, and upload nothing.")
@_JSON
def deploy(**options: Unpack[_DeployOptions]) -> None:
    """Publish what the last build wrote at TARGET, a table [deploy.TARGET] of site.toml.

    Exits with 0 when the site is published, 1 when an upload failed, 3 when all is uploaded but the purge failed, 2 for
    wrong usage or configuration.
    """
    with _mistakes_printed(as_json=options["as_json"]):
        from ssg.deploy_console import publish, purge_again  # noqa: PLC0415

        task = _task(options)
        if options["purge_only"]:
            sys.exit(purge_again(task, as_json=options["as_json"]))
        sys.exit(publish(task, _wishes(options), as_json=options["as_json"]))


@main.command()
@_TARGET
@_SITE
@_BASE_URL
@click.option("--to", "release", metavar="RELEASE", help="The release to return to (default: the one before).")
@_DRY_RUN
@_MAX_DELETES
@_JSON
def rollback(**options: Unpack[_DeployOptions]) -> None:
    """Return to an earlier release at TARGET; its files are still there. Exits as ssg deploy does."""
    with _mistakes_printed(as_json=options["as_json"]):
        from ssg.deploy_console import roll_back  # noqa: PLC0415

        sys.exit(roll_back(_task(options), options["release"], _wishes(options), as_json=options["as_json"]))


def _task(options: _DeployOptions) -> "Task":
    """Say what a deploy is about; the environment holds the credentials of networks."""
    from ssg.deploy import Task, choose_target  # noqa: PLC0415

    site = options["site"]
    config, folder = _configured(Path(site), options["base_url"], options.get("output"))
    target = choose_target(config.deploy, options["target"])
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


def _configured(root: Path, base_url: str | None, output: str | None) -> "tuple[Config, str]":
    """Read the configuration; give it with the output folder."""
    from ssg.config import Overrides, load_config, output_folder  # noqa: PLC0415

    given = os.path.abspath(output) if output is not None else None  # noqa: PTH100 - links stay as they are
    config = load_config(root, Overrides(base_url, os.environ.get("SSG_CDN_URL"), given))
    return config, output_folder(root, config)


def _inputs(site: str) -> "Inputs":
    """Say what the build may look at; the themes that come with ssg lie in the package, or beside it in a checkout."""
    from ssg.model import Inputs, readable  # noqa: PLC0415

    package = Path(__file__).parent
    variables = {name: os.environ[name] for name in sorted(os.environ) if readable(name)}
    return Inputs(str(Path(site)), (str(package / "themes"), str(package.parent / "themes")), _now(), variables)


def _now() -> datetime:
    """Read the clock: the only place that does. `SOURCE_DATE_EPOCH` (reproducible-builds.org) stands in for it."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    return datetime.fromtimestamp(int(epoch), UTC) if epoch.isdigit() else datetime.now(UTC)


@contextmanager
def _mistakes_printed(*, as_json: bool = False, debug: bool = False) -> Iterator[None]:
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
