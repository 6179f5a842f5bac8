"""What the passes over HTML take of the CPU for a page, with all that they learn from page to page learnt."""

import functools
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from turbohtml import Document as Tree

from benchmarks.figures import Figure
from ssg import optimize
from ssg.build import Choices, survey
from ssg.build.contents import read_site
from ssg.build.rendering import Stage, planned
from ssg.build.take import Take
from ssg.cache import NullStore, Shelf, Spool, Stamps
from ssg.config import Overrides, load_config
from ssg.errors import Diagnostic
from ssg.model import Document, Inputs, PageBody
from ssg.workers import Inline

_SITE = '[site]\ntitle = "Bench"\nbase_url = "https://example.org/"\n'
_ROOT = Path(__file__).parent.parent


def figures(corpus: Path) -> Iterator[Figure]:
    """Refine every page of a corpus in the default theme twice, in this process; time the second time.

    The figures are of the median page, in CPU time: parsing, all passes and serialisation together, and critical CSS
    alone.
    """
    with tempfile.TemporaryDirectory(prefix="ssg-bench-") as folder:
        site = Path(folder, "site")
        shutil.copytree(corpus, site / "content")
        (site / "site.toml").write_text(_SITE, encoding="utf-8")
        stage, documents = _rendered(site, Shelf(Spool(folder), NullStore()))
        spent: list[float] = []
        works = [_timed(one, spent) for one in stage.passes]
        asked = [stage.resources.context(one, (), set(), lambda _: None) for one in documents]
        for one, page in zip(documents, asked, strict=True):
            optimize.refine(one, works, page)
        spent.clear()
        refine = functools.partial(optimize.refine, works=works)
        whole = [_cpu(functools.partial(refine, one, page=page)) for one, page in zip(documents, asked, strict=True)]
    yield _figure(len(documents), "all passes", whole, 0.5)
    yield _figure(len(documents), "critical CSS alone", spent, 0.1)


def _figure(pages: int, what: str, seconds: Sequence[float], bar: float) -> Figure:
    middle = statistics.median(seconds) * 1e3
    return Figure(pages, what, f"{middle:.3f} ms of CPU for the median page", f"at most {bar} ms", middle <= bar)


def _rendered(site: Path, shelf: Shelf) -> tuple[Stage, list[Document]]:
    """Render the pages of a site that are HTML and have a source."""
    config = load_config(site, Overrides())
    inputs = Inputs(str(site), (str(_ROOT / "themes"),), datetime.now(UTC), {})
    take = Take(inputs, config, Choices(), survey(inputs, config), Stamps(inputs.root, {}, 0))
    ready = read_site(take, take.digests, Inline(), shelf)
    if ready.scene is None:
        sys.exit("the default theme cannot be loaded")
    stage = Stage(ready.scene, shelf)
    stage.renderer.prepare({config.site.language})
    work = [one for row in planned(ready.scene, take.memory).values() for one in row.work if one.body is not None]
    bodies = [msgspec.msgpack.decode(shelf.get(one.body), type=PageBody) for one in work if one.body is not None]
    return stage, [stage.renderer.render(one.route, body)[0] for one, body in zip(work, bodies, strict=True)]


def _timed(work: optimize.Work, spent: list[float]) -> optimize.Work:
    """Give passes with the CPU time of critical CSS added to a list."""
    if not isinstance(work, optimize.Stretch):
        return work

    def timed(step: optimize.Step) -> optimize.Step:
        def apply(tree: Tree, page: optimize.Context) -> list[Diagnostic]:
            said: list[Diagnostic] = []
            spent.append(_cpu(lambda: said.extend(step.apply(tree, page))))
            return said

        return step._replace(apply=apply) if step.name == "critical" else step

    return optimize.Stretch(tuple(map(timed, work.steps)), work.last)


def _cpu(call: Callable[[], object]) -> float:
    begin = time.process_time()
    call()
    return time.process_time() - begin
