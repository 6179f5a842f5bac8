"""`ssg watch` in a real browser."""

import json
from collections.abc import Iterator

import pytest

from tests.chromium import Chromium, chromium
from tests.serve.watching import watch
from tests.site_test import SiteTest

LONG = "\n\n".join(f"Paragraph {number}." for number in range(200))
FORM = """
<form><input id="name"> <input id="agree" type="checkbox"> <textarea id="note"></textarea>
<select id="pick"><option>one<option>two</select></form>
<details id="more"><summary>More</summary>Hidden.</details>
"""
MARK = "window.mark = 'kept'"
KEPT = "window.mark === 'kept'"


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    with chromium(tmp_path_factory.mktemp("profile"), "--window-size=900,700") as running:
        yield running


@pytest.fixture
def page(site: SiteTest) -> SiteTest:
    site.write("content/a.md", f"# A\n\nfirst words\n{FORM}\n{LONG}\n")
    return site.write("content/b.md", "# B\n\nother words\n")


def shows(text: str) -> str:
    return f"document.body.innerText.includes({json.dumps(text)})"


def overlay(expression: str) -> str:
    return f"document.querySelector('ssg-overlay')?.shadowRoot.querySelector('section:not([hidden])')?.{expression}"


def test_text_changes_in_place(page: SiteTest, browser: Chromium) -> None:
    with watch(page.root) as running:
        running.built()
        tab = browser.tab(f"{running.url}a/")
        tab.ask(
            f"{MARK}; document.getElementById('name').value = 'typed';"
            "document.getElementById('agree').checked = true; document.getElementById('note').value = 'noted';"
            "document.getElementById('pick').selectedIndex = 1; document.getElementById('more').open = true;"
            "document.getElementById('note').focus({preventScroll: true}); scrollTo(0, 2000)"
        )
        tab.wait("scrollY === 2000")
        page.write("content/a.md", f"# A\n\nsecond words\n{FORM}\n{LONG}\n\nAt the end.\n")
        tab.wait(shows("second words"))
        tab.wait(shows("At the end."))
        assert tab.ask(KEPT), "the page was loaded anew"
        assert tab.ask("scrollY") == 2000
        assert tab.ask(
            "[document.getElementById('name').value, document.getElementById('agree').checked,"
            " document.getElementById('note').value, document.getElementById('pick').selectedIndex,"
            " document.getElementById('more').open, document.activeElement.id]"
        ) == ["typed", True, "noted", 1, True, "note"]
        page.write("content/a.md", f"---\ntitle: New title\n---\n# A\n\nthird words\n{FORM}\n{LONG}\n")
        tab.wait(shows("third words"))
        tab.wait("document.title.includes('New title')")
        assert tab.ask(KEPT), "the page was loaded anew"
        assert not tab.ask("document.querySelector('script[src*=_ssg]')"), "the client is part of the page"


@pytest.mark.parametrize("way", ["off", "auto"])
def test_style_sheets_are_swapped(page: SiteTest, browser: Chromium, way: str) -> None:
    page.write(
        "site.toml", f'[site]\ntitle = "Test"\nbase_url = "https://example.org/"\n[html]\ncritical_css = "{way}"\n'
    )
    page.write("assets/style.css", "h1 { color: rgb(1, 2, 3) }\n")
    with watch(page.root) as running:
        running.built()
        tab = browser.tab(f"{running.url}a/")
        colour = "getComputedStyle(document.querySelector('h1')).color"
        assert tab.ask(colour) == "rgb(1, 2, 3)"
        tab.ask(
            f"{MARK}; scrollTo(0, 500); window.bare = 0;"
            f"(function look() {{ if (!{colour}.startsWith('rgb(1, 2, ')) window.bare += 1;"
            " requestAnimationFrame(look) })()"
        )
        for number in (4, 5):
            page.write("assets/style.css", f"h1 {{ color: rgb(1, 2, {number}) }}\n")
            tab.wait(f"{colour} === 'rgb(1, 2, {number})'")
        links = int(way == "off")
        tab.wait(f"document.querySelectorAll('link[rel=stylesheet]').length === {links}")
        assert tab.ask(f"{KEPT} && scrollY === 500")
        assert tab.ask("window.bare") == 0, "the page was shown without its style"
        page.write("content/a.md", f"# A\n\nsecond words\n{LONG}\n")
        tab.wait(shows("second words"))
        assert tab.ask(KEPT), "a page with a swapped style sheet was loaded anew"
        assert tab.ask(colour) == "rgb(1, 2, 5)"


def test_a_mistake_is_shown_over_the_last_good_page_until_it_is_mended(page: SiteTest, browser: Chromium) -> None:
    good = "<html><title>x</title><body>{{ page.content }}\n</body></html>\n"
    page.write("templates/page.html", good)
    with watch(page.root) as running:
        running.built()
        tab = browser.tab(f"{running.url}a/")
        tab.ask(MARK)
        page.write("templates/page.html", good.replace("page.content }}", "page.content }}\n{{ page.nothing }}"))
        said = tab.wait(overlay("innerText"))
        assert "templates/page.html:2" in said
        assert "page has no" in said
        assert "rendering content/a.md and 1 more" in said
        assert tab.ask(overlay("querySelector('mark').innerText")) == "2  {{ page.nothing }}"
        assert tab.ask(shows("first words")), "the last good page is gone"
        tab.ask(overlay("querySelector('button').click()"))
        assert not tab.ask(overlay("innerText"))
        page.write("content/b.md", "---\ntitle: a: b\n---\n")
        assert "content/b.md:2" in tab.wait(overlay("innerText"))
        page.write("content/b.md", "# B\n").write("templates/page.html", good)
        tab.wait("!document.querySelector('ssg-overlay')")
        assert tab.ask(KEPT)


def test_warnings_wait_behind_a_button(page: SiteTest, browser: Chromium) -> None:
    with watch(page.root) as running:
        running.built()
        tab = browser.tab(f"{running.url}b/")
        page.write("content/a.md", "# A\n\n[b](bb.md)\n")
        badge = "document.querySelector('ssg-overlay')?.shadowRoot.querySelector('.badge')"
        assert tab.wait(f"{badge}?.innerText") == "1 warning"
        tab.ask(f"{badge}.click()")
        assert "content/a.md:3" in tab.wait(overlay("innerText"))


def test_a_site_that_was_never_good_begins_with_its_mistakes(page: SiteTest, browser: Chromium) -> None:
    page.write("content/a.md", "---\ntitle: <b>: </pre>\n---\n")
    with watch(page.root) as running:
        running.built()
        tab = browser.tab(f"{running.url}b/")
        assert "content/a.md:2" in tab.wait(overlay("innerText"))
        assert "content/a.md:2: invalid YAML" in tab.ask("document.querySelector('pre').innerText")
        page.write("content/a.md", "# A\n")
        tab.wait(shows("other words"))
        assert not tab.ask("document.querySelector('ssg-overlay')")


def test_each_tab_is_told_of_its_own_page(page: SiteTest, browser: Chromium) -> None:
    with watch(page.root) as running:
        running.built()
        first, second = browser.tab(f"{running.url}a/"), browser.tab(f"{running.url}b/")
        same = browser.tab(f"{running.url}a/")
        assert all(tab.ask("document.visibilityState") == "visible" for tab in (first, second, same))
        for tab in (first, second, same):
            tab.ask(MARK)
        page.write("content/a.md", "# A\n\nsecond words\n")
        for tab in (first, same):
            tab.wait(shows("second words"))
        page.write("content/b.md", "# B\n\nnew words\n")
        second.wait(shows("new words"))
        assert all(tab.ask(KEPT) for tab in (first, second, same))
        assert not second.ask(shows("second words"))


def test_a_tab_behind_others_catches_up_when_it_is_looked_at(page: SiteTest, browser: Chromium) -> None:
    with watch(page.root) as running:
        running.built()
        tab = browser.tab(f"{running.url}a/")
        tab.ask(f"{MARK}; scrollTo(0, 700)")
        others = [
            browser.tab(f"{running.url}b/", window=False) for _ in range(8)
        ]  # more than a browser has connections
        assert tab.ask("document.visibilityState") == "hidden"
        page.write("content/a.md", f"# A\n\nsecond words\n{FORM}\n{LONG}\n")
        page.write("content/b.md", "# B\n\nnew words\n")
        others[-1].wait(shows("new words"))
        assert not tab.ask(shows("second words"))
        tab.show().wait(shows("second words"))
        assert tab.ask(f"{KEPT} && scrollY === 700")
        for other in others:
            other.show().wait(shows("new words"))
            other.close()


def test_scripts_that_changed_run_again(page: SiteTest, browser: Chromium) -> None:
    page.write("assets/app.js", "window.version = 1\n")
    page.write("templates/partials/footer.html", "<script src=\"{{ asset_url('app.js') }}\"></script>\n")
    with watch(page.root) as running:
        running.built()
        tab = browser.tab(f"{running.url}a/")
        assert tab.ask("window.version") == 1
        page.write("assets/app.js", "window.version = 2\n")
        tab.wait("window.version === 2")
        page.write("templates/partials/footer.html", "<script>window.version = 3</script>\n")
        tab.wait("window.version === 3")


def test_a_page_that_scripts_have_changed_is_loaded_anew(page: SiteTest, browser: Chromium) -> None:
    page.write(
        "templates/partials/footer.html",
        "<p id=made></p><script>document.getElementById('made').textContent = document.title</script>\n",
    )
    with watch(page.root) as running:
        running.built()
        tab = browser.tab(f"{running.url}a/")
        tab.ask(f"{MARK}; scrollTo(0, 900)")
        page.write("content/a.md", f"# A\n\nsecond words\n{FORM}\n{LONG}\n")
        tab.wait(shows("second words"))
        assert not tab.ask(KEPT)
        tab.wait("document.getElementById('made').textContent === document.title && scrollY === 900")


def test_a_page_that_is_gone_and_comes_back(page: SiteTest, browser: Chromium) -> None:
    with watch(page.root) as running:
        running.built()
        tab = browser.tab(f"{running.url}b/")
        page.remove("content/b.md")
        tab.wait(f"!{shows('other words')}")
        page.write("content/b.md", "# B\n\nback again\n")
        tab.wait(shows("back again"))


def test_a_browser_comes_back_to_a_server_that_was_started_again(page: SiteTest, browser: Chromium) -> None:
    with watch(page.root) as running:
        running.built()
        port = running.url.rstrip("/").rpartition(":")[2]
        tab = browser.tab(running.url + "a/")
        still = browser.tab(running.url + "b/")
        still.ask(MARK)
        assert running.interrupt() == 0
    with watch(page.root, "--port", port) as running:
        running.built()
        page.write("content/a.md", "# A\n\nafter the first start\n")
        tab.wait(shows("after the first start"))
        tab.ask(MARK)
        assert running.interrupt() == 0
    page.write("content/a.md", "# A\n\nwhile nobody watched\n")
    with watch(page.root, "--port", port) as running:
        running.built()
        tab.wait(shows("while nobody watched"))
        assert not tab.ask(KEPT)
        page.write("content/b.md", "# B\n\nnew words\n")
        still.wait(shows("new words"))


@pytest.mark.parametrize("end", ["", "</body></html>\n"])
def test_a_content_security_policy_forbids_the_preview_nothing(page: SiteTest, browser: Chromium, end: str) -> None:
    policy = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'"
    template = f'<!doctype html><meta http-equiv="Content-Security-Policy" content="{policy}"><title>x</title>'
    page.write("templates/page.html", f"{template}<body>{{{{ page.content }}}}{end}")
    page.write("site.toml", '[site]\nbase_url = "https://example.org/deep/"\n[html]\nminifier = "none"\n')
    with watch(page.root) as running:
        running.built()
        tab = browser.tab(f"{running.url}deep/a/")
        tab.ask(MARK)
        page.write("content/a.md", "# A\n\nsecond words\n")
        tab.wait(shows("second words"))
        assert tab.ask(KEPT)
        page.write("content/b.md", "---\ntitle: a: b\n---\n")
        tab.wait(overlay("innerText"))
        style = overlay("parentElement.parentElement") or ""
        assert style
        assert tab.ask(f"getComputedStyle({overlay('valueOf()')}).position") == "fixed"


def test_the_overlay_is_drawn_whatever_the_style_of_the_page_says(page: SiteTest, browser: Chromium) -> None:
    page.write("assets/style.css", "ssg-overlay, section, h2 { all: unset !important; display: none !important }\n")
    with watch(page.root) as running:
        running.built()
        tab = browser.tab(f"{running.url}a/")
        page.write("content/b.md", "---\ntitle: a: b\n---\n")
        tab.wait(overlay("innerText"))
        box = tab.ask(overlay("getBoundingClientRect().toJSON()"))
        assert box["bottom"] == tab.ask("document.documentElement.clientHeight")
        assert box["height"] > 100
