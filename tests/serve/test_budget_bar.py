"""The budget bar of the preview: over HTTP, and in a real browser."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec
import pytest

from ssg.budget.bar import Bar, weigh_bar
from ssg.budget.report import render_html
from ssg.budget.values import PageReport
from ssg.serve.app import make_app
from ssg.serve.hub import Hub
from ssg.serve.mistakes import Mistakes
from ssg.serve.server import Server, listen
from ssg.serve.snapshot import Snapshot, Weighed
from tests.budget.sample import faulty_page, faulty_report, plain_page, weight
from tests.chromium import Chromium, Tab, chromium
from tests.serve.test_server import Preview, failed, snapshot

TEXT = "\n".join(f"<p>Paragraph {number}." for number in range(100))
FILES = {
    "index.html": f"<!doctype html><title>Home</title><h1>Home</h1>{TEXT}".encode(),
    "a/index.html": b"<!doctype html><title>A</title><style>* { all: unset; color: red }</style><p>a page",
    "b/index.html": b"<!doctype html><title>B</title><p>not weighed",
}
BAR = "document.querySelector('ssg-budget')?.shadowRoot"


def weighed(html: Mapping[str, int], before: Mapping[str, int]) -> Weighed:
    """What is known of pages whose HTML has these bytes by URL, and had those before."""

    def page(url: str, sizes: Mapping[str, int]) -> PageReport | None:
        if url not in sizes:
            return None
        base = faulty_page() if url == "/a/" else plain_page(1)
        subject = msgspec.structs.replace(base.subject, url=url)
        figures = tuple(
            msgspec.structs.replace(one, found=sizes[url]) if one.key == "html" else one for one in base.figures
        )
        weights = (weight(url, "mobile", (), sizes[url]),)
        return msgspec.structs.replace(base, subject=subject, figures=figures, weights=weights)

    def bar(url: str) -> bytes | None:
        now = page(url, html)
        return msgspec.json.encode(weigh_bar(now, page(url, before), "br")) if now is not None else None

    return Weighed(bar, lambda: render_html(faulty_report()).encode())


def shown(folder: Path, html: int, before: int | None = None, text: bytes = b"") -> Snapshot:
    files = FILES | {"index.html": FILES["index.html"] + text}
    then = {} if before is None else {"/": before}
    return msgspec.structs.replace(snapshot(folder, files), weighed=weighed({"/": html, "/a/": 900}, then))


@pytest.fixture
def preview(tmp_path: Path) -> Iterator[Preview]:
    hub = Hub(shown(tmp_path / "one", 3_000), Mistakes())
    address = listen("127.0.0.1", 0)
    with Server(make_app(hub, (address.host,), reload=True), hub, address, failed) as server:
        yield Preview(hub, address, server, tmp_path)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    with chromium(tmp_path_factory.mktemp("profile"), "--window-size=900,700") as running:
        yield running


def opened(browser: Chromium, preview: Preview, path: str = "/") -> Tab:
    tab = browser.tab(f"http://127.0.0.1:{preview.address.port}{path}")
    tab.ask("localStorage.clear()")
    return tab


def test_the_weight_of_a_page_over_http(preview: Preview) -> None:
    status, headers, body = preview.ask("/_ssg/budget.json?page=/")
    assert (status, headers["content-type"], headers["cache-control"]) == (200, "application/json", "no-store")
    assert msgspec.json.decode(body, type=Bar).bytes == 3_000 + 6_120 + 41_230 + 28_400 + 410
    assert preview.ask("/_ssg/budget.json?page=/b/")[2] == b"null"
    preview.publish(msgspec.structs.replace(preview.hub.snapshot, weighed=None))
    assert preview.ask("/_ssg/budget.json?page=/")[::2] == (200, b"null")


def test_the_report_over_http(preview: Preview) -> None:
    status, headers, body = preview.ask("/_ssg/budget")
    assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert body == render_html(faulty_report()).encode()
    preview.publish(msgspec.structs.replace(preview.hub.snapshot, weighed=None))
    assert preview.ask("/_ssg/budget")[0] == 404


def test_pages_that_are_left_alone_have_no_bar(tmp_path: Path) -> None:
    hub = Hub(shown(tmp_path, 3_000), Mistakes())
    address = listen("127.0.0.1", 0)
    with Server(make_app(hub, (address.host,), reload=False), hub, address, failed) as server:
        plain = Preview(hub, address, server, tmp_path)
        assert plain.ask("/")[2] == FILES["index.html"]
        assert plain.ask("/_ssg/budget.json?page=/")[0] == 404


def test_the_bar_shows_the_page_and_moves_nothing(preview: Preview, browser: Chromium) -> None:
    tab = opened(browser, preview)
    tab.wait(f"!!{BAR}?.querySelector('button')")
    assert tab.ask(f"{BAR}.querySelector('button').innerText").strip() == "79.2 kB"
    assert tab.ask(f"{BAR}.querySelector('section').hidden")
    assert tab.ask(f"getComputedStyle({BAR}.querySelector('.bar')).position") == "fixed"
    shifts = tab.ask(
        """new Promise((resolve) => {
          const seen = [];
          const observer = new PerformanceObserver((list) => seen.push(...list.getEntries()));
          observer.observe({ type: "layout-shift", buffered: true });
          setTimeout(() => resolve(seen.length), 200);
        })"""
    )
    assert shifts == 0
    inside = tab.ask("document.documentElement.scrollHeight")
    tab.ask(f"{BAR}.querySelector('button').click()")
    assert tab.ask("document.documentElement.scrollHeight") == inside
    rows = tab.ask(f"[...{BAR}.querySelectorAll('tr')].map((row) => row.innerText.replace(/\\s+/g, ' ').trim())")
    assert rows[0] == "html 3 kB of 14 kB"
    assert [row.split()[0] for row in rows] == ["html", "css", "js", "font", "other"]
    assert tab.ask(f"{BAR}.querySelector('a').getAttribute('href')") == "/_ssg/budget#page=%2F"
    assert "ssg-budget" not in preview.ask("/")[2].decode()


def test_it_remembers_that_it_was_opened(preview: Preview, browser: Chromium) -> None:
    tab = opened(browser, preview)
    tab.wait(f"!!{BAR}?.querySelector('button')")
    tab.ask(f"{BAR}.querySelector('button').click()")
    tab.open(f"http://127.0.0.1:{preview.address.port}/a/")
    tab.wait(f"{BAR}?.querySelector('button').getAttribute('aria-expanded') === 'true'")
    tab.ask(f"{BAR}.querySelector('button').click()")
    tab.open(f"http://127.0.0.1:{preview.address.port}/")
    tab.wait(f"{BAR}?.querySelector('button').getAttribute('aria-expanded') === 'false'")


def test_an_edit_shows_what_it_added(preview: Preview, browser: Chromium) -> None:
    tab = opened(browser, preview)
    tab.wait(f"!!{BAR}?.querySelector('button')")
    tab.ask(f"{BAR}.querySelector('button').focus(); window.mark = 'kept'")
    preview.publish(shown(preview.folder / "two", 4_500, 3_000, b"<p>more"))
    tab.wait(f"{BAR}?.querySelector('.more')?.textContent === '+1.5 kB'")
    tab.wait("document.body.innerText.includes('more')")
    assert tab.ask("window.mark") == "kept", "the page was loaded anew"
    assert tab.ask(f"{BAR}.activeElement?.localName") == "button", "the focus was lost"
    preview.publish(shown(preview.folder / "three", 4_000, 4_500))
    tab.wait(f"{BAR}?.querySelector('.less')?.textContent === '\N{MINUS SIGN}500 B'")
    preview.publish(msgspec.structs.replace(preview.hub.snapshot, weighed=None))
    tab.wait("!document.querySelector('ssg-budget')")


def test_it_is_reached_by_keyboard_and_drawn_whatever_the_page_says(preview: Preview, browser: Chromium) -> None:
    tab = opened(browser, preview, "/a/").show()
    tab.wait(f"!!{BAR}?.querySelector('button')")
    assert "over budget" in tab.ask(f"{BAR}.querySelector('button').innerText")
    tab.press_tab()
    tab.wait(f"{BAR}.activeElement?.localName === 'button'")
    tab.type("\n")
    tab.wait(f"!{BAR}.querySelector('section').hidden")
    tab.press_tab()
    assert tab.ask(f"{BAR}.activeElement.localName") == "a"
    box = tab.ask(f"{BAR}.querySelector('.bar').getBoundingClientRect().toJSON()")
    assert 0 < box["left"] < box["right"] < 900
    assert box["bottom"] < tab.ask("document.documentElement.clientHeight")


def test_a_page_that_is_not_weighed_has_none(preview: Preview, browser: Chromium) -> None:
    tab = opened(browser, preview, "/b/")
    tab.wait("performance.getEntriesByType('resource').some((one) => one.name.includes('budget.json'))")
    assert not tab.ask("document.querySelector('ssg-budget')")
