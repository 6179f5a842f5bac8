"""Fewer signatures: small rules that are used only within something are taken with it."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from ssg.optimize.critical.selectors import NOTHING, Need, either

# Bytes of rules that a token may bring with it: about what the classes of highlighted code take in a theme.
_LIMIT = 2_048


def companions(rules: Sequence[tuple[Need, int]]) -> Mapping[str, str]:
    """Give tokens that need not be looked for, each with the one that stands for it.

    Takes the needs of all rules of a sheet, each with the rule's bytes. `.highlight .k` and its like, one class for
    each kind of word, give nearly every page a signature of its own. Where a token is required only together with
    a class or an id, and all such rules are small, that is enough: pages get some bytes more, and share what they
    inline.
    """
    leaders: dict[str, frozenset[str]] = {}
    count: Counter[str] = Counter()
    for need, _ in rules:
        common, tokens = _common(need), need.tokens()
        count.update(common)
        for token in tokens:
            leaders[token] = leaders.get(token, common) & (common - {token})
    chosen: dict[str, str] = {}
    for token in sorted(leaders, key=lambda one: (count[one], one)):
        free = [one for one in leaders[token] if one[0] in ".#" and one not in chosen]
        if free and token not in chosen.values():
            chosen[token] = max(free, key=lambda one: (count[one], one))
    sizes: dict[str, int] = defaultdict(int)
    for need, size in rules:
        for leader in {chosen[token] for token in need.tokens() if token in chosen}:
            sizes[leader] += size
    return {token: leader for token, leader in sorted(chosen.items()) if sizes[leader] <= _LIMIT}


def eased(need: Need, dropped: Mapping[str, str]) -> Need:
    """Give a need without the tokens that others stand for: it is met wherever it was."""
    if not any(token in dropped for token in need.tokens()):
        return need
    groups = (either(eased(one, dropped) for one in arms) for arms in need.any)
    kept = [group for group in groups if group != NOTHING]
    names = {token for token in need.all if token not in dropped}
    names.update(token for one in kept if not one.any for token in one.all)
    left = [one.any[0] if not one.all and len(one.any) == 1 else (one,) for one in kept if one.any]
    return Need(tuple(sorted(names)), tuple(dict.fromkeys(left)))


def _common(need: Need) -> frozenset[str]:
    """Give the tokens without which a need is never met."""
    found = frozenset(need.all)
    for arms in need.any:
        found |= frozenset.intersection(*(_common(one) for one in arms))
    return found
