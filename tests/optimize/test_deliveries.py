"""How style sheets are delivered, and what that costs, is told: for a page, and for the site."""

import json

import pytest

from ssg.build import deliveries
from ssg.model import Delivery
from tests.site_test import SiteTest
from tests.test_cli import ssg

HEAD = (
    "<!doctype html><head><link rel=stylesheet href=\"{{ asset_url('a.css') }}\"></head><main>{{ page.content }}</main>"
)


@pytest.fixture
def styled(site: SiteTest) -> SiteTest:
    """Give a site with one sheet, of which each page uses 17 bytes."""
    site.write("site.toml", '[site]\ntitle = "T"\n[html]\ninline_css = "10 B"\n')
    site.write("assets/a.css", "main{color:green}" + "".join(f".a{at}{{color:red}}" for at in range(9)))
    site.write("templates/page.html", HEAD).write("templates/home.html", "<p>T</p>")
    return (
        site.write("content/_index.md", "# T\n").write("content/a.md", "# A\n").write("content/b.md", "# B\n").built()
    )


def told(site: SiteTest, *arguments: str) -> str:
    return ssg(*arguments, cwd=site.root).stdout


def test_a_page_says_how_its_styles_come_and_what_they_cost(styled: SiteTest) -> None:
    expected = Delivery("end", "its place does not matter", 17, 17)
    assert styled.release is not None
    found = {one.path: one.delivery for one in styled.release.artifacts}
    assert found["a/index.html"] == expected
    assert found["index.html"] is None
    said = "styles: a critical part, and the rest at the end of the page (its place does not matter); "
    assert f"{said}17 bytes before a first page shows, 17 with the next\n" in told(styled, "why", "/a/")
    assert "styles" not in told(styled, "why", "/")
    assert json.loads(told(styled, "why", "/a/", "--json"))["styles"] == {
        "way": "end",
        "reason": "its place does not matter",
        "cold": 17,
        "following": 17,
    }


def test_what_the_next_build_will_choose_is_told_before_it(styled: SiteTest) -> None:
    toml = (styled.root / "site.toml").read_text()
    styled.write("site.toml", toml.replace("10 B", "1 kB"))
    size = len(styled.packed("a.css"))
    assert f"styles: all of them stand in the page (all of it is small: {size} bytes); {size}" in told(
        styled, "why", "/a/"
    )


def test_a_build_says_it_of_the_site(styled: SiteTest) -> None:
    styles = {"end": {"pages": 3, "cold": 17, "following": 17}}  # with the page 404
    assert json.loads(told(styled, "build", "--json"))["styles"] == styles
    assert "         3        17        17  end" in told(
        styled, "build", "--profile", str(styled.root / "profile.json")
    )
    styled.write("content/b.md", "---\noptimize: {critical: false}\n---\n").built()
    assert styled.release is not None
    assert deliveries(styled.release)["end"]["pages"] == 2
