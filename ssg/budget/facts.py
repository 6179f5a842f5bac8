"""What is read from a page, a style sheet and a module, once, so that any profile can be weighed by it."""

from collections.abc import Mapping
from enum import StrEnum

import msgspec

from ssg.budget.values import Kind, Label, Phase, Sizes


class Use(StrEnum):
    """What a page does with a file: it decides what is fetched in turn."""

    SHEET = "sheet"
    SCRIPT = "script"
    MODULE = "module"
    FRAME = "frame"
    FILE = "file"
    """Whatever leads to nothing else: an image, a video."""
    PRELOAD = "preload"
    PREFETCH = "prefetch"
    MANIFEST = "manifest"
    """What a browser reads of the site as an app: not for a page in a frame either."""
    WORKER = "worker"
    """A service worker, which fetches files for later."""
    ICON = "icon"
    """What a browser fetches for a window: a page in a frame has none."""


class Reference(msgspec.Struct, frozen=True, array_like=True):
    """A file that a page names, or with an empty `url` a sheet, module or frame that stands in it as `text`.

    `url` is resolved: a path with its query for the site, else the whole URL. `phase` and `label` are as seen from the
    page; a sheet is critical only where its `media` may hold. `on` are the names of the profiles that it counts for;
    empty: all of them.
    """

    use: Use
    url: str
    kind: Kind
    phase: Phase
    label: Label = Label.EXACT
    text: str = ""
    media: str = ""
    on: tuple[str, ...] = ()


class ImportMap(msgspec.Struct, frozen=True, array_like=True):
    """What bare names of modules stand for (WHATWG HTML, section 8.1.6.2), with resolved URLs; scopes by prefix."""

    imports: Mapping[str, str] = {}
    scopes: Mapping[str, Mapping[str, str]] = {}


class Lint(msgspec.Struct, frozen=True, array_like=True):
    """A mistake that costs bytes: a stable code, the URL that it is about, and what is wrong, in words."""

    code: str
    url: str
    message: str


class PageFacts(msgspec.Struct, frozen=True, array_like=True):
    """All on a page that decides what a browser fetches for it.

    `size` is the HTML in bytes, `head` that up to and with `</head>`, `nodes` the number of elements. `inline` are the
    bytes of scripts and styles in the HTML, by class. `base` is the URL that others are relative to. `styles` are the
    declarations of `style` attributes that speak of fonts. `viewport` is the width in px that a phone lays it out in, 0
    for that of the device.
    """

    url: str
    size: int
    head: Sizes
    nodes: int
    inline: Mapping[str, int]
    base: str
    references: tuple[Reference, ...]
    styles: str = ""
    viewport: int = 0
    map: ImportMap = ImportMap()
    lints: tuple[Lint, ...] = ()


class Selector(msgspec.Struct, frozen=True, array_like=True):
    """A selector that can be asked of a tree: `text` matches at least what the rule does, `certain` says no more.

    `pseudo` is the pseudo-element that the rule styles, with its colons left out.
    """

    text: str
    certain: bool = True
    pseudo: str = ""


class Styling(msgspec.Struct, frozen=True, array_like=True):
    """A rule as far as it matters here: who it is for, under which conditions, and what it sets.

    `media` are the conditions of all `@media` around it; `certain` is false below `@supports`, `@container` and
    `@scope`. `images` are URLs by property, each with the resolution and type that an `image-set()` gives it (0 and
    "" outside of one). `families` are names of fonts in small letters; `weights` numbers, `*` for any; `slanted` tells
    whether it may set a style that is not normal. `hides` tells whether it may keep an element from being rendered;
    `sets` are the properties that it sets, by their shorthands; `content` tells that it gives a pseudo-element content.
    `frames` is the name of the `@keyframes` that it is in, `animations` the names that it uses.
    `first` is the family that comes first, where that is sure.
    """

    selectors: tuple[Selector, ...]
    media: tuple[str, ...] = ()
    certain: bool = True
    images: tuple["Image", ...] = ()
    families: tuple[str, ...] = ()
    weights: tuple[str, ...] = ()
    slanted: bool = False
    hides: bool = False
    sets: tuple[str, ...] = ()
    frames: str = ""
    animations: tuple[str, ...] = ()
    content: bool = False
    first: str = ""


class Image(msgspec.Struct, frozen=True, array_like=True):
    """An image of a rule: the property, the URL as resolved, and of an `image-set()` its number in the rule.

    `density` and `type` are what the set says of this choice.
    """

    property: str
    url: str
    set: int = 0
    density: float = 1
    type: str = ""
    certain: bool = True


class Face(msgspec.Struct, frozen=True, array_like=True):
    """A `@font-face`: its family in small letters, its weights from and to, and the ranges of its characters.

    `url` is that of the first source that a browser takes, resolved; empty where it takes none. No ranges: all.
    """

    family: str
    url: str
    weight: tuple[int, int] = (400, 400)
    slanted: bool = False
    stretch: str = "normal"
    ranges: tuple[tuple[int, int], ...] = ()
    media: tuple[str, ...] = ()
    certain: bool = True


class Import(msgspec.Struct, frozen=True, array_like=True):
    """An `@import`: its URL as resolved, its media condition, and whether it is sure that a browser obeys it."""

    url: str
    media: str = ""
    certain: bool = True


class SheetFacts(msgspec.Struct, frozen=True):
    """All in a style sheet that decides what a browser fetches; `characters` are those that `content` shows."""

    imports: tuple[Import, ...] = ()
    faces: tuple[Face, ...] = ()
    rules: tuple[Styling, ...] = ()
    characters: str = ""


class ModuleFacts(msgspec.Struct, frozen=True):
    """What a script imports, as written: at once, at once if it comes to that, and later; `unknown` says what is not.

    `maybe` are dynamic imports outside of any function: they run with the script.
    """

    static: tuple[str, ...] = ()
    maybe: tuple[str, ...] = ()
    lazy: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
