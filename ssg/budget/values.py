"""The values of a budget: what pages weigh, and what is said of it."""

from collections.abc import Callable, Mapping
from enum import StrEnum

import msgspec

LOCK = "budgets.lock"
"""The file of a site folder that remembers what pages weighed."""

Number = int | float
"""A figure as it was measured: bytes and counts stay whole numbers wherever they are kept in between."""

BYTES = "bytes"
"""The unit of a size; counts have none, "", and times are in `s` or `ms`."""


class Kind(StrEnum):
    """The class of a file that a browser fetches; the names are those of the limits in `site.toml`."""

    HTML = "html"
    CSS = "css"
    JS = "js"
    FONT = "font"
    IMAGE = "image"
    MEDIA = "media"
    OTHER = "other"


class Phase(StrEnum):
    """When a file is fetched.

    `critical` files hold up the first paint: the HTML and what blocks rendering. `initial` files are fetched without
    anybody scrolling or touching the page. `lazy` ones may be: they wait for a reader, or for a device to scroll near.
    """

    CRITICAL = "critical"
    INITIAL = "initial"
    LAZY = "lazy"


class Label(StrEnum):
    """How sure a figure is.

    `exact`: a browser fetches just this. `upper bound`: it may fetch less, never more. `assumed`: the size comes from a
    table, since the bytes are another host's.
    """

    EXACT = "exact"
    UPPER = "upper bound"
    ASSUMED = "assumed"


class Profile(msgspec.Struct, frozen=True):
    """A device that a page is weighed for: its viewport in CSS px, and device pixels to a CSS px.

    `mobile` tells that it shows a page that names no viewport as if its window were wide.
    """

    name: str
    width: int
    height: int
    density: float
    mobile: bool = False


MOBILE = Profile("mobile", 412, 823, 1.75, mobile=True)
DESKTOP = Profile("desktop", 1350, 940, 1)
PROFILES = (MOBILE, DESKTOP)
"""Those of Lighthouse (lantern's throttling presets), so that figures can be compared."""


class Sizes(msgspec.Struct, frozen=True):
    """The size of a file's body in bytes: as it is, and in the encodings that are published beside it (None: not)."""

    raw: int
    gzip: int | None = None
    br: int | None = None

    def measured(self, measure: str) -> int:
        """Give the bytes that travel to a browser that takes `br` (and gzip), `gzip`, or nothing but `raw`."""
        if measure == "raw":
            return self.raw
        packed = self.gzip if self.gzip is not None else self.raw
        return self.br if measure == "br" and self.br is not None else packed


class File(msgspec.Struct, frozen=True):
    """A file of the site as a browser gets it: its URL path, percent-encoded as in requests, type and sizes.

    `source` names what it was made from; `read` gives its bytes without any encoding.
    """

    url: str
    media_type: str
    sizes: Sizes
    read: Callable[[], bytes]
    source: str = ""


Files = Callable[[str], File | None]
"""Takes the URL path of a request, percent-encoded, without query and fragment; gives the file that answers."""


class Fetch(msgspec.Struct, frozen=True):
    """A file that a browser fetches for a page.

    `url` is its path, percent-encoded, for a file of the site, and the whole URL for another host's. `via` is the URL
    of what names it, of a sheet, a module, a frame; empty where the page itself does, so that pages can share the
    value. `sizes` is None where nobody knows them.
    """

    url: str
    kind: Kind
    phase: Phase
    label: Label
    sizes: Sizes | None
    via: str
    third_party: bool = False


class Weight(msgspec.Struct, frozen=True):
    """What a browser fetches for a page under one profile, the HTML first, then in the order of discovery.

    `head` are the sizes of the HTML up to and with `</head>`; `nodes` the number of elements; `inline` the bytes of
    scripts and styles in the HTML, by class. `unknown` are URLs that cannot be known, each with the reason in words:
    what a script fetches, a module specifier that leads nowhere, a file that is not there. `lints` are mistakes that
    cost bytes, each a code, a URL and what is wrong, in words.
    """

    url: str
    profile: str
    fetches: tuple[Fetch, ...]
    head: Sizes
    nodes: int
    inline: Mapping[str, int]
    unknown: tuple[tuple[str, str], ...] = ()
    lints: tuple[tuple[str, str, str], ...] = ()


class Subject(msgspec.Struct, frozen=True):
    """A page as rules see it: its URL, what it was made from, its section, template and content type.

    `overrides` are the limits that its front matter sets, as written, with `reason`; `line` is where they stand.
    """

    url: str
    source: str
    section: str = ""
    template: str = ""
    type: str = ""
    overrides: Mapping[str, object] = {}
    line: int = 0


class Level(StrEnum):
    """How bad it is to be over a limit: an error fails the build, a warning does not."""

    ERROR = "error"
    WARN = "warn"


class Verdict(msgspec.Struct, frozen=True):
    """A limit that a page (or, with an empty `url`, the site) does not keep.

    `key` is the limit as in `site.toml`: `js`, `critical.css`, `requests`, `first-flight`, `largest-page`; `profile`
    the one with the highest figure. `found` and `limit` are in `unit`: bytes, or a plain number for counts (""), s, ms.
    `below` tells that the limit is a least one. `rule` says which rule decided, in words: `[[budgets]] 2
    (site.toml:14)`, `the defaults`, `content/a.md:3`. `label` is the least sure of the figures in it. `measure` is the
    encoding that bytes are of, empty where there is none.
    """

    url: str
    source: str
    key: str
    profile: str
    level: Level
    found: Number
    limit: Number
    unit: str
    rule: str
    below: bool = False
    label: Label = Label.EXACT
    measure: str = ""


class Cause(msgspec.Struct, frozen=True):
    """What wrote bytes of a page, and what a change would save.

    `what` names it in words: `block head of base.html`, `hero.png`; `path` and `line` point at the
    source (line 0 where none is known). `bytes` is its part of the figure, in the measure of the limit: of HTML, what
    the page has less without it, compressed anew. `saving` is what the change in `advice` would save, in bytes,
    computed; `passes` tells that this alone would keep the limit.
    """

    what: str
    path: str
    line: int
    bytes: int
    advice: str = ""
    saving: int = 0
    passes: bool = False


class Finding(msgspec.Struct, frozen=True):
    """One thing that is wrong, with all pages that it is wrong for, worst first, and why: the largest causes first.

    `verdict` is that of the worst page; `pages` are the URLs and figures of all of them. `message` is one sentence
    without a full stop, `hint` what to do; `path` and `line` are the source that a tool should point at.
    """

    code: str
    level: Level
    message: str
    path: str
    line: int = 0
    hint: str = ""
    verdict: Verdict | None = None
    pages: tuple[tuple[str, Number], ...] = ()
    causes: tuple[Cause, ...] = ()


class Figure(msgspec.Struct, frozen=True):
    """What was measured for one key of a page, and the limits that hold for it (None: none).

    `profile` is the one with the highest figure; `measure` is the encoding that bytes are of, empty where none is.
    """

    key: str
    profile: str
    found: Number
    unit: str
    warn: Number | None
    error: Number | None
    least: Number | None
    label: Label
    rule: str
    measure: str = ""

    @property
    def below(self) -> bool:
        """Whether there is less than the least that there has to be."""
        return self.least is not None and self.found < self.least

    @property
    def level(self) -> Level | None:
        """The worst level that the figure reaches; None where it keeps its limits or has none."""
        if self.error is not None and self.found > self.error:
            return Level.ERROR
        if self.below:
            return Level.ERROR
        return Level.WARN if self.warn is not None and self.found > self.warn else None


class PageReport(msgspec.Struct, frozen=True):
    """A page: its figures with their limits, worst first, and its weights, one for each profile.

    `next` are the bytes of its initial files that a reader's browser does not have after the site's first page, by
    profile: hashed files that another page brought are left out.
    """

    subject: Subject
    figures: tuple[Figure, ...]
    weights: tuple[Weight, ...]
    next: Mapping[str, int] = {}


class BudgetReport(msgspec.Struct, frozen=True):
    """What all pages weigh, and what is wrong, errors first, worst first.

    `measure` is the encoding that figures are in where a rule names none; `compressors` the versions of what made the
    encodings. `site` are the figures of the site as a whole. `off` says that no budget was asked for.
    """

    pages: tuple[PageReport, ...]
    findings: tuple[Finding, ...]
    site: tuple[Figure, ...]
    measure: str
    compressors: Mapping[str, str]
    off: bool = False

    @property
    def over(self) -> bool:
        """Whether any limit that fails a build is not kept."""
        return any(one.level is Level.ERROR for one in self.findings)
