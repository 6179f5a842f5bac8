"""All sheets, scripts and JSON manifests of a site → their published forms, each after what it refers to."""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from ssg.assets.addresses import Addresses
from ssg.assets.bundles import bundled
from ssg.assets.scripts import Script, ordered, read_script, written
from ssg.assets.sheets import Sheets, minified
from ssg.assets.values import Options, Packed, Text, Tools, fingerprinted
from ssg.digests import digest
from ssg.errors import Diagnostic, Location, warning
from ssg.manifest import Asset

PREFIX = "/assets/"


class Outcome(msgspec.Struct, frozen=True):
    """Packed texts, the bundles by kind and name, and what was said of bundles.

    `asked` holds what was asked of other files, with the answers; `lasting` is whether the same answers give the same.
    """

    packed: tuple[Packed, ...]
    bundles: Mapping[str, str]
    diagnostics: tuple[Diagnostic, ...]
    asked: Mapping[str, str | None]
    lasting: bool


def pack_texts(texts: Sequence[Text], known: Mapping[str, str], options: Options, tools: Tools) -> Outcome:
    """Pack texts in the order in which they depend on each other: style sheets, scripts, JSON manifests.

    `known` are the published URLs of all other files, by the URL that authors write. A name follows from the bytes that
    it names; of scripts that import each other, from the bytes of all of them.
    """
    made = bundled(texts, options)
    addresses = Addresses(options, known)
    # A question about a text that is yet to be made is answered by its own name: it is there.
    addresses.made |= {one.url: one.url for one in made.texts}
    by_kind: dict[str, dict[str, Text]] = {"css": {}, "js": {}, "json": {}}
    for one in sorted(made.texts, key=lambda one: one.url):
        by_kind[kind_of(one.url)][one.url] = one
    packed = _sheets(by_kind["css"], addresses, options)
    packed += _scripts(by_kind["js"], addresses, options, tools)
    packed += [_manifest(one, addresses, options) for one in by_kind["json"].values()]
    return Outcome(tuple(packed), made.bundles, made.diagnostics, addresses.asked, not addresses.guessed)


def kind_of(url: str) -> str:
    """Tell how a file is packed by its ending: `css`, `js`, `json`, or an empty text for one that stays as it is."""
    ending = url.rpartition(".")[2].lower()
    return {"css": "css", "js": "js", "mjs": "js", "webmanifest": "json"}.get(ending, "")


def _sheets(texts: Mapping[str, Text], addresses: Addresses, options: Options) -> list[Packed]:
    sheets = Sheets(texts, addresses)
    packed: list[Packed] = []
    for url in (url for together in ordered({url: sheets.needs(url) for url in texts}) for url in together):
        sheets.said.clear()
        flat = sheets.flatten(url)
        said: list[Diagnostic] = list(sheets.said)
        text = flat.text
        if options.minify:
            try:
                text = minified(text, options.targets)
            except ValueError as reason:
                said.append(sheets.refusal(flat, options.targets, str(reason)))
        packed.append(_finished(texts[url], text.encode(), addresses, said))
    return packed


def _scripts(texts: Mapping[str, Text], addresses: Addresses, options: Options, tools: Tools) -> list[Packed]:
    read = {
        url: read_script(text, tools, addresses, texts, minify=options.minify and bool(text.body))
        for url, text in texts.items()
    }
    packed: list[Packed] = []
    for together in ordered({url: script.needs for url, script in read.items()}):
        if len(together) > 1 or together[0] in read[together[0]].needs:
            # They name each other: the name of each follows from all of them with the names that authors write, and
            # from what stands before published names.
            told = (f"{url}\0{written(read[url], url, addresses)}" for url in together)
            whole = "\0".join((options.base_path, options.cdn, *told))
            addresses.made |= {url: fingerprinted(url, digest(f"{url}\0{whole}".encode())) for url in together}
            finals = {url: addresses.made[url] for url in together}
        else:
            finals = {}
        for url in together:
            body = written(read[url], url, addresses).encode() if read[url].found else _body(read[url], texts[url])
            said = list(read[url].diagnostics)
            packed.append(_finished(texts[url], body, addresses, said, finals.get(url, ""), _graph(url, read)))
    return packed


def _body(script: Script, text: Text) -> bytes:
    """Give the bytes of a script that names no files; one that is not UTF-8 keeps its own."""
    return script.text.encode() if "\ufffd" not in script.text else text.body


def _graph(url: str, read: Mapping[str, Script]) -> tuple[str, ...]:
    """Give all modules that one needs before it runs, in the order in which it names them."""
    found: dict[str, None] = {}
    waiting = list(read[url].static)
    while waiting:
        one = waiting.pop(0)
        if one != url and one not in found:
            found[one] = None
            waiting += read[one].static
    return tuple(found)


def _manifest(text: Text, addresses: Addresses, options: Options) -> Packed:
    """Pack a web app manifest: what its members `src` name (W3C Web Application Manifest, section 1.9)."""
    said: list[Diagnostic] = []
    try:
        value = msgspec.json.decode(text.body)
    except msgspec.DecodeError as reason:
        where = Location(text.path)
        said.append(warning("json", f"is not JSON: {str(reason).lower()}", where, "mend it; it is published as it is"))
        return _finished(text, text.body, addresses, said)
    written = _addressed(value, text, addresses, said)
    if written == value and not (options.minify and text.url.startswith(PREFIX)):
        return _finished(text, text.body, addresses, said)
    body = msgspec.json.encode(written)
    return _finished(text, body, addresses, said)


def _addressed(value: Any, text: Text, addresses: Addresses, said: list[Diagnostic]) -> Any:
    if isinstance(value, list):
        return [_addressed(one, text, addresses, said) for one in value]
    if not isinstance(value, dict):
        return value
    found = {key: _addressed(one, text, addresses, said) for key, one in value.items()}
    url = found.get("src")
    target = addresses.resolve(url, text.url) if isinstance(url, str) else None
    if isinstance(url, str) and target is not None:
        found["src"] = address = addresses.address(url, text.url) or url
        if address == url and not addresses.known(target):
            line = text.body.count(b"\n", 0, max(0, text.body.find(url.encode()))) + 1
            where = Location(text.path, line)
            said.append(warning("json-url", f'"{url}" leads to no file', where, addresses.suggest(target)))
    return found


def _finished(
    text: Text,
    body: bytes,
    addresses: Addresses,
    said: Sequence[Diagnostic],
    url: str = "",
    imports: tuple[str, ...] = (),
) -> Packed:
    mark = digest(body)
    hashed = text.url.startswith(PREFIX)
    url = url or (fingerprinted(text.url, mark) if hashed else text.url)
    addresses.made[text.url] = url
    integrity = ""
    if kind_of(text.url) in {"css", "js"}:  # Subresource Integrity, section 3.2: SHA-384 is what it recommends
        integrity = f"sha384-{base64.b64encode(hashlib.sha384(body).digest()).decode()}"
    logical = text.url if hashed else ""
    asset = Asset(url, text.path, "", len(body), mark, logical=logical, integrity=integrity, imports=imports)
    return Packed(asset, body, tuple(said))
