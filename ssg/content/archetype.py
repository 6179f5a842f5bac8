"""A first site, and a first page."""

import json
import re
import string
from datetime import date
from pathlib import Path, PurePosixPath

from ssg.config import FILE, Config
from ssg.content.slug import split_date, titled
from ssg.errors import ConfigError, Location, error

_SITE = {
    FILE: """[site]
title = $quoted
# Where the site will be published; sitemap and feed need it.
base_url = "https://example.org/"
description = ""
""",
    "content/_index.md": """---
title: $title
---

Welcome. This page is `content/_index.md`; the first post is [hello](posts/hello.md).
""",
    "content/posts/_index.md": """---
title: Posts
---
""",
    "content/posts/hello.md": """---
title: Hello
date: $date
tags: [first]
---

A page is a Markdown file. What stands before the first blank line of text becomes its summary.

## What next

- `ssg new posts/another.md` writes a page with its front matter.
- A file in `templates/` takes the place of the theme's file of the same name.

```python
print("highlighted")
```
""",
    ".gitignore": "/public/\n/.ssg/\n",
}
_PAGE = """---
title: $title
date: $date
draft: true
---

"""


def begin_site(root: Path, today: date) -> list[str]:
    """Write a small site into the folder `root`; give the paths written, relative to it.

    Raises:
        ConfigError: the folder holds files already, or cannot be written.
    """
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise ConfigError(error("init", "is not an empty folder", Location(str(root)), "name a new one"))
    title = titled(root.resolve().name)
    values = {"title": _quoted(title), "quoted": json.dumps(title, ensure_ascii=False), "date": today.isoformat()}
    for path, text in _SITE.items():
        _write(root / path, string.Template(text).substitute(values))
    return list(_SITE)


def begin_page(root: Path, config: Config, path: str, today: date) -> str:
    """Write a page at `path` below the content folder; give its path, relative to the site folder.

    The front matter comes from `archetypes/SECTION.md` or `archetypes/default.md` of the site, in which `$title` and
    `$date` (of the file name, else today) are filled in; without them it is a title, a date and `draft: true`.

    Raises:
        ConfigError: the path leaves the content folder, or names a file that is there already.
    """
    content = config.content.dir
    name = PurePosixPath(path.removeprefix(f"{content}/"))
    if not name.name or path.endswith("/") or name.is_absolute() or ".." in name.parts:
        hint = f"name a file below {content}/, like posts/hello.md"
        raise ConfigError(error("new", "is no file below the content folder", Location(path or '""'), hint))
    if name.suffix != ".md":
        name = name.with_name(f"{name.name}.md")
    shown = f"{content}/{name}"
    if (root / shown).exists():
        raise ConfigError(error("new", "exists already", Location(shown), "choose another name"))
    stem, _, language = name.stem.rpartition(".")
    stem = stem if stem and language in config.tongues else name.stem
    stem = name.parent.name if stem in {"index", "_index"} else stem
    named, rest = split_date(stem)
    date_written = (named or today).isoformat()
    archetype = _archetype(root, name)
    title = titled(rest) if archetype is not None else _quoted(titled(rest))
    _write(root / shown, string.Template(archetype or _PAGE).safe_substitute(title=title, date=date_written))
    return shown


def _archetype(root: Path, name: PurePosixPath) -> str | None:
    for candidate in (name.parts[0] if len(name.parts) > 1 else "default", "default"):
        file = root / "archetypes" / f"{candidate}.md"
        try:
            return file.read_text(encoding="utf-8")
        except FileNotFoundError:
            continue
        except (OSError, UnicodeDecodeError) as reason:
            where = Location(f"archetypes/{candidate}.md")
            raise ConfigError(error("new", f"cannot be read: {reason}", where, "make it a UTF-8 file")) from None
    return None


def _quoted(title: str) -> str:
    """Give a title as YAML takes it: in quotes where its characters mean something (JSON's text is YAML's)."""
    return title if re.fullmatch(r"\w[\w .,!?()+&/-]*", title) else json.dumps(title, ensure_ascii=False)


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as reason:
        message = f"cannot be written: {(reason.strerror or str(reason)).lower()}"
        hint = "choose a folder that you may write to"
        raise ConfigError(error("unwritable", message, Location(str(path)), hint)) from None
