"""Elements of a page, one by one → the files that they name, and when a browser fetches them (WHATWG HTML)."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import ClassVar, NamedTuple

from turbohtml import Element

from ssg.budget.addresses import resolve
from ssg.budget.conditions import holds
from ssg.budget.facts import Lint, Reference, Use
from ssg.budget.sheet import read_sheet
from ssg.budget.srcset import Candidate, choose, parse_srcset, source_size
from ssg.budget.types import (
    FONTS,
    IMAGES,
    SCRIPTS,
    frame_like,
    kind_of,
    plays,
)
from ssg.budget.values import Kind, Label, Phase, Profile

_WHITE = " \t\n\f\r"
_REGISTER = re.compile(r"""serviceWorker\s*\.\s*register\(\s*(["'`])([^"'`$\\]+)\1""")
_PRELOADS = {
    "style": Kind.CSS,
    "script": Kind.JS,
    "font": Kind.FONT,
    "image": Kind.IMAGE,
    "track": Kind.OTHER,
    "fetch": Kind.OTHER,
}


def text_of(one: Element, name: str) -> str:
    """Give the value of an attribute, empty where it is not there."""
    return one.attr(name) or ""


def size_of(text: str) -> int:
    """Give the bytes of a text in UTF-8."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def word_of(one: Element, name: str) -> str:
    """Give the value of an attribute that is a keyword: in small letters."""
    return text_of(one, name).lower()


class Gatherer:
    """Takes the elements of one page in order.

    `devices` are the profiles, `profiles` the same with the windows in which they lay out the page.
    """

    def __init__(
        self, base: str, origins: tuple[str, ...], devices: tuple[Profile, ...], profiles: tuple[Profile, ...]
    ) -> None:
        self.base = base
        self.origins = origins
        self.devices = devices
        self.profiles = profiles
        self.references: list[Reference] = []
        self.inline: dict[str, int] = {}
        self.styles: list[str] = []
        self.maps: list[str] = []
        self.lints: list[Lint] = []
        self._icons: list[str] = []
        self._icon_named = False  # in the page itself, as `data:`
        self._manifest = False

    def take(self, one: Element) -> None:
        """Note what an element fetches."""
        taker = self._TAKERS.get(one.tag)
        if taker is not None:
            taker(self, one)
        if one.attr("background") is not None:
            sure = one.tag == "body"
            self._file(text_of(one, "background"), Kind.IMAGE, Phase.INITIAL, Label.EXACT if sure else Label.UPPER)
        style = one.attr("style")
        if style:
            self._styled(style)

    def icons(self) -> None:
        """Note the icon of the page: where several are offered, which one is up to the browser and its screen.

        A browser keeps icons of a site in a database of its own, and asks for `/favicon.ico` where none is named
        (section 4.6.7.8).
        """
        for url in dict.fromkeys(self._icons or ([] if self._icon_named else ["/favicon.ico"])):
            self.references.append(Reference(Use.ICON, url, Kind.IMAGE, Phase.INITIAL, Label.UPPER))

    def _url(self, url: str) -> str:
        return resolve(url, self.base, self.origins)

    def _file(self, url: str, kind: Kind, phase: Phase, label: Label = Label.EXACT, use: Use = Use.FILE) -> None:
        found = self._url(url)
        if found:
            self.references.append(Reference(use, found, kind, phase, label))

    def _each(self, chosen: list[tuple[str, Label]], kind: Kind, phase: Phase, use: Use = Use.FILE) -> None:
        """Note what each profile fetches: a URL as written, and how sure that is."""
        if len(set(chosen)) == 1:
            self._file(chosen[0][0], kind, phase, chosen[0][1], use)
            return
        for profile, (url, label) in zip(self.profiles, chosen, strict=True):
            found = self._url(url)
            if found:
                self.references.append(Reference(use, found, kind, phase, label, on=(profile.name,)))

    def _scanned(self, choose_for: Callable[[Profile], str], kind: Kind, phase: Phase) -> None:
        """Note what is fetched before the layout: Chromium looks ahead for images with the window of the device."""
        for device, profile in zip(self.devices, self.profiles, strict=True):
            if device != profile and (found := self._url(choose_for(device))):
                self.references.append(Reference(Use.FILE, found, kind, phase, Label.UPPER, on=(device.name,)))

    def _link(self, one: Element) -> None:
        rel = frozenset(word_of(one, "rel").split())
        href = text_of(one, "href")
        if "stylesheet" in rel:
            self._sheet(one, href, alternate="alternate" in rel)
        if "preload" in rel:
            self._preload(one, href)
        if "modulepreload" in rel:
            self._file(href, Kind.JS, Phase.INITIAL, use=Use.PRELOAD)
        if "prefetch" in rel or "compression-dictionary" in rel:
            self._file(href, kind_of(href), Phase.LAZY, Label.UPPER, Use.PREFETCH)
        if "icon" in rel and _in_head(one) and self._somewhere(one):
            self._icon_named = self._icon_named or href.lower().startswith("data:")
            self._icons += filter(None, [self._url(href)])
        if "manifest" in rel and not self._manifest:
            self._manifest = True
            self._file(href, Kind.OTHER, Phase.INITIAL, Label.UPPER, Use.MANIFEST)

    def _somewhere(self, one: Element) -> bool:
        media = text_of(one, "media")
        return not media or any(holds(media, profile) is not False for profile in self.profiles)

    def _sheet(self, one: Element, href: str, *, alternate: bool) -> None:
        kind = word_of(one, "type").partition(";")[0].strip(_WHITE)
        if "disabled" in one.attrs or kind not in {"", "text/css"} or not (found := self._url(href)):
            return
        blocking = (_in_head(one) or _blocks(one)) and not alternate
        phase = Phase.CRITICAL if blocking else Phase.INITIAL
        media = "not all" if alternate else text_of(one, "media")
        self.references.append(Reference(Use.SHEET, found, Kind.CSS, phase, media=media))

    def _preload(self, one: Element, href: str) -> None:
        kind = _PRELOADS.get(word_of(one, "as"))
        wanted = word_of(one, "type").partition(";")[0].strip(_WHITE)
        taken = {Kind.CSS: {"text/css"}, Kind.FONT: FONTS, Kind.IMAGE: IMAGES}.get(kind) if kind else None
        if kind is None or (wanted and taken is not None and wanted not in taken):
            return
        if kind is Kind.FONT and "crossorigin" not in one.attrs and (url := self._url(href)):
            message = "is preloaded without crossorigin, so that it is fetched twice: fonts are fetched anonymously"
            self.lints.append(Lint("font-preload", url, message))
        media = text_of(one, "media")
        candidates = parse_srcset(text_of(one, "imagesrcset")) if kind is Kind.IMAGE else ()
        sizes = text_of(one, "imagesizes")

        def fetched(profile: Profile) -> tuple[str, Label]:
            met = holds(media, profile)
            width = source_size(sizes, profile)[0] if candidates else 0
            url = choose(candidates, href, width, profile.density) if candidates else href
            return url if met is not False else "", Label.EXACT if met else Label.UPPER

        self._each([fetched(profile) for profile in self.profiles], kind, Phase.INITIAL, Use.PRELOAD)
        if candidates:
            self._scanned(lambda device: fetched(device)[0], kind, Phase.INITIAL)

    def _script(self, one: Element) -> None:
        kind = one.attr("type")
        language = one.attr("language")
        name = (kind or (f"text/{language}" if language and kind is None else "text/javascript")).lower()
        module = name == "module"
        if not module and name.strip(_WHITE) not in SCRIPTS:
            if name == "importmap":
                self.maps.append(one.text)
            self._count(Kind.JS, one)
            return
        source = next((name for name in ("src", "href", "xlink:href") if name in one.attrs), "")
        if not module and "nomodule" in one.attrs:
            return
        waits = module or (source and ("async" in one.attrs or "defer" in one.attrs))
        blocking = _blocks(one) or (_in_head(one) and not waits)
        phase = Phase.CRITICAL if blocking else Phase.INITIAL
        use = Use.MODULE if module else Use.SCRIPT
        if source:
            self._file(text_of(one, source), Kind.JS, phase, use=use)
            return
        self._count(Kind.JS, one)
        self.references.append(Reference(use, "", Kind.JS, phase, text=one.text))
        for found in _REGISTER.finditer(one.text):
            self._file(found[2], Kind.JS, Phase.LAZY, Label.UPPER, Use.WORKER)

    def _count(self, kind: Kind, one: Element) -> None:
        self.inline[kind] = self.inline.get(kind, 0) + size_of(one.text)

    def _style(self, one: Element) -> None:
        self._count(Kind.CSS, one)
        other = word_of(one, "type") not in {"", "text/css"}
        text, media = one.text, text_of(one, "media")
        if other:  # Chromium looks for imports before it looks at the type
            if "@import" in text:
                found = read_sheet(text, self.base, self.origins)
                self.references += [
                    Reference(Use.SHEET, url.url, Kind.CSS, Phase.INITIAL, Label.UPPER, media="not all")
                    for url in found.imports
                ]
            return
        phase = Phase.CRITICAL if _in_head(one) else Phase.INITIAL
        self.references.append(Reference(Use.SHEET, "", Kind.CSS, phase, text=text, media=media))

    def _styled(self, text: str) -> None:
        """Note what the declarations of an element name; one that is not rendered fetches none of it."""
        low = text.lower()
        if "font" in low:
            self.styles.append(text)
        if "url(" not in low and "image-set(" not in low:
            return
        for rule in read_sheet(f"*{{{text}}}", self.base, self.origins).rules:
            for image in rule.images:
                self.references.append(Reference(Use.FILE, image.url, Kind.IMAGE, Phase.INITIAL, Label.UPPER))

    def _img(self, one: Element) -> None:
        lazy = word_of(one, "loading") == "lazy"
        offers = [*_offers(one), _Offer(parse_srcset(text_of(one, "srcset")), text_of(one, "sizes"))]
        own = offers[-1].candidates
        if "sizes" not in one.attrs and any(each.width is not None for each in own) and (url := self._url(own[0].url)):
            message = (
                "is offered in several widths without the attribute sizes, so that it counts as wide as the window"
            )
            self.lints.append(Lint("no-sizes", url, message))
        chosen = [_chosen(offers, text_of(one, "src"), profile, lazy=lazy) for profile in self.profiles]
        phase = Phase.LAZY if lazy else Phase.INITIAL
        # How near a lazy one is to the viewport is not known without a layout.
        self._each([(url, Label.UPPER) for url, _ in chosen] if lazy else chosen, Kind.IMAGE, phase)
        self._scanned(lambda device: _chosen(offers, text_of(one, "src"), device, lazy=lazy)[0], Kind.IMAGE, phase)

    def _frame(self, one: Element) -> None:
        if "srcdoc" in one.attrs and one.tag == "iframe":
            text = text_of(one, "srcdoc")
            self.references.append(Reference(Use.FRAME, "", Kind.HTML, Phase.INITIAL, text=text))
            return
        lazy = word_of(one, "loading") == "lazy"
        phase = Phase.LAZY if lazy else Phase.INITIAL
        label = Label.UPPER if lazy else Label.EXACT
        self._file(text_of(one, "src"), Kind.HTML, phase, label, Use.FRAME)

    def _media(self, one: Element) -> None:
        lazy = word_of(one, "loading") == "lazy"
        if one.tag == "video":
            when, label = (Phase.LAZY, Label.UPPER) if lazy else (Phase.INITIAL, Label.EXACT)
            self._file(text_of(one, "poster"), Kind.IMAGE, when, label)
        waits = lazy or ("autoplay" not in one.attrs and word_of(one, "preload") == "none")
        phase = Phase.LAZY if waits else Phase.INITIAL
        source = text_of(one, "src")
        if "src" not in one.attrs:
            offered = (child for child in one if isinstance(child, Element) and child.tag == "source")
            source = next((text_of(child, "src") for child in offered if plays(word_of(child, "type"))), "")
        self._file(source, Kind.MEDIA, phase, Label.UPPER)
        for child in one.find_all("track"):
            if "default" in child.attrs:
                self._file(text_of(child, "src"), Kind.OTHER, phase, Label.UPPER)

    def _object(self, one: Element) -> None:
        url = text_of(one, "data" if one.tag == "object" else "src")
        kind = word_of(one, "type").partition(";")[0].strip(_WHITE)
        if kind and kind.partition("/")[0] not in {"image", "text", "video", "audio", "application"}:
            return
        framed = frame_like(url, kind)
        use = Use.FRAME if framed else Use.FILE
        self._file(url, Kind.HTML if framed else kind_of(url, kind), Phase.INITIAL, Label.UPPER, use)

    def _input(self, one: Element) -> None:
        if word_of(one, "type") == "image":
            self._file(text_of(one, "src"), Kind.IMAGE, Phase.INITIAL)

    def _drawn(self, one: Element) -> None:
        url = text_of(one, "href") or text_of(one, "xlink:href")
        self._file(url, Kind.IMAGE, Phase.INITIAL)

    _TAKERS: ClassVar[Mapping[str, Callable[["Gatherer", Element], None]]] = {
        "link": _link, "script": _script, "style": _style, "img": _img, "iframe": _frame, "frame": _frame,
        "video": _media, "audio": _media, "object": _object, "embed": _object, "input": _input, "image": _drawn,
        "use": _drawn, "feImage": _drawn,
    }  # fmt: skip


def _in_head(one: Element) -> bool:
    parent = one.parent
    return isinstance(parent, Element) and parent.tag == "head"


def _blocks(one: Element) -> bool:
    """Tell whether an element holds up rendering because it says so (section 2.5.9)."""
    return "blocking" in one.attrs and "render" in word_of(one, "blocking").split()


class _Offer(NamedTuple):
    """What a `<source>` of a picture offers, or the image itself."""

    candidates: tuple[Candidate, ...]
    sizes: str
    media: str = ""


def _offers(one: Element) -> Iterator[_Offer]:
    """Give what the sources of the `<picture>` of an image offer that come before it, in types that are taken."""
    parent = one.parent
    if not isinstance(parent, Element) or parent.tag != "picture":
        return
    for child in parent:
        if child == one:
            return
        if isinstance(child, Element) and child.tag == "source":
            kind = word_of(child, "type").partition(";")[0].strip(_WHITE)
            candidates = parse_srcset(text_of(child, "srcset"))
            if candidates and (not kind or kind in IMAGES):
                yield _Offer(candidates, text_of(child, "sizes"), text_of(child, "media"))


def _chosen(offers: Sequence[_Offer], source: str, profile: Profile, *, lazy: bool) -> tuple[str, Label]:
    """Give what a profile fetches: of the first offer whose condition holds, else `src` (section 4.8.4.3.7)."""
    for one in offers:
        met = holds(one.media, profile)
        if not one.candidates or met is False:
            continue
        size, certain = source_size(one.sizes, profile, lazy=lazy)
        fallback = source if one is offers[-1] else ""
        label = Label.EXACT if certain and met else Label.UPPER
        return choose(one.candidates, fallback, size, profile.density), label
    return source, Label.EXACT
