"""What wrote the bytes of a page that is over a limit, and what a change saves: tried out by building again."""

import random
from pathlib import Path

import pytest
import pyvips

from ssg.budget.values import Cause, Finding
from ssg.build import Choices
from tests.assets.test_fonts import LETTERS, font
from tests.site_test import SiteTest

BASE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{% block title %}{{ page.title }}{% endblock %}</title>
<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">
{% block styles %}{% endblock %}
</head><body>
{% block nav %}<nav><a href="/">Home</a></nav>{% endblock %}
<main>{% block main %}{{ page.content }}{% endblock %}</main>
{% block foot %}{% endblock %}
</body></html>
"""
PAGE = '{% extends "base.html" %}\n'
TEXT = "---\ntitle: A trip\n---\n\nWe went up, and down again.\n"


def words(number: int, seed: int = 1) -> str:
    """Give words that no compressor makes small, some 7 bytes each."""
    chance = random.Random(seed)  # noqa: S311 - test data
    return " ".join(f"{chance.getrandbits(32):x}" for _ in range(number))


class Site(SiteTest):
    """A site with one page, `/trip/`, whose theme has two templates."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.budgets = True
        self.encodings = None
        self.settings = ""
        for name, text in (("base", BASE), ("page", PAGE), ("home", PAGE), ("section", PAGE), ("404", PAGE)):
            self.template(f"{name}.html", text)
        self.write("content/trip/index.md", TEXT)
        self.write("static/favicon.ico", b"icon")

    def template(self, name: str, text: str) -> None:
        self.write(f"themes/own/templates/{name}", text)

    def finding(self, key: str, limit: str, settings: str = "") -> Finding:
        """Build with a limit on the page, and give what is said of it."""
        scope, dot, name = key.rpartition(".")
        told = f'{scope} = {{ {name} = "{limit}" }}' if dot else f'{key} = "{limit}"'
        told = f'[site]\ntitle = "T"\n[theme]\nname = "own"\n[[budgets]]\nmatch = "/trip/"\n{told}\n{settings}\n'
        self.write("site.toml", told)
        self.built()
        assert self.checked is not None
        [found] = [one for one in self.checked.findings if one.verdict is not None and one.verdict.key == key]
        return found

    def first(self, key: str, limit: str, settings: str = "") -> Cause:
        return self.finding(key, limit, settings).causes[0]

    def weight(self, key: str, settings: str = "") -> float:
        """Give what the page weighs for a key."""
        verdict = self.finding(key, "1 B", settings).verdict
        assert verdict is not None
        return verdict.found


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path / "site")


def place(cause: Cause) -> tuple[str, int]:
    return cause.path, cause.line


def test_an_include_is_named_and_costs_what_it_is_said_to(site: Site) -> None:
    site.template("icons.html", f'<svg><path d="{words(900)}"></svg>\n')
    site.template("page.html", PAGE + '{% block foot %}<footer>{% include "icons.html" %}</footer>{% endblock %}')
    before = site.weight("html")
    cause = site.first("html", "3 kB")
    assert cause.what == "include icons.html, 8.07 kB uncompressed"
    assert place(cause) == ("themes/own/templates/icons.html", 0)
    assert (cause.advice, cause.passes) == ("without it", True)
    site.template("icons.html", "")
    assert site.weight("html") == before - cause.saving


def test_all_that_writes_html_has_its_row(site: Site) -> None:
    site.template("macros.html", '\n{% macro icon(name) %}<b class="{{ name }}">{{ name }}</b>{% endmacro %}')
    loop = "{% for name in page.extra.names %}{{ icon(name) }}{% endfor %}"
    site.template("page.html", f'{PAGE}{{% from "macros.html" import icon %}}\n{{% block nav %}}{loop}{{% endblock %}}')
    site.write("shortcodes/chart.html", f"<figure>{words(300, 2)}</figure>\n")
    text = TEXT.replace("---\n\n", f"extra:\n  names: [{', '.join(words(150, 3).split())}]\n---\n\n")
    site.write("content/trip/index.md", f"{text}\n{{{{< chart >}}}}\n\n{words(200, 4)}\n")
    settings = "[content]\nshortcodes = true"
    causes = site.finding("html", "1 kB", settings).causes
    assert {(one.what.partition(",")[0], *place(one)) for one in causes[:4]} == {
        ("macro icon of macros.html", "themes/own/templates/macros.html", 2),
        ("shortcode chart", "shortcodes/chart.html", 0),
        ("the Markdown body", "content/trip/index.md", 0),
        ("template base.html", "themes/own/templates/base.html", 0),
    }
    raw = site.finding("html", "1 kB", f'measure = "raw"\n{settings}').causes
    published = len((site.public / "trip/index.html").read_bytes())
    assert published - 20 < sum(one.bytes for one in raw) <= published


def test_a_template_that_cuts_what_a_macro_gives_has_rows_still(site: Site) -> None:
    site.template("macros.html", f"{{% macro text() %}}{words(500)}{{% endmacro %}}")
    cut = "{{ text()[:3000] }}{{ text() | length }}"
    site.template("page.html", f'{PAGE}{{% from "macros.html" import text %}}{{% block nav %}}{cut}{{% endblock %}}')
    cause = site.first("html", "1 kB")
    assert cause.what.startswith("block nav of page.html, 3")
    assert place(cause) == ("themes/own/templates/page.html", 2)


def test_css_in_the_page_has_rows_by_rules(site: Site) -> None:
    link = """<link rel="stylesheet" href="{{ asset_url('a.css') }}">"""
    site.template("page.html", f"{PAGE}{{% block styles %}}{link}{{% endblock %}}")
    site.write(
        "assets/a.css", f'p {{ color: red }}\n.card {{ content: "{words(300)}" }}\n.card:hover {{ color: blue }}\n'
    )
    before = site.weight("first-flight")
    cause = site.first("first-flight", "1 kB")
    assert cause.what.startswith("CSS in the page, .card")
    assert place(cause) == ("assets/a.css", 2)
    assert cause.passes
    site.write("assets/a.css", "p { color: red }\n")
    assert site.weight("first-flight") == pytest.approx(before - cause.saving, abs=8)
    site.write("assets/a.css", f'p {{ color: red }}\n.card {{ content: "{words(300)}" }}\n')
    assert site.first("inline-css", "1 kB").what == "CSS in the page, .card"
    site.write("assets/a.css", f'p {{ color: red }}\n\n[class^="no"] {{ content: "{words(300)}" }}\n')
    site.write("content/trip/index.md", f'{TEXT}\n<p class="note">See</p>\n')
    cause = site.first("inline-css", "1 kB")
    assert (cause.what, *place(cause)) == ("CSS in the page, [class^=no]", "assets/a.css", 3)


def picture(width: int = 1600, height: int = 1000) -> bytes:
    parts = [pyvips.Image.perlin(width, height, cell_size=size, seed=size, uchar=True) for size in (256, 90, 40)]
    joined: pyvips.Image = parts[0].bandjoin(parts[1:]).copy(interpretation="srgb")
    written: bytes = joined.write_to_buffer(".png")
    return written


def test_an_image_says_its_line_and_what_avif_would_save(site: Site) -> None:
    site.write("content/trip/hero.png", picture(1600, 300))
    site.write("content/trip/index.md", f"{TEXT}\n![Hero](hero.png)\n")
    off = "[images]\nenabled = false"
    before = site.weight("image", off)
    finding = site.finding("image", "100 kB", off)
    cause = finding.causes[0]
    assert (cause.what, *place(cause)) == ("hero.png", "content/trip/index.md", 7)
    assert (finding.path, finding.line) == ("content/trip/index.md", 7)
    assert (cause.advice, cause.passes) == ("hero.png as AVIF 1600w (set enabled in [images])", True)
    assert site.weight("image") == before - cause.saving


def test_an_image_of_a_template_in_static_is_told_to_move(site: Site) -> None:
    site.write("static/hero.png", picture(900, 600))
    site.template("page.html", f'{PAGE}{{% block nav %}}\n<img src="/hero.png" alt="">{{% endblock %}}')
    cause = site.first("all.image", "1 kB")
    assert place(cause) == ("themes/own/templates/page.html", 3)
    assert cause.advice == "hero.png as AVIF 900w (move it to assets/)"


def test_a_second_image_may_wait(site: Site) -> None:
    site.write("content/trip/one.svg", '<svg xmlns="http://www.w3.org/2000/svg"/>')
    site.write("content/trip/two.svg", f'<svg xmlns="http://www.w3.org/2000/svg"><path d="{words(900)}"/></svg>')
    two = '<img src="two.svg" alt="" {} width="300" height="300">'
    site.write("content/trip/index.md", f"{TEXT}\n![One](one.svg)\n\n{two.format('loading=eager')}\n")
    before = site.weight("image")
    cause = site.first("image", "1 kB")
    assert (cause.what, *place(cause)) == ("two.svg", "content/trip/index.md", 9)
    assert (cause.advice, cause.passes) == ("loading=lazy takes it out of the first view", True)
    site.write("content/trip/index.md", f"{TEXT}\n![One](one.svg)\n\n{two.format('')}\n")
    assert site.weight("image") == before - cause.saving


SCRIPT = "{{% block styles %}}{0}{{% endblock %}}"


def test_members_of_a_bundle_each_for_itself(site: Site) -> None:
    site.template("page.html", PAGE + SCRIPT.format("""<script src="{{ js_bundle('app') }}" defer></script>"""))
    for name, number in (("small", 30), ("large", 400), ("tiny", 5)):
        site.write(f"assets/{name}.js", f'window.{name} = "{words(number, number)}";\n')
    bundle = "[bundles.js]\napp = [{}]"
    all_of = bundle.format('"small.js", "large.js", "tiny.js"')
    before = site.weight("js", all_of)
    cause = site.first("js", "1 kB", all_of)
    assert (cause.what, cause.path) == ("large.js in the bundle app.js", "assets/large.js")
    assert (cause.advice, cause.passes) == ("without it", True)
    assert site.weight("js", bundle.format('"small.js", "tiny.js"')) == before - cause.saving


def test_a_sheet_and_what_it_imports(site: Site) -> None:
    link = """<link rel="stylesheet" href="{{ asset_url('main.css') }}">"""
    site.template("page.html", PAGE + SCRIPT.format(link))
    site.write("assets/main.css", '@import "cards.css";\np { color: red }\n')
    site.write("assets/cards.css", "".join(f'.c{n} {{ content: "{words(9, n)}" }}\n' for n in range(60)))
    blocking = '[html]\ncritical_css = "off"'
    before = site.weight("css", blocking)
    causes = site.finding("css", "1 kB", blocking).causes
    assert [(one.what, one.path) for one in causes] == [
        ("cards.css in main.css", "assets/cards.css"),
        ("the rules of main.css itself", "assets/main.css"),
    ]
    site.write("assets/cards.css", "")
    assert site.weight("css", blocking) == before - causes[0].saving


def test_a_sheet_says_how_much_of_it_the_page_can_use(site: Site) -> None:
    link = """<link rel="stylesheet" href="{{ asset_url('main.css') }}">"""
    site.template("page.html", PAGE + SCRIPT.format(link))
    site.write("assets/main.css", "p{color:red}" + "".join(f'.c{n}{{content:"{words(9, n)}"}}' for n in range(60)))
    cause = site.first("css", "1 kB", '[html]\ncritical_css = "off"')
    assert cause.path == "assets/main.css"
    assert cause.advice == "the page can use 0 % of it: move the rest to a sheet of other pages"
    assert cause.passes


def test_a_script_may_wait(site: Site) -> None:
    tag = """<script src="{{{{ asset_url('menu.js') }}}}" {}></script>"""
    site.template("page.html", PAGE + SCRIPT.format(tag.format("defer")))
    site.write("assets/menu.js", f'window.menu = "{words(400)}";\n')
    before, total = site.weight("js"), site.weight("total")
    cause, whole = site.first("js", "1 kB"), site.first("total", "1 kB")
    assert cause.advice == 'data-load="lazy" at its <script> has it wait for the reader'
    assert cause.passes
    site.template("page.html", PAGE + SCRIPT.format(tag.format('data-load="lazy"')))
    assert site.weight("total") == pytest.approx(total - whole.saving, abs=40)
    assert before == cause.saving


def test_a_script_of_another_host_says_who_names_it(site: Site) -> None:
    tag = '\n<script src="https://cdn.example.com/t.js" async></script>'
    site.template("page.html", PAGE + SCRIPT.format(tag))
    size = '[budget]\nthird_party = { "https://cdn.example.com/**" = "30 kB" }'
    cause = site.first("third-party", "1 kB", size)
    assert (cause.what, *place(cause)) == (
        "https://cdn.example.com/t.js",
        "themes/own/templates/page.html",
        3,
    )
    assert cause.saving == 30_000


def test_a_phone_takes_two_files_of_an_image_on_a_page_without_a_viewport(site: Site) -> None:
    site.template("base.html", BASE.replace('<meta name="viewport" content="width=device-width">', ""))
    site.write("content/trip/hero.png", picture(1200, 300))
    site.write("content/trip/index.md", f"{TEXT}\n![Hero](hero.png)\n")
    off = "[images]\nenabled = false"
    before = site.weight("image", off)
    cause = site.first("image", "30 kB", off)
    assert site.weight("image") == before - cause.saving


def test_a_font_in_the_characters_of_the_site(site: Site) -> None:
    link = """<link rel="stylesheet" href="{{ asset_url('main.css') }}">"""
    site.template("page.html", PAGE + SCRIPT.format(link))
    site.write("assets/main.css", '@font-face{font-family:"A";src:url(a.woff2) format("woff2")}body{font-family:"A"}')
    site.write("assets/a.woff2", font(letters=LETTERS + "".join(map(chr, range(0x410, 0x490)))))
    before = site.weight("font")
    cause = site.first("font", "1 B")
    assert (cause.what, cause.path) == ("a.woff2", "assets/a.woff2")
    assert cause.advice == "subset in [fonts], to the characters of the site"
    assert site.weight("font", "[fonts]\nsubset = true") == before - cause.saving
    assert cause.saving > 0


def test_one_cause_on_many_pages_is_explained_once(site: Site) -> None:
    site.template("icons.html", f'<svg><path d="{words(900)}"></svg>\n')
    site.template("base.html", BASE.replace("<main>", '{% include "icons.html" %}<main>'))
    for number in range(30):
        site.write(f"content/more/{number}.md", TEXT)
    site.finding("total", "1 B", '[[budgets]]\nhtml = "3 kB"')
    assert site.checked is not None
    html = [one for one in site.checked.findings if one.verdict is not None and one.verdict.key == "html"]
    found = max(html, key=lambda one: len(one.pages))
    assert len(found.pages) == 31
    assert found.causes[0].what.startswith("include icons.html")


def test_processes_explain_as_one_does(site: Site) -> None:
    site.write("content/trip/hero.png", picture(400, 300))
    site.write("content/trip/index.md", f"{TEXT}\n![Hero](hero.png)\n")
    limits = 'image = "1 B"\nhtml = "1 B"\nfirst-flight = "1 B"\nsingle-file = "1 B"\n[images]\nenabled = false'
    site.finding("total", "1 B", limits)
    assert site.checked is not None
    alone = site.checked.findings
    assert len([one for one in alone if one.causes]) >= 5
    site.built(Choices(cache=False), jobs=2)
    assert site.checked is not None
    assert site.checked.findings == alone


def test_what_was_said_is_said_again_without_rendering(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    said = site.finding("html", "1 B")
    monkeypatch.setattr("ssg.build.blame.blame", None)  # calling it would fail
    site.built()
    assert site.checked is not None
    assert said in site.checked.findings


def test_a_site_within_its_budget_is_not_looked_at(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ssg.build.blame.blame", None)  # calling it would fail
    site.write("site.toml", '[site]\ntitle = "T"\n[theme]\nname = "own"\n')
    site.built()
    assert site.checked is not None
    assert site.checked.findings == ()


@pytest.mark.parametrize("more", ["", '[assets]\ncdn = "https://cdn.example.net"'])
def test_files_below_a_base_path_or_on_a_cdn_are_found(site: Site, more: str) -> None:
    link = """<link rel="stylesheet" href="{{ asset_url('main.css') }}">"""
    site.template("page.html", PAGE + SCRIPT.format(link))
    site.write("assets/main.css", f'p{{background:url(back.png)}}q{{content:"{words(400)}"}}')
    site.write("assets/back.png", picture(300, 200))
    base = '[html]\ncritical_css = "off"\n[site]\ntitle = "T"\nbase_url = "https://example.org/deep/"'
    images = site.first("image", "1 kB", f"[images]\nenabled = false\n{more}")
    assert (images.what, *place(images)) == ("back.png", "assets/main.css", 1)
    toml = (site.root / "site.toml").read_text()
    site.write("site.toml", toml.replace('[site]\ntitle = "T"', base))
    site.built()
    assert site.checked is not None
    found = {
        one.verdict.key: one.causes[0].path for one in site.checked.findings if one.verdict is not None and one.causes
    }
    assert found == {"image": "assets/main.css"}


def test_an_edit_elsewhere_explains_nothing_again(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ssg.cache.stamps._TICK", -1_000_000_000_000)  # files are trusted that have only just changed
    site.template("page.html", f"{PAGE}{{% block foot %}}<p>{words(900)}</p>{{% endblock %}}")
    site.write("content/other.md", "# Other\n")
    cause = site.first("html", "3 kB")
    assert place(cause) == ("themes/own/templates/page.html", 2)
    with monkeypatch.context() as patched:
        patched.setattr("ssg.build.blame._explain_all", None)
        site.write("content/other.md", "# Other\n\nMore words.\n").built()
        assert site.checked is not None
        assert any(cause in one.causes for one in site.checked.findings)
    # The page is the same byte for byte, but its block stands elsewhere.
    site.template("page.html", f"{PAGE}{{# a note #}}\n{{% block foot %}}<p>{words(900)}</p>{{% endblock %}}")
    assert place(site.first("html", "3 kB")) == ("themes/own/templates/page.html", 3)
