"""Caddy 2.11 and newer: a file to import into a site block.

Headers are set when the answer is ready (`>`), so that an answer 404 has those of `handle_errors` alone; earlier
versions of Caddy leave such headers out without a word.
"""

from collections.abc import Iterator, Sequence

from ssg.delivery.emitted import NOTE, SIBLINGS, Emitted, endings, kinds, literal, missing, own, regexp, resolved
from ssg.delivery.policy import CACHE, Kind, Policy, Redirect
from ssg.errors import Location
from ssg.urls import content_type, uri

_CHUNK = 20_000
_PAGES = r"(/|\.html)$"


def emit(policy: Policy, where: Location) -> Emitted:
    """Give the file for Caddy."""
    del where
    return Emitted(beside={"caddy/site.caddy": "\n".join(_site(policy)) + "\n"})


def _site(policy: Policy) -> Iterator[str]:
    base = policy.base_path
    yield f"# {NOTE}"
    yield "# Import it into a site block, after root" + (
        f"; the output folder lies at {base} below root." if base else "; root is the output folder."
    )
    yield "route {"
    yield from (f"\t{line}" for one in policy.redirects for line in _redirect(one))
    yield "\t@siblings {"
    yield f"\t\tpath {' '.join(f'*.{one}' for one in SIBLINGS)}"
    for one in own(policy):
        yield f"\t\tnot path_regexp {_raw(f'^{literal(policy.url(one.path))}$')}"
    yield "\t}"
    yield "\terror @siblings 404"
    yield from (f"\t{line}" for line in _headers(policy))
    yield "\tfile_server {"
    yield "\t\tprecompressed zstd br gzip"
    yield "\t}"
    yield "}"
    yield "handle_errors {"
    of_folders = reversed(missing(policy))
    for number, (folder, page) in enumerate((*of_folders, (f"{base}/", f"{base}/404.html"))):
        yield f"\t@missing_{number} {{"
        yield "\t\texpression `{err.status_code} == 404`"
        yield f"\t\tpath_regexp {_raw(f'^{literal(folder)}')}"
        yield "\t}"
        yield f"\thandle @missing_{number} {{"
        yield from (f"\t\t{line}" for line in _missing(policy, page))
        yield "\t}"
    yield "}"


def _missing(policy: Policy, page: str) -> Iterator[str]:
    """Send a page for what is not there."""
    yield f"rewrite * {_quoted(uri(page))}"
    yield f'header Cache-Control "{CACHE[Kind.NOT_FOUND]}"'
    for name, _, value, _ in resolved(policy):
        if value:
            yield f"header {name} {_quoted(value)}"
    yield "file_server {"
    yield "\tprecompressed zstd br gzip"
    yield "}"


def _redirect(one: Redirect) -> Iterator[str]:
    """Write a redirect; what a `*` matched is taken from the request as it came, still encoded."""
    name = f"@from_{_named(one.source)}"
    if one.dynamic:
        yield f"{name} vars_regexp splat {{http.request.uri}} {_raw(f'^{literal(uri(one.source[:-1]))}([^?]*)')}"
        splat = "{re.splat.1}" if one.target.endswith(":splat") else ""
        yield f"redir {name} {_quoted(one.target.removesuffix(':splat'), splat)} {one.status}"
    else:
        yield f"{name} path_regexp {_raw(f'^{literal(one.source)}$')}"
        yield f"redir {name} {_quoted(one.target)} {one.status}"


def _named(text: str) -> str:
    """Give a name for a matcher that no other text has."""
    return text.encode().hex()


def _headers(policy: Policy) -> Iterator[str]:
    """Set each header by matchers of which one at the most is for a file."""
    number = 0
    found = [*kinds(policy, _CHUNK)]
    before: list[str] = []
    for expression, value in found:
        number += 1
        yield from _header(f"@cache_{number}", expression, tuple(before), ("Cache-Control", value))
        before.append(expression)
    yield from _header("@cache_0", "", tuple(before), ("Cache-Control", CACHE[Kind.FILE]))
    for name, usual, of_pages, by_pattern in resolved(policy):
        number += 1
        patterns = [regexp(pattern) for pattern, _ in by_pattern]
        if of_pages != usual:
            yield from _header(f"@page_{number}", _PAGES, patterns, (name, of_pages))
        others = [*patterns, *([_PAGES] if of_pages != usual else [])]
        yield from _header(f"@usual_{number}", "", others, (name, usual))
        for place, (expression, (_, value)) in enumerate(zip(patterns, by_pattern, strict=True)):
            yield from _header(f"@rule_{number}_{place}", expression, (), (name, value))
    for kind, names in endings(policy).items():
        number += 1
        expression = rf"\.({'|'.join(map(literal, names))})$"
        yield from _header(f"@type_{number}", expression, (), ("Content-Type", content_type(kind)))


def _header(matcher: str, expression: str, without: Sequence[str], header: tuple[str, str]) -> Iterator[str]:
    """Set a header for paths that match one expression, or all, and none of some others."""
    name, value = header
    if not value:
        return
    if not expression and not without:
        yield f"header >{name} {_quoted(value)}"
        return
    yield f"{matcher} {{"
    if expression:
        yield f"\tpath_regexp {_raw(expression)}"
    yield from (f"\tnot path_regexp {_raw(one)}" for one in without)
    yield "}"
    yield f"header {matcher} >{name} {_quoted(value)}"


def _quoted(text: str, placeholder: str = "") -> str:
    """Quote a word, in which a brace begins a placeholder; a placeholder may follow."""
    found = text.replace("{", "\\{")
    if "`" not in found:
        return f"`{found}{placeholder}`"
    return '"' + found.replace('"', '\\"') + f'{placeholder}"'


def _raw(text: str) -> str:
    """Quote a regular expression, in which a backtick stands as its code."""
    return f"`{text.replace('`', chr(92) + 'x60')}`"
