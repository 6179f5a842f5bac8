"""Pages rewritten: where the critical part goes, where the rest goes, and why."""

from collections.abc import Mapping

import pytest
import turbohtml
from hypothesis import given, settings
from hypothesis import strategies as st

from ssg.optimize.critical.apply import Applied, apply
from ssg.optimize.critical.compile import compile_sheet
from ssg.optimize.critical.memo import Memo
from ssg.optimize.critical.placement import Limits, Part, Way, placement
from ssg.optimize.critical.rewrite import LOADER

CSS = ".a{color:red}" + "".join(f".gone{at}{{color:blue}}" for at in range(20))
LINK = "<link rel=stylesheet href=/s.css>"
NONE = Limits(inline=0)


def rewrite(
    head: str, body: str = "<p class=a>", limits: Limits = NONE, sheets: Mapping[str, str] | None = None
) -> tuple[Applied, str, str]:
    """Give what was done, and the rewritten head and body."""
    tree = turbohtml.parse(f"<!doctype html><head>{head}</head><body>{body}", positions=False)
    lookup = {"/s.css": CSS} | dict(sheets or {})
    done = apply(tree, lookup.get, Memo(), limits)
    assert done is not None
    before = tree.html
    assert apply(tree, lookup.get, Memo(), limits) is None or done.placement.way is Way.BLOCKING
    assert tree.html == before
    head_after, body_after = tree.select_one("head"), tree.select_one("body")
    assert head_after is not None
    assert body_after is not None
    return done, head_after.inner_html, body_after.inner_html


def test_the_rest_follows_at_the_end_of_the_body() -> None:
    done, head, body = rewrite(f"<title>t</title>{LINK}")
    assert done.placement.way is Way.END
    assert head == "<title>t</title><style>.a{color:red}</style>"
    assert body == '<p class="a"></p><link rel="stylesheet" href="/s.css" fetchpriority="low">'
    assert done.styles == (".a{color:red}",)
    assert (done.placement.cold, done.placement.following) == (13, 13)


def test_a_style_after_the_link_comes_after_it_at_the_end_too() -> None:
    done, head, body = rewrite(f"{LINK}<style>.a{{b:c}}</style>")
    assert done.placement.way is Way.END
    assert head == "<style>.a{color:red}</style><style>.a{b:c}</style>"
    assert body.endswith('fetchpriority="low"><style>.a{b:c}</style>')


def test_a_small_sheet_stands_in_the_page() -> None:
    done, head, body = rewrite('<link rel=stylesheet href=/s.css media="(width:9px)">', limits=Limits())
    assert done.placement.way is Way.INLINE
    assert head == f'<style media="(width:9px)">{CSS}</style>'
    assert body == '<p class="a"></p>'
    assert done.placement.following == len(CSS)


def test_the_encoding_stands_before_what_is_inlined() -> None:
    _, head, _ = rewrite(f"{LINK}<meta charset=utf-8>")
    assert head.startswith('<meta charset="utf-8"><style>')


@pytest.mark.parametrize(
    ("head", "body", "reason"),
    [
        (LINK + "<link rel=stylesheet href=/t.css>", "<p class=a>", "several sheets keep their order"),
        (LINK + "<link rel=stylesheet href=//other/t.css>", "<p class=a>", "another sheet follows it"),
        (LINK + "<link rel=stylesheet href=/s.css data-ssg-skip>", "<p class=a>", "another sheet follows it"),
        (LINK, "<p class=a><style>p{}</style>", "a <style> in the body follows it"),
        (LINK, "<p class=a><svg><style>p{}</style></svg>", "a <style> in the body follows it"),
        (LINK, "<p class=a><link rel=stylesheet href=/s.css>", "another sheet follows it"),
        (LINK + "<style>@scope{p{}}</style>", "<p class=a>", "a <style> that depends on its place follows it"),
        (LINK + "<style id=mine>p{}</style>", "<p class=a>", "a <style> that depends on its place follows it"),
        (LINK + "<style>p{a:b}.c{d:e}.e{f:g}</style>", "<p class=a>", "more CSS follows it than the page uses of it"),
        (
            LINK,
            "<p class=a><script>document.createElement('style')</script>",
            "a script may make sheets that come after it",
        ),
    ],
)
def test_where_the_place_matters_each_sheet_stays_in_it(head: str, body: str, reason: str) -> None:
    done, after, _ = rewrite(head, body, sheets={"/t.css": CSS})
    assert (done.placement.way, done.placement.reason) == (Way.MEDIA, reason)
    waiting = '<link rel="stylesheet" href="/s.css" data-ssg-media="all" media="print">'
    fallback = '<noscript><link rel="stylesheet" href="/s.css"></noscript>'
    assert after.startswith(f"<script>{LOADER}</script><style>.a{{color:red}}</style>{waiting}{fallback}")
    assert after.count(LOADER) == 1
    assert done.scripts == (LOADER,)
    assert "onload" not in after


@pytest.mark.parametrize(
    ("rule", "body", "way"),
    [
        ("p:last-child{c:d}", "<p class=a>", Way.MEDIA),
        ("p:last-child{c:d}", "<div class=a><p></div>", Way.END),
        (":nth-last-child(2){c:d}", "<p class=a>", Way.MEDIA),
        (".a:only-child{c:d}", "<div><p class=a></div>", Way.END),
        (".a:only-child{c:d}", "<p class=a>", Way.MEDIA),
        ("ul>:last-child{c:d}", "<p class=a>", Way.END),
        ("body>:last-child{c:d}", "<p class=a>", Way.MEDIA),
        ("p:not(:last-child){c:d}", "<p class=a>", Way.MEDIA),
        ("p:has(+*){c:d}", "<p class=a>", Way.MEDIA),
        (".a{&:last-child{c:d}}", "<p class=a>", Way.MEDIA),
        ("p:last-of-type{c:d}", "<p class=a>", Way.END),
        ("@scope{p{c:d}}", "<p class=a>", Way.MEDIA),
        ("@layer{p{c:d}}", "<p class=a>", Way.BLOCKING),
    ],
)
def test_a_rule_that_looks_at_the_end_of_the_body(rule: str, body: str, way: Way) -> None:
    assert rewrite(LINK, body, sheets={"/s.css": CSS + rule})[0].placement.way is way


def test_what_does_not_pay_or_cannot_be_parted_blocks_as_before() -> None:
    done, head, _ = rewrite(LINK, sheets={"/s.css": ".a{color:red}.b{c:d}"})
    assert done.placement.way is Way.END
    done, head, _ = rewrite(LINK, sheets={"/s.css": ".a{color:red}.b{}"})
    assert (done.placement.way, done.placement.reason) == (Way.BLOCKING, "the page uses 13 of 17 bytes")
    assert head == '<link rel="stylesheet" href="/s.css">'
    done, _, _ = rewrite(LINK, limits=Limits(), sheets={"/s.css": "@import url(//x);"})
    assert (done.placement.way, done.placement.reason) == (Way.BLOCKING, "it imports another sheet")


@pytest.mark.parametrize(
    "link",
    [
        "<link rel=stylesheet href=//other/s.css>",
        "<link rel=stylesheet href=/s.css data-ssg-skip>",
        "<link rel=stylesheet href=/s.css media=print>",
        "<link rel=stylesheet href=/s.css id=theme>",
        "<link rel=stylesheet href=/s.css onload=x()>",
        "<link rel='alternate stylesheet' href=/s.css>",
        "<link rel=stylesheet>",
        "<noscript><link rel=stylesheet href=/s.css></noscript>",
        "<template><link rel=stylesheet href=/s.css></template>",
    ],
)
def test_links_that_stay_as_they_are(link: str) -> None:
    tree = turbohtml.parse(f"<!doctype html><head>{link}</head><body><p class=a>", positions=False)
    before = tree.html
    assert apply(tree, {"/s.css": CSS}.get, Memo()) is None
    assert tree.html == before


@pytest.mark.parametrize("scripting", [True, False])
def test_what_noscript_in_the_head_holds_counts(scripting: bool) -> None:
    sheet = CSS + "img.b{c:d}.i{e:f}"
    head = f"<noscript><style>.i{{}}</style><img class=b></noscript>{LINK}"
    tree = turbohtml.parse(f"<!doctype html><head>{head}</head><body><p class=a>", positions=False, scripting=scripting)
    done = apply(tree, {"/s.css": sheet}.get, Memo(), Limits(inline=0, share=1))
    if scripting:
        assert done is not None
        assert done.styles == (".a{color:red}img.b{c:d}",)
        assert "<noscript><style>.i{}</style><img class=b></noscript><style>" in tree.html
    else:  # the head ends at the image, so the link is in the body
        assert done is None


def test_sheets_for_browsers_without_scripts_stay_behind_those_of_the_page() -> None:
    head = f"{LINK}<noscript><link rel=stylesheet href=/s.css></noscript>"
    tree = turbohtml.parse(f"<!doctype html><head>{head}</head><body><p class=a>", positions=False, scripting=True)
    done = apply(tree, {"/s.css": CSS}.get, Memo(), Limits(inline=0, share=1))
    assert done is not None
    assert (done.placement.way, done.placement.reason) == (Way.MEDIA, "another sheet follows it")
    assert "</noscript><noscript><link rel=stylesheet href=/s.css></noscript>" in tree.html


def test_a_sheet_whose_text_is_not_known_may_use_every_animation() -> None:
    frames = "@keyframes spin{to{c:d}}"
    alone = rewrite(LINK, sheets={"/s.css": CSS + frames})[1]
    assert frames not in alone
    beside = rewrite("<link rel=stylesheet href=//other>" + LINK, sheets={"/s.css": CSS + frames})[1]
    assert frames in beside
    styled = rewrite(LINK + "<style>p{animation:spin 1s}</style>", sheets={"/s.css": CSS + frames})[1]
    assert frames in styled


def test_a_memo_changes_nothing() -> None:
    memo = Memo()
    for body in ("<p class=a>", "<p class=gone1>", "<p class=a>"):
        pages = [turbohtml.parse(f"<!doctype html>{LINK}<body>{body}") for _ in range(2)]
        one, two = apply(pages[0], {"/s.css": CSS}.get, memo, NONE), apply(pages[1], {"/s.css": CSS}.get, Memo(), NONE)
        assert one == two
        assert pages[0].html == pages[1].html
    assert len(memo.sheets) == 1
    assert len(memo.parts) == 2


@given(st.integers(0, 5000), st.integers(0, 5000), st.floats(0, 1), st.integers(0, 3000), st.sampled_from(["", "why"]))
@settings(max_examples=100)
def test_the_choice_never_makes_a_first_page_wait_for_more(
    full: int, used: int, share: float, repeated: int, fixed: str
) -> None:
    part = Part(compile_sheet("p{a:" + "b" * full + "}"), "x" * min(used, full), min(used, full))
    chosen = placement([part], fixed, repeated, Limits(1000, share))
    assert chosen.reason
    assert chosen.way is not Way.END or not fixed
    if chosen.way in {Way.END, Way.MEDIA}:
        assert chosen.cold <= 2 * part.sheet.size
        assert len(part.critical) <= share * part.sheet.size
