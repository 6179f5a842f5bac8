"""Which limits hold for a page: the rules that match it, key by key the last of them, then its front matter."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from urllib.parse import unquote

import msgspec

from ssg.budget.values import Subject
from ssg.config import Limit, Problem, Rule, read_overrides


class Decided(msgspec.Struct, frozen=True):
    """A limit, and which rule decided on it, in words. `own` tells that the site said so, not ssg."""

    limit: Limit
    rule: str
    own: bool


Limits = Mapping[str, Decided]
"""The limits that hold for a page, by key."""


def url_pattern(glob: str) -> Callable[[str], bool]:
    """Take a URL pattern; give a function that tells whether a URL matches it.

    `*` stands for any characters but slashes, `**` for any at all; `/**` at the end may be left out, so that
    `/posts/**` has `/posts/` too. A slash at the end makes no difference.
    """
    written = re.split(r"(/\*\*(?=/|$)|\*\*|\*)", glob.rstrip("/"))
    places = {"/**": "(?:/.*)?", "**": ".*", "*": "[^/]*"}
    match = re.compile("".join(places.get(part) or re.escape(part) for part in written), re.DOTALL).fullmatch
    return lambda url: match(url.rstrip("/")) is not None


class Matcher:
    """Rules, made ready for many pages; equal answers are one value."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = rules
        self.patterns = [[url_pattern(glob) for glob in rule.match] for rule in rules]
        self.known: dict[tuple[int, ...], Limits] = {}

    def matching(self, subject: Subject) -> tuple[int, ...]:
        """Give the positions of the rules that match a page."""
        url = unquote(subject.url) if "%" in subject.url else subject.url
        return tuple(number for number in range(len(self.rules)) if self._matches(number, subject, url))

    def limits(self, subject: Subject, numbers: tuple[int, ...] | None = None) -> tuple[Limits, tuple[Problem, ...]]:
        """Give the limits that hold for a page, and what is wrong with those of its front matter.

        `numbers` are the positions of the rules that match it, where they are known.
        """
        if numbers is None:
            numbers = self.matching(subject)
        limits = self.known.get(numbers)
        if limits is None:
            limits = self.known[numbers] = merge_rules(self.rules[number] for number in numbers)
        if not subject.overrides:
            return limits, ()
        overrides, problems = read_overrides(subject.overrides)
        rule = f"{subject.source}:{subject.line}" if subject.line else subject.source
        return {**limits, **{key: Decided(limit, rule, own=True) for key, limit in overrides.items()}}, problems

    def _matches(self, number: int, subject: Subject, url: str) -> bool:
        rule, patterns = self.rules[number], self.patterns[number]
        return (
            (not patterns or any(matches(url) for matches in patterns))
            and (not rule.section or f"{subject.section}/".startswith(f"{rule.section}/"))
            and (not rule.template or subject.template == rule.template)
            and (not rule.type or subject.type == rule.type)
        )


def merge_rules(rules: Iterable[Rule]) -> Limits:
    """Give what several rules say together: for each key, what the last of them says that says anything of it."""
    return {key: Decided(limit, rule.name, own=rule.line > 0) for rule in rules for key, limit in rule.limits.items()}
