"""`ssg build --profile` and `--metrics`, as a user runs them."""

import json
from pathlib import Path

import pytest
from prometheus_client import Metric
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from ssg.profiling import Figures, metrics
from tests.site_test import tree
from tests.test_cli import ssg

FIGURES = Figures(
    version='1"\\\n2',
    moment=1.5,
    seconds=0.25,
    stages={"parse": 0.1, "render": 2e-9},
    pages=3,
    files={"written": 5, "unchanged": 0, "removed": 0},
    bytes=12_345,
    rendered=4,
    cache={"hit": 1, "miss": 2},
    damaged=0,
    warnings=1,
    memory={},
)


def families(text: str) -> list[Metric]:
    """Parse metrics as Prometheus does."""
    return list(text_string_to_metric_families(text))  # type: ignore[no-untyped-call]


def samples(text: str) -> dict[str, float]:
    """Give each sample by name and label."""
    return {
        f"{one.name}{''.join(f' {value}' for value in one.labels.values())}": one.value
        for family in families(text)
        for one in family.samples
    }


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    ssg("init", "demo", cwd=tmp_path)
    return tmp_path / "demo"


def test_metrics_are_openmetrics() -> None:
    found = families(metrics(FIGURES))
    for family in found:
        assert family.documentation
        assert not family.unit or family.name.endswith(f"_{family.unit}")
        assert family.unit in {"", "seconds", "bytes"}
    assert [family.name for family in found if family.type != "gauge"] == ["ssg"]
    [info] = [family for family in found if family.type == "info"]
    assert info.samples[0].labels == {"version": '1"\\\n2'}
    told = samples(metrics(FIGURES))
    assert told["ssg_build_duration_seconds"] == 0.25
    assert told["ssg_build_stage_duration_seconds render"] == 2e-9
    assert told["ssg_build_output_size_bytes"] == 12_345
    assert told["ssg_build_cache_lookups miss"] == 2


def test_metrics_of_a_build(demo: Path) -> None:
    ssg("build", "--metrics", "m.txt", cwd=demo)
    cold = samples((demo / "m.txt").read_text())
    assert (cold["ssg_build_pages"], cold["ssg_build_files written"]) == (6, 26)
    plain = [body for path, body in tree(demo / "public").items() if not path.endswith((".br", ".gz"))]
    assert cold["ssg_build_output_size_bytes"] == sum(map(len, plain))
    assert cold["ssg_build_cache_lookups hit"] == 0
    assert cold["ssg_build_cache_lookups miss"] > 0
    assert cold["ssg_build_peak_memory_bytes main"] > 10_000_000
    stages = sum(seconds for name, seconds in cold.items() if name.startswith("ssg_build_stage_"))
    assert 0 < stages < cold["ssg_build_duration_seconds"] < 60
    ssg("build", "--metrics", "m.txt", cwd=demo)
    warm = samples((demo / "m.txt").read_text())
    assert warm["ssg_build_files unchanged"] == 26
    assert warm["ssg_build_cache_lookups hit"] == cold["ssg_build_cache_lookups miss"]
    assert warm["ssg_build_cache_lookups miss"] == warm["ssg_build_rendered_documents"] == 0


def test_a_profile_is_printed_and_written(demo: Path) -> None:
    plain = ssg("build", "--no-cache", cwd=demo)
    before = tree(demo / "public")
    done = ssg("build", "--no-cache", "--profile", "trace.json", cwd=demo)
    assert tree(demo / "public") == before
    assert "slowest" not in plain.stdout
    titles = [line for line in done.stdout.splitlines() if line and not line.startswith(" ")]
    assert "slowest pages" in titles
    assert "slowest templates, without what they call" in titles
    assert any(line.startswith("render ") for line in titles)
    assert any(line.split()[-2:] == ["page", "/posts/hello/"] for line in done.stdout.splitlines())
    told = json.loads((demo / "trace.json").read_text())
    assert {one["ph"] for one in told["traceEvents"]} == {"M", "X"}
    assert {"stage", "chunk", "page", "template", "pass"} <= {one.get("cat") for one in told["traceEvents"]}


def test_slow_pages_are_warnings_that_no_strict_build_fails_for(demo: Path) -> None:
    with (demo / "site.toml").open("a") as file:
        file.write("\n[profile]\nslow = 1\n")
    (demo / "content/long.md").write_text("# Long\n\n" + "```python\nprint(1)\n```\n\n" * 300)
    assert "took" not in ssg("build", "--strict", "--no-cache", cwd=demo).stderr
    done = ssg("build", "--strict", "--no-cache", "--profile", "t.json", cwd=demo)
    assert "content/long.md: warning: parsing took " in done.stderr
    assert "slow in [profile]" in done.stderr


def test_json_holds_the_profile(demo: Path) -> None:
    facts = json.loads(ssg("build", "--json", "--no-cache", "--profile", "t.json", cwd=demo).stdout)
    assert set(facts["profile"]) == {"stages", "pages", "templates", "passes", "cacheable"}
    assert facts["profile"]["stages"][0]["name"] == "survey"
    assert "profile" not in json.loads(ssg("build", "--json", cwd=demo).stdout)


@pytest.mark.parametrize("option", ["--profile", "--metrics"])
def test_a_file_that_cannot_be_written_is_told_before_the_build(demo: Path, option: str) -> None:
    done = ssg("build", option, "gone/t.json", cwd=demo, code=2)
    assert done.stderr.splitlines()[0] == (
        "gone/t.json: cannot be written: no such file or directory; name a file in a folder that is there"
    )
    assert not (demo / "public").exists()


def test_a_build_that_fails_leaves_the_file(demo: Path) -> None:
    (demo / "t.json").write_text("old")
    (demo / "content/bad.md").write_text("---\ntitle: a: b\n---\n")
    ssg("build", "--profile", "t.json", "--metrics", "m.txt", cwd=demo, code=1)
    assert (demo / "t.json").read_text() == "old"
    assert not (demo / "m.txt").exists()
