"""A folder that any tool has built is weighed as it lies there."""

from pathlib import Path

import pytest

from ssg.budget.assess import Terms
from ssg.budget.check import check
from ssg.budget.sentences import summary_of
from ssg.budget.values import Sizes
from ssg.build.weighing import weigh_folder
from ssg.errors import ConfigError


def write(folder: Path, path: str, text: str) -> None:
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_text(text, encoding="utf-8")


@pytest.fixture
def built(tmp_path: Path) -> Path:
    page = '<!doctype html><link rel="icon" href="data:,"><link rel="stylesheet" href="/a.css"><title>x</title><p>x'
    write(tmp_path, "index.html", page)
    write(tmp_path, "début/index.html", page + '<img src="gone.png" alt="">')
    write(tmp_path, "404.html", page)
    write(tmp_path, "a.css", "p { color: red }" * 10)
    write(tmp_path, "a.css.br", "12345")
    write(tmp_path, "a.css.gz", "123456")
    return tmp_path


def test_pages_have_the_urls_of_a_host_and_the_sizes_of_siblings(built: Path) -> None:
    weighed = weigh_folder(str(built))
    assert [one.url for one in weighed.subjects] == ["/404.html", "/d%C3%A9but/", "/"]
    assert weighed.subjects[1].source == f"{built}/début/index.html"
    [sheet] = {one for weight in weighed.weights for one in weight.fetches if one.url == "/a.css"}
    assert sheet.sizes == Sizes(160, 6, 5)
    html = sum((built / name).stat().st_size for name in ("index.html", "début/index.html", "404.html"))
    assert weighed.site_bytes == html + 160


def test_it_is_held_against_the_limits(built: Path) -> None:
    weighed = weigh_folder(str(built))
    [finding] = check(weighed.subjects, weighed.weights, Terms(site_bytes=weighed.site_bytes)).findings
    assert finding.message == "/d%C3%A9but/gone.png would be fetched, and there is no such file on /d%C3%A9but/"
    assert finding.path == f"{built}/début/index.html"


def test_without_siblings_nothing_is_said_to_be_compressed(built: Path) -> None:
    for name in ("a.css.br", "a.css.gz"):
        (built / name).unlink()
    weighed = weigh_folder(str(built))
    assert "3 pages weighed without compression: " in summary_of(check(weighed.subjects, weighed.weights, Terms()))


def test_below_a_path_only_what_is_there_answers(tmp_path: Path) -> None:
    images = '<img src="/a.png" alt=""><img src="/d/a.png" alt="">'
    page = f'<!doctype html><link rel="icon" href="data:,"><title>x</title>{images}'
    write(tmp_path, "index.html", page)
    write(tmp_path, "a.png", "x" * 90)
    weighed = weigh_folder(str(tmp_path), "https://example.org/d/")
    assert {one.url for one in weighed.weights} == {"/"}
    fetched = {one.url: one.sizes for one in weighed.weights[0].fetches}
    assert fetched == {"/d/": Sizes(len(page)), "/a.png": None, "/d/a.png": Sizes(90)}


def test_a_folder_without_pages_is_an_error(tmp_path: Path) -> None:
    write(tmp_path, "a.css", "")
    with pytest.raises(ConfigError, match="holds no HTML, so nothing can be weighed"):
        weigh_folder(str(tmp_path))
