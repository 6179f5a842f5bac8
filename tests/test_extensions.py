"""Extensions: found, made, called; and named where they fail."""

import importlib.metadata
import importlib.util
import re
from pathlib import Path
from typing import Any

import pytest

from ssg import enabled, optimize
from ssg.build import Choices
from ssg.config import Config
from ssg.digests import digest
from ssg.errors import ConfigError, Location
from ssg.extensions import Remote
from ssg.model import Document
from tests.site_test import SiteTest
from tests.test_docs import CONTENT

WRAP = """
class Wrap:
    name = "{name}"
    version = "{version}"
    def __init__(self, options):
        self.options = options
    def convert(self, text, then):
        return "<i>{name}</i>" + then(text.replace("a", "{name}")) + str(self.options)
"""


def use(site: SiteTest, *names: str, options: str = "{}") -> SiteTest:
    tables = "".join(f'[extensions.{name}]\nuse = "extensions/{name}.py:Wrap"\noptions = {options}\n' for name in names)
    for name in names:
        site.write(f"extensions/{name}.py", WRAP.format(name=name, version="1"))
    return site.write("site.toml", f'[html]\nminifier = "none"\n{tables}').write(
        "templates/page.html", "{{ page.content }}"
    )


def test_extensions_stand_around_the_engine_in_the_order_of_the_file(site: SiteTest) -> None:
    use(site, "b", "c", options="{ x = 1 }").write("content/p.md", "a\n").built()
    assert site.text("p/index.html") == "<i>b</i><i>c</i><p>b</p>\n{'x': 1}{'x': 1}"


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_edit_of_an_extension_or_its_options_is_seen(site: SiteTest, jobs: int) -> None:
    for number in range(60):
        site.write(f"content/p{number}.md", "a\n")
    use(site, "b").built(jobs=jobs)
    site.write("extensions/b.py", WRAP.format(name="z", version="1")).built(jobs=jobs)
    assert "<i>z</i><p>z</p>\n{}" in site.text("p7/index.html")
    text = (site.root / "site.toml").read_text().replace("{}", "{ deep = true }")
    site.write("site.toml", text).built(jobs=jobs)
    assert "{'deep': True}" in site.text("p7/index.html")
    warm = site.tree()
    assert site.built(Choices(cache=False), jobs=jobs).tree() == warm


def test_an_entry_point_is_found_by_the_name_of_the_table(site: SiteTest, monkeypatch: pytest.MonkeyPatch) -> None:
    module = site.root / "installed_wrap.py"
    site.write(module.name, WRAP.format(name="found", version="1"))
    monkeypatch.syspath_prepend(str(site.root))
    entry = importlib.metadata.EntryPoint("wrap", "installed_wrap:Wrap", "ssg.extensions")
    monkeypatch.setattr(importlib.metadata, "entry_points", lambda group: [entry] if group == entry.group else [])
    site.write("site.toml", "[extensions.wrap]\n").write("content/a.md", "text\n").built()
    assert "<i>found</i>" in site.text("a/index.html")
    site.write("site.toml", "[extensions.warp]\n").build()
    assert 'no installed package offers the extension "warp"; did you mean "wrap"?' in site.said()


class Mark:
    version = "1"

    def __init__(self, name: str, after: str = "") -> None:
        self.name, self.after = name, after

    def refine(self, document: Document) -> Document:
        return Document(document.url, f"{document.text}{self.name}", document.source)


def order(*passes: Mark) -> list[str]:
    where = Location("site.toml")
    arranged = optimize.arrange(Config(), passes, lambda _: where, lambda: where)
    return [
        name
        for one in arranged
        for name in ([one.last and one.last.name] if isinstance(one, optimize.Stretch) else [one.name])
        if name
    ]


def test_passes_stand_where_they_ask() -> None:
    assert order(Mark("a"), Mark("b")) == ["a", "b", "minify"]
    assert order(Mark("c", "b"), Mark("a"), Mark("b"), Mark("d", "a")) == ["a", "d", "b", "c", "minify"]
    assert order(Mark("z", "minify"), Mark("y", "minify")) == ["minify", "z", "y"]


@pytest.mark.parametrize("passes", [[Mark("a", "b"), Mark("b", "a")], [Mark("a", "nothing")]])
def test_a_pass_that_follows_none_is_an_error(passes: list[Mark]) -> None:
    with pytest.raises(ConfigError, match='"a" comes after'):
        order(*passes)


def test_text_that_is_not_html_is_left_to_its_writer() -> None:
    passes = (Mark("x"),)
    assert optimize.refine(Document("/a.txt", "t", ""), passes, optimize.Context()).text == "t"
    assert optimize.refine(Document("/a/", "t", ""), passes, optimize.Context()).text == "tx"


def remote() -> Any:
    page = (CONTENT / "guide/extensions.md").read_text(encoding="utf-8")
    source = re.search(r'title="extensions/shelf.py"\n(.*?)^```', page, re.MULTILINE | re.DOTALL)
    assert source
    namespace: dict[str, Any] = {}
    exec(source[1], namespace)  # noqa: S102 - an example of our own documentation
    return namespace["Shelf"]


def test_the_remote_of_the_documentation_keeps_its_contract(tmp_path: Path) -> None:
    shelf = remote()({"folder": str(tmp_path / "shelf")})
    assert isinstance(shelf, Remote)
    shelf.put("a/index.html", b"<p>", digest(b"<p>"), {"cache-control": "no-cache"})
    shelf.put("b.css", b"p{}", digest(b"p{}"), {})
    assert dict(shelf.list()) == {"a/index.html": digest(b"<p>"), "b.css": digest(b"p{}")}
    assert (tmp_path / "shelf/a/index.html").read_bytes() == b"<p>"
    shelf.delete(["b.css", "never-there.css"])
    assert dict(shelf.list()) == {"a/index.html": digest(b"<p>")}
    shelf.finalize(["/a/"])


def test_the_check_of_the_documentation_finds_its_fault(site: SiteTest) -> None:
    page = (CONTENT / "guide/extensions.md").read_text(encoding="utf-8")
    source = re.search(r'title="extensions/alt.py"\n(.*?)^```', page, re.MULTILINE | re.DOTALL)
    assert source
    site.write("extensions/alt.py", source[1])
    site.write("site.toml", '[extensions.alt]\nuse = "extensions/alt.py:EveryImageIsDescribed"\n')
    site.write("content/fern.jpg", b"x").write("content/fern.md", '# F\n\n<img src="fern.jpg">\n').build()
    assert "content/fern.md: has an image without a description; write its alt" in site.said()
    assert not site.public.exists()


def test_functions_of_an_extension_are_known_in_a_cached_fragment(site: SiteTest) -> None:
    site.write(
        "extensions/f.py",
        "class F:\n name, version = 'f', '1'\n functions = {'two': lambda: 2}\n filters = {}\n"
        " def __init__(self, options): pass\n",
    )
    site.write("site.toml", '[extensions.f]\nuse = "extensions/f.py:F"\n').write("content/a.md", "# A\n")
    site.write("templates/page.html", "{% cache 1 %}{{ two() }}{% endcache %}").built()
    assert site.text("a/index.html") == "2"


def test_a_traceback_begins_in_the_code_of_the_extension(site: SiteTest) -> None:
    site.write(
        "extensions/f.py",
        "class F:\n name, version = 'f', '1'\n"
        " def __init__(self, options): pass\n"
        " def convert(self, text, then): return self.deeper(text)\n"
        " def deeper(self, text): raise RuntimeError('boom')\n",
    )
    site.write("site.toml", '[extensions.f]\nuse = "extensions/f.py:F"\n').write("content/a.md", "# A\n").build()
    [wrong] = [one for one in site.diagnostics if one.code == "extension"]
    assert str(wrong).startswith('content/a.md:1: the extension "f" failed: RuntimeError: boom; ')
    assert "in deeper" in wrong.detail
    assert "ssg/content" not in wrong.detail


def test_extensions_are_made_once_for_one_configuration(site: SiteTest) -> None:
    use(site, "b")
    from ssg.config import ExtensionConfig

    config = {"b": ExtensionConfig("extensions/b.py:Wrap")}
    assert enabled.load_extensions(config, str(site.root)) is enabled.load_extensions(config, str(site.root))
