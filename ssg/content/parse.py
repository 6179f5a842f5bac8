"""`Source → Page`: one Markdown file, read without knowing any other."""

import re
from collections.abc import Callable, Iterator
from urllib.parse import unquote

import msgspec

from ssg.config import ContentConfig
from ssg.content.facts import Facts
from ssg.content.front_matter import FrontMatter, split_front_matter
from ssg.content.markdown import Dialect
from ssg.content.markdown_source import open_links
from ssg.content.outline import Outline, Written, outline
from ssg.content.schema import violations
from ssg.content.slug import titled
from ssg.errors import MEND, Diagnostic, Location, Raised, error, failure, has_errors, nearest, warning
from ssg.model import Fragment, Page, PageBody, Parsed, Source
from ssg.urls import output_url

# What neither HTML nor XML may hold (XML 1.0, section 2.2); tab and line feed stay.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

# The format in which the Markdown itself is published.
_MARKDOWN = "md"


def parse(source: Source, body: bytes, config: ContentConfig, dialect: Dialect) -> Parsed:
    """Parse the bytes of one Markdown file.

    A byte order mark and CRLF line ends are fine; control characters become U+FFFD. An error keeps the page out; all
    errors of the file are given.
    """
    text, mistake = _decode(source.path, body)
    if mistake is not None:
        return Parsed(source.path, None, None, (mistake,))
    head = split_front_matter(text, source.path)
    facts = Facts(source, head)
    try:
        outlined = _outline(facts, dialect, config)
    except Raised as raised:
        where = Location(source.path, head.body_line)
        message = f'the extension "{raised.extension}" failed'
        facts.diagnostics.append(failure(message, raised.reason, where, MEND))
        outlined = outline("", _line_finder(head))
    except Exception as reason:  # noqa: BLE001 - an extension may raise anything; the author learns which file
        message = f"the Markdown engine failed: {type(reason).__name__}: {reason}"
        facts.wrong("markdown", message, head.body_line, "look at the extensions in [markdown]")
        outlined = outline("", _line_finder(head))
    page = _page(facts, outlined, config)
    for key, problem, hint in violations(head.values, config, facts.section()):
        facts.wrong("schema", problem, head.line(key), hint)
    facts.diagnostics += _said(source, head, outlined)
    diagnostics = (*head.diagnostics, *facts.diagnostics)
    if has_errors(diagnostics):
        return Parsed(source.path, None, None, diagnostics)
    markdown: Fragment | None = None
    if _MARKDOWN in page.outputs:
        markdown = open_links(head.body, outlined.content.links, dialect.code(head.body, facts.engine()))
    return Parsed(source.path, page, PageBody(outlined.content, outlined.headings, markdown), diagnostics)


def convert(text: str, dialect: Dialect) -> Fragment:
    """Give the HTML of a Markdown text that is not the body of a page, its links open."""
    converted = dialect.convert(text)
    return outline(converted.html, lambda _: 0, Written(converted.passes, dialect.elements.hooks)).content


def _outline(facts: Facts, dialect: Dialect, config: ContentConfig) -> Outline:
    head = facts.head
    converted = dialect.convert(head.body, facts.engine(), shortcodes=facts.shortcodes(config))
    for slip in converted.slips:
        facts.wrong("shortcode", slip.message, head.body_line + slip.line - 1, slip.hint)
    calls = tuple(msgspec.structs.replace(call, line=head.body_line + call.line - 1) for call in converted.calls)
    written = Written(converted.passes, dialect.elements.hooks, calls, dialect.heading_id)
    return outline(converted.html, _line_finder(head), written)


def _said(source: Source, head: FrontMatter, outlined: Outline) -> Iterator[Diagnostic]:
    """Name what a pass could not do, and links to headings of the page's own that it does not have."""
    for fault in outlined.faults:
        where = Location(source.path, _line_finder(head)(fault.source))
        yield warning("markdown", fault.message, where, fault.hint)
    for link in outlined.lost:
        hint = nearest(link.url[1:], outlined.anchors) or "name the id of a heading of this page"
        yield warning("anchor", f'the page has no "{link.url}"', Location(source.path, link.line), hint)


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


def _page(facts: Facts, outlined: Outline, config: ContentConfig) -> Page:
    headings, given = outlined.headings, facts.text("title")
    outputs, url = facts.outputs(config), facts.url(config)
    _check_outputs(facts, outputs, url)
    first = next((heading for heading in headings if heading.level == 1), headings[0] if headings else None)
    # A body that begins with the heading which is the title shows the title itself.
    has_heading = outlined.opening == 1 or (outlined.opening > 0 and not given and first is headings[0])
    return Page(
        source=facts.source.path,
        kind=facts.source.kind,
        language=facts.source.language,
        original=f"{facts.source.folder}/{facts.source.name}",
        url=output_url(url, outputs[0]) if url else "",
        section=facts.section(),
        folder=facts.source.folder,
        title=given or (first.text if first else "") or titled(facts.name),
        has_heading=has_heading,
        description=facts.text("description"),
        summary=outlined.summary,
        date=facts.date(),
        updated=facts.moment("updated"),
        weight=facts.whole_number("weight"),
        paginate=facts.paginate(),
        feeds=facts.feeds(),
        outputs=outputs,
        outputs_line=facts.head.line("outputs") if facts.head.values.get("outputs") else 0,
        expires=facts.moment("expires"),
        aliases=facts.aliases(),
        anchors=outlined.anchors,
        words=outlined.words,
        search=facts.search(),
        unrefined=facts.unrefined(),
        draft=facts.draft(),
        template=facts.text("template"),
        template_line=facts.head.line("template"),
        sort_by=facts.sort_by(),
        terms={name: facts.terms(name) for name in config.taxonomies},
        extra=facts.unknown(config.taxonomies),
        budgets=facts.budgets(),
        budgets_line=facts.head.line("budgets") if "budgets" in facts.head.values else 0,
    )


def _check_outputs(facts: Facts, outputs: tuple[str, ...], url: str) -> None:
    if len({output_url(url, name) for name in outputs}) < len(outputs):
        hint = "give it a permalink that ends in a slash, or take one of them out"
        facts.wrong("outputs", f'two of the outputs would be at "{url}"', facts.head.line("outputs"), hint)


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
