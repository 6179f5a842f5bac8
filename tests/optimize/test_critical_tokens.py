"""Asking a page for tokens: what is asked for is found as by a walk over all elements, one by one."""

import re

import turbohtml
from hypothesis import given
from hypothesis import strategies as st

from ssg.optimize.critical.known import Known
from ssg.optimize.critical.selectors import fold
from ssg.optimize.critical.tokens import tokens_of

_TAGS = st.sampled_from(
    ["p", "b", "svg", "linearGradient", "math", "mi", "template", "noscript", "x-y", "DIV", "table"]
)
_NAMES = st.sampled_from(
    ["class", "id", "href", "style", "data-x", "onclick", "@on", ":at", "x-y", "xlink:href", "viewBox", "title", "TYPE"]
)
_VALUES = st.sampled_from(["", "A b", "c\td\x0be", "f\u00a0g Ü", "name: Q", "b"])


def _attributes(given: list[tuple[str, str | None]]) -> str:
    return "".join(f" {name}" if value is None else f' {name}="{value}"' for name, value in given)


_ATTRIBUTES = st.lists(st.tuples(_NAMES, st.none() | _VALUES), max_size=3).map(_attributes)
_PAGES = st.recursive(
    st.just(""),
    lambda inner: st.lists(
        st.builds(lambda tag, attributes, within: f"<{tag}{attributes}>{within}</{tag}>", _TAGS, _ATTRIBUTES, inner),
        max_size=3,
    ).map("".join),
    max_leaves=12,
)
_KNOWN = Known()


_ALWAYS = tokens_of(turbohtml.parse("", positions=False)).names
_READ = ("data-x", "onclick", "@on", ":at", "x-y")


@given(_PAGES, st.booleans())
def test_all_tokens_are_found_that_a_walk_finds(page: str, scripting: bool) -> None:
    tree = turbohtml.parse(page, positions=False, scripting=scripting)
    walked: set[str] = set()
    values: set[str] = set()
    for element in tree.iter_elements():
        walked.add(fold(element.tag))
        for name in element.attrs:
            walked |= {f"[{fold(name)}", f"[{fold(name.rpartition(':')[2])}"}
            values |= {element.attr(name) or ""} if name in _READ else set()
        walked.update(f".{fold(one)}" for one in re.split("[ \t\n\f\r]+", element.attr("class") or "") if one)
        walked.update(f"#{fold(one)}" for one in (element.attr("id"),) if one)
    found = tokens_of(tree, known=_KNOWN)
    assert walked <= found.names
    if "noscript" not in page:  # whose text counts as elements
        assert found.names - {"#"} == _ALWAYS | walked  # an id without a value
    assert {fold(one) for value in values for one in value.split(" ") if one.isalpha()} <= found.words
    wanted = frozenset((*walked, "br", ".none", "[none", "#none"))
    asked = tokens_of(tree, known=_KNOWN, wanted=wanted)
    assert asked.names & wanted == found.names & wanted == walked
    assert (asked.words, asked.starts, sorted(asked.styles)) == (found.words, found.starts, sorted(found.styles))
