"""`[pwa]`: the site as an app that a reader installs, and that opens without a network."""

from collections.abc import Iterator
from typing import Annotated, Literal

import msgspec

from ssg.config.decode import mistake
from ssg.config.locate import locate
from ssg.errors import Diagnostic

_COLOR = Annotated[str, msgspec.Meta(pattern="^#[0-9a-fA-F]{6}$", description='a colour like "#1a2b3c"')]
_SECONDS = Annotated[str, msgspec.Meta(pattern="^[0-9]+(\\.[0-9]+)? s$", description='a time like "2 s"')]


class PwaConfig(msgspec.Struct, frozen=True):
    """`[pwa]`: the site as an app that opens without a network; without this table it is none."""

    icon: str = ""
    """The image that all icons are made from: a file of `assets/`, an SVG or at least 512 px wide and high."""
    name: str = ""
    """The name of the app; without the key, the title of the site."""
    short_name: str = ""
    """The name below the icon, where there is little room; without the key, `name`."""
    theme_color: _COLOR | None = None
    """The colour of the window's frame; without the key, the browser's own."""
    background_color: _COLOR = "#ffffff"
    """The colour behind the icon, and of the window until the first page is there."""
    display: Literal["standalone", "minimal-ui", "fullscreen", "browser"] = "standalone"
    """What of a browser is around the pages of the installed app."""
    offline: str = "/offline/"
    """The page of the site that is shown in the place of one that cannot be had without a network."""
    precache: tuple[str, ...] = ()
    """Further pages and files to have ahead, by URL path, in which one `*` stands for anything: `"/guide/*"`."""
    timeout: _SECONDS = "3 s"
    """How long a reader waits for a page from the network before the last copy of it is shown."""
    remove: bool = False
    """Publish no app, and a worker that removes itself and all that it kept from the browsers of earlier readers."""

    @property
    def milliseconds(self) -> int:
        """`timeout` in milliseconds."""
        return round(float(self.timeout.split()[0]) * 1000)


def check_pwa(pwa: PwaConfig | None, text: str) -> Iterator[Diagnostic]:
    """Check what types cannot say."""
    if pwa is None or pwa.remove:
        return
    if not pwa.icon:
        hint = 'name a file of assets/, like icon = "icon.svg"'
        yield mistake("[pwa] names no icon", locate(text, ("pwa",), "icon"), hint)
    if not pwa.offline.startswith("/"):
        hint = 'write its URL path, like "/offline/"'
        yield mistake(f'offline in [pwa] is "{pwa.offline}", which is no path', locate(text, ("pwa",), "offline"), hint)
    for pattern in pwa.precache:
        if not pattern.startswith("/") or pattern.count("*") > 1:
            hint = 'write a path of the site, "/guide/*", in which one * stands for anything'
            message = f'precache in [pwa] has "{pattern}", which is no path of the site'
            yield mistake(message, locate(text, ("pwa",), "precache"), hint)
