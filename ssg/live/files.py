"""A file of the release, asked for at a deployed site: once, or in every way that browsers ask."""

from collections.abc import Iterator
from pathlib import Path

from ssg.live.judging import (
    ACCEPTED,
    again,
    judge_again,
    judge_body,
    judge_encoding,
    judge_file,
    judge_tags,
    unanswered,
)
from ssg.live.values import Answer, Ask, Expected, Host, Level, Question, Seen, Unanswered
from ssg.output.encode import encode

# Other ways to ask: one encoding, none, and one that is refused (RFC 9110, section 12.5.3).
_WAYS = ("br", "gzip", "identity", "br;q=0, gzip")
_BEST = "br"
# What brotli compresses at its highest level in a fifth of a second.
_MOST_BYTES = 128 << 10
_OK = 200
_MOVED = frozenset((301, 302, 307, 308))
_PAGE = ".html"


def check_file(ask: Ask, one: Expected, host: Host) -> tuple[list[Seen], Answer | None]:
    """Ask for a file once; give what is wrong, and the answer where it is the file."""
    found = ask(Question(one.url, ACCEPTED))
    seen: list[Seen] = []
    if isinstance(found, Answer) and _is_shortened(one, found):
        hint = "link it without the ending; this host leaves it out"
        seen.append(Seen(Level.NOTE, "status", f"leads to its address without {_PAGE}", hint, one.url))
        found = ask(Question(one.url.removesuffix(_PAGE), ACCEPTED))
    if isinstance(found, Unanswered):
        return [*seen, unanswered(found, one.url)], None
    return [*seen, *judge_file(one, found, host)], found if found.status == _OK else None


def _is_shortened(one: Expected, found: Answer) -> bool:
    """Tell whether a host leads from a page to its address without the ending, as some do on their own."""
    return found.status in _MOVED and found.header("location") == one.url.removesuffix(_PAGE) != one.url


def check_closely(ask: Ask, one: Expected, first: Answer, host: Host) -> Iterator[Seen]:
    """Ask for a file in every encoding, in none, and whether it has changed since the `first` answer."""
    ways = (*_WAYS, "zstd") if "zstd" in one.forms else _WAYS
    for accept in ways:
        found = ask(Question(one.url, accept))
        if isinstance(found, Unanswered):
            yield unanswered(found, one.url)
        elif found.status == _OK:
            yield from judge_body(one, found)
            yield from judge_encoding(one, found, accept, host)
            yield from judge_tags(one, first, found, host)
            yield from _size(one, found, host)
        else:
            message, hint = (
                f"answers {found.status} to Accept-Encoding: {accept}",
                "it may always send the file as it is",
            )
            yield Seen(Level.ERROR, "encoding", message, hint, one.url)
    question = again(first, one)
    if question is not None:
        found = ask(question)
        yield from [unanswered(found, one.url)] if isinstance(found, Unanswered) else judge_again(one, found)


def _size(one: Expected, found: Answer, host: Host) -> Iterator[Seen]:
    """Say whether what a host compresses by itself is much larger than it could be."""
    if host.sends is not None or found.encoding != _BEST or found.digest != one.digest or one.file.size > _MOST_BYTES:
        return
    try:
        own = encode(Path(one.place).read_bytes(), _BEST)
    except OSError:  # the folder was emptied since the build; its record is what counts
        return
    if own is not None and found.size * 10 > len(own) * 11:
        hint = f"{host.name} decides how well; smaller files cost less of this"
        sizes = f"{found.size:,} bytes, {len(own):,} at brotli's highest level"
        yield Seen(Level.NOTE, "size", "is compressed at a low level by the host", hint, one.url, sizes)
