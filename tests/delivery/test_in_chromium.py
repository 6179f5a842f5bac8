"""Built pages under their own content security policy, in a browser."""

from pathlib import Path

import pytest

from tests import chromium
from tests.delivery.servers import ssg
from tests.site_test import SiteTest

TOML = """[site]
title = "Test"
base_url = "https://example.org/"
[html]
inline_css = "0 B"
[scripts]
lazy = ["late.js"]
[hints]
speculation = true
[images]
placeholder = "style"
[delivery]
targets = ["nginx"]
"""
PAGE = """# A

| left | right |
|------|------:|
| 1    | 2     |

```python
print("hello")
```
"""


def make(site: SiteTest, more: str = "") -> SiteTest:
    site.write("site.toml", TOML + more).write("content/_index.md", "# Home\n").write("content/a.md", PAGE)
    site.write("assets/app.js", "window.outside = 1\n").write("assets/late.js", "window.late = 1\n")
    extra = "".join(f"<script>window.x{n} = 1</script>" for n in range(60 if "many" in more else 0))
    return site.write("templates/page.html", site_template(extra)).built()


def site_template(extra: str) -> str:
    """A whole page: its scripts and styles stand in it, beside it, in attributes, and come late."""
    return f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{{{{ page.title }}}}</title>
<style>#p {{ letter-spacing: 3px }}</style><link rel="stylesheet" href="{{{{ asset_url("style.css") }}}}"></head>
<body>{{{{ page.content }}}}<script>window.inline = 1</script>{extra}
<script src="{{{{ asset_url("app.js") }}}}"></script><script src="{{{{ asset_url("late.js") }}}}"></script>
<p id="p" onclick="window.clicked = 1" style="width: 42px">p</p></body></html>"""


@pytest.mark.parametrize("more", ["", "# many\n"], ids=["header", "pages"])
def test_a_page_runs_all_that_it_brings_and_nothing_else(more: str, site: SiteTest, tmp_path: Path) -> None:
    make(site, more)
    with ssg(site.root, tmp_path / "host") as host, chromium.chromium(tmp_path / "profile") as browser:
        tab = browser.tab()
        said = host.ask("/a/").header("content-security-policy")
        assert ("script-src" in said) == (not more)
        assert ("content-security-policy" in site.text("a/index.html")) == bool(more)
        tab.send("Log.enable")
        tab.open(f"http://127.0.0.1:{host.port}/a/")
        tab.wait("window.inline && window.outside")
        tab.send("Runtime.evaluate", expression="document.getElementById('p').click()")
        assert tab.wait("window.clicked") == 1
        assert tab.ask("getComputedStyle(document.getElementById('p')).letterSpacing") == "3px"
        assert tab.ask("getComputedStyle(document.getElementById('p')).width") == "42px"
        assert tab.ask("getComputedStyle(document.querySelectorAll('td')[1]).textAlign") == "right"
        tab.send("Input.dispatchMouseEvent", type="mouseMoved", x=5, y=5)
        tab.send("Input.dispatchKeyEvent", type="keyDown", key="a")
        assert tab.wait("window.late") == 1
        blocked = [one for one in browser.events if "Content Security Policy" in str(one)]
        assert blocked == []
        tab.ask("document.body.append(Object.assign(document.createElement('script'), {text: 'window.injected = 1'}))")
        assert tab.ask("window.injected") is None
        assert [one for one in browser.events if "Content Security Policy" in str(one)]


def test_search_runs_under_the_policy(site: SiteTest, tmp_path: Path) -> None:
    pytest.importorskip("pagefind_bin")
    site.write("site.toml", TOML + '[search]\nengine = "pagefind"\n')
    site.write("content/_index.md", "# Home\n").write("content/a.md", "# Elephants\n\nThey remember.\n").built()
    with ssg(site.root, tmp_path / "host") as host, chromium.chromium(tmp_path / "profile") as browser:
        tab = browser.tab()
        tab.send("Log.enable")
        tab.open(f"http://127.0.0.1:{host.port}/search/?q=elephants")
        tab.wait("document.body.innerText.includes('They remember')")
        assert [one for one in browser.events if "Content Security Policy" in str(one)] == []
