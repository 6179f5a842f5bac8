"""A style sheet → one without imports, its references final, lowered for browsers and minified."""

import functools
import re
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urljoin

from ssg.assets.addresses import Addresses, is_local
from ssg.assets.reading import Import, Sheet, decode_sheet, quoted, read_sheet
from ssg.assets.values import Text
from ssg.errors import Diagnostic, Location, warning

_REFUSED = re.compile(r"(?:Parsing stylesheet failed: )?(.*) at .*?:(\d+):\d+$", re.DOTALL)
_HINT = "mend it there; the sheet is published as it is, not minified"


class Flat(NamedTuple):
    """A style sheet with its imports in place, and the URLs of all sheets that it is made of."""

    text: str
    parts: tuple[str, ...]


class Sheets:
    """All style sheets of a site by URL; each is read once."""

    def __init__(self, texts: Mapping[str, Text], addresses: Addresses) -> None:
        """Take the sheets, and where what they refer to is published."""
        self._texts = texts
        self._addresses = addresses
        self.said: list[Diagnostic] = []
        self._sheet = functools.cache(lambda url: read_sheet(decode_sheet(texts[url].body)))

    def flatten(self, url: str) -> Flat:
        """Put the imports of a sheet in place, as far as that changes nothing.

        A sheet of another host, and all that are imported before it, stay imports: rules come after imports.
        """
        sheet: Sheet = self._sheet(url)
        nested = [self._nested(url, one, (url,)) for one in sheet.imports]
        kept = max((number for number, one in enumerate(nested) if one is None), default=-1)
        inlined = {one.start: inner for one, inner in list(zip(sheet.imports, nested, strict=True))[kept + 1 :]}
        parts: list[str] = [url]
        text = self._written(url, {start: inner for start, inner in inlined.items() if inner is not None}, parts)
        return Flat(text, tuple(dict.fromkeys(parts)))

    def needs(self, url: str) -> tuple[str, ...]:
        """Give the sheets that a sheet may import as files of their own."""
        found = (self._addresses.resolve(one.url, url) for one in self._sheet(url).imports)
        return tuple(dict.fromkeys(one for one in found if one is not None and one in self._texts and one != url))

    def line(self, url: str, place: int) -> Location:
        """Give a place in a sheet as a line of its file."""
        return Location(self._texts[url].path, self._sheet(url).line(place))

    def _nested(self, url: str, found: Import, above: tuple[str, ...]) -> Flat | None:
        """Give an imported sheet, or None where it must stay an import; nothing of one that is not there."""
        target = self._addresses.resolve(found.url, url)
        if target is None or (target not in self._texts and self._addresses.known(target)):
            return None
        if target in above:
            circle = above[above.index(target) :]
            if target == min(circle):  # told once, by the sheet whose name is first
                chain = " imports ".join(self._texts[one].path for one in (*circle, target))
                self._say("css-cycle", f"imports go in a circle: {chain}", self.line(url, found.start), "take one out")
            return Flat("", ())
        if target not in self._texts:
            said = f'the import of "{found.url}" leads to no file'
            self._say("css-import", said, self.line(url, found.start), self._addresses.suggest(target))
            return Flat("", ())
        sheet: Sheet = self._sheet(target)
        inner = [self._nested(target, one, (*above, target)) for one in sheet.imports]
        if not sheet.closed or None in inner:
            return None
        parts = [target]
        inlined = {one.start: flat for one, flat in zip(sheet.imports, inner, strict=True) if flat is not None}
        return Flat(wrapped(self._written(target, inlined, parts), found), tuple(parts))

    def _written(self, url: str, inlined: Mapping[int, Flat], parts: list[str]) -> str:
        """Write a sheet with final references, and what is inlined in place of imports."""
        sheet: Sheet = self._sheet(url)
        edits: list[tuple[int, int, str]] = []
        for one in sheet.imports:
            if one.start in inlined:
                edits.append((one.start, one.end, inlined[one.start].text + "\n"))
                parts += inlined[one.start].parts
            elif is_local(one.url):
                edits.append((one.start, one.end, imported(self._addresses.address(one.url, url) or one.url, one)))
        for ref in sheet.references:
            if not is_local(ref.url):
                continue
            address = self._addresses.address(ref.url, url)
            if address is None:
                said = f'the reference to "{ref.url}" leads to no file'
                target = self._addresses.resolve(ref.url, url) or ""
                self._say("css-url", said, self.line(url, ref.start), self._addresses.suggest(target))
                continue
            edits.append((ref.start, ref.end, f"url({quoted(address)})" if ref.function else quoted(address)))
        return edited(sheet.text, edits)

    def _say(self, code: str, message: str, where: Location, hint: str) -> None:
        one = warning(code, message, where, hint or "name a file from this file's folder")
        if one not in self.said:
            self.said.append(one)

    def refusal(self, flat: Flat, targets: tuple[str, ...], reason: str) -> Diagnostic:
        """Say which line of which file the minifier does not take."""
        for url in flat.parts:
            try:
                minified(self._sheet(url).text, targets)
            except ValueError as own:
                return _refused(str(own), self._texts[url].path)
        return _refused(reason, self._texts[flat.parts[0]].path)


def imports_of(text: Text) -> tuple[tuple[str, str], ...]:
    """Give the sheets that a sheet imports, by the URL that authors write, each with the rule that does so."""
    sheet = read_sheet(decode_sheet(text.body))
    return tuple((urljoin(text.url, one.url), sheet.text[one.start : one.end]) for one in sheet.imports)


def wrapped(text: str, found: Import) -> str:
    """Give the text of an imported sheet inside of the conditions of its import (CSS Cascade 5, section 2.1)."""
    if found.layer is not None:
        text = f"@layer {found.layer}{{\n{text}\n}}" if found.layer else f"@layer{{\n{text}\n}}"
    if found.supports:
        bare = re.match(r"[-\w]+\s*:", found.supports)
        text = f"@supports {f'({found.supports})' if bare else found.supports}{{\n{text}\n}}"
    return f"@media {found.media}{{\n{text}\n}}" if found.media else text


def imported(address: str, found: Import) -> str:
    """Write an import that stays."""
    layer = "" if found.layer is None else f" layer({found.layer})" if found.layer else " layer"
    supports = f" supports({found.supports})" if found.supports else ""
    return f"@import {quoted(address)}{layer}{supports}{f' {found.media}' if found.media else ''};"


def edited(text: str, edits: list[tuple[int, int, str]]) -> str:
    """Give a text with parts of it, which do not overlap, replaced by others."""
    pieces: list[str] = []
    place = 0
    for start, end, new in sorted(edits):
        pieces += (text[place:start], new)
        place = end
    return "".join((*pieces, text[place:]))


def minified(text: str, targets: tuple[str, ...]) -> str:
    """Give a style sheet in fewer bytes, its syntax lowered for the browsers `targets`.

    Raises:
        ValueError: it is not a style sheet that the minifier takes.
    """
    import lightningcss  # noqa: PLC0415 - 12 MB, where there is a sheet that is not remembered

    return lightningcss.process_stylesheet(text, filename="sheet", browsers_list=list(targets) or None)


def check_targets(targets: tuple[str, ...]) -> str:
    """Say what is wrong with a list of browsers, or nothing."""
    try:
        minified("", targets)
    except ValueError as reason:
        return str(reason).rpartition("failed: ")[2]
    return ""


def _refused(reason: str, path: str) -> Diagnostic:
    found = _REFUSED.match(reason)
    said = (found[1] if found else reason).strip()
    where = Location(path, int(found[2]) + 1 if found else 0)
    return warning("css", f"the style sheet cannot be read: {said[:1].lower()}{said[1:]}", where, _HINT)
