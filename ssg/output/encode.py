"""The bytes of a file → the same in a content encoding, where that saves something.

Equal bytes give equal bytes, on every machine with the same libraries: there is no time, name or system in them.
"""

import functools
import gzip
import struct
import zlib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from ssg.digests import digest

# Types that hold text, or numbers as they lie in memory, but for those that the suffix of a type names. What the makers
# of a format have compressed already is not here: WOFF and WOFF2 (RFC 8081), PNG, JPEG, WebP, AVIF, PDF, archives.
_TYPES = frozenset({
    "application/ecmascript",
    "application/graphql",
    "application/javascript",  # RFC 9239 has text/javascript, and names the older ones
    "application/json",  # RFC 8259
    "application/msgpack",
    "application/rtf",
    "application/sql",
    "application/toml",
    "application/vnd.ms-fontobject",
    "application/wasm",  # WebAssembly Web API
    "application/x-bibtex",
    "application/x-csh",
    "application/x-javascript",
    "application/x-latex",
    "application/x-sh",
    "application/x-tar",
    "application/x-tex",
    "application/xml",  # RFC 7303
    "application/yaml",  # RFC 9512
    "font/collection",  # RFC 8081, as the next two
    "font/otf",
    "font/ttf",
    "image/bmp",  # RFC 7903
    "image/vnd.microsoft.icon",
    "image/x-icon",
    "model/obj",
    "model/stl",
})  # fmt: skip
# RFC 6839 and RFC 9512: a type that ends so has the syntax of what it is called.
_SUFFIXES = ("+json", "+xml", "+yaml")

# The most bytes of a file that is encoded: brotli takes half a minute for them.
LARGEST = 16 << 20
# A smaller saving is not worth a file more, and a browser's time.
_KEPT, _OF = 19, 20
# A gzip member without a name or time, at its smallest, of no system in particular (RFC 1952, section 2.3.1).
_GZIP = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
# Windows, as powers of two: brotli's own default; for what is larger than that, the largest (RFC 7932, section 9.1).
_WINDOW, _WIDE = 22, 24
# Of a window of 8 MB at the most: browsers need support no larger one (RFC 9659).
_ZSTD_WINDOW = 23


class Encoding(NamedTuple):
    """A content encoding: the ending of its files, what encodes, and what says how and by which version that does."""

    ending: str
    encode: Callable[[bytes], bytes]
    version: Callable[[], str]


def compressible(media_type: str) -> bool:
    """Tell whether bytes of a media type become smaller; those of an unknown one are left alone."""
    return media_type.startswith("text/") or media_type in _TYPES or media_type.endswith(_SUFFIXES)


def encode(body: bytes, encoding: str) -> bytes | None:
    """Give bytes in a content encoding of `ENCODINGS`; None where that saves less than a twentieth of them."""
    encoded = ENCODINGS[encoding].encode(body)
    return encoded if len(encoded) * _OF <= len(body) * _KEPT else None


def encode_quickly(body: bytes) -> bytes:
    """Give bytes in brotli (RFC 7932) as soon as possible: 0.2 ms for a page, an eighth larger than the smallest."""
    import brotli  # noqa: PLC0415 - as below

    return bytes(brotli.compress(body, quality=5))


def decode(body: bytes, encoding: str) -> bytes:
    """Give the bytes that were encoded in one of `ENCODINGS`, by whomever.

    Raises:
        ValueError: they are not in that encoding, or more follows them.
    """
    import brotli  # noqa: PLC0415 - as below
    import zstandard  # noqa: PLC0415 - as below

    try:
        if encoding == "br":
            return bytes(brotli.decompress(body))
        if encoding == "zstd":
            reading = zstandard.ZstdDecompressor().decompressobj()
            plain = reading.decompress(body)
            if not reading.eof or reading.unused_data:
                raise ValueError("cut off, or followed by more")
            return plain
        return gzip.decompress(body)
    except (brotli.error, zstandard.ZstdError, zlib.error, OSError, EOFError) as reason:
        raise ValueError(str(reason)) from None


def compressors(encodings: Iterable[str]) -> Mapping[str, str]:
    """Give the versions of the libraries that make encodings, by name: who has the same makes the same bytes."""
    said = (ENCODINGS[name].version().partition(",")[0].partition(" ") for name in encodings)
    return {library: version for library, _, version in said}


def encoder_key(encoding: str) -> str:
    """Give a digest of all that decides what bytes become in an encoding, but for the bytes."""
    return digest(f"{encoding}\0{ENCODINGS[encoding].version()}\0{_code()}".encode())


@functools.cache
def _code() -> str:
    return digest(Path(__file__).read_bytes())


def _brotli(body: bytes) -> bytes:
    import brotli  # noqa: PLC0415 - a build that knows all files does without

    return bytes(brotli.compress(body, quality=11, lgwin=_WIDE if len(body) > 1 << _WINDOW else _WINDOW))


def _brotli_version() -> str:
    import brotli  # noqa: PLC0415 - as above

    return f"brotli {brotli.__version__}, quality 11"


def _gzip(body: bytes) -> bytes:
    # Python's own writer puts the system into the header, another one in each version.
    deflate = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS, 9)
    ends = struct.pack("<LL", zlib.crc32(body), len(body) & 0xFFFFFFFF)
    return b"".join((_GZIP, deflate.compress(body), deflate.flush(), ends))


def _gzip_version() -> str:
    return f"zlib {zlib.ZLIB_RUNTIME_VERSION}, level 9"


def _zstd(body: bytes) -> bytes:
    import zstandard  # noqa: PLC0415 - for who wants it

    parameters = zstandard.ZstdCompressionParameters.from_level(19, source_size=len(body), write_checksum=False)
    if parameters.window_log > _ZSTD_WINDOW:
        parameters = zstandard.ZstdCompressionParameters.from_level(
            19, source_size=len(body), window_log=_ZSTD_WINDOW, write_checksum=False
        )
    return zstandard.ZstdCompressor(compression_params=parameters).compress(body)


def _zstd_version() -> str:
    import zstandard  # noqa: PLC0415 - as above

    return f"zstd {'.'.join(map(str, zstandard.ZSTD_VERSION))}, level 19"


ENCODINGS: Mapping[str, Encoding] = {
    "br": Encoding(".br", _brotli, _brotli_version),
    "gzip": Encoding(".gz", _gzip, _gzip_version),
    "zstd": Encoding(".zst", _zstd, _zstd_version),
}
"""The content encodings that files are written in, by the name that HTTP has for them (RFC 9110, 7932, 8878)."""
