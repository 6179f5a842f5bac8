"""What names an asset leads to the file that is published."""

import re

import pytest
import turbohtml

from ssg.build import Choices
from tests.optimize.pages import refined
from tests.site_test import SiteTest


@pytest.mark.parametrize(
    ("written", "published"),
    [
        ("<img src=/docs/assets/logo.png>", "<img src=/docs/assets/logo.1a2b.png>"),
        ("<img src=/assets/logo.png>", "<img src=/docs/assets/logo.1a2b.png>"),
        ('<img srcset="/assets/logo.png 1x, /b.png 2x">', '<img srcset="/docs/assets/logo.1a2b.png 1x, /b.png 2x">'),
        ("<link rel=icon href=/assets/logo.png>", "<link rel=icon href=/docs/assets/logo.1a2b.png>"),
        ("<video poster=/assets/logo.png></video>", "<video poster=/docs/assets/logo.1a2b.png></video>"),
        ("<p><a href=/assets/logo.png?a#b>x</a> y", "<p><a href=/docs/assets/logo.1a2b.png?a#b>x</a> y"),
        ('<p style="b: url(/assets/logo.png)">', '<p style="b: url(/docs/assets/logo.1a2b.png)">'),
        ("<style>a{b:url('/assets/logo.png')}</style>", "<style>a{b:url('/docs/assets/logo.1a2b.png')}</style>"),
        ("<svg><use href=/assets/logo.png#x></use></svg>", "<svg><use href=/docs/assets/logo.1a2b.png#x></use></svg>"),
        ("<img src=https://example.org/docs/assets/logo.png>", "<img src=/docs/assets/logo.1a2b.png>"),
        (
            "<meta property=og:image content=/assets/logo.png>",
            "<meta property=og:image content=https://example.org/docs/assets/logo.1a2b.png>",
        ),
        (
            "<meta name=twitter:image content=https://example.org/docs/assets/logo.png>",
            "<meta name=twitter:image content=https://example.org/docs/assets/logo.1a2b.png>",
        ),
        (
            '<script type=importmap>{"imports":{"d":"/assets/dep.js"}}</script>',
            '<script type=importmap>{"imports":{"d":"/docs/assets/dep.9c0d.js"}}</script>',
        ),
    ],
)
def test_urls_lead_to_the_published_file(written: str, published: str) -> None:
    assert refined(written, off=("images",)).text == published
    assert refined(published, off=("images",)).text == published


FRAME = '<html><head></head><body><p>a<img src="/docs/assets/logo.1a2b.png"></p></body></html>'
RELATIVE = [
    ("<img src=../assets/logo.png>", "<img src=/docs/assets/logo.1a2b.png>"),
    ("<img src=../../docs/assets/logo.png>", "<img src=/docs/assets/logo.1a2b.png>"),
    ('<img srcset="../assets/logo.png 1x, b.png 2x">', '<img srcset="/docs/assets/logo.1a2b.png 1x, b.png 2x">'),
    ("<p><a href=../assets/logo.png?a#b>x</a>", "<p><a href=/docs/assets/logo.1a2b.png?a#b>x</a>"),
    ('<p style="b: url(../assets/logo.png)">', '<p style="b: url(/docs/assets/logo.1a2b.png)">'),
    (
        '<iframe loading=lazy srcdoc="<p>a<img src=../assets/logo.png>"></iframe>',
        "<iframe loading=lazy srcdoc='" + FRAME + "'>",
    ),
]


@pytest.mark.parametrize(("written", "published"), RELATIVE)
def test_relative_urls_lead_there_from_the_page(written: str, published: str) -> None:
    assert turbohtml.parse(refined(written, off=("images",)).text).html == turbohtml.parse(published).html
    assert refined(published, off=("images",)).text == refined(written, off=("images",)).text
    assert "1a2b" not in refined(written, off=("images",), url="/a/b/").text or "/docs/" in written
    assert "1a2b" not in refined(f"<base href=/docs/x/y/z/>{written}", off=("images",)).text


@pytest.mark.parametrize(
    "text", ["<iframe srcdoc='a  <p>/assets/x' loading=lazy></iframe>", "<img src=assets/logo.png>"]
)
def test_what_leads_elsewhere_from_the_page_stays(text: str) -> None:
    assert refined(text, off=("images", "minify")).text == text


def test_a_relative_script_that_is_not_there_is_told() -> None:
    document = refined("<script src=../assets/ap.js async></script>")
    assert [str(one) for one in document.diagnostics] == [
        'content/a.md: warning: "../assets/ap.js" is no asset; put the file into assets/, or mend the URL'
    ]


@pytest.mark.parametrize(
    "text",
    [
        "<img src=https://other.example/assets/logo.png>",
        "<img src=//assets/logo.png>",
        "<img src=/assets/other.png>",
        "<p>/assets/logo.png",
        '<script>let a="/assets/logo.png"</script>',
        "<meta name=description content=/assets/logo.png>",
    ],
)
def test_what_names_no_asset_stays(text: str) -> None:
    assert refined(text, off=("images",)).text == text


def test_a_script_or_sheet_that_is_not_there_is_told() -> None:
    document = refined("<script src=/docs/assets/ap.js async></script><link rel=stylesheet href=/assets/x.css>")
    assert [str(one) for one in document.diagnostics] == [
        'content/a.md: warning: "/docs/assets/ap.js" is no asset; put the file into assets/, or mend the URL',
        'content/a.md: warning: "/assets/x.css" is no asset; put the file into assets/, or mend the URL',
    ]


@pytest.mark.parametrize(
    ("written", "published"),
    [
        ("&lt;img src=&quot;/assets/logo.png&quot;&gt;", "&lt;img src=&quot;/docs/assets/logo.1a2b.png&quot;&gt;"),
        (
            "&#34;https://example.org/docs/assets/logo.png&#34;",
            "&#34;https://example.org/docs/assets/logo.1a2b.png&#34;",
        ),
        (
            "<url>https://example.org/docs/assets/logo.png</url>",
            "<url>https://example.org/docs/assets/logo.1a2b.png</url>",
        ),
        (
            '<![CDATA[<img srcset="/b.png 1x, /assets/logo.png 2x">',
            '<![CDATA[<img srcset="/b.png 1x, /docs/assets/logo.1a2b.png 2x">',
        ),
        (r'{"html": "<img src=\"/assets/logo.png\">"}', r'{"html": "<img src=\"/docs/assets/logo.1a2b.png\">"}'),
        ("<p>in /assets/logo.png it is", "<p>in /assets/logo.png it is"),
        ("<code>/assets/logo.png</code>", "<code>/assets/logo.png</code>"),
        ("&quot;https://other.example/assets/logo.png&quot;", "&quot;https://other.example/assets/logo.png&quot;"),
    ],
)
def test_feeds_lead_there_too(written: str, published: str) -> None:
    assert refined(written, url="/atom.xml").text == published
    assert refined(written, url="/atom.xml", off=("references",)).text == written
    assert refined(written, url="/a.txt").text == written


def test_an_asset_that_comes_or_goes_is_seen(site: SiteTest) -> None:
    site.write("templates/page.html", "<script src=/assets/a.js defer></script>{{ page.title }}")
    site.write("content/a.md", "# A\n").built()
    assert '"/assets/a.js" is no asset' in site.said()
    site.write("assets/a.js", "let a").built()
    assert "is no asset" not in site.said()
    warm = site.tree()
    assert site.built(Choices(cache=False)).tree() == warm


def test_hashed_files_are_on_the_cdn_and_checked(site: SiteTest) -> None:
    toml = (site.root / "site.toml").read_text()
    site.write("site.toml", f'{toml}[assets]\ncdn = "https://cdn.example"\n')
    site.write("templates/page.html", "<head><script src=/assets/a.js></script></head><img src=/assets/b.svg>")
    site.write("assets/a.js", "let a").write("assets/b.svg", "<svg/>").write("content/a.md", "# A\n").built()
    text = site.text("a/index.html")
    found = r"<script src=https://cdn.example/assets/a\.\w+\.js defer integrity=\S+ crossorigin=anonymous></script>"
    assert re.search(found, text)
    assert re.search(r"<img src=https://cdn.example/assets/b\.\w+\.svg ", text)


def test_files_that_are_copied_as_they_are_say_that_they_miss_an_asset(site: SiteTest) -> None:
    site.write("assets/logo.svg", "<svg/>").write("assets/b.js", "let b").write("content/a.md", "# A\n")
    site.write("static/old.css", 'a{b:c}\na{b:url("/assets/logo.svg")}\na{b:url(/assets/none.svg)}\n')
    site.write("static/old.html", "<p>/assets/logo.svg <script src=/assets/b.js?1></script>")
    site.write("static/old.txt", '"/assets/logo.svg"').built()
    hint = (
        "whose published name holds a digest; this file is copied as it is: move it to assets/, or that one to static/"
    )
    said = [
        f'static/old.css:2: warning: names "/assets/logo.svg", {hint}',
        f'static/old.html:1: warning: names "/assets/b.js", {hint}',
    ]
    assert site.said().splitlines() == said
    assert site.built().said().splitlines() == said
    site.write("static/old.html", f"<script src=/{site.asset('b.js')}></script>").built()
    assert site.said().splitlines() == said[:1]
    site.remove("assets/logo.svg").built()
    assert site.said() == ""
