"""The policy → the files of all hosts that a site is for."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import msgspec

from ssg.delivery.emitted import Emitted
from ssg.delivery.hosts import apache, bunny, caddy, cloudflare, cloudfront, fastly, firebase, netlify, nginx, vercel
from ssg.delivery.policy import Policy
from ssg.errors import Diagnostic, Location, error

EMITTERS: Mapping[str, Callable[[Policy, Location], Emitted]] = {
    "apache": apache.emit,
    "bunny": bunny.emit,
    "caddy": caddy.emit,
    "cloudflare-pages": cloudflare.emit_pages,
    "cloudflare-workers": cloudflare.emit_workers,
    "fastly": fastly.emit,
    "firebase": firebase.emit,
    "netlify": netlify.emit,
    "nginx": nginx.emit,
    "s3-cloudfront": cloudfront.emit,
    "vercel": vercel.emit,
}
"""What writes the files of each host, by its name in `targets`."""

POLICY = "policy.json"
"""The file beside the output in which the policy itself is kept, for who serves or uploads the folder."""

READ_BY_HOSTS = frozenset(("_headers", "_redirects", ".htaccess"))
"""Files of the output that hosts read and do not send."""

LIKE_PAGES = frozenset(("cloudflare-pages", "cloudflare-workers", "firebase", "netlify", "vercel"))
"""Hosts where all but hashed files and those of rules may have the `Cache-Control` of pages, their own."""

# The encodings of compressed forms that a host sends from files; all others compress by themselves.
_NEGOTIATING: Mapping[str, frozenset[str]] = {
    "apache": frozenset(("br", "gzip", "zstd")),
    "caddy": frozenset(("br", "gzip", "zstd")),
    "nginx": frozenset(("br", "gzip")),
}


def encodings(targets: Sequence[str], wanted: Iterable[str]) -> tuple[str, ...]:
    """Give those encodings of compressed forms that a host of the site sends; all of them for a site without targets.

    A form that no host sends would be a file more to upload, and a URL more for everybody to find.
    """
    if not targets:
        return tuple(wanted)
    sent = frozenset().union(*(_NEGOTIATING.get(one, frozenset()) for one in targets))
    return tuple(one for one in wanted if one in sent)


def write_policy(policy: Policy) -> str:
    """Give a policy as a file, without the files of the site: these are in the output folder."""
    told = msgspec.json.encode(msgspec.structs.replace(policy, files=()))
    return msgspec.json.format(told, indent=2).decode() + "\n"


def read_policy(text: bytes) -> Policy | None:
    """Give the policy in a file; None where it is of another version of ssg."""
    try:
        return msgspec.json.decode(text, type=Policy)
    except msgspec.DecodeError:
        return None


def emit(policy: Policy, targets: Iterable[str], where: Location) -> Emitted:
    """Give the files of all hosts, each once; `where` is what names them, for messages.

    Two hosts that read one file and want it to say different things are an error.
    """
    output: dict[str, str] = {}
    beside: dict[str, str] = {}
    owners: dict[str, str] = {}
    said: list[Diagnostic] = []
    for target in dict.fromkeys(targets):
        emitted = EMITTERS[target](policy, where)
        said += emitted.diagnostics
        for path, text in emitted.output.items():
            first = owners.setdefault(path, target)
            if output.setdefault(path, text) != text:
                hint = "build for one of them at a time"
                yours = f"{first} and {target} both read {path}, and do not take the same"
                said.append(error("config", yours, where, hint))
        beside |= emitted.beside
    said += _taken(policy, output, where)
    beside[POLICY] = write_policy(policy)
    return Emitted(dict(sorted(output.items())), dict(sorted(beside.items())), tuple(dict.fromkeys(said)))


def _taken(policy: Policy, output: Mapping[str, str], where: Location) -> Iterator[Diagnostic]:
    """Find files of the site where a host's own file is to be."""
    for one in policy.files:
        if one.path in output:
            hint = "move what it says to [delivery.headers] and [delivery.redirects], or take the target out"
            yield error("path", f"is published at /{one.path}, which [delivery] writes", one.place(where), hint)
