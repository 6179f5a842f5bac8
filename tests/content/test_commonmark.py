"""The engine `commonmark`: the specification's own examples, and the additions by name."""

import json
from pathlib import Path
from typing import Any

import pytest
import turbohtml

from ssg.config import HighlightConfig
from ssg.content.commonmark import CommonMark
from ssg.content.fences import CodeBlocks

SUITE = json.loads((Path(__file__).parent / "commonmark-0.31.2.json").read_text(encoding="utf-8"))
BARE = CommonMark((), blocks=CodeBlocks(HighlightConfig(enabled=False)))


def test_the_suite_is_whole() -> None:
    assert len(SUITE["examples"]) == 652


@pytest.mark.parametrize("example", SUITE["examples"], ids=lambda example: example["example"])
def test_commonmark_0_31_2(example: dict[str, Any]) -> None:
    assert normalized(BARE.convert(example["markdown"])) == normalized(example["html"])


def normalized(html: str) -> str:
    """Give HTML as the suite compares it: by its tree, and white space after `<li>` is nothing.

    The specification's own test program compares so too: `"` and `&quot;`, `<br>` and `<br />` are the same.
    """
    return turbohtml.parse_fragment(html).serialize(inner=True).replace("<li>\n", "<li>")


@pytest.mark.parametrize(
    ("extension", "text", "html"),
    [
        ("tables", "|a|b|\n|-|-|\n|1|2|\n", "<table>"),
        ("footnotes", "a[^1]\n\n[^1]: note\n", "footnote-definition"),
        ("strikethrough", "~~gone~~\n", "<del>gone</del>"),
        ("tasklists", "- [x] done\n", '<input disabled="" type="checkbox" checked=""/>'),
        ("alerts", "> [!NOTE]\n> Mind.\n", "markdown-alert-note"),
        ("heading_attributes", "# A {#b .c}\n", '<h1 id="b" class="c">'),
        ("definition_lists", "term\n: meaning\n", "<dd>meaning</dd>"),
        ("smart_punctuation", '"a" -- b...\n', "“a” – b…"),  # noqa: RUF001
    ],
)
def test_extensions_are_on_by_name_alone(extension: str, text: str, html: str) -> None:
    assert html in CommonMark((extension,)).convert(text)
    assert html not in BARE.convert(text)
