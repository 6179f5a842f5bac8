"""Real content that none of us wrote: it builds with a few lines of configuration."""

import re
import shutil
from pathlib import Path

import pytest
import turbohtml

from tests.site_test import SiteTest

SITE = '[site]\ntitle = "Corpus"\nbase_url = "https://example.org/"\n'
# All widths and formats of the hundreds of images would take minutes.
FEW = '\n[images]\nwidths = [400]\nformats = ["webp"]\n'
# What the site.toml of Material's documentation makes of it: a page, and what is found there.
MATERIAL = (
    ("reference/admonitions", ".admonition.note > .admonition-title"),
    ("reference/admonitions", "details.note[open] > summary"),
    ("reference/annotations", "div.annotate"),
    ("reference/code-blocks", ".language-yaml.highlight + ol > li"),  # annotations of the code's comments
    ("reference/code-blocks", ".highlight span[id^=__span] > a[id^=__codelineno]"),
    ("customization", ".language-sh.no-copy.highlight"),
    ("reference/content-tabs", ".tabbed-set.tabbed-alternate input#grouping-code-blocks-c"),
    ("reference/content-tabs", "h2#usage > a.headerlink"),
    ("reference/diagrams", "pre.mermaid > code"),
    ("reference/footnotes", "sup[id] > a.footnote-ref"),
    ("reference/formatting", "kbd.key-control"),
    ("reference/formatting", "mark:not([class])"),
    ("reference/formatting", "ins:not([class])"),
    ("reference/formatting", "del:not([class])"),
    ("reference/formatting", "mark.critic"),
    ("reference/grids", "div.grid.cards > ul"),
    ("reference/icons-emojis", "img.twemoji[src$='/1f604.svg']"),
    ("reference/lists", "dl > dt"),
    ("reference/lists", ".task-list-item input[type=checkbox][checked]"),
    ("reference/math", ".arithmatex"),
    ("reference/tooltips", "abbr[title]"),
    ("changelog", "a.magiclink-issue"),
    ("plugins/privacy", "a[href='https://www.mkdocs.org/user-guide/configuration/#site_dir']"),
    ("plugins/privacy", "nav[aria-label=Main] a[href='/mkdocs-material/reference/']"),
)
BRACES = re.compile(r"\{\{[^\n]*?\}\}")


def corpus(site: SiteTest, folder: Path, content: str = "content", more: str = "") -> SiteTest:
    shutil.copytree(folder, site.root / content, dirs_exist_ok=True)
    return site.write("site.toml", SITE + more).built(jobs=2)


def pages(site: SiteTest) -> int:
    assert site.release is not None
    return sum(artifact.source.endswith(".md") for artifact in site.release.artifacts)


@pytest.mark.parametrize(("name", "count"), [("til", 578), ("tldr", 7424)])
def test_every_literal_brace_of_a_body_is_in_the_text(site: SiteTest, corpora: Path, name: str, count: int) -> None:
    corpus(site, corpora / name, more=FEW)
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
    corpus(site, corpora / "rust-blog/content", more=FEW)
    assert pages(site) >= 387
    assert "2025/06/26/Rust-1.88.0/index.html" in site.tree()  # its path, as on the original site
    assert "url=/2025/06/26/Rust-1.88.0/" in site.text("releases/1.88.0/index.html")  # its alias
    assert sum(text.count("<picture>") for text in htmls(site)) > 50
    for path, body in site.tree().items():
        if path.endswith(".svg"):
            assert body.lstrip().startswith(b"<"), path


def test_rust_blog_with_the_ids_of_zola_for_which_it_was_written(site: SiteTest, corpora: Path) -> None:
    lost: dict[str, int] = {}
    for rule in ("github", "zola"):
        corpus(
            site,
            corpora / "rust-blog/content",
            more=f'\n[images]\nenabled = false\n\n[markdown]\nheading_ids = "{rule}"\n',
        )
        lost[rule] = sum(diagnostic.code == "anchor" for diagnostic in site.diagnostics)
    assert lost["github"] > 10
    assert lost["zola"] == 0


def test_material_for_mkdocs(site: SiteTest, corpora: Path) -> None:
    shutil.copytree(corpora / "mkdocs-material/docs", site.root / "docs")
    # In its repository a file beside docs/, which the corpus has not.
    reference = "[mkdocs.site_dir]: https://www.mkdocs.org/user-guide/configuration/#site_dir\n"
    site.write("includes/mkdocs.md", reference)
    site.copy(Path(__file__).parent / "corpora/mkdocs-material")
    site.write("site.toml", (site.root / "site.toml").read_text(encoding="utf-8") + FEW).built(jobs=2)
    assert pages(site) >= 96
    trees = {page: turbohtml.parse(site.text(f"{page}/index.html")) for page, _ in MATERIAL}
    assert [feature for feature in MATERIAL if not trees[feature[0]].select(feature[1])] == []
    # What is left are links to headings and templates that Material's own hooks and theme make.
    assert {diagnostic.code for diagnostic in site.diagnostics} <= {"link", "anchor", "template"}
    assert not [said for said in site.said().splitlines() if "leads to no page" in said]


def test_18f(site: SiteTest, corpora: Path) -> None:
    shutil.copytree(corpora / "18f/assets", site.root / "assets")
    shutil.copytree(corpora / "18f/content", site.root / "content")
    for source in (site.root / "content").rglob("*.md"):  # what its own generator writes for these
        text = source.read_text(encoding="utf-8").replace("{{site.baseurl}}", "")
        source.write_text(re.sub(r'\{\{ "([^"]+)" \| url \}\}', r"\1", text), encoding="utf-8")
    dated = '\n[content.permalinks]\nposts = "/:year/:month/:day/:slug/"\n'
    site.write("site.toml", SITE + dated + FEW).built(jobs=2)
    assert pages(site) >= 73
    assert any(path.startswith("tags/") for path in site.tree())
    made = [path for path in site.tree() if re.fullmatch(r"assets/blog/.+-\d+w\.[0-9a-f]{10}\.webp", path)]
    assert len(made) > 60
    offered = set().union(*(re.findall(r"/(assets/blog/\S+-\d+w\.\w+\.webp)", text) for text in htmls(site)))
    assert len(offered & {*made}) > 10
    assert {diagnostic.code for diagnostic in site.diagnostics} <= {"link", "image"}


def htmls(site: SiteTest) -> list[str]:
    return [body.decode() for path, body in site.tree().items() if path.endswith(".html")]
