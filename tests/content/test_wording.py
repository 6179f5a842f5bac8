"""Abbreviations, emoji, bare links, typographic marks and formulas, in both engines."""

import importlib.util

import pytest

from ssg.config import MarkdownConfig
from ssg.content.markdown import ENGINES, Dialect, EngineName, load_dialect
from ssg.content.outline import Outline, Written, outline
from ssg.errors import ConfigError

EXTENSIONS: dict[EngineName, tuple[str, ...]] = {
    "commonmark": ("abbreviations", "emoji", "autolinks", "smart_punctuation"),
    "markdown": ("fenced_code", "abbr", "pymdownx.emoji", "pymdownx.magiclink", "smarty"),
}


def outlined(text: str, engine: EngineName, *, math: bool = False) -> Outline:
    converted = load_dialect(MarkdownConfig(engine=engine, extensions=EXTENSIONS[engine], math=math), ".").convert(text)
    return outline(converted.html, lambda _: 1, Written(converted.passes))


def html(text: str, engine: EngineName, *, math: bool = False) -> str:
    return outlined(text, engine, math=math).content.html


@pytest.mark.parametrize("engine", ENGINES)
def test_abbreviations(engine: EngineName) -> None:
    text = "HTML, HTML5, XHTML and (HTML)\n`HTML`\n\n```\nHTML\n```\n\n*[HTML]: Hyper Text\n*[HTML5]: The fifth\n"
    found = html(text, engine)
    assert found.count('<abbr title="Hyper Text">HTML</abbr>') == 2
    assert '<abbr title="The fifth">HTML5</abbr>' in found
    assert " XHTML " in found
    assert "<code>HTML</code>" in found
    assert "*[" not in found


def test_a_definition_in_code_is_code() -> None:
    found = html("é A\n\n```\n*[A]: b\n```\n\n    *[A]: c\n", "commonmark")
    assert "abbr" not in found
    assert "*[A]: b" in found
    assert "*[A]: c" in found


@pytest.mark.parametrize("engine", ENGINES)
def test_emoji(engine: EngineName) -> None:
    found = html("Go :rocket: :+1: :no-such-name: 10:20:30 `:rocket:`\n\n    :rocket:\n", engine)
    assert "Go 🚀 👍 :no-such-name: 10:20:30 <code>:rocket:</code>" in found
    assert found.count("🚀") == 1
    assert "<img" not in found


@pytest.mark.parametrize("engine", ENGINES)
def test_bare_links(engine: EngineName) -> None:
    found = html(
        "See https://example.org/a_(b)?c=d&e, or (www.example.com). [x](https://a.org) `https://b.org`", engine
    )
    assert 'href="https://example.org/a_(b)?c=d&amp;e">' in found
    assert ">www.example.com</a>)." in found
    assert '<a href="https://a.org">x</a>' in found
    assert "<code>https://b.org</code>" in found
    assert found.count("<a ") == 3
    assert 'href="mailto:me@example.org"' in html("me@example.org", "commonmark")
    assert "<a " not in html("example.org and a@b", engine)
    assert html("[https://a.org](https://b.org) <https://c.org>", engine).count("<a ") == 2


@pytest.mark.parametrize("engine", ENGINES)
def test_typographic_marks(engine: EngineName) -> None:
    found = html('"a" -- b...', engine)
    assert found.startswith("<p>“a” – b…")  # noqa: RUF001


@pytest.mark.parametrize("engine", ENGINES)
def test_formulas_become_mathml(engine: EngineName) -> None:
    found = html("Let $a < b$ and `$c$`.\n\n$$\n\\frac{a}{b}\n$$\n", engine, math=True)
    assert '<math display="inline"><mrow><mi>a</mi><mo>&lt;</mo><mi>b</mi></mrow></math> and <code>$c$</code>' in found
    assert '<math display="block"><mrow><mfrac>' in found
    assert "$$" not in found
    assert "math" not in html("$a$", engine)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("formula", ["\\foo", "x^2^3", "\\left( x", "a <b & \\sqrt", "\\begin{matrix} a"])
def test_a_formula_that_is_not_valid_is_shown_as_written(engine: EngineName, formula: str) -> None:
    found = outlined(f"Let ${formula}$.", engine, math=True)
    shown = formula.replace("&", "&amp;").replace("<", "&lt;")
    assert f'<code class="math-invalid">{shown}</code>' in found.content.html
    assert [fault.source for fault in found.faults] == [formula]


@pytest.mark.parametrize("formula", ["\\frac{a}{b", "a}", "\\}{"])
def test_braces_have_partners(formula: str) -> None:
    """In commonmark they make a formula in the first place."""
    assert len(outlined(f"Let ${formula}$.", "markdown", math=True).faults) == 1
    assert html(f"Let ${formula}$.", "commonmark", math=True).startswith("<p>Let $")


def test_a_formula_in_a_heading_is_in_the_table_of_contents() -> None:
    heading = outlined("# On $x^2$\n", "commonmark", math=True).headings[0]
    assert "<msup><mi>x</mi><mn>2</mn></msup>" in heading.html


@pytest.mark.parametrize("engine", ENGINES)
def test_a_page_without_the_features_has_no_passes(engine: EngineName) -> None:
    config = MarkdownConfig(engine=engine, extensions=EXTENSIONS[engine], math=True)
    converted = load_dialect(config, ".").convert("# A\n\n[b](https://example.org): c\n")
    assert converted.passes == ()


def test_maths_without_the_library_is_an_error_of_the_configuration(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(ConfigError, match=r"math = true needs latex2mathml; install ssg\[math\]"):
        Dialect(MarkdownConfig(math=True), ".")


def test_the_pictures_of_emoji_by_name() -> None:
    config = MarkdownConfig(
        engine="markdown",
        extensions=("pymdownx.emoji",),
        extension_configs={"pymdownx.emoji": {"emoji_index": "pymdownx.emoji.twemoji", "emoji_generator": "to_svg"}},
    )
    assert "<img" in load_dialect(config, ".").convert(":rocket:").html
