"""The sheets of a page, all together → what of their images and fonts a browser may fetch for it."""

import functools
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from turbohtml import Document, Element

from ssg.budget.conditions import Truth, all_of, holds
from ssg.budget.facts import Face, Image, Selector, SheetFacts, Styling
from ssg.budget.types import IMAGES
from ssg.budget.values import Label, Profile

# What is not rendered unless a sheet says so, and what has a rendering of its own (WHATWG HTML, section 15.3.1).
_UNSEEN = (
    "[hidden],[style*=display],[style*=content-visibility],head,script,style,template:not([shadowrootmode]),noscript,datalist,dialog:not([open]),details:not([open])>:not(summary),select,"
    "svg,audio,video,canvas,object,iframe,area,param,source,track,rp"
)
INERT = "template:not([shadowrootmode]),noscript"
"""What holds elements that are none for a browser with scripts."""

# Properties of which it is known that Chromium fetches the winner's image for any element that is rendered.
_SURE = frozenset(("background", "border-image", "list-style", "mask", "-webkit-mask"))
_BOLD = "b,strong,h1,h2,h3,h4,h5,h6,th"
_SLANTED = "em,i,cite,dfn,var,address"
_TEXTS = "p,li,h1,h2,td,dt,dd,a,span,div"
_SAMPLE = 12  # elements that are looked at to see whether a font is certain
_ASCII = frozenset(map(chr, range(0x20, 0x7F)))
_ANY = tuple(range(100, 1000, 100))
_BOLDER = 600


class Applied(NamedTuple):
    """A sheet that a page has: its facts, whether the condition on it holds, and the URL that is to blame for it.

    A sheet in the page that names no file is there as `text`: it is read only where another brings images or fonts.
    """

    facts: SheetFacts
    truth: Truth
    via: str
    text: str = ""

    @property
    def brings(self) -> bool:
        """Whether it names images or fonts."""
        return bool(self.facts.faces) or any(one.images for one in self.facts.rules)


class Asked(NamedTuple):
    """A rule of a sheet that counts under a profile."""

    rule: Styling
    truth: Truth
    via: str


class Found(NamedTuple):
    """An image or a font that a page may need, and the sheet that names it."""

    url: str
    label: Label
    via: str


class Plan:
    """What the sheets of a page ask of it under one profile; pages that have the same sheets share it."""

    def __init__(self, sheets: Sequence[Applied], profile: Profile) -> None:
        self.profile = profile
        self.characters = frozenset("".join(one.facts.characters for one in sheets))
        rules: list[Asked] = []
        self.faces: dict[str, list[tuple[Face, str]]] = {}
        for sheet in sheets:
            rules += self._rules(sheet)
            for face in sheet.facts.faces:
                if all_of((sheet.truth, *(holds(media, profile) for media in face.media))) is not False:
                    self.faces.setdefault(face.family, []).append((face, sheet.via))
        moving = {name for one in rules for name in one.rule.animations}
        self.images = [one for one in rules if one.rule.images and (not one.rule.frames or one.rule.frames in moving)]
        self.fonts = [one for one in rules if one.rule.families or one.rule.weights or one.rule.slanted]
        self.setting = rules
        hiding = [selector.text for one in rules if one.rule.hides for selector in one.rule.selectors]
        self.unseen = ",".join(dict.fromkeys((_UNSEEN, *(text for text in hiding if text != "*"))))
        self.blind = "*" in hiding
        named = [selector.text for one in rules if one.rule.families for selector in one.rule.selectors]
        self.named = ",".join(dict.fromkeys(named))
        self._claimed = functools.lru_cache(maxsize=256)(self._claim)

    @property
    def idle(self) -> bool:
        """Whether there is nothing to ask of a page."""
        return not self.images and not self.faces

    def _rules(self, sheet: Applied) -> Iterable[Asked]:
        for rule in sheet.facts.rules:
            truth = all_of((sheet.truth, *(holds(media, self.profile) for media in rule.media)))
            if truth is not False:
                yield Asked(rule, truth if rule.certain else None, sheet.via)

    def found_images(self, tree: Document) -> Iterable[Found]:
        """Give the images of rules that match an element of a page (Chromium fetches what it draws)."""
        for one in self.images:
            met = [(selector, element) for selector in one.rule.selectors if (element := _first(tree, selector.text))]
            if not met:
                continue
            for image in self._picked(one.rule.images):
                sure = any(self._certain(tree, one, image, selector) for selector, _ in met)
                yield Found(image.url, Label.EXACT if sure else Label.UPPER, one.via)

    def _picked(self, images: Sequence[Image]) -> Iterable[Image]:
        """Give the images of a rule, of each `image-set()` the one for the device: the first that is dense enough."""
        sets: dict[int, list[Image]] = {}
        for one in images:
            if one.set:
                sets.setdefault(one.set, []).append(one)
            else:
                yield one
        for choices in sets.values():
            taken = sorted((one for one in choices if not one.type or one.type in IMAGES), key=lambda one: one.density)
            if taken:
                densest = next(one for one in taken if one.density == taken[-1].density)
                yield next((one for one in taken if one.density >= self.profile.density), densest)

    def _certain(self, tree: Document, one: Asked, image: Image, selector: Selector) -> bool:
        """Tell whether a browser surely fetches an image: an element is rendered, and no other rule takes its place."""
        family = next((name for name in _SURE if image.property == name or image.property.startswith(f"{name}-")), "")
        given = not selector.pseudo or (selector.pseudo in {"before", "after"} and one.rule.content)
        if not (family and one.truth and image.certain and selector.certain and given) or self.blind:
            return False
        others = [asked.rule for asked in self.setting if asked.rule is not one.rule and family in asked.rule.sets]
        return any(
            "style" not in element.attrs
            and element.closest(self.unseen) is None
            and not any(self._applies(rule, element) for rule in others)
            for element in tree.select(selector.text)[:_SAMPLE]
        )

    def _applies(self, rule: Styling, element: Element) -> bool:
        """Tell whether a rule, or a step of an animation, may set something of an element."""
        if rule.frames:
            moving = (one.rule for one in self.setting if rule.frames in one.rule.animations)
            return any(self._applies(one, element) for one in moving)
        return any(element.matches(one.text) for one in rule.selectors)

    def found_fonts(self, tree: Document, characters: str, styles: str) -> Iterable[Found]:
        """Give the faces that the text of a page may need (CSS Fonts 4, section 5).

        A face loads when text is drawn in its family, weight and style, and holds a character of its range; the space
        counts as there, since lines are measured by it. `characters` are those of the page that are not ASCII, `styles`
        the declarations of its elements.
        """
        low = styles.lower()
        rules = [one.rule for one in self.fonts if any(_first(tree, selector.text) for selector in one.rule.selectors)]
        named = {family for rule in rules for family in rule.families}
        used = [family for family in self.faces if family in named or family in low]
        if not used:
            return
        asked = {weight for rule in rules for weight in rule.weights}
        weights = _weights(asked, bold=tree.select_one(_BOLD) is not None, styles=low)
        slanted = tree.select_one(_SLANTED) is not None or any(rule.slanted for rule in rules) or "italic" in low
        slants = frozenset((False, slanted))
        for family in used:
            faces = self._claimed(family, weights, slants, characters)
            sure = len(faces) == 1 and not low and self._written(tree, family)
            for face, via in faces:
                whole = not face.ranges or any(low <= 0x20 <= high for low, high in face.ranges)  # noqa: PLR2004
                certain = sure and face.certain and whole
                yield Found(face.url, Label.EXACT if certain else Label.UPPER, via)

    def _claim(
        self, family: str, weights: tuple[int, ...], slants: frozenset[bool], characters: str
    ) -> tuple[tuple[Face, str], ...]:
        """Give the faces of a family that some text in these weights and styles may take."""
        extra = self.characters.union(characters)
        letters = _ASCII.union(extra, *(one.upper() for one in extra), *(one.lower() for one in extra))
        points = frozenset(ord(one) for one in letters)
        faces = self.faces[family]
        taken: dict[str, tuple[Face, str]] = {}
        for stretch in dict.fromkeys(face.stretch for face, _ in faces):
            alike = [one for one in faces if one[0].stretch == stretch]
            for slanted in sorted(slants):
                styled = [one for one in alike if one[0].slanted == slanted] or alike
                for weight in weights:
                    chosen = _nearest([face for face, _ in styled], weight)
                    group = [one for one in styled if one[0].weight == chosen]
                    taken |= {one[0].url: one for one in _covering(group, points)}
        return tuple(one for one in faces if taken.get(one[0].url) is one)

    def _written(self, tree: Document, family: str) -> bool:
        """Tell whether some text is surely drawn in a family."""
        if self.blind or not self.named:
            return False
        for element in tree.select(_TEXTS)[:_SAMPLE]:
            if not any(str(part).strip() for part in _own_texts(element)) or element.closest(self.unseen) is not None:
                continue
            owner = element.closest(self.named)
            if owner is None:
                continue
            met = [one for one in self.fonts if one.rule.families and _matching(owner, one.rule)]
            fits = len(met) == 1 and met[0].truth and met[0].rule.first == family
            if fits and all(one.certain and not one.pseudo for one in _matching(owner, met[0].rule)):
                return True
        return False


def _own_texts(element: Element) -> Iterable[str]:
    for child in element:
        if not isinstance(child, Element):
            yield child.text


def _matching(element: Element, rule: Styling) -> list[Selector]:
    return [one for one in rule.selectors if element.matches(one.text)]


def _first(tree: Document, selector: str) -> Element | None:
    """Give the first element that a selector matches and that is not inert."""
    found = tree.select_one(selector)
    if found is None or found.closest(INERT) is None:
        return found
    return next((one for one in tree.select(selector) if one.closest(INERT) is None), None)


def _weights(asked: set[str], *, bold: bool, styles: str) -> tuple[int, ...]:
    """Give all weights that text may have: those that rules ask for, and those of headings and `<strong>`."""
    if "*" in asked or "var(" in styles:
        return _ANY
    found = {400, *(int(one) for one in asked if one.isdecimal())}
    if asked & {"bolder", "lighter"} or "font-weight" in styles or "font:" in styles:
        found |= set(_ANY)
    if bold:
        found |= {700, 900} if any(one >= _BOLDER for one in found) else {700}
    return tuple(sorted(found))


def _nearest(faces: Sequence[Face], wanted: int) -> tuple[int, int]:
    """Give the weight of the faces that stand in for a weight (CSS Fonts 4, section 5.2)."""
    spans = sorted({one.weight for one in faces})
    within = [one for one in spans if one[0] <= wanted <= one[1]]
    if within:
        return within[0]
    above = [one for one in spans if one[0] > wanted]
    below = [one for one in spans if one[1] < wanted][::-1]
    if 400 <= wanted <= 500:  # noqa: PLR2004 - the two weights of plain text
        near = [one for one in above if one[0] <= 500]  # noqa: PLR2004
        return (near + below + above)[0]
    return (below + above if wanted < 400 else above + below)[0]  # noqa: PLR2004


def _covering(group: Sequence[tuple[Face, str]], points: frozenset[int]) -> Iterable[tuple[Face, str]]:
    """Give the faces that draw some character: of two that could draw it, the later one does."""
    left = set(points)
    for one in reversed(group):
        ranges = one[0].ranges
        drawn = {point for point in left if any(low <= point <= high for low, high in ranges)} if ranges else set(left)
        if drawn:
            left -= drawn
            yield one
