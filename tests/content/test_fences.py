"""Fenced code with a title, line numbers and marked lines: one syntax, one markup, two engines."""

import re

import pytest
import turbohtml

from ssg.config import HighlightConfig, MarkdownConfig
from ssg.content.fences import read_info
from ssg.content.markdown import ENGINES, EngineName, load_dialect

CODE = 'def f():\n    """a\n    b"""\n    return 1\n\nx = "<&>"\n'


def converted(text: str, engine: EngineName, **highlight: bool) -> str:
    config = MarkdownConfig(engine=engine, highlight=HighlightConfig(**highlight))
    return load_dialect(config, ".").convert(text).html


def lines(html: str) -> list[tuple[str | None, bool]]:
    return [
        (None if line.attrs.get("data-line") is None else str(line.attrs.get("data-line")), line.has_class("hl"))
        for line in turbohtml.parse_fragment(html).select("pre code > span.line")
    ]


@pytest.mark.parametrize(
    ("info", "language", "title", "first", "marked"),
    [
        ('python title="app.py" linenums="1" hl_lines="2 4-5"', "python", "app.py", 1, {2, 4, 5}),
        ('python {linenos=true hl_lines=[2,"4-5"]}', "python", "", 1, {2, 4, 5}),
        ('python {linenos=table,hl_lines=["2",4],linenostart=199}', "python", "", 199, {2, 4}),
        ('go{lineNos=inline title="a b"}', "go", "a b", 1, set()),
        ('{.python title="x y" hl_lines="1"}', "python", "x y", None, {1}),
        ('{ .python #id .wide linenums="7" }', "python", "", 7, set()),
        ('python linenums="10 5"', "python", "", 10, set()),
        ("python linenos=false", "python", "", 0, set()),
        ('title="only"', None, "only", None, set()),
        ("rust,ignore", "rust,ignore", "", None, set()),
        ("python an example", "python", "", None, set()),
        ("python hl_lines='3'", "python", "", None, {3}),
        ("", None, "", None, set()),
        ("{", None, "", None, set()),
        ('python title="unclosed hl_lines=[', "python", '"unclosed', None, set()),
    ],
)
def test_info_strings(info: str, language: str | None, title: str, first: int | None, marked: set[int]) -> None:
    found, options = read_info(info)
    assert (found, options.title, options.first, set(options.marked)) == (language, title, first, marked)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "info",
    [
        'python title="a & b.py" linenums="1" hl_lines="2 4-5"',
        'python {title="a & b.py" linenos=true hl_lines=[2,"4-5"]}',
    ],
)
def test_both_engines_give_the_same(engine: EngineName, info: str) -> None:
    html = converted(f"text\n\n```{info}\n{CODE}```\n", engine)
    tree = turbohtml.parse_fragment(html)
    assert [title.text for title in tree.select("div.highlight > p.filename")] == ["a & b.py"]
    assert lines(html) == [(str(n), n in {2, 4, 5}) for n in range(1, 7)]
    assert tree.select("pre code")[0].text == CODE
    assert len(tree.select("div.highlight")) == 1
    assert '<span class="k">def</span>' in html
    assert html.count("<span") == html.count("</span>")


@pytest.mark.parametrize("engine", ENGINES)
def test_a_block_without_options_has_no_lines(engine: EngineName) -> None:
    html = converted('```python\nx = 1\n```\n\n```python title="t"\ny = 1\n```\n', engine)
    assert lines(html) == []
    assert html.count("filename") == 1
    assert html.count('class="highlight"') == 2


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("enabled", [True, False])
def test_an_unknown_language_has_lines_and_title_too(engine: EngineName, enabled: bool) -> None:
    html = converted('```no-such title="t" hl_lines="1"\n<a>\n```\n', engine, enabled=enabled)
    assert lines(html) == [(None, True)]
    assert "&lt;a&gt;" in html
    assert '<p class="filename">t</p>' in html


@pytest.mark.parametrize("engine", ENGINES)
def test_numbers_for_the_whole_site(engine: EngineName) -> None:
    text = "```python\nx\n```\n\n```python linenos=false\ny\n```\n\n```\nplain\n```\n\n    indented\n"
    assert lines(converted(text, engine, line_numbers=True)) == [("1", False)]
    assert lines(converted(text, engine)) == []


@pytest.mark.parametrize("engine", ENGINES)
def test_a_fence_in_a_fence_is_text(engine: EngineName) -> None:
    html = converted('````markdown\n```python title="t"\nx\n```\n````\n\n    ```a b="c"\n', engine)
    assert "filename" not in html
    assert 'title="t"' in turbohtml.parse_fragment(html).text


def test_the_options_belong_to_their_own_block() -> None:
    text = '    indented\n\n> ~~~python hl_lines="1"\n> a\n> ~~~\n\n- ```\n  b\n  ```\n\n  ``` title="t"\n  c\n  ```\n'
    html = converted(text, "commonmark")
    assert lines(html) == [(None, True)]
    assert re.search(r'<p class="filename">t</p><pre><code>c\n', html)


def test_superfences_reads_the_same_syntax() -> None:
    config = MarkdownConfig(engine="markdown", extensions=("pymdownx.superfences",))
    html = load_dialect(config, ".").convert('```python title="app.py" linenums="1" hl_lines="2"\na\nb\n```\n').html
    assert '<span class="filename">app.py</span>' in html
    assert "hll" in html
    numbered = MarkdownConfig(
        engine="markdown",
        extensions=("pymdownx.superfences", "pymdownx.highlight"),
        highlight=HighlightConfig(line_numbers=True),
    )
    assert "linenos" in load_dialect(numbered, ".").convert("```python\na\n```\n").html
