"""What the preview says of weights: about what a build says, of a page only when a browser asks."""

from collections.abc import Callable

import msgspec
import pytest

from ssg.budget.bar import Bar
from ssg.budget.graph import Weigher
from ssg.build import Choices
from ssg.model import Inputs
from ssg.serve.rebuild import Rebuilder
from ssg.serve.snapshot import Asked, Snapshot
from tests.site_test import NOW, THEMES, SiteTest

Rebuild = Callable[..., Snapshot]


@pytest.fixture
def site(site: SiteTest) -> SiteTest:
    site.write(
        "templates/page.html", '<!doctype html><link rel="icon" href="data:,"><title>x</title>{{ page.content }}'
    )
    site.write("templates/section.html", "<!doctype html><title>list</title>")
    site.write("content/posts/a.md", "# A\n\n" + words(1_000))
    return site.write("content/posts/b.md", "# B\n")


@pytest.fixture
def rebuild(site: SiteTest) -> Rebuild:
    builds = Rebuilder(lambda: Inputs(str(site.root), (str(THEMES),), NOW), "http://127.0.0.1:8000", Choices())
    return lambda *changed: builds(Asked(changed))


def words(count: int) -> str:
    return " ".join(f"{number * number % 7_919:x}" for number in range(count))


def bar(snapshot: Snapshot, url: str) -> Bar | None:
    assert snapshot.weighed is not None
    found = snapshot.weighed.bar(url)
    return msgspec.json.decode(found, type=Bar) if found is not None else None


def test_a_page_weighs_a_little_more_than_what_is_published(site: SiteTest, rebuild: Rebuild) -> None:
    found = bar(rebuild(), "/posts/a/")
    site.encodings = None
    published = len(site.built().tree()["posts/a/index.html.br"])
    assert found is not None
    assert found.about
    assert (found.added, found.url) == (None, "/posts/a/")
    assert published <= found.bytes <= published * 1.4


def test_an_edit_adds_to_what_was_there_before(site: SiteTest, rebuild: Rebuild) -> None:
    first = bar(rebuild(), "/posts/a/")
    site.write("content/posts/a.md", "# A\n\n" + words(1_500))
    second = bar(rebuild("content/posts/a.md"), "/posts/a/")
    assert first is not None
    assert second is not None
    assert second.added == second.bytes - first.bytes > 0
    assert bar(rebuild(), "/posts/b/") is not None


def test_limits_of_a_section_and_of_a_front_matter_hold(site: SiteTest, rebuild: Rebuild) -> None:
    rules = (site.root / "site.toml").read_text() + '[[budgets]]\nsection = "posts"\nhtml = "20 B"\n'
    site.write("site.toml", rules)
    site.write("content/posts/b.md", "---\nbudgets: {html: 9 kB, reason: x}\n---\n# B\n")
    snapshot = rebuild()
    levels = [found.level for url in ("/posts/a/", "/posts/b/") if (found := bar(snapshot, url)) is not None]
    assert levels == ["error", None]


def test_only_what_is_asked_for_is_weighed(site: SiteTest, rebuild: Rebuild, monkeypatch: pytest.MonkeyPatch) -> None:
    weighed: list[str] = []
    weigh = Weigher.weigh

    def noted(self: Weigher, facts, profile):  # type: ignore[no-untyped-def]
        weighed.append(facts.url)
        return weigh(self, facts, profile)

    monkeypatch.setattr(Weigher, "weigh", noted)
    snapshot = rebuild()
    assert not weighed
    bar(snapshot, "/posts/a/")
    bar(snapshot, "/posts/a/")
    assert weighed == ["/posts/a/"] * 2  # once for each profile
    assert snapshot.weighed is not None
    assert b"/posts/b/" in snapshot.weighed.report()


def test_what_is_no_page_has_no_bar_and_neither_has_a_site_without_budgets(site: SiteTest, rebuild: Rebuild) -> None:
    site.write("static/a.txt", "x")
    snapshot = rebuild()
    assert bar(snapshot, "/a.txt") is None
    assert bar(snapshot, "/posts") is None  # a redirect
    site.write("site.toml", f'budgets = "off"\n{(site.root / "site.toml").read_text()}')
    assert rebuild("site.toml").weighed is None
