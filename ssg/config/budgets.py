"""`[[budgets]]` and `[budget]` of `site.toml`: which pages may weigh what, and how much they may grow."""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

import msgspec

from ssg.config.limits import MEASURES, Limit, Problem, read_limits, shown
from ssg.config.locate import FILE, locate
from ssg.errors import Diagnostic, Location, error

OFF: Literal["off"] = "off"
CONDITIONS: Mapping[str, str] = {
    "match": "URL patterns, one or a list: `/posts/**`; `*` stands for a part without slashes, `**` for any parts",
    "section": "pages of this section, and of those in it",
    "template": "pages that this template writes: `page.html`",
    "type": "pages of this content type",
}
"""What chooses the pages of a rule; one without any is for all pages, and may limit the site."""
_SIZE = Annotated[
    str,
    msgspec.Meta(pattern="^[0-9]+(\\.[0-9]+)? (B|kB|KiB|MB|MiB|GB|GiB)$", description='a size like "30 kB"'),
]


class Rule(msgspec.Struct, frozen=True):
    """One `[[budgets]]`: the pages that it is for, and their limits by key. A condition that is empty lets all pass.

    `name` says which rule it is, in words; `line` is where it stands in `site.toml`, 0 for what ssg brings itself.
    """

    name: str
    line: int
    limits: Mapping[str, Limit]
    match: tuple[str, ...] = ()
    section: str = ""
    template: str = ""
    type: str = ""


class BudgetConfig(msgspec.Struct, frozen=True):
    """`[budget]`: how much pages may grow over what `budgets.lock` says, and what other hosts' files weigh."""

    mode: Literal["absolute", "delta", "ratchet"] = "absolute"
    """`delta` and `ratchet` also hold pages against `budgets.lock`; `ratchet` lowers its figures by itself."""
    growth: _SIZE = "1 kB"
    """What a class of a page may grow by; it is too much where it is also more than `growth_percent`."""
    growth_percent: Annotated[int, msgspec.Meta(ge=0, description="a whole number from 0")] = 5
    """What a class of a page may grow by in per cent; it is too much where it is also more than `growth`."""
    third_party: dict[str, _SIZE] = {}
    """What files of other hosts weigh, by URL pattern: `"https://cdn.example.com/**" = "30 kB"`."""


def read_budgets(written: object, text: str, found: list[Diagnostic]) -> tuple[Rule, ...] | Literal["off"]:
    """Read the rules of `site.toml`, whose text gives the lines of mistakes; these are appended to `found`."""
    if written == OFF:
        return OFF
    if not isinstance(written, list) or not all(isinstance(one, dict) for one in written):
        hint = 'write a table for each rule, [[budgets]], or budgets = "off" for none'
        found.append(
            error("config", '"budgets" is no list of rules', Location(FILE, locate(text, (), "budgets")), hint)
        )
        return ()
    return tuple(_rule(number, table, _Place(text, number), found) for number, table in enumerate(written, 1))


class _Place:
    """Where the keys of one rule stand: the lines from its `[[budgets]]` to the next."""

    def __init__(self, text: str, number: int) -> None:
        heads = [place.start() for place in re.finditer(r"(?m)^[ \t]*\[\[[ \t]*[\"']?budgets[\"']?[ \t]*\]\]", text)]
        begin = heads[number - 1] if number <= len(heads) else 0
        self.before = text.count("\n", 0, begin)
        self.text = text[begin : heads[number]] if number < len(heads) else text[begin:]

    def line(self, path: tuple[str, ...] = ()) -> int:
        """Give the line of a key, or of the nearest table around it."""
        below = ("budgets", *path)
        return self.before + (locate(self.text, below[:-1], below[-1]) or 1)


def _rule(number: int, table: Mapping[str, Any], place: _Place, found: list[Diagnostic]) -> Rule:
    line = place.line()
    problems: list[Problem] = []
    measure = table.get("measure", "br")
    if measure not in MEASURES:
        problems.append(Problem(("measure",), f'"measure" is {shown(measure)}', f"it takes {', '.join(MEASURES)}"))
    match = table.get("match", ())
    match = (match,) if isinstance(match, str) else match
    problems += _patterns(match)
    for name in ("section", "template", "type"):
        if not isinstance(table.get(name, ""), str):
            problems.append(Problem((name,), f'"{name}" is not text', "name one"))
    rest = {key: value for key, value in table.items() if key not in {*CONDITIONS, "measure"}}
    site = not any(name in table for name in CONDITIONS)
    limits, wrong = read_limits(rest, measure if measure in MEASURES else "br", site=site)
    if not rest:
        problems.append(Problem((), "a rule limits nothing", 'give it limits, like js = "150 kB"'))
    found += sorted(
        (
            error("config", f"[[budgets]]: {one.message}", Location(FILE, place.line(one.path)), one.hint)
            for one in (*problems, *wrong)
        ),
        key=lambda one: one.where.line,
    )
    if problems or wrong:
        return Rule("", line, {})
    name = f"[[budgets]] {number} ({FILE}:{line})"
    folder = table.get("section", "").strip("/")
    return Rule(name, line, limits, tuple(match), folder, table.get("template", ""), table.get("type", ""))


def _patterns(match: object) -> Iterator[Problem]:
    if not isinstance(match, (list, tuple)) or not all(isinstance(one, str) for one in match):
        yield Problem(("match",), '"match" is no URL pattern', 'write one, or a list of them: "/posts/**"')
        return
    for one in match:
        if not one.startswith("/"):
            hint = f'begin it with a slash: "/{one}"'
            yield Problem(("match",), f'the pattern "{one}" matches no URL of the site', hint)


def read_overrides(written: object) -> tuple[Mapping[str, Limit], tuple[Problem, ...]]:
    """Read `budgets` of a page's front matter: limits by key, and a reason; gives what is wrong too."""
    if not isinstance(written, Mapping):
        return {}, (Problem((), '"budgets" is no table', 'write it like {js: 200 kB, reason: "why"}'),)
    rest = {str(key): value for key, value in written.items() if key not in {"reason", "measure"}}
    measure = written.get("measure", "br")
    if measure not in MEASURES:
        hint = f"it takes {', '.join(MEASURES)}"
        return {}, (Problem(("measure",), f'"budgets": "measure" is {shown(measure)}', hint),)
    limits, problems = read_limits(rest, measure, site=False)
    problems = tuple(msgspec.structs.replace(one, message=f'"budgets": {one.message}') for one in problems)
    reason = written.get("reason")
    if not isinstance(reason, str) or not reason.strip():
        hint = 'say why this page may weigh more: reason: "shows the map"'
        problems = (Problem(("reason",), '"budgets" gives no reason', hint), *problems)
    return ({}, problems) if problems else (limits, ())


_DEFAULTS: Mapping[str, object] = {
    "html": {"warn": "14 kB", "error": "50 kB"},
    "css": {"warn": "20 kB", "error": "50 kB"},
    "js": {"warn": "50 kB", "error": "150 kB"},
    "font": {"warn": "60 kB", "error": "120 kB"},
    "image": {"warn": "200 kB", "error": "500 kB"},
    "total": {"warn": "350 kB", "error": "1000 kB"},
    "first-flight": {"warn": "14 kB"},
    "requests": {
        "total": {"warn": 15, "error": 30},
        "font": {"warn": 2, "error": 4},
        "third-party": {"warn": 0, "error": 5},
    },
}


def default_rule() -> Rule:
    """Give the rule that goes before all others: limits for a site of text and images, in compressed bytes.

    HTML and what one round trip brings: 10 segments of 1,460 bytes (RFC 6928, section 2), less headers. The others are
    a fifth to a half of the median page's of the Web Almanac 2025.
    """
    limits, _ = read_limits(_DEFAULTS, "br", site=True)
    return Rule("the defaults", 0, limits)
