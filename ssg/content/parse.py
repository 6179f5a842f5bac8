"""`Source → Page`: one Markdown file, read without knowing any other."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, time
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote

from ssg.config import ContentConfig, permalink
from ssg.content.front_matter import FrontMatter, as_moment, as_names, as_text, split_front_matter
from ssg.content.markdown import ENGINES, Dialect
from ssg.content.outline import Outline, outline
from ssg.content.slug import segment, split_date, titled
from ssg.errors import Diagnostic, Location, error, has_errors, nearest, warning
from ssg.model import Page, PageBody, Parsed, Source, SourceKind

# What neither HTML nor XML may hold (XML 1.0, section 2.2); tab and line feed stay.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_KNOWN = frozenset(
    (
        "title",
        "date",
        "updated",
        "weight",
        "draft",
        "slug",
        "template",
        "description",
        "sort_by",
        "extra",
        "taxonomies",
        "markdown_engine",
    )
)
_SORTS = ("date", "weight", "title", "path", "permalink")


def parse(source: Source, body: bytes, config: ContentConfig, dialect: Dialect) -> Parsed:
    """Parse the bytes of one Markdown file.

    A byte order mark and CRLF line ends are fine; control characters become U+FFFD. An error keeps the page out; all
    errors of the file are given.
    """
    text, mistake = _decode(source.path, body)
    if mistake is not None:
        return Parsed(source.path, None, None, (mistake,))
    head = split_front_matter(text, source.path)
    facts = _Facts(source, head)
    try:
        outlined = _outline(facts, dialect)
    except Exception as reason:  # noqa: BLE001 - an extension may raise anything; the author learns which file
        message = f"the Markdown engine failed: {type(reason).__name__}: {reason}"
        facts.wrong("markdown", message, head.body_line, "look at the extensions in [markdown]")
        outlined = outline("", _line_finder(head))
    page = _page(facts, outlined, config)
    for fault in outlined.faults:
        where = Location(source.path, _line_finder(head)(fault.source))
        facts.diagnostics.append(warning("markdown", fault.message, where, fault.hint))
    diagnostics = (*head.diagnostics, *facts.diagnostics)
    if has_errors(diagnostics):
        return Parsed(source.path, None, None, diagnostics)
    return Parsed(source.path, page, PageBody(outlined.content, outlined.headings), diagnostics)


def _outline(facts: "_Facts", dialect: Dialect) -> Outline:
    converted = dialect.convert(facts.head.body, facts.engine())
    return outline(converted.html, _line_finder(facts.head), converted.passes, dialect.hooks)


def _decode(path: str, body: bytes) -> tuple[str, Diagnostic | None]:
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as reason:
        line = body.count(b"\n", 0, reason.start) + 1
        message = f"is not UTF-8 (byte 0x{body[reason.start]:02x})"
        return "", error("encoding", message, Location(path, line), "save the file as UTF-8")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROLS.sub("\N{REPLACEMENT CHARACTER}", text), None


class _Facts:
    """Reads front matter values by type; what has the wrong type becomes a diagnostic."""

    def __init__(self, source: Source, head: FrontMatter) -> None:
        self.source = source
        self.head = head
        self.diagnostics: list[Diagnostic] = []
        path = PurePosixPath(source.path)
        self.named_date, self.name = split_date(path.parent.name if path.stem in {"index", "_index"} else path.stem)

    def wrong(self, code: str, message: str, line: int, hint: str) -> None:
        self.diagnostics.append(error(code, message, Location(self.source.path, line), hint))

    def refused(self, key: str, takes: str) -> None:
        message = f'"{key}" is {_shown(self.head.values[key])}'
        self.wrong("front-matter", message, self.head.line(key), f"it takes {takes}")

    def text(self, key: str) -> str:
        value = self.head.values.get(key)
        if isinstance(value, (dict, list)):
            self.refused(key, "text")
            return ""
        return as_text(value)

    def moment(self, key: str) -> datetime | None:
        try:
            return as_moment(self.head.values.get(key))
        except ValueError:
            self.refused(key, "a date, like 2026-11-20 or 2026-11-20T09:30:00+01:00")
            return None

    def date(self) -> datetime | None:
        moment = self.moment("date")
        if moment is None and self.named_date is not None:
            return datetime.combine(self.named_date, time(), UTC)
        return moment

    def weight(self) -> int | None:
        value = self.head.values.get("weight")
        if value is None or (isinstance(value, int) and not isinstance(value, bool)):
            return value
        self.refused("weight", "a whole number")
        return None

    def draft(self) -> bool:
        value = self.head.values.get("draft")
        if value is not None and not isinstance(value, bool):
            self.refused("draft", "true or false")
        return value is True

    def sort_by(self) -> str:
        value = self.text("sort_by")
        if self.source.kind is not SourceKind.SECTION or value in {"", *_SORTS}:
            return value
        hint = nearest(value, _SORTS) or f"it takes {', '.join(_SORTS)}"
        self.wrong("front-matter", f'"sort_by" is "{value}"', self.head.line("sort_by"), hint)
        return ""

    def engine(self) -> str:
        value = self.text("markdown_engine")
        if value in {"", *ENGINES}:
            return value
        hint = nearest(value, ENGINES) or f"it takes {' or '.join(ENGINES)}"
        self.wrong("front-matter", f'"markdown_engine" is "{value}"', self.head.line("markdown_engine"), hint)
        return ""

    def terms(self, taxonomy: str) -> tuple[str, ...]:
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

    def url(self, config: ContentConfig) -> str:
        section = self.section()
        parts = [segment(part) for part in section.split("/") if part]
        if self.source.kind is SourceKind.SECTION:
            return "/" + "".join(f"{part}/" for part in parts)
        slug = segment(self.text("slug") or self.name)
        pattern = permalink(config, section)
        if not pattern:
            return "/" + "".join(f"{part}/" for part in (*parts, slug))
        date = self.date()
        if date is None and not self.draft() and re.search(":(year|month|day)", pattern):
            hint = "write a date into the front matter, or in front of the file name"
            self.wrong("date", f'has no date, which its permalink "{pattern}" needs', 1, hint)
        values = {"slug": slug, "section": "/".join(parts)}
        if date is not None:
            values |= {"year": f"{date:%Y}", "month": f"{date:%m}", "day": f"{date:%d}"}
        return re.sub(r":(\w+)", lambda place: values.get(place[1], ""), pattern).replace("//", "/")

    def section(self) -> str:
        folder = self.source.folder
        return folder.rpartition("/")[0] if self.source.kind is SourceKind.BUNDLE else folder


def _page(facts: _Facts, outlined: Outline, config: ContentConfig) -> Page:
    headings = outlined.headings
    first = next((heading for heading in headings if heading.level == 1), headings[0] if headings else None)
    given = facts.text("title")
    # A body that begins with the heading which is the title shows the title itself.
    has_heading = outlined.opening == 1 or (outlined.opening > 0 and not given and first is headings[0])
    return Page(
        source=facts.source.path,
        kind=facts.source.kind,
        url=facts.url(config),
        section=facts.section(),
        folder=facts.source.folder,
        title=given or (first.text if first else "") or titled(facts.name),
        has_heading=has_heading,
        description=facts.text("description"),
        summary=outlined.summary,
        date=facts.date(),
        updated=facts.moment("updated"),
        weight=facts.weight(),
        draft=facts.draft(),
        template=facts.text("template"),
        template_line=facts.head.line("template"),
        sort_by=facts.sort_by(),
        terms={name: facts.terms(name) for name in config.taxonomies},
        extra=facts.unknown(config.taxonomies),
    )


def _shown(value: object) -> str:
    if isinstance(value, (dict, list)):
        return "a mapping" if isinstance(value, dict) else "a list"
    return f'"{value}"' if isinstance(value, str) else as_text(value)


def _line_finder(head: FrontMatter) -> Callable[[str], int]:
    """Give a function from a URL to the line of the file that holds it, or 0; a URL as a whole word is preferred."""

    def find(url: str) -> int:
        body = head.body
        for written in dict.fromkeys((url, unquote(url), url.replace("&", "&amp;"))):
            position = body.find(written)
            first = position
            while position >= 0:
                before, after = (
                    body[position - 1 : position],
                    body[position + len(written) : position + len(written) + 1],
                )
                if before in "(<\"'=: \t\n" and after in ")>\"' \t\n":
                    return head.body_line + body.count("\n", 0, position)
                position = body.find(written, position + 1)
            if first >= 0:
                return head.body_line + body.count("\n", 0, first)
        return 0

    return find
