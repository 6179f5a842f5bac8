"""The functions and filters that templates call."""

import struct
import zlib

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from ssg.render.html import image_tag, lone_paragraph
from tests.site_test import SiteTest


def png(width: int, height: int, level: int = 9) -> bytes:
    """Give a black PNG (W3C PNG, section 5), compressed at a level of zlib: at 0, each pixel is a byte."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = b"".join(b"\0" + bytes(width) for _ in range(height))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows, level)) + chunk(b"IEND", b"")
    )


def page(site: SiteTest, template: str) -> str:
    site.write("templates/page.html", template)
    if "[html]" not in (site.root / "site.toml").read_text():
        off = '[html]\nminifier = "none"\n[optimize]\nimages = false\n'
        site.write("site.toml", f'[site]\nbase_url = "https://example.org/docs/"\n{off}')
    return site.built().text("a/index.html")


def test_markdown_in_a_template_links_from_the_content_folder(site: SiteTest) -> None:
    site.write("content/a.md", "# A\n").write("content/b/c.md", "# C\n")
    assert page(site, '{{ "*x* [c](b/c.md)" | markdown }}') == '<p><em>x</em> <a href="/docs/b/c/">c</a></p>\n'
    assert page(site, '{{ markdown("*x*", inline=true) }}') == "<em>x</em>"
    assert page(site, '{{ "a\\n\\nb" | markdown(inline=true) }}') == "<p>a</p>\n<p>b</p>\n"
    assert page(site, "{% cache 1 %}{{ markdown('[c](b/c.md)', inline=true) }}{% endcache %}").endswith('/b/c/">c</a>')


def test_markdown_of_a_page_links_as_the_page_does(site: SiteTest) -> None:
    site.write("content/s/_index.md", "# S\n").write("content/s/c.md", "# C\n")
    site.write("content/a.md", "---\ntitle: A\nnote: 'See [c](s/c.md) and [gone](gone.md).'\n---\n")
    site.write("templates/hooks/link.html", '<a class=h href="{{ url }}">{{ html }}</a>')
    text = page(site, "{{ page.markdown(page.extra.get('note', ''), inline=true) }}")
    assert text == 'See <a class=h href="/docs/s/c/">c</a> and <a class=h href="gone.md">gone</a>.'
    assert site.said().startswith('content/a.md: warning: the link to "gone.md" leads to no page or file; ')


def test_images_have_their_size(site: SiteTest) -> None:
    site.write("content/a.md", "# A\n").write("content/b/photo.png", png(30, 20)).write("assets/logo.png", png(4, 2))
    shown = page(site, '{{ image("logo.png", "Logo", class_="big", loading=none) }}')
    assert shown == (
        f'<img src="/docs/{site.asset("logo.png")}" alt="Logo" width="4" height="2" decoding="async" class="big">'
    )
    assert 'width="30" height="20"' in page(site, '{{ image("b/photo.png") }}')
    assert 'src="/docs/b/photo.png"' in page(site, '{{ page.image("b/photo.png", "\\"q\\"") }}')
    assert 'alt="&#34;q&#34;"' in site.text("a/index.html")


def test_an_image_that_is_not_there_is_an_error(site: SiteTest) -> None:
    site.write("content/a.md", "# A\n").write("assets/logo.png", png(1, 1))
    site.write("templates/page.html", '{{ image("lgo.png") }}').build()
    assert 'image("lgo.png") finds no image; did you mean "logo.png"?' in site.said()


def test_a_damaged_image_is_published_without_a_size(site: SiteTest) -> None:
    site.write("content/a.md", "# A\n").write("assets/x.png", b"\x89PNG\r\n\x1a\n").write("assets/y.svg", "<svg/>")
    text = page(site, '{{ image("x.png") }}{{ image("y.svg") }}')
    assert "width" not in text
    assert site.tree()[site.asset("x.png")] == b"\x89PNG\r\n\x1a\n"


def test_slug_and_related(site: SiteTest) -> None:
    site.write("content/a.md", "---\ntags: [x]\n---\n# A\n").write("content/b.md", "---\ntags: [x]\n---\n# B\n")
    assert (
        page(site, '{{ "Été à Paris" | slug }} {{ related(page) | map(attribute="title") | join }}') == "été-à-paris B"
    )


@given(st.dictionaries(st.from_regex("[a-z]{1,5}_?", fullmatch=True), st.text() | st.booleans() | st.none()))
def test_attributes_cannot_break_out_of_a_tag(attributes: dict[str, object]) -> None:
    written = image_tag("/a.png", '"><script>', None, attributes)
    assert written.count("<") == 1
    assert written.count(">") == 1


@given(st.text())
def test_only_a_lone_paragraph_loses_its_tags(text: str) -> None:
    html = Markup("<p>{}</p>\n").format(text)
    assert lone_paragraph(html) == Markup("{}").format(text)
    assert lone_paragraph(html + html) == html + html
