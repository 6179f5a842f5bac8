"""What is predicted for pages is what a browser fetches for them; one fixture for each rule of what it does."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from ssg.audit.chromium import Browser
from ssg.audit.host import Request, hosted
from ssg.budget.graph import Weigher
from ssg.budget.page import read_page
from ssg.budget.values import PROFILES, File, Label, Profile, Sizes
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


@pytest.mark.parametrize(("other", "told"), [("/a1.png", []), ("/b.png", ["/b.png was fetched, and not predicted"])])
def test_an_upper_bound_stands_for_images_of_its_set_alone(other: str, told: list[str]) -> None:
    html = '<link rel=icon href=data:,><img loading=lazy sizes=auto srcset="/a1.png 100w, /a2.png 900w"><a href=/b.png>b</a>'
    files = {url: File(url, "image/png", Sizes(size), bytes) for url, size in (("/a1.png", 50), ("/a2.png", 90))}
    facts = read_page(html, "/")
    weight = Weigher(files.get).weigh(facts, PROFILES[0])
    [image] = weight.fetches[1:]
    assert (image.url, image.label) == ("/a2.png", Label.UPPER)
    requests = (Request("", "/", 200, "identity", facts.size, True), Request("", other, 200, "identity", 50, True))
    assert differences(weight, Seen(requests, frozenset()), html) == told
