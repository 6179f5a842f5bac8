"""Style sheets → the same with a face that stands in for each font until that has arrived."""

import functools
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from ssg.assets.addresses import Addresses
from ssg.assets.faces import Face, add_after_faces, add_display, add_fallbacks, declared_faces, font_variables
from ssg.assets.fonts import FontMetrics, fallback_face
from ssg.assets.values import Options, Text

# What the name of a family cannot hold to stand between quotes as it is.
_UNQUOTABLE = {'"', "\\", "\n"}
_ENDINGS = (".otf", ".ttf", ".woff", ".woff2")


def is_font(url: str) -> bool:
    """Tell by its URL whether a file is a font."""
    return url.lower().endswith(_ENDINGS)


def declared_fonts(sheets: Sequence[Text], options: Options) -> frozenset[str]:
    """Give the URLs, as authors write them, of the files that the font faces of style sheets name."""
    return frozenset(
        url
        for sheet in sheets
        for face in (declared_faces(_text(sheet)) if _declares(_text(sheet)) else ())
        for url in _files(face, sheet.url, Addresses(options, {}))
    )


def with_fallbacks(sheets: Sequence[Text], fonts: Mapping[str, FontMetrics], options: Options) -> tuple[Text, ...]:
    """Give style sheets in which text shows before its font is there, and in the measures of that font.

    `fonts` has the measures of font files by the URL that authors write; a face without one among them gets no
    fallback. What a sheet says stays, on the line where it was; one that is not UTF-8 stays as it is.
    """
    addresses = Addresses(options, {})
    stood_in: set[str] = set()

    def stand_in(base: str, face: Face) -> str:
        known = next((fonts[url] for url in _files(face, base, addresses) if url in fonts), None)
        if known is None or _UNQUOTABLE & set(face.family):
            return ""
        stood_in.add(face.family)
        return fallback_face(face, known).strip()

    texts = [_text(one) for one in sheets]
    texts = [
        add_after_faces(add_display(text), functools.partial(stand_in, one.url)) if _declares(text) else text
        for one, text in zip(sheets, texts, strict=True)
    ]
    if stood_in:
        variables = font_variables(texts)
        texts = [add_fallbacks(text, sorted(stood_in), variables=variables) for text in texts]
    return tuple(
        msgspec.structs.replace(one, body=text.encode()) if text else one
        for one, text in zip(sheets, texts, strict=True)
    )


def _files(face: Face, base: str, addresses: Addresses) -> Iterator[str]:
    """Give the URLs, from the root of the site, of the files that a face of the sheet at `base` names."""
    return (found for url in face.urls if (found := addresses.resolve(url, base)) is not None)


def _declares(text: str) -> bool:
    """Tell whether a sheet may declare a font: most do not, and are not read for it."""
    return "@font-face" in text.lower()


def _text(sheet: Text) -> str:
    """Give the text of a sheet; nothing for one that is not UTF-8."""
    try:
        return sheet.body.decode()
    except UnicodeDecodeError:
        return ""
