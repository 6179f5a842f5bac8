"""Functions that the options of extensions name."""

import sys
from pathlib import Path
from typing import Any

import pytest

from ssg.config import MarkdownConfig
from ssg.content.markdown import _loaded, load_dialect
from ssg.content.version import _module
from ssg.errors import ConfigError
from tests.site_test import SiteTest

FENCE = {"python": "pymdownx.superfences.fence_code_format"}


def convert(text: str, configs: dict[str, dict[str, Any]]) -> str:
    config = MarkdownConfig(engine="markdown", extensions=tuple(configs), extension_configs=configs)
    return load_dialect(config, ".").convert(text).html


def test_a_function_deep_in_an_option() -> None:
    fences = [{"name": "mermaid", "class": "mermaid", "format": FENCE}]
    html = convert("```mermaid\na --> b\n```\n", {"pymdownx.superfences": {"custom_fences": fences}})
    assert html == '<pre class="mermaid"><code>a --&gt; b</code></pre>'


def test_what_a_function_gives_for_arguments() -> None:
    slugs = {"python": "pymdownx.slugs.slugify"}
    assert 'id="What-Next"' in convert("# What Next\n", {"toc": {"slugify": slugs | {"kwds": {}}}})
    assert 'id="what-next"' in convert("# What Next\n", {"toc": {"slugify": slugs | {"kwds": {"case": "lower"}}}})
    called = {"python": "functools.partial", "args": [{"python": "markdown.extensions.toc.slugify"}]}
    html = convert("# Über uns\n", {"toc": {"slugify": called | {"kwds": {"unicode": True}}}})
    assert 'id="über-uns"' in html


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"python": "slugify"}, r'names "slugify", which is no Python function; write it as package\.module\.function'),
        ({"python": 1}, "names 1, which is no Python function"),
        ({"python": "no_such.module.slug"}, "cannot be imported: No module named 'no_such'; install its package"),
        ({"python": "pymdownx.slugs.slugfy"}, 'the module "pymdownx.slugs" does not have; did you mean "slugify"'),
        ({"python": "pymdownx.slugs.__name__"}, "which is no function; name a function of that module"),
        ({"python": "pymdownx.slugs.slugify", "kwargs": {}}, 'the unknown key "kwargs"; did you mean "args"'),
        ({"python": "pymdownx.slugs.slugify", "args": "lower"}, "wrong arguments; args is a list, kwds a table"),
        ({"python": "pymdownx.slugs.slugify", "args": [1]}, "fails: TypeError: .*; look at args and kwds"),
        ("pymdownx.slugs.slugify", r'text; write \{ python = "pymdownx\.slugs\.slugify" \}'),
        ("!!python/name:my.slugs.slug", r'text; write \{ python = "my\.slugs\.slug" \}'),
    ],
)
def test_a_name_that_is_none(value: object, said: str) -> None:
    with pytest.raises(ConfigError, match=f'"slugify" of the Markdown extension "toc" .*{said}'):
        convert("", {"toc": {"slugify": value}})


def test_a_page_is_forgotten_when_a_named_function_changes(
    site: SiteTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    module = tmp_path / "slugs_of_a_site.py"
    site.write(
        "site.toml",
        '[markdown]\nengine = "markdown"\nextensions = ["toc"]\n'
        '[markdown.extension_configs.toc]\nslugify = { python = "slugs_of_a_site.slug" }\n',
    ).write("content/a.md", "# Top\n\n## Next\n")
    for made in ("one", "another"):
        module.write_text(f"def slug(text, separator):\n    return '{made}'\n", encoding="utf-8")
        sys.modules.pop("slugs_of_a_site", None)
        _module.cache_clear()  # as in a new process
        _loaded.cache_clear()
        site.built()
        assert f"id={made}>" in site.text("a/index.html")
