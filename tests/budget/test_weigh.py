"""What is fetched for a page: one test for each rule. Names and answers are those of Chromium 156, which was asked."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.budget.facts import PageFacts
from ssg.budget.graph import Weigher, weigh
from ssg.budget.page import packed, read_page
from ssg.budget.values import DESKTOP, MOBILE, PROFILES, File, Kind, Label, Phase, Sizes
from tests.budget.site import CRITICAL, ICON, INITIAL, LAZY, fetched, files_of, told, weighed


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("<link rel=stylesheet href=/a.css>", {"/a.css": CRITICAL}),
        ("<link rel=STYLESHEET href=a.css>", {"/p/a.css": CRITICAL}),
        ("<link rel=stylesheet media=print href=/a.css>", {"/a.css": INITIAL}),
        ("<link rel=stylesheet media='(min-width:9000px)' href=/a.css>", {"/a.css": INITIAL}),
        ("<link rel='alternate stylesheet' title=x href=/a.css>", {"/a.css": INITIAL}),
        ("<link rel=stylesheet disabled href=/a.css>", {}),
        ("<link rel=stylesheet type=text/less href=/a.css>", {}),
        ("<link rel=stylesheet type='TEXT/CSS; charset=x' href=/a.css>", {"/a.css": CRITICAL}),
        ("<link rel=stylesheet href=''>", {}),
        ("<link rel=stylesheet href=/a.css><link rel=stylesheet href=/a.css#x>", {"/a.css": CRITICAL}),
        ("<link rel=stylesheet href=/a.css?1>", {"/a.css?1": CRITICAL}),
        ("<body><p>x<link rel=stylesheet href=/a.css>", {"/a.css": INITIAL}),
        ("<template><link rel=stylesheet href=/a.css></template>", {}),
        ("<noscript><link rel=stylesheet href=/a.css></noscript>", {}),
        ("<base href=/b/><base href=/c/><link rel=stylesheet href=a.css>", {"/b/a.css": CRITICAL}),
        ("<link rel=stylesheet href=https://example.org/a.css>", {"/a.css": CRITICAL}),
    ],
)
def test_a_style_sheet(head: str, expected: dict[str, str]) -> None:
    assert told(fetched(head)) == expected


def test_imports_follow_each_other_and_end() -> None:
    sheets = {
        "/a.css": '@import "b.css"; @layer x; @import url(c.css) layer(x) print; p{} @import "late.css";',
        "/b.css": '@import "a.css"; @import "d.css" supports(display:grid); @namespace x "y"; @import "no.css";',
        "/c.css": '@import "e.css";',
    }
    found = fetched("<link rel=stylesheet href=/a.css>", sheets)
    assert told(found) == {
        "/a.css": CRITICAL, "/b.css": CRITICAL, "/d.css": "critical?", "/c.css": INITIAL, "/e.css": INITIAL,
    }  # fmt: skip
    assert [found[url].via for url in ("/a.css", "/b.css", "/d.css", "/e.css")] == ["", "/a.css", "/b.css", "/c.css"]


@pytest.mark.parametrize(
    ("css", "body", "expected"),
    [
        ("p{background:url(/i.png)}", "<p>x", {"/i.png": INITIAL}),
        ("p{background:url(i.png)}", "<p>x", {"/p/i.png": INITIAL}),
        (".no{background:url(/i.png)}", "<p>x", {}),
        ("p:hover{background:url(/i.png)}", "<p>x", {}),
        ("p::selection{background:url(/i.png)}", "<p>x", {}),
        ("p::before{content:'';background:url(/i.png)}", "<p>x", {"/i.png": INITIAL}),
        ("p::after{background:url(/i.png)}", "<p>x", {"/i.png": "initial?"}),
        ("@media print{p{background:url(/i.png)}}", "<p>x", {}),
        ("@media (min-width:600px){p{background:url(/i.png)}}", "<p>x", {"/i.png": INITIAL}),
        ("@supports (display:grid){p{background:url(/i.png)}}", "<p>x", {"/i.png": "initial?"}),
        ("p{background:url(/1.png)} p{background:url(/2.png)}", "<p>x", {"/1.png": "initial?", "/2.png": "initial?"}),
        ("p{background:url(/1.png);background:url(/2.png)}", "<p>x", {"/1.png": "initial?", "/2.png": INITIAL}),
        (".h{display:none}p{background:url(/i.png)}", "<div class=h><p>x</div>", {"/i.png": "initial?"}),
        ("p{background:url(/i.png)}", "<div hidden><p>x</div>", {"/i.png": "initial?"}),
        (".n{&.m{mask-image:url(/1.png)} .q &{background:url(/2.png)}}", "<p class='n m'>", {"/1.png": INITIAL}),
        ("p{background:image-set('/1.png' 1x, '/2.png' 2x)}", "<p>x", {"/1.png": INITIAL}),
        ("p{background:image-set('/1.x' type('x/x'), url(/2.png) 2x)}", "<p>x", {"/2.png": INITIAL}),
        ("@keyframes k{to{background:url(/i.png)}}", "<p>x", {}),
        ("@keyframes k{to{background:url(/i.png)}} p{animation:1s k}", "<p>x", {"/i.png": "initial?"}),
        ("p{--x:url(/i.png)}", "<p>x", {"/i.png": "initial?"}),
        ("p{background:url(#x) url('') url(data:,)}", "<p>x", {}),
        ("template p{background:url(/i.png)}", "<template><p>x</template>", {}),
        ("p{cursor:url(/i.png),auto}", "<p>x", {"/i.png": "initial?"}),
    ],
)
def test_an_image_of_a_rule(css: str, body: str, expected: dict[str, str]) -> None:
    assert told(fetched(f"<style>{css}</style>{body}")) == expected


def test_an_image_of_a_style_attribute_may_be_hidden() -> None:
    assert told(fetched("<p style='background:url(/i.png)'>x")) == {"/i.png": "initial?"}


FACES = {
    "plain": "@font-face{font-family:A;src:url(/a.woff2)}",
    "two weights": "@font-face{font-family:A;src:url(/4.woff2)}@font-face{font-family:A;font-weight:700;src:url(/7.woff2)}",
    "ranges": "@font-face{font-family:A;src:url(/l.woff2);unicode-range:U+0-FF}"
    "@font-face{font-family:A;src:url(/c.woff2);unicode-range:U+400-4FF}",
    "sources": "@font-face{font-family:A;src:local('Q'),url(/a.eot),url(/b.x) format('embedded-opentype'),"
    "url(/c.woff2) format('woff2') tech(variations),url(/d.woff)}",
    "twice": "@font-face{font-family:A;src:url(/1.woff2)}@font-face{font-family:A;src:url(/2.woff2)}",
    "slanted": "@font-face{font-family:A;src:url(/n.woff2)}@font-face{font-family:A;font-style:italic;src:url(/i.woff2)}",
    "around": "@font-face{font-family:A;src:url(/3.woff2);font-weight:300}"
    "@font-face{font-family:A;src:url(/6.woff2);font-weight:600}",
    "print": "@media print{@font-face{font-family:A;src:url(/a.woff2)}}",
}


@pytest.mark.parametrize(
    ("faces", "css", "body", "expected"),
    [
        ("plain", "p{font-family:A}", "<p>x", {"/a.woff2": INITIAL}),
        ("plain", "p{font-family:B}", "<p>x", {}),
        ("plain", "b{font-family:A}", "<p>x", {}),
        ("plain", "p{font:12px/2 'A',serif}", "<p>x", {"/a.woff2": "initial?"}),
        ("plain", "p{font-family:serif,A}", "<p>x", {"/a.woff2": "initial?"}),
        ("plain", ":root{--f:A}p{font-family:var(--f)}", "<p>x", {"/a.woff2": "initial?"}),
        ("plain", "", "<p style='font-family:A'>x", {"/a.woff2": "initial?"}),
        ("two weights", "p{font-family:A}", "<p>x", {"/4.woff2": INITIAL}),
        ("two weights", "body{font-family:A}", "<h1>x</h1>", {"/4.woff2": "initial?", "/7.woff2": "initial?"}),
        ("two weights", "p{font-family:A;font-weight:600}", "<p>x", {"/4.woff2": "initial?", "/7.woff2": "initial?"}),
        ("ranges", "p{font-family:A}", "<p>x", {"/l.woff2": INITIAL}),
        ("ranges", "p{font-family:A}", "<p>Ж", {"/l.woff2": "initial?", "/c.woff2": "initial?"}),
        ("ranges", "p{font-family:A}", "<p>&#1046;", {"/l.woff2": "initial?", "/c.woff2": "initial?"}),
        ("ranges", "p{font-family:A}p::before{content:'Ж'}", "<p>x", {"/l.woff2": "initial?", "/c.woff2": "initial?"}),
        ("sources", "p{font-family:A}", "<p>x", {"/c.woff2": INITIAL}),
        ("twice", "p{font-family:A}", "<p>x", {"/2.woff2": INITIAL}),
        ("slanted", "p{font-family:A}", "<p>x", {"/n.woff2": INITIAL}),
        ("slanted", "p{font-family:A}", "<p>x<em>y</em>", {"/n.woff2": "initial?", "/i.woff2": "initial?"}),
        ("around", "p{font-family:A}", "<p>x", {"/3.woff2": INITIAL}),
        ("print", "p{font-family:A}", "<p>x", {}),
        ("plain", ".h{display:none}p{font-family:A}", "<p class=h>x", {"/a.woff2": "initial?"}),
    ],
)
def test_a_font(faces: str, css: str, body: str, expected: dict[str, str]) -> None:
    assert told(fetched(f"<style>{FACES[faces]}{css}</style>{body}")) == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<script src=/a.js></script>", {"/a.js": CRITICAL}),
        ("<script defer src=/a.js></script>", {"/a.js": INITIAL}),
        ("<script async src=/a.js></script>", {"/a.js": INITIAL}),
        ("<script async blocking=render src=/a.js></script>", {"/a.js": CRITICAL}),
        ("<p><script src=/a.js></script>", {"/a.js": INITIAL}),
        ("<script nomodule src=/a.js></script>", {}),
        ("<script type=x src=/a.js></script>", {}),
        ("<script type=' text/javascript ' src=/a.js></script>", {"/a.js": CRITICAL}),
        ("<script type='text/javascript; charset=utf-8' src=/a.js></script>", {}),
        ("<script language=vbscript src=/a.js></script>", {}),
        ("<script type=' module ' src=/a.js></script>", {}),
        ("<script type=speculationrules>{}</script><script type=application/json src=/a.js></script>", {}),
        ("<svg><script href=/a.js></script></svg>", {"/a.js": INITIAL}),
        ("<script type=module src=/a.js></script>", {"/a.js": INITIAL}),
        ("<script>import('/l.js')</script>", {"/l.js": "initial?"}),
        ("<script>addEventListener('x', () => import('/l.js'))</script>", {"/l.js": LAZY}),
    ],
)
def test_a_script(html: str, expected: dict[str, str]) -> None:
    assert told(fetched(html)) == expected


def test_modules_are_followed() -> None:
    modules = {
        "/m.js": "import a from './a.js'; export * from './b.js'; import j from './j.json' with {type: 'json'};"
        "export const later = () => import('./l.js');",
        "/a.js": "import './m.js'",
        "/l.js": "import './deep.js'",
    }
    assert told(fetched("<script type=module src=/m.js></script>", modules)) == {
        "/m.js": INITIAL, "/a.js": INITIAL, "/b.js": INITIAL, "/j.json": INITIAL, "/l.js": LAZY, "/deep.js": LAZY,
    }  # fmt: skip


def test_an_import_map_names_modules() -> None:
    html = (
        '<script type=importmap>{"imports": {"a": "/1.js", "d/": "/d/"}, "scopes": {"/x/": {"a": "/2.js"}}}</script>'
        "<script type=module>import 'a'; import 'd/e.js'; import 'nowhere'</script><script type=module src=/x/m.js></script>"
    )
    weight = weighed(html, {"/x/m.js": "import 'a'"})
    assert {one.url for one in weight.fetches} >= {"/1.js", "/d/e.js", "/x/m.js", "/2.js"}
    assert [name for name, _ in weight.unknown] == ["nowhere"]


def test_what_scripts_fetch_is_told_as_unknown() -> None:
    weight = weighed("<script src=/a.js></script>", {"/a.js": "fetch('/x'); new Worker('/w.js'); import(name)"})
    assert [(url, reason.partition(" in it")[0]) for url, reason in weight.unknown] == [
        ("/a.js", "fetch()"),
        ("/a.js", "new Worker()"),
        ("/a.js", "import() of what is no literal"),
    ]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<img src=/a.png>", {"/a.png": INITIAL}),
        ("<img src=' /a.png '>", {"/a.png": INITIAL}),
        ("<img src=''><img src='#x'><img src='data:,'>", {}),
        ("<div hidden><img src=/a.png></div>", {"/a.png": INITIAL}),
        ("<div><template shadowrootmode=open><img src=/a.png></template></div>", {"/a.png": INITIAL}),
        ("<img loading=LAZY src=/a.png>", {"/a.png": LAZY}),
        ("<img loading=lazy src=/a.png><img src=/a.png>", {"/a.png": INITIAL}),
        ("<img src=/a.png srcset='/b.png 2x'>", {"/a.png": INITIAL}),
        ("<picture><source type=image/x srcset=/1.x><source type=image/avif srcset=/2.avif><img src=/3.png></picture>",
         {"/2.avif": INITIAL}),
        ("<picture><source media=print srcset=/1.png><source media=screen srcset=/2.png><img src=/3.png></picture>",
         {"/2.png": INITIAL}),
        ("<picture><source src=/1.png><img src=/3.png></picture>", {"/3.png": INITIAL}),
        ("<picture><img src=/3.png><source srcset=/1.png></picture>", {"/3.png": INITIAL}),
        ("<picture><div><source srcset=/1.png></div><img src=/3.png></picture>", {"/3.png": INITIAL}),
        ("<input type=image src=/a.png><input src=/b.png>", {"/a.png": INITIAL}),
        ("<svg><image href=/a.png /><image xlink:href=/b.png /><use href='/c.svg#x'/><use href='#x'/></svg>",
         {"/a.png": INITIAL, "/b.png": INITIAL, "/c.svg": INITIAL}),
        ("<svg><filter><feImage href=/a.png /></filter></svg>", {"/a.png": INITIAL}),
        ("<object data=/a.svg></object><embed src=/b.svg>", {"/a.svg": "initial?", "/b.svg": "initial?"}),
        ("<object data=/a.x type=x/x></object>", {}),
        ("<body background=/a.png><table background=/b.png></table>", {"/a.png": INITIAL, "/b.png": "initial?"}),
        ("<video poster=/p.png preload=none src=/v.mp4></video>", {"/p.png": INITIAL, "/v.mp4": LAZY}),
        ("<video src=/v.mp4></video>", {"/v.mp4": "initial?"}),
        ("<video preload=none autoplay src=/v.mp4></video>", {"/v.mp4": "initial?"}),
        ("<audio><source src=/a.x type=audio/x><source src=/b.mp3 type=audio/mpeg></audio>", {"/b.mp3": "initial?"}),
        ("<video src=/v.mp4><track src=/1.vtt><track default src=/2.vtt></video>",
         {"/v.mp4": "initial?", "/2.vtt": "initial?"}),
    ],
)  # fmt: skip
def test_an_image_or_media(html: str, expected: dict[str, str]) -> None:
    found = told(fetched(html))
    # What a reader starts may be more or less than the whole file.
    assert {url: phase.replace("lazy?", "lazy") for url, phase in found.items()} == expected


def test_each_device_has_its_image() -> None:
    html = "<img srcset='/1.png 400w, /2.png 800w, /3.png 1600w' sizes='(max-width:600px) 100vw, 50vw'>"
    assert list(fetched(html, profile=DESKTOP)) == ["/2.png"]
    # Without a viewport, Chromium looks ahead with 412 px, and lays out with 980.
    assert told(fetched(html, profile=MOBILE)) == {"/3.png": INITIAL, "/2.png": "initial?"}
    device = "<meta name=viewport content='width=device-width, initial-scale=1'>"
    assert list(fetched(device + html, profile=MOBILE)) == ["/2.png"]
    art = "<picture><source media='(max-width:600px)' srcset=/s.png><img src=/l.png></picture>"
    assert list(fetched(art, profile=DESKTOP)) == ["/l.png"]
    assert list(fetched(device + art, profile=MOBILE)) == ["/s.png"]


@pytest.mark.parametrize(
    ("meta", "expected"),
    [
        ("", {"/wide.png", "/tall.png"}),
        ("<meta name=viewport content='user-scalable=no'>", {"/wide.png", "/tall.png"}),
        ("<meta name=viewport content='width=device-width'>", {"/narrow.png"}),
        ("<meta name=viewport content='initial-scale=1'>", {"/narrow.png"}),
        ("<meta name=VIEWPORT content='width=320'>", {"/narrow.png"}),
    ],
)
def test_a_phone_shows_a_page_without_a_viewport_as_if_it_were_wide(meta: str, expected: set[str]) -> None:
    css = "p{background:url(/%s.png)}"
    rules = [("min-width:900px", "p", "wide"), ("max-width:412px", "p", "narrow"), ("min-height:900px", "b", "tall")]
    style = "".join(f"@media ({media}){{{css.replace('p{', f'{tag}{{') % name}}}" for media, tag, name in rules)
    assert set(fetched(f"{meta}<style>{style}</style><p>x<b>y</b>", profile=MOBILE)) == expected


def test_frames_are_pages_that_hold_up_nothing() -> None:
    frame = "<link rel=stylesheet href=f.css><link rel=icon href=i.png><img src=f.png><style>p{background:url(b.png)}</style><p>x"
    found = fetched("<iframe src=/f/></iframe>", {"/f/": frame})
    assert told(found) == {"/f/": INITIAL, "/f/f.css": INITIAL, "/f/f.png": INITIAL, "/f/b.png": "initial"}
    assert found["/f/f.css"].via == "/f/"
    assert told(fetched("<iframe loading=lazy src=/f/></iframe>", {"/f/": frame}))["/f/f.css"] == f"{LAZY}?"
    assert told(fetched("<iframe srcdoc='<img src=a.png>'></iframe>")) == {"/p/a.png": INITIAL}
    assert told(fetched("<iframe src=/f/></iframe>", {"/f/": "<iframe src=/f/></iframe>"})) == {"/f/": INITIAL}


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("as=image href=/a.png", {"/a.png": INITIAL}),
        ("as=font crossorigin href=/a.woff2", {"/a.woff2": INITIAL}),
        ("as=font crossorigin type=font/x href=/a.woff2", {}),
        ("as=image type=image/x href=/a.x", {}),
        ("as=style type=text/less href=/a.css", {}),
        ("as=script type=text/x href=/a.js", {"/a.js": INITIAL}),
        ("as=fetch crossorigin href=/a.json", {"/a.json": INITIAL}),
        ("as=document href=/a.html", {}),
        ("as=video href=/a.mp4", {}),
        ("href=/a.js", {}),
        ("as=image media=print href=/a.png", {}),
        ("as=image imagesrcset='/1.png 400w, /2.png 800w' imagesizes=50vw href=/a.png", {"/2.png": INITIAL}),
    ],
)
def test_a_preload(link: str, expected: dict[str, str]) -> None:
    assert told(fetched(f"<link rel=preload {link}>")) == expected


def test_a_preload_is_not_a_second_fetch() -> None:
    html = "<link rel=preload as=style href=/a.css><link rel=stylesheet href=/a.css>"
    assert told(fetched(html)) == {"/a.css": CRITICAL}
    assert weighed(html).lints == ()


def test_preloads_that_cost_are_told() -> None:
    face = "<style>@font-face{font-family:A;src:url(/a.woff2)}p{font-family:A}</style><p>x"
    anonymous = "<link rel=preload as=font crossorigin href=/a.woff2>"
    assert weighed(anonymous + face).lints == ()
    assert [one[:2] for one in weighed(anonymous).lints] == [("unused-preload", "/a.woff2")]
    plain = weighed("<link rel=preload as=font href=/a.woff2>" + face)
    assert [one[:2] for one in plain.lints] == [("font-preload", "/a.woff2")]
    wide = weighed("<img srcset='/1.png 400w, /2.png 800w'>")
    assert [one[:2] for one in wide.lints] == [("no-sizes", "/1.png")]


def test_what_is_prefetched_is_for_another_page() -> None:
    assert told(fetched("<link rel=prefetch href=/a.js><link rel=modulepreload href=/m.js>")) == {
        "/a.js": f"{LAZY}?",
        "/m.js": INITIAL,
    }


def test_a_browser_asks_for_one_icon_or_the_usual_one() -> None:
    def icons(html: str) -> dict[str, Sizes | None]:
        return {one.url: one.sizes for one in weighed(html, {"/404.html": "gone"}).fetches[1:]}

    assert icons("<p>x") == {ICON: Sizes(0)}
    assert icons("<link rel='shortcut icon' href=/i.ico>") == {"/i.ico": Sizes(1)}
    assert icons("<link rel=icon media=print href=/i.ico>") == {ICON: Sizes(0)}
    assert icons("<link rel=apple-touch-icon href=/i.png>") == {ICON: Sizes(0)}
    assert icons("<body><p>x<link rel=icon href=/i.png>") == {ICON: Sizes(0)}
    found = icons("<link rel=icon href=data:,><link rel=manifest href=/a.webmanifest><link rel=manifest href=/b.json>")
    assert "/a.webmanifest" in found
    assert "/b.json" not in found


def test_a_file_that_is_not_there_is_told() -> None:
    weight = weighed("<img src=/a.png>", lacking=("/a.png",))
    assert [one.sizes for one in weight.fetches if one.url == "/a.png"] == [None]
    assert weight.unknown == (("/a.png", "no file of the site answers"),)


def test_other_hosts_are_counted() -> None:
    known, unknown = "https://cdn.jsdelivr.net/npm/jquery@3.6.0/dist/jquery.min.js", "https://x.example/a.js"
    found = fetched(f"<script src={known}></script><script src={unknown}></script>")
    assert [(one.third_party, one.label) for one in found.values()] == [(True, Label.ASSUMED)] * 2
    assert found[known].sizes == Sizes(87533, 30336, 29763)
    assert found[unknown].sizes is None
    told_of = weighed(f"<script src={unknown}></script>").unknown
    assert told_of == ((unknown, "what a file of another host fetches in turn is not counted"),)


def test_the_page_comes_first_with_what_is_in_it() -> None:
    html = "<!doctype html><title>é</title><style>p{}</style></head><body><script>1</script><p>x</p>"
    weight = weighed(html)
    assert (weight.fetches[0].url, weight.fetches[0].kind, weight.fetches[0].phase) == (
        "/p/",
        Kind.HTML,
        Phase.CRITICAL,
    )
    assert weight.fetches[0].sizes == Sizes(len(html.encode()))
    assert weight.inline == {"css": 3, "js": 1}
    assert weight.nodes == 7
    assert weight.head == packed(html[: html.index("<body>")])


def test_a_head_ends_where_the_body_begins() -> None:
    assert read_page("<title>x</title>\n<p>y</p></head>", "/").head.raw == len("<title>x</title>\n")
    assert read_page("<title>x</title><meta charset=utf-8>", "/").head.raw == len(
        "<title>x</title><meta charset=utf-8>"
    )


def test_pages_with_the_same_references_share_what_is_fetched() -> None:
    weigher = Weigher(files_of({}))
    first, second = (
        weigher.weigh(read_page(f"<link rel=stylesheet href=/a.css><img src=/a.png><p>{url}", url), MOBILE)
        for url in ("/1/", "/2/")
    )
    assert all(one is other for one, other in zip(first.fetches[1:], second.fetches[1:], strict=True))
    assert first.fetches[0] != second.fetches[0]


PARTS = st.sampled_from([
    "<link rel=stylesheet href=/a.css>", "<link rel=stylesheet href=/a.css media=print>", "<img src=/a.png>", "</head>",
    "<img srcset='/a.png 1x, b 2w' sizes='calc(1vw", "<style>@import 'a.css';p{background:url(", "<style>p{", "</style>",
    "<script>import(", "<script type=module>import './x'", "</script>", "<iframe src=/p/>", "<iframe srcdoc='<p>", "'>",
    "<template>", "<svg>", "<picture><source srcset=/x>", "<base href='//[x'>", "<a href=http://[>", "<noscript>", "\ud800",
    '<script type=importmap>{"imports":{"a":1}}</script>', "<video>", "<object data=/p/>", "<p style='font:x'>",
])  # fmt: skip


@given(st.lists(st.one_of(PARTS, st.text(max_size=20)), max_size=12), st.text(max_size=60))
def test_nothing_that_is_no_html_is_refused(parts: list[str], css: str) -> None:
    html = "".join(parts)
    body = html.encode("utf-8", "replace")

    def files(url: str) -> File | None:
        kept = {"/p/": body, "/a.css": css.encode("utf-8", "replace"), "/x": b"import './y'"}
        return File(url, "", Sizes(1), lambda: kept.get(url, b"")) if url in kept else None

    facts = read_page(html, "/p/")
    assert "\ud800" in html or msgspec.msgpack.decode(msgspec.msgpack.encode(facts), type=PageFacts) == facts
    for profile in PROFILES:
        weight = weigh(facts, files, profile)
        assert weight == weigh(facts, files, profile)
        urls = [one.url for one in weight.fetches]
        assert len(set(urls)) >= len(urls) - 1  # a page may show itself in a frame


def test_a_service_worker_and_what_it_has_ahead_come_after_the_page() -> None:
    script = "<script>addEventListener('load', () => navigator.serviceWorker.register(\"/sw.js\"))</script>"
    worker = {"/sw.js": 'const FILES=["/a.css","/o/"],VERSION="1",BASE="/";"/other.css"'}
    late = {"/sw.js": f"{LAZY}?", "/a.css": f"{LAZY}?", "/o/": f"{LAZY}?"}
    assert told(fetched(script, worker)) == late
    assert told(fetched(f"<link rel=stylesheet href=/a.css>{script}", worker)) == {**late, "/a.css": CRITICAL}
    assert told(fetched(script, {"/sw.js": "addEventListener('fetch', () => 0)"})) == {"/sw.js": f"{LAZY}?"}
    assert told(fetched("<script>register('/sw.js'); navigator.serviceWorker.register(name)</script>")) == {}


def test_an_icon_comes_with_a_web_app_manifest() -> None:
    icons = '{"icons": [{"src": "i.png", "sizes": "192x192"}, {"src": "/m.png", "sizes": "512x512", "purpose": "maskable"}]}'
    page = "<link rel=manifest href=/app/a.webmanifest>"
    weights = {one.name: weighed(page, {"/app/a.webmanifest": icons}, one) for one in (MOBILE, DESKTOP)}
    asked = {name: {one.url: (one.phase, one.label) for one in weight.fetches[1:]} for name, weight in weights.items()}
    assert asked["desktop"].pop("/app/i.png") == (Phase.INITIAL, Label.UPPER)
    assert "/m.png" not in asked["desktop"]
    assert {"/app/i.png", "/m.png"} <= asked["mobile"].keys()
    framed = fetched("<iframe src=/f/></iframe>", {"/f/": page, "/app/a.webmanifest": icons})
    assert "/app/i.png" not in told(framed)
