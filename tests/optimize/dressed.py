"""Pages dressed with style sheets that people use, and what a browser makes of them."""

import base64
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
import pyvips

from tests.chromium import Tab

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

# Every property of every element and of the pseudo-elements that it may have, with animations held at their beginning.
_STYLES = """(async () => {
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  for (const one of document.getAnimations({subtree: true})) { one.pause(); one.currentTime = 0; }
  const found = {}, pseudos = [null, "::before", "::after", "::marker", "::placeholder", "::first-letter"];
  let number = 0;
  for (const one of document.querySelectorAll("html, body, body *")) {
    if (one.matches("style, script, link, noscript, meta, template")) continue;
    number += 1;
    for (const pseudo of pseudos) {
      const style = getComputedStyle(one, pseudo);
      if (pseudo && style.content === "none" && pseudo.length < 9 && pseudo !== "::marker") continue;
      const said = [];
      for (const name of style) if (!name.startsWith("--")) said.push(name + ": " + style.getPropertyValue(name));
      found[number + " " + one.localName + "." + one.className + (pseudo || "")] = said.join("\\n");
    }
  }
  // What moves would give other pixels each time; pictures that move by themselves too.
  document.head.appendChild(document.createElement("style")).textContent = "*, ::before, ::after { animation: none" +
    " !important; transition: none !important } [aria-busy] { visibility: hidden !important }";
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  return found;
})()"""


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


def look(tab: Tab, html: str, setting: tuple[int, int, str]) -> Look:
    """Show a page that needs nothing from outside, and say how it looks."""
    width, height, scheme = setting
    tab.send("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 500)
    tab.send("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
    frame = tab.send("Page.getFrameTree")["frameTree"]["frame"]["id"]
    tab.send("Page.setDocumentContent", frameId=frame, html=html)
    styles = tab.ask(_STYLES)
    return Look(styles, base64.b64decode(tab.send("Page.captureScreenshot", format="png")["data"]))


def differences(expected: Look, got: Look) -> list[str]:
    """Say what differs, property by property."""
    said = [f"only in one: {key}" for key in expected.styles.keys() ^ got.styles.keys()]
    for key in expected.styles.keys() & got.styles.keys():
        if expected.styles[key] != got.styles[key]:
            pairs = zip(expected.styles[key].split("\n"), got.styles[key].split("\n"), strict=False)
            said += [f"{key}: {one} became {other}" for one, other in pairs if one != other][:3]
    return said[:20]


def alike(one: bytes, other: bytes) -> bool:
    """Tell whether two PNG files show the same, but for 4 of 255 in any colour of any pixel."""
    difference = pyvips.Image.new_from_buffer(one, "") - pyvips.Image.new_from_buffer(other, "")
    return one == other or bool(difference.abs().max() <= _NOISE)


def unlike(tab: Tab, expected: str, others: dict[str, str]) -> list[str]:
    """Show pages that must look alike in every setting; say what does not, by the page's name.

    The same page is not always drawn to the same last bit, so pixels may differ a little, and there are some tries.
    """
    said: list[str] = []
    for setting in settings():
        reference = look(tab, expected, setting)
        for name, html in others.items():
            got = look(tab, html, setting)
            said += [f"{name} at {setting}: {one}" for one in differences(reference, got)]
            for _ in range(_TRIES):
                if alike(reference.screen, got.screen):
                    break
                reference, got = look(tab, expected, setting), look(tab, html, setting)
            else:
                said.append(f"{name} at {setting}: other pixels")
    return said
