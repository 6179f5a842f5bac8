"""Names of assets follow from their bytes, and every reference to one holds its name."""

import re

from tests.render.test_functions import png
from tests.site_test import SiteTest

PNG = png(1, 1)


def base(site: SiteTest) -> SiteTest:
    site.write("content/a.md", "# A\n").write("assets/img/dot.png", PNG)
    site.write("site.toml", f'{(site.root / "site.toml").read_text()}[html]\ncritical_css = "off"\n')
    return site.write("templates/page.html", "<link rel=stylesheet href=\"{{ asset_url('own.css') }}\">")


def test_a_reference_of_a_sheet_is_the_published_name(site: SiteTest) -> None:
    base(site).write(
        "assets/own.css", "a { background: url(img/dot.png) }\nb { background: url('/assets/img/dot.png#x') }"
    )
    site.built()
    dot = site.asset("img/dot.png")
    assert site.packed("own.css") == f"a{{background:url(/{dot})}}b{{background:url(/{dot}#x)}}"
    assert site.asset("own.css") in site.text("a/index.html")
    assert site.said() == ""


def test_a_name_never_carries_other_bytes(site: SiteTest) -> None:
    base(site).write("assets/own.css", "@import 'base.css';").write(
        "assets/base.css", "i { background: url(img/dot.png) }"
    )
    site.built()
    before = site.tree()
    site.write("assets/img/dot.png", PNG + b"2").built()
    after = site.tree()
    shared = {path for path in before.keys() & after.keys() if path.startswith("assets/")}
    assert all(before[path] == after[path] for path in shared)
    assert not [path for path in shared if re.match(r"assets/(own|base|img/dot)\.", path)]
    assert site.asset("own.css") in site.text("a/index.html")
    assert "/a/" in site.rendered()


def test_only_pages_that_link_a_changed_sheet_are_rendered(site: SiteTest) -> None:
    base(site).write("assets/own.css", "a{color:red}").write("content/_index.md", "# Home\n")
    site.write("templates/home.html", "home").built()
    site.write("assets/own.css", "a{color:blue}").built()
    assert site.rendered() == {"/a/"}
    site.write("assets/img/dot.png", PNG + b"3").built()
    assert site.rendered() == set()


def test_static_files_keep_their_names_but_for_those_below_assets(site: SiteTest) -> None:
    base(site).write("assets/own.css", "").write("static/x.css", "p {}").write("static/assets/y.txt", "y").built()
    assert site.text("x.css") == "p {}"
    assert site.packed("y.txt") == "y"


def test_a_web_app_manifest_names_published_files(site: SiteTest) -> None:
    base(site).write("assets/own.css", "").write("static/s.png", PNG)
    text = '{"start_url": "/", "icons": [{"src": "%s"}, {"src": "/s.png"}]}\n'
    site.write("assets/a.webmanifest", text % "img/dot.png").write("static/b.webmanifest", text % "/assets/img/dot.png")
    site.write("static/c.webmanifest", text % "/s.png").built()
    dot = site.asset("img/dot.png")
    shown = f'{{"start_url":"/","icons":[{{"src":"/{dot}"}},{{"src":"/s.png"}}]}}'
    assert site.packed("a.webmanifest") == shown
    assert site.text("b.webmanifest") == shown
    assert site.text("c.webmanifest") == text % "/s.png"


def test_two_files_of_one_name_are_an_error(site: SiteTest) -> None:
    base(site).write("assets/own.css", "").write("static/assets/img/dot.png", b"other").build()
    assert "is published at /assets/img/dot.png, and so is" in site.said()
    assert site.failed is not None


def test_a_cdn_stands_before_hashed_files_alone(site: SiteTest) -> None:
    site.write("site.toml", '[site]\nbase_url = "https://e.org/docs/"\n[assets]\ncdn = "https://cdn.e.org/x/"\n')
    base(site).write("assets/own.css", "a { background: url(img/dot.png) } b { background: url(/docs/s.png) }")
    site.write("static/s.png", PNG).write("content/b.md", "# B\n\n![d](/assets/img/dot.png)\n")
    site.write("content/c.md", "# C\n").built()
    dot = site.asset("img/dot.png")
    assert site.packed("own.css") == f"a{{background:url(https://cdn.e.org/x/{dot})}}b{{background:url(/docs/s.png)}}"
    assert f"https://cdn.e.org/x/{site.asset('own.css')}" in site.text("a/index.html")


def test_integrity_and_inline(site: SiteTest) -> None:
    base(site).write("assets/own.css", "a { color: red }").write("assets/i.svg", "<?xml version='1.0'?>\n<svg/>")
    site.write("assets/s.css", 'a::after { content: "</style>" }')
    site.write(
        "templates/page.html",
        "{{ asset_url('own.css').integrity }}|{{ inline('i.svg') }}|<style>{{ inline('s.css') }}</style>",
    )
    site.built()
    integrity, svg, style = site.text("a/index.html").strip().split("|")
    assert integrity.startswith("sha384-")
    assert svg == "<svg></svg>"
    assert style == r'<style>a:after{content:"<\/style>"}</style>'
