"""The worked examples of the documentation: the files that a page of the guide shows are a site, and it builds.

A block with a title is a file of that site; one with the title `public/…` is what the output must hold, line by line.
Pages without any content in a block are not worked examples: those of hosts show configuration, which
`tests/delivery/test_host_pages.py` builds.
"""

import re
from pathlib import Path

import pytest

from ssg.build import Choices
from ssg.config import OptimizeConfig
from tests.site_test import SiteTest
from tests.test_cli import ssg
from tests.test_docs import CONTENT

TITLED = re.compile(r"^(`{3,})\w* title=\"([^\"]+)\"\n(.*?)^\1$", re.MULTILINE | re.DOTALL)
PAGES = [
    path
    for path in sorted(CONTENT.rglob("*.md"))
    if any(found[2].startswith("content/") for found in TITLED.finditer(path.read_text(encoding="utf-8")))
]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_files_of_a_page_are_a_site(page: Path, site: SiteTest) -> None:
    blocks = [(found[2], found[3]) for found in TITLED.finditer(page.read_text(encoding="utf-8"))]
    for path, text in blocks:
        if not path.startswith("public/"):
            site.write(path, text)
    config = (site.root / "site.toml").read_text(encoding="utf-8")
    if "[html]" not in config:
        off = "".join(f"{name} = false\n" for name in OptimizeConfig.__struct_fields__)
        site.write("site.toml", f'{config}\n[html]\nminifier = "none"\ncritical_css = "off"\n[optimize]\n{off}')
    site.built(Choices(strict=True))
    for path, text in blocks:
        if path.startswith("public/"):
            written = (site.root / path).read_text(encoding="utf-8")
            for line in text.splitlines():
                assert line.strip() in written, f"{page.name}: {path}\n{written}"


def test_ssg_why_says_what_the_guide_shows(site: SiteTest) -> None:
    page = (CONTENT / "guide/incremental.md").read_text(encoding="utf-8")
    first, second = re.findall(r"^```console\n\$ ssg (why .*?)\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    for found in TITLED.finditer(page):
        if not found[2].startswith("public/"):
            site.write(found[2], found[3])
    ssg("build", cwd=site.root)
    assert ssg(*first[0].split(), cwd=site.root).stdout == first[1]
    pond = (site.root / "content/posts/mill-pond.md").read_text(encoding="utf-8")
    site.write("content/posts/mill-pond.md", pond.replace("until March", "until April"))
    ssg("build", cwd=site.root)
    site.write("content/posts/mill-pond.md", pond.replace("The mill", "The old mill"))
    assert ssg(*second[0].split(), cwd=site.root).stdout.startswith(second[1])


def test_there_are_examples() -> None:
    assert PAGES
