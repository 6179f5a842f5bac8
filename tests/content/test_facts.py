"""What front matter asks for: URLs, aliases, ends."""

import pytest

from tests.site_test import SiteTest


def test_urls_that_a_page_names_itself(site: SiteTest) -> None:
    site.write("content/posts/a.md", "---\npermalink: /x/y\n---\n").write(
        "content/b.md", '+++\npath = "2025/06/Rust-1.88.0"\n+++\n'
    )
    site.write("content/c.md", "---\npermalink: /old/page.html\n---\n").write(
        "content/d.md", "---\npermalink: false\n---\n"
    )
    site.write("content/e.md", "[d](d.md)\n").built()
    assert {"x/y/index.html", "2025/06/Rust-1.88.0/index.html", "old/page.html"} <= site.tree().keys()
    assert "d/index.html" not in site.tree()
    assert 'the link to "d.md" leads to a page that this build leaves out' in site.said()


def test_aliases_lead_to_the_page(site: SiteTest) -> None:
    site.write("content/a.md", "---\naliases: [/old/, older.html, /b c/]\n---\n# A\n").write(
        "content/n.md", "---\naliases: null\n---\n"
    )
    site.built()
    for path in ("old/index.html", "older.html", "b-c/index.html"):
        assert '<meta http-equiv=refresh content="0; url=/a/">' in site.text(path)
        assert 'rel=canonical href="https://example.org/a/"' in site.text(path)
    assert "/old/" not in site.text("sitemap.xml")


def test_expired_pages_are_left_out(site: SiteTest) -> None:
    site.write("content/a.md", "---\nexpires: 2026-11-20\n---\n").write(
        "content/b.md", "---\nexpires: 2026-11-21\n---\n"
    ).built()
    assert "a/index.html" not in site.tree()
    assert "b/index.html" in site.tree()


def test_words_and_minutes(site: SiteTest) -> None:
    site.write("content/a.md", "word " * 401).write("content/b.md", "# 日本語のテキスト\n")
    site.write("templates/page.html", "{{ page.words }} {{ page.minutes }}").built()
    assert site.text("a/index.html").strip() == "401 3"
    assert site.text("b/index.html").strip() == "5 1"


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ("b.md#one", ""),
        ("b.md#onee", '"b.md" has no "#onee"; did you mean "one"?'),
        ("b.md#own", ""),
        ("b.md#mark", ""),
        ("b.md#top", ""),
        ("/tags/#x", ""),
        ("#here", ""),
        ("#", ""),
        ("#hera", 'the page has no "#hera"; did you mean "here"?'),
        ("@/s/c.md", ""),
        ("@/s/c.md#c", ""),
        (
            "@/s/d.md",
            'the link to "@/s/d.md" leads to no page or file; write the path of the file, from this file\'s folder',
        ),
    ],
)
def test_links_to_headings_and_from_the_root(site: SiteTest, link: str, said: str) -> None:
    site.write("content/b.md", '# One\n\n## Two {#own}\n\n<a name="mark"></a>\n').write(
        "content/s/c.md", "---\ntags: [x]\n---\n# C\n"
    )
    site.write("content/s/a.md", f"# Here\n\n[x]({link.replace('b.md', '../b.md')})\n").built()
    expected = f"content/s/a.md:3: warning: {said}\n".replace('"b.md"', '"../b.md"') if said else ""
    assert site.said() == expected
