"""A built site, and the commands that deploy it, each in a process of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from tests.deploy.servers import KEYS
from tests.site_test import SiteTest

# Variables of this machine that would lead elsewhere.
_FOREIGN = ("AWS_", "AZURE_", "GOOGLE_", "CLOUDFLARE_", "FASTLY_", "BUNNY_", "SSG_")


def fill(site: SiteTest, target: str, **words: str) -> SiteTest:
    """Write and build a site with a target whose table holds `target`, in which words are replaced."""
    for name, value in words.items():
        target = target.replace(name, value)
    config = '[site]\ntitle = "Shop"\nbase_url = "https://example.org/"\n'
    site.write("site.toml", f"{config}[deploy.live]\n{target}\n")
    site.write("content/_index.md", "# Shop\n").write("assets/shop.css", "p { color: teal }\n")
    for name in ("one", "two"):
        site.write(f"content/posts/{name}.md", f"# {name}\n\nFirst.\n")
    return site.built()


def given(environment: Mapping[str, str]) -> dict[str, str]:
    """Give variables, with none of this machine's that concern a provider."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_FOREIGN)}
    return {**kept, "AWS_EC2_METADATA_DISABLED": "true", **environment}


def words(site: SiteTest, *arguments: str) -> list[str]:
    """Give the words of a command for a site, without the program's name."""
    return [*arguments, "--site", str(site.root)]


def _command(site: SiteTest, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "ssg", *words(site, *arguments)]


def run(site: SiteTest, *arguments: str, environment: Mapping[str, str] = KEYS) -> "subprocess.CompletedProcess[str]":
    """Run `ssg` for a site."""
    command = _command(site, *arguments)
    return subprocess.run(command, capture_output=True, text=True, check=False, env=given(environment), timeout=60)


def done(site: SiteTest, *arguments: str, environment: Mapping[str, str] = KEYS) -> dict[str, Any]:
    """Run `ssg … --json`, which must succeed; give what it says."""
    ended = run(site, *arguments, "--json", environment=environment)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    said: dict[str, Any] = json.loads(ended.stdout)
    return said
