"""A browser gives every element of the default theme the same style: by the critical part, by the sheet, by both."""

from collections.abc import Callable

import pytest
import turbohtml

from ssg.optimize.critical import Limits, Memo, Way, apply, compile_sheet, select, signature, tokens_of
from tests.chromium import Tab
from tests.optimize.dressed import HASH
from tests.site_test import SiteTest
from tests.test_browser import served

# One number for each element and pseudo-element, over all its properties.
STYLES = f"""(() => {{ {HASH}
  const shown = document.querySelectorAll("html, body, body *:not(link, style, script, noscript)");
  return [...shown].flatMap(one =>
  ["", "::before", "::after", "::marker"].map(part => {{
    const style = getComputedStyle(one, part || null);
    return `${{one.tagName}}.${{one.className}}${{part}} ${{hash(all(style))}}`;
  }})); }})()"""
SHIFTS = """new Promise(done => {
  new PerformanceObserver(list => done(list.getEntries().reduce((sum, one) => sum + one.value, 0)))
    .observe({type: "layout-shift", buffered: true});
  setTimeout(() => done(0), 300);
})"""
VIEWPORTS = [(360, 640), (800, 600), (1440, 900)]
BODY = """# One

Text with `code`, *emphasis*, [a link](/two/) and a note[^1].

> [!NOTE]
> Quoted.

## Two

```python {hl_lines="1"}
import os
x = 1  # a comment
```

| a | b |
|---|---|
| 1 | 2 |

- [ ] item
- [x] item

### Three

<details><summary>More</summary>

Hidden.

</details>

[^1]: A footnote.
"""


def looked_at(page: Tab, url: str) -> list[list[str]]:
    """Give the styles at every viewport, light and dark, on screen and in print."""
    found = []
    page.open(url).wait("!document.querySelector('[data-ssg-media]')")
    for width, height in VIEWPORTS:
        page.send("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        for scheme in ("light", "dark"):
            for medium in ("screen", "print"):
                features = [{"name": "prefers-color-scheme", "value": scheme}]
                page.send("Emulation.setEmulatedMedia", media=medium, features=features)
                found.append(page.ask(STYLES))
    return found


def as_it_is(html: str, css: str) -> str:
    return html


def part_alone(html: str, css: str) -> str:
    tree = turbohtml.parse(html)
    link = tree.select_one("link[rel=stylesheet]")
    assert link is not None
    sheet = compile_sheet(css)
    link.replace_with(turbohtml.E("style", select(sheet, signature(sheet, tokens_of(tree)))))
    return tree.html


def with_the_rest_at_the_end(html: str, css: str) -> str:
    return _applied(html, css, Way.END)


def with_the_rest_in_place(html: str, css: str) -> str:
    return _applied(html.replace("</body>", "<style>.none{}</style></body>"), css, Way.MEDIA)


def _applied(html: str, css: str, way: Way) -> str:
    tree = turbohtml.parse(html)
    done = apply(tree, lambda url: css if "/style." in url else None, Memo(), Limits(inline=0, share=1))
    assert done is not None
    assert done.placement.way is way
    return tree.html


@pytest.mark.parametrize("path", ["/one/", "/tags/x/"])
def test_the_default_theme_looks_the_same_at_every_moment(site: SiteTest, page: Tab, path: str) -> None:
    head = "---\ntitle: One\ntags: [x]\ndate: 2026-01-02\n---\n"
    site.write("site.toml", '[site]\ntitle = "t"\n[html]\nminifier = "none"\ncritical_css = "off"\n')
    site.write("content/one.md", head + BODY).write("content/two.md", "---\ntitle: Two\n---\n\nTwo.\n").build()
    assert site.failed is None
    html = (site.public / path.strip("/") / "index.html").read_text()
    css = next(site.public.rglob("style*.css")).read_text()
    ways: list[Callable[[str, str], str]] = [
        as_it_is, part_alone, with_the_rest_at_the_end, with_the_rest_in_place,
    ]  # fmt: skip
    for way in ways:
        (site.public / f"{way.__name__}.html").write_text(way(html, css))
    with served(site.public) as host:
        expected = looked_at(page, f"{host}/as_it_is.html")
        assert len(set(map(tuple, expected))) > 1
        for way in ways[1:]:
            found = looked_at(page, f"{host}/{way.__name__}.html")
            assert found == expected, way.__name__
            page.send("Emulation.setEmulatedMedia", media="screen", features=[])
            page.open(f"{host}/{way.__name__}.html")
            assert page.ask(SHIFTS) == 0
