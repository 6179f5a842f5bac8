"""URLs as written in pages, sheets and modules → those that a browser asks for."""

import re
from urllib.parse import quote, urljoin, urlsplit

_PLAIN = re.compile(r"/(?![/.])[A-Za-z0-9_\-.~@!$&'()*+,;=:%/]*(?:\?[A-Za-z0-9_\-.~@!$&()*+,;=:%/?]*)?")
# The same of another host's, as it is asked for: a browser changes nothing of it.
_WHOLE = re.compile(
    r"https?://[a-z0-9.\-]+(?::[0-9]+)?/[A-Za-z0-9_\-.~@!$&'()*+,;=:%/]*(?:\?[A-Za-z0-9_\-.~@!$&()*+,;=:%/?]+)?"
)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")
_WHITE = " \t\n\f\r"
_BREAKS = re.compile(r"[\t\n\r]")
# What stays in a URL as it is (WHATWG URL, section 1.3: the path percent-encode set and that of queries).
_SAFE = "/:@!$&'()*+,;=~%[]|^\\{}`"
_SAFE_QUERY = "/:@!$&()*+,;=~%?[]|^\\{}`"


def resolve(url: str, base: str, origins: tuple[str, ...] = ()) -> str:
    """Give the URL that a browser asks for: a path with its query for a file of the site, else the whole URL.

    `base` is the URL path of what names it, or a whole URL; `origins` are what URLs of the site may begin with where
    they are written in full, without a final slash. Empty for what needs no request: a fragment alone, `data:`, `blob:`
    and all else but http (WHATWG URL, section 4.4), and for what is no URL.
    """
    if _PLAIN.fullmatch(url) and "/." not in url and "//" not in url and not _SCHEME.match(base):
        return url
    if _WHOLE.fullmatch(url) and "/." not in url and "//" not in url[8:]:
        return _inside(url, origins)
    url = _BREAKS.sub("", url.strip(_WHITE)).partition("#")[0]
    try:
        parts = urlsplit(urljoin(base, url if _SCHEME.match(url) else url.replace("\\", "/"))) if url else None
        host = "" if parts is None else parts.netloc.lower()
        host = host if host.isascii() else host.encode("idna").decode()
    except ValueError:
        return ""
    if parts is None or parts.scheme not in {"", "http", "https"}:
        return ""
    query = f"?{quote(parts.query, safe=_SAFE_QUERY)}" if parts.query else ""
    path = quote(parts.path, safe=_SAFE) or "/"
    if not host:
        return path + query if path.startswith("/") and not parts.scheme else ""
    full = f"{parts.scheme or 'https'}://{host}{path}{query}"
    return _inside(full, origins)


def _inside(full: str, origins: tuple[str, ...]) -> str:
    """Give the path of a URL that begins with one of the origins, else all of it."""
    inside = next((one for one in origins if one and full.startswith(f"{one}/")), None)
    return full if inside is None else full[len(inside) :]


def third_party(url: str) -> bool:
    """Tell whether a resolved URL is another host's."""
    return not url.startswith("/")


def path_of(url: str) -> str:
    """Give the path of a resolved URL of the site, without its query."""
    return url.partition("?")[0]
