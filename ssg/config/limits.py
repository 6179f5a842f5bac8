"""Limits of a budget as authors write them → `Limit`s, with a sentence for every mistake."""

import itertools
import re
from collections.abc import Iterator, Mapping

import msgspec

from ssg.errors import nearest

CLASSES = ("html", "css", "js", "font", "image", "media", "other", "third-party", "total")
"""What a file is, for its limits. Another host's file counts as what it is and as `third-party`, once in `total`."""
PHASES = ("critical", "lazy", "all")
"""Tables of limits for files of other phases; limits outside of them are for all that is fetched unasked."""
MEASURES = ("br", "gzip", "raw")
_SITE = {
    "site-bytes": "bytes of all published files together, without their compressed siblings",
    "largest-page": "bytes that the heaviest page has fetched, `total`",
    "p95": "bytes that 95 of 100 pages stay below, `total`",
}
_TIMES = {
    "lcp": "when the largest piece of content is painted; measured by `ssg audit`",
    "fcp": "when anything of the content is painted; measured by `ssg audit`",
    "tbt": "how long scripts keep the page from answering; measured by `ssg audit`",
}
_PAGE = {
    "first-flight": "bytes of compressed HTML up to the end of `<head>`, which one round trip can bring",
    "single-file": "bytes of the largest file that is fetched",
    "inline-css": "bytes of styles in the HTML, uncompressed",
    "inline-js": "bytes of scripts in the HTML, uncompressed",
}
_COUNTS = {"requests": "files that are fetched, or a table of numbers by class", "dom-nodes": "elements of the page"}
_NUMBERS = {"cls": "how far content moves while the page loads; measured by `ssg audit`"}

SITE_KEYS = tuple(_SITE)
"""Limits of the site as a whole."""
AUDIT_KEYS = (*_TIMES, *_NUMBERS)
"""Limits of what only a browser can measure; times are in ms."""
KEYS: Mapping[str, str] = {
    **{name: f"bytes of {name} files" for name in CLASSES if name not in {"html", "third-party", "total"}},
    "html": "bytes of the page and of pages in its frames",
    "third-party": "bytes of files from other hosts",
    "total": "bytes of all files",
    "critical": "a table of limits for files that hold up the first paint",
    "lazy": "a table of limits for files that wait for a reader",
    "all": "a table of limits for both together, and all others",
    **_COUNTS,
    **_PAGE,
    **_TIMES,
    **_NUMBERS,
    **_SITE,
}
"""Every key that takes a limit, or a table of limits, and what it limits."""

_BYTES = {"B": 1, "kB": 10**3, "KiB": 2**10, "MB": 10**6, "MiB": 2**20, "GB": 10**9, "GiB": 2**30}
_MILLISECONDS = {"ms": 1, "s": 1000}
_AMOUNT = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*([A-Za-z]*)")


class Limit(msgspec.Struct, frozen=True):
    """How much is allowed: over `warn` is a warning, over `error` and under `least` are errors; None allows all.

    Sizes are in bytes of the encoding `measure`, times in ms; other limits are plain numbers.
    """

    warn: float | None = None
    error: float | None = None
    least: float | None = None
    measure: str = ""

    @property
    def off(self) -> bool:
        """Whether there is no limit."""
        return self.warn is None and self.error is None and self.least is None


class Problem(msgspec.Struct, frozen=True):
    """What is wrong with a key, which is given with the tables that it stands in; a sentence, and what to do."""

    path: tuple[str, ...]
    message: str
    hint: str


def unit_of(key: str) -> str:
    """Give the unit of a key's figures: `bytes`, `ms`, or nothing for plain numbers."""
    if "requests" in key or key in _COUNTS or key in _NUMBERS:
        return ""
    return "ms" if key in _TIMES else "bytes"


def read_limits(
    written: Mapping[str, object], measure: str, *, site: bool
) -> tuple[Mapping[str, Limit], tuple[Problem, ...]]:
    """Read the limits of a rule, or of a page's front matter; `site` tells whether it may limit the whole site.

    Gives them by key, `js`, `critical.css`, `requests.font`, and what is wrong. `measure` is the encoding that sizes
    are of.
    """
    limits: dict[str, Limit] = {}
    problems: list[Problem] = []
    for path, value in _flat(written):
        if problem := _misplaced(path, site=site):
            problems.append(problem)
            continue
        key = _name(path)
        read = _read(path, key, value)
        if isinstance(read, Problem):
            problems.append(read)
        else:
            sized = unit_of(key) == "bytes" and not key.startswith("inline-")
            limits[key] = msgspec.structs.replace(read, measure=measure if sized and key != "site-bytes" else "")
    return limits, tuple(problems)


def _flat(written: Mapping[str, object]) -> Iterator[tuple[tuple[str, ...], object]]:
    """Give every limit with its path: tables of a phase and of requests hold more of them."""
    for key, value in written.items():
        if isinstance(value, Mapping) and (key in PHASES or (key == "requests" and not _is_limit(value))):
            for path, inner in _flat(value):
                yield (key, *path), inner
        else:
            yield (key,), value


def _is_limit(value: Mapping[str, object]) -> bool:
    return not value or any(name in value for name in _LEVELS)


def _misplaced(path: tuple[str, ...], *, site: bool) -> Problem | None:
    """Say where a key does not belong, or that there is none of that name."""
    *outer, name = path
    if not outer:
        known = [key for key in KEYS if site or key not in SITE_KEYS]
        if name in PHASES:
            return Problem(path, f'"{name}" is no table', f'write its limits as {name} = {{ css = "20 kB" }}')
        if name in SITE_KEYS and not site:
            hint = "put it into a rule without match, section, template and type"
            return Problem(path, f'"{name}" limits the whole site, not some of its pages', hint)
        return None if name in known else _unknown(path, known)
    known = [*CLASSES] if outer[-1] == "requests" else [*CLASSES, "requests"]
    return None if name in known else _unknown(path, known)


def _unknown(path: tuple[str, ...], known: list[str]) -> Problem:
    where = f' of "{".".join(path[:-1])}"' if path[1:] else ""
    hint = nearest(path[-1], known) or f"known are {', '.join(sorted(known))}"
    return Problem(path, f'there is no limit "{path[-1]}"{where}', hint)


def _name(path: tuple[str, ...]) -> str:
    return ".".join(path[:-1] if path[-1] == "total" and "requests" in path else path)


_LEVELS = {"warn": "warn", "error": "error", "min": "least"}


def _read(path: tuple[str, ...], key: str, value: object) -> Limit | Problem:
    if value == "off" or value is False:  # YAML 1.1, which many know, reads off as false
        return Limit()
    if not isinstance(value, Mapping):
        amount = _amount(path, key, value)
        return amount if isinstance(amount, Problem) else Limit(error=amount)
    if wrong := [name for name in value if name not in _LEVELS]:
        hint = nearest(wrong[0], _LEVELS) or "it takes warn, error and min"
        return Problem(path, f'"{wrong[0]}" in "{key}" is unknown', hint)
    if not value:
        return Problem(path, f'"{key}" is an empty table', 'write { warn = …, error = … }, or "off" for no limit')
    amounts: dict[str, float] = {}
    for name, written in value.items():
        amount = _amount(path, key, written)
        if isinstance(amount, Problem):
            return amount
        amounts[_LEVELS[name]] = amount
    limit = Limit(amounts.get("warn"), amounts.get("error"), amounts.get("least"))
    return _in_order(path, key, limit) or limit


def _in_order(path: tuple[str, ...], key: str, limit: Limit) -> Problem | None:
    ordered = [("min", limit.least), ("warn", limit.warn), ("error", limit.error)]
    given = [(name, amount) for name, amount in ordered if amount is not None]
    for (low, less), (high, more) in itertools.pairwise(given):
        if less > more:
            return Problem(path, f'in "{key}" {low} is more than {high}', f"let {low} be at most {high}")
    return None


def _amount(path: tuple[str, ...], key: str, value: object) -> float | Problem:
    unit = unit_of(key)
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return Problem(path, f'"{key}" is no limit', f"write it like {_example(key, unit)}")
    if unit:
        return _with_unit(path, key, value, unit)
    whole = not isinstance(value, float) or key in _NUMBERS
    if not isinstance(value, str) and whole and value >= 0:
        return value
    return Problem(path, f'"{key}" is {shown(value)}', f"write a number like {_example(key, unit)}")


def _with_unit(path: tuple[str, ...], key: str, value: str | float, unit: str) -> float | Problem:
    units = _BYTES if unit == "bytes" else _MILLISECONDS
    found = _AMOUNT.fullmatch(str(value).strip())
    if found is None:
        return Problem(path, f'"{key}" is {shown(value)}', f"write it like {_example(key, unit)}")
    if not found[2]:
        written = " or ".join(f'"{found[1]} {name}" ({said})' for name, said in _UNITS[unit])
        return Problem(path, f'"{key}" is {shown(value)}, which has no unit', f"write {written}")
    if found[2] not in units:
        alike = [name for name in units if name.lower() == found[2].lower()]
        hint = f'did you mean "{alike[0]}"?' if alike else f"known are {', '.join(units)}"
        return Problem(path, f'"{key}" is {shown(value)}, and "{found[2]}" is no unit of it', hint)
    return round(float(found[1]) * units[found[2]])


def _example(key: str, unit: str) -> str:
    return "0.1" if key in _NUMBERS else _EXAMPLES[unit]


_EXAMPLES = {"bytes": '"30 kB"', "ms": '"2.5 s" or "200 ms"', "": "30"}
_UNITS = {
    "bytes": (("kB", "of 1,000 bytes"), ("KiB", "of 1,024 bytes")),
    "ms": (("s", "seconds"), ("ms", "milliseconds")),
}


def shown(value: object) -> str:
    """Give a value as its author wrote it."""
    return f'"{value}"' if isinstance(value, str) else str(value)


def read_size(text: str) -> int | None:
    """Give a size like `30 kB` in bytes; None where it is none."""
    found = _AMOUNT.fullmatch(text.strip())
    return round(float(found[1]) * _BYTES[found[2]]) if found and found[2] in _BYTES else None
