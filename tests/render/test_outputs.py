"""Pages in further formats, and llms.txt."""

import json
import re
from typing import Any

import pytest

from tests.render.test_functions import png
from tests.site_test import SiteTest

SITE = '[site]\ntitle = "T & Co"\nbase_url = "https://example.org/x/"\n[html]\nminifier = "none"\n'


def configured(site: SiteTest, outputs: str, content: str = "") -> SiteTest:
    return site.write("site.toml", f"{SITE}[content]\n{content}\n[content.outputs]\n{outputs}\n")


def decoded(site: SiteTest, path: str) -> dict[str, Any]:
    value = json.loads(site.text(path))
    assert isinstance(value, dict)
    return value


def formats(site: SiteTest, folder: str) -> set[str]:
    return {path.name.partition(".")[2] for path in (site.public / folder).iterdir() if path.is_file()}


def test_a_page_as_json(site: SiteTest) -> None:
    site.write("site.toml", SITE).write("content/b.md", "# B\n")
    site.write(
        "content/a/2026-01-02-a.md",
        '---\ntitle: A "<&>"\noutputs: [json, HTML]\ntags: [t, "é\\""]\n---\n\n*Hi* & [b](../b.md)\n\n"Two"\n',
    ).built()
    assert decoded(site, "a/a/index.json") == {
        "title": 'A "<&>"',
        "url": "/x/a/a/",
        "permalink": "https://example.org/x/a/a/",
        "language": "en",
        "section": "a",
        "date": "2026-01-02T00:00:00Z",
        "updated": None,
        "description": "",
        "summary": '<p><em>Hi</em> &amp; <a href="/x/b/">b</a></p>',
        "content": '<p><em>Hi</em> &amp; <a href="/x/b/">b</a></p>\n<p>"Two"</p>\n',
        "terms": {"tags": ["t", 'é"']},
        "words": 4,
        "minutes": 1,
        "outputs": {"html": "/x/a/a/", "json": "/x/a/a/index.json"},
    }
    assert '<link rel="alternate" type="application/json" href="/x/a/a/index.json">' in site.text("a/a/index.html")
    assert "alternate" not in re.sub("<link[^>]*atom[^>]*>", "", site.text("b/index.html"))


def test_a_list_in_parts_has_each_part_in_each_format(site: SiteTest) -> None:
    configured(site, 'posts = { section = ["html", "json", "txt"] }', "paginate = 2")
    for number in range(1, 4):
        site.write(f"content/posts/p{number}.md", f"---\ntitle: P{number}\ndate: 2026-01-0{number}\n---\n")
    site.built()
    first, second = (decoded(site, f"posts/{part}index.json") for part in ("", "page/2/"))
    assert [entry["title"] for entry in first["pages"]] == ["P3", "P2"]
    assert [entry["title"] for entry in second["pages"]] == ["P1"]
    assert (first["previous"], first["next"]) == (None, "/x/posts/page/2/index.json")
    assert (second["previous"], second["next"], second["part"]) == ("/x/posts/index.json", None, 2)
    assert 'href="/x/posts/page/2/index.txt"' in site.text("posts/page/2/index.html")
    assert formats(site, "posts/p1") == {"html"}
    assert site.text("posts/page/2/index.txt").splitlines() == [
        "Posts", "", "* P1, 2026-01-01", "  https://example.org/x/posts/p1/", "", "2/2",
    ]  # fmt: skip


def test_the_nearest_folder_that_says_something_of_the_kind_counts(site: SiteTest) -> None:
    configured(
        site,
        '"/" = ["html", "json"]\n"a/b" = { page = ["txt"] }\ntags = { term = ["html"] }\n',
    )
    site.write("content/top.md", "# T\n").write("content/a/p.md", "---\ntitle: P\ntags: [x]\n---\n")
    site.write("content/a/b/c/q.md", "# Q\n").write("content/a/b/own.md", "---\noutputs: html\n---\n# Own\n").built()
    assert formats(site, "top") == formats(site, "a/p") == formats(site, "a/b") == {"html", "json"}
    assert formats(site, "a/b/c/q") == {"txt"}
    assert formats(site, "a/b/own") == formats(site, "tags/x") == {"html"}
    assert formats(site, "tags") == {"html", "json"}
    assert not (site.public / "404.json").exists()


def test_404_by_name(site: SiteTest) -> None:
    configured(site, '"/" = { 404 = ["html", "json"] }').write("templates/404.json", '{"error": 404}')
    site.write("content/a.md", "# A\n").built()
    assert decoded(site, "404.json") == {"error": 404}
    assert (site.public / "404.html").exists()


def test_without_html_links_lead_to_the_first_format(site: SiteTest) -> None:
    configured(site, 'data = ["json", "txt"]\ntags = { term = ["json"] }')
    site.write("content/data/a/index.md", "---\ntitle: A\ntags: [t]\n---\n[back](../../b.md)\n")
    site.write("content/data/a/photo.png", png(1, 1))
    site.write(
        "content/b.md", "---\ntags: [t]\n---\n[a](data/a/index.md) [d](/data/) [u](/data/a/) [p](data/a/photo.png)\n"
    )
    site.built()
    assert site.said() == ""
    html = site.text("b/index.html")
    for url in ("/x/data/a/index.json", "/x/data/index.json", "/x/data/a/photo.png", "/x/tags/t/index.json"):
        assert f'href="{url}"' in html
    assert 'href="/x/data/a/index.json">u' in html
    assert formats(site, "data/a") == {"json", "txt", "png"}
    assert re.findall("<loc>(.*?)</loc>", site.text("sitemap.xml")) == [
        f"https://example.org/x/{path}" for path in ("", "b/", "tags/")
    ]
    assert decoded(site, "data/index.json")["pages"][0]["url"] == "/x/data/a/index.json"


def test_a_feed_of_a_section_without_html(site: SiteTest) -> None:
    configured(site, 'data = { section = ["json"] }')
    site.write("content/data/_index.md", "---\ntitle: D\nfeeds: true\n---\n")
    site.write("content/data/2026-01-02-a.md", "# A\n").built()
    assert '<link rel="alternate" href="https://example.org/x/data/index.json"/>' in site.text("data/atom.xml")


def test_a_template_of_the_pages_own(site: SiteTest) -> None:
    site.write("content/a.md", "---\ntitle: A & B\ntemplate: talk.html\noutputs: [html, ics, xml]\n---\n")
    site.write("templates/talk.html", "{{ page.format }}").write("templates/talk.ics", "{{ page.title }}")
    site.write("templates/page.ics", "no").write("templates/page.xml", "<a>{{ page.title }}</a>").built()
    assert [site.text(f"a/index.{ending}") for ending in ("html", "ics", "xml")] == [
        "html", "A & B", "<a>A &amp; B</a>",
    ]  # fmt: skip


def test_media_types_of_artifacts_and_references_agree(site: SiteTest) -> None:
    site.write("content/a.md", "---\noutputs: [html, json, txt, md]\n---\n# A\n")
    site.write("templates/page.html", "{% for one in page.outputs %}{{ one.url }} {{ one.type }}\n{% endfor %}").built()
    assert site.release is not None
    types = {f"/{one.path}".removesuffix("index.html"): one.media_type for one in site.release.artifacts}
    said = site.text("a/index.html").split()
    assert len(said) == 8
    assert all(types[url] == kind for url, kind in zip(said[::2], said[1::2], strict=True))


def test_text(site: SiteTest) -> None:
    site.write(
        "content/a.md",
        "---\noutputs: txt\n---\n# A\n\nOne *two* [three](https://example.com/) &amp; `x < y`\n\n- a\n- b\n\n"
        "```python\nif x:\n    pass\n```\n\n![A cat](cat.png)\n\n| a | b |\n|---|---|\n| 1 | 2 |\n",
    ).write("content/cat.png", png(1, 1)).built()
    assert site.text("a/index.txt") == (
        "A\n\nOne two three & x < y\n\n* a\n* b\n\nif x:\n    pass\n\nA cat\n\na  b\n1  2"
    )


@pytest.mark.parametrize("engine", ["commonmark", "markdown"])
def test_markdown_has_its_links_resolved_and_the_rest_as_written(site: SiteTest, engine: str) -> None:
    site.write("site.toml", f'{SITE}[markdown]\nengine = "{engine}"\n')
    site.write("content/a b/é.md", "# B\n").write("content/a b/c.png", png(1, 1))
    body = (
        'Ünïcode [b](<a b/é.md#b> "t") ![c](a%20b/c.png) [e](https://example.com/) <img src="a%20b/c.png">\n\n'
        "`[b](a%20b/é.md)` and [ref]\n\n```md\n[b](a%20b/é.md)\n```\n\n[ref]: a%20b/é.md\n"
    )
    site.write("content/x.md", f"---\ntitle: X\noutputs: [html, md]\n---\n{body}").built()
    said = site.text("x/index.md")
    assert "# X\n\nÜnïcode" in said
    assert "![c](/x/a-b/c.png)" in said or "![c](/x/a%20b/c.png)" in said
    assert "[ref]: /x/a-b/é/" in said
    assert "`[b](a%20b/é.md)`" in said
    assert "```md\n[b](a%20b/é.md)\n```" in said
    assert "[e](https://example.com/)" in said


def test_a_broken_link_of_a_page_in_several_formats_is_told_once(site: SiteTest) -> None:
    site.write("content/a.md", "---\noutputs: [html, json, txt, md]\n---\n# A\n\n[b](b.md)\n").built()
    assert len([one for one in site.diagnostics if one.code == "link"]) == 1


def test_translations_are_told_once(site: SiteTest) -> None:
    site.write("site.toml", f'{SITE}[content.outputs]\n"/" = ["html", "json"]\n[languages.fr]\n')
    site.write("content/a.md", "# A\n").write("content/a.fr.md", "# A\n").built()
    assert site.text("a/index.html").count('hreflang="fr"') == 2  # in the head, and in the header
    assert decoded(site, "fr/a/index.json")["url"] == "/x/fr/a/"


# The reference parser of llmstxt.org reads an entry with this expression.
ENTRY = re.compile(r"-\s*\[(?P<title>[^\]]+)\]\((?P<url>[^)]+)\)(?::\s*(?P<desc>.*))?")


def read_llms(text: str) -> tuple[str, str, dict[str, list[tuple[str, ...]]]]:
    """Read the form of llmstxt.org: a heading, a quote, and lists below second headings."""
    start, *parts = re.split(r"^## +(.+)$", text, flags=re.MULTILINE)
    head = re.fullmatch(r"# (?P<title>.+)\n\n(?:> (?P<summary>.+)\n\n)?", start)
    assert head is not None, start
    lists: dict[str, list[tuple[str, ...]]] = {}
    for name, below in zip(parts[::2], parts[1::2], strict=True):
        entries = [ENTRY.fullmatch(line) for line in below.splitlines() if line]
        assert all(entries), below
        lists[name] = [(one["title"], one["url"], one["desc"] or "") for one in entries if one]
    return head["title"], head["summary"] or "", lists


def test_llms_txt(site: SiteTest) -> None:
    site.write(
        "site.toml",
        SITE.replace("[html]", 'description = "What\\nit is"\n[html]') + "[content]\nllms = true\n[languages.fr]\n",
    )
    site.write("content/docs/_index.md", "---\ntitle: Docs\ndescription: All of it\n---\n")
    site.write(
        "content/docs/a.md", "---\ntitle: 'A [x] (y)'\ndescription: |\n  Two\n  lines\noutputs: [html, md]\n---\n"
    )
    site.write("content/docs/deep/b.md", "---\ntitle: B\npermalink: /b (1)/\n---\n")
    site.write("content/draft.md", "---\ndraft: true\n---\n# D\n")
    site.write("content/top.md", "# Top\n").write("content/top.fr.md", "# Haut\n").built()
    root = "https://example.org/x/"
    assert read_llms(site.text("llms.txt")) == ("T & Co", "What it is", {
        "Pages": [("Top", f"{root}top/", "")],
        "Docs": [
            ("Docs", f"{root}docs/", "All of it"),
            ("A &#91;x&#93; (y)", f"{root}docs/a/index.md", "Two lines"),
            ("Deep", f"{root}docs/deep/", ""),
            ("B", f"{root}b-%281%29/", ""),
        ],
    })  # fmt: skip
    assert read_llms(site.text("fr/llms.txt"))[2] == {"Pages": [("Haut", f"{root}fr/top/", "")]}


def test_there_is_no_llms_txt_unless_asked_for_and_a_file_of_the_site_goes_before(site: SiteTest) -> None:
    site.write("content/a.md", "# A\n").built()
    assert not (site.public / "llms.txt").exists()
    site.write("site.toml", f"{SITE}[content]\nllms = true\n").write("templates/llms.txt", "{{ site.title }}").built()
    assert site.text("llms.txt") == "T & Co"
    site.write("static/llms.txt", "mine").built()
    assert site.text("llms.txt") == "mine"
