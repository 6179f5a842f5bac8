"""Media types that Chromium takes, and the class of a file by its name."""

from ssg.budget.values import Kind
from ssg.urls import media_type

SCRIPTS = frozenset((
    "", "text/javascript", "application/javascript", "application/ecmascript", "application/x-ecmascript",
    "application/x-javascript", "text/ecmascript", "text/javascript1.0", "text/javascript1.1", "text/javascript1.2",
    "text/javascript1.3", "text/javascript1.4", "text/javascript1.5", "text/jscript", "text/livescript",
    "text/x-ecmascript", "text/x-javascript",
))  # fmt: skip
"""Those of a classic script (WHATWG MIME Sniffing, section 4.6)."""

IMAGES = frozenset((
    "image/jpeg", "image/pjpeg", "image/jpg", "image/webp", "image/png", "image/apng", "image/gif", "image/bmp",
    "image/vnd.microsoft.icon", "image/x-icon", "image/x-xbitmap", "image/x-png", "image/avif", "image/svg+xml",
    "image/jxl",
))  # fmt: skip
"""Those of images: of Chromium 156, which was asked; it takes JPEG XL."""

FONTS = frozenset((
    "font/woff2", "font/woff", "font/ttf", "font/otf", "font/collection", "font/sfnt", "application/font-woff",
    "application/font-woff2", "application/font-sfnt", "application/x-font-ttf", "application/x-font-truetype",
    "application/x-font-opentype", "application/vnd.ms-opentype", "application/x-font-woff", "application/x-font-otf",
))  # fmt: skip

_PLAYED = frozenset((
    "video/mp4", "video/webm", "video/ogg", "audio/mpeg", "audio/mp3", "audio/ogg", "audio/webm", "audio/wav",
    "audio/x-wav", "audio/wave", "audio/mp4", "audio/aac", "audio/flac", "audio/x-m4a", "audio/opus", "video/x-m4v",
    "application/ogg", "application/vnd.apple.mpegurl", "application/x-mpegurl", "video/quicktime",
    "video/x-matroska", "video/matroska", "video/3gpp",
))  # fmt: skip


def plays(written: str) -> bool:
    """Tell whether a source of a video or sound may be played by the type that it names; one that names none may."""
    kind = written.partition(";")[0].strip()
    return not kind or kind in _PLAYED


def kind_of(url: str, written: str = "") -> Kind:
    """Give the class of a file by the media type that is written for it, else by the ending of its URL."""
    kind = written or media_type(url.partition("?")[0].partition("#")[0])
    if kind in {"text/html", "application/xhtml+xml"}:
        return Kind.HTML
    if kind == "text/css":
        return Kind.CSS
    if kind in SCRIPTS:
        return Kind.JS
    for start, found in (("image/", Kind.IMAGE), ("font/", Kind.FONT), ("video/", Kind.MEDIA), ("audio/", Kind.MEDIA)):
        if kind.startswith(start):
            return found
    return Kind.FONT if kind in FONTS else Kind.OTHER


def frame_like(url: str, written: str) -> bool:
    """Tell whether what an `<object>` shows is a page."""
    plain = url.partition("?")[0].partition("#")[0]
    return kind_of(plain, written) is Kind.HTML or (not written and plain.endswith("/"))
