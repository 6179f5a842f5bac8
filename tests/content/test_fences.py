"""Options of fenced code."""

import re

import pytest

from ssg.content.commonmark import CommonMark
from ssg.content.fences import Fence, read_fence
from ssg.content.highlight import highlight
from tests.site_test import SiteTest

ENGINE = CommonMark()


@pytest.mark.parametrize(
    ("info", "fence"),
    [
        ("python", Fence()),
        ('python title="a b.py"', Fence(title="a b.py")),
        ('python linenums="1" hl_lines="2 4-5"', Fence(first=1, marked=frozenset((2, 4, 5)))),
        ('python linenums="7"', Fence(first=7)),
        ('python {linenos=true hl_lines=[2,"4-5"] linenostart=3}', Fence(first=3, marked=frozenset((2, 4, 5)))),
        ("python {linenos=table,hl_lines=[1]}", Fence(first=1, marked=frozenset((1,)))),
        ("python linenos=false", Fence()),
        ("python something else=1", Fence()),
    ],
)
def test_what_a_fence_says(info: str, fence: Fence) -> None:
    assert read_fence(info) == fence


def test_lines_are_elements_and_tokens_end_with_them() -> None:
    found = highlight("python", 'x = 1\ns = """a\nb"""\n', Fence("t.py", 9, frozenset((2,))))
    assert found is not None
    assert '<p class="filename">t.py</p><pre>' in found
    lines = re.findall(r'<span class="line( hl)?"><span class="ln">(\d+)</span>(.*?)\n</span>', found)
    assert [(mark, number) for mark, number, _ in lines] == [("", "9"), (" hl", "10"), ("", "11")]
    assert all(line.count("<span") == line.count("</span>") for _, _, line in lines)
    assert re.sub("<[^>]+>", "", lines[1][2]) == 's = """a'


def test_options_reach_their_own_block_whatever_stands_between() -> None:
    text = (
        '    indented\n\n```python\na = 1\n```\n\n> ```python title="x.py"\n> b = 1\n> ```\n\n'
        '- ~~~nonsense hl_lines="1"\n  c < 1\n  ~~~\n\n```\nplain\n```\n'
    )
    html = ENGINE.convert(text)
    assert html.count("filename") == 1
    assert re.search(r"x\.py</p><pre><code class=\"language-python\"><span class=\"n\">b</span>", html)
    assert '<code class="language-nonsense"><span class="line hl">c &lt; 1\n</span></code>' in html
    assert "<pre><code>indented\n</code></pre>" in html


def test_numbers_for_all_code_with_a_language() -> None:
    html = CommonMark(line_numbers=True).convert("```python\nx\n```\n\n```\ny\n```\n")
    assert html.count('class="ln"') == 1


def test_the_engine_markdown_has_its_own_way(site: SiteTest) -> None:
    names = 'extensions = ["pymdownx.superfences", "pymdownx.highlight"]'
    site.write("site.toml", f'[site]\nbase_url = "https://x.org"\n[markdown]\nengine = "markdown"\n{names}\n')
    site.write("content/a.md", '```python title="a.py" linenums="1" hl_lines="1"\nx = 1\n```\n').built()
    assert "filename" in site.text("a/index.html")
    assert "hll" in site.text("a/index.html")
