"""One serialisation, by the minifier that the site names."""

import builtins
import sys
from typing import Any

import pytest
import turbohtml
from hypothesis import given, settings

from tests.optimize.pages import FRAGMENTS, configured, exact, links, refined, words
from tests.site_test import SiteTest

HTMLMIN = configured(html={"minifier": "htmlmin"})
needs_htmlmin = pytest.mark.skipif(sys.version_info >= (3, 13), reason="htmlmin needs cgi, which Python 3.13 lacks")


@pytest.mark.parametrize(
    ("text", "minified"),
    [
        ('<p class="a">a  b</p>\n\n<p>c</p>', "<p class=a>a b</p> <p>c"),
        ("<p>a <b>b</b> <i>c</i>  d", "<p>a <b>b</b> <i>c</i> d"),
        ("<pre>a\n  b</pre>", "<pre>a\n  b</pre>"),
        ("<textarea>\n a  b </textarea>", "<textarea> a  b </textarea>"),
        ("<p>a<!-- b -->c", "<p>ac"),
    ],
)
def test_what_a_reader_sees_stays(text: str, minified: str) -> None:
    assert refined(text).text == minified


def test_noscript_in_the_head_stays_there() -> None:
    text = "<head><noscript><img src=/assets/logo.png></noscript><title>T</title></head><noscript><p>a</noscript>"
    assert "<noscript><img src=/docs/assets/logo.1a2b.png></noscript><title>T" in refined(text).text
    assert "<noscript><p>a</noscript>" in refined(text).text


@pytest.mark.parametrize("tag", ["noscript", "title", "noframes"])
def test_what_begins_the_body_stays_in_it(tag: str) -> None:
    made = refined(f"<title>T</title><body><!-- a --><{tag}>b</{tag}><p>c</body>").text
    assert [one.tag for one in turbohtml.parse(made).select("body>*")] == [tag, "p"]


@needs_htmlmin
@settings(max_examples=50)
@given(FRAGMENTS)
def test_htmlmin_keeps_text_links_and_ids(text: str) -> None:
    before, after = turbohtml.parse(text), turbohtml.parse(refined(text, HTMLMIN).text)
    assert words(after) == words(before)
    assert exact(after) == exact(before)
    assert links(after) == links(before)


@needs_htmlmin
def test_htmlmin_makes_a_page_smaller(site: SiteTest) -> None:
    site.write("content/a.md", "# A\n\ntext <b>bold</b> text\n").built()
    site.write("site.toml", '[html]\nminifier = "none"\n').built()
    plain = site.text("a/index.html")
    site.write("site.toml", '[html]\nminifier = "htmlmin"\n').built()
    assert len(site.text("a/index.html")) < len(plain)
    assert "<b>bold</b> text" in site.text("a/index.html")


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        ("htmlmin", 'the minifier "htmlmin" is not installed; run pip install "ssg[htmlmin]", or use minifier'),
        ("cgi", "htmlmin needs the module cgi of Python's library, which Python 3.13 no longer has; use Python 3.12"),
    ],
)
def test_a_minifier_that_is_not_there_is_an_error(
    site: SiteTest, monkeypatch: pytest.MonkeyPatch, missing: str, said: str
) -> None:
    original = builtins.__import__

    def without(name: str, *args: Any, **kwargs: Any) -> Any:
        if name == "htmlmin":
            raise ModuleNotFoundError(f"No module named '{missing}'", name=missing)
        return original(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    site.write("site.toml", '[html]\nminifier = "htmlmin"\n').write("content/a.md", "# A\n").build()
    assert site.said().startswith(f"site.toml:2: {said}")


def test_a_declarative_shadow_root_stays_with_what_it_runs() -> None:
    text = '<div><template shadowrootmode="open"><style>p{color:red}</style><script>f()</script></template>a</div>'
    made = refined(text)
    assert "<template shadowrootmode=open><style>p{color:red}</style><script>f()</script></template>a" in made.text
    assert sorted(one.partition(" ")[0] for one in made.inlined) == ["script-src", "style-src"]
