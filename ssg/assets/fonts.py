"""Fonts: what a file measures, the fallback face with the same measures, and the characters that are needed."""

import io
import logging
from collections.abc import Iterable, Mapping
from typing import Any, Literal

import msgspec

from ssg.assets.faces import Face
from ssg.errors import Diagnostic, Location, warning

Kind = Literal["sans-serif", "serif", "monospace"]

# How often letters and spaces occur in a thousand characters of English; other Latin scripts are near enough.
_FREQUENCY = {
    " ": 183, "e": 102, "t": 75, "a": 65, "o": 62, "n": 57, "i": 57, "s": 53, "r": 50, "h": 50, "l": 33, "d": 33,
    "u": 23, "c": 22, "m": 20, "f": 20, "w": 17, "g": 16, "p": 15, "y": 14, "b": 13, "v": 8, "k": 5, "x": 1, "j": 1,
    "q": 1, "z": 1,
}  # fmt: skip
# Mean advance in thousandths of an em, by that frequency, of fonts that are on nearly every computer, regular and bold.
_MEAN: Mapping[Kind, tuple[float, float]] = {
    "sans-serif": (0.4394, 0.4753),
    "serif": (0.3982, 0.4238),
    "monospace": (0.6001, 0.6001),
}
# What these fonts, and those made to the same measures, are called where they are installed.
_LOCAL: Mapping[Kind, tuple[str, ...]] = {
    "sans-serif": ("Arial", "Helvetica", "Liberation Sans", "Arimo"),
    "serif": ("Times New Roman", "Times", "Liberation Serif", "Tinos"),
    "monospace": ("Courier New", "Liberation Mono", "Cousine"),
}
_BOLD = 600
# Tables in which editors note what no browser reads.
_OF_EDITORS = ["BDF ", "FFTM", "PfEd", "TeX ", "TSIV", "Webf"]


class FontMetrics(msgspec.Struct, frozen=True):
    """What lays a font's lines out, as fractions of an em: heights above and below the base line, gap, mean advance."""

    ascent: float
    descent: float
    line_gap: float
    advance: float
    kind: Kind


def read_metrics(path: str, body: bytes) -> FontMetrics | Diagnostic:
    """Give the measures of a font file: WOFF2, WOFF, TrueType or OpenType.

    Heights are those that browsers take: the typographic ones where the font asks for them (OpenType 1.9, OS/2,
    fsSelection, bit 7), else those of `hhea`. A damaged font gives a diagnostic; `path` names it there.
    """
    from fontTools.ttLib import TTFont  # noqa: PLC0415 - for sites with fonts of their own

    _quiet()
    try:
        with TTFont(io.BytesIO(body), lazy=True) as font:
            return _metrics(font)
    except Exception as reason:  # noqa: BLE001 - a damaged font may raise anything
        return _unread(path, reason)


def _metrics(font: Any) -> FontMetrics:
    em, os2, hhea = font["head"].unitsPerEm, font["OS/2"], font["hhea"]
    ascent, descent, gap = hhea.ascent, -hhea.descent, hhea.lineGap
    if os2.fsSelection & 1 << 7:
        ascent, descent, gap = os2.sTypoAscender, -os2.sTypoDescender, os2.sTypoLineGap
    names, advances = font.getBestCmap() or {}, font["hmtx"].metrics
    known = {letter: advances[names[ord(letter)]][0] for letter in _FREQUENCY if ord(letter) in names}
    weight = sum(_FREQUENCY[letter] for letter in known)
    mean = sum(_FREQUENCY[letter] * advance for letter, advance in known.items()) / weight if weight else 0
    # PANOSE: 2 is Latin text, whose serif styles 2 to 10 have serifs.
    serif = os2.panose.bFamilyType == 2 and 2 <= os2.panose.bSerifStyle <= 10  # noqa: PLR2004
    kind: Kind = "monospace" if font["post"].isFixedPitch else "serif" if serif else "sans-serif"
    return FontMetrics(ascent / em, descent / em, gap / em, (mean or os2.xAvgCharWidth) / em, kind)


def _quiet() -> None:
    """Keep remarks of the library, which name no file, from being printed: what matters is raised."""
    log = logging.getLogger("fontTools")
    if not log.handlers:
        log.addHandler(logging.NullHandler())


def _unread(path: str, reason: Exception) -> Diagnostic:
    said = str(reason).partition("\n")[0] or type(reason).__name__
    message = f"is no font that can be read: {said[:1].lower()}{said[1:]}"
    return warning("font", message, Location(path), "it is published as it is; save it again")


def fallback_name(family: str) -> str:
    """Give the name of the fallback face of a family."""
    return f"{family} fallback"


def fallback_face(face: Face, metrics: FontMetrics) -> str:
    """Give the `@font-face` of the font that stands in until a face has arrived: local, in the measures of the face.

    Lines then break and lie as they will (CSS Fonts 5, section 3: `size-adjust` scales the overrides as well).
    """
    bold = face.weight >= _BOLD
    adjust = metrics.advance / _MEAN[metrics.kind][bold]
    style = " Bold" * bold + " Italic" * (face.style != "normal")
    local = ", ".join(f'local("{name}{style}")' for name in _LOCAL[metrics.kind])
    lines = {
        "font-family": f'"{fallback_name(face.family)}"',
        "src": local,
        "font-weight": face.weights if face.weights != "normal" else "",
        "font-style": face.style if face.style != "normal" else "",
        "unicode-range": face.unicode_range,
        "size-adjust": _percent(adjust),
        "ascent-override": _percent(metrics.ascent / adjust),
        "descent-override": _percent(metrics.descent / adjust),
        "line-gap-override": _percent(metrics.line_gap / adjust),
    }
    return "@font-face {" + "; ".join(f"{name}: {value}" for name, value in lines.items() if value) + "}\n"


def _percent(value: float) -> str:
    return f"{round(value * 100, 2):g}%"


def subset_font(path: str, body: bytes, characters: Iterable[str]) -> bytes | Diagnostic:
    """Give a font with the glyphs of some characters alone, in the format that it had, or as it is if not smaller.

    What the font does with these characters, such as ligatures and kerning, stays. Equal input gives equal bytes.
    A damaged font gives a diagnostic; `path` names it there.
    """
    from fontTools import subset  # noqa: PLC0415 - for sites that ask for it

    _quiet()
    options = subset.Options(layout_features=["*"], notdef_outline=True, recalc_timestamp=False, name_IDs=["*"])
    options.drop_tables += _OF_EDITORS
    try:
        font = subset.load_font(io.BytesIO(body), options, dontLoadGlyphNames=True)
        options.flavor = font.flavor
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=sorted({ord(letter) for text in characters for letter in text}))
        subsetter.subset(font)
        written = io.BytesIO()
        subset.save_font(font, written, options)
    except Exception as reason:  # noqa: BLE001 - a damaged font may raise anything
        return _unread(path, reason)
    return min(body, written.getvalue(), key=len)
