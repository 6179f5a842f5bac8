"""Links between sources become URLs; what leads nowhere is said."""

import pytest

from tests.render.test_functions import png
from tests.site_test import SiteTest


@pytest.fixture
def linked(site: SiteTest) -> SiteTest:
    site.write("content/_index.md", "# Home\n").write("content/guide/_index.md", "# Guide\n")
    site.write("content/guide/start.md", "# Start\n").write("content/guide/photo (1).png", png(1, 1))
    site.write("content/posts/2026-01-02-new.md", "# New\n").write("content/posts/trip/index.md", "# Trip\n")
    site.write("content/posts/trip/map.svg", "<svg/>").write("static/robots.txt", "x").write(
        "assets/logo.svg", "<svg/>"
    )
    return site.write("templates/page.html", "{{ page.content }}")


@pytest.mark.parametrize(
    ("written", "resolved"),
    [
        ("start.md", "/guide/start/"),
        ("./start.md", "/guide/start/"),
        ("start.md#top", "/guide/start/#top"),
        ("start.md?a=1&b=2#top", "/guide/start/?a=1&b=2#top"),
        ("start", "/guide/start/"),
        ("../posts/2026-01-02-new.md", "/posts/new/"),
        ("/posts/2026-01-02-new.md", "/posts/new/"),
        ("/posts/new/", "/posts/new/"),
        ("/posts/new", "/posts/new/"),
        ("/posts/new/index.html", "/posts/new/"),
        ("../posts/trip/", "/posts/trip/"),
        ("../posts/trip/index.md", "/posts/trip/"),
        ("../posts/trip/map.svg", "/posts/trip/map.svg"),
        ("/posts/trip/map.svg", "/posts/trip/map.svg"),
        ("_index.md", "/guide/"),
        ("../guide", "/guide/"),
        ("/", "/"),
        ("..", "/"),
        ("../_index.md", "/"),
        ("photo%20(1).png", "/guide/photo%20(1).png"),
        ("<photo (1).png>", "/guide/photo%20(1).png"),
        ("/robots.txt", "/robots.txt"),
        ("/assets/logo.svg", "/assets/logo.svg"),
        ("/assets/style.css", "/assets/style.css"),
        ("/404.html", "/404.html"),
        ("/sitemap.xml", "/sitemap.xml"),
        ("../start/", "/guide/start/"),
        ("https://x.org/a.md", "https://x.org/a.md"),
        ("#here", "#here"),
    ],
)
@pytest.mark.parametrize("base", ["", "/docs"])
def test_what_a_link_leads_to(linked: SiteTest, written: str, resolved: str, base: str) -> None:
    linked.write("site.toml", f'[site]\nbase_url = "https://example.org{base}/"\n[html]\nminifier = "none"\n')
    linked.write("content/guide/page.md", f"# Here\n\n[x]({written})\n").built()
    assert linked.said() == ""
    local = resolved.startswith("/")
    if resolved.startswith("/assets/"):
        resolved = f"/{linked.asset(resolved.removeprefix('/assets/'))}"
    shown = (base + resolved if local else resolved).replace("&", "&amp;")
    assert f'href="{shown}"' in linked.text("guide/page/index.html")


@pytest.mark.parametrize("written", ["/docs/guide/start/", "/docs/guide/start.md"])
def test_a_link_that_already_has_the_base_path(linked: SiteTest, written: str) -> None:
    linked.write("site.toml", '[site]\nbase_url = "https://example.org/docs/"\n')
    linked.write("content/guide/page.md", f"[x]({written})\n").built()
    if written.endswith("/"):
        assert linked.said() == ""
        assert 'href="/docs/guide/start/"' in linked.text("guide/page/index.html")
    else:
        assert "leads to no page or file" in linked.said()


def test_raw_html_and_images_are_links_too(linked: SiteTest) -> None:
    linked.write(
        "content/guide/page.md",
        '<img src="../posts/trip/map.svg" srcset="../posts/trip/map.svg 2x">\n\n<a href="start.md">s</a>\n',
    ).built()
    text = linked.text("guide/page/index.html")
    assert 'srcset="/posts/trip/map.svg 2x"' in text
    assert 'href="/guide/start/"' in text


def test_a_broken_link_keeps_its_text_and_is_said_once_with_its_line(linked: SiteTest) -> None:
    linked.write("content/guide/page.md", "# P\n\n[x](strat.md) and [y](strat.md)\n").built()
    assert linked.said() == (
        'content/guide/page.md:3: warning: the link to "strat.md" leads to no page or file; did you mean "start.md"?\n'
    )
    assert "strat.md" in linked.text("guide/page/index.html")


def test_a_summary_is_resolved_where_it_is_shown(linked: SiteTest) -> None:
    linked.write("content/guide/page.md", "See [new](../posts/2026-01-02-new.md).\n")
    linked.write("templates/section.html", "{% for p in page.pages %}{{ p.summary }}{% endfor %}").built()
    assert 'href="/posts/new/"' in linked.text("guide/index.html")
