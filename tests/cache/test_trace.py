"""Results with recorded reads: valid as long as every question has the answer that it had."""

from collections.abc import Collection, Mapping

from hypothesis import given
from hypothesis import strategies as st

from ssg.cache import AnswerChanged, Item, Made, New, SourceChanged, Tally, Trace, Traced
from ssg.memory import NullMemory
from ssg.model import Query


class Memory:
    """A store in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def get(self, keys: object) -> Mapping[str, bytes]:
        return {key: self.kept[key] for key in keys if key in self.kept}  # type: ignore[attr-defined]

    def put(self, entries: object) -> None:
        self.kept.update(entries)  # type: ignore[call-overload]

    def fetch(self, keys: Collection[str]) -> None:
        pass

    def renew(self, keys: Collection[str]) -> None:
        pass

    def tally(self) -> Tally:
        return Tally()


class World:
    """Answers to the questions ("a", n) and ("b", n), each kind a domain of its own; counts what it is asked."""

    def __init__(self, values: Mapping[str, list[int]]) -> None:
        self.values = values
        self.asked = 0

    @property
    def guards(self) -> Mapping[str, str]:
        return {name: repr(values) for name, values in self.values.items()} | {"clock": ""}

    def domain(self, query: Query) -> str:
        return str(query[0])

    def answer(self, query: Query) -> str:
        self.asked += 1
        kind, number = query
        return str(self.values[str(kind)][int(number or 0)])


ITEMS = [Item("x", "1"), Item("y", "1")]
READS = {"x": frozenset({("a", 0), ("b", 1)}), "y": frozenset({("a", 1)})}


def trace(store: Memory, version: str = "v") -> Trace[str]:
    return Trace("stage", version, store, str, NullMemory())


def filled(world: World) -> Memory:
    store = Memory()
    trace(store).keep(
        0, ITEMS, Traced({}, {}), {name: Made(name.upper(), reads) for name, reads in READS.items()}, world
    )
    return store


def look_up(store: Memory, world: World, items: list[Item] = ITEMS) -> Traced[str]:
    return trace(store).look_up({0: items}, lambda: world)[0]


def test_the_same_world_gives_the_same_results_without_a_question() -> None:
    world = World({"a": [1, 2], "b": [3, 4]})
    store = filled(world)
    again = World({"a": [1, 2], "b": [3, 4]})
    known = look_up(store, again)
    assert (known.found, known.missing) == ({"x": "X", "y": "Y"}, {})
    assert again.asked == 0


def test_another_answer_is_told_by_its_question() -> None:
    store = filled(World({"a": [1, 2], "b": [3, 4]}))
    known = look_up(store, World({"a": [1, 2], "b": [3, 5]}))
    assert known.found == {"y": "Y"}
    assert known.missing == {"x": AnswerChanged(("b", 1))}


def test_only_questions_of_a_domain_that_differs_are_asked() -> None:
    store = filled(World({"a": [1, 2], "b": [3, 4]}))
    world = World({"a": [1, 2], "b": [0, 4]})
    assert look_up(store, world).found == {"x": "X", "y": "Y"}
    assert world.asked == 1
    later = World({"a": [1, 2], "b": [0, 4]})
    assert look_up(store, later).found == {"x": "X", "y": "Y"}
    assert later.asked == 0  # it is remembered under which guards the row was found valid


def test_a_new_item_and_another_key_are_told() -> None:
    world = World({"a": [1, 2], "b": [3, 4]})
    known = look_up(filled(world), world, [Item("x", "2"), Item("z", "1")])
    assert known.missing == {"x": SourceChanged(), "z": New()}
    assert look_up(Memory(), world).missing == {"x": New(), "y": New()}


def test_an_item_that_was_gone_is_made_again() -> None:
    """While it is gone, its questions are not asked: nobody knows whether they have the same answers."""
    world = World({"a": [1, 2], "b": [3, 4]})
    store = filled(world)
    other = World({"a": [9, 2], "b": [3, 4]})
    only = [ITEMS[1]]
    assert look_up(store, other, only).found == {"y": "Y"}
    assert look_up(store, other).missing == {"x": AnswerChanged(("a", 0))}


def test_what_another_build_has_written_is_not_taken_for_checked() -> None:
    world = World({"a": [1, 2], "b": [3, 4]})
    store = filled(world)
    known = look_up(store, world)
    elsewhere = World({"a": [1, 7], "b": [3, 4]})
    trace(store).keep(0, ITEMS, Traced({}, {}), {"y": Made("other", READS["y"])}, elsewhere)
    trace(store).keep(0, ITEMS, known, {"x": Made("X2", READS["x"])}, world)
    assert look_up(store, world).found == {"x": "X2"}


def test_the_questions_of_a_result_are_told() -> None:
    world = World({"a": [1, 2], "b": [3, 4]})
    assert trace(filled(world)).reads(ITEMS[0], 0) == {("a", 0): "1", ("b", 1): "4"}


VALUES = st.lists(st.integers(0, 2), min_size=3, max_size=3)
WORLDS = st.fixed_dictionaries({"a": VALUES, "b": VALUES})


@given(st.lists(WORLDS, min_size=1, max_size=6), st.data())
def test_a_result_is_always_that_of_its_world(worlds: list[dict[str, list[int]]], data: st.DataObject) -> None:
    """Over any sequence of worlds, and with any items coming and going."""
    store = Memory()
    queries = [(kind, number) for kind in ("a", "b") for number in range(3)]
    reads = {name: data.draw(st.frozensets(st.sampled_from(queries))) for name in "uvw"}

    def make(name: str, world: World) -> str:
        return repr([world.values[kind][number] for kind, number in sorted(reads[name])])

    for values in worlds:
        world = World(values)
        names = data.draw(st.lists(st.sampled_from("uvw"), unique=True))
        items = [Item(name, "1") for name in names]
        known = trace(store).look_up({0: items}, lambda world=world: world)[0]  # type: ignore[misc]
        fresh = {name: Made(make(name, world), frozenset(reads[name])) for name in known.missing}
        assert {**known.found, **{name: made.result for name, made in fresh.items()}} == {
            name: make(name, world) for name in names
        }
        if fresh:
            trace(store).keep(0, items, known, fresh, world)
