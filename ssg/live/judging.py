"""An answer held against what is expected of a file; every fault in the words that all its kind have."""

from collections.abc import Iterator

from ssg.delivery import Kind
from ssg.live.hosts import is_cached_so, is_contradictory, type_faults
from ssg.live.values import Answer, Expected, Host, Level, Question, Seen, Unanswered
from ssg.output.encode import compressible

ACCEPTED = "br, gzip"
"""What every file is asked for with: what all browsers take, but for zstd."""
_OK, _SAME = 200, 304
# Networks compress what is larger: CloudFront begins at 1,000 bytes.
_WORTH = 1000
_PUBLISH = "publish what was built, or purge the network before the host"
_STATUS_HINTS = {
    401: "it wants a login; --header sends one",
    403: "a login or a firewall; --header sends what it wants",
    404: "publish all that was built, at the path of base_url",
    429: "it has a limit; check fewer files with --sample",
}


def unanswered(found: Unanswered, url: str) -> Seen:
    """Say that no answer came."""
    return Seen(Level.ERROR, "unanswered", found.reason, found.hint, url)


def judge_file(one: Expected, found: Answer, host: Host) -> Iterator[Seen]:
    """Judge the answer to a request for a file with `Accept-Encoding: br, gzip`."""
    if found.status != _OK:
        hint = _STATUS_HINTS.get(found.status, "look at the log of the host")
        if found.header("location"):
            hint = f"it leads to {found.header('location')}"  # the words differ from URL to URL
            yield Seen(Level.ERROR, "status", f"answers {found.status} instead of 200", _MOVED_HINT, one.url, hint)
        else:
            yield Seen(Level.ERROR, "status", f"answers {found.status} instead of 200", hint, one.url)
        return
    yield from judge_body(one, found)
    yield from _type(one, found, host)
    yield from _cache(one, found, host)
    yield from judge_headers(one, found, host)
    yield from judge_encoding(one, found, ACCEPTED, host)
    yield from _extra(one, found)


_MOVED_HINT = "a redirect of the host's costs a round trip; turn it off, or link where it leads"


def judge_body(one: Expected, found: Answer) -> Iterator[Seen]:
    """Say whether the bytes are those of the release."""
    if found.broken:
        message = f"sends a body that is not in the encoding that it says, {found.encoding}"
        hint = "something compresses twice, or a compressed form was cut off"
        yield Seen(Level.ERROR, "broken", message, hint, one.url, found.broken)
    elif found.digest != one.digest and found.rewritten:
        message = "has bytes of the network in it, which the release has not"
        hint = "turn off what rewrites pages: e-mail obfuscation, script loaders, analytics"
        yield Seen(Level.ERROR, "rewritten", message, hint, one.url)
    elif found.digest != one.digest:
        yield Seen(Level.ERROR, "stale", "is not what was built", _PUBLISH, one.url)


def _type(one: Expected, found: Answer, host: Host) -> Iterator[Seen]:
    for grave, message in type_faults(found.header("content-type"), one.file.media_type):
        hint = f"types are set by {host.rules}"
        level, said = (Level.ERROR, "") if grave else (Level.NOTE, found.header("content-type"))
        yield Seen(level, "type", message, hint, one.url, said)


def _cache(one: Expected, found: Answer, host: Host) -> Iterator[Seen]:
    said = found.header("cache-control")
    if any(is_cached_so(said, wanted) for wanted in one.caches):
        return
    what = _KINDS[one.file.kind]
    message = f"Cache-Control of {what} is {said or 'not sent'} instead of {one.caches[0]}"
    hint = f"it is set by {host.rules}"
    if is_contradictory(said):
        hint = f"two rules set it; leave it to {host.rules}"
    yield Seen(Level.ERROR, "cache", message, hint, one.url)


_KINDS = {
    Kind.HASHED: "hashed files",
    Kind.PAGE: "pages",
    Kind.FEED: "feeds and indexes",
    Kind.FILE: "other files",
    Kind.NOT_FOUND: "what is missing",
    Kind.WORKER: "service workers",
}


def judge_headers(one: Expected, found: Answer, host: Host) -> Iterator[Seen]:
    """Say which headers are not sent, or say something else."""
    # What is to be fetched early matters little on the page for what is missing, and some hosts have it by path.
    without = {"cache-control", "link"} if one.file.kind is Kind.NOT_FOUND else {"cache-control"}
    wanted = {name: value for name, value in one.headers.items() if name.lower() not in without}
    absent = sorted(name for name in wanted if name.lower() not in found.headers)
    if absent:
        names = ", ".join(absent)
        yield Seen(Level.ERROR, "headers", f"is sent without {names}", f"set by {host.rules}", one.url)
    for name, value in wanted.items():
        said = found.header(name.lower())
        if said and " ".join(said.split()) != " ".join(value.split()):
            hint = f"set by {host.rules}, or by [delivery] in site.toml"
            yield Seen(Level.ERROR, "headers", f"{name} is {said} instead of {value}", hint, one.url)


def judge_encoding(one: Expected, found: Answer, accept: str, host: Host) -> Iterator[Seen]:
    """Say whether the right one of a file's forms came for an `Accept-Encoding`, and whether caches are told of it."""
    taken = _taken(accept)
    came = found.encoding
    if came and came not in taken:
        message = f"is sent in {came} to who does not take that"
        hint = "a cache before the host does not look at Accept-Encoding"
        yield Seen(Level.ERROR, "encoding", message, hint, one.url, f"Accept-Encoding: {accept}")
    elif one.forms:
        yield from _of_forms(one, found, taken, host)
    elif host.sends is None and accept == ACCEPTED and is_worth(one):
        yield from _of_network(one, came, host)
    varied = bool(came or one.forms)
    if varied and not {"accept-encoding", "*"} & {name.strip().lower() for name in found.header("vary").split(",")}:
        level, hint = Level.ERROR, f"a cache would send a form to who cannot read it; set by {host.rules}"
        if host.sends is None:
            level, hint = Level.NOTE, f"caches behind {host.name} may send a form to who cannot read it"
        yield Seen(level, "vary", "is sent without Vary: Accept-Encoding", hint, one.url)


def _of_network(one: Expected, came: str, host: Host) -> Iterator[Seen]:
    """Judge what a host chose that compresses by itself; it may take the one form that it has."""
    if not came:
        hint = f"{host.name} compresses by itself; turn it on for {one.file.media_type}"
        yield Seen(Level.ERROR, "encoding", "is not compressed", hint, one.url)
    elif came == "gzip":
        hint = f"turn brotli on, if {host.name} has it; it saves a sixth"
        yield Seen(Level.NOTE, "encoding", "is sent in gzip to who takes brotli", hint, one.url)


def _taken(accept: str) -> list[str]:
    parts = [one.partition(";") for one in accept.split(",")]
    names = [name.strip() for name, _, quality in parts if quality.strip() != "q=0"]
    return [name for name in names if name != "identity"]


def _of_forms(one: Expected, found: Answer, taken: list[str], host: Host) -> Iterator[Seen]:
    """Judge the form that a host chose, which has files of them."""
    best = next((name for name in taken if name in one.forms), "")
    if best != found.encoding:
        came = f"in {found.encoding}" if found.encoding else "uncompressed"
        sizes = f"{found.size:,} bytes {came}, {one.forms.get(best, one.file.size):,} as built"
        hint = f"its form for {best} was built; is it published, and sent by {host.rules}?"
        yield Seen(Level.ERROR, "encoding", f"is not sent in {best}", hint, one.url, sizes)
    elif best and found.size != one.forms[best] and found.digest == one.digest:
        sizes = f"{found.size:,} bytes, {one.forms[best]:,} as built"
        hint = f"send the files that were built: {host.rules}"
        yield Seen(
            Level.ERROR if host.name else Level.NOTE,
            "size",
            f"is compressed again in {best} by the host, other than built",
            hint,
            one.url,
            sizes,
        )


def is_worth(one: Expected) -> bool:
    """Tell whether a host that compresses by itself is to do so for a file."""
    return one.file.size >= _WORTH and compressible(one.file.media_type)


def _extra(one: Expected, found: Answer) -> Iterator[Seen]:
    """Find what makes a network's cache worthless, and what cannot be asked for again."""
    if not found.header("etag"):
        hint = "turn it on at the host; without it a browser fetches again what has not changed"
        yield Seen(Level.ERROR, "etag", "is sent without ETag", hint, one.url)
    if found.encoding and not compressible(one.file.media_type):
        message = f"is sent in {found.encoding}, though {one.file.media_type} is compressed in itself"
        yield Seen(
            Level.NOTE, "encoding", message, "turn it off for this type: it costs time and saves nothing", one.url
        )
    if found.header("set-cookie"):
        hint = "networks do not keep what sets a cookie; turn it off at the host"
        yield Seen(Level.NOTE, "cookie", "sets a cookie", hint, one.url)
    varied = {name.strip().lower() for name in found.header("vary").split(",")} & {"cookie", "user-agent", "*"}
    if varied:
        message = f"is sent with Vary: {', '.join(sorted(varied))}, so that networks keep no copy for all"
        yield Seen(Level.NOTE, "vary", message, "let Vary name Accept-Encoding alone", one.url)


def again(found: Answer, one: Expected) -> Question | None:
    """Give the question whether a file has changed; None where there is no ETag to ask with."""
    etag = found.header("etag")
    return Question(one.url, ACCEPTED, etag) if etag else None


def judge_again(one: Expected, found: Answer) -> Iterator[Seen]:
    """Judge the answer to a request that names the ETag which has just come."""
    if found.status != _SAME:
        message = f"answers {found.status} to the ETag that it has sent, instead of 304"
        hint = "servers behind one name have other times of change or ETags, or something drops If-None-Match"
        yield Seen(Level.ERROR, "etag", message, hint, one.url)


def judge_tags(one: Expected, first: Answer, other: Answer, host: Host) -> Iterator[Seen]:
    """Find one strong ETag for two encodings (RFC 9110, section 8.8.3.3): a cache takes one for the other.

    A host that compresses by itself cannot be told to mend that.
    """
    tag = first.header("etag")
    if (
        host.sends is not None
        and tag
        and not tag.startswith("W/")
        and tag == other.header("etag")
        and first.encoding != other.encoding
    ):
        hint = "a range of one form may be put together with another; let the host give each its own, or weak ones"
        yield Seen(Level.NOTE, "etag", "has one ETag for two encodings", hint, one.url)
