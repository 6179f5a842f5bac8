"""Shortcodes: templates that an author calls by name in Markdown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.content.shortcodes import expand
from tests.site_test import SiteTest

ON = """[site]
base_url = "https://example.org/docs/"
[html]
minifier = "none"
[content]
shortcodes = true
[markdown]
engine = """
ENGINES = ("commonmark", "markdown")


@pytest.fixture(params=ENGINES)
def short(site: SiteTest, request: pytest.FixtureRequest) -> SiteTest:
    site.write("site.toml", f'{ON}"{request.param}"\n')
    site.write("templates/page.html", "{{ page.content }}").write("templates/section.html", "")
    site.write("shortcodes/kbd.html", "<kbd>{{ args | join('+') }}</kbd>\n")
    site.write("shortcodes/note.html", "<aside>{{ inner }}</aside>\n")
    site.write("shortcodes/raw.html", "<pre>{{ source }}</pre>")
    site.write("shortcodes/media/clip.html", '<video src="{{ link(src) }}" data-size="{{ size * 2 }}"></video>')
    return site


def body(site: SiteTest, text: str) -> str:
    site.write("content/a.md", text).built()
    return " ".join(site.text("a/index.html").split())


def test_a_call_in_a_line_and_one_on_its_own(short: SiteTest) -> None:
    assert body(short, "Press {{< kbd Ctrl C >}} *now*.") == "<p>Press <kbd>Ctrl+C</kbd> <em>now</em>.</p>"
    assert body(short, "Before\n{{< kbd x >}}\nafter") == "<p>Before</p> <kbd>x</kbd> <p>after</p>"
    assert body(short, "- one\n\n  {{< kbd x >}}\n- two").count("<li>") == 2


def test_arguments(short: SiteTest) -> None:
    short.write("shortcodes/show.html", "{{ args }}{{ a }}{{ b }}{{ c_d }}{{ e | default('none') }}")
    text = '{{< show "x y" 7 -1.5 true a="q \\"q\\"" b=\'<i>\' c-d=plain >}}'
    assert body(short, text) == "(&#39;x y&#39;, 7, -1.5, True)q &#34;q&#34;&lt;i&gt;plainnone"


def test_text_between_tags_is_markdown_of_the_page(short: SiteTest) -> None:
    short.write("content/b.md", "# B\n")
    written = body(
        short, "{{< note >}}\n## Head\n\nSee **this** [b](b.md) and [c].\n\n[c]: b.md#b\n{{< /note >}}\n\nEnd [c]."
    )
    assert written == (
        '<aside><h2 id="head">Head</h2> <p>See <strong>this</strong> <a href="/docs/b/">b</a> and '
        '<a href="/docs/b/#b">c</a>.</p></aside> <p>End <a href="/docs/b/#b">c</a>.</p>'
    )
    assert body(short, "A {{< note >}}*b* `c`{{< /note >}} d") == "<p>A <aside><em>b</em> <code>c</code></aside> d</p>"
    assert body(short, "{{< note >}}x{{< /note >}}") == "<aside>x</aside>"
    assert body(short, "{{< note />}}") == "<aside></aside>"
    assert body(short, "{{< note >}} x\n{{< /note >}}") == "<aside><p>x</p></aside>"


def test_calls_inside_calls(short: SiteTest) -> None:
    text = "{{< note >}}\na\n\n{{< note >}}\nb {{< kbd c >}}\n{{< /note >}}\n{{< /note >}}"
    assert body(short, text) == "<aside><p>a</p> <aside><p>b <kbd>c</kbd></p></aside></aside>"


def test_a_template_that_reads_the_source_gets_it_as_written(short: SiteTest) -> None:
    text = "{{< raw >}}\n*a* {{< kbd >}} <b>\n\n    x\n{{< /raw >}}"
    assert body(short, text) == "<pre>*a* {{&lt; kbd &gt;}} &lt;b&gt; x</pre>"


def test_in_code_they_are_text(short: SiteTest) -> None:
    written = body(short, "`{{< kbd a >}}`\n\n```html\n{{< kbd b >}}\n```\n\n    {{< kbd c >}}\n")
    assert written.count("kbd") == 3
    assert "<kbd>" not in written
    assert "\ufdd0" not in written
    assert body(short, "{{</* kbd a */>}}") == "<p>{{&lt; kbd a &gt;}}</p>"


def test_links_of_arguments(short: SiteTest) -> None:
    short.write("content/trip/clip.mp4", b"x")
    short.write("content/trip/index.md", '{{< media/clip src="clip.mp4" size=2 >}}').built()
    assert '<video src="/docs/trip/clip.mp4" data-size="4">' in short.text("trip/index.html")
    short.write("content/trip/index.md", 'x\n\n{{< media/clip src="clap.mp4" size=2 >}}').built()
    assert (
        'content/trip/index.md:3: warning: the link to "clap.mp4" leads to no page or file; did you mean'
        in short.said()
    )


def test_references_as_hugo_writes_them(short: SiteTest) -> None:
    short.write("content/b.md", "# B\n")
    assert body(short, '[b]({{< ref "b.md" >}}) [c]({{< relref "/b.md#b" >}})') == (
        '<p><a href="/docs/b/">b</a> <a href="/docs/b/#b">c</a></p>'
    )


def test_off_they_are_text(short: SiteTest) -> None:
    assert (
        body(short, "---\nshortcodes: false\n---\n{{< nothing >}} {{< kbd") == "<p>{{&lt; nothing &gt;}} {{&lt; kbd</p>"
    )
    short.write("site.toml", (short.root / "site.toml").read_text().replace("true", "false"))
    assert body(short, "{{< kbd a >}}") == "<p>{{&lt; kbd a &gt;}}</p>"
    assert body(short, "---\nshortcodes: true\n---\n{{< kbd a >}}") == "<kbd>a</kbd>"


def test_summaries_have_them(short: SiteTest) -> None:
    short.write("content/b.md", "Press {{< kbd x >}} [c](c.md).\n\nRest.").write("content/c.md", "# C\n")
    short.write("content/d.md", "{{< note >}}\n[c](c.md) [b](b.md)\n{{< /note >}}\n\n<!--more-->\n\nRest.")
    short.write("templates/section.html", "{% for p in page.pages %}{{ p.summary }}|{% endfor %}").built()
    listed = " ".join(short.text("index.html").split()).split("|")
    assert listed[0] == '<p>Press <kbd>x</kbd> <a href="/docs/c/">c</a>.</p>'
    assert listed[2] == '<aside><p><a href="/docs/c/">c</a> <a href="/docs/b/">b</a></p></aside>'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x\n\n{{< nte >}}", 'content/a.md:3: there is no shortcode "nte"; did you mean "note"?'),
        ("{{< note >}}\nx", 'content/a.md:1: the shortcode "note" is never closed; write {{< /note >}} after its text'),
        ("{{< raw >}}\nx", 'content/a.md:1: the shortcode "raw" is never closed'),
        ("a\n{{< /note >}}", "content/a.md:2: {{< /note >}} closes nothing; take it out"),
        ("{{< note >}}{{< /raw >}}{{< /note >}}", "{{< /raw >}} closes nothing; close {{< note >}} first"),
        ('{{< kbd "x >}}', "content/a.md:1: a shortcode begins here that cannot be read; write"),
        ("{{< 7 >}}", "a shortcode begins here that cannot be read"),
        ("{{< kbd a= >}}", 'the shortcode "kbd" has an argument that cannot be read: a=; write arguments as'),
        ("{{< kbd page=1 >}}", 'the shortcode "kbd" has the argument "page", which is a name of ssg\'s own'),
        ("[x]({{< kbd a >}})", 'the shortcode "kbd" stands inside an address or tag'),
        ('<a title="{{< kbd a >}}">x</a>', 'the shortcode "kbd" stands inside an address or tag'),
        ("- {{< note >}} a\n\nb {{< /note >}}", 'content/a.md:1: the shortcode "note" ends in another block'),
        ("{{< media/clip size=1 >}}", 'shortcodes/media/clip.html:1: "src" is not defined'),
    ],
)
def test_mistakes(short: SiteTest, text: str, said: str) -> None:
    short.write("content/a.md", text).build()
    assert short.failed is not None
    assert said in short.said()


@given(
    st.lists(
        st.sampled_from(
            ["{{<", ">}}", " note", "/", "x", '"', "'", "\n", "`", "{{< note >}}", "{{< /note >}}", "é", "*/"]
        )
    )
)
def test_any_text_is_read(pieces: list[str]) -> None:
    text = "".join(pieces)
    expanded = expand(text, {"note": ("inner",), "x": ()}, ())
    if not expanded.slips and not expanded.calls:
        assert expanded.text == text
