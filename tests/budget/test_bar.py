"""The budget bar of a page as a value."""

import msgspec

from ssg.budget.bar import Part, weigh_bar
from ssg.budget.values import BYTES, Kind, Level, PageReport, Phase
from tests.budget.sample import fetch, figure, plain_page, sizes, weight


def page(html: int, *, image: int = 0) -> PageReport:
    url = "/notes/0001/"
    extra = (fetch("/a.webp", Kind.IMAGE, Phase.INITIAL, sizes(image), url),) if image else ()
    figures = (figure("requests", 5 + len(extra), (15, 30), ""), figure("html", html, (14_000, 50_000)))
    return msgspec.structs.replace(plain_page(1), weights=(weight(url, "mobile", extra, html),), figures=figures)


def test_the_weight_by_class() -> None:
    bar = weigh_bar(page(3_000), None, "br")
    assert bar.bytes == 3_000 + 6_120 + 41_230 + 28_400 + 410 == sum(part.found for part in bar.parts)
    assert [part.key for part in bar.parts] == ["html", "css", "js", "font", "other"]
    assert bar.parts[0] == Part("html", 3_000, BYTES, None, 14_000, None)
    assert bar.parts[1] == Part("css", 6_120, BYTES, None, None, None)
    assert bar.limits == (Part("requests", 5, "", None, 15, None),)
    assert (bar.added, bar.level, bar.requests, bar.profile) == (None, None, 5, "mobile")


def test_what_an_edit_added() -> None:
    bar = weigh_bar(page(60_000, image=9_000), page(3_000), "br")
    added = {part.key: part.added for part in (*bar.parts, *bar.limits)}
    assert added == {"html": 57_000, "css": 0, "js": 0, "font": 0, "image": 9_000, "other": 0, "requests": 1}
    assert bar.added == 66_000
    assert bar.level is Level.ERROR
    assert bar.parts[0].limit == 50_000
    gone = weigh_bar(page(3_000), page(3_000, image=9_000), "br")
    assert Part("image", 0, BYTES, -9_000, None, None) in gone.parts
    assert gone.added == -9_000


def test_the_heaviest_profile_is_compared_with_itself() -> None:
    mobile, desktop = weight("/", "mobile"), weight("/", "desktop", html=9_000)
    now = msgspec.structs.replace(page(3_000), weights=(mobile, desktop))
    before = msgspec.structs.replace(now, weights=(mobile, weight("/", "desktop", html=8_000)))
    bar = weigh_bar(now, before, "br")
    assert (bar.profile, bar.added) == ("desktop", 1_000)
    assert weigh_bar(now, msgspec.structs.replace(now, weights=(mobile,)), "br").added is None


def test_a_limit_of_other_bytes_is_a_line_of_its_own() -> None:
    raw = figure("html", 12_000, (10_000, 50_000))
    bar = weigh_bar(msgspec.structs.replace(page(3_000), figures=(raw,)), None, "br")
    assert bar.parts[0] == Part("html", 3_000, BYTES, None, None, None)
    assert bar.limits == (Part("html", 12_000, BYTES, None, 10_000, Level.WARN),)
    assert bar.level is Level.WARN


def test_a_page_without_a_weight() -> None:
    bar = weigh_bar(msgspec.structs.replace(page(3_000), weights=(), figures=()), page(3_000), "br")
    assert (bar.bytes, bar.added, bar.parts, bar.requests) == (0, None, (), 0)
