"""Lazy and deferred scripts in a real browser."""

from pathlib import Path

from tests.chromium import tab
from tests.site_test import SiteTest
from tests.test_browser import served

PAGE = """<!doctype html><html><head><title>T</title>
<script>window.ran = []</script><script src="/assets/first.js"></script><script src="/assets/second.js"></script>
</head><body style="height: 5000px"><p>text</p>
<script src="/assets/late.js" data-load="lazy"></script>
<script src="/assets/module.js" type="module" data-load="lazy" id="own"></script>
<script src="/assets/last.js"></script></body></html>"""
CLICK = {"x": 5, "y": 5, "button": "left", "clickCount": 1}


def test_scripts_run_in_their_order_and_lazy_ones_when_a_reader_acts(site: SiteTest, tmp_path: Path) -> None:
    for name in ("first", "second", "late", "last"):
        site.write(f"assets/{name}.js", f"ran.push({name!r} + !!document.querySelector('p'))")
    site.write("assets/module.js", "ran.push('module'); export {}")
    site.write("templates/page.html", PAGE).write("content/a.md", "text\n").built()
    with served(site.public) as url, tab(tmp_path / "profile") as page:
        page.send("Page.enable")
        page.send("Page.addScriptToEvaluateOnNewDocument", source="window.setTimeout = call => { window.later = call }")
        page.open(f"{url}/a/")
        assert page.ask("ran.slice(0, 3).join()") == "firsttrue,secondtrue,lasttrue"
        assert page.ask("document.querySelectorAll('script[data-src]').length") == 2
        for kind in ("mousePressed", "mouseReleased"):
            page.send("Input.dispatchMouseEvent", type=kind, **CLICK)
        page.wait("ran.length == 5")
        assert page.ask("ran.slice(3).sort().join()") == "latetrue,module"
        assert page.ask(
            "document.getElementById('own').type + document.getElementById('own').integrity.slice(0, 7)"
        ) == ("modulesha384-")
        page.open(f"{url}/a/")
        assert page.ask("ran.length") == 3
        page.ask("later()")  # when 3 s have passed
        page.wait("ran.length == 5")
