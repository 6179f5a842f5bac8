"""Fixtures for all tests."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from tests.site_test import SiteTest

if TYPE_CHECKING:
    from tests.chromium import Chromium, Tab

CORPORA = Path(os.environ.get("SSG_CORPORA", Path(__file__).parent.parent.parent / "shared" / "corpora"))

# A machine that has other work to do is no fault of what is tested.
settings.register_profile("any-machine", deadline=None)
settings.load_profile("any-machine")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the proof that takes minutes by itself, so that no process waits for another at the end."""
    items.sort(key=lambda item: item.path.name != "test_equivalence.py")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write what is printed and built as the expected")
    parser.addoption("--edits", default=500, type=int, help="how many random edits test_equivalence makes at the least")
    parser.addoption("--saves", type=int, default=200, help="how often a file is saved under a preview")


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update-golden"))


@pytest.fixture
def saves(request: pytest.FixtureRequest) -> int:
    return int(request.config.getoption("--saves"))


@pytest.fixture
def site(tmp_path: Path) -> SiteTest:
    """An empty site folder with the least of configuration."""
    return SiteTest(tmp_path / "site").write("site.toml", '[site]\ntitle = "Test"\nbase_url = "https://example.org/"\n')


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[Chromium]":
    """A browser for all tests that need no profile of their own."""
    from tests.chromium import chromium

    with chromium(tmp_path_factory.mktemp("browser") / "profile") as one:
        yield one


@pytest.fixture
def page(browser: "Chromium") -> "Iterator[Tab]":
    """A page of that browser, in a window of its own."""
    tab = browser.tab()
    yield tab
    tab.close()


@pytest.fixture
def corpora() -> Path:
    if not CORPORA.is_dir():
        pytest.skip("the sample corpora are not here (set SSG_CORPORA to their folder)")
    return CORPORA


def require(program: str) -> str:
    """Give the path of a program that a test runs, or skip; under SSG_REQUIRE_ALL a missing program fails."""
    found = shutil.which(program)
    if found is None:
        if os.environ.get("SSG_REQUIRE_ALL"):
            pytest.fail(f"{program} is not installed, and SSG_REQUIRE_ALL is set")
        pytest.skip(f"{program} is not installed")
    return found


@contextmanager
def fresh_folder() -> Iterator[Path]:
    """Give an empty folder for one example of a property."""
    with tempfile.TemporaryDirectory(prefix="ssg-test-") as folder:
        yield Path(folder)
