"""The ids of headings that have none: whose rule makes them."""

import pytest

from ssg.config import MarkdownConfig
from ssg.content.markdown import load_dialect
from ssg.content.outline import Written, outline
from ssg.content.slug import anchor, zola_anchor
from tests.site_test import SiteTest


@pytest.mark.parametrize(
    ("text", "github", "zola"),
    [
        ("What's next", "whats-next", "what-s-next"),
        ("What\N{RIGHT SINGLE QUOTATION MARK}s next?", "whats-next", "what-s-next"),
        ("doc_cfg & --test", "doc_cfg----test", "doc-cfg-test"),
        (" user@example.com 2.0", "userexamplecom-20", "user-example-com-2-0"),
        ("Æúű--Straße", "æúű--straße", "aeuu-strasse"),
        ("Łódź, x²", "łódź-x²", "lodz-x2"),
        ("Привет, мир Йода", "привет-мир-йода", "привет-мир-йода"),
        ("हिन्दी में", "हिन्दी-में", "हिन्दी-में"),
        ("日本語のガイド 한국어", "日本語のガイド-한국어", "日本語のガイド-한국어"),
        ("1️⃣ step", "1️⃣-step", "1-step"),
        ("???", "section", "section"),
    ],
)
def test_both_rules(text: str, github: str, zola: str) -> None:
    assert (anchor(text), zola_anchor(text)) == (github, zola)


def test_ids_are_unique_and_those_of_authors_stay() -> None:
    dialect = load_dialect(MarkdownConfig(heading_ids="zola"), ".")
    text = "# Let's go\n\n## Let's go\n\n## Let's go\n\n## Let's go {#let-s-go-2}\n\n## Other {#It's}\n"
    found = outline(dialect.convert(text).html, lambda _: 1, Written(heading_id=dialect.heading_id))
    assert [heading.id for heading in found.headings] == ["let-s-go", "let-s-go-1", "let-s-go-3", "let-s-go-2", "It's"]


@pytest.mark.parametrize(
    ("extensions", "made"), [('["fenced_code"]', "let-s-go"), ('["toc"]', "lets-go")], ids=["without-toc", "toc"]
)
def test_toc_has_a_rule_of_its_own(site: SiteTest, extensions: str, made: str) -> None:
    table = f'[markdown]\nengine = "markdown"\nheading_ids = "zola"\nextensions = {extensions}\n'
    site.write("site.toml", table).write("content/a.md", "# A\n\n## Let's go\n").built()
    assert f"<h2 id={made}>" in site.text("a/index.html")


def test_a_page_is_read_anew_under_another_rule(site: SiteTest) -> None:
    site.write("content/a.md", "# A\n\n[go](#let-s-go)\n\n## Let's go\n").built()
    assert site.said() == 'content/a.md:3: warning: the page has no "#let-s-go"; did you mean "lets-go"?\n'
    site.write("site.toml", '[site]\nbase_url = "https://example.org/"\n[markdown]\nheading_ids = "zola"\n').built()
    assert site.said() == ""
