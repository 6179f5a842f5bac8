"""Fixture pages: a text each, unpacked into a folder with the files that the page is made of.

A fixture is a line that says what it is for, and sections that begin with `-- NAME`. What is below is the text of the
file; images, fonts and sounds have none and are made here, different ones for different names, as the word after the
name says: the size of an image (`40x30`), the characters of a font (`abc` or `U+E001`), the seconds of a sound.
`$head` stands for what every page begins with.
"""

import io
import re
import struct
import wave
import zlib
from hashlib import sha256
from pathlib import Path

import brotli
import pyvips
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

from ssg.audit.host import ENCODINGS
from ssg.urls import media_type

PAGES = Path(__file__).parent / "pages"
HEAD = (
    '<!doctype html><html lang="en"><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
    '<title>Fixture</title><link rel="icon" href="data:,">'
)
_PLAIN = "".join(map(chr, range(32, 127)))
_PICTURES = {"webp", "avif", "jpg", "gif"}
_FLAVOURS = {"ttf": None, "woff": "woff", "woff2": "woff2"}


def names() -> list[str]:
    """Give the names of all fixtures."""
    return sorted(path.stem for path in PAGES.glob("*.txt"))


def unpack(name: str, folder: Path) -> None:
    """Write the files of a fixture into a folder, with compressed forms where these are smaller."""
    _, *sections = re.split(r"(?m)^-- (.+)\n", (PAGES / f"{name}.txt").read_text(encoding="utf-8"))
    for head, text in zip(sections[::2], sections[1::2], strict=True):
        file, note = _named(head.strip("\n"))
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.replace("$head", HEAD).encode() if text else made(file, note))
    compress(folder)


def _named(head: str) -> tuple[str, str]:
    """Split the name of a file, which may have spaces, from what is said of how to make it."""
    found = re.fullmatch(r"(.+\.\w+)(?: (\S+))?", head)
    assert found, head
    return found[1], found[2] or ""


def compress(folder: Path) -> None:
    """Write compressed forms of all texts in a folder, where there are none and they are smaller."""
    for path in sorted(folder.rglob("*")):
        kind = media_type(path.name)
        if not path.is_file() or not (kind.startswith("text/") or kind.endswith(("xml", "json", "javascript"))):
            continue
        body = path.read_bytes()
        for name, ending in ENCODINGS:
            form = path.with_name(path.name + ending)
            packed = brotli.compress(body, quality=5) if name == "br" else zlib.compress(body, 9, 31)
            if len(packed) < len(body) and not form.exists():
                form.write_bytes(packed)


def made(file: str, note: str) -> bytes:
    """Make the bytes of a file that is no text, by its ending."""
    ending = file.rpartition(".")[2]
    seed = sha256(file.encode()).digest()
    if ending in {"png", "ico"}:
        return _png(*_size(note), seed)
    if ending in _PICTURES:
        image = pyvips.Image.new_from_buffer(_png(*_size(note), seed), "")
        body: bytes = image.write_to_buffer(f".{ending}")
        return body
    if ending in _FLAVOURS:
        characters = "".join(chr(int(one, 16)) for one in re.findall(r"U\+(\w+)", note)) or note or _PLAIN
        return _font(file, characters, _FLAVOURS[ending])
    if ending == "wav":
        return _sound(int(note), seed)
    return seed  # of a type that no browser reads


def _size(note: str) -> tuple[int, int]:
    width, _, height = (note or "8x8").partition("x")
    return int(width), int(height)


def _png(width: int, height: int, seed: bytes) -> bytes:
    """Give an image of one colour, with the seed in a chunk of its own (PNG, section 5)."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = (b"\0" + seed[:3] * width) * height
    parts = (
        chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
        chunk(b"tEXt", b"Comment\0" + seed.hex()[: 2 + seed[0] % 60].encode()),
        chunk(b"IDAT", zlib.compress(rows)),
        chunk(b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def _font(name: str, characters: str, flavour: str | None) -> bytes:
    """Give a font with a box for each character."""
    pen = TTGlyphPen(None)
    for move, point in (
        (pen.moveTo, (50, 0)),
        (pen.lineTo, (50, 700)),
        (pen.lineTo, (450, 700)),
        (pen.lineTo, (450, 0)),
    ):
        move(point)
    pen.closePath()
    box = pen.glyph()
    glyphs = {f"u{ord(one):04X}": box for one in dict.fromkeys(characters)}
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", *glyphs])
    builder.setupCharacterMap({ord(one): f"u{ord(one):04X}" for one in characters})
    builder.setupGlyf({".notdef": box, **glyphs})
    builder.setupHorizontalMetrics(dict.fromkeys((".notdef", *glyphs), (500, 50)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": name, "styleName": "Regular", "copyright": name * (1 + len(name) % 7)})
    builder.setupOS2(sTypoAscender=800, sTypoDescender=-200, usWinAscent=800, usWinDescent=200)
    builder.setupPost()
    builder.setupHead(unitsPerEm=1000, created=3_786_912_000, modified=3_786_912_000)
    builder.font.flavor = flavour
    body = io.BytesIO()
    builder.save(body)
    return body.getvalue()


def _sound(seconds: int, seed: bytes) -> bytes:
    """Give a sound, as it comes, of 8,000 samples of 16 bits a second."""
    body = io.BytesIO()
    with wave.open(body, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(seed * (seconds * 500))
    return body.getvalue()
