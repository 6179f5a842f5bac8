"""`budgets.lock`: what pages weighed when somebody agreed to it. Text, sorted, one line a page, to be committed."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

import msgspec

from ssg.budget.matching import url_pattern
from ssg.budget.sums import NOTHING, PAGE_KEYS, Sized, Sums
from ssg.budget.values import LOCK, Fetch, Phase, Weight
from ssg.errors import ConfigError, Diagnostic, Location, error

KEYS = ("css", "font", "html", "image", "js", "media", "other", "total")
"""What the lock holds of a page: bytes by class of all that is fetched unasked."""
_HEAD = '# What pages weigh, class=compressed:uncompressed bytes. Made by ssg; "ssg budget accept" raises a figure.\n'
_HASHED = re.compile(r"\.[0-9a-f]{10}(?=\.)")
_BROTLI = "brotli"
_SPACE = re.compile(r"[\s#]")

Pair = tuple[int, int]
"""Compressed and uncompressed bytes."""


class Entry(msgspec.Struct, frozen=True):
    """A page of the lock: bytes by class, and why somebody agreed to them."""

    sizes: Mapping[str, Pair]
    reason: str = ""


class Lock(msgspec.Struct, frozen=True):
    """Pages by URL, and files that several pages fetch, by URL without digests.

    `compressors` are the versions of what made the encoding `measure`.
    """

    pages: Mapping[str, Entry]
    files: Mapping[str, Pair]
    measure: str = "br"
    compressors: Mapping[str, str] = {}


def stable(url: str) -> str:
    """Give the URL of a file without the digest of its content, as it stays from build to build."""
    return _HASHED.sub("", url)


def lock_of(weights: Iterable[Weight], measure: str, compressors: Mapping[str, str], sized: Sized) -> Lock:
    """Give the lock that says what pages weigh now: for each class the larger of the figures of the profiles."""
    sums = Sums(frozenset(KEYS), sized)
    pages: dict[str, dict[str, Pair]] = {}
    users: dict[int, set[str]] = defaultdict(set)
    for weight in weights:
        number = sums.number(weight)
        users[number].add(weight.url)
        packed, raw = sums.of(number, measure), sums.of(number, "raw")
        own = weight.fetches[0].sizes
        sizes = pages.setdefault(weight.url, {})
        for key in KEYS:
            pair = packed.get(key, NOTHING).amount, raw.get(key, NOTHING).amount
            if key in PAGE_KEYS and own is not None:
                pair = pair[0] + own.measured(measure), pair[1] + own.raw
            if pair[1] and pair > sizes.get(key, (0, 0)):
                sizes[key] = pair
    files = _shared(sums, users, measure, sized)
    return Lock({line_url(url): Entry(sizes) for url, sizes in sorted(pages.items())}, files, measure, compressors)


def _shared(sums: Sums, users: Mapping[int, set[str]], measure: str, sized: Sized) -> Mapping[str, Pair]:
    """Give the files that two pages or more fetch, with their sizes."""
    some: dict[str, str] = {}
    shared: set[str] = set()
    sizes: dict[str, Pair] = {}
    for number, urls in users.items():
        for fetch in sums.weights[number].fetches[1:]:
            known = sized(fetch)
            if fetch.phase is Phase.LAZY or known is None:
                continue
            name = line_url(stable(fetch.url))
            sizes[name] = max(sizes.get(name, (0, 0)), (known.measured(measure), known.raw))
            page = some.setdefault(name, min(urls))
            if urls != {page}:
                shared.add(name)
    return {name: sizes[name] for name in sorted(shared)}


def line_url(url: str) -> str:
    """Give a URL without what would end it in a line of the lock."""
    return _SPACE.sub(lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), url)


def entry_of(lock: Lock, url: str) -> Entry | None:
    """Give what the lock says of a page."""
    return lock.pages.get(line_url(url))


def file_of(lock: Lock, fetch: Fetch) -> Pair | None:
    """Give what a file weighed that several pages fetch."""
    return lock.files.get(line_url(stable(fetch.url)))


def write_lock(lock: Lock) -> str:
    """Give the text of a lock: a line for each compressor, file and page, sorted."""
    lines = [f"measure {lock.measure}"]
    lines += [f"with {name} {version}" for name, version in sorted(lock.compressors.items())]
    lines += [f"file {url} {pair[0]}:{pair[1]}" for url, pair in sorted(lock.files.items())]
    for url, entry in sorted(lock.pages.items()):
        sizes = " ".join(f"{key}={pair[0]}:{pair[1]}" for key, pair in sorted(entry.sizes.items()))
        lines.append(f"page {url} {sizes}{f' # {entry.reason}' if entry.reason else ''}")
    return _HEAD + "\n".join(lines) + "\n"


_CONFLICT = ("<<<<<<<", "=======", ">>>>>>>", "|||||||")


def parse_lock(text: str) -> Lock:
    """Read the text of a lock.

    Raises:
        ConfigError: a line is none of a lock, as after a merge that two sides changed.
    """
    pages: dict[str, Entry] = {}
    files: dict[str, Pair] = {}
    compressors: dict[str, str] = {}
    measure = "br"
    wrong: list[Diagnostic] = []
    for number, line in enumerate(text.splitlines(), 1):
        kind, _, rest = line.partition(" ")
        try:
            match kind:
                case "page":
                    url, entry = _parsed_page(rest)
                    pages[url] = entry
                case "file":
                    url, pair = rest.split(" ")
                    files[url] = _parsed_pair(pair)
                case "with":
                    name, version = rest.split(" ")
                    compressors[name] = version
                case "measure":
                    measure = rest
                case "" | "#":
                    pass
                case _:
                    wrong.append(_mistake(number, line))
        except ValueError:
            wrong.append(_mistake(number, line))
    if wrong:
        raise ConfigError(*wrong)
    return Lock(pages, files, measure, compressors)


def _mistake(number: int, line: str) -> Diagnostic:
    where = Location(LOCK, number)
    if line.startswith(_CONFLICT):
        hint = "take the lines of one side, and run ssg build"
        return error("budget-lock", "holds both sides of a merge", where, hint)
    return error("budget-lock", f'"{line[:60]}" is no line of it', where, "take it as it was from version control")


def _parsed_page(rest: str) -> tuple[str, Entry]:
    facts, _, reason = rest.partition(" # ")
    url, *sizes = facts.split(" ")
    return url, Entry({key: _parsed_pair(pair) for key, _, pair in (one.partition("=") for one in sizes)}, reason)


def _parsed_pair(text: str) -> Pair:
    packed, raw = text.split(":")
    return int(packed), int(raw)


def deciding(compressors: Mapping[str, str]) -> Mapping[str, str]:
    """Give those that decide what travels to a browser that takes br: one is sent gzip only where there is no br."""
    return {_BROTLI: compressors[_BROTLI]} if _BROTLI in compressors else compressors


def comparable(base: Lock, now: Lock) -> bool:
    """Tell whether compressed sizes of two locks can be compared: they are of the same compressors."""
    return (base.measure, deciding(base.compressors)) == (now.measure, deciding(now.compressors))


def renew(lock: Lock, now: Lock, *, lower: bool) -> Lock:
    """Give the lock after a build: new pages are in it, pages that are gone are not; `lower` takes what got smaller.

    Bytes of other compressors cannot be compared: then the lock stays.
    """
    if not comparable(lock, now):
        return lock
    pages = {url: _lowered(lock.pages.get(url), entry, lower=lower) for url, entry in now.pages.items()}
    known = {name: pair for name, pair in lock.files.items() if name in now.files}
    files = {name: min(pair, now.files[name]) if lower else pair for name, pair in known.items()}
    return Lock(pages, files if lock.pages else now.files, now.measure, now.compressors)


def _lowered(before: Entry | None, now: Entry, *, lower: bool) -> Entry:
    if before is None or not lower:
        return before or now
    kept = {key: min(pair, now.sizes[key]) for key, pair in before.sizes.items() if key in now.sizes}
    return Entry(kept, before.reason)


def accept(lock: Lock | None, now: Lock, globs: Collection[str], reason: str) -> Lock:
    """Give the lock after somebody agreed to what some pages weigh now, with the reason.

    Pages are named by URL or by a pattern of URLs.

    Raises:
        ConfigError: no page is named so; or the lock is of other compressors, and not all pages are named.
    """
    patterns = [url_pattern(glob) for glob in globs]
    named = {url for url in now.pages if any(matches(url) for matches in patterns)}
    if not named:
        hint = "name a page by its URL, like /posts/, or several by a pattern: /posts/**"
        raise ConfigError(error("budget-accept", "is no page of the site", Location(" ".join(globs)), hint))
    other = lock is not None and not comparable(lock, now)
    if other and len(named) < len(now.pages):
        hint = 'accept all of them at once: ssg budget accept "/**" --reason "…"'
        raise ConfigError(error("budget-accept", "was made with other compressors", Location(LOCK), hint))
    pages = dict(lock.pages) if lock is not None else {}
    said = " ".join(reason.split())
    pages |= {url: Entry(now.pages[url].sizes, said) for url in named}
    return Lock({url: pages[url] for url in now.pages if url in pages}, now.files, now.measure, now.compressors)
