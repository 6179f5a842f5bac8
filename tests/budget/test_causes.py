"""Causes of limits on elements, on the site, of growth, and of pages that are files: tried out by building again."""

import functools
import subprocess
from pathlib import Path

import pytest

from ssg.budget.values import BudgetReport, Cause, Finding
from ssg.build import Choices, Crew, made
from ssg.build.checking import report_of
from ssg.config import Overrides, load_config
from ssg.errors import ConfigError
from ssg.model import Inputs
from tests.budget.test_blame import BASE, PAGE, SCRIPT, TEXT, Site, picture, place, words
from tests.site_test import NOW, THEMES

LIST = PAGE + (
    "{% block main %}{% for one in page.pages %}<li><a href='{{ one.url }}'>{{ one.title }}</a></li>{% endfor %}"
    "{% endblock %}"
)
ROWS = "".join(f"| {n} | {n} |\n" for n in range(60))


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path / "site")


def told(site: Site, settings: str, key: str, url: str | None = None) -> Finding:
    """Build with settings, and give the one finding of a key."""
    site.write("site.toml", f'[site]\ntitle = "T"\n[theme]\nname = "own"\n{settings}\n')
    site.built()
    assert site.checked is not None
    found = [one for one in site.checked.findings if one.verdict is not None and one.verdict.key == key]
    [one] = [one for one in found if one.verdict is not None and url in {None, one.verdict.url}]
    return one


def nodes(site: Site, limit: int) -> Finding:
    return told(site, f'[[budgets]]\nmatch = "/trip/"\ndom-nodes = {limit}', "dom-nodes")


def found(finding: Finding) -> float:
    assert finding.verdict is not None
    return finding.verdict.found


def by_name(finding: Finding, name: str) -> Cause:
    return next(one for one in finding.causes if one.what.startswith(name))


# Elements.


def test_elements_are_counted_by_who_wrote_them(site: Site) -> None:
    drawn = '<path d="M0 0"></path>' * 70
    site.template("icons.html", f"<svg>{drawn}</svg>\n")
    site.template("page.html", PAGE + '{% block foot %}<footer>{% include "icons.html" %}</footer>{% endblock %}')
    site.write("content/trip/index.md", f"{TEXT}\n| a | b |\n|---|---|\n{ROWS}")
    finding = nodes(site, 10)
    assert sum(one.elements for one in finding.causes) == found(finding)
    assert [(one.what, one.elements) for one in finding.causes[:2]] == [
        ("the Markdown body", 60 * 3 + 3 + 3 + 1),
        ("include icons.html", 71),
    ]
    assert (finding.causes[0].bytes, finding.causes[0].saving) == (0, 0)
    assert (finding.causes[1].advice, finding.causes[1].passes) == ("without it", False)
    site.template("icons.html", "")
    assert found(nodes(site, 10)) == found(finding) - finding.causes[1].fewer


def test_a_body_may_end_on_a_page_of_its_own(site: Site) -> None:
    part = "\n".join(f"Some *words*.\n\n## Part {n} & more\n\n- one\n- two\n- three\n" for n in range(8))
    site.write("content/trip/index.md", f"{TEXT}\n{part}")
    whole = found(nodes(site, 1))
    finding = nodes(site, int(whole) - 12)
    cause = finding.causes[0]
    assert (cause.what, cause.path) == ("the Markdown body", "content/trip/index.md")
    assert cause.advice == 'a page of its own from "Part 6 & more" on'
    assert cause.passes
    text = (site.root / "content/trip/index.md").read_text()
    assert text.splitlines()[cause.line - 1] == "## Part 6 & more"
    site.write("content/trip/index.md", text.partition("## Part 6")[0])
    assert found(nodes(site, 1)) == whole - cause.fewer


@pytest.mark.parametrize(
    ("own", "advice"), [("", "paginate = 20 in [content]"), ("_index.md", "paginate: 20 in content/more/_index.md")]
)
def test_a_list_may_be_shown_in_parts(site: Site, own: str, advice: str) -> None:
    site.template("section.html", LIST)
    for number in range(70):
        site.write(f"content/more/{number}.md", TEXT)
    if own:
        site.write("content/more/_index.md", "---\ntitle: More\n---\n")
    limit = '[[budgets]]\nmatch = "/more/"\ndom-nodes = {}'
    finding = told(site, limit.format(60), "dom-nodes", "/more/")
    cause = by_name(finding, "block main of section.html")
    assert (cause.elements, cause.advice, cause.passes) == (140, advice, True)
    paginate = "[content]\npaginate = 20"
    if own:
        site.write("content/more/_index.md", "---\ntitle: More\npaginate: 20\n---\n")
        paginate = ""
    assert found(told(site, f"{limit.format(1)}\n{paginate}", "dom-nodes", "/more/")) == found(finding) - cause.fewer


def test_a_list_in_parts_is_less_html(site: Site) -> None:
    site.template("section.html", LIST)
    for number in range(40):
        site.write(f"content/more/{words(2, number)}.md", TEXT.replace("A trip", words(3, number)))
    limit = '[[budgets]]\nmatch = "/more/"\nhtml = "{}"'
    finding = told(site, limit.format("500 B"), "html", "/more/")
    cause = by_name(finding, "block main of section.html")
    assert (cause.advice, cause.passes) == ("paginate = 20 in [content]", True)
    less = told(site, f"{limit.format('1 B')}\n[content]\npaginate = 20", "html", "/more/")
    assert found(less) == found(finding) - cause.saving


# Pages that are files.


def test_a_page_that_is_a_file_is_told_by_its_parts(site: Site) -> None:
    rows = "".join(f"<tr><td>{words(3, n)}</td></tr>\n" for n in range(60))
    head = '<!doctype html>\n<html><head><title>Old</title>\n<link rel="icon" href="data:,">\n<style>p { color: red }</style>\n</head>\n'
    text = f'{head}<body>\n<main><h1>Prices</h1>\n<table id="prices">\n{rows}</table>\n<p>{words(20)}</p></main></body></html>\n'
    site.write("static/old/index.html", text)
    limit = '[[budgets]]\nmatch = "/old/"\nhtml = "{}"\ndom-nodes = {}'
    finding = told(site, limit.format("1 kB", 5), "html", "/old/")
    cause = finding.causes[0]
    assert cause.what.startswith('<table id="prices">, ')
    assert place(cause) == ("static/old/index.html", 8)
    assert (cause.advice, cause.passes) == ("without it", True)
    counted = told(site, limit.format("1 kB", 5), "dom-nodes", "/old/")
    assert [one.what for one in counted.causes[:2]] == ['<table id="prices">', "what stands around them"]
    assert (counted.causes[0].elements, counted.causes[0].passes) == (122, False)
    before, whole = found(finding), found(counted)
    begin, end = text.index("<table"), text.index("<p>" + words(1))
    site.write("static/old/index.html", text[:begin] + text[end:])
    assert found(told(site, limit.format("1 B", 5), "html", "/old/")) == before - cause.saving
    assert found(told(site, limit.format("1 B", 5), "dom-nodes", "/old/")) == whole - counted.causes[0].fewer


def test_files_of_a_page_that_is_a_file_say_their_line_and_what_avif_would_save(site: Site) -> None:
    site.write("static/old/index.html", '<!doctype html>\n<title>Old</title>\n<img src="/hero.png" alt="">\n')
    site.write("static/hero.png", picture(900, 600))
    finding = told(site, '[[budgets]]\nmatch = "/old/"\nall = { image = "1 kB" }', "all.image", "/old/")
    assert place(finding.causes[0]) == ("static/old/index.html", 3)
    assert finding.causes[0].advice == "hero.png as AVIF 900w (a file of yours, which the page names)"


# The site.


def test_the_bytes_of_the_site_are_told_by_class_and_file(site: Site) -> None:
    site.write("static/unused.png", picture(400, 300))
    site.write("static/film.pdf", b"x" * 50_000)
    finding = told(site, '[[budgets]]\nsite-bytes = "1 kB"', "site-bytes")
    whole = found(finding)
    idle = by_name(finding, "2 files that no page fetches: unused.png and favicon.ico")
    paper = by_name(finding, "film.pdf")
    assert (paper.bytes, paper.path, paper.advice) == (50_000, "static/film.pdf", "without it")
    assert by_name(finding, "2 images").bytes == idle.saving == (site.public / "unused.png").stat().st_size + 4
    site.remove("static/unused.png").remove("static/favicon.ico").remove("static/film.pdf")
    assert found(told(site, '[[budgets]]\nsite-bytes = "1 B"', "site-bytes")) == whole - idle.saving - paper.saving


def test_the_largest_page_is_told_like_its_total(site: Site) -> None:
    site.write("content/trip/hero.png", picture(900, 300))
    site.write("content/trip/index.md", f"{TEXT}\n![Hero](hero.png)\n")
    off = "\n[images]\nenabled = false"
    finding = told(site, f'[[budgets]]\nlargest-page = "50 kB"{off}', "largest-page")
    cause = finding.causes[0]
    assert (cause.what, *place(cause)) == ("hero.png", "content/trip/index.md", 7)
    assert cause.passes
    # Where another page is over too, nothing that this one does is enough.
    site.write("content/second/index.md", f"{TEXT}\n![Hero](hero.png)\n").write(
        "content/second/hero.png", picture(800, 300)
    )
    again = told(site, f'[[budgets]]\nlargest-page = "50 kB"{off}', "largest-page")
    assert again.causes[0].saving == cause.saving
    assert not any(one.passes for one in again.causes)


def test_what_most_pages_stay_below_is_told_by_files_and_pages(site: Site) -> None:
    site.write("assets/app.js", f'window.app = "{words(500)}";\n')
    site.template(
        "base.html", BASE.replace("</head>", """<script src="{{ asset_url('app.js') }}" defer></script></head>""")
    )
    for number in range(30):
        site.write(f"content/more/{number}.md", f"{TEXT}\n{words(number * 5, number)}\n")
    finding = told(site, '[[budgets]]\np95 = "3 kB"', "p95")
    script = by_name(finding, "app.js, on ")
    assert (script.path, script.advice) == ("assets/app.js", "without it")
    pages = by_name(finding, "10 pages more over it than the 5 %")
    assert pages.passes
    assert pages.saving == found(finding) - 3_000
    site.template("base.html", BASE)
    assert found(told(site, '[[budgets]]\np95 = "1 B"', "p95")) == pytest.approx(
        found(finding) - script.saving, abs=100
    )


# Growth.


def git(site: Site, *command: str) -> None:
    name = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", "-C", str(site.root), *name, *command], check=True, capture_output=True)


DELTA = '[budget]\nmode = "delta"\ngrowth = "{}"\ngrowth_percent = 0'


def grown(site: Site, key: str, limit: str = "100 B") -> Finding:
    finding = told(site, DELTA.format(limit), key, "/trip/")
    assert finding.code == "growth"
    return finding


@pytest.fixture
def kept(site: Site) -> Site:
    """Give a site whose lock is committed with it."""
    script = """<script src="{{ js_bundle('app') }}" defer></script>"""
    site.template("page.html", PAGE + SCRIPT.format(script))
    site.write("assets/a.js", "window.a = 1;\n").write("assets/b.js", "window.b = 2;\n")
    site.write(
        "site.toml",
        f'[site]\ntitle = "T"\n[theme]\nname = "own"\n{DELTA.format("1 B")}\n[bundles.js]\napp = ["a.js", "b.js"]\n',
    )
    site.built()
    git(site, "init", "-q")
    git(site, "add", "content", "themes", "assets", "static", "site.toml", "budgets.lock")
    git(site, "commit", "-qm", "first")
    return site


def test_growth_is_told_by_the_files_that_changed(kept: Site) -> None:
    base = (kept.root / "themes/own/templates/base.html").read_text()
    kept.template("base.html", base.replace("<main>", f"<aside>{words(100)}</aside><main>"))
    kept.write("content/trip/index.md", f"{TEXT}\n{words(50, 2)}\n")
    kept.template("page.html", (kept.root / "themes/own/templates/page.html").read_text() + "{# a note #}")
    bundle = "\n[bundles.js]\napp = ['a.js', 'b.js']"
    finding = told(kept, DELTA.format("400 B") + bundle, "html", "/trip/")
    assert [(one.what, one.path) for one in finding.causes] == [
        ("template base.html", "themes/own/templates/base.html"),
        ("the Markdown body", "content/trip/index.md"),
    ]
    cause = finding.causes[0]
    assert cause.advice.startswith("as it was in ")
    assert (cause.bytes, cause.passes) == (cause.saving, True)
    kept.template("base.html", base)
    assert found(told(kept, DELTA.format("1 B") + bundle, "html", "/trip/")) == found(finding) - cause.saving


def test_growth_of_a_bundle_is_told_by_its_members(kept: Site) -> None:
    kept.write("assets/b.js", f'window.b = "{words(80)}";\n')
    bundle = "\n[bundles.js]\napp = ['a.js', 'b.js']"
    finding = told(kept, DELTA.format("1 B") + bundle, "js", "/trip/")
    [cause] = finding.causes
    assert (cause.what, cause.path) == ("b.js", "assets/b.js")
    assert cause.passes


def test_growth_without_git_says_what_could_go(site: Site) -> None:
    site.write("site.toml", f'[site]\ntitle = "T"\n[theme]\nname = "own"\n{DELTA.format("1 B")}\n')
    site.built()
    site.template("icons.html", f'<svg><path d="{words(100)}"></svg>\n')
    site.template("page.html", PAGE + '{% block foot %}{% include "icons.html" %}{% endblock %}')
    [cause] = grown(site, "html").causes
    assert (cause.what, cause.path) == ("the page itself", "content/trip/index.md")
    assert (cause.advice, cause.passes) == ("without include icons.html", True)


def test_a_list_that_grew_says_which_pages_are_new(site: Site) -> None:
    site.template("home.html", PAGE + LIST.partition("\n")[2].replace("page.pages", "page.pages"))
    site.write("content/one.md", TEXT)
    site.write("site.toml", f'[site]\ntitle = "T"\n[theme]\nname = "own"\n{DELTA.format("1 B")}\n')
    site.built()
    git(site, "init", "-q")
    git(site, "add", "content", "themes", "budgets.lock")
    git(site, "commit", "-qm", "first")
    for number in range(30):
        site.write(f"content/new{number}.md", TEXT.replace("A trip", words(2, number)))
    finding = told(site, DELTA.format("1 B"), "html", "/")
    cause = by_name(finding, "30 new in its list: content/new0.md")
    assert (cause.bytes, cause.passes) == (cause.saving, True)


def test_a_file_that_had_a_mistake_or_was_not_there_is_no_cause(kept: Site) -> None:
    kept.template("base.html", BASE.replace("{% endblock %}", "{% wrong %}", 1))
    git(kept, "commit", "-aqm", "a mistake", "--amend")
    kept.template("base.html", BASE)
    kept.template("new.html", f"<p>{words(40)}</p>")
    page = (kept.root / "themes/own/templates/page.html").read_text()
    kept.template("page.html", page + '{% block foot %}{% include "new.html" %}{% endblock %}')
    bundle = "\n[bundles.js]\napp = ['a.js', 'b.js']"
    finding = told(kept, DELTA.format("1 B") + bundle, "html", "/trip/")
    assert [one.what for one in finding.causes] == ["template new.html", "template page.html"]


# A few pages of many.


def first_of(report: BudgetReport, url: str) -> str:
    """Give the largest cause on a page, in words."""
    return next(one.causes[0].what for one in report.findings if one.verdict is not None and one.verdict.url == url)


def test_the_pages_that_are_asked_for_are_explained_however_light_they_are(site: Site) -> None:
    heavy = TEXT.replace("---\n\n", "budgets: {html: 1 B, reason: none}\n---\n\n")
    for number in range(25):
        site.write(f"content/more/{number}.md", f"{heavy}\n{words(20 + number, number)}\n")
    site.write("content/trip/index.md", heavy)
    site.write(
        "site.toml",
        '[site]\ntitle = "T"\n[theme]\nname = "own"\n[[budgets]]\nlargest-page = "1 B"\n',
    )
    inputs = Inputs(str(site.root), (str(THEMES),), NOW, {})
    config = load_config(site.root, Overrides())

    def report(only: str) -> BudgetReport:
        return made(inputs, config, Choices(), Crew(1), functools.partial(report_of, only=only))[1]

    whole = report("")
    assert first_of(whole, "/trip/") == "the page itself"
    some = report("/trip/")
    assert [one.subject.url for one in some.pages] == ["/trip/"]
    assert {(one.verdict.key, one.verdict.url) for one in some.findings if one.verdict is not None} == {
        ("html", "/trip/"),
    }
    assert first_of(some, "/trip/").startswith("template base.html")
    with pytest.raises(ConfigError, match="is no page of the site"):
        report("/none/")


def test_one_cause_on_many_pages_names_the_worst_of_those_that_are_asked_for(site: Site) -> None:
    for number in range(4):
        site.write(f"content/more/{number}.md", f"{TEXT}\n{words(20 * number + 20, number)}\n")
    site.write("site.toml", '[site]\ntitle = "T"\n[theme]\nname = "own"\n[[budgets]]\nhtml = "1 B"\n')
    config = load_config(site.root, Overrides())
    inputs = Inputs(str(site.root), (str(THEMES),), NOW, {})
    use = functools.partial(report_of, only="/more/1/")
    [finding] = [one for one in made(inputs, config, Choices(), Crew(1), use)[1].findings if one.verdict is not None]
    assert finding.verdict is not None
    assert (finding.verdict.url, finding.path) == ("/more/1/", "content/more/1.md")
    assert [url for url, _ in finding.pages] == ["/more/1/"]
    assert finding.message.endswith("on /more/1/")
