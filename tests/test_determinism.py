"""Equal inputs give equal bytes, whatever the hash seed, worker count, folder, time zone or file order."""

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from ssg.build import Choices
from tests.site_test import SiteTest, tree

EVERYTHING = "{{ page.content }}{{ page.extra }}{{ page.terms('tags') | map(attribute='name') | join }}"


def many(site: SiteTest, pages: int = 120) -> SiteTest:
    """Write enough pages that processes are used, in random order: the order of a directory's entries differs."""
    numbers = list(range(pages))
    random.shuffle(numbers)
    for number in numbers:
        tags = ", ".join(sorted({f"t{number % 7}", f"T{number % 5}", "É"}))
        site.write(
            f"content/s{number % 4}/p{number}.md",
            f"---\ntitle: Page {number}\ndate: 2026-01-{number % 28 + 1:02}\ntags: [{tags}]\nz: 1\na: {{y: 2, x: 1}}\n"
            f"---\n\nText {number} [next](p{number + 4}.md) [gone](gone{number}.md).\n\n## H\n\n## H\n\n"
            f"```python\nx = {number}\n```\n",
        )
    site.write(
        "templates/page.html",
        EVERYTHING,
    )
    return site


def command(site: Path, output: Path, *options: str, **environment: str) -> dict[str, bytes]:
    arguments = [sys.executable, "-m", "ssg", "build", "--site", str(site), "--output", str(output), *options]
    subprocess.run(arguments, check=True, capture_output=True, env=os.environ | environment)
    return tree(output)


def test_hash_seeds_workers_time_zones_and_order(site: SiteTest, tmp_path: Path) -> None:
    config = (site.root / "site.toml").read_text()
    many(site.write("site.toml", f'{config}[output]\nencodings = ["br", "zstd", "gzip"]\nmin_size = "100 B"\n'))
    first = command(site.root, tmp_path / "1", "--no-cache", "--jobs", "1", PYTHONHASHSEED="1", TZ="UTC")
    other = SiteTest(tmp_path / "elsewhere" / "other").write("site.toml", (site.root / "site.toml").read_text())
    many(other)
    runs = [
        command(site.root, tmp_path / "2", "--no-cache", "--jobs", "2", PYTHONHASHSEED="2", TZ="Asia/Tokyo"),
        command(site.root, tmp_path / "4", "--jobs", "4", PYTHONHASHSEED="3"),
        command(site.root, tmp_path / "5", "--jobs", "3", PYTHONHASHSEED="4", LC_ALL="C"),
        command(other.root, tmp_path / "6", "--no-cache", "--jobs", "2", PYTHONHASHSEED="5"),
    ]
    assert len(first) > 130
    assert sum(path.endswith(".br") for path in first) > 100
    for run in runs:
        assert run.keys() == first.keys()
        assert [path for path in run if run[path] != first[path]] == []


def test_diagnostics_are_the_same_with_any_number_of_workers(site: SiteTest) -> None:
    many(site)
    said = [site.built(Choices(cache=False), jobs=jobs).said() for jobs in (1, 2, 4)]
    assert said[0].count("gone") > 100
    assert said[0] == said[1] == said[2]


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_warm_build_is_the_clean_build(site: SiteTest, jobs: int) -> None:
    """Edits of every kind, each built over the store and compared with a build that has none."""
    many(site, 60).built(jobs=jobs)
    edits = {
        "content/s0/p0.md": "---\ntitle: New title\n---\n\nOther.\n",
        "content/s1/p1.md": None,
        "content/s9/new.md": "# New\n",
        "templates/page.html": "{{ page.title }}{{ page.content }}",
        "site.toml": '[site]\ntitle = "Renamed"\nbase_url = "https://example.org/x/"\n',
        "./site.toml": '[site]\ntitle = "T"\n[markdown]\nengine = "markdown"\n',
        "././site.toml": '[site]\ntitle = "T"\n[markdown.highlight]\nenabled = false\n',
        "content/s2/index.md": "# Section two\n",
    }
    for path, text in edits.items():
        site.remove(path) if text is None else site.write(path, text)
        warm = site.built(jobs=jobs).tree()
        said = site.said()
        clean = site.built(Choices(cache=False), jobs=jobs)
        assert clean.report is not None
        assert clean.report.written == 0
        assert (clean.tree(), clean.said()) == (warm, said)
