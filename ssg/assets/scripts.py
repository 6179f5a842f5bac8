"""Scripts → scripts in fewer bytes whose imports name published files."""

import re
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from ssg.assets.addresses import Addresses
from ssg.assets.reading import unescape
from ssg.assets.sheets import edited
from ssg.assets.values import Text, Tools
from ssg.errors import Diagnostic, Location, warning
from ssg.scanning import Specifier, Token, scan, shortened, specifiers

_LOCAL = ("./", "../", "/")


class Script(msgspec.Struct, frozen=True):
    """A script in fewer bytes, with what it names; `needs` are the scripts of the site among them, as URLs.

    `static` are those of them that run before it.
    """

    text: str
    module: bool
    found: tuple[Specifier, ...]
    needs: tuple[str, ...]
    static: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...]


def read_script(text: Text, tools: Tools, addresses: Addresses, urls: Mapping[str, Text], *, minify: bool) -> Script:
    """Minify a script, and find what it imports. What the minifier does not take stays as it is."""
    try:
        source = text.body.decode("utf-8-sig")
    except UnicodeDecodeError as reason:
        line = text.body.count(b"\n", 0, reason.start) + 1
        refused = warning("js", "the script is not UTF-8", Location(text.path, line), "save the file as UTF-8")
        return Script(
            text.body.decode("utf-8-sig", "replace"),
            module=False,
            found=(),
            needs=(),
            static=(),
            diagnostics=(refused,),
        )
    tokens = list(scan(source))
    wanted, module = specifiers(tokens)
    module = module or text.url.endswith(".mjs")
    said = list(_missing(text, source, wanted, addresses))
    short, wrong = _minified(tokens, text, tools, module=module) if minify else (source, ())
    found = tuple(specifiers(list(scan(short)))[0]) if wanted else ()
    if [one.url for one in found] != [one.url for one in wanted]:  # an import that would be lost
        short, found = source, tuple(wanted)
    named = [(one, addresses.resolve(unescape(one.url), text.url)) for one in found if _is_path(one)]
    needs = tuple(dict.fromkeys(url for _, url in named if url is not None and url in urls))
    static = tuple(dict.fromkeys(url for one, url in named if one.static and url is not None and url in urls))
    return Script(short, module, found, needs, static, (*said, *wrong))


def _missing(text: Text, source: str, wanted: Sequence[Specifier], addresses: Addresses) -> Iterator[Diagnostic]:
    """Tell which imports lead to no file; names of packages are left to an import map."""
    for one in wanted:
        target = addresses.resolve(unescape(one.url), text.url) if _is_path(one) else None
        if target is not None and not addresses.known(target):
            where = Location(text.path, source.count("\n", 0, one.start) + 1)
            yield warning("js-import", f'"{one.url}" leads to no file', where, addresses.suggest(target))


def _is_path(one: Specifier) -> bool:
    """Tell whether a specifier names a file by its path: one of a module that does not begin so names a package."""
    return not one.module or one.url.startswith(_LOCAL)


def _minified(tokens: Sequence[Token], text: Text, tools: Tools, *, module: bool) -> tuple[str, tuple[Diagnostic, ...]]:
    source = "".join(token.text for token in tokens)
    if not module:
        try:
            return tools.minify_script(source), ()
        except ValueError as reason:
            said = f"the script cannot be read: {reason}"
            hint = "mend it; the script is published as it is"
            found = re.search(r" at offset (\d+)", said)
            line = source.encode().count(b"\n", 0, int(found[1])) + 1 if found else 0
            said = said.replace(found[0], "") if found else said
            return source, (warning("js", said, Location(text.path, line), hint),)
    if tools.minify_module is None:
        return shortened(tokens), ()
    try:
        return tools.minify_module(source), ()
    except ValueError as reason:
        return source, (warning("js", f"esbuild refuses the module: {reason}", Location(text.path), "mend it"),)


def written(script: Script, url: str, addresses: Addresses) -> str:
    """Give a script with the published URLs of what it names."""
    edits: list[tuple[int, int, str]] = []
    for one in script.found:
        address = addresses.address(unescape(one.url), url) if _is_path(one) else None
        if address is not None:
            edits.append((one.start, one.end, '"' + address.replace("\\", "\\\\").replace('"', '\\"') + '"'))
    return edited(script.text, edits)


def ordered(needs: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """Give files so that what one needs comes before it; those that need each other come together (Tarjan, 1972)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []
    for root in needs:
        if root in index:
            continue
        work = [(root, iter(needs[root]))]
        index[root] = low[root] = len(index)
        stack.append(root)
        while work:
            name, rest = work[-1]
            below = next(rest, None)
            if below is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[name])
                if low[name] == index[name]:
                    place = stack.index(name)
                    found.append(sorted(stack[place:]))
                    del stack[place:]
            elif below not in index:
                index[below] = low[below] = len(index)
                stack.append(below)
                work.append((below, iter(needs[below])))
            elif below in stack:
                low[name] = min(low[name], index[below])
    return found
