"""The web page of a budget's report in a real browser."""

import functools
import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ssg.budget.report import render_html
from ssg.budget.report.packing import FULL
from ssg.budget.values import BudgetReport, Kind, Level, PageReport, Phase
from tests.budget.sample import RULE, empty_report, faulty_report, fetch, large_report, plain_page, sizes
from tests.chromium import Chromium, Tab, chromium

SHOWN = "[...document.querySelectorAll('#table tbody tr')].map((row) => row.cells[0].querySelector('a').textContent)"
VERDICT = "document.getElementById('verdict')"
FAULTY = "/blog/a|b%20<c>/"


TREEMAP = """(() => {
  const map = document.querySelector(".treemap");
  const { width, height } = map.viewBox.baseVal;
  const names = ["x", "y", "width", "height"];
  const boxes = [...map.querySelectorAll("rect")].map((rect) => ({
    bytes: Number(rect.dataset.bytes),
    ...Object.fromEntries(names.map((name) => [name, rect[name].baseVal.value])),
  }));
  return { width, height, boxes, all: Number(map.dataset.bytes) };
})()"""


def album() -> PageReport:
    """A page with sixty images, from one byte to a megabyte."""
    url = "/notes/0001/"
    images = tuple(
        fetch(f"/{number}.webp", Kind.IMAGE, Phase.INITIAL, sizes(1 + number**4 * 83 % 1_000_003), url)
        for number in range(60)
    )
    return plain_page(1, images)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    with chromium(tmp_path_factory.mktemp("profile"), "--window-size=1200,900") as running:
        yield running


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("reports")
    faulty = faulty_report()
    reports = {
        "faulty": faulty,
        "large": large_report(FULL + 100),
        "off": empty_report(off=True),
        "many": BudgetReport(faulty.pages, faulty.findings * 9, (), "br", {}),
        "album": BudgetReport((album(),), (), (), "br", {}),
    }
    for name, report in reports.items():
        (place / f"{name}.html").write_text(render_html(report), encoding="utf-8")
    return place


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Serve a folder with a strict policy; gives the origin and the paths that are asked for."""
    asked: list[str] = []

    class Handler(http.server.SimpleHTTPRequestHandler):
        def end_headers(self) -> None:
            asked.append(self.path)
            super().end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def opened(browser: Chromium, url: str) -> Tab:
    tab = browser.tab()
    for domain in ("Log", "Runtime", "Network", "Page"):
        tab.send(f"{domain}.enable")
    browser.events.clear()
    return tab.open(url)


def complaints(browser: Chromium) -> list[object]:
    """What a page has said in the console, and what it has failed at."""
    kinds = {"Log.entryAdded", "Runtime.exceptionThrown", "Runtime.consoleAPICalled"}
    return [event["params"] for event in browser.events if event["method"] in kinds]


def requests(browser: Chromium) -> list[str]:
    return [one["params"]["request"]["url"] for one in browser.events if one["method"] == "Network.requestWillBeSent"]


def detail(tab: Tab, url: str) -> None:
    tab.ask(f"[...document.querySelectorAll('#table a')].find((link) => link.textContent === {url!r}).click()")
    tab.wait("!document.getElementById('detail').hidden && !!document.querySelector('.treemap rect')")


def test_it_opens_from_a_file(browser: Chromium, folder: Path) -> None:
    url = f"{folder.as_uri()}/faulty.html"
    tab = opened(browser, url)
    assert tab.ask("document.title") == "Performance budget"
    assert tab.ask(f"{SHOWN}[0]") == FAULTY, "the worst page is not the first"
    detail(tab, FAULTY)
    assert tab.ask("document.title") == f"{FAULTY} \N{EN DASH} performance budget"
    assert complaints(browser) == []
    assert [one for one in requests(browser) if not one.startswith("data:")] == [url]


def test_it_asks_a_server_for_itself_alone(browser: Chromium, folder: Path) -> None:
    with served(folder) as (origin, asked):
        tab = opened(browser, f"{origin}/faulty.html")
        detail(tab, FAULTY)
        assert asked == ["/faulty.html"]
    assert complaints(browser) == []


def test_its_policy_forbids_all_that_is_not_its_own(browser: Chromium, folder: Path) -> None:
    tab = opened(browser, f"{folder.as_uri()}/faulty.html")
    assert not tab.ask("document.querySelector('[style][onclick], [onload], [onerror]')")
    assert "blocked" in tab.ask("fetch('https://example.org/').then(() => 'fetched', () => 'blocked')")
    tab.ask(
        "document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.foreign = true'}))"
    )
    assert tab.ask("window.foreign === undefined")


@pytest.mark.parametrize(("name", "page"), [("faulty", faulty_report().pages[0]), ("album", album())])
def test_areas_are_as_bytes(browser: Chromium, folder: Path, name: str, page: PageReport) -> None:
    tab = opened(browser, f"{folder.as_uri()}/{name}.html")
    detail(tab, page.subject.url)
    fetches = [one for one in page.weights[0].fetches if one.sizes is not None]
    start = sum(one.sizes.measured("br") for one in fetches if one.sizes and one.phase is not Phase.LAZY)
    assert tab.ask("document.querySelector('.treemap').dataset.bytes") == str(start)
    if any(one.phase is Phase.LAZY for one in fetches):
        tab.ask("document.getElementById('lazy').click()")
        tab.wait("document.querySelectorAll('.treemap .lazy').length > 0")
    found = tab.ask(TREEMAP)
    sizes = sorted(one.sizes.measured("br") for one in fetches if one.sizes)
    assert sorted(box["bytes"] for box in found["boxes"]) == sizes
    assert found["all"] == sum(sizes)
    area = found["width"] * found["height"]
    assert sum(box["width"] * box["height"] for box in found["boxes"]) == pytest.approx(area, rel=1e-4)
    for one in found["boxes"]:
        # Attributes of SVG are floats of 32 bits.
        assert one["width"] * one["height"] / area == pytest.approx(one["bytes"] / found["all"], rel=1e-2, abs=1e-6)
        assert -0.01 <= one["x"] <= one["x"] + one["width"] <= found["width"] + 0.01
        assert -0.01 <= one["y"] <= one["y"] + one["height"] <= found["height"] + 0.01
        for two in found["boxes"]:
            across = min(one["x"] + one["width"], two["x"] + two["width"]) - max(one["x"], two["x"])
            down = min(one["y"] + one["height"], two["y"] + two["height"]) - max(one["y"], two["y"])
            assert one is two or across < 0.01 or down < 0.01, "rectangles overlap"


def test_findings_come_in_parts(browser: Chromium, folder: Path) -> None:
    tab = opened(browser, f"{folder.as_uri()}/many.html")
    assert tab.ask("document.querySelectorAll('#findings details').length") == 50
    tab.ask("document.querySelector('#findings > button').click()")
    assert tab.ask("document.querySelectorAll('#findings details').length") == 90
    assert tab.ask("document.activeElement.localName") == "summary"
    assert (
        tab.ask("[...document.querySelectorAll('#findings details')].indexOf(document.activeElement.parentNode)") == 50
    )


def test_the_page_of_a_page_says_all(browser: Chromium, folder: Path) -> None:
    tab = opened(browser, f"{folder.as_uri()}/faulty.html")
    detail(tab, FAULTY)
    page = faulty_report().pages[0]
    said = tab.ask("document.getElementById('detail').innerText")
    for text in (
        "content/blog/post, 1.md",
        "template post.html",
        "529 kB",
        "hero & banner.png",
        "\N{MINUS SIGN}298 kB",
        RULE,
    ):
        assert text in said, text
    rows = tab.ask("[...document.querySelectorAll('#waterfall tbody tr:not(.group) th')].map((one) => one.textContent)")
    phases = ["critical", "initial", "lazy"]
    fetches = sorted(page.weights[0].fetches, key=lambda one: phases.index(one.phase))
    assert [row.removesuffix(" (third party)") for row in rows] == [one.url for one in fetches]
    assert tab.ask("document.querySelectorAll('#waterfall .group').length") == 3
    tab.ask("document.querySelector('[value=desktop]').click()")
    tab.wait("document.getElementById('waterfall').textContent.includes('figure-1.webp')")
    tab.ask("history.back()")
    tab.wait("!document.getElementById('overview').hidden && document.getElementById('detail').hidden")


def test_a_heading_sorts(browser: Chromium, folder: Path) -> None:
    tab = opened(browser, f"{folder.as_uri()}/faulty.html")
    tab.ask("document.querySelector('#by-url button').click()")
    urls = sorted(one.subject.url for one in faulty_report().pages)
    assert tab.ask(SHOWN) == urls
    assert tab.ask("document.getElementById('by-url').getAttribute('aria-sort')") == "ascending"
    tab.ask("document.querySelector('#by-url button').click()")
    assert tab.ask(SHOWN) == urls[::-1]
    assert tab.ask("document.querySelectorAll('#table [aria-sort]').length") == 1
    tab.ask("document.querySelector('#by-html button').click()")
    sizes = {one.subject.url: one.figures for one in faulty_report().pages}
    html = {url: next(one.found for one in figures if one.key == "html") for url, figures in sizes.items()}
    assert tab.ask(SHOWN) == sorted(html, key=lambda url: (-html[url], url))


def test_pages_are_filtered(browser: Chromium, folder: Path) -> None:
    tab = opened(browser, f"{folder.as_uri()}/faulty.html")
    tab.ask("document.getElementById('filter').focus()")
    tab.type("BLOG/POST")
    assert tab.ask(SHOWN) == [FAULTY]
    assert tab.ask("document.getElementById('shown').textContent") == "1 page"
    tab.ask("document.getElementById('filter').select()")
    tab.type("nowhere")
    assert tab.ask(SHOWN) == []
    tab.ask("document.getElementById('filter').select()")
    tab.type("/")
    tab.ask(f"{VERDICT}.value = '2'; {VERDICT}.dispatchEvent(new Event('change'))")
    assert tab.ask(SHOWN) == [FAULTY]
    tab.ask(f"{VERDICT}.value = '1'; {VERDICT}.dispatchEvent(new Event('change'))")
    warned = {url for one in faulty_report().findings if one.level is Level.WARN for url, _ in one.pages} - {FAULTY}
    assert set(tab.ask(SHOWN)) == warned


def test_many_pages_come_in_parts(browser: Chromium, folder: Path) -> None:
    tab = opened(browser, f"{folder.as_uri()}/large.html")
    assert tab.ask("document.querySelectorAll('#table tbody tr').length") == 100
    assert tab.ask("document.getElementById('shown').textContent") == f"1\N{EN DASH}100 of {FULL + 100:,} pages"
    first = tab.ask(SHOWN)
    tab.ask("document.getElementById('next').click()")
    assert not set(first) & set(tab.ask(SHOWN))
    tab.ask("document.querySelector('#by-start button').click()")
    last = tab.ask(SHOWN)[0]
    tab.ask(f"location.hash = 'page=' + encodeURIComponent({last!r})")
    tab.wait("document.getElementById('detail').innerText.includes('worst pages are told in full')")
    assert complaints(browser) == []


def test_it_is_reached_by_keyboard(browser: Chromium, folder: Path) -> None:
    tab = opened(browser, f"{folder.as_uri()}/faulty.html")
    tab.show()
    reached = []
    for _ in range(60):
        tab.press_tab()
        reached.append(tab.ask("document.activeElement.id || document.activeElement.outerHTML.slice(0, 60)"))
    text = "\n".join(reached)
    for part in ("skip", 'value="mobile"', "<summary>", "filter", "verdict", "scroll", "<button", "#page="):
        assert part in text, part
    tab.ask("[...document.querySelectorAll('#table a')][0].focus()")
    tab.type("\n")
    tab.wait("document.activeElement.id === 'title'")


@pytest.mark.parametrize("name", ["faulty", "large"])
def test_nothing_moves(browser: Chromium, folder: Path, name: str) -> None:
    tab = opened(browser, f"{folder.as_uri()}/{name}.html").show()
    shift = tab.ask(
        """new Promise((resolve) => {
          let sum = 0;
          new PerformanceObserver((list) => list.getEntries().forEach((one) => (sum += one.value)))
            .observe({ type: "layout-shift", buffered: true });
          setTimeout(() => resolve(sum), 300);
        })"""
    )
    assert shift == 0


def test_budgets_that_are_off(browser: Chromium, folder: Path) -> None:
    tab = opened(browser, f"{folder.as_uri()}/off.html")
    assert "Budgets are off: nothing was checked." in tab.ask("document.body.innerText")
    assert complaints(browser) == []


def test_a_narrow_screen_is_not_scrolled_sideways(browser: Chromium, folder: Path) -> None:
    tab = browser.tab()
    tab.send("Emulation.setDeviceMetricsOverride", width=360, height=740, deviceScaleFactor=2, mobile=True)
    tab.open(f"{folder.as_uri()}/faulty.html")
    assert tab.ask("document.documentElement.scrollWidth") == 360
    detail(tab, FAULTY)
    assert tab.ask("document.documentElement.scrollWidth") == 360
