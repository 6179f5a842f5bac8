"""How the URLs of a site are spelled, and what their endings say of the media type."""

import mimetypes
from urllib.parse import quote

HTML = "html"
"""The output format of a page unless something else is asked for."""

_UNKNOWN = "application/octet-stream"
# The library's own table, not the machine's: equal inputs give equal releases everywhere.
_TYPES = mimetypes.MimeTypes(filenames=())
# What that table lacks: the registry of IANA, and what the makers of a format ask for.
_MORE = {
    ".atom": "application/atom+xml",
    ".avif": "image/avif",
    ".bib": "application/x-bibtex",
    ".eot": "application/vnd.ms-fontobject",
    ".geojson": "application/geo+json",
    ".gmi": "text/gemini",
    ".gz": "application/gzip",
    ".ics": "text/calendar",
    ".js": "text/javascript",
    ".jsonld": "application/ld+json",
    ".map": "application/json",
    ".md": "text/markdown",
    ".mjs": "text/javascript",
    ".otf": "font/otf",
    ".rss": "application/rss+xml",
    ".toml": "application/toml",
    ".ttc": "font/collection",
    ".ttf": "font/ttf",
    ".vcf": "text/vcard",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".xhtml": "application/xhtml+xml",
    ".yaml": "application/yaml",
    ".yml": "application/yaml",
}


def media_type(path: str) -> str:
    """Give the media type of a file by its ending (RFC 6838); that of unknown bytes where the ending says nothing."""
    ending = f".{path.rpartition('.')[2]}".lower()
    return _MORE.get(ending) or _TYPES.guess_type(path)[0] or _UNKNOWN


TEXTS = frozenset(("application/json", "application/manifest+json", "application/xml", "image/svg+xml"))
"""Media types of texts that do not begin with `text/`, as far as servers name their encoding."""


def content_type(kind: str) -> str:
    """Give the `Content-Type` of a file by its media type: with the encoding, where it is a text."""
    return f"{kind}; charset=utf-8" if kind.startswith("text/") or kind in TEXTS else kind


def is_markup(path: str) -> bool:
    """Tell whether values in a file are escaped: in HTML and XML, and where the ending does not say what it is."""
    known = media_type(path)
    return known in {"text/html", _UNKNOWN} or known.endswith(("/xml", "+xml"))


def part_url(url: str, part: int) -> str:
    """Give the URL of a part of a list: the list's own for the first, `page/2/` below it for the second."""
    return url if part == 1 else f"{url}page/{part}/"


def folder_url(url: str) -> str:
    """Give the URL of the folder that a URL lies in, which may be itself: `/a/` for `/a/` and `/a/index.json`."""
    return url[: url.rfind("/") + 1]


def output_url(url: str, output: str) -> str:
    """Give the URL of a page in an output format: `/a/` is `/a/index.json` as JSON, `/a.html` is `/a.json`."""
    if output == HTML:
        return url
    folder = folder_url(url)
    stem = url[len(folder) :].rpartition(".")[0] or "index"
    return f"{folder}{stem}.{output}"


def href(url: str) -> str:
    """Percent-encode what a readable URL path may not hold in an attribute; letters of any script stay.

    HTML takes any IRI (RFC 3987); space, quotes, `<`, `>`, `%`, `?`, `#` and control characters are encoded.
    """
    if _plain(url):
        return url
    return "".join(c if ord(c) > 0xA0 else quote(c, safe="/:@!$&()*+,;=~'") for c in url)  # noqa: PLR2004


def uri(url: str) -> str:
    """Percent-encode a readable URL path to plain ASCII (RFC 3986), as sitemaps and feeds want it."""
    return url if _plain(url) else quote(url, safe="/:@!$&()*+,;=~'")


def _plain(url: str) -> bool:
    """Tell whether there is nothing in a URL path that could be encoded, as in nearly all of them."""
    return url.isascii() and url.replace("/", "").replace("-", "").replace("_", "").replace(".", "").isalnum()


def tagged(path: str, language: str) -> str:
    """Give the path of a file's translation: `page.md` is `page.fr.md` in French."""
    stem, dot, ending = path.rpartition(".")
    return f"{stem}.{language}{dot}{ending}"
