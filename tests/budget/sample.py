"""A report with one fault of every kind, and one of many pages."""

import msgspec

from ssg.budget.values import (
    BYTES,
    BudgetReport,
    Cause,
    Fetch,
    Figure,
    Finding,
    Kind,
    Label,
    Level,
    PageReport,
    Phase,
    Sizes,
    Subject,
    Verdict,
    Weight,
)

THEME = "themes/default/templates/base.html"
DEFAULTS = "the defaults"
RULE = "[[budgets]] 2 (site.toml:14)"
HERO = "/hero & banner.4f2a91c3.png"


def sizes(raw: int, packed: int | None = None) -> Sizes:
    return Sizes(raw) if packed is None else Sizes(raw, packed + packed // 8, packed)


def fetch(url: str, kind: Kind, phase: Phase, packed: Sizes | None, via: str = "") -> Fetch:
    third = url.startswith("https://")
    label = Label.ASSUMED if third else Label.UPPER if kind in {Kind.FONT, Kind.MEDIA} else Label.EXACT
    return Fetch(url, kind, phase, label, packed, via, third)


def weight(url: str, profile: str, extra: tuple[Fetch, ...] = (), html: int = 4_200) -> Weight:
    common = (
        fetch(url, Kind.HTML, Phase.CRITICAL, sizes(4 * html, html)),
        fetch("/style.1b2c3d4e.css", Kind.CSS, Phase.CRITICAL, sizes(31_400, 6_120)),
        fetch("/app.5e6f7a8b.js", Kind.JS, Phase.INITIAL, sizes(140_000, 41_230)),
        fetch("/inter.9c8d7e6f.woff2", Kind.FONT, Phase.INITIAL, sizes(28_400), "/style.1b2c3d4e.css"),
        fetch("/favicon.svg", Kind.OTHER, Phase.INITIAL, sizes(900, 410)),
    )
    return Weight(url, profile, (*common, *extra), sizes(9_100, 2_300), 420, {"css": 1_840, "js": 96})


def figure(key: str, found: float, limits: tuple[float | None, float | None], unit: str = BYTES) -> Figure:
    return Figure(key, "mobile", found, unit, *limits, None, Label.EXACT, DEFAULTS)


def faulty_page() -> PageReport:
    """A page that keeps none of its limits."""
    url = "/blog/a|b%20<c>/"
    extra = (
        fetch(HERO, Kind.IMAGE, Phase.INITIAL, sizes(512_000)),
        fetch("https://fonts.example/x.woff2", Kind.FONT, Phase.INITIAL, sizes(18_000), "/style.1b2c3d4e.css"),
        fetch("https://ads.example/unknown.js", Kind.JS, Phase.INITIAL, None),
        fetch("/talk.mp4", Kind.MEDIA, Phase.LAZY, sizes(2_400_000)),
        fetch("/figure-2.webp", Kind.IMAGE, Phase.LAZY, sizes(88_000)),
    )
    wide = (*extra, fetch("/figure-1.webp", Kind.IMAGE, Phase.INITIAL, sizes(41_000)))
    unknown = (("https://ads.example/unknown.js", 'its size is unknown, and "fetch()" may bring more'),)
    mobile = msgspec.structs.replace(weight(url, "mobile", extra, 16_900), unknown=unknown)
    figures = (
        figure("image", 512_000, (200_000, 500_000)),
        Figure("font", "desktop", 46_400, BYTES, 30_000, None, None, Label.UPPER, RULE),
        Figure("css", "mobile", 6_120, BYTES, None, 50_000, 8_000, Label.EXACT, "content/blog/post.md:4"),
        figure("html", 16_900, (14_000, 50_000)),
        figure("requests", 31, (15, 30), ""),
        Figure("lcp", "mobile", 3.25, "s", 2.5, 4, None, Label.EXACT, RULE),
        figure("js", 41_230, (50_000, 150_000)),
        figure("dom-nodes", 420, (None, None), ""),
    )
    subject = Subject(url, "content/blog/post, 1.md", "blog", "post.html")
    return PageReport(subject, figures, (mobile, weight(url, "desktop", wide, 16_900)), {"mobile": 528_900})


def plain_page(number: int, extra: tuple[Fetch, ...] = ()) -> PageReport:
    """A page within its budget."""
    url = f"/notes/{number:04}/"
    html = 3_000 + number * 7_919 % 9_000
    figures = (figure("html", html, (14_000, 50_000)), figure("js", 41_230, (50_000, 150_000)))
    weights = tuple(weight(url, profile, extra, html) for profile in ("mobile", "desktop"))
    subject = Subject(url, f"content/notes/{number:04}.md", "notes", "page.html")
    return PageReport(subject, figures, weights, {"mobile": html, "desktop": html})


def verdict(one: Figure, level: Level, limit: float, *, below: bool = False, url: str = "/blog/a|b%20<c>/") -> Verdict:
    source = "content/blog/post, 1.md" if url else ""
    return Verdict(url, source, one.key, one.profile, level, one.found, limit, one.unit, one.rule, below, one.label)


def faulty_report() -> BudgetReport:
    """One fault of every kind: over an error, a warning, a count, a time, a least size; of the site; of the rules."""
    page = faulty_page()
    url, source = page.subject.url, page.subject.source
    of = {one.key: one for one in page.figures}
    others = tuple(plain_page(number) for number in range(6))
    largest = Figure("largest-page", "desktop", 686_000, BYTES, 400_000, 650_000, None, Label.UPPER, DEFAULTS)
    total = Figure("bytes", "", 4_812_331, BYTES, None, 50_000_000, None, Label.EXACT, DEFAULTS)
    causes = (
        Cause("hero & banner.png", source, 7, 512_000, "as AVIF, 1200 px wide", 298_000, passes=True),
        Cause("figure-1.webp", source, 31, 41_000),
    )
    script = Cause("app.js in the bundle app", "assets/app.js", 0, 41_230, "loaded lazily", 41_230)
    header = Cause(f"template {THEME}, block head", THEME, 12, 9_400)
    findings = (
        Finding(
            "over-budget",
            Level.ERROR,
            f"{url} has 512 kB of images, 12 kB too many",
            source,
            7,
            verdict=verdict(of["image"], Level.ERROR, 500_000),
            pages=((url, 512_000),),
            causes=causes,
        ),
        Finding(
            "over-budget",
            Level.ERROR,
            f"{url} makes 31 requests, 1 too many",
            source,
            verdict=verdict(of["requests"], Level.ERROR, 30),
            pages=((url, 31),),
            causes=(script,),
            hint="100% of them are @here: see #12, and *nothing*\r\nelse",
        ),
        Finding(
            "under-budget",
            Level.ERROR,
            f"{url} has 6.12 kB of style sheets, less than the least",
            source,
            4,
            hint="has it lost its style sheet?",
            verdict=verdict(of["css"], Level.ERROR, 8_000, below=True),
            pages=((url, 6_120),),
        ),
        Finding(
            "over-budget",
            Level.ERROR,
            "the largest page of the site has 686 kB, 36 kB too many",
            "site.toml",
            verdict=verdict(largest, Level.ERROR, 650_000, url=""),
            pages=(),
            causes=causes[:1],
        ),
        Finding(
            "unmatched-rule", Level.ERROR, 'no page matches "/blgo/**"', "site.toml", 21, 'did you mean "/blog/**"?'
        ),
        Finding("unknown-size", Level.ERROR, "the size of https://ads.example/unknown.js is not known", THEME, 30),
        Finding(
            "over-budget",
            Level.WARN,
            f"{url} has 16.9 kB of HTML, 2.9 kB too many",
            THEME,
            12,
            verdict=verdict(of["html"], Level.WARN, 14_000),
            pages=((url, 16_900), *((one.subject.url, 14_100) for one in others[:3])),
            causes=(header,),
        ),
        Finding(
            "over-budget",
            Level.WARN,
            f"{url} has 46.4 kB of fonts, 16.4 kB too many",
            source,
            verdict=verdict(of["font"], Level.WARN, 30_000),
            pages=((url, 46_400),),
        ),
        Finding(
            "over-budget",
            Level.WARN,
            f"{url} shows its largest part after 3.25 s, 0.75 s too late",
            source,
            verdict=verdict(of["lcp"], Level.WARN, 2.5),
            pages=((url, 3.25),),
        ),
        Finding("growth", Level.WARN, f"{url} has grown by 11 %", "", 0, "ssg budget accept takes it as it is"),
    )
    versions = {"brotli": "1.1.0", "zlib": "1.3.1"}
    return BudgetReport((page, *others), findings, (largest, total), "br", versions)


def large_report(count: int) -> BudgetReport:
    """Many pages within their budget, each with two images of its own."""
    pages = []
    for number in range(count):
        images = tuple(
            fetch(f"/notes/{number:04}/{name}.webp", Kind.IMAGE, Phase.LAZY, sizes(20_000 + number)) for name in "ab"
        )
        pages.append(plain_page(number, images))
    return BudgetReport(tuple(pages), (), (), "br", {"brotli": "1.1.0"})


def empty_report(*, off: bool = False) -> BudgetReport:
    return BudgetReport((), (), (), "br", {}, off)
