"""The facts of a page, and the files of its site → all that a browser fetches for it."""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import msgspec

from ssg.budget.addresses import path_of, resolve, third_party
from ssg.budget.apps import listed_files, manifest_icons
from ssg.budget.conditions import Truth, all_of, holds
from ssg.budget.facts import ImportMap, Lint, ModuleFacts, PageFacts, Reference, SheetFacts, Use
from ssg.budget.module import read_module
from ssg.budget.page import Shown, read_page
from ssg.budget.sheet import read_sheet
from ssg.budget.style import Applied, Plan
from ssg.budget.third_party import assumed
from ssg.budget.types import kind_of
from ssg.budget.values import Fetch, Files, Kind, Label, Phase, Profile, Sizes, Weight
from ssg.budget.viewport import window

_ORDER = {Phase.CRITICAL: 0, Phase.INITIAL: 1, Phase.LAZY: 2}
_MISSING = "no file of the site answers"
# What tells that a text in a page names something relative to the page.
_RELATIVE = re.compile(
    r"""url\(\s*["']?(?![/"'\s)\#]|data:|https?:)|image-set\([^)]*["']|@import\s*["'](?!/|https?:)|["']\.\.?/"""
)
# What a sheet says that names a file; an escape may hide any of it.
_BRINGS = re.compile(r"url\(|src\(|image-set\(|@import|@font-face|\\", re.IGNORECASE)
_NOTHING = SheetFacts()
_REMEMBERED = 2000  # sets of references
_DEEPEST = 8  # frames in frames


class _Gathered(NamedTuple):
    """What the references of a page lead to: fetches by URL, and what its sheets ask of it."""

    fetches: Mapping[str, Fetch]
    unknown: tuple[tuple[str, str], ...]
    plan: Plan
    preloads: tuple[str, ...]


class Weigher:
    """Weighs pages of one site; what pages share is looked at once.

    `files` gives the file for a URL path; `origins` are what URLs of the site may begin with where they are written in
    full.
    """

    def __init__(self, files: Files, origins: tuple[str, ...] = ()) -> None:
        self.files = files
        self.origins = origins
        self._sheets: dict[str, SheetFacts | None] = {}
        self._texts: dict[tuple[str, str], SheetFacts] = {}
        self._modules: dict[str, ModuleFacts] = {}
        self._frames: dict[str, PageFacts | None] = {}
        self._listed: dict[str, tuple[str, ...]] = {}
        self._icons: dict[tuple[str, bool], tuple[str, ...]] = {}
        self._plans: dict[tuple[object, ...], Plan] = {}
        self._gathered: dict[tuple[object, ...], _Gathered] = {}
        self._told: dict[tuple[re.Pattern[str], str], bool] = {}
        self._shown: tuple[str, Shown] | None = None

    def weigh(self, facts: PageFacts, profile: Profile) -> Weight:
        """Give what a browser fetches for a page under a profile, the HTML first, then in the order of discovery."""
        profile = window(profile, facts.viewport)
        gathered = self._remembered(facts, profile)
        file = self.files(path_of(facts.url))
        sizes = file.sizes if file is not None else Sizes(facts.size)
        page = Fetch(facts.url, Kind.HTML, Phase.CRITICAL, Label.EXACT, sizes, "")
        fetches, used, unknown = gathered.fetches, frozenset[str](), gathered.unknown
        if not gathered.plan.idle:
            walk = _Walk(self, profile, facts.map, dict(gathered.fetches))
            walk.styled(gathered.plan, facts, self.shown(facts.url), Phase.INITIAL)
            fetches, used, unknown = walk.fetches, frozenset(walk.used), (*unknown, *walk.unknown)
        lints = [*facts.lints, *(_unused(url) for url in gathered.preloads if url not in used)]
        return Weight(
            url=facts.url,
            profile=profile.name,
            fetches=(page, *fetches.values()),
            head=facts.head,
            nodes=facts.nodes,
            inline=facts.inline,
            unknown=tuple(dict.fromkeys(unknown)),
            lints=tuple((one.code, one.url, one.message) for one in lints),
        )

    def _remembered(self, facts: PageFacts, profile: Profile) -> _Gathered:
        """Give what the references of a page lead to; pages with the same references share it."""
        mapped = facts.map.imports or facts.map.scopes
        base = facts.base if any(one.text and self.tells(_RELATIVE, one.text) for one in facts.references) else ""
        key = (facts.references, profile, base)
        found = None if mapped else self._gathered.get(key)
        if found is None:
            walk = _Walk(self, profile, facts.map, {})
            plan = walk.page(facts, Phase.CRITICAL, "", ())
            preloads = tuple(url for url in walk.preloads if url not in walk.used)
            found = _Gathered(walk.fetches, tuple(dict.fromkeys(walk.unknown)), plan, preloads)
            if not mapped:
                if len(self._gathered) >= _REMEMBERED:  # pages with images of their own share nothing
                    self._gathered.clear()
                self._gathered[key] = found
        return found

    def shown(self, url: str) -> Shown:
        """Give what sheets are held against of a page; that of the last one is kept for its other profiles."""
        if self._shown is None or self._shown[0] != url:
            self._shown = (url, Shown(self._text(url) or ""))
        return self._shown[1]

    def plan(self, sheets: tuple[Applied, ...], profile: Profile) -> Plan:
        """Give what sheets ask of a page, once for all pages that have the same."""
        if any(one.brings for one in sheets):
            sheets = tuple(one._replace(facts=self.inline_sheet(one.text, "/")) if one.text else one for one in sheets)
        else:
            sheets = ()
        key = (profile, *((id(one.facts), one.truth, one.via) for one in sheets))
        if key not in self._plans:
            self._plans[key] = Plan(sheets, profile)
        return self._plans[key]

    def tells(self, pattern: re.Pattern[str], text: str) -> bool:
        """Tell whether a text has a pattern; pages share their texts."""
        key = (pattern, text)
        if key not in self._told:
            self._told[key] = pattern.search(text) is not None
        return self._told[key]

    def sheet(self, url: str) -> SheetFacts | None:
        """Give the facts of a sheet of the site; None where there is no such file."""
        if url not in self._sheets:
            text = self._text(url)
            self._sheets[url] = None if text is None else read_sheet(text, url, self.origins)
        return self._sheets[url]

    def inline_sheet(self, text: str, base: str) -> SheetFacts:
        """Give the facts of a sheet that stands in a page."""
        key = (text, base if self.tells(_RELATIVE, text) else "/")
        if key not in self._texts:
            self._texts[key] = read_sheet(text, key[1], self.origins)
        return self._texts[key]

    def module(self, url: str, text: str = "") -> ModuleFacts:
        """Give the facts of a script of the site, or of one that stands in a page as text."""
        key = url or f"\0{text}"
        if key not in self._modules:
            body = text if not url else self._text(url)
            self._modules[key] = read_module(body) if body else ModuleFacts()
        return self._modules[key]

    def listed(self, url: str) -> tuple[str, ...]:
        """Give the URL paths that a service worker fetches ahead, as far as that is known."""
        if url not in self._listed:
            self._listed[url] = listed_files(self._text(url) or "")
        return self._listed[url]

    def icons(self, url: str, *, mobile: bool) -> tuple[str, ...]:
        """Give the icons that a browser fetches with a web app manifest."""
        key = (url, mobile)
        if key not in self._icons:
            self._icons[key] = manifest_icons(self._text(url) or "", url, self.origins, mobile=mobile)
        return self._icons[key]

    def frame(self, url: str) -> PageFacts | None:
        """Give the facts of a page that another shows in a frame."""
        if url not in self._frames:
            text = self._text(url)
            self._frames[url] = None if text is None else read_page(text, url, self.origins)
        return self._frames[url]

    def _text(self, url: str) -> str | None:
        file = None if third_party(url) else self.files(path_of(url))
        return None if file is None else file.read().decode("utf-8-sig", "replace")


class _Walk:
    """Follows the references of one page under one profile."""

    def __init__(self, site: Weigher, profile: Profile, names: ImportMap, fetches: dict[str, Fetch]) -> None:
        self.site = site
        self.profile = profile
        self.names = names
        self.fetches = fetches
        self.unknown: list[tuple[str, str]] = []
        self.preloads: list[str] = []
        self.used: set[str] = set()
        self._seen: set[tuple[str, Phase]] = set()
        self._unsure = False  # whether this is in a frame that may not be shown

    def add(self, url: str, kind: Kind, phase: Phase, label: Label, via: str) -> None:
        """Note a fetch. What is named twice counts once, in the earliest phase, as surely as its surest reason."""
        self.used.add(url)
        label = Label.UPPER if self._unsure else label
        old = self.fetches.get(url)
        if old is None:
            self.fetches[url] = self._fetch(url, kind, phase, label, via)
            return
        early, later = (old.phase, old.label), (phase, label)
        if (old.phase is Phase.LAZY) != (phase is Phase.LAZY):
            found = early if phase is Phase.LAZY else later
        else:
            surest = label if old.label is Label.UPPER else old.label
            found = (min(old.phase, phase, key=_ORDER.__getitem__), surest)
        if found != early:
            self.fetches[url] = msgspec.structs.replace(old, phase=found[0], label=found[1])

    def _fetch(self, url: str, kind: Kind, phase: Phase, label: Label, via: str) -> Fetch:
        if third_party(url):
            if kind in {Kind.CSS, Kind.JS, Kind.HTML}:
                self.unknown.append((url, "what a file of another host fetches in turn is not counted"))
            return Fetch(url, kind, phase, Label.ASSUMED, assumed(url), via, third_party=True)
        file = self.site.files(path_of(url))
        if file is not None:
            return Fetch(url, kind, phase, label, file.sizes, via)
        if url == "/favicon.ico":  # what is sent instead is the page for what is not there
            instead = self.site.files("/404.html")
            return Fetch(url, kind, phase, Label.UPPER, instead.sizes if instead else Sizes(0), via)
        self.unknown.append((url, _MISSING))
        return Fetch(url, kind, phase, label, None, via)

    def page(self, facts: PageFacts, most: Phase, via: str, above: tuple[str, ...]) -> Plan:
        """Follow all references of a page; `most` is the earliest phase that it can give, `above` the frames around."""
        sheets: list[Applied] = []
        for one in facts.references:
            if one.on and self.profile.name not in one.on:
                continue
            phase = max(one.phase, most, key=_ORDER.__getitem__)
            if one.use is Use.SHEET:
                sheets += self._sheet(one, phase, via, facts.base)
            elif one.use in {Use.SCRIPT, Use.MODULE}:
                self._script(one, phase, via, facts.base)
            elif one.use is Use.FRAME:
                self._frame(one, phase, via, (*above, facts.url))
            elif one.use is Use.WORKER:
                self._worker(one.url, via)
            elif one.use not in {Use.ICON, Use.MANIFEST} or not above:
                self._other(one, phase, via)
        return self.site.plan(tuple(sheets), self.profile)

    def _other(self, one: Reference, phase: Phase, via: str) -> None:
        """Note a file that leads to no other, and the icons that come with a web app manifest."""
        used = one.use is not Use.PRELOAD or one.url in self.used
        self.add(one.url, one.kind, phase, one.label, via)
        if not used:
            self.used.discard(one.url)
            if one.kind in {Kind.CSS, Kind.FONT, Kind.IMAGE}:  # others may be for scripts
                self.preloads.append(one.url)
        if one.use is Use.MANIFEST:
            for icon in self.site.icons(one.url, mobile=self.profile.mobile):
                self.add(icon, Kind.IMAGE, phase, Label.UPPER, one.url)

    def _sheet(self, one: Reference, phase: Phase, via: str, base: str) -> Iterable[Applied]:
        truth = holds(one.media, self.profile)
        phase = Phase.INITIAL if truth is False and phase is Phase.CRITICAL else phase
        if not one.url and not self.site.tells(_BRINGS, one.text):
            yield Applied(_NOTHING, truth, via, one.text)
            return
        if not one.url:
            yield from self._imports(self.site.inline_sheet(one.text, base), truth, phase, one.label, (via, ()))
            return
        self.add(one.url, Kind.CSS, phase, one.label, via)
        facts = self.site.sheet(one.url)
        if facts is not None:
            yield from self._imports(facts, truth, phase, one.label, (one.url, (one.url,)))

    def _imports(
        self, facts: SheetFacts, truth: Truth, phase: Phase, label: Label, place: tuple[str, tuple[str, ...]]
    ) -> Iterable[Applied]:
        """Follow the imports of a sheet, each after it is there; one of a circle is fetched once.

        `place` are the URL of the sheet, and those of the sheets that import it.
        """
        via, above = place
        for one in facts.imports:
            met = all_of((truth, holds(one.media, self.profile)))
            sure = label if one.certain else Label.UPPER
            late = Phase.INITIAL if met is False and phase is Phase.CRITICAL else phase
            self.add(one.url, Kind.CSS, late, sure, via)
            inner = self.site.sheet(one.url) if one.url not in above else None
            if inner is not None:
                condition = met if one.certain or met is False else None
                yield from self._imports(inner, condition, late, sure, (one.url, (*above, one.url)))
        yield Applied(facts, truth, via)

    def _script(self, one: Reference, phase: Phase, via: str, base: str) -> None:
        if one.url:
            self.add(one.url, Kind.JS, phase, one.label, via)
        self._module(one.url, one.text, (base, via), phase, static=one.use is Use.MODULE)

    def _module(self, url: str, text: str, place: tuple[str, str], phase: Phase, *, static: bool) -> None:
        """Follow what a script imports; `place` are the URL that it resolves names by, and that which is to blame."""
        if url and ((url, phase) in self._seen or third_party(url)):
            return
        self._seen.add((url, phase))
        facts = self.site.module(url, text)
        base, via = (url, url) if url else place
        self.unknown += [(url or "a script in the page", f"{one} in it may fetch more") for one in facts.unknown]
        later = Phase.INITIAL if phase is not Phase.LAZY else phase
        steps = ((facts.static if static else (), phase, Label.EXACT), (facts.maybe, later, Label.UPPER))
        for names, when, label in (*steps, (facts.lazy, Phase.LAZY, Label.EXACT)):
            for name in names:
                target = self._named(name, base)
                if not target:
                    self.unknown.append(
                        (name, f"the name of a module that leads nowhere, in {url or 'a script in the page'}")
                    )
                    continue
                kind = kind_of(target)
                kind = kind if kind in {Kind.CSS, Kind.OTHER} and not target.endswith("/") else Kind.JS
                self.add(target, kind, when, label, via)
                if kind is Kind.JS:
                    self._module(target, "", place, when, static=True)

    def _worker(self, url: str, via: str) -> None:
        """Follow a service worker: a browser that does not have it fetches it and what it lists, after the page."""
        self.add(url, Kind.JS, Phase.LAZY, Label.UPPER, via)
        for file in self.site.listed(url):
            kind = Kind.HTML if file.endswith("/") else kind_of(file)
            self.add(file, kind, Phase.LAZY, Label.UPPER, url)

    def _named(self, name: str, base: str) -> str:
        """Give the URL of a module (WHATWG HTML, section 8.1.6.3): by the scopes of the map, then by its names."""
        path = name.startswith(("/", "./", "../", "http:", "https:"))
        written = resolve(name, base, self.site.origins) if path else name
        scopes = [names for prefix, names in sorted(self.names.scopes.items(), reverse=True) if base.startswith(prefix)]
        for names in (*scopes, self.names.imports):
            if written in names:
                return names[written]
            for prefix in sorted((one for one in names if one.endswith("/") and written.startswith(one)), reverse=True):
                return resolve(written[len(prefix) :], names[prefix], self.site.origins) or names[prefix]
        return written if path else ""

    def _frame(self, one: Reference, phase: Phase, via: str, above: tuple[str, ...]) -> None:
        """Follow a page in a frame: nothing of it holds up the page around it. A page in itself is not shown again."""
        if one.url:
            self.add(one.url, Kind.HTML, phase, one.label, via)
            facts = self.site.frame(one.url) if one.url not in above and len(above) < _DEEPEST else None
        else:
            facts = read_page(one.text, above[-1], self.site.origins) if len(above) < _DEEPEST else None
        if facts is None:
            return
        later = phase if phase is Phase.LAZY else Phase.INITIAL
        before, self._unsure = self._unsure, self._unsure or one.label is Label.UPPER
        plan = self.page(facts, later, one.url or via, above)
        if not plan.idle:
            shown = self.site.shown(facts.url) if one.url else Shown(one.text)
            self.styled(plan, facts, shown, later)
        self._unsure = before

    def styled(self, plan: Plan, facts: PageFacts, shown: Shown, phase: Phase) -> None:
        """Note the images and fonts that the sheets of a page bring."""
        for one in plan.found_images(shown.tree):
            self.add(one.url, Kind.IMAGE, phase, one.label, one.via)
        if plan.faces:
            for one in plan.found_fonts(shown.tree, shown.characters, facts.styles):
                self.add(one.url, Kind.FONT, phase, one.label, one.via)


def _unused(url: str) -> Lint:
    return Lint("unused-preload", url, "is preloaded, and nothing in the page or its sheets uses it")


def weigh(facts: PageFacts, files: Files, profile: Profile) -> Weight:
    """Give what a browser fetches for one page. For the pages of a site, a `Weigher` looks at what they share once."""
    return Weigher(files).weigh(facts, profile)
