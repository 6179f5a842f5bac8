"""Every element has the same style under the critical part, under the whole sheet, and under both in that order."""

from typing import Any

import turbohtml
from hypothesis import given, note, settings
from hypothesis import strategies as st

from ssg.optimize.critical.compile import compile_sheet
from ssg.optimize.critical.select import select, signature
from ssg.optimize.critical.tokens import tokens_of
from tests.optimize.cascade import Cascade, Node

TAGS = ["div", "span", "section"]
CLASSES = ["a", "b", "c", "d", "Big"]
IDS = ["x", "y"]
NAMES = ["title", "data-on"]
CONDITIONS = ["@media (min-width:9px)", "@media print", "@supports (color:red)", "@container (width>1px)"]
LAYERS = ["base", "theme", "base.low", "over"]
PROPERTIES = ["color", "width", "--x"]

nodes: st.SearchStrategy[Node] = st.recursive(
    st.builds(
        Node,
        st.sampled_from(TAGS),
        st.sampled_from(["", "", *IDS]),
        st.lists(st.sampled_from(CLASSES[:3]), max_size=2, unique=True).map(tuple),
        st.lists(st.sampled_from(NAMES), max_size=1).map(tuple),
    ),
    lambda inner: st.builds(
        Node,
        st.sampled_from(TAGS),
        st.just(""),
        st.lists(st.sampled_from(CLASSES[:4]), max_size=2, unique=True).map(tuple),
        st.just(()),
        st.lists(inner, max_size=3),
    ),
    max_leaves=6,
)
simple = st.sampled_from([
    *TAGS, "p", "*", *[f".{one}" for one in CLASSES], *[f"#{one}" for one in IDS], *[f"[{one}]" for one in NAMES],
])  # fmt: skip
states = st.sampled_from(["", "", "", ":hover", ":root"])


def joined(parts: list[str]) -> str:
    """One compound: a tag stands first."""
    return "".join(sorted(dict.fromkeys(parts), key=lambda one: not (one[0].isalpha() or one == "*")))


def one_tag(parts: list[str]) -> bool:
    return sum(one[0].isalpha() or one == "*" for one in set(parts)) <= 1


def functions(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    lists = st.lists(inner, min_size=1, max_size=2).map(",".join)
    return st.builds(lambda name, text: f":{name}({text})", st.sampled_from(["is", "where", "not"]), lists)


plain_compounds = st.lists(simple, min_size=1, max_size=2).filter(one_tag).map(joined)
relative = st.builds(lambda mark, one: f":has({mark}{one})", st.sampled_from(["", ">", "+", "~"]), plain_compounds)
arms = plain_compounds | st.builds("{} {}".format, plain_compounds, plain_compounds)
compounds = st.builds(
    lambda one, state, extra: f"{one}{state}{extra}",
    plain_compounds,
    states,
    st.just("") | functions(arms | functions(plain_compounds)) | relative,
) | functions(arms)
complexes = st.builds(
    lambda first, rest: first + "".join(f"{mark}{one}" for mark, one in rest),
    compounds,
    st.lists(st.tuples(st.sampled_from([" ", ">", "+", "~"]), compounds), max_size=2),
)
lists = st.lists(complexes, min_size=1, max_size=2).map(",".join)
nested_lists = lists | st.sampled_from([
    "&.a", "& .b", ".c &", "&", ":is(&,.a)", ":not(&)", "&:hover", ":where(.b,&) span", "&>&", ".a,& .d",
    ":is(& .a,.c)", "div:not(&,.q)",
])  # fmt: skip


@st.composite
def rules(draw: Any, depth: int = 0) -> str:
    """A style rule; a nested one may look at its parent in any way."""
    head = draw(nested_lists if depth else lists)
    count = draw(st.integers(1, 2))
    declared = "".join(
        f"{draw(st.sampled_from(PROPERTIES))}:"
        f"{draw(st.sampled_from(['v', 'var(--x)']))}{draw(st.integers(0, 99))}"
        f"{draw(st.sampled_from(['', '!important']))};"
        for _ in range(count)
    )
    inner = ""
    if depth < 2 and draw(st.integers(0, 3)) == 0:
        inner = draw(rules(depth + 1))
        if draw(st.booleans()):
            inner = f"{draw(st.sampled_from(CONDITIONS))}{{{inner}}}"
        if draw(st.integers(0, 3)) == 0:
            inner = f"@layer {draw(st.sampled_from(LAYERS))}{{{inner}}}"
    return f"{head}{{{declared}{inner}}}"


groups = st.recursive(
    rules(),
    lambda inner: (
        st.builds(
            lambda head, some: f"{head}{{{''.join(some)}}}",
            st.sampled_from([*CONDITIONS, *(f"@layer {one}" for one in LAYERS)]),
            st.lists(inner, max_size=2),
        )
        | st.builds(
            lambda start, end, some: f"@scope ({start}){end}{{{''.join(some)}}}",
            plain_compounds,
            st.sampled_from(["", " to (.b)"]),
            st.lists(rules(), max_size=2),
        )
        | st.lists(st.sampled_from(LAYERS), min_size=1, max_size=3).map(lambda names: f"@layer {','.join(names)};")
    ),
    max_leaves=3,
)
sheets = st.lists(groups, min_size=1, max_size=6).map("".join)


def document(root: Node) -> str:
    return f"<!doctype html><title>t</title>{root.html()}"


def critical(text: str, root: Node) -> str:
    sheet = compile_sheet(text)
    assert not sheet.refusal
    tree = turbohtml.parse(document(root), positions=False)
    return select(sheet, signature(sheet, tokens_of(tree)))


def whole(root: Node) -> Node:
    """The tree with what the parser puts around it."""
    return Node("html", children=[Node("head"), Node("body", children=[root])])


@settings(max_examples=300, deadline=None)
@given(nodes, sheets, st.sets(st.sampled_from(CONDITIONS)), st.booleans())
def test_the_same_style_first_and_last(root: Node, full: str, held: set[str], hovered: bool) -> None:
    part = critical(full, root)
    note(f"full: {full}")
    note(f"part: {part}")
    top, conditions = whole(root), frozenset(held)
    expected = Cascade(top, full, conditions, hovered=hovered).styles()
    assert Cascade(top, part, conditions, hovered=hovered).styles() == expected
    assert Cascade(top, part + full, conditions, hovered=hovered).styles() == expected


@settings(max_examples=100, deadline=None)
@given(nodes, sheets)
def test_the_part_of_a_part_is_the_part(root: Node, full: str) -> None:
    part = critical(full, root)
    again = critical(part, root)  # it may be less: of what a sheet brings along, a part brings along less
    top, none = whole(root), frozenset[str]()
    assert Cascade(top, again, none, hovered=False).styles() == Cascade(top, full, none, hovered=False).styles()
    assert critical(full, root) == part


@settings(max_examples=100, deadline=None)
@given(nodes, sheets, sheets, st.sets(st.sampled_from(CONDITIONS)), st.integers(0, 3))
def test_each_sheet_may_arrive_when_it_will(root: Node, one: str, two: str, held: set[str], arrived: int) -> None:
    """Parts stand before their sheets, so any of several sheets may be there already."""
    parts = critical(one, root), critical(two, root)
    top, conditions = whole(root), frozenset(held)
    text = parts[0] + one * (arrived & 1) + parts[1] + two * (arrived >> 1)
    expected = Cascade(top, one + two, conditions, hovered=True).styles()
    assert Cascade(top, text, conditions, hovered=True).styles() == expected


# Few selectors, one property, deep groups: here the order of the layers decides nearly everything.
numbered = st.builds(
    "{}{{color:v{}{}}}".format,
    st.sampled_from([".a", ".a", "div", ".gone"]),
    st.integers(0, 99),
    st.sampled_from(["", "", "!important"]),
)
layered = st.recursive(
    numbered,
    lambda inner: (
        st.builds(
            lambda head, some: f"{head}{{{''.join(some)}}}",
            st.sampled_from([*CONDITIONS[:2], *[f"@layer {one}" for one in LAYERS]]),
            st.lists(inner, min_size=1, max_size=2),
        )
        | st.lists(st.sampled_from(LAYERS), min_size=1, max_size=2).map(lambda names: f"@layer {','.join(names)};")
        | st.builds(
            "{}{{@layer {}{{&{{color:v7}}}}}}".format, st.sampled_from([".a", ".gone"]), st.sampled_from(LAYERS)
        )
    ),
    max_leaves=4,
)


@settings(max_examples=600, deadline=None)
@given(st.lists(layered, min_size=2, max_size=6).map("".join), st.sets(st.sampled_from(CONDITIONS[:2])))
def test_every_layer_keeps_its_place(full: str, held: set[str]) -> None:
    root = Node("div", classes=("a",))
    part = critical(full, root)
    note(f"part: {part}")
    top, conditions = whole(root), frozenset(held)
    expected = Cascade(top, full, conditions, hovered=False).styles()
    assert Cascade(top, part, conditions, hovered=False).styles() == expected
    assert Cascade(top, part + full, conditions, hovered=False).styles() == expected
