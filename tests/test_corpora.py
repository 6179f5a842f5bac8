"""Real content that none of us wrote: it builds with a few lines of configuration."""

import re
import shutil
from pathlib import Path

import pytest
import turbohtml

from tests.site_test import SiteTest

SITE = '[site]\ntitle = "Corpus"\nbase_url = "https://example.org/"\n'
MATERIAL = """
[content]
dir = "docs"

[markdown]
engine = "markdown"
extensions = [
  "abbr", "admonition", "attr_list", "def_list", "footnotes", "md_in_html", "tables", "toc", "pymdownx.betterem",
  "pymdownx.caret", "pymdownx.details", "pymdownx.emoji", "pymdownx.highlight", "pymdownx.inlinehilite",
  "pymdownx.keys",
  "pymdownx.mark", "pymdownx.smartsymbols", "pymdownx.snippets", "pymdownx.superfences", "pymdownx.tabbed",
  "pymdownx.tasklist", "pymdownx.tilde",
]

[markdown.extension_configs."pymdownx.tabbed"]
alternate_style = true
"""
BRACES = re.compile(r"\{\{[^\n]*?\}\}")


def corpus(site: SiteTest, folder: Path, content: str = "content", more: str = "") -> SiteTest:
    shutil.copytree(folder, site.root / content, dirs_exist_ok=True)
    return site.write("site.toml", SITE + more).built(jobs=2)


def pages(site: SiteTest) -> int:
    assert site.release is not None
    return sum(artifact.source.endswith(".md") for artifact in site.release.artifacts)


@pytest.mark.parametrize(("name", "count"), [("til", 578), ("tldr", 7424)])
def test_every_literal_brace_of_a_body_is_in_the_text(site: SiteTest, corpora: Path, name: str, count: int) -> None:
    corpus(site, corpora / name)
    assert pages(site) >= count
    assert site.release is not None
    outputs = {artifact.source: artifact.path for artifact in site.release.artifacts}
    found = 0
    for source in sorted((site.root / "content").rglob("*.md")):
        written = BRACES.findall(source.read_text(encoding="utf-8"))
        if written:
            html = site.text(outputs[source.relative_to(site.root).as_posix()])
            text = folded(turbohtml.parse(html).text)
            missing = [braces for braces in written if folded(braces) not in text]
            assert not missing, source
            found += len(written)
    assert found > {"til": 30, "tldr": 10_000}[name]


def folded(text: str) -> str:
    return " ".join(text.split())


def test_rust_blog(site: SiteTest, corpora: Path) -> None:
    corpus(site, corpora / "rust-blog/content")
    assert pages(site) >= 387
    assert "2025/06/26/Rust-1.88.0/index.html" in site.tree()  # its path, as on the original site
    assert "url=/2025/06/26/Rust-1.88.0/" in site.text("releases/1.88.0/index.html")  # its alias
    for path, body in site.tree().items():
        if path.endswith(".svg"):
            assert body.lstrip().startswith(b"<"), path


def test_material_for_mkdocs(site: SiteTest, corpora: Path) -> None:
    corpus(site, corpora / "mkdocs-material/docs", "docs", MATERIAL)
    assert pages(site) >= 96
    text = site.text("reference/admonitions/index.html")
    assert '<div class="admonition note">' in text
    assert "tabbed-set" in text
    assert '<div class="highlight">' in text or "class=highlight" in text


def test_18f(site: SiteTest, corpora: Path) -> None:
    shutil.copytree(corpora / "18f/assets", site.root / "static/assets")
    dated = '\n[content.permalinks]\nposts = "/:year/:month/:day/:slug/"\n'
    corpus(site, corpora / "18f/content", more=dated)
    assert pages(site) >= 73
    assert any(path.startswith("tags/") for path in site.tree())
