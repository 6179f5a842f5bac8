"""Highlighting gives Pygments' tokens and classes, faster."""

import html
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pygments.formatters import HtmlFormatter
from pygments.lexers import find_lexer_class_by_name

from ssg.content.highlight import _lexer, highlight
from ssg.content.lexing import tokens

ROOT = Path(__file__).parent.parent.parent
FENCED = re.compile(r"^```([\w+#.-]+)[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
LANGUAGES = [
    "bash",
    "c",
    "c++",
    "console",
    "css",
    "diff",
    "docker",
    "go",
    "html",
    "html+jinja",
    "html+php",
    "erb",
    "ini",
    "java",
    "javascript",
    "json",
    "jinja",
    "kotlin",
    "lua",
    "make",
    "markdown",
    "nginx",
    "perl",
    "php",
    "powershell",
    "python",
    "pycon",
    "rbcon",
    "ruby",
    "rust",
    "scala",
    "scss",
    "sql",
    "swift",
    "toml",
    "typescript",
    "vue",
    "xml",
    "yaml",
    "zig",
]
MIXED = """>>> print("x")  # in a console
# comment 'x' "y" <b>&amp;</b>
def f(a: int = 0x1F) -> str:  // and /* more */
    return f"{a!r}" if a > 1 else '''doc\nstring'''

SELECT a.b, count(*) FROM "t" WHERE x <> 'it''s' -- why
<p class="a" style="color: red">text <script>let x = `a${1 + 2}`;</script></p>
key: [1, 2.5e3, ~, &anchor {a: b}]
$ echo "$HOME" | grep -v x && exit 1
@media (min-width: 3rem) { .a > #b::before { content: "\\201C"; } }
"""


def expected(language: str, code: str) -> list[tuple[object, str]]:
    found = find_lexer_class_by_name(language)().get_tokens_unprocessed(code)
    return [(kind, value) for _, kind, value in found if value]


def got(language: str, code: str) -> list[tuple[object, str]]:
    lexer = _lexer(language)
    assert lexer is not None
    return [(kind, value) for kind, value in tokens(lexer, code) if value]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_tokens_are_those_of_pygments(language: str) -> None:
    assert got(language, MIXED) == expected(language, MIXED)


@pytest.mark.parametrize("path", ["ssg/workers.py", "themes/default/assets/style.css", "pyproject.toml", "Makefile"])
def test_the_tokens_of_real_files(path: str) -> None:
    language = {".py": "python", ".css": "css", ".toml": "toml", "": "make"}[Path(path).suffix]
    text = (ROOT / path).read_text(encoding="utf-8")
    assert got(language, text) == expected(language, text)


def words() -> st.SearchStrategy[str]:
    """Texts of any characters; names and comments in blocks that code often, seldom or hardly ever has."""
    # Among them those that are letters of ASCII where case is ignored: long s, the Kelvin sign, dotless i.
    letters = st.sampled_from(
        "aZ_09 .\n\"'#@$éß\u017f\u212aİ\u0131µ→“😀\u024f\u0250\u03b1Ж中\u1fff\u2000\u2fff\u3000\U0001d4b3𠀀"
        "\U0001efff\U0001f000\U0001fb00"
    )
    return st.text() | st.text(letters)


@pytest.mark.parametrize("language", LANGUAGES)
@given(words())
def test_the_tokens_of_names_in_any_script(language: str, code: str) -> None:
    assert got(language, code) == expected(language, code)


@given(st.sampled_from(["python", "javascript", "html", "bash", "sql", "rust", "css", "yaml"]), words())
def test_the_tokens_of_any_text(language: str, code: str) -> None:
    assert got(language, code) == expected(language, code)
    assert "".join(value for _, value in got(language, code)) == code


def test_the_tokens_of_the_corpora(corpora: Path) -> None:
    compared = 0
    for file in sorted(corpora.rglob("*.md"))[::7]:
        for language, code in FENCED.findall(file.read_text(encoding="utf-8")):
            if _lexer(language.lower()) is not None:
                assert got(language.lower(), code) == expected(language.lower(), code), file
                compared += 1
    assert compared > 100


def test_the_classes_are_those_of_pygments() -> None:
    code = (ROOT / "ssg/workers.py").read_text(encoding="utf-8")
    ours = highlight("python", code)
    assert ours is not None
    theirs = HtmlFormatter(nowrap=True)
    text = theirs_text(theirs, code)
    classes = set(re.findall(r'class="(\w+)"', text)) - {"w"}
    assert set(re.findall(r'span class="(\w+)"', ours)) == classes
    assert html.unescape(re.sub("<[^>]+>", "", ours)) == code + "\n"


def theirs_text(formatter: "HtmlFormatter[str]", code: str) -> str:
    from pygments import highlight as pygments_highlight

    return str(pygments_highlight(code, find_lexer_class_by_name("python")(), formatter))


@pytest.mark.parametrize("language", [None, "", "no-such-language", "text"])
def test_code_without_a_known_language_is_left_to_the_engine(language: str | None) -> None:
    assert highlight(language, "x = 1\n") is None


def test_markup_in_code_and_language_is_text() -> None:
    found = highlight("python", 'a < b & "c"  # <script>\n')
    assert found is not None
    assert "<script>" not in found
    assert "&lt;script&gt;" in found
