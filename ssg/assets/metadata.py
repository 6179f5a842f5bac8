"""What an image file says of itself beside its pixels: where the camera stood, which way up it was held."""

import struct

_JPEG, _PNG = b"\xff\xd8", b"\x89PNG\r\n\x1a\n"
_EXIF = b"Exif\0\0"
_ORIENTATION = 0x0112
# Chunks of PNG that hold text, EXIF data and times (PNG 3, section 11.3); browsers show none of them.
_PNG_SAID = {b"eXIf", b"iTXt", b"tEXt", b"tIME", b"zTXt"}
# EXIF and XMP (APP1), Photoshop's (APP13) and comments; JFIF, colour profiles (APP2) and Adobe's (APP14) stay.
_JPEG_SAID = {0xE1, 0xED, 0xFE}
_START_OF_SCAN = 0xDA


def orientation(body: bytes) -> int:
    """Give which way up an image is, 1 to 8 (EXIF 2.32, section 4.6.4), 1 where it does not tell.

    Takes the bytes of an image file.

    Raises:
        ValueError: its EXIF data are broken.
    """
    data = _exif(body)
    if data is None:
        return 1
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(data[:4])
    if order is None:
        raise ValueError("they begin with no byte order")
    try:
        (start,) = struct.unpack_from(f"{order}I", data, 4)
        (count,) = struct.unpack_from(f"{order}H", data, start)
        entries = [struct.unpack_from(f"{order}HHIH", data, start + 2 + 12 * number) for number in range(count)]
    except struct.error:
        raise ValueError("they end too early") from None
    found = [value for tag, _, _, value in entries if tag == _ORIENTATION]
    return found[0] if found and 1 <= found[0] <= 8 else 1  # noqa: PLR2004 - what EXIF defines


def strip_metadata(body: bytes) -> bytes:
    """Give an image file without what it says of camera, place, time and author; every pixel stays as it is.

    Takes JPEG, PNG and WebP; other bytes are given as they are, and so are those that are damaged. Colour profiles
    stay, and so does which way up the image is.
    """
    try:
        if body.startswith(_JPEG):
            return _strip_jpeg(body)
        if body.startswith(_PNG):
            return _PNG + b"".join(whole for kind, whole in _png_chunks(body) if kind not in _PNG_SAID)
        if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
            return _strip_webp(body)
    except (struct.error, ValueError):
        pass
    return body


def _exif(body: bytes) -> bytes | None:
    try:
        if body.startswith(_JPEG):
            said = (part[4:] for marker, part in _jpeg_segments(body)[0] if marker == 0xE1)  # noqa: PLR2004 - APP1
            return next((part[6:] for part in said if part.startswith(_EXIF)), None)
        if body.startswith(_PNG):
            return next((whole[8:-4] for kind, whole in _png_chunks(body) if kind == b"eXIf"), None)
    except (struct.error, ValueError):
        pass  # the file is damaged, which the decoder tells better
    return None


def _jpeg_segments(body: bytes) -> tuple[list[tuple[int, bytes]], int]:
    """Give the segments before the first scan by marker, and where that begins (ITU T.81, section B.1.1)."""
    segments: list[tuple[int, bytes]] = []
    at = 2
    while True:
        sign, marker, size = struct.unpack_from(">BBH", body, at)
        if sign != 0xFF:  # noqa: PLR2004 - what every marker begins with
            raise ValueError("there is no marker where one belongs")
        if marker == _START_OF_SCAN:
            return segments, at
        if marker == 0xFF:  # noqa: PLR2004 - fill before a marker
            at += 1
            continue
        segments.append((marker, body[at : at + 2 + size]))
        at += 2 + size


def _strip_jpeg(body: bytes) -> bytes:
    segments, scan = _jpeg_segments(body)
    kept = [part for marker, part in segments if marker not in _JPEG_SAID]
    try:
        turned = orientation(body)
    except ValueError:
        turned = 1
    if turned != 1:
        # JFIF, where it is there, comes first (JFIF 1.02).
        kept.insert(1 if kept and kept[0][1] == 0xE0 else 0, _turned(turned))  # noqa: PLR2004 - APP0
    return body[:2] + b"".join(kept) + body[scan:]


def _turned(orientation: int) -> bytes:
    """Give the EXIF segment that says nothing but which way up the image is."""
    table = struct.pack(">4sIHHHIHHI", b"MM\0*", 8, 1, _ORIENTATION, 3, 1, orientation, 0, 0)
    return struct.pack(">BBH", 0xFF, 0xE1, 2 + len(_EXIF) + len(table)) + _EXIF + table


def _png_chunks(body: bytes) -> list[tuple[bytes, bytes]]:
    chunks: list[tuple[bytes, bytes]] = []
    at = len(_PNG)
    while at < len(body):
        size, kind = struct.unpack_from(">I4s", body, at)
        chunks.append((kind, body[at : at + 12 + size]))
        at += 12 + size
    if at != len(body):
        raise ValueError("the last chunk is not complete")
    return chunks


def _strip_webp(body: bytes) -> bytes:
    parts: list[bytes] = []
    at = 12
    while at < len(body):
        kind, size = struct.unpack_from("<4sI", body, at)
        end = at + 8 + size + size % 2
        if end > len(body):
            raise ValueError("the last chunk is not complete")
        part = body[at:end]
        if kind == b"VP8X":  # its flags tell of EXIF and XMP (RFC 9649, section 2.7)
            part = part[:8] + bytes([part[8] & ~0b1100]) + part[9:]
        if kind not in {b"EXIF", b"XMP "}:
            parts.append(part)
        at = end
    kept = b"".join(parts)
    return b"RIFF" + struct.pack("<I", len(kept) + 4) + b"WEBP" + kept
