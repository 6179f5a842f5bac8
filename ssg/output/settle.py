"""Pagefind's files, the same for the same pages.

Up to 1.5.2, Pagefind writes the languages of an index, its filters with their values, and its sort keys in an order
that changes from run to run (its issue 638), and with it the names of the files, which are digests. So these are put
in order here, and the files named anew. All else depends on the pages and their order alone.
"""

import zlib
from collections.abc import Mapping
from typing import Any

import msgspec

from ssg.digests import digest

_ENTRY = "pagefind-entry.json"
# What each of Pagefind's compressed files begins with, so that a browser can tell whether it still is.
_MARK = b"pagefind_dcd"
# Where the filters and sort keys stand in the list that a language's main file is (`index_metadata.rs`).
_FILTERS, _SORTS = 3, 4
_NAME = 10


def settle(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Give the files of an index in an order that depends on nothing but the pages."""
    settled = dict(files)
    entry = msgspec.json.decode(settled[_ENTRY])
    entry["languages"] = dict(sorted(entry["languages"].items()))
    for language, about in entry["languages"].items():
        main = _unpack(settled.pop(f"pagefind.{about['hash']}.pf_meta"))
        main[_SORTS] = sorted(main[_SORTS])
        main[_FILTERS] = sorted(main[_FILTERS])
        for one in main[_FILTERS]:
            name, values = _unpack(settled.pop(f"filter/{one[1]}.pf_filter"))
            packed = _pack([name, sorted(values)])
            one[1] = _named(language, packed)
            settled[f"filter/{one[1]}.pf_filter"] = packed
        packed = _pack(main)
        about["hash"] = _named(language, packed)
        settled[f"pagefind.{about['hash']}.pf_meta"] = packed
    settled[_ENTRY] = msgspec.json.encode(entry)
    return dict(sorted(settled.items()))


def _named(language: str, packed: bytes) -> str:
    return f"{language}_{digest(packed)[:_NAME]}"


def _unpack(body: bytes) -> list[Any]:
    import cbor2  # noqa: PLC0415 - an extra

    found: list[Any] = cbor2.loads(zlib.decompress(body, wbits=31).removeprefix(_MARK))
    return found


def _pack(value: list[Any]) -> bytes:
    import cbor2  # noqa: PLC0415 - an extra

    # A gzip member (RFC 1952) without a time or name in it.
    return zlib.compress(_MARK + cbor2.dumps(value), level=9, wbits=31)
