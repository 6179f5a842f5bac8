"""Bundles of `site.toml` → texts as if an author had written them."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from ssg.assets.reading import quoted
from ssg.assets.values import Options, Text
from ssg.errors import Diagnostic, Location, error, nearest
from ssg.scanning import scan, specifiers
from ssg.urls import href

_PREFIX = "/assets/"
_FILE = "site.toml"


class Bundled(msgspec.Struct, frozen=True):
    """All texts with those of bundles, the URL of each bundle by kind and name, and what is wrong with bundles."""

    texts: tuple[Text, ...]
    bundles: Mapping[str, str]
    diagnostics: tuple[Diagnostic, ...]


def bundled(texts: Sequence[Text], options: Options) -> Bundled:
    """Add the texts of bundles: a sheet that imports its members, and a script of its members one after the other.

    A bundle of one module is that module: two copies of it would be two modules.
    """
    known = {one.url: one for one in texts}
    added: list[Text] = []
    urls: dict[str, str] = {}
    said: list[Diagnostic] = []
    for kind, bundles in (("css", options.css), ("js", options.js)):
        for name, members in sorted(bundles.items()):
            where = Location(_FILE, options.lines.get(f"{kind}/{name}", 0))
            wrong = list(_wrong(kind, name, members, known, where))
            said += wrong
            if wrong:
                continue
            parts = [known[_PREFIX + member] for member in members]
            if kind == "js" and _is_module(parts[0]):
                urls[f"{kind}/{name}"] = parts[0].url
                continue
            # A name that no file has: a bundle may be called as a file is.
            url = urls[f"{kind}/{name}"] = _free(f"{_PREFIX}{name}", kind, known)
            added.append(Text(url, _FILE, _sheet(parts) if kind == "css" else _script(parts)))
    return Bundled((*texts, *added), urls, tuple(said))


def _free(stem: str, kind: str, known: Mapping[str, Text]) -> str:
    while f"{stem}.{kind}" in known:
        stem += ".bundle"
    return f"{stem}.{kind}"


def _wrong(
    kind: str, name: str, members: Sequence[str], known: Mapping[str, Text], where: Location
) -> Iterator[Diagnostic]:
    names = [url.removeprefix(_PREFIX) for url in known if url.startswith(_PREFIX)]
    for member in members:
        if member not in names:
            hint = nearest(member, names) or "name a file of assets/, of the site or the theme"
            yield error("bundle", f'the bundle "{name}" holds "{member}", which is no file', where, hint)
        elif not member.endswith((f".{kind}", f".m{kind}")):
            yield error(
                "bundle", f'the bundle "{name}" holds "{member}", which is no .{kind} file', where, "take it out"
            )
        elif kind == "js" and len(members) > 1 and _is_module(known[_PREFIX + member]):
            hint = "name the one module that imports the others"
            yield error("bundle", f'the bundle "{name}" holds other files beside the module "{member}"', where, hint)
    if not members:
        yield error("bundle", f'the bundle "{name}" is empty', where, "name its files")


def _is_module(text: Text) -> bool:
    return text.url.endswith(".mjs") or specifiers(list(scan(text.body.decode("utf-8", "replace"))))[1]


def _sheet(parts: Sequence[Text]) -> bytes:
    return "".join(f"@import {quoted(href(one.url))};\n" for one in parts).encode()


def _script(parts: Sequence[Text]) -> bytes:
    """Join classic scripts: a line break ends a comment, a semicolon the last statement."""
    return b"\n;\n".join(one.body.removeprefix(b"\xef\xbb\xbf") for one in parts)
