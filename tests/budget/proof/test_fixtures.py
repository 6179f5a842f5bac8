"""What is predicted for pages is what a browser fetches for them; one fixture for each rule of what it does."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from ssg.audit.chromium import Browser
from ssg.audit.host import hosted
from ssg.budget.graph import Weigher
from ssg.budget.page import read_page
from ssg.budget.values import PROFILES, Profile
from tests.budget.proof.fetched import Case, Seen, differences, fetch_all, files_of
from tests.budget.proof.fixtures import names, unpack


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("fixtures")
    for name in names():
        unpack(name, root / name)
    return root


@pytest.fixture(scope="module")
def fetched(folder: Path, browser: Browser) -> Mapping[Case, Seen]:
    with hosted(folder) as host:
        return fetch_all(browser, host, [(name, "/") for name in names()])


def test_there_are_many_fixtures() -> None:
    assert len(names()) >= 40


@pytest.mark.parametrize("profile", PROFILES, ids=lambda one: one.name)
@pytest.mark.parametrize("name", names())
def test_predicted_is_fetched(name: str, profile: Profile, folder: Path, fetched: Mapping[Case, Seen]) -> None:
    files = files_of(folder / name)
    html = files["/"].read().decode()
    weight = Weigher(files.get).weigh(read_page(html, "/"), profile)
    assert differences(weight, fetched[Case(name, "/", profile.name)], html) == []


def test_a_wrong_prediction_is_told(folder: Path, fetched: Mapping[Case, Seen]) -> None:
    files = dict(files_of(folder / "duplicates"))
    text = files["/"].read().decode().replace("a.css", "other.css").replace("/c.png?1", "/c.png")
    weight = Weigher(files.get).weigh(read_page(text, "/"), PROFILES[0])
    told = differences(weight, fetched[Case("duplicates", "/", PROFILES[0].name)], text)
    assert "/a.css was fetched, and not predicted" in told
    assert "/other.css was predicted (critical, exact), and not fetched" in told
