"""The values that rooms hand to one another: frozen, complete when constructed, in explicit order.

`Source → Page → Site → Document → Artifact → Release`. A later stage makes a new type and never fills a
field of an earlier one in.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec

from ssg.errors import Diagnostic


class Inputs(msgspec.Struct, frozen=True):
    """All that a build may look at: a site folder, the folders that hold bundled themes, one moment, and variables.

    `now` is the build's clock, read once by the command: nothing else reads one. `environment` holds those variables
    that templates may read, by name, in order.
    """

    root: str
    themes: tuple[str, ...]
    now: datetime
    environment: Mapping[str, str] = {}


def readable(name: str) -> bool:
    """Tell whether templates may read an environment variable: others may hold secrets."""
    return name.startswith("SSG_") or name == "CI"


Query = tuple[str | int | None, ...]
"""A question that a stage asks of what it does not take as an argument: its kind, and what it asks about."""


class Stamp(msgspec.Struct, frozen=True, array_like=True):
    """What the file system says of a file: the times of its last change and of its status in ns, size in bytes, inode.

    Two stamps that are equal are of the same bytes, as long as the file's clock ticked in between.
    """

    changed: int
    status: int
    size: int
    inode: int


class Ref(msgspec.Struct, frozen=True):
    """Where a run of bytes lies: `size` bytes from `offset` of a file. Bodies travel as references.

    Bytes in the store have a name in place of a file, which begins with `blob:`.
    """

    file: str
    offset: int
    size: int

    @property
    def kept(self) -> bool:
        """Whether the bytes lie in the store."""
        return self.file.startswith("blob:")


class SourceKind(StrEnum):
    """What a Markdown file stands for.

    A *bundle* is an `index.md` with its own files beside it; a *section* file describes its folder.
    """

    PAGE = "page"
    BUNDLE = "bundle"
    SECTION = "section"


class Source(msgspec.Struct, frozen=True):
    """A Markdown file as found: `path` is relative to the site folder, `file` is where it can be read.

    `folder` is the folder below the content folder, without slashes at the ends; empty for the content folder. `name`
    is the file's name without its ending and language, and `prefix` is what the URLs of that language begin with:
    `/fr`, or nothing for the site's own.
    """

    path: str
    file: str
    kind: SourceKind
    folder: str
    name: str
    language: str
    prefix: str = ""


class File(msgspec.Struct, frozen=True):
    """Any file as found: `path` is relative to the site folder, `name` to the folder it belongs to.

    `stamp` is None where the file system tells none.
    """

    path: str
    file: str
    name: str
    stamp: Stamp | None = None


class Link(msgspec.Struct, frozen=True, array_like=True):
    """A URL of a page body that may point into the site, as written, with its line in the source (or 0)."""

    url: str
    line: int


class Hook(msgspec.Struct, frozen=True, array_like=True):
    """An element of a page body that a template `hooks/KIND.html` writes.

    `values` are plain, `html` is markup; texts in both may hold slots. `html["default"]` is the element as it was.
    """

    kind: str
    values: Mapping[str, Any]
    html: Mapping[str, str]


class Fragment(msgspec.Struct, frozen=True):
    """A piece of HTML whose local URLs are open: slot *n*, `NUL n NUL`, stands for `links[n]`.

    A slot `NUL # n NUL` stands for the element `hooks[n]`.

    Links stay symbolic so that a page can be parsed without knowing the site (U+0000 cannot occur in
    HTML text: CommonMark 0.31.2, section 2.3, replaces it with U+FFFD).
    """

    html: str = ""
    links: tuple[Link, ...] = ()
    hooks: tuple[Hook, ...] = ()


class Heading(msgspec.Struct, frozen=True, array_like=True):
    """A heading of a page: level 1 to 6, id, plain text, and the text's inline HTML without links."""

    level: int
    id: str
    text: str
    html: str


class PageBody(msgspec.Struct, frozen=True):
    """The large part of a page, which only the rendering of that page reads.

    `source` is the Markdown with its links open, where the page is published as Markdown too.
    """

    content: Fragment
    headings: tuple[Heading, ...]
    source: Fragment | None = None


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """A parsed Markdown file, ready to be placed in a site.

    `url` is a readable path (`/guide/début/`), not yet percent-encoded; empty where the page asks not to be rendered.
    `section` is the folder of the section it belongs to (for a section file: describes); `folder` is where the file
    lies. `terms` holds the names under each taxonomy, as written; `aliases` are further URLs, with their line in the
    source; `anchors` are the ids of its HTML. `search` tells
    whether a reader's search may find it; `unrefined` are the passes over HTML that it goes without. The body travels
    apart, as a `PageBody`. Translations of each other have the same `original`: their path without the language.

    `outputs` are the formats that it is published in, HTML first where it is one of them; `url` is that of the first.
    `outputs_line` is where the source asks for them, or 0. `budgets` are the limits of its own, as written, and
    `budgets_line` is where they stand.
    """

    source: str
    kind: SourceKind
    language: str
    original: str
    url: str
    section: str
    folder: str
    title: str
    has_heading: bool
    description: str
    summary: Fragment
    date: datetime | None
    updated: datetime | None
    weight: int | None
    draft: bool
    template: str
    template_line: int
    sort_by: str
    paginate: int | None
    feeds: tuple[str, ...]
    outputs: tuple[str, ...]
    outputs_line: int
    expires: datetime | None
    aliases: tuple[Link, ...]
    anchors: tuple[str, ...]
    words: int
    search: bool
    unrefined: tuple[str, ...]
    terms: Mapping[str, tuple[str, ...]]
    extra: Mapping[str, Any]
    budgets: Mapping[str, Any] = {}
    budgets_line: int = 0


class Parsed(msgspec.Struct, frozen=True):
    """What parsing one source gave: a page unless an error forbids it, and the diagnostics of that file."""

    source: str
    page: Page | None
    body: PageBody | None
    diagnostics: tuple[Diagnostic, ...] = ()


class Section(msgspec.Struct, frozen=True):
    """A folder of pages. `page` and `pages` are positions in `Site.pages`, `sections` are folders.

    `pages` is in list order, shown `size` at a time (0 for all at once); `reading` is in the order in which previous
    and next lead through them. `url` is that of the first of its `outputs`.
    """

    folder: str
    url: str
    title: str
    page: int | None
    pages: tuple[int, ...]
    reading: tuple[int, ...]
    sections: tuple[str, ...]
    size: int
    outputs: tuple[str, ...]


class Term(msgspec.Struct, frozen=True):
    """One value of a taxonomy with the positions of its pages, newest first."""

    name: str
    slug: str
    url: str
    pages: tuple[int, ...]


class Taxonomy(msgspec.Struct, frozen=True):
    """A way of grouping pages, such as tags, with its terms; a term shows `size` pages at a time (0 for all).

    `outputs` are the formats of the list of terms, `term_outputs` those of each term.
    """

    name: str
    url: str
    terms: tuple[Term, ...]
    size: int
    outputs: tuple[str, ...]
    term_outputs: tuple[str, ...]


class Edition(msgspec.Struct, frozen=True):
    """A site in one language: positions in `Site.pages`, newest first, sections by folder, taxonomies by name.

    `prefix` is what its URLs begin with: `/fr`, or nothing for the site's own language.
    """

    language: str
    prefix: str
    newest: tuple[int, ...]
    sections: Mapping[str, Section]
    taxonomies: Mapping[str, Taxonomy]


class RouteKind(StrEnum):
    """What a URL shows; the names are those of the templates."""

    PAGE = "page"
    HOME = "home"
    SECTION = "section"
    TAXONOMY = "taxonomy"
    TERM = "term"
    NOT_FOUND = "404"
    ALIAS = "alias"
    ROBOTS = "robots"
    SITEMAP = "sitemap"
    SITEMAP_INDEX = "sitemap-index"
    FEED = "feed"
    LLMS = "llms"
    SEARCH = "search"


class Route(msgspec.Struct, frozen=True):
    """A URL that is rendered from a template.

    `key` names the subject: a position in `Site.pages`, a section's folder, a taxonomy, or a taxonomy and the position
    of a term in it; for a feed, its format and what it is of; for a sitemap, its first address and their number. A list
    that goes on over several URLs has a route for each `part`, counted from 1; what is published in several formats has
    one for each.
    """

    url: str
    kind: RouteKind
    language: str
    key: tuple[str | int, ...] = ()
    part: int = 1
    format: str = "html"


class Marks(msgspec.Struct, frozen=True, array_like=True):
    """Digests of a page: of all that its own rendering reads; of what places it in the site; of what lists may show."""

    whole: str = ""
    placed: str = ""
    shown: str = ""


class Site(msgspec.Struct, frozen=True):
    """All pages and what follows from them, in explicit order; `files` maps a file's path to its URL.

    There is an edition for each language, that of the site first.
    """

    pages: tuple[Page, ...]
    editions: Mapping[str, Edition]
    routes: tuple[Route, ...]
    files: Mapping[str, str]
    hidden: frozenset[str]
    data: Mapping[str, Any]
    diagnostics: tuple[Diagnostic, ...]


class Document(msgspec.Struct, frozen=True):
    """A rendered route: text, and the diagnostics of its rendering; `source` names what it was made from.

    `inlined` is what a content security policy must allow of it: hashes of the scripts and styles in its HTML and hosts
    of others, each with its directive, `script-src 'sha256-…'`.
    """

    url: str
    text: str
    source: str
    diagnostics: tuple[Diagnostic, ...] = ()
    inlined: tuple[str, ...] = ()


class Delivery(msgspec.Struct, frozen=True):
    """How the style sheets of a page reach a browser, and why so.

    `way` is `inline`, `blocking`, `end` or `media`, as the optimizer has it. `cold` is how many bytes of CSS,
    uncompressed, a reader's first page waits for before it is painted, `following` how many the next page brings.
    """

    way: str
    reason: str
    cold: int
    following: int


class Variant(msgspec.Struct, frozen=True, array_like=True):
    """A file in a content encoding (RFC 9110, section 8.4.1): the encoding's name, its bytes and their digest."""

    encoding: str
    body: Ref
    digest: str


class Artifact(msgspec.Struct, frozen=True):
    """A finished file: path below the output folder, bytes as a reference, digest and media type.

    `source` names what it was made from, for messages; `diagnostics` are those of its making. `inlined` is what a
    content security policy must allow of it. `delivery` is how its style sheets come, where it has some of the site's
    own in its head. `variants` are its compressed forms, the best first; none where that would save little.
    """

    path: str
    body: Ref
    digest: str
    media_type: str
    source: str
    diagnostics: tuple[Diagnostic, ...] = ()
    inlined: tuple[str, ...] = ()
    delivery: Delivery | None = None
    variants: tuple[Variant, ...] = ()


class Release(msgspec.Struct, frozen=True):
    """The complete output of a build, sorted by path, and all that was said on the way.

    `beside` are files that are not published: configuration for hosts, in a folder of its own.
    """

    artifacts: tuple[Artifact, ...]
    diagnostics: tuple[Diagnostic, ...]
    pages: int
    beside: tuple[Artifact, ...] = ()
