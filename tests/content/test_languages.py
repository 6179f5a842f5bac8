"""A site in several languages."""

import pytest
import turbohtml

from tests.render.test_functions import png
from tests.site_test import SiteTest

LANGUAGES = """
[content]
paginate = 2

[menus]
main = [{ name = "Guide", page = "guide/_index.md" }, { name = "About", page = "about.md" }]

[languages.fr]
title = "Essai"

[languages.fr.menus]
main = [{ name = "Le guide", page = "guide/_index.md" }]

[languages.pt-BR]
name = "Brasil"
"""


@pytest.fixture
def several(site: SiteTest) -> SiteTest:
    config = '[site]\ntitle = "Test"\nbase_url = "https://example.org/docs/"\n'
    site.write("site.toml", config + LANGUAGES)
    site.write("content/_index.md", "# Home\n").write("content/_index.fr.md", "# Accueil\n")
    site.write("content/about.md", "# About\n\n[guide](guide/_index.md) [start](guide/start.md#first)\n")
    site.write(
        "content/about.fr.md", "---\nslug: a-propos\n---\n# À propos\n\n[guide](guide/_index.md) [x](guide/start.md)\n"
    )
    site.write("content/guide/_index.md", "# Guide\n").write("content/guide/_index.fr.md", "# Le guide\n")
    site.write("content/guide/start.md", "---\ntags: [Hugo]\ndate: 2026-01-02\n---\n# Start\n\n## First\n")
    site.write("content/guide/depart.fr.md", "---\ntags: [hugo, vin]\ndate: 2026-01-02\n---\n# Départ\n")
    site.write("content/trip/index.md", "# Trip\n\n![](photo.png)\n").write("content/trip/photo.png", png(1, 1))
    site.write("content/trip/index.fr.md", "# Voyage\n\n![](photo.png)\n")
    return site.write("content/_index.pt-BR.md", "# Início\n")


def links(site: SiteTest, path: str, query: str = "a[href]") -> list[str]:
    return [str(one.attrs["href"]) for one in turbohtml.parse(site.text(path)).select(query)]


def test_every_language_has_pages_lists_feeds_and_a_404(several: SiteTest) -> None:
    tree = several.built().tree()
    for path in (
        "index.html", "fr/index.html", "pt-BR/index.html", "about/index.html", "fr/a-propos/index.html",
        "fr/guide/index.html", "fr/guide/depart/index.html", "fr/tags/hugo/index.html", "fr/tags/vin/index.html",
        "fr/404.html", "fr/atom.xml", "404.html", "atom.xml", "tags/hugo/index.html", "fr/trip/index.html",
    ):  # fmt: skip
        assert path in tree, path
    assert "tags/vin/index.html" not in tree
    assert "Essai" in several.text("fr/atom.xml")
    assert "Départ" in several.text("fr/atom.xml")
    assert "Départ" not in several.text("atom.xml")
    assert turbohtml.parse(several.text("fr/404.html")).select_one("h1").text == "Page introuvable"  # type: ignore[union-attr]
    assert several.said() == ""


def test_a_link_leads_to_the_page_in_the_readers_language(several: SiteTest) -> None:
    several.built()
    assert links(several, "about/index.html", "article p a") == ["/docs/guide/", "/docs/guide/start/#first"]
    # The French guide; the start has no French page of that name, so it is the one there is.
    assert links(several, "fr/a-propos/index.html", "article p a") == ["/docs/fr/guide/", "/docs/guide/start/"]
    assert "src=/docs/trip/photo.png" in several.text("fr/trip/index.html")
    assert several.tree()["trip/photo.png"] == png(1, 1)
    assert "fr/trip/photo.png" not in several.tree()


def test_menus_are_those_of_the_language_or_those_of_the_site(several: SiteTest) -> None:
    several.built()
    menu = 'nav[aria-label="Main"] a, nav[aria-label="Menu principal"] a'
    assert links(several, "index.html", menu) == ["/docs/guide/", "/docs/about/"]
    assert links(several, "fr/index.html", menu) == ["/docs/fr/guide/"]
    assert links(several, "pt-BR/index.html", menu) == ["/docs/guide/", "/docs/about/"]


def test_translations_name_each_other(several: SiteTest) -> None:
    several.built()
    head = 'link[rel="alternate"][hreflang]'
    both = ["https://example.org/docs/about/", "https://example.org/docs/fr/a-propos/"]
    assert links(several, "about/index.html", head) == both
    assert links(several, "fr/a-propos/index.html", head) == both[::-1]
    assert links(several, "guide/start/index.html", head) == []
    home = [f"https://example.org/docs/{path}" for path in ("fr/", "", "pt-BR/")]
    assert links(several, "fr/index.html", head) == home
    assert links(several, "tags/hugo/index.html", head) == [
        "https://example.org/docs/tags/hugo/", "https://example.org/docs/fr/tags/hugo/",
    ]  # fmt: skip
    chosen = turbohtml.parse(several.text("about/index.html")).select(".languages a")
    assert [(one.text, one.attrs["href"]) for one in chosen] == [
        ("Français", "/docs/fr/a-propos/"), ("Brasil", "/docs/pt-BR/"),
    ]  # fmt: skip
    sitemap = several.text("sitemap.xml")
    assert sitemap.count('hreflang="fr" href="https://example.org/docs/fr/a-propos/"') == 2
    assert sitemap.count("<loc>https://example.org/docs/about/</loc>") == 1


def test_a_page_may_name_the_language_of_the_site(several: SiteTest) -> None:
    several.write("content/news.en.md", "# News\n").write("content/node.js.md", "# Node\n\n[n](news.md)\n").built()
    assert "news/index.html" in several.tree()
    assert links(several, "node.js/index.html", "article p a") == ["/docs/news/"]


def test_a_relative_permalink_is_below_its_language(several: SiteTest) -> None:
    several.write("content/x.fr.md", "---\npermalink: une/adresse\naliases: [vieux, /tout-vieux/]\n---\n# X\n").built()
    assert "fr/une/adresse/index.html" in several.tree()
    assert "fr/vieux/index.html" in several.tree()
    assert "tout-vieux/index.html" in several.tree()


def test_texts_and_dates_in_the_language_of_the_page(several: SiteTest) -> None:
    several.write(
        "i18n/en.toml",
        'read = "Read {title}"\nonly = "English"\n[pages]\none = "{count} page"\nother = "{count} pages"\n',
    )
    several.write(
        "i18n/fr.toml",
        'read = "Lire {title}"\nskip = "Sauter"\n[pages]\none = "{count} page"\nother = "{count} pages"\n',
    )
    several.write(
        "templates/page.html",
        '{{ t("read", title=page.title) }}|{{ t("only") }}|{{ t("skip") }}|{% for n in (0, 1, 2) %}'
        '{{ t("pages", count=n) }} {% endfor %}|{{ "2026-11-20" | date("long") }}|'
        '{{ "2026-11-20" | date("EEEE") }}|{{ site.direction }}',
    ).built()
    assert several.text("about/index.html").strip().split("|") == [
        "Read About", "English", "Skip to content", "0 pages 1 page 2 pages ", "November 20, 2026", "Friday", "ltr",
    ]  # fmt: skip
    assert several.text("fr/a-propos/index.html").strip().split("|") == [
        "Lire À propos", "English", "Sauter", "0 page 1 page 2 pages ", "20 novembre 2026", "vendredi", "ltr",
    ]  # fmt: skip


def test_a_script_from_right_to_left(site: SiteTest) -> None:
    site.write("site.toml", '[site]\ntitle = "T"\nlanguage = "he"\nbase_url = "https://example.org/"\n')
    site.write("content/a.md", "# A\n").built()
    assert "<html lang=he dir=rtl>" in site.text("a/index.html")


def test_a_cached_fragment_is_of_one_language(several: SiteTest) -> None:
    several.write("templates/page.html", '{% cache "x" %}{{ site.title }} {{ t("skip") }}{% endcache %}').built()
    assert several.text("about/index.html").strip() == "Test Skip to content"
    assert several.text("fr/a-propos/index.html").strip() == "Essai Aller au contenu"


def test_neighbours_lists_and_related_pages_stay_in_their_language(several: SiteTest) -> None:
    several.write("content/guide/zwei.fr.md", "---\ntags: [hugo]\ndate: 2026-01-03\n---\n# Deux\n")
    several.write(
        "templates/page.html",
        "{% for p in page.related() %}{{ p.title }} {% endfor %}|{{ page.previous.title if page.previous }}"
        "|{% for p in site.pages() %}{{ p.title }} {% endfor %}",
    ).built()
    related, previous, newest = several.text("fr/guide/zwei/index.html").strip().split("|")
    assert related.strip() == "Départ"
    assert previous == "Départ"
    assert newest.split(" ")[:2] == ["Deux", "Départ"]
    assert "Start" not in newest


@pytest.mark.parametrize("jobs", [1, 2])
def test_the_same_with_any_number_of_workers(several: SiteTest, jobs: int) -> None:
    for number in range(60):
        several.write(f"content/many/p{number}.fr.md", f"# P{number}\n").write(f"content/many/p{number}.md", "# P\n")
    several.built(jobs=jobs)
    assert links(several, "fr/many/p7/index.html", 'link[rel="alternate"][hreflang]') == [
        "https://example.org/docs/fr/many/p7/", "https://example.org/docs/many/p7/",
    ]  # fmt: skip
