"""What is kept for readers without a network → the service worker that keeps it (Service Workers, W3C)."""

import json
from collections.abc import Mapping
from pathlib import Path

from ssg.digests import digest

_ROOM = Path(__file__).parent


def worker_source(name: str) -> str:
    """Give the script of the service worker by name, `worker` or `removal`, as it was written, without its values."""
    return (_ROOM / f"{name}.js").read_text(encoding="utf-8")


def worker_script(script: str, base: str, offline: str, timeout: int, files: Mapping[str, str]) -> str:
    """Give the service worker of a site from its script.

    Takes what all URL paths begin with, the URL path of the page for readers without a network, the ms that a page is
    waited for, and the files to have ahead by URL path, each with the digest of its bytes. The version is a digest of
    all this: browsers replace a worker by one with other bytes.
    """
    version = digest(json.dumps([script, sorted(files.items())]).encode())[:10]
    values = {"FILES": sorted(files), "VERSION": version, "BASE": base, "OFFLINE": offline, "TIMEOUT": timeout}
    return f"const {_values(values)};{script}\n"


def removal_script(script: str, base: str) -> str:
    """Give the service worker that removes itself from a browser, and all that others of the site have kept in it."""
    return f"const {_values({'BASE': base})};{script}\n"


def _values(values: Mapping[str, object]) -> str:
    return ",".join(f"{name}={json.dumps(value, separators=(',', ':'))}" for name, value in values.items())
