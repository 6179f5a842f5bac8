"""All passes together: what a reader has of a page stays, and a page that is refined stays as it is."""

import base64
import hashlib
import re

import pytest
import turbohtml
from hypothesis import given
from hypothesis import strategies as st

from ssg import optimize
from ssg.build import Choices
from ssg.config import PASSES, Config, OptimizeConfig
from ssg.errors import Location
from ssg.model import Document
from tests.optimize.pages import FRAGMENTS, PAGES, configured, exact, links, refined, words
from tests.site_test import SiteTest

CONFIGS = st.builds(
    lambda minifier, lazy, speculation, off: configured(
        html={"minifier": minifier},
        scripts={"lazy": lazy},
        hints={"speculation": speculation},
        optimize=dict.fromkeys(off, False),
    ),
    st.sampled_from(["turbohtml", "none"]),
    st.lists(st.sampled_from(["app.js", "https://x.example/a.js"]), max_size=2),
    st.booleans(),
    st.lists(st.sampled_from(PASSES[:-1]), max_size=2),
)


# One pixel.
PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=")
OBEYED = {"", "module", "importmap", "speculationrules"}


def digest_of(one: turbohtml.Element) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(one.text.encode()).digest()).decode()}'"


@given(st.one_of(PAGES, FRAGMENTS), CONFIGS)
def test_text_links_and_ids_stay(text: str, config: Config) -> None:
    before, after = turbohtml.parse(text), turbohtml.parse(refined(text, config).text)
    assert words(after) == words(before)
    assert exact(after) == exact(before)
    assert links(after) == links(before)


@given(st.one_of(PAGES, FRAGMENTS), CONFIGS)
def test_refining_twice_changes_nothing(text: str, config: Config) -> None:
    once = refined(text.replace(" data-ssg-skip", ""), config)
    twice = refined(once.text, config)
    assert (twice.text, twice.inlined) == (once.text, once.inlined)


@given(st.one_of(PAGES, FRAGMENTS), CONFIGS)
def test_the_hashes_are_those_of_the_scripts_and_styles_as_published(text: str, config: Config) -> None:
    document = refined(text, config)
    seen, plain = turbohtml.parse(document.text, scripting=True), turbohtml.parse(document.text)
    styles = {f"style-src {digest_of(one)}" for one in (*plain.select("style"), *seen.select("style"))}
    run, all_of_them = (
        {f"script-src {digest_of(one)}" for one in tree.select("script:not([src])") if one.attr("type", "") in OBEYED}
        for tree in (seen, plain)
    )
    hashed = {one for one in document.inlined if one.startswith(("script-src 'sha256", "style-src 'sha256"))}
    assert styles | run <= hashed <= styles | run | all_of_them
    assert list(document.inlined) == sorted(document.inlined)


def test_a_page_names_what_its_attributes_and_other_hosts_need() -> None:
    text = """<head><link rel="stylesheet" href="https://fonts.example/a.css"><link rel="icon" href="https://i.example/">
<script src="//run.example:8/a.js"></script><script src="/own.js"></script></head>
<p onclick="go()" style="color:red">one=two</p>
<p
onpointerdown="go()">&lt;a onload="x"&gt;</p>"""
    go = base64.b64encode(hashlib.sha256(b"go()").digest()).decode()
    assert refined(text).inlined == (
        "script-src https://run.example:8",
        f"script-src-attr 'sha256-{go}'",
        "style-src https://fonts.example",
        "style-src-attr 'unsafe-inline'",
    )


@pytest.mark.parametrize("minifier", ["none", "turbohtml"])
@pytest.mark.parametrize(
    "attribute", ["\tonclick='go()'", " ONCLICK=go()", "/onclick = 'go()'", " id='a'onclick='go()'"]
)
def test_attributes_that_are_scripts_are_found_however_they_are_written(minifier: str, attribute: str) -> None:
    go = base64.b64encode(hashlib.sha256(b"go()").digest()).decode()
    page = refined(f"<p{attribute}>a", configured(html={"minifier": minifier}))
    assert page.inlined == (f"script-src-attr 'sha256-{go}'",)


@pytest.mark.parametrize(
    ("address", "inlined"),
    [
        ("https://пруд.example/a.js", ("script-src https://xn--d1avdm.example",)),
        ("https://reader:secret@run.example/a.js", ("script-src https://run.example",)),
        ("https://run.example; object-src *", ()),
        ("https://[run/a.js", ()),
        ("data:text/javascript,a()", ()),
    ],
)
def test_a_policy_names_hosts_and_nothing_else_of_an_address(address: str, inlined: tuple[str, ...]) -> None:
    page = refined(f'<script src="{address}"></script>')
    assert page.inlined == inlined
    assert not page.diagnostics


def test_the_hashes_are_those_of_a_browser_without_scripts_too() -> None:
    text = "<head><noscript><style>a{}</style><img src=a></noscript></head>"
    assert refined(text).inlined == refined("<style>a{}</style>").inlined


def test_with_all_off_the_text_is_as_rendered() -> None:
    text = "<!DOCTYPE html>\n<script src=/assets/app.js></script> <p  class = a>/assets/"
    html = {"minifier": "none", "critical_css": "off"}
    everything = configured(html=html, optimize=dict.fromkeys(OptimizeConfig.__struct_fields__, False))
    assert refined(text, everything).text == text
    assert refined(text, off=PASSES).text == text
    assert "defer" in refined(text).text


def test_nothing_to_do_leaves_the_text_as_rendered_without_a_minifier() -> None:
    text = "<!DOCTYPE html>\n<meta charset=utf-8><p  class = a>text"
    assert refined(text, configured(html={"minifier": "none"})).text == text


def test_an_element_is_left_alone_with_all_that_is_in_it() -> None:
    text = refined(
        "<div data-ssg-skip=''><img src=/assets/logo.png><style>a{b:url(/assets/logo.png)}</style></div>"
    ).text
    assert text == "<div><img src=/assets/logo.png><style>a{b:url(/assets/logo.png)}</style></div>"


def test_the_pass_of_an_extension_stands_between() -> None:
    class Middle:
        name, version, after = "middle", "1", "references"

        def refine(self, document: Document) -> Document:
            assert "logo.1a2b.png" in document.text
            assert "defer" not in document.text
            return Document(document.url, document.text.replace("</p>", "<style>b{}</style></p>"), document.source)

    class Last(Middle):
        name, after = "last", "minify"

        def refine(self, document: Document) -> Document:
            return Document(document.url, document.text + "<style>c{}</style>", document.source)

    where = Location("site.toml")
    works = optimize.arrange(Config(), (Middle(), Last()), lambda _: where, lambda: where)
    found = optimize.Resource("/assets/logo.1a2b.png", "logo.png", "assets/logo.png")
    page = optimize.Context(find=lambda url: found if url == "/assets/logo.png" else None)
    text = "<head><script src=/x.js></script></head><p><img src=/assets/logo.png></p>"
    document = optimize.refine(Document("/a/", text, ""), works, page)
    assert "<style>b{}</style>" in document.text
    assert "defer" in document.text
    assert len(document.inlined) == 2


PAGE = '<head><script src="/app.js"></script></head><body>{{ page.content }}</body>'


@pytest.fixture
def scripted(site: SiteTest) -> SiteTest:
    site.write("templates/page.html", PAGE).write("static/app.js", "let a").write("assets/logo.png", "x")
    return site.write("content/a.md", "text\n")


def test_front_matter_switches_passes_off(scripted: SiteTest) -> None:
    assert "<script src=/app.js defer>" in scripted.built().text("a/index.html")
    scripted.write("content/a.md", "---\noptimize: {scripts: false}\n---\ntext\n").built()
    assert "<script src=/app.js>" in scripted.text("a/index.html")
    assert scripted.rendered() == {"/a/"}
    scripted.write("content/a.md", "---\noptimize: false\n---\ntext\n").built()
    assert '<script src="/app.js">' in scripted.text("a/index.html")


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("{script: false}", 'content/a.md:2: "script" is no pass; did you mean "scripts"?'),
        ("{scripts: 1}", '"optimize" is a mapping; it takes true, false, or a table like {scripts: false}'),
        ("[scripts]", '"optimize" is a list; it takes'),
        ("off-with-it", '"optimize" is "off-with-it"; it takes'),
    ],
)
def test_a_switch_that_there_is_not_is_an_error(scripted: SiteTest, value: str, said: str) -> None:
    scripted.write("content/a.md", f"---\noptimize: {value}\n---\ntext\n").build()
    assert said in scripted.said()


def test_what_a_pass_has_read_is_what_a_page_depends_on(scripted: SiteTest) -> None:
    scripted.write("templates/other.html", "{{ page.content }}")
    scripted.write("content/b.md", "---\ntemplate: other.html\n---\ntext\n").built()
    assert "defer" in scripted.text("a/index.html")
    scripted.write("static/app.js", "document.write(1)").built()
    assert "defer" not in scripted.text("a/index.html")
    assert "holds up the first paint, since it or one that follows has document.write" in scripted.said()
    assert scripted.rendered() == {"/a/"}
    warm, said = scripted.tree(), scripted.said()
    scripted.built(Choices(cache=False))
    assert (scripted.tree(), scripted.said()) == (warm, said)


def test_the_release_knows_the_hashes(scripted: SiteTest) -> None:
    scripted.write("templates/page.html", "<style>a{}</style>{{ page.content }}").built()
    for _ in range(2):
        assert scripted.built().release is not None
        assert scripted.release is not None
        inlined = {one.path: one.inlined for one in scripted.release.artifacts}
        assert re.fullmatch("style-src 'sha256-[A-Za-z0-9+/]{43}='", inlined["a/index.html"][0])


DEFAULT = """
[scripts]
lazy = ["late.js"]
[hints]
speculation = true
[content]
feeds = ["atom", "json"]
"""


def test_the_default_theme_keeps_what_a_reader_has(site: SiteTest) -> None:
    body = "text  *two* <img src='/assets/a.png' alt='a'>\n\n```python\nx =  1\n```\n\n"
    body += "[b](b.md#h) <b>c</b> <i>d</i>\n\n## H\n"
    head = "---\ntitle: {}\ntags: [x]\ndate: 2026-01-02\n---\n"
    for name in ("a", "b"):
        site.write(f"content/{name}.md", head.format(name) + body)
    site.write("assets/late.js", "let a").write("assets/a.png", PNG)
    site.write("templates/partials/meta.html", '<script src="/assets/late.js"></script>')
    toml = (site.root / "site.toml").read_text()
    off = "".join(f"{name} = false\n" for name in OptimizeConfig.__struct_fields__)
    site.write("site.toml", f'{toml}[html]\nminifier = "none"\n[optimize]\n{off}').built()
    plain = site.tree()
    site.write("site.toml", toml + DEFAULT).built(Choices(strict=True))
    pages = [path for path in plain if path.endswith(".html")]
    assert len(pages) >= 6
    for path in pages:
        before, after = turbohtml.parse(plain[path].decode()), turbohtml.parse(site.text(path))
        assert (words(after), exact(after), links(after)) == (words(before), exact(before), links(before))
        assert refined(site.text(path), configured(hints={"speculation": True})).text == site.text(path)
    published = next(path for path in site.tree() if re.fullmatch(r"assets/a\.\w+\.png", path))
    assert published in site.text("atom.xml")
    assert "/assets/a.png" not in site.text("atom.xml")
    assert f"src=/{published}" in site.text("a/index.html")


def test_a_pass_that_fails_is_told_and_never_a_traceback() -> None:
    def fails(tree: turbohtml.Document, page: optimize.Context) -> tuple[()]:
        raise ValueError("no")

    works = (optimize.Stretch((optimize.Step("hints", fails),)),)
    document = optimize.refine(Document("/a/", "text", "content/a.md"), works, optimize.Context())
    assert document.text == ""
    assert str(document.diagnostics[0]).startswith(
        "content/a.md: a pass of ssg failed: ValueError: no; this is a mistake"
    )
