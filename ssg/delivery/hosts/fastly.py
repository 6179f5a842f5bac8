"""Fastly: snippets of VCL, one for each subroutine that they belong into.

The host behind Fastly needs neither headers nor redirects. `Surrogate-Control` tells Fastly how long a file may be
kept there, `Cache-Control` tells browsers.

Limits are those of "About VCL snippets" (1 MB a snippet) and "Network services resource limits" (files of more than
20 MB are answered with 503 unless Segmented Caching is on) of docs.fastly.com.
"""

from collections.abc import Callable, Iterator, Mapping

from ssg.delivery.emitted import NOTE, Emitted, Limit, kinds, literal, over, regexp, resolved
from ssg.delivery.policy import CACHE, EDGE, Kind, Policy
from ssg.errors import Diagnostic, Location, error, warning
from ssg.urls import uri

# A status that is Fastly's customers' own: it carries a redirect to `vcl_error`.
_CARRIER = 618
_CHUNK = 3500
_NAME = "Fastly"
_SNIPPET, _FILE = 1_000_000, 20_000_000


def emit(policy: Policy, where: Location) -> Emitted:
    """Give the snippets for Fastly, by the name of the subroutine."""
    files = {
        "fastly/init.vcl": _text(_tables(policy)),
        "fastly/recv.vcl": _text(_recv(policy)),
        "fastly/miss.vcl": _text(_miss()),
        "fastly/fetch.vcl": _text(_fetch(policy)),
        "fastly/deliver.vcl": _text(_deliver(policy)),
        "fastly/error.vcl": _text(_error()),
    }
    return Emitted(beside=files, diagnostics=(*_mistakes(policy, where), *_limits(policy, files, where)))


def _limits(policy: Policy, files: Mapping[str, str], where: Location) -> Iterator[Diagnostic]:
    for name, text in files.items():
        limit = Limit(f"bytes a snippet, which {name} is", _SNIPPET)
        yield from over(_NAME, limit, len(text.encode()), where, "have redirects with * stand for many")
    for one in policy.files:
        if one.size > _FILE:
            message = f"{one.path} has {one.size:,} bytes, and {_NAME} takes {_FILE:,} a file without Segmented Caching"
            yield warning("limit", message, Location(one.source), "switch that on for it, or make it smaller")


def _mistakes(policy: Policy, where: Location) -> Iterator[Diagnostic]:
    for name, usual, of_pages, by_pattern in resolved(policy):
        if any('"}' in value for value in (usual, of_pages, *(value for _, value in by_pattern))):
            yield error("header", f'the value of {name} has "}}, which ends a text of VCL', where, "write it otherwise")


def _text(lines: Iterator[str]) -> str:
    return f"# {NOTE}\n" + "".join(f"{line}\n" for line in lines)


def _tables(policy: Policy) -> Iterator[str]:
    """Write where single paths lead, the status before the target."""
    yield "table ssg_redirects {"
    for one in policy.redirects:
        if not one.dynamic:
            yield f"  {_word(uri(one.source))}: {_word(f'{one.status} {one.target}')},"
    yield "}"


def _recv(policy: Policy) -> Iterator[str]:
    yield "if (table.contains(ssg_redirects, req.url.path)) {"
    yield "  set req.http.X-Ssg-Moved = table.lookup(ssg_redirects, req.url.path);"
    yield f'  error {_CARRIER} "moved";'
    yield "}"
    for one in policy.redirects:
        if one.dynamic:
            splat = " re.group.1" if one.target.endswith(":splat") else ""
            yield f"if (req.url.path ~ {_word(f'^{literal(uri(one.source[:-1]))}(.*)$')}) {{"
            yield f"  set req.http.X-Ssg-Moved = {_word(f'{one.status} ' + one.target.removesuffix(':splat'))}{splat};"
            yield f'  error {_CARRIER} "moved";'
            yield "}"


def _miss() -> Iterator[str]:
    yield "# A bucket does not know that /a/ is /a/index.html."
    yield 'if (req.url.path ~ "/$") {'
    yield '  set bereq.url = req.url.path "index.html";'
    yield "}"


def _fetch(policy: Policy) -> Iterator[str]:
    yield 'set beresp.http.Vary:Accept-Encoding = "";'
    yield "if (beresp.status != 200 && beresp.status != 206 && beresp.status != 304) {"
    yield f"  set beresp.http.Surrogate-Control = {_word(EDGE[Kind.NOT_FOUND])};"
    by_browser = {value: EDGE[kind] for kind, value in CACHE.items() if kind is not Kind.NOT_FOUND}
    yield from _by_kind(policy, "beresp.http.Surrogate-Control", lambda value: by_browser.get(value, value))


def _by_kind(policy: Policy, header: str, told: Callable[[str], str]) -> Iterator[str]:
    """Go on with an `if`: set a header by what browsers are told of each kind."""
    for expression, value in kinds(policy, _CHUNK):
        yield f"}} else if (req.url.path ~ {_word(expression)}) {{"
        yield f"  set {header} = {_word(told(value))};"
    yield "} else {"
    yield f"  set {header} = {_word(told(CACHE[Kind.FILE]))};"
    yield "}"


def _deliver(policy: Policy) -> Iterator[str]:
    yield "unset resp.http.Surrogate-Control;"
    yield "if (resp.status >= 400) {"
    yield f"  set resp.http.Cache-Control = {_word(CACHE[Kind.NOT_FOUND])};"
    yield "} else if (resp.status >= 300 && resp.status != 304) {"
    yield "  unset resp.http.Cache-Control;"
    yield from _by_kind(policy, "resp.http.Cache-Control", str)
    for name, usual, of_pages, by_pattern in resolved(policy):
        if usual:
            yield f"set resp.http.{name} = {_word(usual)};"
        if of_pages != usual:
            yield f'if (resp.http.Content-Type ~ "^text/html") {{ set resp.http.{name} = {_word(of_pages)}; }}'
        for pattern, value in by_pattern:
            yield f"if (req.url.path ~ {_word(regexp(pattern))}) {{ set resp.http.{name} = {_word(value)}; }}"


def _error() -> Iterator[str]:
    yield f"if (obj.status == {_CARRIER}) {{"
    yield "  set obj.status = std.atoi(substr(req.http.X-Ssg-Moved, 0, 3));"
    yield '  set obj.http.Location = regsub(req.http.X-Ssg-Moved, "^[0-9]+ ", "");'
    yield '  synthetic "";'
    yield "  return(deliver);"
    yield "}"


def _word(text: str) -> str:
    """Quote a text: in its long form nothing is escaped."""
    return f'{{"{text}"}}'
