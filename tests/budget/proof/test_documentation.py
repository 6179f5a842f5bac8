"""What is predicted for every page of ssg's own documentation is what a browser fetches for it."""

import subprocess
import sys
from pathlib import Path

import pytest

from ssg.audit.chromium import Browser
from ssg.audit.host import hosted
from ssg.budget.graph import Weigher
from ssg.budget.page import read_page
from ssg.budget.values import PROFILES
from tests.budget.proof.fetched import Case, differences, fetch_all, files_of
from tests.budget.proof.fixtures import compress

ROOT = Path(__file__).parents[3]
ORIGIN = "https://ssg.example"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the documentation, with compressed forms also where the build writes none."""
    root = tmp_path_factory.mktemp("documentation")
    command = [sys.executable, "-m", "ssg", "build", "--no-cache", "--output", str(root / "docs")]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    compress(root / "docs")
    return root


def test_predicted_is_fetched_for_every_page(folder: Path, browser: Browser) -> None:
    files = files_of(folder / "docs")
    urls = sorted(url for url in files if url.endswith("/"))
    with hosted(folder) as host:
        fetched = fetch_all(browser, host, [("docs", url) for url in urls])
    site = Weigher(files.get, (ORIGIN,))
    wrong = {}
    for url in urls:
        html = files[url].read().decode()
        facts = read_page(html, url, (ORIGIN,))
        for profile in PROFILES:
            if told := differences(
                site.weigh(facts, profile), fetched[Case("docs", url, profile.name)], html, (ORIGIN,)
            ):
                wrong[url, profile.name] = told
    assert len(urls) > 20
    assert wrong == {}
