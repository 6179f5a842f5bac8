"""nginx: two files to include, one in `http { }` and one in `server { }`, and one for its brotli module.

All headers are set at one level: a single `add_header` in a location would drop those of the server (documentation of
ngx_http_headers_module). What they say depends on maps, so that an answer 404 never has the `Cache-Control` of a file.
"""

from collections.abc import Iterator

from ssg.delivery.emitted import (
    NOTE,
    SIBLINGS,
    Emitted,
    endings,
    kinds,
    literal,
    missing,
    own,
    regexp,
    resolved,
    texts,
)
from ssg.delivery.policy import CACHE, Kind, Policy, Redirect
from ssg.errors import Diagnostic, Location, error
from ssg.urls import uri

# The longest word of a configuration: NGX_CONF_BUFFER.
_WORD = 4096
_CHUNK = 3500
_DOLLAR = "${ssg_dollar}"


def emit(policy: Policy, where: Location) -> Emitted:
    """Give the files for nginx."""
    files = {
        "nginx/http.conf": "\n".join(_maps(policy)) + "\n",
        "nginx/server.conf": "\n".join(_server(policy)) + "\n",
        "nginx/brotli.conf": f"# {NOTE}\n# Include it in server {{ }} where nginx has the module brotli_static.\n"
        "brotli_static on;\n",
    }
    return Emitted(beside=files, diagnostics=tuple(_limits(policy, where)))


def _limits(policy: Policy, where: Location) -> Iterator[Diagnostic]:
    for name, usual, of_pages, by_pattern in resolved(policy):
        for value in (usual, of_pages, *(value for _, value in by_pattern)):
            if len(_quoted(value)) > _WORD:
                message = f"nginx takes {_WORD:,} characters a value, and {name} has {len(_quoted(value)):,}"
                yield error("limit", message, where, "have it say less")
                break


def _maps(policy: Policy) -> Iterator[str]:
    """Say which value each header has: include this in `http { }`."""
    yield f"# {NOTE}"
    yield "# Include it in http { }."
    yield 'geo $ssg_dollar { default "$"; }'
    yield 'map "$status:$uri" $ssg_cache_control {'
    yield f'  default "{CACHE[Kind.FILE]}";'
    yield f'  "~^(4|5)[0-9][0-9]:" "{CACHE[Kind.NOT_FOUND]}";'
    for expression, value in kinds(policy, _CHUNK):
        begin = "~^[0-9]+:" if expression.startswith("^") else "~"
        yield f"  {_place(begin + expression.removeprefix('^'))} {_quoted(value)};"
    yield "}"
    for number, (name, usual, of_pages, by_pattern) in enumerate(resolved(policy)):
        variable = f"$ssg_header_{number}"
        yield f"# {name}"
        yield f"map $sent_http_content_type {variable}{'_page' if by_pattern else ''} {{"
        yield f"  default {_quoted(usual)};"
        if of_pages != usual:
            yield f'  "~^text/html" {_quoted(of_pages)};'
        yield "}"
        if by_pattern:
            yield f"map $uri {variable} {{"
            yield f"  default {variable}_page;"
            yield from (f"  {_place('~' + regexp(one))} {_quoted(value)};" for one, value in by_pattern)
            yield "}"


def _server(policy: Policy) -> Iterator[str]:
    """Say what answers a request: include this in `server { }`."""
    base = policy.base_path
    yield f"# {NOTE}"
    yield "# Include it in server { }, after root and server_name" + (
        f"; the output folder lies at {base} below root." if base else "; root is the output folder."
    )
    yield "index index.html;"
    yield _error_pages(f"{base}/404.html")
    yield "absolute_redirect off;"
    yield "gzip_static on;"
    yield "gzip_vary on;"
    yield "charset utf-8;"
    of_text = [one for one in texts(policy) if one != "text/html"]
    if of_text:
        yield f"charset_types {' '.join(of_text)};"
    yield "types {"
    yield from (f"  {kind} {' '.join(names)};" for kind, names in endings(policy).items())
    yield "}"
    yield "default_type application/octet-stream;"
    yield "add_header Cache-Control $ssg_cache_control always;"
    for number, (name, *_) in enumerate(resolved(policy)):
        yield f"add_header {name} $ssg_header_{number} always;"
    for one in own(policy):
        yield f"location = {_place(policy.url(one.path))} {{ }}"
    yield f"location ~ \\.({'|'.join(SIBLINGS)})$ {{ return 404; }}"
    yield from map(_redirect, policy.redirects)
    for folder, page in missing(policy):
        yield f"location {_place(folder)} {{ {_error_pages(page)} try_files $uri $uri/ =404; }}"
    yield f"location {_place(f'{base}/')} {{ try_files $uri $uri/ =404; }}"


def _error_pages(page: str) -> str:
    """Name the page for what is not there; a folder without a page is not there either."""
    return f"error_page 404 {_quoted(page)}; error_page 403 =404 {_quoted(page)};"


def _redirect(one: Redirect) -> str:
    """Write a redirect; what a `*` matched is taken from the request as it came, still encoded."""
    source = _place(one.source.removesuffix("*"))
    if not one.dynamic:
        return f"location = {source} {{ return {one.status} {_quoted(one.target)}; }}"
    begin = _place(f"^{literal(uri(one.source[:-1]))}([^?]*)")
    target = _quoted(one.target.removesuffix(":splat"))[:-1] + ('$1"' if one.target.endswith(":splat") else '"')
    return f"location ^~ {source} {{ if ($request_uri ~ {begin}) {{ return {one.status} {target}; }} return 404; }}"


def _place(text: str) -> str:
    """Quote a path or a regular expression, in which `$` is no variable."""
    found = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{found}"'


def _quoted(text: str) -> str:
    """Quote a word, in which `$` begins a variable."""
    return _place(text).replace("$", _DOLLAR)
