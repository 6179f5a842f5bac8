"""Apache 2.4: a `.htaccess` for the output folder.

It needs mod_headers, mod_rewrite, mod_mime, mod_setenvif and mod_dir, and `AllowOverride All`.
"""

from collections.abc import Iterator

from ssg.delivery.emitted import NOTE, SIBLINGS, Emitted, endings, kinds, literal, missing, own, regexp, resolved, texts
from ssg.delivery.policy import CACHE, Kind, Policy, Redirect
from ssg.errors import Diagnostic, Location, error
from ssg.urls import uri

_CHUNK = 4000
# Encodings in the order of preference, with the endings of their files.
_ENCODINGS = (("br", "br"), ("zstd", "zst"), ("gzip", "gz"))
# A quality above zero (RFC 9110, section 12.4.2).
_QUALITY = r"\s*($|,|;\s*q\s*=\s*(1|0?\.0*[1-9]))"
_MISSING = "%{REQUEST_STATUS} == '404'"


def emit(policy: Policy, where: Location) -> Emitted:
    """Give the file for Apache."""
    said = tuple(_refused(policy, where))
    return Emitted(output={".htaccess": "\n".join(_lines(policy)) + "\n"}, diagnostics=said)


def _refused(policy: Policy, where: Location) -> Iterator[Diagnostic]:
    for name, usual, of_pages, by_pattern in resolved(policy):
        if any("${" in value for value in (usual, of_pages, *(value for _, value in by_pattern))):
            message = f"the value of {name} has ${{, where Apache puts a variable"
            yield error("header", message, where, "write it without the brace")


def _lines(policy: Policy) -> Iterator[str]:
    yield f"# {NOTE}"
    yield "Options -MultiViews -Indexes"
    yield "DirectoryIndex index.html"
    yield f"ErrorDocument 404 {_quoted(policy.base_path + '/404.html')}"
    for folder, page in missing(policy):
        yield f'<If "%{{REQUEST_URI}} =~ m#^{_expression(literal(folder))}#">'
        yield f"  ErrorDocument 404 {_quoted(page)}"
        yield "</If>"
    yield "FileETag MTime Size"
    yield from _types(policy)
    yield "RewriteEngine On"
    for one in policy.redirects:
        yield from _redirect(one, policy.base_path)
    yield from _negotiation(policy)
    yield from _headers(policy)


def _types(policy: Policy) -> Iterator[str]:
    encoded = {ending for kind in texts(policy) for ending in endings(policy)[kind]}
    for kind, names in endings(policy).items():
        yield from (f"AddType {kind} .{name}" for name in names if name not in SIBLINGS)
    yield from (f"AddCharset utf-8 .{name}" for name in sorted(encoded - set(SIBLINGS)))
    dotted = " ".join(f".{one}" for one in SIBLINGS)
    yield f"RemoveType {dotted}"
    yield f"RemoveLanguage {dotted}"  # .br is Breton
    yield from (f"AddEncoding {name} .{ending}" for name, ending in _ENCODINGS)
    for one in own(policy):
        name = one.path.rpartition("/")[2]
        yield f'<FilesMatch "^{literal(name)}$">'
        yield f"  RemoveEncoding {dotted}"
        yield f"  ForceType {one.media_type}"
        yield "</FilesMatch>"


def _redirect(one: Redirect, base: str) -> Iterator[str]:
    """Write a redirect; the path that a `.htaccess` sees has neither the base path nor a slash before it.

    What a `*` matched is taken from the request as it came, still encoded.
    """
    source = literal(one.source.removesuffix("*").removeprefix(base).lstrip("/"))
    target = one.target.removesuffix(":splat").replace("\\", "\\\\").replace("%", "\\%").replace("$", "\\$")
    flags = f"[R={one.status},L,NE,QSD]"
    if not one.dynamic:
        yield f'RewriteRule "^{_expression(source)}$" "{target}" {flags}'
        return
    splat = ""
    if one.target.endswith(":splat"):
        splat = "%1"
        begin = _expression(literal(uri(one.source[:-1])))
        yield f'RewriteCond "%{{THE_REQUEST}}" "^[A-Z]+ {begin}([^? ]*)"'
    yield f'RewriteRule "^{_expression(source)}" "{target}{splat}" {flags}'


def _negotiation(policy: Policy) -> Iterator[str]:
    """Send the compressed form that a browser takes; nobody asks for one by its own name."""
    published = "|".join(literal(policy.url(one.path)) for one in own(policy))
    if published:
        yield f'RewriteCond "%{{REQUEST_URI}}" "^({published})$"'
        yield 'RewriteRule "" "-" [L]'
    yield 'RewriteCond "%{ENV:REDIRECT_STATUS}" "^$"'
    yield f'RewriteRule "\\.({"|".join(SIBLINGS)})$" "-" [R=404,L]'
    for name, ending in _ENCODINGS:
        yield f'RewriteCond "%{{HTTP:Accept-Encoding}}" "(^|,)\\s*{name}{_QUALITY}"'
        yield f'RewriteCond "%{{REQUEST_FILENAME}}.{ending}" -f'
        yield f'RewriteRule "^(.+)$" "$1.{ending}" [L]'
    yield f'SetEnvIf Request_URI "\\.({"|".join(SIBLINGS)})$" no-gzip no-brotli'


def _headers(policy: Policy) -> Iterator[str]:
    """Set each header; what comes later takes the place of what came before."""
    yield "Header merge Vary Accept-Encoding"
    yield f"Header set Cache-Control {_quoted(CACHE[Kind.FILE])}"
    for expression, value in reversed([*kinds(policy, _CHUNK)]):
        yield f"Header set Cache-Control {_quoted(value)} {_where(expression)}"
    yield f'Header set Cache-Control {_quoted(CACHE[Kind.NOT_FOUND])} "expr={_MISSING}"'
    for name, usual, of_pages, by_pattern in resolved(policy):
        if usual:
            yield f"Header set {name} {_quoted(usual)}"
        if of_pages != usual:
            yield f'Header set {name} {_quoted(of_pages)} "expr=%{{CONTENT_TYPE}} =~ m#^text/html#"'
        yield from (f"Header set {name} {_quoted(value)} {_where(regexp(one))}" for one, value in by_pattern)


def _where(expression: str) -> str:
    """Give the condition that a path matches; the path is that of the file, with the ending of its compressed form."""
    begin = expression.removesuffix("$").replace("(/|", "(/index\\.html|/|")
    found = f"{begin}(\\.({'|'.join(SIBLINGS)}))?$".replace("#", "\\#")
    return f'"expr=%{{REQUEST_URI}} =~ m#{_expression(found)}#"'


def _expression(text: str) -> str:
    return text.replace('"', "\\x22")


def _quoted(text: str) -> str:
    """Quote the value of a header; `%` begins a variable."""
    found = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{found}"'
