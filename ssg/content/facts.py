"""Front matter values by type: what has the wrong type becomes a diagnostic."""

import re
from datetime import UTC, datetime, time
from pathlib import PurePosixPath
from typing import Any

from ssg.config import PASSES, ContentConfig, html_first, output_setting, permalink, read_overrides
from ssg.content.front_matter import FrontMatter, as_moment, as_names, as_text
from ssg.content.markdown import ENGINES
from ssg.content.slug import segment, site_path, split_date
from ssg.errors import Diagnostic, Location, error, nearest
from ssg.model import Link, Source, SourceKind
from ssg.routes import FEEDS
from ssg.urls import HTML

_KNOWN = frozenset(
    (
        "aliases",
        "budgets",
        "date",
        "description",
        "draft",
        "expires",
        "extra",
        "feeds",
        "markdown_engine",
        "optimize",
        "outputs",
        "paginate",
        "path",
        "permalink",
        "search",
        "shortcodes",
        "slug",
        "sort_by",
        "taxonomies",
        "template",
        "title",
        "updated",
        "weight",
    )
)
_FORMAT = re.compile("[a-z0-9]+")
_SORTS = ("date", "weight", "title", "path", "permalink")


class Facts:
    """Reads front matter values by type; what has the wrong type becomes a diagnostic."""

    def __init__(self, source: Source, head: FrontMatter) -> None:
        self.source = source
        self.head = head
        self.diagnostics: list[Diagnostic] = []
        folder = PurePosixPath(source.path).parent.name
        self.named_date, self.name = split_date(folder if source.name in {"index", "_index"} else source.name)

    def wrong(self, code: str, message: str, line: int, hint: str) -> None:
        """Note a mistake at a line of the file."""
        self.diagnostics.append(error(code, message, Location(self.source.path, line), hint))

    def refused(self, key: str, takes: str) -> None:
        """Note that a key has a value it does not take; `takes` says what it takes."""
        message = f'"{key}" is {_shown(self.head.values[key])}'
        self.wrong("front-matter", message, self.head.line(key), f"it takes {takes}")

    def text(self, key: str) -> str:
        """Give a key as text; empty without it."""
        value = self.head.values.get(key)
        if isinstance(value, (dict, list)):
            self.refused(key, "text")
            return ""
        return as_text(value)

    def moment(self, key: str) -> datetime | None:
        """Give a key as a moment, in UTC."""
        try:
            return as_moment(self.head.values.get(key))
        except ValueError:
            self.refused(key, "a date, like 2026-11-20 or 2026-11-20T09:30:00+01:00")
            return None

    def date(self) -> datetime | None:
        """Give the date: that of the front matter, else that of the file name."""
        moment = self.moment("date")
        if moment is None and self.named_date is not None:
            return datetime.combine(self.named_date, time(), UTC)
        return moment

    def whole_number(self, key: str) -> int | None:
        """Give a key as a whole number."""
        value = self.head.values.get(key)
        if value is None or (isinstance(value, int) and not isinstance(value, bool)):
            return value
        self.refused(key, "a whole number")
        return None

    def paginate(self) -> int | None:
        """Give how many pages the section's list shows at a time."""
        size = self.whole_number("paginate")
        if size is not None and size < 1:
            self.refused("paginate", "a whole number from 1")
            return None
        return size

    def feeds(self) -> tuple[str, ...]:
        """Give the formats of the feeds that a section asks for; `*` stands for those of the site."""
        value = self.head.values.get("feeds")
        if value is True:
            return ("*",)
        names = as_names(value) if value and not isinstance(value, dict) else ()
        if any(name not in FEEDS for name in names) or isinstance(value, dict):
            self.refused("feeds", f"true, or a list of {', '.join(FEEDS)}")
            return ()
        return names

    def outputs(self, config: ContentConfig) -> tuple[str, ...]:
        """Give the formats that the page is published in, HTML first: its own word, else that of `site.toml`."""
        value = self.head.values.get("outputs")
        if value is None:
            kind = "page" if self.source.kind is not SourceKind.SECTION else "section" if self.section() else "home"
            return output_setting(config, self.section(), kind)[1]
        names = [name.lower() for name in as_names(value)] if not isinstance(value, dict) else []
        if not names:
            self.refused("outputs", "a list of formats, like [html, json]")
        for name in names:
            if not _FORMAT.fullmatch(name):
                hint = "name it by the ending of its files, like json"
                self.wrong("front-matter", f'"{name}" is no output', self.head.line("outputs"), hint)
        return html_first(names or (HTML,))

    def draft(self) -> bool:
        """Tell whether the page is a draft."""
        return self.switch("draft") is True

    def shortcodes(self, config: ContentConfig) -> bool:
        """Tell whether shortcodes of the body are opened: the page's word, else the site's."""
        own = self.switch("shortcodes")
        return config.shortcodes if own is None else own

    def search(self) -> bool:
        """Tell whether a reader's search may find the page; Material for MkDocs writes `search: {exclude: true}`."""
        value = self.head.values.get("search")
        if isinstance(value, dict) and isinstance(value.get("exclude", False), bool):
            return not value.get("exclude", False)
        return self.switch("search") is not False

    def unrefined(self) -> tuple[str, ...]:
        """Give the passes over HTML that the page goes without: `optimize: false`, or a table with some of them."""
        value = self.head.values.get("optimize")
        if value is None or isinstance(value, bool):
            return PASSES if value is False else ()
        if not isinstance(value, dict) or not all(isinstance(on, bool) for on in value.values()):
            self.refused("optimize", "true, false, or a table like {scripts: false}")
            return ()
        for name in value:
            if name not in PASSES:
                hint = nearest(str(name), PASSES) or f"known are {', '.join(PASSES)}"
                self.wrong("front-matter", f'"{name}" is no pass', self.head.line("optimize"), hint)
        return tuple(name for name in PASSES if value.get(name) is False)

    def budgets(self) -> dict[str, Any]:
        """Give the limits that the page has of its own, as written, with the reason for them."""
        value = self.head.values.get("budgets")
        if value is None:
            return {}
        _, problems = read_overrides(value)
        for problem in problems:
            self.wrong("front-matter", problem.message, self.head.line("budgets"), problem.hint)
        return value if isinstance(value, dict) and not problems else {}

    def switch(self, key: str) -> bool | None:
        """Give a key that is true or false; None without it."""
        value = self.head.values.get(key)
        if value is not None and not isinstance(value, bool):
            self.refused(key, "true or false")
        return value if isinstance(value, bool) else None

    def sort_by(self) -> str:
        """Give the order that a section file asks for; empty without one."""
        value = self.text("sort_by")
        if self.source.kind is not SourceKind.SECTION or value in {"", *_SORTS}:
            return value
        hint = nearest(value, _SORTS) or f"it takes {', '.join(_SORTS)}"
        self.wrong("front-matter", f'"sort_by" is "{value}"', self.head.line("sort_by"), hint)
        return ""

    def engine(self) -> str:
        """Give the engine that the page asks for; empty for that of the site."""
        value = self.text("markdown_engine")
        if value in {"", *ENGINES}:
            return value
        hint = nearest(value, ENGINES) or f"it takes {' or '.join(ENGINES)}"
        self.wrong("front-matter", f'"markdown_engine" is "{value}"', self.head.line("markdown_engine"), hint)
        return ""

    def terms(self, taxonomy: str) -> tuple[str, ...]:
        """Give the names under a taxonomy: its own key, else its entry in `taxonomies`, as Zola has it."""
        grouped = self.head.values.get("taxonomies")
        value = self.head.values.get(taxonomy) or (grouped.get(taxonomy) if isinstance(grouped, dict) else None)
        if isinstance(value, dict) or (isinstance(value, list) and any(isinstance(v, (dict, list)) for v in value)):
            self.refused(taxonomy if taxonomy in self.head.values else "taxonomies", "a list of names")
            return ()
        return as_names(value)

    def unknown(self, taxonomies: tuple[str, ...]) -> dict[str, Any]:
        """Give what ssg does not know, for templates; a table `extra` is merged in, as Zola's authors write it."""
        values = self.head.values
        given = values.get("extra")
        own = {key: value for key, value in values.items() if key not in _KNOWN and key not in taxonomies}
        return own | given if isinstance(given, dict) else own

    def explicit_url(self) -> str | None:
        """Give the URL that the front matter names whole, as `permalink` or `path`; empty for `permalink: false`."""
        if self.head.values.get("permalink") is False:
            return ""
        for key in ("permalink", "path"):
            if written := self.text(key):
                return self.placed(written)
        return None

    def placed(self, written: str) -> str:
        """Give a path that the author wrote as a URL: below those of its language, unless it begins with a slash."""
        return site_path(written if written.startswith("/") else f"{self.source.prefix}/{written}")

    def aliases(self) -> tuple[Link, ...]:
        """Give the further URLs of the page, with the line that names them."""
        written = self.head.values.get("aliases")
        entries = written if isinstance(written, list) else [written]
        if any(isinstance(entry, (dict, list)) for entry in entries):
            self.refused("aliases", "a list of paths")
            return ()
        line = self.head.line("aliases")
        return tuple(Link(self.placed(alias), line) for alias in as_names(written))

    def url(self, config: ContentConfig) -> str:
        """Give the URL of the page: the one that it names, else by pattern, else by path."""
        section = self.section()
        parts = [segment(part) for part in section.split("/") if part]
        if self.source.kind is SourceKind.SECTION:
            return f"{self.source.prefix}/" + "".join(f"{part}/" for part in parts)
        explicit = self.explicit_url()
        if explicit is not None:
            return explicit
        slug = segment(self.text("slug") or self.name)
        pattern = permalink(config, section)
        if not pattern:
            return f"{self.source.prefix}/" + "".join(f"{part}/" for part in (*parts, slug))
        date = self.date()
        if date is None and not self.draft() and re.search(":(year|month|day)", pattern):
            hint = "write a date into the front matter, or in front of the file name"
            self.wrong("date", f'has no date, which its permalink "{pattern}" needs', 1, hint)
        values = {"slug": slug, "section": "/".join(parts)}
        if date is not None:
            values |= {"year": f"{date:%Y}", "month": f"{date:%m}", "day": f"{date:%d}"}
        path = re.sub(r":(\w+)", lambda place: values.get(place[1], ""), pattern).replace("//", "/")
        return self.source.prefix + path

    def section(self) -> str:
        """Give the folder of the section that the page belongs to."""
        folder = self.source.folder
        return folder.rpartition("/")[0] if self.source.kind is SourceKind.BUNDLE else folder


def _shown(value: object) -> str:
    if isinstance(value, (dict, list)):
        return "a mapping" if isinstance(value, dict) else "a list" if value else "an empty list"
    return f'"{value}"' if isinstance(value, str) else as_text(value)
