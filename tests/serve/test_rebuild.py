"""Builds again and again in one process: what is looked at, what is shown first, what is the same."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from ssg.build import Choices
from ssg.model import Inputs
from ssg.serve.rebuild import Rebuilder
from ssg.serve.snapshot import Asked, Snapshot
from tests.render.test_functions import png
from tests.site_test import NOW, THEMES, SiteTest


@pytest.fixture
def site(tmp_path: Path) -> SiteTest:
    made = SiteTest(tmp_path / "site").write("site.toml", '[site]\ntitle = "T"\n')
    for number in range(30):
        made.write(f"content/p{number}.md", f"# Page {number}\n\nText.\n")
    return made.write("templates/page.html", "<p>one</p>{{ page.content }}")


@pytest.fixture
def rebuild(site: SiteTest) -> Callable[..., Snapshot]:
    builds = Rebuilder(lambda: Inputs(str(site.root), (str(THEMES),), NOW), "http://127.0.0.1:8000", Choices())

    def build(*changed: str, **told: object) -> Snapshot:
        return builds(Asked(changed, **told))  # type: ignore[arg-type]

    build()
    return build


def text(snapshot: Snapshot, path: str) -> str:
    assert snapshot.published is not None
    assert snapshot.read is not None
    return snapshot.read(snapshot.published.artifacts[path].body).decode()


def test_a_saved_page_is_rendered_alone(site: SiteTest, rebuild: Callable[..., Snapshot]) -> None:
    for word in ("new", "newer", "newest"):
        site.write("content/p1.md", f"# Page 1\n\n{word} text.\n")
        snapshot = rebuild("content/p1.md")
        assert snapshot.rendered == 1
        assert f"{word} text" in text(snapshot, "p1/index.html")
        assert "Text." in text(snapshot, "p2/index.html")


def test_nothing_is_compressed_ahead(site: SiteTest, rebuild: Callable[..., Snapshot]) -> None:
    site.write("content/p1.md", "A word. " * 500)
    snapshot = rebuild("content/p1.md")
    assert snapshot.published is not None
    assert not [one.path for one in snapshot.published.release.artifacts if one.variants]
    assert snapshot.config.output.encodings == ("br", "gzip"), "what a browser may ask for"


def test_a_file_that_comes_or_goes_is_a_new_listing(site: SiteTest, rebuild: Callable[..., Snapshot]) -> None:
    site.write("content/q.md", "# Q\n")
    assert "Q" in text(rebuild("content/q.md"), "q/index.html")
    site.remove("content/q.md")
    published = rebuild("content/q.md").published
    assert published is not None
    assert "q/index.html" not in published.artifacts


def test_a_page_that_is_a_link_follows_its_file(site: SiteTest, rebuild: Callable[..., Snapshot]) -> None:
    site.write("data/note.toml", 'a = "1"\n')
    (site.root / "content/link.md").symlink_to(site.root / "data/note.toml")
    assert "1" in text(rebuild("content/link.md", "data/note.toml"), "link/index.html")
    site.write("data/note.toml", 'a = "2"\n')
    assert "2" in text(rebuild("data/note.toml"), "link/index.html")


def test_a_page_with_two_names_is_read_by_both(site: SiteTest, rebuild: Callable[..., Snapshot]) -> None:
    os.link(site.root / "content/p1.md", site.root / "content/twin.md")
    rebuild("content/twin.md")
    site.write("content/p1.md", "both\n")
    assert "both" in text(rebuild("content/p1.md"), "twin/index.html")


def test_what_changed_during_a_mistake_is_not_forgotten(site: SiteTest, rebuild: Callable[..., Snapshot]) -> None:
    site.write("site.toml", "[site\n").write("content/p1.md", "later\n")
    assert rebuild("site.toml", "content/p1.md").failed
    site.write("site.toml", '[site]\ntitle = "T"\n')
    assert "later" in text(rebuild("site.toml"), "p1/index.html")


def test_the_page_that_is_shown_is_ready_first(site: SiteTest, rebuild: Callable[..., Snapshot]) -> None:
    early: list[Snapshot] = []
    site.write("templates/page.html", "<p>two</p>{{ page.content }}")
    last = rebuild("templates/page.html", shown=("/p7/", "/nothing/"), show=early.append)
    [first] = early
    assert "two" in text(first, "p7/index.html")
    assert "one" in text(first, "p8/index.html")
    assert "two" in text(last, "p8/index.html")
    assert first.published is not None
    assert last.published is not None
    assert first.published.artifacts["p7/index.html"].digest == last.published.artifacts["p7/index.html"].digest


def test_a_mistake_is_not_shown_first(site: SiteTest, rebuild: Callable[..., Snapshot]) -> None:
    early: list[Snapshot] = []
    site.write("templates/page.html", "{{ nothing }}")
    assert rebuild("templates/page.html", shown=("/p7/",), show=early.append).failed
    assert early == []


def test_no_variants_of_images_are_made(site: SiteTest, rebuild: Callable[..., Snapshot]) -> None:
    site.write("content/p1.md", "![A](a.png)\n").write("content/a.png", png(900, 40, 0))
    snapshot = rebuild("content/p1.md", "content/a.png")
    assert "srcset" not in text(snapshot, "p1/index.html")
    assert snapshot.published is not None
    assert not [path for path in snapshot.published.artifacts if "-480w" in path]
    assert "srcset" in site.built().text("p1/index.html")


def test_one_page_is_not_shown_twice(site: SiteTest, rebuild: Callable[..., Snapshot]) -> None:
    early: list[Snapshot] = []
    site.write("content/p7.md", "new\n")
    rebuild("content/p7.md", shown=("/p7/",), show=early.append)
    assert early == []
