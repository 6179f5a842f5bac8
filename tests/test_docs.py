"""The documentation is true: its reference is made from the code, its examples are tried."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from ssg import config
from ssg.errors import ConfigError
from tests import reference
from tests.site_test import SiteTest

ROOT = Path(__file__).parent.parent
CONTENT = ROOT / "content"
FENCED = re.compile(r"^( *)(`{3,})[ ]*(\w+)?[^\n]*\n(.*?)^\1\2\s*$", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("path", reference.pages())
def test_the_reference_is_that_of_the_code(path: str, *, update_golden: bool) -> None:
    text = reference.pages()[path]
    if update_golden:
        (CONTENT / path).parent.mkdir(exist_ok=True)
        (CONTENT / path).write_text(text, encoding="utf-8")
    assert (CONTENT / path).read_text(encoding="utf-8") == text


def test_the_documentation_builds_without_a_warning(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "ssg", "build", "--strict", "--no-cache", "--output", str(tmp_path / "out")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def examples(language: str) -> list[tuple[str, str]]:
    return [
        (f"{file.relative_to(CONTENT)}:{text.count(chr(10), 0, block.start()) + 1}", block[4])
        for file in sorted(CONTENT.rglob("*.md"))
        for text in [file.read_text(encoding="utf-8")]
        for block in FENCED.finditer(text)
        if block[3] == language
    ]


def test_every_site_toml_in_the_documentation_is_valid(tmp_path: Path) -> None:
    tried = 0
    for place, text in examples("toml"):
        if re.match(
            r"budgets|\[\[?(budget|site|theme|markdown|content|assets|bundles|html|images|fonts|output|delivery|pwa|workers|deploy)",
            text.lstrip(),
        ):
            (tmp_path / "site.toml").write_text(text, encoding="utf-8")
            try:
                config.load_config(tmp_path, config.Overrides())
            except ConfigError as reason:
                pytest.fail(f"{place}: {reason}")
            tried += 1
    assert tried >= 5


def test_every_key_and_command_is_in_the_reference() -> None:
    configuration = reference.pages()["reference/configuration.md"]
    for room in config.Config.__struct_fields__:
        assert re.search(rf"## \[+{room}\]", configuration)
    commands = reference.pages()["reference/commands.md"]
    for option in (
        "--site",
        "--output",
        "--base-url",
        "--drafts",
        "--future",
        "--strict",
        "--jobs",
        "--no-cache",
        "--json",
        "--host",
        "--port",
        "--allow-host",
    ):
        assert f"`{option}" in commands


def test_the_first_steps_of_the_readme(site: SiteTest) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "make site" in readme
    assert "make test" in readme
    assert site.write("content/a.md", "# A\n").built().tree()
