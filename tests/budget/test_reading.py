"""What is read from sheets, scripts and URLs."""

from typing import Any

import msgspec
import pytest
import turbohtml
from hypothesis import given
from hypothesis import strategies as st

from ssg.budget.addresses import resolve, third_party
from ssg.budget.facts import Face, Import, ModuleFacts, Selector, SheetFacts
from ssg.budget.lengths import length, values
from ssg.budget.module import read_module
from ssg.budget.selectors import selectors
from ssg.budget.sheet import read_sheet
from ssg.budget.third_party import HOSTS, PACKAGES, assumed
from ssg.budget.values import DESKTOP, MOBILE


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("/a/b.png", "/a/b.png"),
        ("b.png", "/p/b.png"),
        ("../b.png", "/b.png"),
        ("/a/../b.png", "/b.png"),
        ("/a b.png", "/a%20b.png"),
        ("/é.png", "/%C3%A9.png"),
        ("/%C3%A9.png?v=1#x", "/%C3%A9.png?v=1"),
        ("  b.png\n", "/p/b.png"),
        ("\\a\\b.png", "/a/b.png"),
        ("#x", ""),
        ("", ""),
        ("data:image/png,x", ""),
        ("mailto:a@b.c", ""),
        ("//cdn.example/x.js", "https://cdn.example/x.js"),
        ("HTTPS://CDN.example/x.js", "https://cdn.example/x.js"),
        ("https://example.org/a.png", "/a.png"),
        ("https://example.organic/a.png", "https://example.organic/a.png"),
        ("http://[", ""),
    ],
)
def test_a_url_is_resolved(url: str, expected: str) -> None:
    assert resolve(url, "/p/", ("https://example.org",)) == expected


@given(st.text(), st.sampled_from(["/p/", "/p/a.css", "https://cdn.example/x/y.css"]))
def test_a_resolved_url_is_one_that_is_asked_for(url: str, base: str) -> None:
    found = resolve(url, base)
    assert found == "" or found.startswith(("/", "http://", "https://"))
    assert resolve(found, "/elsewhere/") == found
    assert third_party(found) == (not found.startswith("/"))


def test_an_import_has_conditions() -> None:
    css = '@charset "x"; @layer a; @import "b.css"; @import url(c.css) layer(x) supports(display: grid) print; p{}'
    assert read_sheet(css, "/css/a.css").imports == (
        Import("/css/b.css"),
        Import("/css/c.css", "print", certain=False),
    )


def test_a_face_has_what_decides_whether_it_loads() -> None:
    css = (
        '@font-face{font-family:"A  B";src:local(x),url(a.eot),url(x.woff2) format("woff2"),url(y.woff);'
        "unicode-range:U+0-FF, U+4??;font-weight:100 900;font-style:oblique 10deg}"
    )
    [face] = read_sheet(css, "/css/a.css").faces
    assert face == Face("a b", "/css/x.woff2", (100, 900), slanted=True, ranges=((0, 255), (0x400, 0x4FF)))
    assert read_sheet("@font-face{font-family:A;src:local(x)}", "/").faces == ()


def _selected(css: str) -> tuple[Selector, ...]:
    [rule] = [one for one in read_sheet(css, "/").rules if one.images]
    return rule.selectors


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        ("a", Selector("a")),
        ("a::before", Selector("a", pseudo="before")),
        ("a:after", Selector("a", pseudo="after")),
        ("::marker", Selector("*", pseudo="marker")),
        ("a > ::marker", Selector("a > *", pseudo="marker")),
        ("a:focus b", Selector("a b", certain=False)),
        (":focus", Selector("*", certain=False)),
        ("a:not(.x)", Selector("a:not(.x)")),
        ("a:not(:hover)", Selector("a", certain=False)),
        ("a:nth-child(2n+1)", Selector("a:nth-child(2n+1)")),
        ("a:lang(en)", Selector("a", certain=False)),
        ("..", Selector("*", certain=False)),
    ],
)
def test_a_selector_is_asked_without_what_a_tree_does_not_know(selector: str, expected: Selector) -> None:
    assert _selected(f"{selector}{{background:url(/x)}}") == (expected,)


def test_nested_rules_have_the_selectors_of_their_parents() -> None:
    assert _selected(".a,.b{ &.c{background:url(/x)} }") == (Selector(":is(.a,.b).c"),)
    assert _selected(".a{ > b{background:url(/x)} }") == (Selector(":is(.a) > b"),)
    assert _selected(".a{ @media screen { background:url(/x) } }") == (Selector(".a"),)


COMPOUNDS = st.lists(
    st.sampled_from(["p", "b", ".x", ".y", "#i", "[class]", ":first-child", ":not(.x)", ":is(p,b)", ":focus", ":root"]),
    min_size=1,
    max_size=3,
).map(lambda parts: "".join(sorted(parts, key=lambda part: not part.isalpha())))
COMPLEX = st.lists(COMPOUNDS, min_size=1, max_size=3).map(" ".join)
TREES = st.recursive(
    st.just("x"),
    lambda inner: st.builds(
        lambda tag, attribute, body: f"<{tag} {attribute}>{''.join(body)}</{tag}>",
        st.sampled_from(["div", "b", "section"]),
        st.sampled_from(["", "class=x", "class='x y'", "id=i"]),
        st.lists(inner, max_size=3),
    ),
    max_leaves=8,
)


@given(COMPLEX, TREES)
def test_a_selector_that_is_asked_matches_all_that_the_rule_may(selector: str, html: str) -> None:
    tree = turbohtml.parse(html)
    [asked] = selectors(values(selector), None)
    plain = selector.replace(":focus", "") if ":focus" not in selector.split() else ""
    if plain and all(part and not part.isspace() for part in plain.split(" ")):
        wanted = tree.select(plain)
        assert {one.xpath_path() for one in wanted} <= {one.xpath_path() for one in tree.select(asked.text)}
        assert not asked.certain or len(wanted) == len(tree.select(asked.text))


PIECES = st.sampled_from([
    "@import 'a'", "@media print{", "@font-face{font-family:A;src:url(x)", "p{", "}", ";", "&.x", ":is(", ")", "url(", "'", "{",
    "background:url(/a)", "font:", "image-set(", "--x:", "unicode-range:U+??????-1", "@keyframes k{", "\\", "/*", ":hover",
    "font-weight:1e999", "@layer", "::", "format(", "var(--", "[", "]", "calc(1px/0)",
])  # fmt: skip


@given(st.lists(st.one_of(PIECES, st.text(max_size=8)), max_size=25))
def test_no_sheet_is_refused(pieces: list[str]) -> None:
    found = read_sheet("".join(pieces), "/a.css")
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(found), type=SheetFacts) == found


def test_a_sheet_of_nothing_but_brackets_is_read() -> None:
    assert read_sheet("{" * 5000, "/").faces == ()
    assert length(values("calc(" * 5000), MOBILE) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10px", 10), ("2em", 32), ("50vw", 675), ("calc(100vw - 10px)", 1340), ("calc((100vw - 50px) / 2)", 650),
        ("min(50vw, 600px)", 600), ("max(1px, 2px)", 2), ("clamp(1px, 5px, 3px)", 3), ("0", 0), ("calc(2 * 3px)", 6),
        ("-1px", None), ("50%", None), ("5", None), ("calc(1px + 1)", None), ("calc(1px * 1px)", None), ("x", None),
        ("calc(1px / 0)", None), ("1in", 96), ("10dvh", 94),
    ],
)  # fmt: skip
def test_a_length_is_in_px(text: str, expected: float | None) -> None:
    assert length(values(text), DESKTOP) == (None if expected is None else pytest.approx(expected))


@pytest.mark.parametrize(
    ("js", "expected"),
    [
        ("import './a.js'; export * from './b.js'", {"static": ("./a.js", "./b.js")}),
        ("import('./a.js')", {"maybe": ("./a.js",)}),
        ("const f = () => import('./a.js')", {"lazy": ("./a.js",)}),
        ("function f() { return import('./a.js') }", {"lazy": ("./a.js",)}),
        ("// import './a.js'\n'import \"./b.js\"'", {}),
        ("import(x)", {"unknown": ("import() of what is no literal",)}),
        ("fetch('/x'); window.fetch('/y'); a.fetch('/z')", {"unknown": ("fetch()",)}),
        ("new Worker('/w.js'); function Worker() {}", {"unknown": ("new Worker()",)}),
        ("navigator.sendBeacon('/x')", {"unknown": ("sendBeacon()",)}),
    ],
)
def test_a_script_imports(js: str, expected: dict[str, Any]) -> None:
    assert read_module(js) == ModuleFacts(**expected)


@given(st.lists(st.sampled_from(["import", "(", ")", "{", "}", "'x'", "`${", "=>", "fetch", "new", ".", "/", "\n"])))
def test_no_script_is_refused(pieces: list[str]) -> None:
    found = read_module(" ".join(pieces))
    named = {*found.static, *found.maybe, *found.lazy}
    assert named <= {"x"}
    assert not named or "import" in pieces


@pytest.mark.parametrize(
    ("url", "package"),
    [
        ("https://cdn.jsdelivr.net/npm/bootstrap@5.3.0/dist/css/bootstrap.min.css", "bootstrap"),
        ("https://unpkg.com/leaflet@1.9.4/dist/leaflet.js", "leaflet"),
        ("https://cdnjs.cloudflare.com/ajax/libs/font-awesome/6.5.1/css/all.min.css", "@fortawesome/fontawesome-free"),
        ("https://cdn.jsdelivr.net/gh/highlightjs/cdn-release@11.9.0/build/highlight.min.js", ""),
        ("https://code.jquery.com/jquery-3.6.0.min.js", "jquery"),
        ("https://x.example/all.min.css", ""),
    ],
)
def test_a_package_is_known_on_any_host(url: str, package: str) -> None:
    sizes = {sizes for (name, _), sizes in PACKAGES.items() if name == package}
    assert (assumed(url) in sizes) if package else assumed(url) is None


def test_assumed_sizes_are_possible() -> None:
    for sizes in (*PACKAGES.values(), *(sizes for _, sizes in HOSTS)):
        assert sizes.raw > 0
        assert (sizes.gzip or 0) <= sizes.raw
        assert sizes.br is None or sizes.gzip is not None
    assert assumed("https://fonts.gstatic.com/s/inter/v13/a.woff2") == assumed("https://fonts.gstatic.com/s/x.woff2?y")
