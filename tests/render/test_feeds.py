"""Feeds, sitemaps, robots.txt, and what a page says of itself to machines."""

import json
import re
import xml.etree.ElementTree as ET
from email.utils import parsedate_to_datetime

import pytest

from ssg.content import routes
from tests.site_test import SiteTest

ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture
def fed(site: SiteTest) -> SiteTest:
    feeds = '[content]\nfeeds = ["atom", "rss", "json"]\nterm_feeds = ["tags"]\n'
    site.write("site.toml", f'[site]\ntitle = "T & Co"\nbase_url = "https://example.org/x/"\n{feeds}')
    site.write("content/posts/_index.md", "---\ntitle: Posts\nfeeds: true\n---\n").write(
        "content/notes/_index.md", "---\nfeeds: rss\n---\n"
    )
    site.write(
        "content/posts/2026-01-02-a.md",
        '---\ntitle: A "<&>"\ntags: [t]\nupdated: 2026-02-03\n---\n\n[b](../notes/2026-01-03-b.md)\n',
    )
    return site.write("content/notes/2026-01-03-b.md", "# B\n\nText.\n").write("content/other/c.md", "# C\n")


def test_which_feeds_there_are(fed: SiteTest) -> None:
    fed.built()
    assert fed.said() == ""
    assert {path for path in fed.tree() if re.search(r"(atom|rss)\.xml$|feed\.json$", path)} == {
        "atom.xml", "rss.xml", "feed.json", "posts/atom.xml", "posts/rss.xml", "posts/feed.json", "notes/rss.xml",
        "tags/t/atom.xml", "tags/t/rss.xml", "tags/t/feed.json",
    }  # fmt: skip


def test_atom(fed: SiteTest) -> None:
    root = ET.fromstring(fed.built().text("posts/atom.xml"))  # noqa: S314 - our own
    assert root.findtext(f"{ATOM}title") == "Posts · T & Co"
    assert root.findtext(f"{ATOM}id") == "https://example.org/x/posts/"
    assert root.findtext(f"{ATOM}updated") == "2026-02-03T00:00:00Z"
    assert [entry.findtext(f"{ATOM}title") for entry in root.iter(f"{ATOM}entry")] == ['A "<&>"']


def test_rss(fed: SiteTest) -> None:
    channel = ET.fromstring(fed.built().text("rss.xml")).find("channel")  # noqa: S314 - our own
    assert channel is not None
    assert channel.findtext("link") == "https://example.org/x/"
    items = channel.findall("item")
    assert [item.findtext("title") for item in items] == ["B", 'A "<&>"']
    assert items[1].findtext("guid") == items[1].findtext("link") == "https://example.org/x/posts/a/"
    assert parsedate_to_datetime(items[1].findtext("pubDate") or "").isoformat() == "2026-01-02T00:00:00+00:00"
    assert items[1].findtext("description") == '<p><a href="https://example.org/x/notes/b/">b</a></p>'


def test_json_feed(fed: SiteTest) -> None:
    feed = json.loads(fed.built().text("tags/t/feed.json"))
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert (feed["title"], feed["feed_url"]) == ("t · T & Co", "https://example.org/x/tags/t/feed.json")
    [item] = feed["items"]
    assert item["title"] == 'A "<&>"'
    assert item["content_html"] == '<p><a href="https://example.org/x/notes/b/">b</a></p>'
    assert item["date_modified"] == "2026-02-03T00:00:00Z"


def test_pages_name_their_feeds(fed: SiteTest) -> None:
    fed.built()
    assert fed.text("other/c/index.html").count("rel=alternate") == 3
    assert fed.text("notes/index.html").count("rel=alternate") == 4
    assert "title=Posts href=/x/posts/feed.json" in fed.text("posts/index.html")


def test_a_large_sitemap_is_split(site: SiteTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "SITEMAP_LIMIT", 2)
    for name in "abcd":
        site.write(f"content/{name}.md", "x")
    site.built()
    index = ET.fromstring(site.text("sitemap.xml"))  # noqa: S314 - our own
    parts = [one.findtext(f"{SITEMAP}loc") or "" for one in index]
    assert parts == [f"https://example.org/sitemap-{number}.xml" for number in (1, 2, 3)]
    found = [
        entry.findtext(f"{SITEMAP}loc")
        for part in parts
        for entry in ET.fromstring(site.text(part.rpartition("/")[2]))  # noqa: S314 - our own
    ]
    assert found == [f"https://example.org/{path}" for path in ("", "a/", "b/", "c/", "d/")]


def test_robots(site: SiteTest) -> None:
    site.write("content/a.md", "x").built()
    assert site.text("robots.txt") == "User-agent: *\nAllow: /\n\nSitemap: https://example.org/sitemap.xml\n"
    site.write("static/robots.txt", "mine").built()
    assert site.text("robots.txt") == "mine"
    site.remove("static/robots.txt").write("site.toml", "").built()
    assert site.text("robots.txt") == "User-agent: *\nAllow: /\n"


def test_a_page_describes_itself_to_machines(site: SiteTest) -> None:
    site.write("content/a.md", '---\ntitle: "A </script>"\ndescription: D\ndate: 2026-01-02\n---\n').write(
        "content/_index.md", ""
    )
    site.write("content/c.md", "# C\n").built()
    text = site.text("a/index.html")
    assert "property=og:type content=article" in text
    [data] = re.findall("<script type=application/ld\\+json>(.*?)</script>", text)
    assert json.loads(data)["headline"] == "A </script>"
    assert json.loads(data)["datePublished"] == "2026-01-02T00:00:00Z"
    assert '"@type": "WebSite"' in site.text("index.html")
    assert "ld+json" not in site.text("c/index.html")
