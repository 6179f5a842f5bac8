"""Pages dressed with style sheets that people use, and what a browser makes of them."""

import base64
import os
import subprocess
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
import pyvips

from ssg.audit.chromium import PATIENCE
from tests.chromium import Tab
from tests.test_browser import Quiet, served

FOLDER = Path(__file__).parent.parent / "frameworks"
MODULES = FOLDER / "node_modules"
SHEETS = {
    "bootstrap": ("bootstrap/dist/css/bootstrap.min.css",),
    "bulma": ("bulma/css/bulma.min.css",),
    "pico": ("@picocss/pico/css/pico.min.css",),
    "primer": (
        "@primer/primitives/dist/css/functional/themes/light.css",
        "@primer/primitives/dist/css/functional/themes/dark.css",
        "@primer/css/dist/primer.css",
    ),
    "tailwind": (),
}
# Attributes of <html> that a sheet asks for.
ATTRIBUTES = {"primer": ' data-color-mode="auto" data-light-theme="light" data-dark-theme="dark"'}
VIEWPORTS = ((412, 823), (768, 1024), (1350, 940))
SCHEMES = ("light", "dark")
_TRIES = 5
_NOISE = 4

HASH = """const hash = text => {
  let one = 0xdeadbeef, other = 0x41c6ce57;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    one = Math.imul(one ^ code, 2654435761);
    other = Math.imul(other ^ code, 1597334677);
  }
  return (one >>> 0) + "-" + (other >>> 0);
};
const names = [...getComputedStyle(document.documentElement)];
const all = style => names.map(name => name + ": " + style.getPropertyValue(name)).join("; ");"""
"""Functions of the page: 64 bits that tell long texts from each other, and all properties of a computed style."""

# Every property of every element and of the pseudo-elements that it may have, with animations held at their beginning
# and transitions at their end: as a hash of them all, or `WHOLE`.
_STYLES = """(async () => {
  HASH
  document.getElementById("still")?.remove();
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  // What a transition ends with may begin one of an element that inherits it.
  for (let round = 0, moved = true; moved && round < 20; round++) {
    moved = false;
    for (const one of document.getAnimations({subtree: true})) {
      if (one instanceof CSSTransition) { one.finish(); moved = true; continue; }
      one.pause();
      one.currentTime = 0;
    }
    if (moved) await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  }
  const found = {};
  let number = 0;
  for (const one of document.querySelectorAll("html, body, body *")) {
    if (one.matches("style, script, link, noscript, meta, template")) continue;
    number += 1;
    const display = getComputedStyle(one).display, pseudos = ["", "::before", "::after"];
    if (display === "list-item") pseudos.push("::marker");
    if (display !== "inline") pseudos.push("::first-letter");
    if (one.matches("input, textarea")) pseudos.push("::placeholder");
    for (const pseudo of pseudos) {
      const style = getComputedStyle(one, pseudo || null);
      if (pseudo && pseudo.length < 9 && pseudo !== "::marker" && style.content === "none") continue;
      const said = all(style);
      found[number + " " + one.localName + "." + one.className + pseudo] = WHOLE ? said : hash(said);
    }
  }
  // What moves would give other pixels each time; pictures that move by themselves too.
  const still = document.createElement("style");
  still.id = "still";
  still.textContent = "*, ::before, ::after { animation: none !important; transition: none !important }" +
    " [aria-busy] { visibility: hidden !important }";
  document.head.appendChild(still);
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  return found;
})()""".replace("HASH", HASH)


class Look(NamedTuple):
    """What a browser shows of a page: computed styles by element, and the pixels of the first screen as PNG."""

    styles: dict[str, str]
    screen: bytes


def modules() -> Path:
    """Give the folder of the installed style sheets, or skip; under SSG_REQUIRE_ALL it must be there."""
    if not MODULES.is_dir():
        if os.environ.get("SSG_REQUIRE_ALL"):
            pytest.fail("the style sheets of tests/frameworks are not installed, and SSG_REQUIRE_ALL is set")
        pytest.skip("the style sheets of tests/frameworks are not installed (npm install there)")
    return MODULES


def body(name: str) -> str:
    """Give the body of the page that wears a sheet."""
    return (FOLDER / "pages" / f"{name}.html").read_text(encoding="utf-8")


def sheet(name: str, folder: Path) -> str:
    """Give the text of a sheet; that of Tailwind is built from its page, in `folder`."""
    found = modules()
    if name != "tailwind":
        return "\n".join((found / path).read_text(encoding="utf-8") for path in SHEETS[name])
    source, built = folder / "in.css", folder / "out.css"
    page = FOLDER / "pages" / "tailwind.html"
    source.write_text(f'@import "{found}/tailwindcss/index.css" source(none);\n@source "{page}";\n', encoding="utf-8")
    command = [str(found / ".bin" / "tailwindcss"), "-i", str(source), "-o", str(built)]
    subprocess.run(command, check=True, capture_output=True, cwd=FOLDER)
    return built.read_text(encoding="utf-8")


def settings() -> Iterator[tuple[int, int, str]]:
    """Give every viewport in px with every colour scheme."""
    for width, height in VIEWPORTS:
        for scheme in SCHEMES:
            yield width, height, scheme


def resized(tab: Tab, width: int, height: int) -> None:
    """Give the viewport of a page its size in px."""
    tab.send("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 500)


def looks(tab: Tab, html: str, which: Iterable[tuple[int, int, str]], *, whole: bool = False) -> Iterator[Look]:
    """Show a page that needs nothing from outside, and say how it looks in some settings, without loading it again.

    Styles are hashes of texts, or these texts as a `whole`.
    """
    frame = tab.send("Page.getFrameTree")["frameTree"]["frame"]["id"]
    tab.send("Page.setDocumentContent", frameId=frame, html=html)
    for width, height, scheme in which:
        resized(tab, width, height)
        tab.send("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        styles = tab.ask(_STYLES.replace("WHOLE", str(whole).lower()))
        yield Look(styles, base64.b64decode(tab.send("Page.captureScreenshot", format="png")["data"]))


def differences(expected: Look, got: Look) -> list[str]:
    """Say what differs, property by property."""
    said = [f"only in one: {key}" for key in expected.styles.keys() ^ got.styles.keys()]
    for key in expected.styles.keys() & got.styles.keys():
        if expected.styles[key] != got.styles[key]:
            pairs = zip(expected.styles[key].split("; "), got.styles[key].split("; "), strict=False)
            said += [f"{key}: {one} became {other}" for one, other in pairs if one != other][:3]
    return said[:20] or ["other styles, but not a second time"]


def alike(one: bytes, other: bytes) -> bool:
    """Tell whether two PNG files show the same, but for 4 of 255 in any colour of any pixel."""
    difference = pyvips.Image.new_from_buffer(one, "") - pyvips.Image.new_from_buffer(other, "")
    return one == other or bool(difference.abs().max() <= _NOISE)


def unlike(tab: Tab, expected: str, others: dict[str, str]) -> list[str]:
    """Show pages that must look alike in every setting; say what does not, by the page's name.

    The same page is not always drawn to the same last bit, so pixels may differ a little, and there are some tries.
    """
    said: list[str] = []
    everywhere = list(settings())
    references = list(looks(tab, expected, everywhere))
    assert len({text for one in references for text in one.styles.values()}) > len(everywhere)
    for name, html in others.items():
        found = looks(tab, html, everywhere)
        for setting, reference, got in zip(everywhere, references, list(found), strict=True):
            if reference.styles != got.styles:
                [one], [other] = (looks(tab, page, [setting], whole=True) for page in (expected, html))
                said += [f"{name} at {setting}: {difference}" for difference in differences(one, other)]
            if not (alike(reference.screen, got.screen) or _alike_again(tab, (expected, html), setting)):
                said.append(f"{name} at {setting}: other pixels")
    return said


def _alike_again(tab: Tab, pages: tuple[str, str], setting: tuple[int, int, str]) -> bool:
    """Draw two pages again, a few times, until they look alike."""
    for _ in range(_TRIES):
        [one], [other] = (looks(tab, html, [setting]) for html in pages)
        if alike(one.screen, other.screen):
            return True
    return False


# What moved since the page was opened, once its sheets are there.
_SHIFTS = """(async () => {
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  let sum = 0;
  const shifts = new PerformanceObserver(list => { for (const one of list.getEntries()) sum += one.value; });
  shifts.observe({type: "layout-shift", buffered: true});
  await new Promise(done => setTimeout(done, 100));
  return sum;
})()"""
_PAINTED = "performance.getEntriesByName('first-contentful-paint').length"
_WHOLE = "document.readyState == 'complete' && !document.querySelector('[data-ssg-media]')"


@contextmanager
def holding(folder: Path) -> Iterator[tuple[str, threading.Event]]:
    """Serve a folder on loopback; style sheets come when the event is set."""
    go = threading.Event()

    class Holding(Quiet):
        def do_GET(self) -> None:  # noqa: N802 - as the library calls it
            if self.path.endswith(".css"):
                go.wait(PATIENCE)
            super().do_GET()

    with served(folder, Holding) as host:
        yield host, go
        go.set()


def moved(tab: Tab, folder: Path, name: str) -> float:
    """Open a page of a folder, let its sheet come when something is to be seen, and give how much moved."""
    with holding(folder) as (host, go):
        tab.send("Page.navigate", url=f"{host}/{name}")
        tab.wait(f"location.href.endsWith({name!r}) && {_PAINTED}")
        assert not tab.ask(_WHOLE)
        go.set()
        tab.wait(_WHOLE)
        found: float = tab.ask(_SHIFTS)
        return found
