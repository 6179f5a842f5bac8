"""The headers that objects in a bucket can have."""

from collections.abc import Mapping

STORED = ("Cache-Control", "Content-Disposition", "Content-Encoding", "Content-Language", "Content-Type")
"""The headers that buckets keep with an object; all others are the business of the server before them."""


def stored(headers: Mapping[str, str]) -> Mapping[str, str]:
    """Give those headers that a bucket keeps, in order."""
    named = {name.title(): value for name, value in headers.items()}
    return {name: named[name] for name in STORED if name in named}
