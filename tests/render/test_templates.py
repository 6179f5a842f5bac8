"""What templates see, and whose file is used."""

import re
import xml.etree.ElementTree as ET

import pytest

from tests.site_test import SiteTest

ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def test_a_site_overrides_a_template_and_an_asset_of_its_theme(site: SiteTest) -> None:
    site.write("content/a.md", "# A\n").built()
    assert "<footer" in site.text("a/index.html")
    style = site.packed("style.css")
    site.write("templates/partials/footer.html", "<p>own footer</p>").write(
        "assets/style.css", "p { color: red }"
    ).built()
    assert "own footer" in site.text("a/index.html")
    assert "<header" in site.text("a/index.html")
    assert site.packed("style.css") == "p{color:red}"
    assert style != "p{color:red}"


def test_a_template_extends_the_one_it_takes_the_place_of(site: SiteTest) -> None:
    site.write("templates/page.html", '{% extends "theme/page.html" %}{% block head %}<meta name=own>{% endblock %}')
    site.write("content/a.md", "# A\n").built()
    assert "<meta name=own>" in site.text("a/index.html")
    assert "<article>" in site.text("a/index.html")


def test_a_theme_extends_another(site: SiteTest) -> None:
    site.write("site.toml", '[theme]\nname = "mine"\n[theme.options]\nwide = true\naccent = "#123456"\n')
    site.write("themes/mine/theme.toml", 'extends = "default"\n[options]\nwide = false\n')
    head = '{% block head %}<meta name=mine content="{{ config.theme.wide }}">{% endblock %}'
    own = '{% extends "default/page.html" %}' + head
    site.write("themes/mine/templates/page.html", own).write("themes/mine/assets/more.css", "p{}")
    site.write(
        "templates/page.html",
        '{% extends "theme/page.html" %}{% block head %}{{ super() }}<meta name=site>{% endblock %}',
    )
    site.write("content/a.md", "# A\n").built()
    text = site.text("a/index.html")
    assert "<meta name=mine content=True><meta name=site>" in text
    assert "#123456" in text
    assert {site.asset("more.css"), site.asset("style.css")} <= site.tree().keys()


def test_a_dated_section_alone_gives_no_feed(site: SiteTest) -> None:
    site.write("content/_index.md", "---\ndate: 2026-01-01\n---\n").built()
    assert "atom.xml" not in site.tree()


def test_hidden_files_of_static_are_published(site: SiteTest) -> None:
    site.write("content/a.md", "# A\n").write("static/.well-known/security.txt", "x").write("static/.nojekyll", "")
    site.write("static/.git/config", "x").write("content/.hidden.md", "# H\n").write("static/.DS_Store", "x").built()
    assert {path for path in site.tree() if path.startswith(".")} == {".nojekyll", ".well-known/security.txt"}


def test_a_site_has_a_theme_of_its_own(site: SiteTest) -> None:
    site.write("site.toml", '[theme]\nname = "own"\n[theme.options]\ncolour = "red"\n')
    site.write("themes/own/theme.toml", '[options]\ncolour = "blue"\nwide = false\n')
    for name in ("page", "section", "404"):
        site.write(f"themes/own/templates/{name}.html", "{{ config.theme.colour }} {{ config.theme.wide }}")
    site.write("content/a.md", "# A\n").built()
    assert site.text("a/index.html").strip() == "red False"


def test_values_are_escaped_and_bodies_are_not(site: SiteTest) -> None:
    site.write("site.toml", '[html]\nminifier = "none"\n')
    site.write("content/a.md", '---\ntitle: "<b> & \\"q\\""\n---\n\n<i>raw</i>\n')
    site.write("templates/page.html", '<p title="{{ page.title }}">{{ page.content }}').built()
    assert site.text("a/index.html") == '<p title="&lt;b&gt; &amp; &#34;q&#34;"><p><i>raw</i></p>\n'


def test_a_page_chooses_its_template(site: SiteTest) -> None:
    site.write("templates/wide.html", "wide {{ page.title }}").write(
        "content/a.md", "---\ntemplate: wide.html\n---\n# A\n"
    )
    site.built()
    assert site.text("a/index.html").strip() == "wide A"


def test_functions(site: SiteTest) -> None:
    site.write("content/guide/a.md", "# A\n").write("data/team/people.yaml", "- name: Ada\n").write(
        "data/n.csv", "a,b\n1,2\n"
    )
    template = (
        '{{ url_for("guide/a.md") }} {{ url_for(site.section("guide")) }} {{ asset_url("style.css") }} '
        '{{ data("team/people")[0].name }} {{ data("n")[0].b }} {{ site.pages(limit=1)[0].title }} '
        '{{ site.pages("guide") | length }} {{ page.permalink }} {{ page.kind }}'
    )
    site.write("templates/page.html", template).built()
    expected = f"/guide/a/ /guide/ /{site.asset('style.css')} Ada 2 A 1 https://example.org/guide/a/ page"
    assert site.text("guide/a/index.html").strip() == expected


def test_macros_and_includes_see_the_functions(site: SiteTest) -> None:
    site.write("templates/m.html", '{% macro link(p) %}<a href="{{ url_for(p) }}">{{ site.title }}</a>{% endmacro %}')
    site.write("templates/page.html", '{% import "m.html" as m %}{{ m.link("a.md") }}').write("content/a.md", "# A\n")
    site.built()
    assert 'href="/a/"' in site.text("a/index.html")


def test_the_table_of_contents_is_nested(site: SiteTest) -> None:
    site.write("content/a.md", "# T\n\n## One\n\n### `Deep` [x](https://x.org)\n\n## Two\n\n#### Far\n")
    template = (
        "{% macro list(entries) %}{% for e in entries %}({{ e.id }}:{{ e.title }}{{ list(e.children) }}){% endfor %}"
        "{% endmacro %}{{ list(page.toc) }}"
    )
    site.write("templates/page.html", template).built()
    assert site.text("a/index.html").strip() == "(one:One(deep-x:<code>Deep</code> x))(two:Two(far:Far))"


def test_sitemap_and_feed_are_well_formed_and_whole(site: SiteTest) -> None:
    site.write("content/_index.md", "# Home\n").write("content/über uns.md", "# Ü\n")
    site.write(
        "content/posts/2026-01-02-a.md", "---\ntitle: A & B\ntags: [x]\nupdated: 2026-02-03\n---\n\nSee [home](/).\n"
    )
    site.write("content/posts/2026-01-03-b.md", "# B\n").built()
    sitemap = ET.fromstring(site.text("sitemap.xml"))  # noqa: S314 - our own
    found = {entry.findtext(f"{SITEMAP}loc"): entry.findtext(f"{SITEMAP}lastmod") for entry in sitemap}
    assert found == {
        "https://example.org/": None,
        "https://example.org/%C3%BCber-uns/": None,
        "https://example.org/posts/": None,
        "https://example.org/posts/a/": "2026-02-03T00:00:00Z",
        "https://example.org/posts/b/": "2026-01-03T00:00:00Z",
        "https://example.org/tags/": None,
        "https://example.org/tags/x/": None,
    }
    feed = ET.fromstring(site.text("atom.xml"))  # noqa: S314 - our own
    assert feed.findtext(f"{ATOM}updated") == "2026-02-03T00:00:00Z"
    assert [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")] == ["B", "A & B"]
    assert [entry.findtext(f"{ATOM}summary") for entry in feed.iter(f"{ATOM}entry")][
        1
    ] == '<p>See <a href="/">home</a>.</p>'


def test_without_a_base_url_there_is_a_warning_and_no_feed(site: SiteTest) -> None:
    site.write("site.toml", "").write("content/posts/2026-01-02-a.md", "# A\n").built()
    assert not {"sitemap.xml", "atom.xml"} & site.tree().keys()
    assert "base_url is not set" in site.said()


@pytest.mark.parametrize("engine", ["commonmark", "markdown"])
def test_the_default_theme_in_every_kind_of_page(site: SiteTest, engine: str) -> None:
    site.write("site.toml", f'[site]\ntitle = "T"\nbase_url = "https://x.org"\n[markdown]\nengine = "{engine}"\n')
    site.write("content/_index.md", "").write("content/g/_index.md", "# G\n").write(
        "content/g/h/a.md", "---\ntags: [t]\n---\n# A\n"
    )
    site.write("content/p.md", "No heading.\n").built()
    assert site.said() == ""
    for path, text in site.tree().items():
        if path.endswith(".html"):
            html = text.decode()
            assert html.lower().startswith("<!doctype html><html lang=en>"), path
            assert len(re.findall("<h1", html)) == 1, path
            assert len(re.findall("<main", html)) == 1, path
            assert "<title>" in html, path
